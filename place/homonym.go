package place

import (
	"slices"
	"strings"
)

// verdict is what became of a name that may mean several towns.
type verdict int

const (
	// settled: one town is meant.
	settled verdict = iota
	// ambiguous: nothing tells which of several.
	ambiguous
	// contradicted: what is named beside it rules every one out.
	contradicted
)

const (
	// ruralMargin is how many miles beyond a region's radius a town may lie that
	// people still count to it: old counties, and post towns across the border.
	ruralMargin = 15
	// samePlace is within how many miles two places are one to a traveller.
	samePlace = 3
	// neighbours is within how many miles towns named side by side belong
	// together.
	neighbours = 15
	// dominance is how many times more people must live in the one town than in
	// the next of its name for the bare name to mean it.
	dominance = 10
)

// settle decides which town a mention means by what else is mentioned: the
// regions and nations that hold it, the towns beside it, and at last by usage and
// by size. It never guesses.
func settle(found []mention, self int, nation string) (*town, verdict) {
	m := &found[self]
	left := make([]*town, 0, len(m.towns))
	for i := range m.towns {
		left = append(left, &m.towns[i])
	}
	if m.london {
		left = preferred(left, func(t *town) bool { return hasWord(t.authority, "london") })
	}
	for i := range found {
		o := &found[i]
		if i == self || o.region == nil {
			continue
		}
		kept := inRegion(left, o)
		listed := i == self+1 && o.joined || i == self-1 && m.joined
		if len(kept) == 0 && !listed {
			return nil, contradicted
		}
		if len(kept) > 0 {
			left = kept
		}
	}
	left = preferred(left, func(t *town) bool { return nation != "" && strings.EqualFold(t.nation, nation) })
	for i := range found {
		if o := &found[i]; i != self && o.region == nil {
			left = preferred(left, func(t *town) bool { return beside(t, o) })
		}
	}
	return clearest(left)
}

// inRegion keeps the towns that a region named beside them holds, best those of
// its own name, then those well inside. None means a contradiction.
func inRegion(towns []*town, m *mention) []*town {
	r := m.region
	if r.nation != "" {
		return slices.DeleteFunc(slices.Clone(towns), func(t *town) bool { return t.nation != "" && t.nation != r.nation })
	}
	tests := [...]func(*town) bool{
		func(t *town) bool { return ofCouncil(t, m.key) },
		func(t *town) bool { return r.holds(t.at, 0) },
		func(t *town) bool { return r.holds(t.at, ruralMargin) },
	}
	for _, test := range tests {
		if kept := filter(towns, test); len(kept) > 0 {
			return kept
		}
	}
	return nil
}

// beside reports whether a town belongs to, or lies near, what is mentioned
// beside it.
func beside(t *town, m *mention) bool {
	if m.code != nil {
		return t.at.miles(point{m.code.Lat, m.code.Lon}) <= neighbours
	}
	if ofCouncil(t, m.key) {
		return true
	}
	return slices.ContainsFunc(m.towns, func(o town) bool {
		return o.name != t.name && t.at.miles(o.at) <= neighbours
	})
}

// ofCouncil reports whether a town belongs to the council, or the county, of a
// name: "London" to that of Greater London, "Berkshire" to that of West Berkshire.
func ofCouncil(t *town, key string) bool {
	return t.authority != "" && key != "" && (t.authority == key || hasWord(t.authority, key))
}

// clearest decides among what is left of a name.
func clearest(left []*town) (*town, verdict) {
	if usual := filter(left, func(t *town) bool { return t.usual }); len(usual) == 1 {
		return usual[0], settled
	}
	first, others := left[0], left[1:]
	far := slices.ContainsFunc(others, func(t *town) bool { return t.at.miles(first.at) > samePlace })
	if far && first.weight < dominance*others[0].weight {
		return nil, ambiguous
	}
	return first, settled
}

// preferred keeps the towns that pass a test, unless none does.
func preferred(towns []*town, test func(*town) bool) []*town {
	if len(towns) < 2 {
		return towns
	}
	if kept := filter(towns, test); len(kept) > 0 {
		return kept
	}
	return towns
}

func filter(towns []*town, test func(*town) bool) []*town {
	var kept []*town
	for _, t := range towns {
		if test(t) {
			kept = append(kept, t)
		}
	}
	return kept
}

// hasWord reports whether phrase stands in s between spaces or ends:
// "london" in "greater london", "berkshire" in "west berkshire".
func hasWord(s, phrase string) bool {
	i := strings.Index(s, phrase)
	return i >= 0 && (i == 0 || s[i-1] == ' ') && (i+len(phrase) == len(s) || s[i+len(phrase)] == ' ')
}
