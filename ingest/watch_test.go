package ingest_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/ingest"
)

// alarms names the alarms that are on.
func (b *bench) alarms() string {
	b.t.Helper()
	on, err := b.store.Alarms(b.t.Context(), "")
	if err != nil {
		b.t.Fatal(err)
	}
	var out []string
	for _, a := range on {
		out = append(out, a.Source+" "+a.Kind)
	}
	return strings.Join(out, ", ")
}

func (b *bench) wantAlarms(when, want string) {
	b.t.Helper()
	if got := b.alarms(); got != want {
		b.t.Errorf("%s: %q are on, want %q", when, got, want)
	}
}

func TestAFieldGoesMissing(t *testing.T) {
	b := newBench(t)
	var log bytes.Buffer
	b.opts.Log = slog.New(slog.NewTextHandler(&log, nil))
	b.Ingest = ingest.New(b.opts)
	var refs []string
	for i := range 30 {
		refs = append(refs, fmt.Sprintf("a%02d", i))
	}
	oak := newSite(refs...)
	b.sites["oak"] = oak
	b.crawl("oak")
	town := func(town, prefix string, n int) {
		for i := range n {
			a := oak.adverts["a00"]
			a.town, a.body = town, fmt.Sprint("Advert ", prefix, i)
			oak.adverts[fmt.Sprint(prefix, i)] = a
		}
	}
	town("", "b", 6)
	b.crawl("oak")
	b.wantAlarms("six adverts without a place", "oak lost-location")
	if n := strings.Count(log.String(), "msg=alarm source=oak kind=lost-location"); n != 1 {
		t.Errorf("the log speaks of it %d times:\n%s", n, log.String())
	}
	b.crawl("oak")
	b.wantAlarms("nothing was read", "oak lost-location")
	if n := strings.Count(log.String(), "msg=alarm"); n != 1 {
		t.Errorf("the log speaks of it %d times", n)
	}
	head := b.head()
	town("Reading", "c", 6)
	if r := b.crawl("oak"); !r.Healthy || r.New != 6 {
		t.Errorf("an alarm changes how a source is crawled: %+v", r)
	}
	b.wantAlarms("six that have it", "")
	if !strings.Contains(log.String(), `msg="alarm ended" source=oak kind=lost-location`) {
		t.Error("the log does not say that it ended")
	}
	if b.head() != head+6 {
		t.Errorf("%d changes, want 6", b.head()-head)
	}

	crawls, err := b.store.Crawls(t.Context(), "oak", 10)
	if err != nil || len(crawls) != 4 {
		t.Fatalf("%d crawls are kept (%v), want 4", len(crawls), err)
	}
	if c := crawls[2]; c.New != 6 || c.Counted != 6 || c.Fields["title"] != 6 || c.Fields["location"] != 0 || !strings.Contains(c.Report, `"new":6`) {
		t.Errorf("the second crawl yielded %+v", c)
	}
}

func TestWhatACrawlClosedIsInItsReport(t *testing.T) {
	b := newBench(t)
	b.sites["oak"] = newSite("a", "b", "c")
	b.crawl("oak")
	delete(b.sites["oak"].adverts, "a")
	b.crawl("oak")
	b.crawl("oak")
	crawls, err := b.store.Crawls(t.Context(), "oak", 1)
	if err != nil || len(crawls) != 1 || !strings.Contains(crawls[0].Report, `"closed":1`) {
		t.Errorf("kept is %+v (%v), want one closed", crawls, err)
	}
}

func TestWatch(t *testing.T) {
	b := newBench(t)
	b.sites["oak"] = newSite("a")
	b.crawl("oak")
	if err := b.store.EnsureSources(t.Context(), []string{"elm"}); err != nil {
		t.Fatal(err)
	}
	both := []ingest.Watched{{Source: "oak", Every: time.Hour}, {Source: "elm", Every: 24 * time.Hour}}
	watch := func(list []ingest.Watched) {
		t.Helper()
		if err := b.Watch(t.Context(), list); err != nil {
			t.Fatal(err)
		}
	}
	watch(both)
	b.wantAlarms("at once", "")
	b.pass(25 * time.Hour)
	watch(both)
	b.wantAlarms("nobody crawls", "oak stale")
	b.sites["oak"].incomplete = true
	b.crawl("oak")
	watch(both)
	b.wantAlarms("crawled in vain", "oak stale")
	b.pass(48 * time.Hour)
	watch(both)
	b.wantAlarms("one was never crawled", "elm stale, oak stale")
	b.sites["oak"].incomplete = false
	b.crawl("oak")
	b.wantAlarms("crawled", "elm stale")
	watch(both[:1])
	b.wantAlarms("one is not watched any more", "")
}
