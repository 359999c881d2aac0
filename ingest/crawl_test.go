package ingest_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/store"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

func TestFirstAndSecondCrawl(t *testing.T) {
	b := newBench(t)
	b.sites["oak"] = newSite("a", "b", "c")
	r := b.crawl("oak")
	if r.Listed != 3 || r.New != 3 || r.Fetched != 3 || !r.Healthy || r.Changed+r.Unchanged+r.Closed+r.Reopened != 0 {
		t.Errorf("first crawl: %+v", r)
	}
	b.wantLog(0, "vacancy-created", "vacancy-created", "vacancy-created")
	head := b.head()
	before := b.open()[0].LastSeen

	r = b.crawl("oak")
	if r.NotModified != 3 || r.Unchanged != 3 || r.New+r.Changed+r.Closed != 0 {
		t.Errorf("second crawl: %+v", r)
	}
	b.wantLog(head)
	v := b.open()[0]
	if !v.LastSeen.After(before) || len(v.Sightings) != 1 || v.Sightings[0].Source != "oak" || !v.Sightings[0].Open {
		t.Errorf("after the second crawl: last seen %v, sightings %+v", v.LastSeen, v.Sightings)
	}
}

func TestReportIsTheContractsObject(t *testing.T) {
	text, err := json.Marshal(ingest.Report{Source: "oak", Healthy: true})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"source":"oak","listed":0,"fetched":0,"not_modified":0,"new":0,"changed":0,"unchanged":0,"closed":0,"reopened":0,"quarantined":0,"requests":0,"bytes":0,"seconds":0,"healthy":true,"note":""}`
	if string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}

func TestWhatChangedIsNamed(t *testing.T) {
	b := newBench(t)
	b.sites["oak"] = newSite("a")
	b.crawl("oak")
	head := b.head()
	a := b.sites["oak"].adverts["a"]
	a.title, a.closes = "Learning mentor", "2026-10-01T12:00:00Z"
	b.sites["oak"].adverts["a"] = a
	if r := b.crawl("oak"); r.Changed != 1 || r.New != 0 {
		t.Errorf("%+v", r)
	}
	b.wantLog(head, "vacancy-changed title,closes_at")
	if v := b.open()[0]; v.Title != "Learning mentor" || v.ClosesAt == nil {
		t.Errorf("the vacancy reads %q, closes %v", v.Title, v.ClosesAt)
	}
}

func TestRawIsKept(t *testing.T) {
	b := newBench(t)
	b.sites["oak"] = newSite("a")
	b.crawl("oak")
	raw, kind, err := b.store.Raw(t.Context(), "oak", "a")
	if err != nil || string(raw) != "<h1>Teaching assistant</h1>" || kind != "text/html" {
		t.Errorf("raw %q of type %q (%v)", raw, kind, err)
	}
}

func TestLeases(t *testing.T) {
	b := newBench(t)
	b.sites["oak"] = newSite("a")
	held, err := func() (store.Lease, error) {
		if err := b.store.EnsureSources(t.Context(), []string{"oak"}); err != nil {
			return store.Lease{}, err
		}
		return b.store.ClaimSource(t.Context(), "oak", time.Minute, true)
	}()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Crawl(t.Context(), b.source("oak"), time.Hour, true); !errors.Is(err, store.ErrLeased) {
		t.Errorf("crawl beside another: %v, want ErrLeased", err)
	}
	if err := b.store.ReleaseLease(t.Context(), held); err != nil {
		t.Fatal(err)
	}
	host, err := b.store.ClaimHost(t.Context(), "oak.example", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Crawl(t.Context(), b.source("oak"), time.Hour, true); !errors.Is(err, store.ErrLeased) {
		t.Errorf("crawl of a busy host: %v, want ErrLeased", err)
	}
	if err := b.store.ReleaseLease(t.Context(), host); err != nil {
		t.Fatal(err)
	}
	b.crawl("oak") // the source was let go when its host was busy
	if _, err := b.Crawl(t.Context(), b.source("oak"), time.Hour, false); !errors.Is(err, store.ErrNotDue) {
		t.Errorf("crawl before its time: %v, want ErrNotDue", err)
	}
	due, err := b.Due(t.Context(), []crawler.Source{b.source("oak"), b.source("elm")})
	if err != nil || len(due) != 1 || due[0].ID != "elm" {
		t.Errorf("due %v (%v), want elm only", due, err)
	}
	b.pass(time.Hour)
	if due, err = b.Due(t.Context(), []crawler.Source{b.source("oak")}); err != nil || len(due) != 1 {
		t.Errorf("an hour later: due %v (%v), want oak", due, err)
	}
}

func TestAlwaysDue(t *testing.T) {
	b := newBench(t)
	b.sites["oak"] = newSite("a")
	for range 2 {
		if _, err := b.Crawl(t.Context(), b.source("oak"), time.Second, false); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPatienceOutlivesAKilledProcess(t *testing.T) {
	b := newBench(t)
	b.sites["oak"] = newSite("a")
	if err := b.store.EnsureSources(t.Context(), []string{"oak"}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.store.ClaimSource(t.Context(), "oak", 5*time.Millisecond, true); err != nil {
		t.Fatal(err)
	}
	b.opts.Patience = time.Second
	if _, err := ingest.New(b.opts).Crawl(t.Context(), b.source("oak"), time.Hour, true); err != nil {
		t.Errorf("a patient crawl: %v", err)
	}
}

func TestALostLeaseStopsTheCrawl(t *testing.T) {
	b := newBench(t)
	s := newSite("a", "b", "c")
	b.sites["oak"] = s
	s.after = func(n int) {
		if n != 1 {
			return
		}
		b.waitOpen(1)
		b.pass(time.Hour) // as a process that was asleep for an hour
		if _, err := b.store.ClaimSource(t.Context(), "oak", time.Minute, true); err != nil {
			t.Error(err)
		}
	}
	if _, err := b.Crawl(t.Context(), b.source("oak"), time.Hour, true); !errors.Is(err, store.ErrLeaseLost) {
		t.Errorf("got %v, want ErrLeaseLost", err)
	}
	b.wantOpen(1) // what was stored before stays, nothing after
}

func TestAKilledCrawlLosesNothing(t *testing.T) {
	b := newBench(t)
	s := newSite("a", "b", "c")
	b.sites["oak"] = s
	s.after = func(n int) {
		if n == 2 {
			b.waitOpen(2)
			panic("killed") // nothing is said goodbye to: the leases stay
		}
	}
	func() {
		defer func() { _ = recover() }()
		_, _ = b.Crawl(t.Context(), b.source("oak"), time.Hour, true)
	}()
	s.after = nil
	b.wantOpen(2)
	if p, err := b.store.Page(t.Context(), "oak", "https://oak.example/jobs"); err != nil || p.ETag != "" {
		t.Errorf("the list's validators were kept: %+v (%v)", p, err)
	}
	if _, err := b.Crawl(t.Context(), b.source("oak"), time.Hour, true); !errors.Is(err, store.ErrLeased) {
		t.Errorf("right after: %v, want ErrLeased", err)
	}
	b.pass(time.Minute)
	r := b.crawl("oak")
	if r.New != 1 || r.NotModified != 2 || !r.Healthy {
		t.Errorf("after the lease ran out: %+v", r)
	}
	b.wantOpen(3)
	b.wantLog(0, "vacancy-created", "vacancy-created", "vacancy-created")
	if p, err := b.store.Page(t.Context(), "oak", "https://oak.example/jobs"); err != nil || p.ETag == "" {
		t.Errorf("the list's validators are missing after a complete crawl (%v)", err)
	}
}

func TestACrawlToldToStopLetsGo(t *testing.T) {
	b := newBench(t)
	s := newSite("a", "b", "c")
	b.sites["oak"] = s
	ctx, cancel := context.WithCancel(t.Context())
	s.after = func(int) { cancel() }
	if _, err := b.Crawl(ctx, b.source("oak"), time.Hour, true); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	s.after = nil
	if hs, err := b.store.SourceHealth(t.Context()); err != nil || len(hs) != 1 || hs[0].Failures != 0 || !hs[0].LastCrawl.IsZero() {
		t.Errorf("health %+v (%v): to be told to stop is no fault", hs, err)
	}
	r, err := b.Crawl(t.Context(), b.source("oak"), time.Hour, false)
	if err != nil || r.New != 2 {
		t.Errorf("the next crawl, at once: %+v, %v", r, err)
	}
}

func TestAnAdvertThatCannotBeReadIsQuarantined(t *testing.T) {
	b := newBench(t)
	s := newSite("a", "b", "c", "d")
	b.sites["oak"] = s
	b.crawl("oak")
	s.broken["a"] = true
	for range 3 {
		if r := b.crawl("oak"); r.Quarantined != 1 || !r.Healthy || r.Closed != 0 {
			t.Errorf("%+v", r)
		}
	}
	b.wantOpen(4) // it is listed, so it is not missing
	q, err := b.store.Quarantine(t.Context(), 10)
	if err != nil || len(q) != 1 || q[0].Times != 3 || string(q[0].Raw) == "" || q[0].Error != "no title" {
		t.Errorf("quarantine %+v (%v)", q, err)
	}
	delete(s.broken, "a")
	a := s.adverts["a"]
	a.body = "Advert a, mended"
	s.adverts["a"] = a
	b.crawl("oak")
	if q, err := b.store.Quarantine(t.Context(), 10); err != nil || len(q) != 0 {
		t.Errorf("quarantine after it was read: %+v (%v)", q, err)
	}
	for ref := range s.adverts {
		s.broken[ref] = true
	}
	if r := b.crawl("oak"); r.Healthy || !strings.Contains(r.Note, "could not be read") {
		t.Errorf("a site of which nothing can be read: %+v", r)
	}
}

func TestANormaliserThatPanicsIsQuarantined(t *testing.T) {
	b := newBench(t)
	b.sites["oak"] = newSite("a")
	b.opts.Normaliser = reader{panics: true}
	if _, err := ingest.New(b.opts).Crawl(t.Context(), b.source("oak"), time.Hour, true); err != nil {
		t.Fatal(err)
	}
	if q, err := b.store.Quarantine(t.Context(), 10); err != nil || len(q) != 1 || !strings.Contains(q[0].Error, "no such advert") {
		t.Errorf("quarantine %+v (%v)", q, err)
	}
}

func TestUnchangedButUnknownIsReadAgain(t *testing.T) {
	b := newBench(t)
	s := newSite("a")
	b.sites["oak"] = s
	// A page that is remembered without its posting cannot come about by us; a
	// restored or mended database may hold one.
	claim := func() store.Lease {
		if err := b.store.EnsureSources(t.Context(), []string{"oak"}); err != nil {
			t.Fatal(err)
		}
		l, err := b.store.ClaimSource(t.Context(), "oak", time.Minute, true)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	l := claim()
	page := store.Page{URL: "https://oak.example/job/a", ETag: s.adverts["a"].etag()}
	if err := b.store.EndCrawl(t.Context(), l, store.CrawlEnd{Complete: true, Healthy: true, Lists: []store.Page{page}}); err != nil {
		t.Fatal(err)
	}
	if err := b.store.FinishSource(t.Context(), l, b.Now()); err != nil {
		t.Fatal(err)
	}
	b.crawl("oak")
	if r := b.crawl("oak"); r.New != 1 {
		t.Errorf("%+v, want the advert read whole", r)
	}
}
