package searchtest_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/searchtest"
)

// TestEngine holds that the suite asks nothing but what the plainest engine does.
func TestEngine(t *testing.T) {
	searchtest.Run(t, func(t *testing.T) search.Index { return searchtest.NewEngine(searchtest.NewKit(t)) })
}

func generated(t *testing.T, n int) []*sendwatch.Vacancy {
	t.Helper()
	g, err := searchtest.NewGenerator(searchtest.NewKit(t), 5, 60)
	if err != nil {
		t.Fatal(err)
	}
	var vs []*sendwatch.Vacancy
	for i := range n {
		vs = append(vs, g.Vacancy(fmt.Sprintf("v%04d", i), 50))
	}
	return vs
}

// deaf is a testing.TB that counts errors and tells nobody.
type deaf struct {
	testing.TB
	errors int
}

func (d *deaf) Errorf(string, ...any) { d.errors++ }
func (d *deaf) Logf(string, ...any)   {}
func (d *deaf) Helper()               {}

// wrong is an engine that gets something wrong.
type wrong struct {
	*searchtest.Engine
	change func(*search.Query, *search.Result)
}

func (x *wrong) Search(ctx context.Context, q search.Query) (search.Result, error) {
	asked := q
	asked, err := asked.Normalised()
	if err != nil {
		return search.Result{}, err
	}
	res, err := x.Engine.Search(ctx, q)
	x.change(&asked, &res)
	return res, err
}

// TestAgree holds that two engines that agree are said to, and that each way of
// not agreeing is told.
func TestAgree(t *testing.T) {
	k := searchtest.NewKit(t)
	vs := generated(t, 150)
	for _, test := range []struct {
		name   string
		change func(*search.Query, *search.Result)
		agrees bool
	}{
		{"the same", func(*search.Query, *search.Result) {}, true},
		{"a hit too few", func(_ *search.Query, r *search.Result) { r.Hits = r.Hits[:max(len(r.Hits)-1, 0)] }, false},
		{"another total", func(_ *search.Query, r *search.Result) { r.Total++ }, false},
		{"another score", func(_ *search.Query, r *search.Result) {
			for i := range r.Hits {
				r.Hits[i].Score /= 2
			}
		}, false},
		{"another order by relevance", func(q *search.Query, r *search.Result) {
			if q.Sort == search.SortRelevance {
				slices.Reverse(r.Hits)
			}
		}, false},
		{"another order by pay", func(q *search.Query, r *search.Result) {
			if q.Sort == search.SortPay && len(r.Hits) > 1 {
				r.Hits[0], r.Hits[1] = r.Hits[1], r.Hits[0]
			}
		}, false},
		{"other facets", func(_ *search.Query, r *search.Result) {
			if f := r.Facets[search.FacetPattern]; len(f) > 0 {
				f[0].Count++
			}
		}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := &deaf{TB: t}
			got := searchtest.Agree(d, searchtest.AgreeOptions{
				A: searchtest.NewEngine(k), NameA: "plain", B: &wrong{searchtest.NewEngine(k), test.change}, NameB: "wrong",
				Vacancies: vs, Queries: 40, Seed: 1, Floor: 1,
			})
			if agrees := d.errors == 0; agrees != test.agrees {
				t.Errorf("%d disagreements", d.errors)
			}
			if got.Asked != 40 || len(got.Overlaps) != len(search.Sorts()) {
				t.Errorf("the agreement is %+v", got)
			}
			for sort, o := range got.Overlaps {
				if test.agrees && (o.Mean != 1 || o.Worst != 1 || o.Same != o.Of || o.Of == 0) {
					t.Errorf("by %s: %+v", sort, o)
				}
			}
		})
	}
}
