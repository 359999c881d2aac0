package ingest

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/normalise"
	"github.com/sendwatch/sendwatch/store"
)

// Defaults of [Options].
const (
	// defaultLease is short, so that after a kill the source is soon free again; it
	// is renewed three times as often.
	defaultLease = 30 * time.Second
	// defaultRepost joins a repost to what closed up to two months before: longer
	// than a school holiday, shorter than the same post a year on.
	defaultRepost = 60 * 24 * time.Hour
	// defaultShrunkFor outlasts an outage or a night's maintenance.
	defaultShrunkFor = 24 * time.Hour
)

// What a list of the latest adverts leaves out is asked for at its own page when it
// was not seen for unlistedFor, unlistedMost of them a crawl.
const (
	unlistedFor  = 3 * 24 * time.Hour
	unlistedMost = 100
)

// Crawler crawls a source; *crawler.Crawler is one.
type Crawler interface {
	Crawl(ctx context.Context, src crawler.Source, known crawler.Known, sink crawler.Sink) (crawler.Report, error)
}

// Rereader reads what was fetched earlier by today's rules, without a request;
// *crawler.Crawler is one.
type Rereader interface {
	Reread(ctx context.Context, src crawler.Source, known crawler.Known, sink crawler.Sink, kept crawler.Kept) error
}

// Normaliser reads postings; *normalise.Normaliser is one.
type Normaliser interface {
	Read(p *sendwatch.Posting) sendwatch.Reading
	Employ(r *sendwatch.Reading, in normalise.Register)
}

// Options are what an Ingest needs. Zero durations take their defaults.
type Options struct {
	Store      *store.Store
	Normaliser Normaliser
	Crawler    Crawler
	// Rereader reads what is in quarantine again; nil leaves it there.
	Rereader Rereader
	// Documents reads the documents that adverts link to; nil leaves them unread.
	Documents Documents
	Now       func() time.Time
	// NewID mints the ids of vacancies: never the same twice, letters, digits and
	// hyphens.
	NewID func() string
	// Log may be nil: nothing is logged then.
	Log *slog.Logger
	// Lease is how long a source is held without a sign of life; default 30 s.
	Lease time.Duration
	// Patience is how long Crawl waits for a source or host that another holds, as
	// a process that was killed does until its lease runs out. Zero means not at
	// all.
	Patience time.Duration
	// Repost is how long after its closing a vacancy may be joined by a posting
	// that repeats it under another reference; default 60 days.
	Repost time.Duration
	// ShrunkFor is how long a source must have listed the same smaller number
	// before it is believed; default one day.
	ShrunkFor time.Duration
	// Rules is the version of the reading rules; zero means normalise.Rules.
	Rules int
}

// Ingest takes in what sources publish. It is safe for concurrent use.
type Ingest struct {
	Options
	hosts *hostLocks
}

// New returns an Ingest.
func New(o Options) *Ingest {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	orDefault(&o.Lease, defaultLease)
	orDefault(&o.Repost, defaultRepost)
	orDefault(&o.ShrunkFor, defaultShrunkFor)
	if o.Rules == 0 {
		o.Rules = normalise.Rules
	}
	return &Ingest{Options: o, hosts: newHostLocks()}
}

func orDefault(d *time.Duration, value time.Duration) {
	if *d <= 0 {
		*d = value
	}
}

// Due returns those of the sources that are due and that nobody crawls, longest
// due first.
func (in *Ingest) Due(ctx context.Context, sources []crawler.Source) ([]crawler.Source, error) {
	ids := make([]string, len(sources))
	byID := make(map[string]crawler.Source, len(sources))
	for i, s := range sources {
		ids[i], byID[s.ID] = s.ID, s
	}
	if err := in.Store.EnsureSources(ctx, ids); err != nil {
		return nil, err
	}
	due, err := in.Store.DueSources(ctx)
	if err != nil {
		return nil, err
	}
	var out []crawler.Source
	for _, id := range due {
		if s, ok := byID[id]; ok {
			out = append(out, s)
		}
	}
	return slices.Clip(out), nil
}

// known adapts the store to what the crawler asks of it.
type known struct {
	store *store.Store
	now   func() time.Time
}

// Unlisted implements crawler.Known.
func (k known) Unlisted(ctx context.Context, source string) ([]crawler.Item, error) {
	items, err := k.store.Unlisted(ctx, source, k.now().Add(-unlistedFor), unlistedMost)
	if err != nil {
		return nil, err
	}
	out := make([]crawler.Item, len(items))
	for i := range items {
		out[i] = crawler.Item(items[i])
	}
	return out, nil
}

// Pages implements crawler.Known.
func (k known) Pages(ctx context.Context, source string, keys []string) (map[string]crawler.Page, error) {
	pages, err := k.store.Pages(ctx, source, keys)
	if err != nil {
		return nil, err
	}
	out := make(map[string]crawler.Page, len(pages))
	for _, p := range pages {
		known := crawler.Page{URL: p.URL, ETag: p.ETag, LastModified: p.LastModified, Next: p.Next}
		for _, i := range p.Items {
			known.Items = append(known.Items, crawler.Item(i))
		}
		out[p.URL] = known
	}
	return out, nil
}

func toStore(p crawler.Page) store.Page {
	out := store.Page{URL: p.URL, ETag: p.ETag, LastModified: p.LastModified, Next: p.Next}
	for _, i := range p.Items {
		out.Items = append(out.Items, store.Item(i))
	}
	return out
}

// stopped reports whether an error is only the end of the context.
func stopped(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
