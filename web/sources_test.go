package web

import (
	"net/http"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/store"
)

func TestSources(t *testing.T) {
	b := newBench(t)
	b.get("/sources").is(http.StatusOK).says("No sources are set up yet.")
	ctx := t.Context()
	if err := b.store.EnsureSources(ctx, []string{"board", "council", "fresh"}); err != nil {
		t.Fatal(err)
	}
	crawl := func(id string, e store.CrawlEnd) {
		t.Helper()
		l, err := b.store.ClaimSource(ctx, id, time.Minute, true)
		if err != nil {
			t.Fatal(err)
		}
		e.Report, e.CloseAfter = "{}", 9
		if err := b.store.EndCrawl(ctx, l, e); err != nil {
			t.Fatal(err)
		}
		if err := b.store.FinishSource(ctx, l, b.now); err != nil {
			t.Fatal(err)
		}
	}
	b.advertise(adverts())
	crawl("board", store.CrawlEnd{Complete: true, Healthy: true, Listed: 5})
	crawl("council", store.CrawlEnd{Complete: true, Healthy: true, Listed: 5})
	b.now = b.now.Add(3 * time.Hour)
	if _, _, err := b.store.SetAlarms(ctx, "board", []store.Alarm{{Kind: "silent", Says: "nothing new <b> for 9 school days"}}); err != nil {
		t.Fatal(err)
	}
	if err := b.store.PutQuarantine(ctx, store.Quarantined{Source: "board", URL: "u", Crawl: 1}); err != nil {
		t.Fatal(err)
	}
	crawl("council", store.CrawlEnd{Fault: "incomplete", Note: "a list failed: https://feed.example/?key=hushhush"})
	a := b.get("/sources").is(http.StatusOK)
	for i, want := range []string{"board healthy, read 3 hours ago 1 of its adverts cannot be read nothing new <b> for 9 school days, since 20 November 2026 5",
		"council not healthy, read just now last healthy 3 hours ago the last reading did not reach the end 0", "fresh not read yet 0"} {
		if got := rowText(a, i); got != want {
			t.Errorf("row %d: %q, want %q", i, got, want)
		}
	}
}
