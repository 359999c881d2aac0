package searchtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/search"
)

// AgreeOptions says what Agree compares.
type AgreeOptions struct {
	// A and B are the engines, empty, and NameA and NameB what to call them.
	A, B         search.Index
	NameA, NameB string
	// Vacancies are what both are filled with. Queries are drawn from them too.
	Vacancies []*sendwatch.Vacancy
	// Queries is how many are asked, and Seed makes others of them.
	Queries int
	Seed    uint64
	// Floor is the least share of its first ten hits that any query may have in
	// common with the other engine, in any order: 1 where nothing may differ.
	Floor float64
}

// Agreement is how far two engines agree in what they put first.
type Agreement struct {
	// Asked is how many queries were asked, and Found how many found something.
	Asked, Found int
	// Overlaps says by Sort how many of the first ten hits are the same.
	Overlaps map[search.Sort]Overlap
}

// Overlap is what the first ten hits of two engines have in common, as a share,
// over all queries that found something.
type Overlap struct {
	Mean, Worst float64
	// Same is how many queries had the same ten in the same order.
	Same, Of int
}

// firstHits is how many hits the overlap is about: what a person looks at.
const firstHits = 10

// maxCompared is how many hits of a query are compared one by one. Beyond them
// totals and facets tell.
const maxCompared = 2000

// Agree fills two engines with vacancies and asks both the same. Each must find
// exactly what the filter accepts, in the order that is promised, and count the
// same facets; and both must correct typing mistakes alike. It reports how far
// the first hits of the two agree.
func Agree(t testing.TB, o AgreeOptions) Agreement {
	t.Helper()
	k := NewKit(t)
	p := newPlain(k, o.Vacancies)
	c := &comparison{
		TB: t, o: o, kit: k, plain: p, asker: newInquirer(p, k, o.Seed),
		sides: []side{{o.NameA, o.A, nil}, {o.NameB, o.B, nil}},
		out:   Agreement{Overlaps: make(map[search.Sort]Overlap)},
	}
	if len(c.asker.vacancies) == 0 {
		t.Fatalf("none of the %d vacancies is open and in scope: there is nothing to ask about", len(o.Vacancies))
	}
	for i := range c.sides {
		c.fill(&c.sides[i])
	}
	for range o.Queries {
		c.compare()
	}
	c.report()
	return c.out
}

// side is one of the engines compared.
type side struct {
	name  string
	index search.Index
	words map[string]int
}

type comparison struct {
	testing.TB
	o     AgreeOptions
	kit   Kit
	plain *plain
	asker *inquirer
	sides []side
	out   Agreement
}

// fill puts all vacancies into an engine, and reads its vocabulary.
func (c *comparison) fill(s *side) {
	c.Helper()
	cursor := int64(0)
	for part := range slices.Chunk(c.o.Vacancies, search.MaxBatch) {
		cursor++
		if err := s.index.Apply(c.Context(), search.Batch{Put: part, Cursor: cursor}); err != nil {
			c.Fatalf("fill %s: %v", s.name, err)
		}
	}
	var err error
	if s.words, err = s.index.Vocabulary(c.Context()); err != nil {
		c.Fatalf("vocabulary of %s: %v", s.name, err)
	}
}

// compare asks one query, in every order.
func (c *comparison) compare() {
	c.Helper()
	words, f := c.question()
	found := c.plain.accepted(&f)
	c.out.Asked++
	if len(found) > 0 {
		c.out.Found++
	}
	for _, sort := range search.Sorts() {
		if sort == search.SortDistance && len(f.Homes) == 0 {
			continue
		}
		q := search.Query{Filter: f, Words: words, Sort: sort, Facets: search.Facets()}
		want := c.plain.ordered(found, &f, effective(sort, &f))
		var first [][]string
		for _, s := range c.sides {
			got := c.ask(s, q, want)
			first = append(first, got[:min(len(got), firstHits)])
		}
		if len(found) > 0 {
			c.overlap(sort, first[0], first[1])
		}
	}
}

// effective is the order that is used when a sort is asked for.
func effective(sort search.Sort, f *matcher.Filter) search.Sort {
	if sort == search.SortRelevance && len(search.Ranked(f)) == 0 {
		return search.SortNewest
	}
	return sort
}

