package place

// certainty says how a name stood in the text, best first.
type certainty int

const (
	// whole: nothing but the name stood between two commas.
	whole certainty = iota
	// within: the name stood among other words.
	within
	// named: the name is part of a school's name ("Reading Park Primary"),
	// which is mostly, but not always, where the school is.
	named
)

// mention is a name found in a location: towns of that name, best known first,
// or a region.
type mention struct {
	key       string
	certainty certainty
	towns     []town
	region    *region
}

// longestName is the most words that a name in the gazetteer has.
const longestName = 6

// maxMentions caps the work that a hostile location can cause.
const maxMentions = 12

func (g *Gazetteer) mentions(parts []part) []mention {
	capitals := false
	for _, p := range parts {
		for _, w := range p.words {
			capitals = capitals || w.capital && !isDigit(w.raw[0])
		}
	}
	var found []mention
	for _, p := range parts {
		if m, ok := g.wholePart(p.words); ok {
			found = append(found, m)
		} else {
			found = g.scan(found, p.words, capitals)
		}
		if len(found) >= maxMentions {
			return found[:maxMentions]
		}
	}
	return found
}

// lookup files one name. A region goes first: "Wales" is also a village.
func (g *Gazetteer) lookup(words []word, c certainty) (mention, bool) {
	key := join(words)
	if r, ok := g.regions[key]; ok {
		return mention{key: key, certainty: c, region: &r}, true
	}
	if towns, ok := g.towns[key]; ok {
		return mention{key: key, certainty: c, towns: towns}, true
	}
	return mention{}, false
}

// before and after are words that say nothing about which place is meant.
var (
	before = map[string]bool{
		"near": true, "nr": true, "in": true, "around": true, "the": true, "close": true, "to": true,
		"of": true, "at": true, "based": true, "city": true, "central": true, "greater": true,
		"outskirts": true, "area": true, "across": true, "within": true, "location": true, "region": true,
		"borough": true, "on": true, "edge": true, "town": true, "just": true, "outside": true,
	}
	after = map[string]bool{
		"area": true, "areas": true, "region": true, "city": true, "centre": true, "center": true,
		"town": true, "uk": true, "gb": true, "and": true, "surrounding": true, "surrounds": true,
		"district": true, "county": true, "borough": true, "the": true, "locality": true, "based": true,
		"near": true, "outskirts": true, "nearby": true,
	}
)

// wholePart reads a part that is nothing but a name, with such words around it.
func (g *Gazetteer) wholePart(words []word) (mention, bool) {
	for from := 0; from < len(words); from++ {
		for to := len(words); to > from; to-- {
			if to-from <= longestName {
				if m, ok := g.lookup(words[from:to], whole); ok {
					return m, true
				}
			}
			if !after[words[to-1].key] {
				break
			}
		}
		if !before[words[from].key] {
			break
		}
	}
	return mention{}, false
}

// streets and schools are words that make a name before them the name of
// something else.
var (
	streets = map[string]bool{
		"road": true, "rd": true, "street": true, "lane": true, "ln": true, "avenue": true, "ave": true,
		"close": true, "drive": true, "crescent": true, "way": true, "hill": true, "terrace": true,
		"court": true, "square": true, "gardens": true, "grove": true, "walk": true, "row": true, "mews": true,
	}
	schools = map[string]bool{
		"school": true, "primary": true, "academy": true, "college": true, "infant": true, "infants": true,
		"junior": true, "juniors": true, "high": true, "secondary": true, "nursery": true, "park": true,
		"house": true, "church": true, "ce": true, "cofe": true, "rc": true, "catholic": true, "trust": true,
		"federation": true, "grammar": true, "community": true, "special": true, "preparatory": true,
		"prep": true, "university": true, "hall": true, "council": true, "multi": true, "learning": true,
	}
)

// scan looks for names among other words, longest first. Where the text uses
// capitals, a name must too.
func (g *Gazetteer) scan(found []mention, words []word, capitals bool) []mention {
	for i := 0; i < len(words) && len(found) < maxMentions; {
		m, n := g.longestAt(words[i:], capitals)
		if n == 0 {
			i++
			continue
		}
		i += n
		if i < len(words) {
			switch next := words[i].key; {
			case streets[next]:
				continue
			case schools[next] && m.region == nil:
				m.certainty = named
			}
		}
		found = append(found, m)
	}
	return found
}

// longestAt finds the longest name that begins the words, and its length.
func (g *Gazetteer) longestAt(words []word, capitals bool) (mention, int) {
	if capitals && !words[0].capital {
		return mention{}, 0
	}
	for n := min(longestName, len(words)); n > 0; n-- {
		if m, ok := g.lookup(words[:n], within); ok {
			return m, n
		}
	}
	return mention{}, 0
}
