package taxonomy

import "unicode"

// Mention is a place in a text that names a role, need, setting or phase.
type Mention struct {
	ID string
	// Start and End are byte offsets in the text given.
	Start, End int
}

// FindRoles finds the post titles named in a text, the longest title at each
// place. A title of several roles gives a mention of each. Short forms that
// are also words or names ("TA", "ADD", "HI") count only in capitals, here and
// in the three functions below.
func (t *Taxonomy) FindRoles(text string) []Mention {
	return t.find(t.titles, text, func(i int32) string { return t.roles[i].ID })
}

// FindNeeds finds the pupils' needs named in a text.
func (t *Taxonomy) FindNeeds(text string) []Mention {
	return t.find(t.needWords, text, func(i int32) string { return t.needs[i].ID })
}

// FindSettings finds the settings named in a text.
func (t *Taxonomy) FindSettings(text string) []Mention {
	return t.find(t.setWords, text, func(i int32) string { return t.settings[i].ID })
}

// FindPhases finds the phases named in a text.
func (t *Taxonomy) FindPhases(text string) []Mention {
	return t.find(t.phaseWords, text, func(i int32) string { return t.phases[i].ID })
}

func (t *Taxonomy) find(l *lexicon, text string, id func(int32) string) []Mention {
	tokens := tokenise(text, t.vocabulary)
	var out []Mention
	for i := 0; i < len(tokens); {
		end, values := l.longest(tokens, i)
		if end == i || end == i+1 && t.lowerAcronym(text, tokens[i]) {
			i++
			continue
		}
		for _, v := range values {
			if v >= 0 {
				out = append(out, Mention{ID: id(v), Start: tokens[i].start, End: tokens[end-1].end})
			}
		}
		i = end
	}
	return out
}

// lowerAcronym says whether a word that is a short form only in capitals is
// written otherwise. A plural s may be small.
func (t *Taxonomy) lowerAcronym(text string, tok token) bool {
	if !t.acronyms[tok.word] {
		return false
	}
	upper := 0
	for _, r := range text[tok.start:tok.end] {
		if unicode.IsUpper(r) {
			upper++
		}
	}
	return upper < 2
}
