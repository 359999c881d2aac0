package main

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-co-op/gocron/v2"
	"github.com/sendwatch/sendwatch/changelog"
	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/store"
	"github.com/sendwatch/sendwatch/web"
	"golang.org/x/sync/errgroup"
)

// How often the pulse beats. What is due is a row in the database; the pulse
// only looks, so a missed beat is caught up by the next.
const (
	crawlPulse   = time.Second
	deliverPulse = 5 * time.Second
	sweepPulse   = 10 * time.Minute
	prunePulse   = 6 * time.Hour
	// shutdownGrace is how long work under way may take to end.
	shutdownGrace = 20 * time.Second
)

type serveCmd struct {
	Role []string `help:"What this process does: web, crawl, match, deliver (default all)." enum:"web,crawl,match,deliver" default:"web,crawl,match,deliver"`
}

func (serveCmd) Help() string {
	return `Runs until it is stopped. Everything that is due is a row in the database, so a
process that was down catches up by itself.

Examples:
  sendwatch --config sendwatch.yaml serve
  sendwatch --config sendwatch.yaml serve --role crawl,match`
}

func (c *serveCmd) Run(e *env) error {
	err := e.withApp(func(a *app) error {
		o := serveOptions{roles: c.Role}
		if o.has("web") {
			var err error
			if o.listener, err = net.Listen("tcp", a.cfg.Site.Listen); err != nil {
				return err
			}
		}
		return a.serve(e.ctx, o)
	})
	if e.ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil // stopped while it started
	}
	return err
}

type serveOptions struct {
	roles    []string
	listener net.Listener // of the site, for the role web; closed by serve
	// extra are further routes on the site's listener, for the demo.
	extra map[string]http.Handler
	// notice stands at the top of every page.
	notice string
	// engines says how the search engines are; serveSite sets it.
	engines func(context.Context) ([]search.EngineState, error)
}

func (o serveOptions) has(role string) bool { return slices.Contains(o.roles, role) }

