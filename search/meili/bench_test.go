package meili_test

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/meili"
	"github.com/sendwatch/sendwatch/search/searchtest"
)

// The benchmarks ask a real server only: what a fake costs says nothing.

// benchVacancies is how many vacancies the benchmarks' index has, each of about
// 3 KB.
var benchVacancies = flag.Int("vacancies", 20_000, "how many vacancies the benchmarks' index has")

const (
	benchWords      = 400
	benchVocabulary = 12_000
)

// bench keeps the vacancies of all benchmarks, which take longer to make than
// most benchmarks to run, and one filled index.
var bench struct {
	once      sync.Once
	vacancies []*sendwatch.Vacancy
}

func corpus(b *testing.B) []*sendwatch.Vacancy {
	b.Helper()
	bench.once.Do(func() {
		g, err := searchtest.NewGenerator(searchtest.NewKit(b), 1, benchVocabulary)
		if err != nil {
			b.Fatal(err)
		}
		for i := range *benchVacancies {
			bench.vacancies = append(bench.vacancies, g.Vacancy(fmt.Sprintf("v%06d", i), benchWords))
		}
	})
	return bench.vacancies
}

// renewed fills an index as a rebuild does.
func renewed(b *testing.B, x *meili.Index, vs []*sendwatch.Vacancy) {
	b.Helper()
	r, err := x.Renew(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	cursor := int64(0)
	for part := range slices.Chunk(vs, search.MaxBatch) {
		cursor++
		if err := r.Apply(b.Context(), search.Batch{Put: part, Cursor: cursor}); err != nil {
			b.Fatal(err)
		}
	}
	if err := r.Commit(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkRebuild fills an index beside an empty one and changes their places.
func BenchmarkRebuild(b *testing.B) {
	s := realServer(b)
	vs := corpus(b)
	x := opened(b, options(b, s))
	client := raw(b, s)
	before, err := client.GetStatsWithContext(b.Context(), nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for b.Loop() {
		renewed(b, x, vs)
	}
	b.ReportMetric(float64(len(vs)*b.N)/b.Elapsed().Seconds(), "vacancies/s")
	after, err := client.GetStatsWithContext(context.Background(), nil)
	if err != nil {
		b.Fatal(err)
	}
	now, ok1 := after.DatabaseSize.(float64)
	then, ok2 := before.DatabaseSize.(float64)
	if ok1 && ok2 {
		b.ReportMetric((now-then)/1e6, "MB")
	}
}

// BenchmarkUpdate changes one vacancy of a full index.
func BenchmarkUpdate(b *testing.B) {
	s := realServer(b)
	vs := corpus(b)
	x := opened(b, options(b, s))
	renewed(b, x, vs)
	i := 0
	timed(b, func() error {
		i++
		return x.Apply(b.Context(), search.Batch{Put: vs[i%len(vs) : i%len(vs)+1], Cursor: int64(i)})
	})
}

// BenchmarkSearch asks a full index through the service, first page, in the
// ways that people ask.
func BenchmarkSearch(b *testing.B) {
	x := opened(b, options(b, realServer(b)))
	renewed(b, x, corpus(b))
	k := searchtest.NewKit(b)
	s := search.NewService(search.ServiceOptions{Index: x, Matcher: k.Matcher, Terms: k.Terms})
	facets := search.Facets()
	for _, c := range []struct {
		name string
		r    search.Request
	}{
		{"words", search.Request{Criteria: sendwatch.Criteria{Words: "behaviour mentor"}}},
		{"ten words", search.Request{Criteria: sendwatch.Criteria{
			Words: "autism behaviour pupils support small groups mentor school reading therapy",
		}}},
		{"mistyped", search.Request{Criteria: sendwatch.Criteria{Words: "behaviuor mentor"}}},
		{"a quoted phrase of most", search.Request{Criteria: sendwatch.Criteria{Words: `"teaching assistant"`}}},
		{"a quoted phrase of some", search.Request{Criteria: sendwatch.Criteria{Words: `"small groups"`}}},
		{"without a quoted phrase", search.Request{Criteria: sendwatch.Criteria{Words: `autism -"small groups"`}}},
		{"words, facets", search.Request{Criteria: sendwatch.Criteria{Words: "autism"}, Facets: facets}},
		{"words, filters, facets", search.Request{Criteria: sendwatch.Criteria{
			Words: "autism support", Phases: []string{"primary", "secondary"}, MinHourly: 13, Refuses: []string{"agency"},
		}, Facets: facets}},
		{"near, newest, facets", search.Request{Criteria: sendwatch.Criteria{
			Words: "assistant", Near: "Leeds", WithinMiles: 18.6,
		}, Sort: search.SortNewest, Facets: facets}},
		{"near, by distance, facets", search.Request{Criteria: sendwatch.Criteria{
			Words: "assistant", Near: "Leeds", WithinMiles: 18.6,
		}, Sort: search.SortDistance, Facets: facets}},
		{"everything, newest, facets", search.Request{Facets: facets}},
		{"everything, by pay", search.Request{Sort: search.SortPay}},
		{"everything, the last page", search.Request{Page: *benchVacancies / 25}},
		{"nothing, relaxed", search.Request{Criteria: sendwatch.Criteria{
			Words: "autism", Settings: []string{"college"}, Phases: []string{"primary"}, Near: "Leeds",
		}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			timed(b, func() error {
				_, err := s.Search(b.Context(), c.r)
				return err
			})
		})
	}
	b.Run("the vocabulary", func(b *testing.B) {
		o := options(b, realServer(b))
		timed(b, func() error {
			// A new Index has read nothing yet.
			o.Name = x.UID()[:len(x.UID())-len("-0123456789ab")]
			y, err := meili.Open(b.Context(), o)
			if err != nil {
				return err
			}
			if _, err := y.Vocabulary(b.Context()); err != nil {
				return err
			}
			return y.Close()
		})
	})
}

// timed reports the middle and the slow end of many calls.
func timed(b *testing.B, call func() error) {
	b.Helper()
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		if err := call(); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	ms := func(share float64) float64 {
		return float64(took[int(share*float64(len(took)-1))]) / float64(time.Millisecond)
	}
	b.ReportMetric(ms(0.50), "p50-ms")
	b.ReportMetric(ms(0.95), "p95-ms")
}
