package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"

	"golang.org/x/sync/errgroup"

	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/store"
	"github.com/sendwatch/sendwatch/web"
)

// figures are the metrics of this process on an address of their own, if they have
// one.
type figures struct {
	app      *app
	listener net.Listener
}

// measure makes the metrics of this process, and listens for who asks for them.
func (a *app) measure(ctx context.Context) (f figures, err error) {
	var ids []string
	for _, s := range a.cfg.Sources {
		ids = append(ids, s.ID)
	}
	a.metrics, err = web.NewMetrics(web.MetricsOptions{
		Store: a.store, Now: a.now, Log: a.log, Version: version(), Sources: ids,
		Engines: func(ctx context.Context) ([]search.EngineState, error) {
			if a.engines.states == nil {
				return nil, nil
			}
			return a.engines.states(ctx)
		},
	})
	f.app = a
	if err == nil && a.cfg.Site.MetricsListen != "" {
		var lc net.ListenConfig
		if f.listener, err = lc.Listen(ctx, "tcp", a.cfg.Site.MetricsListen); err != nil {
			err = fmt.Errorf("site.metrics_listen: %w", err)
		}
	}
	return f, err
}

// answer answers until ctx ends. Everything that the metrics ask must be there.
func (f figures) answer(ctx context.Context, g *errgroup.Group) {
	if f.listener == nil {
		return
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", f.app.metrics.Handler())
	f.app.log.Info("the metrics answer", "address", "http://"+f.listener.Addr().String()+"/metrics")
	answer(ctx, g, f.listener, mux)
}

func (f figures) close() {
	if f.listener != nil {
		_ = f.listener.Close() // it is closed already, unless nothing was answered
	}
}

// counted counts a crawl that serve did.
func (a *app) counted(source string, r ingest.Report, err error) {
	switch {
	case errors.Is(err, store.ErrNotDue), errors.Is(err, store.ErrLeased), errors.Is(err, context.Canceled):
		return
	case err != nil:
		a.metrics.Crawled(source, "failed")
		return
	case r.Healthy:
		a.metrics.Crawled(source, "healthy")
	default:
		a.metrics.Crawled(source, "unhealthy")
	}
	for result, n := range map[string]int{"new": r.New, "changed": r.Changed, "unchanged": r.Unchanged, "closed": r.Closed, "reopened": r.Reopened, "quarantined": r.Quarantined} {
		a.metrics.Adverts(result, n)
	}
}
