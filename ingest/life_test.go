package ingest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/ingest"
)

// numbered is a site of n adverts.
func numbered(n int) *site {
	var refs []string
	for i := range n {
		refs = append(refs, fmt.Sprintf("r%02d", i))
	}
	return newSite(refs...)
}

func TestTwoMissesClose(t *testing.T) {
	b := newBench(t)
	s := numbered(5)
	b.sites["oak"] = s
	b.crawl("oak")
	head := b.head()
	delete(s.adverts, "r00")
	if r := b.crawl("oak"); r.Closed != 0 || !r.Healthy {
		t.Errorf("after one miss: %+v", r)
	}
	b.wantOpen(5)
	if r := b.crawl("oak"); r.Closed != 1 {
		t.Errorf("after two misses: %+v", r)
	}
	b.wantOpen(4)
	b.wantLog(head, "vacancy-closed sightings,state")
	if r := b.crawl("oak"); r.Closed != 0 {
		t.Errorf("it was closed twice: %+v", r)
	}
}

func TestAMissIsForgottenWhenItIsSeen(t *testing.T) {
	b := newBench(t)
	s := numbered(5)
	b.sites["oak"] = s
	b.crawl("oak")
	a := s.adverts["r00"]
	for range 3 {
		delete(s.adverts, "r00")
		b.crawl("oak")
		s.adverts["r00"] = a
		b.crawl("oak")
	}
	b.wantOpen(5)
}

func TestABadCrawlClosesNothing(t *testing.T) {
	for name, spoil := range map[string]func(*site){
		"empty":      func(s *site) { clear(s.adverts) },
		"halved":     func(s *site) { keepOnly(s, "r00", "r01", "r02") },
		"incomplete": func(s *site) { delete(s.adverts, "r05"); s.incomplete = true },
		"gone, on an incomplete crawl": func(s *site) {
			s.gone["r00"] = true
			s.incomplete = true
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			s := numbered(6)
			b.sites["oak"] = s
			b.crawl("oak")
			head := b.head()
			spoil(s)
			for range 5 {
				if r := b.crawl("oak"); r.Healthy || r.Note == "" || r.Closed != 0 {
					t.Errorf("%+v", r)
				}
			}
			b.wantOpen(6)
			hs, err := b.store.SourceHealth(t.Context())
			if err != nil || len(hs) != 1 || hs[0].Healthy || hs[0].Failures != 5 || hs[0].Usual != 6 || hs[0].Open != 6 {
				t.Errorf("health %+v (%v)", hs, err)
			}
			b.sites["oak"] = numbered(6)
			if r := b.crawl("oak"); !r.Healthy || r.New+r.Changed+r.Reopened != 0 {
				t.Errorf("after it recovered: %+v", r)
			}
			b.wantLog(head)
		})
	}
}

func keepOnly(s *site, refs ...string) {
	kept := map[string]advert{}
	for _, r := range refs {
		kept[r] = s.adverts[r]
	}
	s.adverts = kept
}

func TestASourceThatReallyShrankIsBelieved(t *testing.T) {
	b := newBench(t)
	s := numbered(10)
	b.sites["oak"] = s
	b.crawl("oak")
	keepOnly(s, "r00", "r01")
	for range 4 { // three alike and more, but within minutes
		if r := b.crawl("oak"); r.Healthy {
			t.Fatalf("believed at once: %+v", r)
		}
	}
	b.pass(25 * time.Hour)
	if r := b.crawl("oak"); !r.Healthy || r.Closed != 0 || !strings.Contains(r.Note, "believed") {
		t.Errorf("a day later: %+v", r)
	}
	if r := b.crawl("oak"); !r.Healthy || r.Closed != 8 {
		t.Errorf("the crawl after: %+v", r)
	}
	b.wantOpen(2)
}

func TestShrunkCrawlsMustAgree(t *testing.T) {
	b := newBench(t)
	b.opts.ShrunkFor = time.Nanosecond
	in := ingest.New(b.opts)
	b.Ingest = in
	s := numbered(10)
	b.sites["oak"] = s
	b.crawl("oak")
	for _, n := range []int{2, 2, 3, 3, 0, 2, 2} {
		b.sites["oak"] = numbered(n)
		if r := b.crawl("oak"); r.Healthy {
			t.Errorf("believed %d adverts", n)
		}
	}
	if r := b.crawl("oak"); !r.Healthy {
		t.Errorf("three alike in a row are not believed: %+v", r)
	}
}

