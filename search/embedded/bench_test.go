package embedded_test

import (
	"flag"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/embedded"
	"github.com/sendwatch/sendwatch/search/searchtest"
)

// benchVacancies is how many vacancies the benchmarks' index has, each of about
// 3 KB.
var benchVacancies = flag.Int("vacancies", 20_000, "how many vacancies the benchmarks' index has")

// bench keeps the vacancies of all benchmarks.
var bench searchtest.Corpus

func corpus(b *testing.B) []*sendwatch.Vacancy {
	b.Helper()
	return bench.Vacancies(b, *benchVacancies)
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
	searchtest.Timed(b, func() error {
		i++
		return x.Apply(b.Context(), search.Batch{Put: vs[i%len(vs) : i%len(vs)+1], Cursor: int64(i)})
	})
}

// BenchmarkSearch asks a full index through the service, first page, in the
// ways that people ask.
func BenchmarkSearch(b *testing.B) {
	x := open(b, b.TempDir())
	fill(b, x, corpus(b))
	searchtest.BenchmarkQuestions(b, x, *benchVacancies)
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
	searchtest.Timed(b, func() error {
		first, second := words[i%len(words)], words[(i+1+i/len(words))%len(words)]
		i++
		_, err := s.Search(b.Context(), search.Request{Criteria: sendwatch.Criteria{Words: `"` + first + " " + second + `"`}})
		return err
	})
}
