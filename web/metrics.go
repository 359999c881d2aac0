package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/store"
)

// MetricsOptions are what metrics are made of. All but Engines are needed.
type MetricsOptions struct {
	Store   *store.Store
	Now     func() time.Time
	Log     *slog.Logger
	Version string
	// Sources are the configured ones: no others have a metric.
	Sources []string
	// Engines says how the search engines of this process are; nil when it has none.
	Engines func(context.Context) ([]search.EngineState, error)
}

// Metrics are the figures of one process, for Prometheus. Labels are sources,
// kinds, routes and the like, of which there are few; no address and nothing of a
// person is among them.
type Metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	crawls    *prometheus.CounterVec
	adverts   *prometheus.CounterVec
	messages  *prometheus.CounterVec
	handler   http.Handler
}

// scrapePatience bounds one collection of figures.
const scrapePatience = 5 * time.Second

// NewMetrics returns the metrics of a process.
func NewMetrics(o MetricsOptions) (*Metrics, error) {
	m := &Metrics{
		registry:  prometheus.NewRegistry(),
		requests:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "sendwatch_http_requests_total", Help: "Requests answered, by route and status."}, []string{"route", "status"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "sendwatch_http_request_duration_seconds", Help: "How long requests took, by route.", Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}}, []string{"route"}),
		crawls:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "sendwatch_crawls_total", Help: "Crawls that this process ended, by source and result (healthy, unhealthy, failed)."}, []string{"source", "result"}),
		adverts:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "sendwatch_adverts_total", Help: "Adverts that this process's crawls met, by what became of them."}, []string{"result"}),
		messages:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "sendwatch_messages_total", Help: "Messages that this process dealt with, by result (sent, retried, dropped, notice)."}, []string{"result"}),
	}
	build := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "sendwatch_build_info", Help: "1, labelled with the version."}, []string{"version"})
	build.WithLabelValues(o.Version).Set(1)
	for _, c := range []prometheus.Collector{
		m.requests, m.durations, m.crawls, m.adverts, m.messages, build, newStoreFigures(o),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	} {
		if err := m.registry.Register(c); err != nil {
			return nil, fmt.Errorf("metrics: %w", err)
		}
	}
	m.handler = promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 3})
	return m, nil
}

// Handler answers every request with the metrics: it belongs on an address of its
// own, that only the monitoring reaches.
func (m *Metrics) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		m.handler.ServeHTTP(w, r)
	})
}

// Crawled counts a crawl that ended. Like the others that count, it does nothing
// without metrics.
func (m *Metrics) Crawled(source, result string) {
	if m != nil {
		m.crawls.WithLabelValues(source, result).Inc()
	}
}

// Adverts counts adverts that a crawl met.
func (m *Metrics) Adverts(result string, n int) {
	if m != nil {
		m.adverts.WithLabelValues(result).Add(float64(n))
	}
}

// Messages counts messages that were dealt with.
func (m *Metrics) Messages(result string, n int) {
	if m != nil {
		m.messages.WithLabelValues(result).Add(float64(n))
	}
}

// measured counts what a handler that knows its routes answers; nil counts nothing.
func (m *Metrics) measured(now func() time.Time, h http.Handler) http.Handler {
	if m == nil {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := now()
		sw := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		h.ServeHTTP(sw, r)
		route := r.Pattern // set by the ServeMux, of which there are few
		if route == "" {
			route = "none"
		}
		m.requests.WithLabelValues(route, strconv.Itoa(sw.status)).Inc()
		m.durations.WithLabelValues(route).Observe(now().Sub(began).Seconds())
	})
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
	said   bool
}

// WriteHeader implements http.ResponseWriter.
func (w *statusWriter) WriteHeader(status int) {
	if !w.said {
		w.status, w.said = status, true
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *statusWriter) Write(b []byte) (int, error) {
	w.said = true
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach what lies beneath.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// metrics answers who asks from this very machine and was not sent on by a proxy.
// The site is public; its figures are not. A proxy that adds nothing to what it
// passes on cannot be told apart, which is why they may move to an address of their
// own.
func (s *Site) metrics(w http.ResponseWriter, r *http.Request) {
	if s.o.Metrics == nil || s.o.MetricsElsewhere || !fromHere(r) {
		s.fail(w, r, errNotFound)
		return
	}
	s.o.Metrics.Handler().ServeHTTP(w, r)
}

// passedOn are header fields by which proxies show themselves.
var passedOn = []string{"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via"}

func fromHere(r *http.Request) bool {
	for _, name := range passedOn {
		if r.Header.Get(name) != "" {
			return false
		}
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	// The socket in the data folder has no address, and is the operator's alone.
	return err != nil || peer.Addr().Unmap().IsLoopback()
}
