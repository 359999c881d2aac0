package searchtest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
)

// How long the texts of a Corpus are, in words, and on how many words beside the
// common ones they draw. A vacancy is about 3 KB.
const (
	corpusWords      = 400
	corpusVocabulary = 12_000
)

// Corpus is the vacancies that an engine's benchmarks ask. They are made once, since
// that takes longer than most benchmarks run, and are the same for every engine.
type Corpus struct {
	once      sync.Once
	vacancies []*sendwatch.Vacancy
}

// Vacancies makes so many at the first call; all calls give the same.
func (c *Corpus) Vacancies(b *testing.B, n int) []*sendwatch.Vacancy {
	b.Helper()
	c.once.Do(func() {
		g, err := NewGenerator(NewKit(b), 1, corpusVocabulary)
		if err != nil {
			b.Fatal(err)
		}
		for i := range n {
			c.vacancies = append(c.vacancies, g.Vacancy(fmt.Sprintf("v%06d", i), corpusWords))
		}
	})
	return c.vacancies
}

// question is one of the ways in which people ask.
type question struct {
	name    string
	request search.Request
}

// questions are what benchmarks ask of so many vacancies of a Corpus.
func questions(vacancies int) []question {
	facets := search.Facets()
	near := sendwatch.Criteria{Words: "assistant", Near: "Leeds", WithinMiles: 18.6}
	return []question{
		{"words", search.Request{Criteria: asking("behaviour mentor")}},
		{"ten words", search.Request{Criteria: asking("autism behaviour pupils support small groups mentor school reading therapy")}},
		{"mistyped", search.Request{Criteria: asking("behaviuor mentor")}},
		{"a quoted phrase of most", search.Request{Criteria: asking(`"teaching assistant"`)}},
		{"a quoted phrase of some", search.Request{Criteria: asking(`"small groups"`)}},
		{"without a quoted phrase", search.Request{Criteria: asking(`autism -"small groups"`)}},
		{"words, facets", search.Request{Criteria: asking("autism"), Facets: facets}},
		{"words, filters, facets", search.Request{Criteria: sendwatch.Criteria{
			Words: "autism support", Phases: []string{"primary", "secondary"}, MinHourly: 13, Refuses: []string{"agency"},
		}, Facets: facets}},
		{"what the work is like, facets", search.Request{Criteria: sendwatch.Criteria{
			Support: []string{string(sendwatch.SupportOneToOne)}, Entry: []string{string(sendwatch.EntryOpen)}, Refuses: []string{string(sendwatch.DutyDriving)},
		}, Facets: facets}},
		{"near, newest, facets", search.Request{Criteria: near, Sort: search.SortNewest, Facets: facets}},
		{"near, by distance, facets", search.Request{Criteria: near, Sort: search.SortDistance, Facets: facets}},
		{"everything, newest, facets", search.Request{Facets: facets}},
		{"everything, by pay", search.Request{Sort: search.SortPay}},
		{"everything, the last page", search.Request{Page: min(vacancies/25, search.MaxReach/search.DefaultPerPage)}},
		{"nothing, relaxed", search.Request{Criteria: sendwatch.Criteria{
			Words: "autism", Settings: []string{"college"}, Phases: []string{"primary"}, Near: "Leeds",
		}}},
	}
}

// BenchmarkQuestions asks an engine that is full of a Corpus through the service,
// each question for itself.
func BenchmarkQuestions(b *testing.B, x search.Index, vacancies int) {
	k := NewKit(b)
	s := search.NewService(search.ServiceOptions{Index: x, Matcher: k.Matcher, Terms: k.Terms})
	for _, q := range questions(vacancies) {
		b.Run(q.name, func(b *testing.B) {
			Timed(b, func() error {
				_, err := s.Search(b.Context(), q.request)
				return err
			})
		})
	}
}

// Timed reports the middle and the slow end of many calls.
func Timed(b *testing.B, call func() error) {
	b.Helper()
	var took []time.Duration
	for b.Loop() {
		begun := b.Elapsed()
		if err := call(); err != nil {
			b.Fatal(err)
		}
		took = append(took, b.Elapsed()-begun)
	}
	slices.Sort(took)
	ms := func(share float64) float64 {
		return float64(took[int(share*float64(len(took)-1))]) / float64(time.Millisecond)
	}
	b.ReportMetric(ms(0.50), "p50-ms")
	b.ReportMetric(ms(0.95), "p95-ms")
}
