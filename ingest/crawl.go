package ingest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/store"
)

// goodbye is how long a crawl that is told to stop may take to say so in the
// database.
const goodbye = 5 * time.Second

// Crawl crawls a source once, if it is due or force is set, and makes it due again
// `every` after the start. It returns store.ErrLeased (wrapped) while another
// crawls the source or its host, and store.ErrNotDue before its time. Trouble at
// the site is no error: the report says so.
func (in *Ingest) Crawl(ctx context.Context, src crawler.Source, every time.Duration, force bool) (Report, error) {
	rep := Report{Source: src.ID}
	host, err := hostOf(src)
	if err != nil {
		return rep, fmt.Errorf("crawl %s: %w", src.ID, err)
	}
	unlock, err := in.hosts.lock(ctx, host)
	if err != nil {
		return rep, fmt.Errorf("crawl %s: %w", src.ID, err)
	}
	defer unlock()
	c := &crawl{Ingest: in, src: src, every: every}
	if err := c.claim(ctx, host, force); err != nil {
		return rep, fmt.Errorf("crawl %s: %w", src.ID, err)
	}
	return c.run(ctx)
}

func hostOf(src crawler.Source) (string, error) {
	u, err := url.Parse(src.URL)
	if err != nil {
		return "", fmt.Errorf("address: %w", err)
	}
	if u.Host == "" {
		return "", fmt.Errorf("address %q names no host", src.URL)
	}
	return u.Host, nil
}

// crawl is one crawl of one source under its leases.
type crawl struct {
	*Ingest
	src     crawler.Source
	every   time.Duration
	lease   store.Lease
	host    store.Lease
	started time.Time
	// met are the source's postings when the crawl began; nil when nobody asked.
	met   store.References
	yield yield
}

// claim leases the source and then its host, waiting for either as long as
// patience lasts.
func (c *crawl) claim(ctx context.Context, host string, force bool) error {
	if err := c.Store.EnsureSources(ctx, []string{c.src.ID}); err != nil {
		return err
	}
	deadline := c.Now().Add(c.Patience)
	err := c.wait(ctx, deadline, func() (err error) {
		c.lease, err = c.Store.ClaimSource(ctx, c.src.ID, c.Lease, force)
		return err
	})
	if err != nil {
		return err
	}
	err = c.wait(ctx, deadline, func() (err error) {
		if c.lease, err = c.Store.RenewLease(ctx, c.lease, c.Lease); err != nil {
			return err
		}
		c.host, err = c.Store.ClaimHost(ctx, host, c.Lease)
		return err
	})
	if err != nil {
		return errors.Join(err, c.Store.ReleaseLease(context.WithoutCancel(ctx), c.lease))
	}
	c.started = c.Now()
	return nil
}

// wait repeats a claim while another holds the lease and patience lasts.
func (c *crawl) wait(ctx context.Context, deadline time.Time, claim func() error) error {
	for {
		err := claim()
		var held *store.LeasedError
		if !errors.As(err, &held) || !c.Now().Before(deadline) {
			return err
		}
		// Look again before the lease ends, since its holder may let it go.
		pause := min(held.Until.Sub(c.Now())+10*time.Millisecond, time.Second, deadline.Sub(c.Now()))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(max(pause, time.Millisecond)):
		}
	}
}

// run crawls, gives the verdict and closes what is to be closed. On an error that
// is ours (the store's, a lost lease) the leases are left to run out.
func (c *crawl) run(ctx context.Context) (Report, error) {
	crawling, lost := context.WithCancelCause(ctx)
	defer lost(nil)
	stop := c.keepLeases(crawling, lost)
	defer stop()
	var err error
	if c.met, err = c.Store.References(crawling, c.src.ID); err != nil {
		return Report{Source: c.src.ID}, fmt.Errorf("crawl %s: %w", c.src.ID, err)
	}

	// When we are told to stop, what was taken in by then is still stored: else its
	// pages would be asked for again.
	keeping, kept := outlasting(ctx, goodbye)
	defer kept()
	s := c.newSink(keeping)
	defer s.abandon()
	site, crawlErr := c.Crawler.Crawl(crawling, c.src, known{c.Store, c.Now}, s)
	failed := s.drain()
	if cause := context.Cause(crawling); cause != nil && ctx.Err() == nil {
		return s.report(site), fmt.Errorf("crawl %s: %w", c.src.ID, cause)
	}
	// When we are told to stop, a statement under way fails in any words.
	if failed != nil && ctx.Err() == nil && !stopped(failed) {
		return s.report(site), fmt.Errorf("crawl %s: %w", c.src.ID, failed)
	}
	crawlErr = cmp.Or(crawlErr, failed)
	// What is half said when we are told to stop is said to its end.
	ending, cancel := outlasting(ctx, goodbye)
	defer cancel()
	var rep Report
	if told := ctx.Err(); told != nil { // to stop
		rep, err = s.report(site), cmp.Or(c.leave(ending, s), told)
	} else {
		rep, err = c.end(ending, s, site, crawlErr)
		err = cmp.Or(err, ctx.Err())
	}
	if err != nil {
		return rep, fmt.Errorf("crawl %s: %w", c.src.ID, err)
	}
	return rep, nil
}

