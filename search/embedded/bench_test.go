package embedded_test

import (
	"flag"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/embedded"
	"github.com/sendwatch/sendwatch/search/searchtest"
)

// benchVacancies is how many vacancies the benchmarks' index has, each of about
// 3 KB.
var benchVacancies = flag.Int("vacancies", 20_000, "how many vacancies the benchmarks' index has")

const (
	benchWords      = 400
	benchVocabulary = 12_000
)

// bench keeps the vacancies of all benchmarks, which take longer to make than
// most benchmarks to run.
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

func fill(b *testing.B, x search.Index, vs []*sendwatch.Vacancy) {
	b.Helper()
	cursor := int64(0)
	for part := range slices.Chunk(vs, search.MaxBatch) {
		cursor++
		apply(b, x, search.Batch{Put: part, Cursor: cursor})
	}
}

// BenchmarkFill fills an empty index.
func BenchmarkFill(b *testing.B) {
	vs := corpus(b)
	for b.Loop() {
		b.StopTimer()
		dir := b.TempDir()
		x, err := embedded.Open(b.Context(), options(b, dir))
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		fill(b, x, vs)
		b.StopTimer()
		if err := x.Close(); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(size(b, dir))/1e6, "MB")
		b.StartTimer()
	}
	b.ReportMetric(float64(len(vs)*b.N)/b.Elapsed().Seconds(), "vacancies/s")
}

func size(b *testing.B, dir string) (bytes int64) {
	b.Helper()
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			bytes += info.Size()
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return bytes
}

// BenchmarkUpdate changes one vacancy of a full index.
func BenchmarkUpdate(b *testing.B) {
	vs := corpus(b)
	x := open(b, b.TempDir())
	fill(b, x, vs)
	i := 0
	timed(b, func() error {
		i++
		return x.Apply(b.Context(), search.Batch{Put: vs[i%len(vs) : i%len(vs)+1], Cursor: int64(i)})
	})
}

// BenchmarkSearch asks a full index through the service, first page, in the
// ways that people ask.
func BenchmarkSearch(b *testing.B) {
	x := open(b, b.TempDir())
	fill(b, x, corpus(b))
	k := searchtest.NewKit(b)
	s := search.NewService(search.ServiceOptions{Index: x, Matcher: k.Matcher, Terms: k.Terms})
	facets := search.Facets()
	for _, c := range []struct {
		name string
		r    search.Request
	}{
		{"words", search.Request{Criteria: sendwatch.Criteria{Words: "behaviour mentor"}}},
		{"mistyped", search.Request{Criteria: sendwatch.Criteria{Words: "behaviuor mentor"}}},
		{"a quoted phrase of most", search.Request{Criteria: sendwatch.Criteria{Words: `"teaching assistant"`}}},
		{"a quoted phrase of some", search.Request{Criteria: sendwatch.Criteria{Words: `"small groups"`}}},
		{"without a quoted phrase", search.Request{Criteria: sendwatch.Criteria{Words: `autism -"small groups"`}}},
		{"words, facets", search.Request{Criteria: sendwatch.Criteria{Words: "autism"}, Facets: facets}},
		{"words, filters, facets", search.Request{Criteria: sendwatch.Criteria{
			Words: "autism support", Phases: []string{"primary", "secondary"}, MinHourly: 13, Refuses: []string{"agency"},
		}, Facets: facets}},
		{"near, by distance, facets", search.Request{Criteria: sendwatch.Criteria{
			Words: "assistant", Near: "Leeds", WithinMiles: 18.6,
		}, Sort: search.SortDistance, Facets: facets}},
		{"everything, newest, facets", search.Request{Facets: facets}},
		{"everything, by pay", search.Request{Sort: search.SortPay}},
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
}

// BenchmarkNewPhrase asks a full index for quoted phrases, each for the first
// time, whose words most vacancies have.
func BenchmarkNewPhrase(b *testing.B) {
	x := open(b, b.TempDir())
	fill(b, x, corpus(b))
	k := searchtest.NewKit(b)
	s := search.NewService(search.ServiceOptions{Index: x, Matcher: k.Matcher, Terms: k.Terms})
	words := strings.Fields(`autism behaviour pupils support small groups trauma phonics reading therapy sensory
		communication speech language careful patient team training experience level needs emotional social`)
	i := 0
	timed(b, func() error {
		first, second := words[i%len(words)], words[(i+1+i/len(words))%len(words)]
		i++
		_, err := s.Search(b.Context(), search.Request{Criteria: sendwatch.Criteria{Words: `"` + first + " " + second + `"`}})
		return err
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
