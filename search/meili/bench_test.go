package meili_test

import (
	"context"
	"flag"
	"slices"
	"testing"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/meili"
	"github.com/sendwatch/sendwatch/search/searchtest"
)

// The benchmarks ask a real server only: what a fake costs says nothing.

// benchVacancies is how many vacancies the benchmarks' index has, each of about
// 3 KB.
var benchVacancies = flag.Int("vacancies", 20_000, "how many vacancies the benchmarks' index has")

// bench keeps the vacancies of all benchmarks.
var bench searchtest.Corpus

func corpus(b *testing.B) []*sendwatch.Vacancy {
	b.Helper()
	return bench.Vacancies(b, *benchVacancies)
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
	searchtest.Timed(b, func() error {
		i++
		return x.Apply(b.Context(), search.Batch{Put: vs[i%len(vs) : i%len(vs)+1], Cursor: int64(i)})
	})
}

// BenchmarkSearch asks a full index through the service, first page, in the
// ways that people ask.
func BenchmarkSearch(b *testing.B) {
	x := opened(b, options(b, realServer(b)))
	renewed(b, x, corpus(b))
	searchtest.BenchmarkQuestions(b, x, *benchVacancies)
	b.Run("the vocabulary", func(b *testing.B) {
		o := options(b, realServer(b))
		searchtest.Timed(b, func() error {
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
