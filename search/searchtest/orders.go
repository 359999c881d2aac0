package searchtest

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/search"
)

func isError(err, want error) bool { return errors.Is(err, want) }

func orders(d *desk) {
	d.put(
		d.vacancy("a", seen(1), closing(30), paid(between(13, 14), nil)),
		d.vacancy("b", seen(5), paid(from(15), nil)),
		d.vacancy("c", seen(3), closing(2), paid(nil, between(17000, 18000))),
		d.vacancy("d", seen(3), closing(2), paid(between(9, 10), nil)),
		d.vacancy("e", seen(-40), closing(-1)),
	)
	for _, test := range []struct {
		sort search.Sort
		want []string
	}{
		{search.SortNewest, []string{"b", "c", "d", "a", "e"}},
		{search.SortRelevance, []string{"b", "c", "d", "a", "e"}}, // no words: newest
		{"", []string{"b", "c", "d", "a", "e"}},
		{search.SortClosing, []string{"e", "c", "d", "a", "b"}},
		{search.SortPay, []string{"b", "a", "d", "c", "e"}},
		{search.SortActual, []string{"c", "a", "b", "d", "e"}},
	} {
		d.order("by "+string(test.sort), search.Request{Sort: test.sort}, test.want...)
	}
	d.order("words and an order", search.Request{Criteria: asking("assistant"), Sort: search.SortClosing}, "e", "c", "d", "a", "b")
	for _, sort := range []search.Sort{search.SortNewest, search.SortPay} {
		for _, h := range d.ask(search.Request{Criteria: asking("assistant"), Sort: sort}).Hits {
			if h.Score != 0 {
				d.Errorf("by %s, %s has a score of %v", sort, h.ID, h.Score)
			}
		}
	}
}

func homeless(d *desk) {
	d.put(d.vacancy("a"))
	refused(d, "distance without a home", search.Query{Sort: search.SortDistance}, search.ErrNoHome)
	if _, err := d.service.Search(d.Context(), search.Request{Sort: search.SortDistance}); !isError(err, search.ErrNoHome) {
		d.Errorf("the service: %v, want %v", err, search.ErrNoHome)
	}
}

func distance(d *desk) {
	leeds, bath := d.home("Leeds"), d.home("Bath")
	d.put(
		d.vacancy("a-far", at(leeds.Lat+0.5, leeds.Lon)),
		d.vacancy("b-near", at(leeds.Lat-0.1, leeds.Lon)),
		d.vacancy("c-same", at(leeds.Lat-0.1, leeds.Lon)),
		d.vacancy("d-bath", at(bath.Lat, bath.Lon+0.05)),
		d.vacancy("e-nowhere"),
	)
	both := []sendwatch.Home{{Near: "Leeds", WithinMiles: 60}, {Near: "Bath", WithinMiles: 60}}
	one := search.Request{Criteria: sendwatch.Criteria{Near: "Leeds", WithinMiles: 60}, Sort: search.SortDistance}
	two := search.Request{Criteria: sendwatch.Criteria{Homes: both}, Sort: search.SortDistance}
	d.order("one home", one, "b-near", "c-same", "a-far")
	d.order("the nearest of two homes", two, "d-bath", "b-near", "c-same", "a-far")
	for _, h := range d.ask(two).Hits {
		v := map[string]*place.Place{
			"a-far":  {Lat: leeds.Lat + 0.5, Lon: leeds.Lon},
			"b-near": {Lat: leeds.Lat - 0.1, Lon: leeds.Lon},
			"c-same": {Lat: leeds.Lat - 0.1, Lon: leeds.Lon},
			"d-bath": {Lat: bath.Lat, Lon: bath.Lon + 0.05},
		}[h.ID]
		want := math.Min(place.Miles(leeds, v), place.Miles(bath, v))
		if h.Miles == nil || math.Abs(*h.Miles-want) > 1e-9 {
			d.Errorf("%s is %v miles away, want %v", h.ID, h.Miles, want)
		}
	}
	for _, h := range d.ask(search.Request{}).Hits {
		if h.Miles != nil {
			d.Errorf("%s is %v miles from no home", h.ID, *h.Miles)
		}
	}
}

