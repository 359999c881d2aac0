package ingest_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/normalise"
	"github.com/sendwatch/sendwatch/store"
)

// BenchmarkTakeIn takes in adverts that are as hard to tell apart as there are: one
// agency's template for many towns, edited a little each time. The time an advert
// takes must not grow with how many there are.
func BenchmarkTakeIn(b *testing.B) {
	for _, n := range []int{300, 1_000, 4_000, 16_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				in, src, done := floodedBoard(b, n)
				b.StartTimer()
				if _, err := in.Crawl(b.Context(), src, time.Hour, true); err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				done()
				b.StartTimer()
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n)/float64(b.N), "µs/advert")
		})
	}
}

// floodedBoard is an empty store and a board of n adverts that hardly differ.
func floodedBoard(b *testing.B, n int) (in *ingest.Ingest, src crawler.Source, done func()) {
	b.Helper()
	bb := &bench{sites: map[string]*site{"oak": newSite()}, now: time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)}
	st, err := store.Open(b.Context(), store.Options{Path: filepath.Join(b.TempDir(), "s.db"), Now: bb.Now, NewID: mint})
	if err != nil {
		b.Fatal(err)
	}
	for i := range n {
		bb.sites["oak"].adverts[fmt.Sprintf("r%05d", i)] = advert{title: "SEN Teaching Assistant", employer: "Bright Bridge Recruitment",
			town: fmt.Sprintf("Reading, RG%d", 1+i%20), body: fmt.Sprintf("%s Our number for this post is %d. Ask for room %d.", template, i, i/7), pay: "£90 to £100 a day"}
	}
	src = bb.source("oak")
	src.EmployerKind = sendwatch.EmployerAgency
	in = ingest.New(ingest.Options{Store: st, Normaliser: load(b), Crawler: crawlerFunc(bb.crawlSite), Now: bb.Now, NewID: mint, Rules: normalise.Rules})
	return in, src, func() { _ = st.Close() }
}
