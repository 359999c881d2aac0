package search_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/searchtest"
)

// plenty is an index that finds so many.
type plenty struct {
	total int
	asked []search.Query
}

func (p *plenty) Search(_ context.Context, q search.Query) (search.Result, error) {
	p.asked = append(p.asked, q)
	return search.Result{Total: p.total, Hits: []search.Hit{{ID: "one"}}}, nil
}

func (p *plenty) Vocabulary(context.Context) (map[string]int, error) { return nil, nil }

// TestServiceReach: pages end at MaxReach, no engine is asked to look beyond it, and
// who asks for a page of what has fewer is only told how many there are.
func TestServiceReach(t *testing.T) {
	const reach = search.MaxReach
	for _, test := range []struct {
		name               string
		page, perPage      int
		total, hits, asked int
		err                error
	}{
		{"the last page", reach / 20, 20, 5000, 1, reach / 20, nil},
		{"one further", reach/20 + 1, 20, 5000, 0, 1, search.ErrTooFar},
		{"the last page of a hundred", reach / 100, 100, 5000, 1, reach / 100, nil},
		{"a page that reaches over", reach/300 + 1, 30 * 10, 5000, 1, reach/300 + 1, nil}, // of a hundred, at most
		{"ever so far", math.MaxInt, math.MaxInt, reach + 1, 0, 1, search.ErrTooFar},
		{"ever so far, of few", math.MaxInt, math.MaxInt, reach, 0, 1, nil},
		{"no page", -7, 20, 5000, 1, 1, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := &plenty{total: test.total}
			k := searchtest.NewKit(t)
			s := search.NewService(search.ServiceOptions{Index: x, Matcher: k.Matcher, Terms: k.Terms})
			a, err := s.Search(t.Context(), search.Request{Page: test.page, PerPage: test.perPage})
			if !errors.Is(err, test.err) {
				t.Fatalf("error %v, want %v", err, test.err)
			}
			if err == nil && (len(a.Hits) != test.hits || a.Total != test.total) {
				t.Errorf("%d hits of %d, want %d of %d", len(a.Hits), a.Total, test.hits, test.total)
			}
			if x.asked[0].Page != test.asked {
				t.Errorf("the index was asked for page %d, want %d", x.asked[0].Page, test.asked)
			}
		})
	}
}
