package searchtest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
)

// population fills the index with generated vacancies and returns them.
func (d *desk) population(n int) []*sendwatch.Vacancy {
	d.Helper()
	g, err := NewGenerator(d.Kit, 20261121, 40)
	if err != nil {
		d.Fatal(err)
	}
	var vs []*sendwatch.Vacancy
	for i := range n {
		vs = append(vs, g.Vacancy(fmt.Sprintf("v%03d", i), 40))
	}
	// Several batches, and some vacancies twice, as in an index that has lived.
	d.put(vs[:n/2]...)
	d.put(vs[n/3:]...)
	d.put(vs[:n/4]...)
	return vs
}

// agreement holds that an index finds what matcher.Filter.Accepts accepts.
func agreement(d *desk) {
	vs := d.population(300)
	found := 0
	rapid.Check(d.T, func(t *rapid.T) {
		c := criteria().Draw(t, "criteria")
		f, err := d.Matcher.Compile(c)
		if err != nil {
			t.Fatalf("Compile: %v", err)
		}
		var want []string
		for _, v := range vs {
			if a := d.Matcher.Attributes(v); f.Accepts(&a) {
				want = append(want, v.ID)
			}
		}
		hits, total := everything(t, d.index, search.Query{Filter: f, Words: c.Words})
		got := ids(hits)
		slices.Sort(got)
		if !slices.Equal(got, want) || total != len(want) {
			t.Fatalf("found %d: %v\nwant  %d: %v", total, got, len(want), want)
		}
		if len(want) > 0 {
			found++
		}
	})
	if found < 10 {
		d.Errorf("only %d of the generated criteria found anything: the test tests nothing", found)
	}
}

// agreementOfOrders holds that an order changes nothing but the order, that the
// order and the scores are those that its Sort promises, and that facets count
// what was found.
func agreementOfOrders(d *desk) {
	p := newPlain(d.Kit, d.population(120))
	var levels [search.Levels]int
	agree := func(t judge, c sendwatch.Criteria) {
		f, err := d.Matcher.Compile(c)
		if err != nil {
			t.Fatalf("Compile: %v", err)
		}
		found := p.accepted(&f)
		for _, sort := range search.Sorts() {
			if sort != search.SortDistance || len(f.Homes) > 0 {
				d.agreesOn(t, p, found, search.Query{Filter: f, Words: c.Words, Sort: sort, Facets: search.Facets()})
			}
		}
		for _, id := range found {
			for _, term := range search.Ranked(&f) {
				levels[p.level(id, term)]++
			}
		}
	}
	for _, word := range genWords {
		agree(d.T, sendwatch.Criteria{Words: word})
	}
	for level, n := range levels {
		if n == 0 {
			d.Errorf("no word that was asked for stood at level %d: the test tests too little", level)
		}
	}
	rapid.Check(d.T, func(t *rapid.T) { agree(t, criteria().Draw(t, "criteria")) })
}

// judge is what *testing.T and *rapid.T have in common.
type judge interface {
	Context() context.Context
	Fatalf(format string, args ...any)
}

// agreesOn holds the hits, scores and facets of one query against what must be
// found.
func (d *desk) agreesOn(t judge, p *plain, found []string, q search.Query) {
	hits, _ := everything(t, d.index, q)
	if want := p.ordered(found, &q.Filter, q.Sort); !slices.Equal(ids(hits), want) {
		t.Fatalf("by %s: %v\nwant: %v", q.Sort, ids(hits), want)
	}
	for _, h := range hits {
		if want := p.score(h.ID, &q.Filter, q.Sort); h.Score != want {
			t.Fatalf("by %s: the score of %s is %v, want %v", q.Sort, h.ID, h.Score, want)
		}
	}
	res, err := d.index.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("Search: %v", err)
	}
	if diff := gocmp.Diff(p.facets(found), res.Facets); diff != "" {
		t.Fatalf("facets (-want +got):\n%s", diff)
	}
}

