package normalise

import (
	"regexp/syntax"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCues(t *testing.T) {
	tests := []struct {
		expr string
		want []string
	}{
		{`\bsemh\b`, []string{"semh"}},
		{`\b(?:nurse|chef)s?\b`, []string{"nurse", "chef"}},
		{`school (?:trip)?`, []string{"school "}},
		{`a|semh`, nil},
		{`[a-z]+`, nil},
		{`(?i)semh`, nil},
		{`\d{2} (?:hours){1,2}`, []string{" hours"}},
		{`\b(?:hours?|hrs) a week\b`, []string{"hour a week", "hours a week", "hrs a week"}},
		{`\b(?:four|five)\b`, []string{"four", "five"}},
		{`\bks ?[12]\b`, []string{"ks1", "ks2", "ks 1", "ks 2"}},
		{`one[- ]to[- ]one`, []string{"one to one", "one to-one", "one-to one", "one-to-one"}},
		{`(?:hours)?`, nil},
	}
	for _, tt := range tests {
		got := cues(mustParse(t, tt.expr))
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.expr, got, tt.want)
		}
	}
}

// TestPatternsMissNothing says that looking for cues first changes no answer,
// on texts made of the cues themselves and the words about them.
func TestPatternsMissNothing(t *testing.T) {
	all := []*pattern{candidate, given, expertise, homes, schooling, amount, rate, hoursSentence, contractWords, datesSentence, asksFor, offers, wanted, beside,
		passing, demands, oneChild, pupilsAre, amongPupils, tasks, jobs, does, particular, poolWordings, stageSpan, ages[0], ages[1], ages[2], supportWordings[0].match, supportWordings[1].match}
	for _, ws := range [][]wording{needWordings, titleWordings, settingWordings, phaseWordings} {
		for _, w := range ws {
			all = append(all, w.match)
		}
	}
	for i := range trades {
		all = append(all, trades[i].match)
	}
	pieces := []string{" ", "s", "-", "1:1", "£ 20", "of", "and", "the", "needs", "school", "with", "a", "7", "primary", "child", ". "}
	for _, p := range all {
		pieces = append(pieces, p.cues...)
		for i := range p.branches {
			pieces = append(pieces, p.branches[i].literals...)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 12).Draw(t, "pieces"), rapid.SampledFrom([]string{"", " "}).Draw(t, "joint"))
		for _, p := range all {
			if got, want := p.in(text), p.re.MatchString(text); got != want || p.on(&passage{low: text, trace: traceOf(text)}) != want {
				t.Fatalf("%s on %q: got %v, want %v", p.re, text, got, want)
			}
		}
	})
}

func mustParse(t *testing.T, expr string) *syntax.Regexp {
	t.Helper()
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	return re.Simplify()
}
