package place

import "strings"

const (
	// spellingLeast is how many letters a name must have for a wrong one to tell:
	// shorter names have neighbours that the gazetteer does not know.
	spellingLeast = 8
	// spellingParts caps how many parts of a location are tried.
	spellingParts = 3
)

// respell reads the parts of a text that name nothing as if one letter were
// wrong, where just one name is that near and what else is named does not
// contradict it. It helps only a text that names no town otherwise.
func (g *Gazetteer) respell(r *reading, nation string) {
	for i, p := range r.unread {
		if i == spellingParts {
			return
		}
		words := bare(p.words)
		name, ok := g.nearestName(join(words))
		if !ok {
			continue
		}
		m := mention{text: printed(words), key: name, part: p.at}
		if region, ok := g.regions[name]; ok {
			m.region = &region
		} else {
			m.towns = g.towns[name]
		}
		if got := decide(append([]mention{m}, r.found...), nation); len(got.sites) == 1 && got.open == nil && got.finer(r) {
			got.notes = append(got.notes, "“"+m.text+"” is read as "+got.sites[0].Name+".")
			*r = got
			return
		}
	}
}

// finer reports whether a reading came to a finer place than another.
func (r *reading) finer(than *reading) bool {
	return len(than.sites) == 0 || rank(r.sites[0].Precision) < rank(than.sites[0].Precision)
}

// bare drops the words around a name that say nothing about which it is.
func bare(words []word) []word {
	for len(words) > 1 && before[words[0].key] {
		words = words[1:]
	}
	for len(words) > 1 && after[words[len(words)-1].key] {
		words = words[:len(words)-1]
	}
	return words
}

// nearestName finds the one name of a town or region that differs from key by
// one letter too many, too few, other or swapped.
func (g *Gazetteer) nearestName(key string) (string, bool) {
	if len(key) < spellingLeast || len(key) > 40 || strings.ContainsAny(key, "0123456789") {
		return "", false
	}
	found, n := "", 0
	try := func(name string) {
		if name[0] == key[0] && oneLetterOff(name, key) {
			found, n = name, n+1
		}
	}
	for name := range g.towns {
		try(name)
	}
	for name := range g.regions {
		try(name)
	}
	return found, n == 1
}

// oneLetterOff reports whether a and b differ by just one letter inserted, left
// out, replaced or swapped with its neighbour.
func oneLetterOff(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a)-len(b) > 1 || a == b {
		return false
	}
	i := 0
	for i < len(b) && a[i] == b[i] {
		i++
	}
	if len(a) > len(b) {
		return a[i+1:] == b[i:]
	}
	return a[i+1:] == b[i+1:] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
