package crawler

import (
	"context"
	"log/slog"
	"time"

	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// Options are what a Crawler needs.
type Options struct {
	Client *fetch.Client
	// Log may be nil: nothing is logged then.
	Log *slog.Logger
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Crawler crawls sources. It is safe for concurrent use; crawls of different
// sources share nothing but the client.
type Crawler struct {
	client *fetch.Client
	log    *slog.Logger
	now    func() time.Time
}

// New returns a Crawler.
func New(o Options) *Crawler {
	c := &Crawler{client: o.Client, log: o.Log, now: o.Now}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if c.now == nil {
		c.now = time.Now
	}
	return c
}

// Crawl reads a source once, tells sink about every item it lists, and reports.
// The error is not nil only when the source's definition is wrong, memory fails
// or the sink refused; what goes wrong at the site is in the report.
func (c *Crawler) Crawl(ctx context.Context, src Source, known Known, sink Sink) (Report, error) {
	return Report{}, nil
}
