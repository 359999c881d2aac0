package embedded

import (
	"cmp"
	"testing"

	"pgregory.net/rapid"
)

// TestOrderly holds that texts stand in the order of their numbers and ids.
func TestOrderly(t *testing.T) {
	type key struct {
		f     float64
		known bool
		id    string
	}
	keys := rapid.Custom(func(t *rapid.T) key {
		f := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, -1, 1, 12.5})).Draw(t, "number")
		return key{f, rapid.Bool().Draw(t, "known"), rapid.StringMatching("[0-9a-z~-]{1,4}").Draw(t, "id")}
	})
	compare := func(a, b key) int {
		switch {
		case a.known && !b.known:
			return -1
		case b.known && !a.known:
			return 1
		case a.known:
			return cmp.Or(cmp.Compare(a.f, b.f), cmp.Compare(a.id, b.id))
		}
		return cmp.Compare(a.id, b.id)
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := keys.Draw(t, "a"), keys.Draw(t, "b")
		got := cmp.Compare(orderly(a.f, a.known, a.id), orderly(b.f, b.known, b.id))
		if want := compare(a, b); got != want {
			t.Fatalf("%+v and %+v compare as %d, want %d", a, b, got, want)
		}
	})
}
