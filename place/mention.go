package place

import (
	"slices"
	"strings"
)

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

// mention is something found in a location: a postcode, the towns of a name,
// best known first, or a region. Exactly one of code, towns and region is set.
type mention struct {
	text      string // as printed
	key       string
	certainty certainty
	code      *Place
	towns     []town
	region    *region

	part int  // where it stands
	ends bool // nothing of its part follows
	// joined says that "and" or the like joins it to the mention before.
	joined bool
	// near says that the text says so: "outskirts of Leeds".
	near bool
	// london says that the text calls it a London borough.
	london bool
}

// longestName is the most words that a name in the gazetteer has.
const longestName = 6

// maxMentions caps the work that a hostile location can cause.
const maxMentions = 16

// finder gathers the mentions of a text.
type finder struct {
	g        *Gazetteer
	capitals bool // the text uses capitals, so names have them
	found    []mention
	// unread are parts in which nothing was found.
	unread []part

	part   int
	joined bool
}

func (g *Gazetteer) mentions(parts []part) *finder {
	f := &finder{g: g}
	for _, p := range parts {
		for _, w := range p.words {
			f.capitals = f.capitals || w.capital && !isDigit(w.raw[0])
		}
	}
	for i := 0; i < len(parts); i++ {
		p := parts[i]
		f.part, f.joined = i, p.listed
		if i+1 < len(parts) && f.acrossComma(p.words, parts[i+1].words) {
			i++
			continue
		}
		n := len(f.found)
		words, london := withoutStyle(p.words)
		f.read(words)
		for j := n; j < len(f.found); j++ {
			f.found[j].london = london
		}
		if len(f.found) == n {
			p.at = i
			f.unread = append(f.unread, p)
		}
		if len(f.found) >= maxMentions {
			f.found = f.found[:maxMentions]
			break
		}
	}
	return f
}

// acrossComma reads a name that holds a comma: "Newry, Mourne and Down".
func (f *finder) acrossComma(a, b []word) bool {
	if len(a)+len(b) > longestName {
		return false
	}
	m, ok := f.g.lookup(slices.Concat(a, b), whole)
	if ok {
		f.add(m, nil)
	}
	return ok
}

// read finds what one part mentions: postcodes, and names between them.
func (f *finder) read(words []word) {
	from := 0
	for i := 0; i < len(words) && len(f.found) < maxMentions; {
		code, n := f.g.codeAt(words, i)
		if code == nil {
			i++
			continue
		}
		f.names(words[from:i])
		f.add(mention{text: code.Postcode, code: code}, words[from:i])
		i += n
		from = i
	}
	f.names(words[from:])
}

// add takes a mention that the words stand before.
func (f *finder) add(m mention, before []word) {
	m.part = f.part
	for i, w := range before {
		f.joined = f.joined || joints[w.key]
		m.near = m.near || nearby(before[i:])
	}
	m.joined = f.joined && len(f.found) > 0
	if m.joined && f.found[len(f.found)-1].near {
		m.near = true
	}
	f.found = append(f.found, m)
	f.joined = false
}

// joints are words that join places where the work is.
var joints = map[string]bool{
	"and": true, "or": true, "plus": true, "covering": true, "covers": true, "cover": true,
	"serving": true, "including": true, "also": true,
}

// nearby reports whether words begin with one that puts the work somewhere near
// the place after it.
func nearby(words []word) bool {
	switch words[0].key {
	case "near", "nr", "around", "outskirts", "outside", "commutable", "commuting", "commute",
		"reach", "accessible", "between", "nearest", "vicinity", "edge":
		return true
	case "close", "miles", "minutes", "mins", "drive":
		return len(words) > 1 && (words[1].key == "to" || words[1].key == "from" || words[1].key == "of")
	}
	return false
}

// lookup files one name. A region goes first: "Wales" is also a village.
func (g *Gazetteer) lookup(words []word, c certainty) (mention, bool) {
	m := mention{key: join(words), certainty: c}
	if r, ok := g.regions[m.key]; ok {
		m.region = &r
	} else if m.towns = g.towns[m.key]; m.towns == nil {
		return mention{}, false
	}
	m.text = printed(words)
	return m, true
}

// printed is a name as the text has it.
func printed(words []word) string {
	raw := make([]string, len(words))
	for i, w := range words {
		raw[i] = w.raw
	}
	return strings.Join(raw, " ")
}

// names finds the names in words that hold no postcode.
func (f *finder) names(words []word) {
	if len(words) == 0 {
		return
	}
	if m, before, ok := f.g.wholePart(words); ok {
		m.ends = true
		f.add(m, before)
		return
	}
	f.scan(words)
}

// before and after are words that say nothing about which place is meant.
var (
	before = map[string]bool{
		"near": true, "nr": true, "in": true, "around": true, "the": true, "close": true, "to": true,
		"of": true, "at": true, "based": true, "city": true, "central": true, "greater": true,
		"outskirts": true, "area": true, "across": true, "within": true, "location": true, "region": true,
		"borough": true, "on": true, "edge": true, "town": true, "just": true, "outside": true,
		"various": true, "locations": true, "sites": true, "schools": true, "throughout": true, "multiple": true,
		"and": true, "or": true, "commutable": true, "commuting": true, "distance": true, "from": true,
		"easy": true, "reach": true, "serving": true, "covering": true, "plus": true, "including": true,
		"accessible": true, "remote": true, "hybrid": true, "all": true, "over": true, "surrounding": true,
	}
	after = map[string]bool{
		"area": true, "areas": true, "region": true, "city": true, "centre": true, "center": true,
		"town": true, "uk": true, "gb": true, "and": true, "surrounding": true, "surrounds": true,
		"district": true, "county": true, "borough": true, "the": true, "locality": true, "based": true,
		"near": true, "outskirts": true, "nearby": true, "council": true, "metropolitan": true, "mbc": true,
		"wide": true, "villages": true, "schools": true, "only": true, "boroughs": true,
	}
)

