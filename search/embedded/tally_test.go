package embedded

import (
	"fmt"
	"log/slog"
	"testing"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/searchtest"
)

// TestColumnsGoWithTheirSegments: an index that lives remembers the columns of the
// segments it has, and counts by them alone.
func TestColumnsGoWithTheirSegments(t *testing.T) {
	k := searchtest.NewKit(t)
	g, err := searchtest.NewGenerator(k, 1, 40)
	if err != nil {
		t.Fatal(err)
	}
	x, err := Open(t.Context(), Options{Dir: t.TempDir(), Matcher: k.Matcher, Terms: k.Terms, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	}()
	f, err := k.Matcher.Compile(sendwatch.Criteria{Phases: []string{"primary", "secondary"}})
	if err != nil {
		t.Fatal(err)
	}
	q := search.Query{Filter: f, Facets: []string{search.FacetPhase}}
	for i := range 60 {
		if err := x.Apply(t.Context(), search.Batch{Put: []*sendwatch.Vacancy{g.Vacancy(fmt.Sprintf("v%d", i%20), 10)}, Cursor: int64(i)}); err != nil {
			t.Fatal(err)
		}
		res, err := x.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, facet := range res.Facets[search.FacetPhase] {
			if facet.Count > res.Total {
				t.Fatalf("%d of %d are for %s: a vacancy counts as it was, too", facet.Count, res.Total, facet.Value)
			}
		}
	}
	if n := len(x.columns.segments); n == 0 || n > 40 {
		t.Errorf("the columns of %d segments are remembered", n)
	}
	if err := x.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(x.columns.segments); n != 0 {
		t.Errorf("the columns of %d segments of an index that is gone are remembered", n)
	}
}
