package crawler

import (
	"context"
	"log/slog"
	"time"

	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// Options are what a Crawler needs. Client and Now are required.
type Options struct {
	Client *fetch.Client
	// Log may be nil: nothing is logged then.
	Log *slog.Logger
	// Now is the clock.
	Now func() time.Time
	// Attachments has the documents fetched that adverts link to: job
	// descriptions, person specifications and packs, as PDF or Word files.
	Attachments bool
}

// Crawler crawls sources. It is safe for concurrent use; crawls of different
// sources share nothing but the client.
type Crawler struct {
	client      *fetch.Client
	log         *slog.Logger
	now         func() time.Time
	attachments bool
}

// New returns a Crawler.
func New(o Options) *Crawler {
	c := &Crawler{client: o.Client, log: o.Log, now: o.Now, attachments: o.Attachments}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	return c
}

// Crawl reads a source once, tells sink about every item it lists, and reports.
// What goes wrong at the site, and a context that ends, make the report
// incomplete and are no error. The error says that the source's definition is
// wrong, or that known or sink failed; the report is valid then too, and
// incomplete.
func (c *Crawler) Crawl(ctx context.Context, src Source, known Known, sink Sink) (Report, error) {
	p, err := newPlan(src)
	if err != nil {
		return Report{Note: err.Error()}, err
	}
	rt := c.client.RoundTripper(fetch.Policy{
		AllowPrivate: src.AllowPrivate, Delay: src.Delay, Port: p.site.Port(), Site: p.site.Host, MaxBody: p.maxBytes(), Secrets: p.secrets,
	})
	run := &crawl{
		plan: p, known: known, sink: sink, robots: rt, visitor: newVisitor(p, rt),
		log: c.log.With("source", src.ID), now: c.now, seen: map[string]string{}, settled: map[string]bool{},
		client: c.client, attachments: c.attachments, shared: map[string]shared{}, hosts: map[string]*fetch.RoundTripper{},
	}
	if err = run.recallSilence(ctx); err == nil {
		err = run.all(ctx)
	}
	run.report.Requests, run.report.Bytes = rt.Requests(), rt.Bytes()
	for _, rt := range run.hosts {
		run.report.Requests += rt.Requests()
		run.report.Bytes += rt.Bytes()
	}
	report, err := run.finish(ctx, err)
	if err != nil && p.shown(err.Error()) != err.Error() {
		err = &concealed{p.shown(err.Error()), err}
	}
	return report, err
}
