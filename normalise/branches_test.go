package normalise

import (
	"regexp/syntax"
	"slices"
	"testing"
)

func TestBranches(t *testing.T) {
	type want struct {
		stand    stand
		literals []string
	}
	tests := []struct {
		expr string
		want []want
	}{
		{`\b(?:nurse|chef|cook)s?\b`, []want{{wordFirst, []string{"nurse"}}, {wordFirst, []string{"chef", "cook"}}}},
		{`^(?:what|who) we need$`, []want{{foremost, []string{"what we need", "who we need"}}}},
		{`^duties$|\bpay: [^x]`, []want{{foremost, []string{"duties"}}, {wordFirst, []string{"pay: "}}}},
		{`(?:^|[.;] )drives`, []want{{foremost, []string{"drives"}}, {matchFirst, []string{". drives", "; drives"}}}},
		{`\b(?:\w+ )?school\b`, []want{{anywhere, []string{"school"}}}},
		// No word need begin where a sign does, and what looks back at the
		// letter before it can not be asked from the literal on.
		{`\b£ per day`, []want{{anywhere, []string{"£ per day"}}}},
		{`(?:\bsemh)`, []want{{wordFirst, []string{"semh"}}}},
		{`a?\bsemh`, []want{{anywhere, []string{"semh"}}}},
		{`\w+`, []want{{anywhere, nil}}},
	}
	for _, tt := range tests {
		tree, err := syntax.Parse(tt.expr, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		got := branches(tree)
		same := len(got) == len(tt.want)
		for i := 0; same && i < len(got); i++ {
			same = got[i].stand == tt.want[i].stand && slices.Equal(got[i].literals, tt.want[i].literals)
		}
		if !same {
			for i := range got {
				t.Errorf("%s: branch %d: %v %q", tt.expr, i, got[i].stand, got[i].literals)
			}
		}
	}
}
