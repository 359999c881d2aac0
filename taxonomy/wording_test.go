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

// TestLightWords holds that a wording reaches across words that do not change
// it, and across no others.
func TestLightWords(t *testing.T) {
	taxonomy := load(t)
	tests := []struct {
		line string
		id   string
		want bool
	}{
		{"Able to work as part of a busy and supportive team", "teamwork", true},
		{"Able to build warm, respectful relationships with pupils", "relationships", true},
		{"Able to work as part of a plumbing team", "teamwork", false},
		{"Numeracy at a good level", "a-levels", false},
	}
	for _, tt := range tests {
		got := false
		for _, q := range taxonomy.Requirements(SectionEssential, tt.line) {
			got = got || q.ID == tt.id
		}
		if got != tt.want {
			t.Errorf("%q asks for %s: %v, want %v", tt.line, tt.id, got, tt.want)
		}
	}
}