func pages(d *desk) {
	var vs []*sendwatch.Vacancy
	for i := range 57 {
		// Few different dates and equal texts, so that most hits tie.
		vs = append(vs, d.vacancy(fmt.Sprintf("v%02d", i*37%57), seen(i%3), closing(i%2), paid(between(12, float64(13+i%2)), nil),
			at(53.8+float64(i%4)/100, -1.5)))
	}
	d.put(vs...)
	near := sendwatch.Criteria{Near: "Leeds", WithinMiles: 50}
	for _, r := range []search.Request{
		{Criteria: asking("teaching assistant"), Sort: search.SortRelevance},
		{Sort: search.SortNewest}, {Sort: search.SortClosing}, {Sort: search.SortPay}, {Sort: search.SortActual},
		{Criteria: near, Sort: search.SortDistance},
	} {
		r.PerPage = 10
		var all []string
		for r.Page = 1; r.Page <= 6; r.Page++ {
			a := d.ask(r)
			if a.Total != 57 {
				d.Errorf("by %s, page %d: total %d, want 57", r.Sort, r.Page, a.Total)
			}
			all = append(all, ids(a.Hits)...)
		}
		one := ids(d.ask(search.Request{Criteria: r.Criteria, Sort: r.Sort, PerPage: 100}).Hits)
		if !slices.Equal(all, one) {
			d.Errorf("by %s: the pages are %v, the whole is %v", r.Sort, all, one)
		}
		slices.Sort(all)
		if n := len(slices.Compact(all)); n != 57 {
			d.Errorf("by %s: %d different vacancies on the pages, want 57", r.Sort, n)
		}
	}
	for _, test := range []struct{ page, perPage, hits, gotPage, gotPerPage int }{
		{0, 0, 20, 1, 20},
		{-3, -3, 20, 1, 20},
		{1, 1000, 57, 1, 100},
		{3, 20, 17, 3, 20},
		{4, 20, 0, 4, 20},
		{math.MaxInt, math.MaxInt, 0, search.MaxPage, 100},
	} {
		a := d.ask(search.Request{Page: test.page, PerPage: test.perPage})
		if len(a.Hits) != test.hits || a.Page != test.gotPage || a.PerPage != test.gotPerPage || a.Total != 57 {
			d.Errorf("page %d of %d: %d hits of %d on page %d of %d, want %d of 57 on page %d of %d",
				test.page, test.perPage, len(a.Hits), a.Total, a.Page, a.PerPage, test.hits, test.gotPage, test.gotPerPage)
		}
	}
	d.tooFar()
}

// tooFar holds that an index finds nothing behind its last hit, however far that is.
func (d *desk) tooFar() {
	res, err := d.index.Search(d.Context(), search.Query{Page: math.MaxInt, PerPage: math.MaxInt})
	if err != nil || len(res.Hits) != 0 || res.Total != 57 {
		d.Errorf("the last page there can be: %d hits of %d, %v; want none of 57", len(res.Hits), res.Total, err)
	}
}

// wholes holds that the whole of a search is what its pages are, in one piece and
// in their order; but for relevance, whose whole stands newest first.
func wholes(d *desk) {
	d.population(450)
	for _, sort := range search.Sorts() {
		r := search.Request{Criteria: sendwatch.Criteria{Words: "pupils", Near: "Leeds", WithinMiles: 200}, Sort: sort}
		whole, err := d.service.Whole(d.Context(), r)
		if err != nil {
			d.Fatalf("the whole by %s: %v", sort, err)
		}
		if sort == search.SortRelevance {
			r.Sort = search.SortNewest
		}
		var paged []string
		for r.Page, r.PerPage = 1, search.MaxPerPage; len(paged) < whole.Total; r.Page++ {
			a := d.ask(r)
			if len(a.Hits) == 0 {
				break
			}
			paged = append(paged, ids(a.Hits)...)
		}
		if got := ids(whole.Hits); len(got) <= search.MaxPerPage || len(got) != whole.Total || whole.Sort != r.Sort || !slices.Equal(got, paged) {
			d.Errorf("the whole by %s: %d of %d, by %s; the pages hold %d, and are equal: %t",
				sort, len(got), whole.Total, whole.Sort, len(paged), slices.Equal(got, paged))
		}
	}
}

func badQueries(d *desk) {
	refused(d, "an unknown sort", search.Query{Sort: "fame"}, search.ErrBadQuery)
	refused(d, "an unknown facet", search.Query{Facets: []string{"colour"}}, search.ErrBadQuery)
	for name, c := range map[string]sendwatch.Criteria{
		"an unknown place": {Near: "Zzyzxville"},
		"an unknown role":  {Roles: []string{"astronaut"}},
	} {
		if a, err := d.service.Search(d.Context(), search.Request{Criteria: c}); err == nil {
			d.Errorf("%s: found %d, want an error", name, a.Total)
		}
	}
}

func relaxations(d *desk) {
	leeds := d.home("Leeds")
	d.put(
		d.vacancy("near", at(leeds.Lat+0.3, leeds.Lon), contract("permanent")),
		d.vacancy("far", at(leeds.Lat-2, leeds.Lon), contract("permanent")),
		d.vacancy("temp", at(leeds.Lat-2, leeds.Lon), contract("temporary")),
	)
	c := sendwatch.Criteria{Near: "Leeds", Contracts: []string{"permanent"}}
	a := d.ask(search.Request{Criteria: c})
	got := map[string]int{}
	for _, r := range a.Relax {
		got[r.Part] = r.Total
		d.total("relaxed: "+r.Part, r.Criteria, r.Total)
	}
	if a.Total != 0 || len(got) != 2 || got["distance"] != 1 || got["near"] != 2 {
		d.Errorf("total %d, relaxations %v, want 0, distance 1 and near 2", a.Total, got)
	}
	if len(a.Relax) == 2 && a.Relax[0].Part != "near" {
		d.Errorf("first comes %s, want what finds most", a.Relax[0].Part)
	}
	if c.WithinMiles != 0 || len(c.Contracts) != 1 {
		d.Errorf("the criteria asked were changed: %+v", c)
	}
	if a := d.ask(search.Request{}); len(a.Relax) != 0 {
		d.Errorf("a search that finds something relaxes %v", a.Relax)
	}
}

func (d *desk) total(name string, c sendwatch.Criteria, want int) {
	d.Helper()
	if got := d.ask(search.Request{Criteria: c, AsTyped: true}).Total; got != want {
		d.Errorf("%s: total %d, want %d", name, got, want)
	}
}
