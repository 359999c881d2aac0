package embedded

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/sendwatch/sendwatch/terms"
)

// TestPrints holds that prints tell which bigrams a text has.
func TestPrints(t *testing.T) {
	stems := rapid.StringMatching("[ab]{1,3}")
	rapid.Check(t, func(t *rapid.T) {
		given := rapid.SliceOf(rapid.OneOf(stems, rapid.StringMatching("[ab]{1,3} [ab]{1,3}"))).Draw(t, "terms")
		stored := prints(given)
		bigram := stems.Draw(t, "first") + " " + stems.Draw(t, "second")
		if got, want := hasPrint(stored, printOf(bigram)), slices.Contains(given, bigram); got != want {
			t.Fatalf("%q in %q: %v, want %v", bigram, given, got, want)
		}
		for _, term := range given {
			if _, _, ok := terms.Bigram(term); ok && !hasPrint(stored, printOf(term)) {
				t.Fatalf("%q of %q has no print", term, given)
			}
		}
	})
}

// TestPrintsStay holds that prints are what they were when an index was filled.
// When this must change, so must generation.
func TestPrintsStay(t *testing.T) {
	if got, want := printOf("small group"), uint64(0x351dcec09a7203d7); got != want {
		t.Errorf("printOf = %#x, want %#x", got, want)
	}
}
