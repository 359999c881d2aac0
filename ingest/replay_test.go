package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/store"
)

// rereader reads again what a fictional site's adverts say now.
type rereader struct{ b *bench }

// Reread implements ingest.Rereader.
func (r rereader) Reread(ctx context.Context, src crawler.Source, known crawler.Known, sink crawler.Sink, kept crawler.Kept) error {
	if len(kept.Raw) == 0 {
		return errors.New("nothing was kept")
	}
	f, err := r.b.sites[src.ID].find(ctx, src, known, kept.URL[strings.LastIndexByte(kept.URL, '/')+1:])
	if err != nil {
		return err
	}
	return sink.Found(ctx, f)
}

// quarantining is a bench on whose site, with adverts a to e, a and b cannot be read.
func quarantining(t *testing.T) (*bench, *site) {
	b := newBench(t)
	b.opts.Rereader = rereader{b}
	b.Ingest = ingest.New(b.opts)
	s := newSite("a", "b", "c", "d", "e")
	s.broken["a"], s.broken["b"] = true, true
	b.sites["oak"] = s
	if r := b.crawl("oak"); r.Quarantined != 2 || r.New != 3 {
		t.Fatalf("%+v", r)
	}
	return b, s
}

func (b *bench) replay(want ingest.Replayed) {
	b.t.Helper()
	want.Source = "oak"
	got, err := b.Replay(b.t.Context(), b.source("oak"))
	if err != nil || got != want {
		b.t.Errorf("replayed %+v (%v), want %+v", got, err, want)
	}
}

func TestReplay(t *testing.T) {
	b, s := quarantining(t)
	head := b.head()
	before, err := b.store.SourceHealth(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b.replay(ingest.Replayed{Still: 2})
	if q, err := b.store.Quarantine(t.Context(), 10); err != nil || len(q) != 2 || q[0].Times != 1 {
		t.Errorf("a replay counts as met again: %+v (%v)", q, err)
	}
	delete(s.broken, "a")
	b.replay(ingest.Replayed{Read: 1, Still: 1, New: 1})
	b.wantOpen(4)
	b.wantLog(head, "vacancy-created")
	after, err := b.store.SourceHealth(t.Context())
	if err != nil || after[0].Next != before[0].Next || after[0].Quarantined != 1 {
		t.Errorf("the source is %+v (%v), was %+v", after, err, before)
	}
	head = b.head()
	if r := b.crawl("oak"); r.New+r.Changed+r.Closed != 0 || !r.Healthy {
		t.Errorf("the next crawl: %+v", r)
	}
	b.wantLog(head)

	delete(s.broken, "b")
	b.opts.Normaliser = reader{panics: true}
	b.Ingest = ingest.New(b.opts)
	b.replay(ingest.Replayed{Still: 1})
	b.opts.Normaliser = reader{}
	b.Ingest = ingest.New(b.opts)
	s.gone["b"] = true // its closing date has passed meanwhile
	b.replay(ingest.Replayed{Read: 1})
	b.replay(ingest.Replayed{})
	b.wantOpen(4)
}

func TestReplayLeavesWhatIsGone(t *testing.T) {
	b, s := quarantining(t)
	delete(s.adverts, "a")
	b.crawl("oak")
	s.adverts["a"] = s.adverts["c"]
	delete(s.broken, "a")
	b.replay(ingest.Replayed{Past: 1, Still: 1})
	b.wantOpen(3)
}

func TestReplayWaitsForACrawl(t *testing.T) {
	b, _ := quarantining(t)
	if _, err := b.store.ClaimSource(t.Context(), "oak", time.Minute, true); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Replay(t.Context(), b.source("oak")); !errors.Is(err, store.ErrLeased) {
		t.Errorf("beside a crawl: %v, want ErrLeased", err)
	}
}

// A replay that is stopped at any entry loses nothing, and nothing comes in twice.
func TestReplayIsStopped(t *testing.T) {
	b := newBench(t)
	s := newSite()
	for i := range 8 {
		ref := fmt.Sprint("r", i)
		s.adverts[ref] = advert{title: "Teaching assistant", employer: "Oak School", town: "Reading", body: "Advert " + ref}
		s.broken[ref] = true
	}
	s.adverts["z"] = advert{title: "Mentor", employer: "Oak School", town: "Reading", body: "Advert z"}
	b.sites["oak"] = s
	b.crawl("oak")
	clear(s.broken)
	for stop := 1; stop <= 8; stop++ {
		ctx, cancel := context.WithCancel(t.Context())
		n := 0
		b.opts.Rereader = rereaderFunc(func(ctx context.Context, src crawler.Source, known crawler.Known, sink crawler.Sink, kept crawler.Kept) error {
			if n++; n == 2 {
				cancel()
			}
			return rereader{b}.Reread(ctx, src, known, sink, kept)
		})
		_, err := ingest.New(b.opts).Replay(ctx, b.source("oak"))
		cancel()
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	b.wantOpen(9)
	if n := len(b.log(0)); n != 9 {
		t.Errorf("%d changes, want one for each of 9 adverts: %q", n, b.log(0))
	}
	if q, err := b.store.Quarantine(t.Context(), 10); err != nil || len(q) != 0 {
		t.Errorf("%d are left in quarantine (%v)", len(q), err)
	}
}

type rereaderFunc func(context.Context, crawler.Source, crawler.Known, crawler.Sink, crawler.Kept) error

func (f rereaderFunc) Reread(ctx context.Context, src crawler.Source, known crawler.Known, sink crawler.Sink, kept crawler.Kept) error {
	return f(ctx, src, known, sink, kept)
}
