package taxonomy

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExpand(t *testing.T) {
	tests := []struct {
		pattern string
		want    []string
	}{
		{"own car", []string{"own car"}},
		{"(build|form) trust", []string{"build trust", "form trust"}},
		{"(own|) car", []string{"own car", "car"}},
		{"work (in (a|the) team|with others)", []string{"work in a team", "work in the team", "work with others"}},
		{"lsa (personal care)", []string{"lsa (personal care)"}},
		{"rote|(a|a) list", []string{"rote", "a list"}},
	}
	for _, tt := range tests {
		got, err := expandAll([]string{tt.pattern})
		if err != nil {
			t.Errorf("%s: %v", tt.pattern, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.pattern, diff)
		}
	}
}

func TestExpandRefuses(t *testing.T) {
	for _, pattern := range []string{"(a|b", "a|b)", strings.Repeat("(a|b|c|d)", 8)} {
		if got, err := expandAll([]string{pattern}); err == nil {
			t.Errorf("%s stands for %d wordings, want an error", pattern, len(got))
		}
	}
}

// asking is a line and whether it asks for a concept.
type asking struct {
	line string
	id   string
	want bool
}

func (a asking) check(t *testing.T, taxonomy *Taxonomy) {
	t.Helper()
	got := false
	for _, q := range taxonomy.Requirements(SectionEssential, a.line) {
		got = got || q.ID == a.id
	}
	if got != a.want {
		t.Errorf("%q asks for %s: %v, want %v", a.line, a.id, got, a.want)
	}
}

// TestLightWords holds that a wording reaches across words that do not change
// it, and across no others.
func TestLightWords(t *testing.T) {
	taxonomy := load(t)
	for _, tt := range []asking{
		{"Able to work as part of a busy and supportive team", "teamwork", true},
		{"Able to build warm, respectful relationships with pupils", "relationships", true},
		{"Able to work as part of a plumbing team", "teamwork", false},
		{"Numeracy at a good level", "a-levels", false},
	} {
		tt.check(t, taxonomy)
	}
}

// TestVerbForms holds that the forms of a verb are one wording, that one word by
// itself is not, and that what is known keeps its form.
func TestVerbForms(t *testing.T) {
	taxonomy := load(t)
	for _, tt := range []asking{
		{"Manage challenging behaviour", "behaviour-management", true},
		{"Managing challenging behaviour", "behaviour-management", true},
		{"Has managed challenging behaviour", "exp-behaviour", true},
		{"Willing to care", "caring", false},
		{"Able to communicate with children", "know-communication", false},
		{"Follow the differentiated curriculum", "differentiation", false},
	} {
		tt.check(t, taxonomy)
	}
}

func TestVerbStem(t *testing.T) {
	for stem, forms := range map[string][]string{
		"manag": {"manage", "managed", "managing"},
		"adapt": {"adapt", "adapted", "adapting"},
		"plan":  {"plan", "planned", "planning"},
		"apply": {"apply", "applied", "applying"},
		"care":  {"care"}, "caring": {"caring"}, "need": {"need"},
	} {
		for _, form := range forms {
			if got := verbStem(form); got != stem {
				t.Errorf("verbStem(%q) = %q, want %q", form, got, stem)
			}
		}
	}
}