// wholePart reads a part that is nothing but a name, with such words around it,
// and gives those before it.
func (g *Gazetteer) wholePart(words []word) (mention, []word, bool) {
	for from := 0; from < len(words); from++ {
		for to := len(words); to > from; to-- {
			if to-from <= longestName {
				if m, ok := g.lookup(words[from:to], whole); ok {
					return m, words[:from], true
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
	return mention{}, nil, false
}

// streets and schools are words that make a name before them the name of
// something else; ordinary are words that are also names of villages.
var (
	streets = map[string]bool{
		"road": true, "rd": true, "street": true, "lane": true, "ln": true, "avenue": true, "ave": true,
		"close": true, "drive": true, "crescent": true, "way": true, "hill": true, "terrace": true,
		"court": true, "square": true, "gardens": true, "grove": true, "walk": true, "row": true, "mews": true,
		"place": true, "parade": true, "rise": true, "view": true, "building": true, "buildings": true,
	}
	schools = map[string]bool{
		"school": true, "primary": true, "academy": true, "college": true, "infant": true, "infants": true,
		"junior": true, "juniors": true, "high": true, "secondary": true, "nursery": true, "park": true,
		"house": true, "church": true, "ce": true, "cofe": true, "rc": true, "catholic": true, "trust": true,
		"federation": true, "grammar": true, "community": true, "special": true, "preparatory": true,
		"prep": true, "university": true, "hall": true, "council": true, "multi": true, "learning": true,
	}
	ordinary = map[string]bool{
		"over": true, "street": true, "march": true, "wing": true, "eye": true, "hook": true, "stone": true,
		"ford": true, "bow": true, "beer": true, "mere": true, "deal": true, "sale": true, "battle": true,
		"wells": true, "holt": true, "hope": true, "sandwich": true, "rugby": true, "reading": true, "ash": true, "west end": true,
	}
)

// scan looks for names among other words, longest first. Where the text uses
// capitals, a name must too.
func (f *finder) scan(words []word) {
	from := 0
	for i := 0; i < len(words) && len(f.found) < maxMentions; {
		m, n := f.longestAt(words[i:])
		if n == 0 {
			i++
			continue
		}
		start := i
		i += n
		if m.region == nil && (ordinary[m.key] && !introduced(words[:start]) || m.small() && partOfName(words, start, i)) {
			continue
		}
		if i < len(words) {
			switch next := words[i].key; {
			case streets[next]:
				continue
			case schools[next] && m.region == nil:
				if words[start].key == "st" {
					continue // the saint, not the town
				}
				m.certainty = named
			}
		}
		m.ends = i == len(words)
		f.add(m, words[from:start])
		from = i
	}
}

// introduced reports whether the last of the words is one that a place follows.
func introduced(words []word) bool {
	if len(words) == 0 {
		return false
	}
	switch last := words[len(words)-1].key; last {
	case "in", "at", "near", "nr", "around", "from", "to":
		return true
	default:
		return joints[last]
	}
}

// manyPeople live in a town that people mean by its name wherever it stands.
const manyPeople = 20_000

// small reports whether a name is that of a small place, or of several.
func (m *mention) small() bool {
	return len(m.towns) > 1 || len(m.towns) == 1 && m.towns[0].people < manyPeople
}

// partOfName reports whether the words from start to end stand beside a
// capital word that nothing explains: "Hempstead Valley" is not Valley.
func partOfName(words []word, start, end int) bool {
	unexplained := func(i int) bool {
		if i < 0 || i >= len(words) {
			return false
		}
		w := words[i]
		return w.capital && !isDigit(w.raw[0]) && !before[w.key] && !after[w.key] && !streets[w.key] && !schools[w.key] && !joints[w.key]
	}
	return unexplained(start-1) || unexplained(end)
}

// longestAt finds the longest name that begins the words, and its length.
func (f *finder) longestAt(words []word) (mention, int) {
	if f.capitals && !words[0].capital {
		return mention{}, 0
	}
	for n := min(longestName, len(words)); n > 0; n-- {
		if m, ok := f.g.lookup(words[:n], within); ok {
			return m, n
		}
	}
	return mention{}, 0
}

// councilStyles are what stands before a council's name, longest first; the
// first few say that it is a London borough.
var councilStyles = [][]string{
	{"london", "borough", "of"}, {"london", "boroughs", "of"}, {"lb", "of"}, {"lb"},
	{"metropolitan", "borough", "of"}, {"royal", "borough", "of"}, {"city", "and", "county", "of"},
	{"city", "and", "district", "of"}, {"county", "borough", "of"},
}

// londonStyles is how many of councilStyles are London's.
const londonStyles = 4

// withoutStyle drops a council's style from the words, and says whether it was
// a London borough's.
func withoutStyle(words []word) ([]word, bool) {
	for i := range words {
		for s, style := range councilStyles {
			if len(words)-i <= len(style) || !begins(words[i:], style) {
				continue
			}
			rest := make([]word, 0, len(words))
			rest = append(append(rest, words[:i]...), words[i+len(style):]...)
			return rest, s < londonStyles
		}
	}
	return words, false
}

func begins(words []word, with []string) bool {
	for i, key := range with {
		if words[i].key != key {
			return false
		}
	}
	return true
}
