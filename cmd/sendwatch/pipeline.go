package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/notifier"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/store"
	"golang.org/x/sync/errgroup"
)

func employerKind(s string) sendwatch.EmployerKind { return sendwatch.EmployerKind(s) }

type crawlCmd struct {
	Sources []string `arg:"" optional:"" help:"Ids of the sources to crawl (default all of them)."`
}

func (crawlCmd) Help() string {
	return `Crawls the sources once, due or not, and prints one report for each. A source
that another process is crawling is left to it.

Examples:
  sendwatch --config sendwatch.yaml crawl
  sendwatch --config sendwatch.yaml crawl --json agency-board`
}

func (c *crawlCmd) Run(e *env) error {
	return e.withApp(func(a *app) error {
		chosen, err := choose(a.cfg, c.Sources)
		if err != nil {
			return err
		}
		reports, err := a.crawl(e.ctx, chosen, true)
		return errors.Join(e.printReports(reports), err)
	})
}

// choose picks the named sources, or all.
func choose(cfg *configs.Config, ids []string) ([]configs.Source, error) {
	var out []configs.Source
	for _, s := range cfg.Sources {
		if (len(ids) == 0 && !s.Disabled) || slices.Contains(ids, s.ID) {
			out = append(out, s)
		}
	}
	for _, id := range ids {
		if !slices.ContainsFunc(cfg.Sources, func(s configs.Source) bool { return s.ID == id }) {
			return nil, usageError{fmt.Errorf("no source is called %q; see: sendwatch sources list", id)}
		}
	}
	if len(out) == 0 {
		return nil, errors.New("no sources are configured; add one under `sources:` in the configuration (see the README)")
	}
	return out, nil
}

// crawl crawls the sources, several at once, and returns their reports in the
// order given. Unless forced, a source that is not due is passed over.
func (a *app) crawl(ctx context.Context, list []configs.Source, force bool) ([]ingest.Report, error) {
	ids := make([]string, len(list))
	for i, s := range list {
		ids[i] = s.ID
	}
	if err := a.store.EnsureSources(ctx, ids); err != nil {
		return nil, err
	}
	in := a.ingest()
	reports := make([]*ingest.Report, len(list))
	var mu sync.Mutex
	var failures []error
	var g errgroup.Group
	g.SetLimit(a.cfg.Crawl.Concurrency)
	for i, s := range list {
		g.Go(func() error {
			r, err := a.crawlOne(ctx, in, s, force)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case errors.Is(err, store.ErrNotDue), errors.Is(err, store.ErrLeased):
				a.log.Debug("source passed over", "source", s.ID, "reason", err)
			case err != nil:
				failures = append(failures, fmt.Errorf("source %s: %w", s.ID, err))
			default:
				reports[i] = &r
			}
			return nil
		})
	}
	_ = g.Wait() // every failure is collected above
	var out []ingest.Report
	for _, r := range reports {
		if r != nil {
			out = append(out, *r)
		}
	}
	return out, errors.Join(failures...)
}

func (a *app) crawlOne(ctx context.Context, in *ingest.Ingest, s configs.Source, force bool) (ingest.Report, error) {
	sched, err := configs.ParseEvery(s.Every)
	if err != nil {
		return ingest.Report{}, err
	}
	now := a.now()
	return in.Crawl(ctx, sourceOf(a.cfg, s), sched.Next(now).Sub(now), force)
}

func (e *env) printReports(reports []ingest.Report) error {
	if e.cli.JSON {
		enc := json.NewEncoder(e.out)
		for _, r := range reports {
			if err := enc.Encode(r); err != nil {
				return err
			}
		}
		return nil
	}
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SOURCE\tLISTED\tFETCHED\tNOT MODIFIED\tNEW\tCHANGED\tUNCHANGED\tCLOSED\tREOPENED\tQUARANTINED\tREQUESTS\tKB\tSECONDS\tHEALTHY\tNOTE")
	for _, r := range reports {
		healthy := "yes"
		if !r.Healthy {
			healthy = "NO"
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%.1f\t%s\t%s\n", r.Source, r.Listed, r.Fetched, r.NotModified, r.New, r.Changed,
			r.Unchanged, r.Closed, r.Reopened, r.Quarantined, r.Requests, r.Bytes/1024, r.Seconds, healthy, r.Note)
	}
	return w.Flush()
}

type indexCmd struct{}

func (indexCmd) Help() string {
	return `Brings the search index to the head of the change log and returns. When a
running "sendwatch serve" holds the index, waits until that process has got there.

Example:
  sendwatch index`
}

func (indexCmd) Run(e *env) error {
	return e.withApp(func(a *app) error { return a.indexOnce(e.ctx) })
}

// matchOnce brings the ledger up to date.
func (a *app) matchOnce(ctx context.Context) error {
	if err := a.owing.Load(ctx); err != nil {
		return err
	}
	return a.catchUp(ctx, a.owing)
}

type deliverCmd struct {
	DryRun bool `help:"Print what would be sent instead of sending it."`
}

func (deliverCmd) Help() string {
	return `Sends every message that is due now.

Examples:
  sendwatch deliver --dry-run
  sendwatch deliver`
}