// leave is the end of a crawl that was told to stop: no verdict, since that is no
// fault of the source's. It is due at once, and the next crawl need not wait for our
// leases.
func (c *crawl) leave(ctx context.Context, s *sink) error {
	c.Log.LogAttrs(ctx, slog.LevelInfo, "crawl stopped", slog.String("source", c.src.ID))
	return errors.Join(s.flush(ctx), c.Store.FinishSource(ctx, c.lease, c.Now()), c.Store.ReleaseLease(ctx, c.host))
}

// outlasting makes a context that ends so much later than another.
func outlasting(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	out, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(d, cancel) })
	return out, func() {
		stop()
		cancel()
	}
}

// end is the end of a crawl: what was touched is written, the verdict given, what
// is marked closed, and the source is free again.
func (c *crawl) end(ctx context.Context, s *sink, site crawler.Report, crawlErr error) (Report, error) {
	if err := s.flush(ctx); err != nil {
		return s.report(site), err
	}
	if crawlErr == nil || !stopped(crawlErr) {
		if err := s.recordPutOff(ctx, site.Complete && !site.Partial && crawlErr == nil); err != nil {
			return s.report(site), err
		}
	} else if len(s.later) > 0 {
		site.Lists = nil // they name what is not recorded
	}
	site.Quarantined = max(site.Quarantined, s.unreadable)
	trend, err := c.Store.Trend(ctx, c.src.ID)
	if err != nil {
		return s.report(site), err
	}
	v := c.judge(trend, site, crawlErr)
	rep := s.report(site)
	rep.Healthy, rep.Note = v.healthy, v.note
	end := store.CrawlEnd{Complete: site.Complete && crawlErr == nil, Partial: site.Partial, Healthy: v.healthy, Listed: site.Listed, Unreadable: site.Quarantined,
		Fault: v.fault, New: rep.New, Note: v.note, Trend: v.trend, CloseAfter: missesToClose}
	end.Counted, end.Fields = c.yield.counted, c.yield.fields
	if site.Partial {
		end.CloseAfter = 0
	}
	for _, p := range site.Lists {
		end.Lists = append(end.Lists, toStore(p))
	}
	if end.Report, err = textOf(rep); err != nil {
		return rep, err
	}
	if err := c.Store.EndCrawl(ctx, c.lease, end); err != nil {
		return rep, err
	}
	if rep.Closed, err = c.closeMarked(ctx, c.src.ID, &c.lease); err != nil {
		return rep, err
	}
	rep.Seconds = c.Now().Sub(c.started).Seconds()
	text, err := textOf(rep)
	if err == nil {
		err = c.Store.ReportCrawl(ctx, c.lease, text)
	}
	if err != nil {
		return rep, err
	}
	c.reviewSafely(ctx, c.src.ID)
	level := slog.LevelInfo
	if !v.healthy {
		level = slog.LevelWarn
	}
	c.Log.LogAttrs(ctx, level, "crawled", slog.String("source", c.src.ID), slog.Bool("healthy", v.healthy), slog.String("note", v.note),
		slog.Int("listed", rep.Listed), slog.Int("new", rep.New), slog.Int("changed", rep.Changed), slog.Int("closed", rep.Closed))
	due := nextDue(c.Now(), c.started, c.every, v)
	if crawlErr != nil && stopped(crawlErr) {
		due = c.Now()
	}
	return rep, errors.Join(c.Store.FinishSource(ctx, c.lease, due), c.Store.ReleaseLease(ctx, c.host))
}

func textOf(r Report) (string, error) {
	text, err := json.Marshal(r)
	return string(text), err
}

// keepLeases renews both leases until stop is called. When one is lost, the crawl
// is called off.
func (c *crawl) keepLeases(ctx context.Context, lost context.CancelCauseFunc) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	source, host := c.lease, c.host
	go func() {
		defer close(done)
		tick := time.NewTicker(c.Lease / 3)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			for _, l := range []store.Lease{source, host} {
				_, err := c.Store.RenewLease(ctx, l, c.Lease)
				if errors.Is(err, store.ErrLeaseLost) {
					lost(err)
					return
				}
				if err != nil && ctx.Err() == nil {
					c.Log.LogAttrs(ctx, slog.LevelWarn, "lease not renewed", slog.String("source", source.ID), slog.String("error", err.Error()))
				}
			}
		}
	}()
	return func() {
		cancel()
		<-done
	}
}