// question draws a query, its words corrected as each engine's vocabulary has it.
func (c *comparison) question() (string, matcher.Filter) {
	c.Helper()
	criteria, homes := c.asker.criteria()
	typed := criteria.Words
	criteria.Words, _ = c.kit.Terms.Correct(typed, c.sides[0].words)
	if other, _ := c.kit.Terms.Correct(typed, c.sides[1].words); other != criteria.Words {
		c.Errorf("%q is corrected to %q by %s and to %q by %s", typed, criteria.Words, c.sides[0].name, other, c.sides[1].name)
	}
	f, err := c.kit.Matcher.Compile(criteria)
	if err != nil {
		c.Fatalf("compile %+v: %v", criteria, err)
	}
	f.Homes = homes
	return criteria.Words, f
}

// ask asks one engine for the hits that are compared, and compares them with
// what they must be. It returns their ids.
func (c *comparison) ask(s side, q search.Query, want []string) []string {
	c.Helper()
	var got []string
	q.PerPage = search.MaxPerPage
	for q.Page = 1; len(got) < min(len(want)+1, maxCompared); q.Page++ {
		res, err := s.index.Search(c.Context(), q)
		if err != nil {
			c.Fatalf("%s: %s: %v", s.name, describe(q), err)
		}
		if q.Page == 1 {
			c.counts(s, q, res, want)
		}
		q.Facets = nil // once is enough
		c.scores(s, q, res.Hits)
		if len(res.Hits) == 0 {
			break
		}
		got = append(got, ids(res.Hits)...)
	}
	if compared := want[:min(len(want), max(len(got), maxCompared))]; !slices.Equal(got, compared) {
		c.Errorf("%s: %s finds other vacancies, or in another order (-want +got):\n%s", s.name, describe(q), gocmp.Diff(compared, got))
	}
	return got
}

// counts compares totals and facets.
func (c *comparison) counts(s side, q search.Query, res search.Result, want []string) {
	c.Helper()
	if res.Total != len(want) {
		c.Errorf("%s: %s finds %d, want %d", s.name, describe(q), res.Total, len(want))
	}
	if diff := gocmp.Diff(c.plain.facets(want), res.Facets); diff != "" {
		c.Errorf("%s: %s counts other facets (-want +got):\n%s", s.name, describe(q), diff)
	}
}

func (c *comparison) scores(s side, q search.Query, hits []search.Hit) {
	c.Helper()
	for _, h := range hits {
		if _, known := c.plain.vacancies[h.ID]; !known {
			continue // told by the ids
		}
		if want := c.plain.score(h.ID, &q.Filter, q.Sort); h.Score != want {
			c.Errorf("%s: %s gives %s a score of %v, want %v", s.name, describe(q), h.ID, h.Score, want)
			return
		}
	}
}

// overlap notes what two engines' first hits have in common.
func (c *comparison) overlap(sort search.Sort, a, b []string) {
	common := 0
	for _, id := range a {
		if slices.Contains(b, id) {
			common++
		}
	}
	share := float64(common) / float64(max(len(a), len(b), 1))
	o, any := c.out.Overlaps[sort]
	if !any {
		o.Worst = 1
	}
	o.Mean = (o.Mean*float64(o.Of) + share) / float64(o.Of+1)
	o.Worst = min(o.Worst, share)
	o.Of++
	if slices.Equal(a, b) {
		o.Same++
	}
	c.out.Overlaps[sort] = o
}

// report tells how far the first hits agree.
func (c *comparison) report() {
	c.Helper()
	c.Logf("%d queries over %d vacancies, of which %d found something", c.out.Asked, len(c.o.Vacancies), c.out.Found)
	for _, sort := range slices.Sorted(maps.Keys(c.out.Overlaps)) {
		o := c.out.Overlaps[sort]
		c.Logf("by %s: the first %d agree to %.3f, at worst %.2f; %d of %d in the same order", sort, firstHits, o.Mean, o.Worst, o.Same, o.Of)
		if o.Worst < c.o.Floor {
			c.Errorf("by %s: %s and %s have %.2f of their first %d hits in common, want %.2f", sort, c.sides[0].name, c.sides[1].name, o.Worst, firstHits, c.o.Floor)
		}
	}
	if c.out.Found < c.out.Asked/4 {
		c.Errorf("only %d of %d queries found anything: the comparison compares nothing", c.out.Found, c.out.Asked)
	}
}

// describe tells a query, for whoever reads that it went wrong.
func describe(q search.Query) string {
	return strings.TrimSpace(fmt.Sprintf("%q by %s, filter %+v", q.Words, q.Sort, q.Filter))
}