func TestGoneClosesAtOnce(t *testing.T) {
	b := newBench(t)
	s := numbered(5)
	b.sites["oak"] = s
	b.crawl("oak")
	s.gone["r01"] = true
	if r := b.crawl("oak"); r.Closed != 1 || !r.Healthy {
		t.Errorf("%+v", r)
	}
	b.wantOpen(4)
	head := b.head()
	b.crawl("oak")
	b.wantLog(head)
}

func TestWhatComesBackReopens(t *testing.T) {
	for name, closeIt := range map[string]func(*bench, *site){
		"gone": func(b *bench, s *site) { s.gone["r00"] = true; b.crawl("oak"); delete(s.gone, "r00") },
		"missing": func(b *bench, s *site) {
			a := s.adverts["r00"]
			delete(s.adverts, "r00")
			b.crawl("oak")
			b.crawl("oak")
			s.adverts["r00"] = a
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			s := numbered(5)
			b.sites["oak"] = s
			b.crawl("oak")
			id := b.open()[0].ID
			closeIt(b, s)
			b.wantOpen(4)
			head := b.head()
			if r := b.crawl("oak"); r.Reopened != 1 || r.New != 0 || r.NotModified != 5 {
				t.Errorf("%+v", r)
			}
			b.wantOpen(5)
			b.wantLog(head, "vacancy-reopened sightings,state")
			v, err := b.store.Vacancy(t.Context(), id)
			if err != nil || v.State != sendwatch.VacancyOpen || v.ClosedAt != nil {
				t.Errorf("it stands %q, closed %v (%v)", v.State, v.ClosedAt, err)
			}
		})
	}
}

func TestWhatComesBackChangedReopens(t *testing.T) {
	b := newBench(t)
	s := numbered(5)
	b.sites["oak"] = s
	b.crawl("oak")
	s.gone["r00"] = true
	b.crawl("oak")
	delete(s.gone, "r00")
	a := s.adverts["r00"]
	a.title = "Learning mentor"
	s.adverts["r00"] = a
	head := b.head()
	if r := b.crawl("oak"); r.Reopened != 1 || r.New+r.Changed != 0 {
		t.Errorf("%+v", r)
	}
	b.wantLog(head, "vacancy-reopened title,sightings,state")
}

func TestTheClosingDateCloses(t *testing.T) {
	b := newBench(t)
	s := numbered(5)
	a := s.adverts["r00"]
	a.closes = "2026-09-01T12:00:00Z"
	s.adverts["r00"] = a
	b.sites["oak"] = s
	b.crawl("oak")
	b.wantOpen(5)
	b.pass(5 * time.Hour)

	t.Run("by a crawl", func(t *testing.T) {
		if r := b.crawl("oak"); r.Closed != 1 {
			t.Errorf("%+v", r)
		}
		b.wantOpen(4)
	})
	t.Run("and it stays closed though it is listed", func(t *testing.T) {
		head := b.head()
		for range 2 {
			if r := b.crawl("oak"); r.Reopened+r.Closed+r.New != 0 || r.Unchanged != 5 {
				t.Errorf("%+v", r)
			}
		}
		b.wantLog(head)
	})
	t.Run("until the date is moved", func(t *testing.T) {
		a.closes = "2026-09-09T12:00:00Z"
		s.adverts["r00"] = a
		if r := b.crawl("oak"); r.Reopened != 1 {
			t.Errorf("%+v", r)
		}
		b.wantOpen(5)
	})
	t.Run("by a sweep", func(t *testing.T) {
		b.pass(14 * 24 * time.Hour)
		if n, err := b.Sweep(t.Context(), nil); n != 1 || err != nil {
			t.Errorf("swept %d (%v), want 1", n, err)
		}
		b.wantOpen(4)
	})
	t.Run("a new advert past its date is never open", func(t *testing.T) {
		s.adverts["r99"] = advert{title: "TA", body: "Late", closes: "2026-08-01T00:00:00Z"}
		head := b.head()
		if r := b.crawl("oak"); r.New != 1 || r.Closed != 0 {
			t.Errorf("%+v", r)
		}
		b.wantOpen(4)
		b.wantLog(head, "vacancy-created")
	})
}

