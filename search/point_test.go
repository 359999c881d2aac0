package search_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sendwatch/sendwatch/search"
)

func TestPoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lat, lon := rapid.Float64Range(-90, 90).Draw(t, "lat"), rapid.Float64Range(-180, 180).Draw(t, "lon")
		text := search.FormatPoint(lat, lon)
		if a, b, ok := search.ParsePoint(text); !ok || a != lat || b != lon || strings.ToLower(text) != text {
			t.Fatalf("%v, %v is %q", lat, lon, text)
		}
	})
	for _, s := range []string{"", ",", "1", "1,", "a,b", "1,2,3"} {
		if _, _, ok := search.ParsePoint(s); ok {
			t.Errorf("%q is a point", s)
		}
	}
}
