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
	crawl("council", store.CrawlEnd{Note: "<b>the list is empty</b>"})
	a := b.get("/sources").is(http.StatusOK)
	for i, want := range []string{"board healthy, read 3 hours ago 5", "council not healthy, read just now last healthy 3 hours ago <b>the list is empty</b> 0", "fresh not read yet 0"} {
		if got := rowText(a, i); got != want {
			t.Errorf("row %d: %q, want %q", i, got, want)
		}
	}
}