func TestAVacancyClosesWithItsLastPosting(t *testing.T) {
	b := newBench(t)
	oak, elm := newSite("a"), newSite()
	elm.adverts["z"] = oak.adverts["a"]
	b.sites["oak"], b.sites["elm"] = oak, elm
	b.crawl("oak")
	b.crawl("elm")
	b.wantOpen(1)
	oak.gone["a"] = true
	head := b.head()
	b.crawl("oak")
	b.wantOpen(1)
	b.wantLog(head, "vacancy-changed sightings")
	elm.gone["z"] = true
	b.crawl("elm")
	b.wantOpen(0)
}

func TestRenormalise(t *testing.T) {
	b := newBench(t)
	b.sites["oak"] = numbered(60)
	b.crawl("oak")
	head := b.head()
	if n, err := b.Renormalise(t.Context()); n != 0 || err != nil {
		t.Fatalf("renormalised %d (%v) by the same rules", n, err)
	}
	b.opts.Rules, b.opts.Normaliser = 2, reader{suffix: " (read anew)"}
	newer := ingest.New(b.opts)
	if n, err := newer.Renormalise(t.Context()); n != 60 || err != nil {
		t.Fatalf("renormalised %d (%v), want 60", n, err)
	}
	cs, err := b.store.Changes(t.Context(), head, 100)
	if err != nil || len(cs) != 60 || cs[0].Cause != sendwatch.CauseRenormalise {
		t.Errorf("%d changes (%v), want 60 by renormalise", len(cs), err)
	}
	if v := b.open()[0]; v.Title != "Teaching assistant (read anew)" || v.Rules != 2 {
		t.Errorf("it reads %q by rules %d", v.Title, v.Rules)
	}
	if n, err := newer.Renormalise(t.Context()); n != 0 || err != nil {
		t.Errorf("a second time: %d (%v)", n, err)
	}
}

func TestWhatACopyChangesIsNotACrawlsNews(t *testing.T) {
	b := newBench(t)
	own, copied := newSite("a"), newSite("a")
	b.sites["own"], b.sites["copied"] = own, copied
	b.crawl("own")
	a := copied.adverts["a"]
	a.closes = "2026-12-01T12:00:00Z" // the copy states what the first advert leaves open
	copied.adverts["a"] = a
	head := b.head()
	b.crawl("copied")
	cs, err := b.store.Changes(t.Context(), head, 10)
	if err != nil || len(cs) != 1 || cs[0].Event != sendwatch.VacancyChanged || cs[0].Cause != sendwatch.CauseCopy {
		t.Errorf("the copy's arrival is %+v (%v), want one change caused by a copy", cs, err)
	}
	head = b.head()
	a = own.adverts["a"]
	a.closes = "2026-11-30T12:00:00Z"
	own.adverts["a"] = a
	b.crawl("own")
	cs, err = b.store.Changes(t.Context(), head, 10)
	if err != nil || len(cs) != 1 || cs[0].Cause != sendwatch.CauseCrawl {
		t.Errorf("a changed advert is %+v (%v), want one change found by a crawl", cs, err)
	}
}

func TestAListOfTheLatestOnlyClosesNothingItLeavesOut(t *testing.T) {
	b := newBench(t)
	s := numbered(6)
	s.partial = true
	b.sites["feed"] = s
	b.crawl("feed")
	keepOnly(s, "r01", "r02", "r03", "r04", "r05")
	for range 4 {
		if r := b.crawl("feed"); !r.Healthy || r.Closed != 0 {
			t.Errorf("%+v", r)
		}
	}
	b.wantOpen(6)
	s.gone["r01"] = true
	b.crawl("feed")
	b.wantOpen(5)
}

func TestALargeListThatLosesALotIsNotBelieved(t *testing.T) {
	b := newBench(t)
	s := numbered(40)
	b.sites["oak"] = s
	b.crawl("oak")
	for ref := range s.adverts {
		if ref >= "r26" { // 26 of 40 are left: more than half
			delete(s.adverts, ref)
		}
	}
	for range 3 {
		if r := b.crawl("oak"); r.Healthy || r.Closed != 0 {
			t.Errorf("%+v", r)
		}
	}
	b.wantOpen(40)
}