// everything pages through a query.
func everything(t judge, x search.Index, q search.Query) (found []search.Hit, total int) {
	q.PerPage = 35
	for q.Page = 1; ; q.Page++ {
		res, err := x.Search(t.Context(), q)
		if err != nil {
			t.Fatalf("Search: %v", err)
		}
		if len(res.Hits) == 0 {
			return found, res.Total
		}
		found = append(found, res.Hits...)
	}
}

// criteria generates searches, every other one with words, that use a few of the
// filters each.
func criteria() *rapid.Generator[sendwatch.Criteria] {
	return rapid.Custom(func(t *rapid.T) sendwatch.Criteria {
		var c sendwatch.Criteria
		list := func(name string, from []string) []string {
			return rapid.SliceOfNDistinct(rapid.SampledFrom(stated(from)), 1, 3, rapid.ID[string]).Draw(t, name)
		}
		if rapid.Bool().Draw(t, "with words") {
			c.Words = typed(t)
		}
		for _, field := range rapid.SliceOfNDistinct(rapid.IntRange(1, 16), 0, 3, rapid.ID[int]).Draw(t, "fields") {
			switch field {
			case 1:
				c.Roles = list("roles", genRoles)
			case 2:
				c.Needs = list("needs", genNeeds)
			case 3:
				c.Settings = list("settings", genSettings)
			case 4:
				c.Phases = list("phases", genPhases)
			case 5:
				c.Contracts = list("contracts", genContracts)
			case 6:
				c.Patterns = list("patterns", genPatterns)
			case 7:
				c.MinActual = float64(rapid.IntRange(20, 45).Draw(t, "min_actual")) * 600
			case 8:
				c.MinHourly = float64(rapid.IntRange(20, 40).Draw(t, "min_hourly")) / 2
			case 9:
				c.StatedPayOnly = true
			case 10:
				c.Hours.Min, c.Hours.Max = bound(t, "least"), bound(t, "most")
			case 11:
				c.Refuses = list("refuses", append(strs(genDuties), "agency"))
			case 12:
				c.Support = list("support", strs(genSupport))
			case 13:
				c.Entry = list("entry", strs(sendwatch.Entries()))
			case 14:
				c.Driver = list("driver", strs(sendwatch.Drivers()))
			case 15:
				c.PaidBy = list("paid_by", strs(genKinds))
			case 16:
				c.Kinds = list("kinds", strs(sendwatch.Kinds()))
			}
		}
		homes(t, &c)
		return c
	})
}

// typed is what somebody types.
func typed(t *rapid.T) string {
	var parts []string
	for range rapid.IntRange(1, 3).Draw(t, "words") {
		w := rapid.SampledFrom(genWords).Draw(t, "word")
		if rapid.IntRange(0, 4).Draw(t, "quoted") == 0 {
			w = `"` + w + " " + rapid.SampledFrom(genWords).Draw(t, "next") + `"`
		}
		if rapid.IntRange(0, 3).Draw(t, "excluded") == 0 {
			w = "-" + w
		}
		parts = append(parts, w)
	}
	return strings.Join(parts, " ")
}

func bound(t *rapid.T, name string) *float64 {
	if rapid.Bool().Draw(t, name+" open") {
		return nil
	}
	h := float64(rapid.IntRange(0, 16).Draw(t, name)) * 2.5
	return &h
}

// homes adds none, one or two places to search from.
func homes(t *rapid.T, c *sendwatch.Criteria) {
	miles := rapid.SampledFrom([]float64{0, 3, 10, 25, 60, 180, 500})
	switch rapid.IntRange(0, 4).Draw(t, "homes") {
	case 0:
		c.Near, c.WithinMiles = rapid.SampledFrom(genTowns).Draw(t, "near"), miles.Draw(t, "miles")
	case 1:
		for range 2 {
			c.Homes = append(c.Homes, sendwatch.Home{
				Near: rapid.SampledFrom(genTowns).Draw(t, "home"), WithinMiles: miles.Draw(t, "its miles"),
			})
		}
	}
}

func stated(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(s string) bool { return s == "" })
}

func strs[T ~string](values []T) []string {
	var out []string
	for _, v := range values {
		out = append(out, string(v))
	}
	return out
}
