package matcher

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/taxonomy"
)

func leaf(id string, years float64) taxonomy.Clause {
	c := taxonomy.Clause{ID: id}
	if years > 0 {
		c.MinYears = &years
	}
	return c
}

func both(cs ...taxonomy.Clause) taxonomy.Clause  { return taxonomy.Clause{AllOf: cs} }
func anyOf(cs ...taxonomy.Clause) taxonomy.Clause { return taxonomy.Clause{AnyOf: cs} }

// TestChoices holds what the flat form cannot say: a certificate and six weeks,
// or a year without the certificate.
func TestChoices(t *testing.T) {
	years := func(n float64) []sendwatch.Experience { return []sendwatch.Experience{{ID: "exp-school", Years: n}} }
	choice := anyOf(both(leaf("ta-level-2", 0), leaf("exp-school", 0.12)), leaf("exp-school", 1))
	for _, tt := range []struct {
		name   string
		c      seeking
		choice taxonomy.Clause
		fit    sendwatch.Fit
		unmet  string
	}{
		{"first branch", seeking{Holds: []string{"ta-level-2"}, Experience: years(0.2)}, choice, sendwatch.FitStrong, ""},
		{"second branch", seeking{Experience: years(1)}, choice, sendwatch.FitStrong, ""},
		{"half of the first", seeking{Holds: []string{"ta-level-2"}}, choice, sendwatch.FitPossible, "ta-level-2"},
		{"too short for either", seeking{Experience: years(0.5)}, choice, sendwatch.FitPossible, "ta-level-2"},
		{"not said", seeking{NotSaid: []string{"ta-level-2"}, Experience: years(0.5)}, choice, sendwatch.FitPossible, ""},
		{"the untested is left aside", seeking{Holds: []string{"ta-level-2"}}, anyOf(both(leaf("ta-level-2", 0), leaf("patience", 0)), leaf("exp-school", 1)), sendwatch.FitStrong, ""},
		{"untested alone", seeking{}, anyOf(leaf("ta-level-2", 0), leaf("know-send", 0)), sendwatch.FitStrong, ""},
		{"willing in a branch", seeking{}, anyOf(both(leaf("ta-level-2", 0), leaf("elsa", 0)), leaf(willingToObtain, 0)), sendwatch.FitStrong, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newMatcher(t)
			v := vacancy(m, asks(essential("ta-level-2", 1), essential("exp-school", 1)))
			v.Choices = []taxonomy.Choice{{Group: 1, Clause: tt.choice}}
			got, err := m.Candidate(&tt.c, v)
			if err != nil {
				t.Fatal(err)
			}
			if unmet := strings.Join(got.Unmet, " "); got.Fit != tt.fit || unmet != tt.unmet {
				t.Errorf("fit %s, unmet %q; want %s, %q (%s)", got.Fit, unmet, tt.fit, tt.unmet, got.Why)
			}
		})
	}
}

// holding is the plain meaning of a clause for whoever holds just these.
func holding(c *taxonomy.Clause, holds map[string]bool) bool {
	for i := range c.AllOf {
		if !holding(&c.AllOf[i], holds) {
			return false
		}
	}
	for i := range c.AnyOf {
		if holding(&c.AnyOf[i], holds) {
			return true
		}
	}
	return len(c.AllOf) > 0 || c.ID != "" && holds[c.ID]
}

// TestChoicesMeanWhatTheySay holds any tree of things that nothing implies to
// its plain meaning.
func TestChoicesMeanWhatTheySay(t *testing.T) {
	m := newMatcher(t)
	ids := []string{"elsa", "makaton", "team-teach", "forest-school"}
	var tree func(depth int) *rapid.Generator[taxonomy.Clause]
	tree = func(depth int) *rapid.Generator[taxonomy.Clause] {
		return rapid.Custom(func(t *rapid.T) taxonomy.Clause {
			if depth == 0 || rapid.Bool().Draw(t, "leaf") {
				return leaf(rapid.SampledFrom(ids).Draw(t, "id"), 0)
			}
			parts := rapid.SliceOfN(tree(depth-1), 1, 3).Draw(t, "parts")
			if rapid.Bool().Draw(t, "all") {
				return both(parts...)
			}
			return anyOf(parts...)
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		c := tree(3).Draw(t, "clause")
		holds := rapid.SliceOfDistinct(rapid.SampledFrom(ids), rapid.ID).Draw(t, "holds")
		has := map[string]bool{}
		for _, id := range holds {
			has[id] = true
		}
		v := vacancy(m, asks(essential("elsa", 1), essential("makaton", 1)))
		v.Choices = []taxonomy.Choice{{Group: 1, Clause: c}}
		got, err := m.Candidate(&seeking{Holds: holds}, v)
		if err != nil {
			t.Fatal(err)
		}
		if met := len(got.Unmet) == 0; met != holding(&c, has) {
			t.Fatalf("met %v", met)
		}
	})
}