func (c *deliverCmd) Run(e *env) error {
	return e.withApp(func(a *app) error {
		d, err := a.dispatcher()
		if err != nil {
			return err
		}
		if c.DryRun {
			return d.Preview(e.ctx, e.out)
		}
		done, err := d.Deliver(e.ctx)
		return errors.Join(e.printDelivered(done), err)
	})
}

func (e *env) printDelivered(d notifier.Delivered) error {
	if e.cli.JSON {
		return json.NewEncoder(e.out).Encode(d)
	}
	fmt.Fprintf(e.out, "emails: %d sent, %d to be tried again, %d dropped; confirmations: %d sent\n", d.Sent, d.Retried, d.Dropped, d.Confirmations)
	if d.Notices > 0 {
		fmt.Fprintln(e.out, "the operator was told of alarms")
	}
	return nil
}

type runOnceCmd struct{}

func (runOnceCmd) Help() string {
	return `For people with a cron of their own: crawls every source that is due, then
brings index, ledger and deliveries up to date, in that order.

Example:
  */30 * * * * sendwatch --config /etc/sendwatch.yaml run-once`
}

func (runOnceCmd) Run(e *env) error {
	return e.withApp(func(a *app) error {
		list, err := choose(a.cfg, nil)
		if err != nil {
			return err
		}
		reports, crawlErr := a.crawl(e.ctx, list, false)
		crawlErr = errors.Join(crawlErr, a.watch(e.ctx))
		_, sweepErr := a.ingest().Sweep(e.ctx, a.watched())
		done, err := a.afterCrawl(e.ctx)
		return errors.Join(e.printReports(reports), e.printDelivered(done), crawlErr, sweepErr, err)
	})
}

// afterCrawl brings index, ledger and deliveries up to date. A stage that fails
// does not keep the next from its work.
func (a *app) afterCrawl(ctx context.Context) (notifier.Delivered, error) {
	indexErr := stage("index", a.indexOnce(ctx))
	matchErr := stage("match", a.matchOnce(ctx))
	d, err := a.dispatcher()
	if err != nil {
		return notifier.Delivered{}, errors.Join(indexErr, matchErr, err)
	}
	done, err := d.Deliver(ctx)
	return done, errors.Join(indexErr, matchErr, stage("deliver", err))
}

func stage(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", name, err)
}

type renormaliseCmd struct{}

func (renormaliseCmd) Help() string {
	return `Reads stored postings again where the reading rules are newer, without a
request to any site, and all of them once the register of schools was imported
("sendwatch employers import"). It can be stopped and started again. Nobody is told
of what changes by it.

Example:
  sendwatch renormalise`
}

func (renormaliseCmd) Run(e *env) error {
	return e.withApp(func(a *app) error {
		n, err := a.ingest().Renormalise(e.ctx)
		fmt.Fprintf(e.out, "%d postings read again\n", n)
		return err
	})
}

type reindexCmd struct {
	Engine string `help:"Only this engine, as \"sendwatch doctor\" names it: bleve, meilisearch:HOST." placeholder:"NAME"`
}

func (reindexCmd) Help() string {
	return `Fills the search indexes anew from the store. A Meilisearch index is filled beside
the one that answers and takes its place at the end; the embedded one is emptied
first, and must not be held by a running "sendwatch serve".

Examples:
  sendwatch reindex
  sendwatch reindex --engine meilisearch:127.0.0.1:7700`
}

func (c *reindexCmd) Run(e *env) error {
	return e.withApp(func(a *app) error {
		list, err := a.enginesNamed(e.ctx, c.Engine)
		if err != nil {
			return err
		}
		for _, engine := range list {
			n, took, rerr := a.reindex(e.ctx, engine)
			if rerr != nil {
				err = errors.Join(err, fmt.Errorf("%s: %w", engine.Name, rerr))
				continue
			}
			fmt.Fprintf(e.out, "%s: %d vacancies indexed in %s\n", engine.Name, n, took.Round(time.Millisecond))
		}
		return err
	})
}

// enginesNamed opens the engine of that name, or all of them.
func (a *app) enginesNamed(ctx context.Context, name string) ([]search.Engine, error) {
	nodes, err := a.openNodes(ctx)
	if err != nil {
		return nil, err
	}
	names := []string{ownEngine}
	for _, e := range nodes {
		if e.Name == name {
			return []search.Engine{e}, nil
		}
		names = append(names, e.Name)
	}
	if name != "" && name != ownEngine {
		return nil, usageError{fmt.Errorf("no engine is called %q; there is %s", name, strings.Join(names, ", "))}
	}
	own, err := a.openIndex(ctx)
	if err != nil {
		return nil, err
	}
	list := []search.Engine{{Name: ownEngine, Index: own}}
	if name == "" {
		list = append(list, nodes...)
	}
	return list, nil
}

// reindex fills one engine anew.
func (a *app) reindex(ctx context.Context, e search.Engine) (n int, took time.Duration, err error) {
	started := a.now()
	err = search.Rebuild(ctx, search.RebuildOptions{Index: e.Index, From: a.store, Progress: func(done int) {
		n = done
		a.log.Info("reindex", "engine", e.Name, "vacancies", done)
	}})
	return n, a.now().Sub(started), err
}

// sourceNames lists ids for a sentence.
func sourceNames(list []crawler.Source) string {
	names := make([]string, len(list))
	for i, s := range list {
		names[i] = s.ID
	}
	return strings.Join(names, ", ")
}