// serve runs the roles until ctx ends or one of them fails for good.
func (a *app) serve(ctx context.Context, o serveOptions) error {
	if p := a.cfg.Placeholder(); len(p) > 0 {
		a.log.Warn("settings still hold example values: only addresses on this machine are crawled and mailed", "settings", strings.Join(p, ", "))
	}
	g, ctx := errgroup.WithContext(ctx)
	figures, err := a.measure(ctx)
	if err != nil {
		return err
	}
	defer figures.close()
	crawling := new(sync.WaitGroup)
	pulse, err := a.pulse(ctx, o, crawling)
	if err != nil {
		return err
	}
	wake := make(chan struct{}, 1)
	if o.has("match") {
		if err := a.owing.Load(ctx); err != nil {
			return err
		}
		a.followInTurn(ctx, g, a.owing, changelog.Options{Wake: wake})
	}
	if o.has("web") {
		if err := a.serveSite(ctx, g, o, wake); err != nil {
			return err
		}
	}
	figures.answer(ctx, g)
	pulse.Start()
	<-ctx.Done()
	a.log.Info("stopping")
	err = pulse.Shutdown()
	// A crawl that is told to stop says so in the database, which frees its source.
	crawling.Wait()
	err = errors.Join(err, g.Wait())
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// serveSite keeps the indexes and answers on the site's address and the socket.
func (a *app) serveSite(ctx context.Context, g *errgroup.Group, o serveOptions, wake chan struct{}) error {
	asker, relay, err := a.openEngines(ctx)
	if err != nil {
		return err
	}
	o.engines = a.engineStates(relay)
	a.engines.states = o.engines
	site, err := a.site(asker, o, wake)
	if err != nil {
		return err
	}
	sock, err := a.listenControl(ctx)
	if err != nil {
		return err
	}
	own := a.engines.own
	a.follow(ctx, g, a.indexer(search.Engine{Name: ownEngine, Index: own}), changelog.Options{})
	if relay != nil {
		for _, e := range a.engines.nodes {
			a.followInTurn(ctx, g, a.indexer(e), changelog.Options{})
		}
		g.Go(func() error { relay.Watch(ctx); return nil })
	}
	mux := http.NewServeMux()
	mux.Handle("/", site)
	for pattern, h := range o.extra {
		mux.Handle(pattern, h)
	}
	a.log.Info("the site answers", "address", "http://"+o.listener.Addr().String())
	answer(ctx, g, o.listener, mux)
	answer(ctx, g, sock, control(site, own))
	return nil
}

// follow keeps a reader at the head of the change log until ctx ends.
func (a *app) follow(ctx context.Context, g *errgroup.Group, r changelog.Reader, o changelog.Options) {
	o.Batch, o.Log = readerBatch, a.log
	g.Go(func() error { return changelog.Follow(ctx, a.store, r, o) })
}

// followInTurn does so for a reader that several processes have in common: one of
// them at a time follows.
func (a *app) followInTurn(ctx context.Context, g *errgroup.Group, r changelog.Reader, o changelog.Options) {
	o.Turn = &turn{store: a.store, reader: r.Name()}
	a.follow(ctx, g, r, o)
}

func (a *app) site(ix search.Asker, o serveOptions, wake chan struct{}) (http.Handler, error) {
	r, err := a.renderer()
	if err != nil {
		return nil, err
	}
	proxies, err := a.cfg.Site.Proxies()
	if err != nil {
		return nil, err
	}
	s, err := web.New(web.Options{
		Metrics: a.metrics, MetricsElsewhere: a.cfg.Site.MetricsListen != "",
		Store: a.store, Search: a.service(ix), Matcher: a.matcher, Links: a.links, Taxonomy: a.taxonomy, Asked: r.Asked,
		Now: a.now, Random: rand.Reader, Log: a.log, Notice: o.notice, Engines: o.engines,
		Limits: web.Limits(a.cfg.Site.Limits), TrustedProxies: proxies,
		Wake: func() {
			select {
			case wake <- struct{}{}:
			default:
			}
		},
	})
	if err != nil {
		return nil, err
	}
	return s.Handler(), nil
}

// answer serves HTTP on l until ctx ends, then lets requests under way finish.
func answer(ctx context.Context, g *errgroup.Group, l net.Listener, h http.Handler) {
	srv := &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
	g.Go(func() error {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		// The run's own context is over: the grace needs one that is not.
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
		defer cancel()
		return srv.Shutdown(grace)
	})
}

// pulse is the schedule: named jobs that look for what is due.
// crawling counts the crawls under way.
func (a *app) pulse(ctx context.Context, o serveOptions, crawling *sync.WaitGroup) (gocron.Scheduler, error) {
	s, err := gocron.NewScheduler(gocron.WithStopTimeout(shutdownGrace), gocron.WithLocation(time.UTC))
	if err != nil {
		return nil, err
	}
	add := func(name string, every time.Duration, beat func(context.Context) error) {
		if err != nil {
			return
		}
		_, err = s.NewJob(gocron.DurationJob(every), gocron.NewTask(func() {
			if e := beat(ctx); e != nil && ctx.Err() == nil {
				a.log.Error(name, "error", e)
			}
		}), gocron.WithName(name), gocron.WithSingletonMode(gocron.LimitModeReschedule), gocron.WithStartAt(gocron.WithStartImmediately()))
	}
	if o.has("crawl") {
		c, cerr := a.crawls(ctx, crawling)
		if cerr != nil {
			return nil, cerr
		}
		add("crawl", crawlPulse, c.beat)
		add("sweep", sweepPulse, func(ctx context.Context) error {
			_, err := c.in.Sweep(ctx, a.watched())
			return err
		})
	}
	if o.has("crawl") || o.has("deliver") {
		add("watch", watchPulse, a.watch)
	}
	if o.has("deliver") {
		d, derr := a.dispatcher()
		if derr != nil {
			return nil, derr
		}
		add("deliver", deliverPulse, func(ctx context.Context) error { return a.deliver(ctx, d) })
		add("prune", prunePulse, a.prune)
	}
	return s, err
}

// prune lets go of what was kept long enough.
func (a *app) prune(ctx context.Context) error {
	const day = 24 * time.Hour
	_, err := a.store.Prune(ctx, store.Retention{
		Raw:         time.Duration(a.cfg.Privacy.RawDays) * day,
		Ledger:      180 * day, // design: a ledger row outlives its vacancy's closing by 180 days
		Unconfirmed: time.Duration(a.cfg.Privacy.UnconfirmedDays) * day,
		Quarantine:  time.Duration(a.cfg.Privacy.RawDays) * day,
		Health:      120 * day, // a term and the holidays around it tell what is usual
		Reports:     time.Duration(a.cfg.Privacy.RawDays) * day,
	})
	return err
}

// crawls starts the crawls that are due, several at once.
type crawls struct {
	a       *app
	in      *ingest.Ingest
	sources map[string]configs.Source
	under   *sync.WaitGroup
	mu      sync.Mutex
	running map[string]bool
}

func (a *app) crawls(ctx context.Context, under *sync.WaitGroup) (*crawls, error) {
	c := &crawls{a: a, in: a.ingest(), under: under, sources: map[string]configs.Source{}, running: map[string]bool{}}
	var ids []string
	for _, s := range a.cfg.Sources {
		if !s.Disabled {
			c.sources[s.ID] = s
			ids = append(ids, s.ID)
		}
	}
	if len(ids) == 0 {
		a.log.Warn("no sources are configured: nothing will be crawled")
	}
	return c, a.store.EnsureSources(ctx, ids)
}

// beat crawls what is due and free, and returns when the last of it has started
// and there is room again.
func (c *crawls) beat(ctx context.Context) error {
	due, err := c.a.store.DueSources(ctx)
	if err != nil {
		return err
	}
	for _, id := range due {
		if s, ok := c.sources[id]; ok && c.take(id) {
			c.under.Go(func() { c.crawl(ctx, s) })
		}
	}
	return nil
}

// take claims a place for the source among those that run here.
func (c *crawls) take(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running[id] || len(c.running) >= c.a.cfg.Crawl.Concurrency {
		return false
	}
	c.running[id] = true
	return true
}

func (c *crawls) crawl(ctx context.Context, s configs.Source) {
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.running, s.ID)
	}()
	r, err := c.a.crawlOne(ctx, c.in, s, false)
	c.a.counted(s.ID, r, err)
	log := c.a.log.With("source", s.ID)
	switch {
	case errors.Is(err, store.ErrNotDue), errors.Is(err, store.ErrLeased), ctx.Err() != nil:
		log.Debug("crawl passed over", "reason", err)
	case err != nil:
		log.Error("crawl failed", "error", err)
	default: // ingest has logged what the crawl did
		log.Debug("crawl ended", "seconds", r.Seconds)
	}
}
