package taxonomy

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestFind(t *testing.T) {
	taxonomy := load(t)
	finders := map[string]func(string) []Mention{
		"roles": taxonomy.FindRoles, "needs": taxonomy.FindNeeds, "settings": taxonomy.FindSettings, "phases": taxonomy.FindPhases,
	}
	tests := []struct {
		what, text string
		want       []string // "id: words of the text"
	}{
		{"roles", "SEMH Teaching Assistant (term time)", []string{"semh-ta: SEMH Teaching Assistant"}},
		{"roles", "Teaching Assistant Level 2", []string{"ta-level-2-role: Teaching Assistant Level 2"}},
		{"roles", "Lead TA wanted", []string{"ta: TA"}},
		{"roles", "ta very much", nil},
		{"roles", "Higher-Level teaching assistants", []string{"hlta: Higher-Level teaching assistants"}},
		{"roles", "Pupil Support Assistant or Learning Mentor", []string{"pupil-support-assistant: Pupil Support Assistant", "learning-mentor: Learning Mentor"}},
		{"needs", "Pupils with SEMH, autism and ADHD", []string{"semh: SEMH", "asd: autism", "adhd: ADHD"}},
		{"needs", "Hi all, please add your name and send it to Pd Hall", nil},
		{"needs", "Pupils with HI, PD or ADD", []string{"hi: HI", "pd: PD", "adhd: ADD"}},
		{"needs", "social, emotional and mental health needs", []string{"semh: social, emotional and mental health needs"}},
		{"needs", "severe learning difficulties", []string{"sld: severe learning difficulties"}},
		{"needs", "a classroom for SEND learners", []string{"send: SEND"}},
		{"settings", "The unit cost of a hub cap", nil},
		{"settings", "our autism unit", []string{"resource-base: autism unit"}},
		{"settings", "A pupil referral unit in Luton", []string{"ap-pru: pupil referral unit"}},
		{"phases", "Report to reception; the primary need is autism", nil},
		{"phases", "a Reception class in a primary school", []string{"early-years: Reception class", "primary: primary"}},
		{"phases", "Key Stage 3 and 4", []string{"secondary: Key Stage 3"}},
	}
	for _, tt := range tests {
		var got []string
		for _, m := range finders[tt.what](tt.text) {
			got = append(got, m.ID+": "+tt.text[m.Start:m.End])
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s in %q (-want +got):\n%s", tt.what, tt.text, diff)
		}
	}
}

// TestFindIsOrderedAndApart holds what every finder promises of any text: spans
// lie inside it, in order, and two of them overlap only when they are the same.
func TestFindIsOrderedAndApart(t *testing.T) {
	taxonomy := load(t)
	words := []string{"SEMH", "autism", "unit", "pupil", "referral", "Key", "Stage", "2", "teaching", "assistant", "SEND", "(", ", ", " - ", "é", "\xff", "level", "primary", "school"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 30).Draw(t, "words"), " ")
		for _, find := range []func(string) []Mention{taxonomy.FindRoles, taxonomy.FindNeeds, taxonomy.FindSettings, taxonomy.FindPhases} {
			mentions := find(text)
			for i, m := range mentions {
				if m.Start < 0 || m.End > len(text) || m.Start >= m.End {
					t.Fatalf("mention %+v of a text of %d bytes", m, len(text))
				}
				if i > 0 && m.Start < mentions[i-1].End && m.Start != mentions[i-1].Start {
					t.Fatalf("%+v overlaps %+v", m, mentions[i-1])
				}
			}
			if !slices.IsSortedFunc(mentions, func(a, b Mention) int { return a.Start - b.Start }) {
				t.Fatalf("mentions out of order: %v", mentions)
			}
		}
	})
}

func TestFoldWord(t *testing.T) {
	for in, want := range map[string]string{
		"Children’s": "children", "GCSEs": "gcse", "Abilities": "ability", "class": "class",
		"Behavior": "behaviour", //nolint:misspell // an American spelling is what is folded
		"is":       "is", "focus": "focus", "ANALYSIS": "analysis", "coaches": "coach", "Ééé": "ééé",
	} {
		if got := foldWord(in); got != want {
			t.Errorf("foldWord(%q) = %q, want %q", in, got, want)
		}
	}
}
