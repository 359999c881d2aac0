package ingest_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch/store"
)

// TestWhatAFeedLeavesOutClosesByItsPage takes the adverts of a feed that names the
// latest only through the days after it has dropped them.
func TestWhatAFeedLeavesOutClosesByItsPage(t *testing.T) {
	b := newBench(t)
	s := numbered(6)
	s.partial = true
	b.sites["feed"] = s
	b.crawl("feed")
	s.dropped = map[string]advert{}
	for _, ref := range []string{"r01", "r02", "r03", "r04", "r05"} { // r00 is listed for ever
		s.dropped[ref] = s.adverts[ref]
		delete(s.adverts, ref)
		newer := s.dropped[ref]
		newer.body = "Newer than " + ref
		s.adverts["n"+ref] = newer
	}
	wantOld := func(n int) {
		t.Helper()
		b.wantOpen(n + 5)
	}
	s.gone["r02"] = true   // its page says that it is closed
	s.absent["r03"] = true // its page has become another
	s.broken["r04"] = true // its page does not answer
	// r01 and r05 stand for a while.

	day := func(want ...string) {
		t.Helper()
		s.asked = nil
		if r := b.crawl("feed"); !r.Healthy || r.Listed != 6 {
			t.Errorf("%+v", r)
		}
		if d := cmp.Diff(want, s.asked); d != "" {
			t.Errorf("asked for (-want +got):\n%s", d)
		}
		b.pass(24 * time.Hour)
	}
	day()
	day()
	day()
	wantOld(6)
	day("r01", "r02", "r03", "r04", "r05")
	wantOld(5) // r02 is gone by its own word; that r03 is not there may be an accident
	s.gone["r05"] = true
	day()
	day()
	wantOld(5)
	s.gone["r01"] = true
	s.incomplete = true
	s.asked = nil
	if r := b.crawl("feed"); r.Healthy || r.Closed != 0 || len(s.asked) != 4 {
		t.Errorf("asked for %v; an incomplete crawl closes nothing: %+v", s.asked, r)
	}
	s.incomplete = false
	wantOld(5)
	day("r01", "r05") // they were looked for, and nothing was concluded
	wantOld(3)
	b.pass(3 * 24 * time.Hour)
	day("r03", "r04")
	wantOld(2) // r03 is twice and more not where it was
	s.broken["r04"] = false
	b.pass(3 * 24 * time.Hour)
	day("r04")
	wantOld(2)
}

func TestWhatNobodyWatchesCloses(t *testing.T) {
	b := newBench(t)
	b.sites["oak"], b.sites["elm"] = numbered(3), newSite("x")
	b.crawl("oak")
	b.crawl("elm")
	sweep := func(want int, watched ...string) {
		t.Helper()
		if n, err := b.Sweep(t.Context(), watched); n != want || err != nil {
			t.Errorf("with %v watched, %d closed (%v), want %d", watched, n, err, want)
		}
	}
	sweep(0, "elm")
	b.pass(13 * 24 * time.Hour)
	sweep(0, "elm")
	b.crawl("elm")
	b.pass(2 * 24 * time.Hour)
	sweep(0)
	sweep(0, "elm", "oak")
	sweep(3, "elm")
	b.wantOpen(1)
	sweep(0, "elm")
	ps, err := b.store.Postings(t.Context(), b.vacancyOf("Advert r00"))
	if err != nil || len(ps) != 1 || ps[0].Open {
		t.Fatalf("postings %+v (%v)", ps, err)
	}
	if d := cmp.Diff(map[string][]string{"r00": {"closed " + store.ClosedUnwatched}}, b.history(ps[0].Vacancy)); d != "" {
		t.Errorf("history (-want +got):\n%s", d)
	}
	if r := b.crawl("oak"); r.Reopened != 3 || r.New != 0 { // it is configured again
		t.Errorf("back: %+v", r)
	}
}
