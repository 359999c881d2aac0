package search_test

import (
	"errors"
	"math"
	"testing"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/search"
)

func TestNormalised(t *testing.T) {
	words := matcher.Filter{All: []string{"autism"}}
	home := matcher.Filter{Homes: []matcher.Circle{{Lat: 53.8, Lon: -1.5, Miles: 15}}}
	nan := math.NaN()
	for _, test := range []struct {
		name    string
		q       search.Query
		sort    search.Sort
		page    int
		perPage int
		err     error
	}{
		{"nothing", search.Query{}, search.SortNewest, 1, 20, nil},
		{"words", search.Query{Filter: words}, search.SortRelevance, 1, 20, nil},
		{"only exclusions", search.Query{Filter: matcher.Filter{None: []string{"x"}}}, search.SortNewest, 1, 20, nil},
		{"words and a sort", search.Query{Filter: words, Sort: search.SortPay}, search.SortPay, 1, 20, nil},
		{"a home", search.Query{Filter: home, Sort: search.SortDistance}, search.SortDistance, 1, 20, nil},
		{"no home", search.Query{Sort: search.SortDistance}, "", 0, 0, search.ErrNoHome},
		{"no such sort", search.Query{Sort: "fame"}, "", 0, 0, search.ErrBadQuery},
		{"no such facet", search.Query{Facets: []string{"need", "fame"}}, "", 0, 0, search.ErrBadQuery},
		{"no number of hours", search.Query{Filter: matcher.Filter{Hours: sendwatch.Range{Max: &nan}}}, "", 0, 0, search.ErrBadQuery},
		{"no number of miles", search.Query{Filter: matcher.Filter{Homes: []matcher.Circle{{Miles: nan}}}}, "", 0, 0, search.ErrBadQuery},
		{"a page", search.Query{Page: 7, PerPage: 5}, search.SortNewest, 7, 5, nil},
		{"too large", search.Query{Page: 1 << 62, PerPage: 1 << 62}, search.SortNewest, search.MaxPage, search.MaxPerPage, nil},
		{"the whole of it", search.Query{Whole: true, Page: 7, PerPage: 5, Sort: search.SortPay}, search.SortPay, 1, search.MaxWhole, nil},
		{"the whole of it, by relevance", search.Query{Whole: true, Filter: matcher.Filter{All: []string{"autism"}}}, search.SortNewest, 1, search.MaxWhole, nil},
		{"negative", search.Query{Page: -1, PerPage: -1}, search.SortNewest, 1, search.DefaultPerPage, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			q, err := test.q.Normalised()
			if !errors.Is(err, test.err) {
				t.Fatalf("error %v, want %v", err, test.err)
			}
			if err != nil {
				return
			}
			if q.Sort != test.sort || q.Page != test.page || q.PerPage != test.perPage {
				t.Errorf("got %q, page %d of %d; want %q, page %d of %d", q.Sort, q.Page, q.PerPage, test.sort, test.page, test.perPage)
			}
			if want := (test.page - 1) * test.perPage; q.Skip() != want {
				t.Errorf("skips %d, want %d", q.Skip(), want)
			}
		})
	}
}

func TestHourlyFigure(t *testing.T) {
	f := func(x float64) *float64 { return &x }
	for _, test := range []struct {
		name  string
		pay   *pay.Figure
		want  float64
		known bool
	}{
		{"unknown", nil, 0, false},
		{"a range", &pay.Figure{Min: f(12), Max: f(14)}, 14, true},
		{"from", &pay.Figure{Min: f(12)}, 12, true},
		{"up to", &pay.Figure{Max: f(14)}, 14, true},
		{"open at both ends", &pay.Figure{}, 0, false},
	} {
		var v sendwatch.Vacancy
		v.Pay.Comparable.Hourly = test.pay
		if got, known := search.HourlyFigure(&v); got != test.want || known != test.known {
			t.Errorf("%s: %v, %v, want %v, %v", test.name, got, known, test.want, test.known)
		}
	}
}
