package taxonomy

import (
	"strings"
	"testing"
	"time"
)

// TestNoLineStalls reads lines of nothing but one cue or wording, as long as a
// line can be: each is bounded by the cap, and none may take what a person
// would notice.
func TestNoLineStalls(t *testing.T) {
	taxonomy := load(t)
	for _, unit := range []string{
		"or ", "autism ", "autism or ", "level 2 ", "nvq ", "gcse english ", "experience ", "but autism ", "(e) ", "degree in psychology ", "1 ", "one year ",
		"desirable ", "not required ", "e.g. autism, ", "willing to train ", "children ", "relationships with ", "; ", "a:", "so that ", "psychology/", "calm, ",
	} {
		for _, section := range []Section{SectionNone, SectionEssential} {
			start := time.Now()
			taxonomy.Requirements(section, strings.Repeat(unit, maxLine/len(unit)))
			if took := time.Since(start); took > time.Second {
				t.Errorf("%q took %v", unit, took)
			}
		}
	}
}
