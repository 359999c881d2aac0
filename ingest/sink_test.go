package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/store"
)

// laboured is a reader that does something before it reads.
type laboured struct {
	reader
	before func(p *sendwatch.Posting)
}

// Read implements ingest.Normaliser.
func (l laboured) Read(p *sendwatch.Posting) sendwatch.Reading {
	l.before(p)
	return l.reader.Read(p)
}

// TestAdvertsAreStoredAsTold holds the order of the log, though the adverts are read
// beside each other and some take longer.
func TestAdvertsAreStoredAsTold(t *testing.T) {
	b := newBench(t)
	s := numbered(150)
	b.sites["oak"] = s
	b.opts.Normaliser = laboured{before: func(p *sendwatch.Posting) {
		if p.Reference[len(p.Reference)-1]%3 == 0 {
			time.Sleep(time.Millisecond)
		}
	}}
	b.Ingest = ingest.New(b.opts)
	if r := b.crawl("oak"); r.New != 150 || !r.Healthy {
		t.Fatalf("%+v", r)
	}
	changes, err := b.store.Changes(t.Context(), 0, 1000)
	if err != nil || len(changes) != 150 {
		t.Fatalf("%d changes (%v)", len(changes), err)
	}
	var stored []string
	for _, c := range changes {
		ps, err := b.store.Postings(t.Context(), c.Vacancy)
		if err != nil || len(ps) != 1 {
			t.Fatalf("%d postings of %s (%v)", len(ps), c.Vacancy, err)
		}
		stored = append(stored, ps[0].Reference)
	}
	if !slices.IsSorted(stored) {
		t.Errorf("told in order and stored as %v", stored)
	}
}

// TestAFailureAfterTheLastAdvertIsOne: the crawler is done and content by the time
// at which the store refuses.
func TestAFailureAfterTheLastAdvertIsOne(t *testing.T) {
	b := newBench(t)
	b.sites["oak"] = newSite("a")
	b.opts.Normaliser = laboured{before: func(*sendwatch.Posting) {
		b.pass(time.Hour)
		if _, err := b.store.ClaimSource(t.Context(), "oak", time.Minute, true); err != nil {
			t.Error(err)
		}
	}}
	if _, err := ingest.New(b.opts).Crawl(t.Context(), b.source("oak"), time.Hour, true); !errors.Is(err, store.ErrLeaseLost) {
		t.Errorf("got %v, want ErrLeaseLost", err)
	}
	b.wantOpen(0)
	if p, err := b.store.Page(t.Context(), "oak", "https://oak.example/jobs"); err != nil || p.ETag != "" {
		t.Errorf("the list's validators were kept: %+v (%v)", p, err)
	}
}

// TestWhatWasTakenInIsStoredWhenToldToStop: else its page would be asked for again.
func TestWhatWasTakenInIsStoredWhenToldToStop(t *testing.T) {
	b := newBench(t)
	s := numbered(20)
	b.sites["oak"] = s
	ctx, cancel := context.WithCancel(t.Context())
	s.after = func(n int) {
		if n == 7 {
			cancel()
		}
	}
	b.opts.Normaliser = laboured{before: func(*sendwatch.Posting) { time.Sleep(time.Millisecond) }}
	if _, err := ingest.New(b.opts).Crawl(ctx, b.source("oak"), time.Hour, true); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	b.wantOpen(7)
}

// TestACrawlHoldsLittle: a site that is quicker than we are waits for us.
func TestACrawlHoldsLittle(t *testing.T) {
	const megabytes, most = 40, 8
	b := newBench(t)
	var told atomic.Int64
	b.opts.Normaliser = laboured{before: func(*sendwatch.Posting) {
		for told.Load() < most {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(5 * time.Millisecond)
	}}
	b.opts.Crawler = crawlerFunc(func(ctx context.Context, src crawler.Source, _ crawler.Known, sink crawler.Sink) (crawler.Report, error) {
		for i := range megabytes {
			url := fmt.Sprintf("%s/job/%d", src.URL, i)
			f := crawler.Found{State: crawler.Read, Reference: url, URL: url, Raw: make([]byte, 1<<20),
				Posting: &sendwatch.Posting{Reference: url, URL: url, Title: "Mentor", BodyText: url}}
			if err := sink.Found(ctx, f); err != nil {
				return crawler.Report{}, err
			}
			stored := len(b.open())
			if held := int(told.Add(1)) - stored; held > most+1 { // one more was stored since we looked
				t.Errorf("%d MB are under way", held)
			}
		}
		return crawler.Report{Listed: megabytes, Fetched: megabytes, Complete: true}, nil
	})
	if r, err := ingest.New(b.opts).Crawl(t.Context(), b.source("oak"), time.Hour, true); err != nil || r.New != megabytes {
		t.Errorf("%+v, %v", r, err)
	}
}
