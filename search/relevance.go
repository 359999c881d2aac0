package search

import (
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/terms"
)

// Level says where a vacancy speaks of a term, best first. A term stands at one
// level only: the best of those that it stands in.
type Level int

// The levels.
const (
	// InTitle: in the title.
	InTitle Level = iota
	// InName: in the name of the employer, of the school behind an agency, or of
	// the place.
	InName
	// Throughout: on ThroughoutLines lines of the text or more.
	Throughout
	// Mentioned: anywhere else.
	Mentioned
)

// Levels is how many levels there are.
const Levels = int(Mentioned) + 1

// ThroughoutLines is on how many lines of its text a vacancy must speak of what
// it speaks of throughout.
const ThroughoutLines = 3

// MaxRanked is how many terms rank. All of a query's terms filter; Meilisearch
// reads ten words of a query at most, and past ten none of them changes much.
const MaxRanked = 10

// Text is what an index keeps of a vacancy's words.
type Text struct {
	// Levels holds the terms that a vacancy is ranked by, at each level: its stems
	// and groups, each at one level and sorted. Bigrams only filter.
	Levels [Levels][]string
	// Words are its surface words, for the vocabulary, each once.
	Words []string
}

// ReadText reads the words of a vacancy. Only what is among its Terms is ranked,
// since nothing else is found.
func ReadText(a *terms.Analyser, v *sendwatch.Vacancy) Text {
	name := []string{v.Employer, v.Client, v.Location}
	if v.Place != nil {
		name = append(name, v.Place.Name)
	}
	title, where, body := a.Tally(v.Title), a.Tally(strings.Join(name, "\n")), a.Tally(v.Body)
	var t Text
	for _, term := range v.Terms {
		if _, _, bigram := terms.Bigram(term); bigram {
			continue
		}
		at := Mentioned
		switch {
		case title.Lines[term] > 0:
			at = InTitle
		case where.Lines[term] > 0:
			at = InName
		case body.Lines[term] >= ThroughoutLines:
			at = Throughout
		}
		t.Levels[at] = append(t.Levels[at], term)
	}
	t.Words = slices.Concat(title.Words, where.Words, body.Words)
	slices.Sort(t.Words)
	t.Words = slices.Compact(t.Words)
	return t
}

// Ranked gives the terms of a filter that rank: the stems and groups that must
// be held, a phrase as its stems, sorted, and MaxRanked of them at most.
func Ranked(f *matcher.Filter) []string {
	var out []string
	for _, term := range f.All {
		if first, second, phrase := terms.Bigram(term); phrase {
			out = append(out, first, second)
		} else {
			out = append(out, term)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return out[:min(len(out), MaxRanked)]
}

// Score is the relevance of a vacancy that holds so many ranked terms at levels
// that add up to depth: 1 when all of them stand in its title, less with every
// level, and above 0 always. It is 1 when nothing ranks.
func Score(ranked, depth int) float64 {
	if ranked == 0 {
		return 1
	}
	return 1 - float64(depth)/float64(ranked*Levels)
}
