package web

import (
	"bufio"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/store"
)

// measuredBench is a site with metrics, of which the sources "board" and "council"
// are configured.
func measuredBench(t *testing.T, elsewhere bool) (*bench, *Metrics) {
	t.Helper()
	var m *Metrics
	b := newBenchWith(t, func(o *Options) {
		var err error
		m, err = NewMetrics(MetricsOptions{Store: o.Store, Now: o.Now, Log: o.Log, Version: "v1.2.3", Sources: []string{"board", "council"}, Engines: o.Engines})
		if err != nil {
			t.Fatal(err)
		}
		o.Metrics, o.MetricsElsewhere = m, elsewhere
	})
	return b, m
}

// scrape asks for the metrics from this machine, unless changed.
func (b *bench) scrape(change func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(b.t.Context(), http.MethodGet, "/metrics", http.NoBody)
	r.RemoteAddr = "127.0.0.1:4711"
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	b.site.ServeHTTP(w, r)
	return w
}

func TestMetrics(t *testing.T) {
	b, m := measuredBench(t, false)
	ctx := t.Context()
	if err := b.store.EnsureSources(ctx, []string{"board", "council", "forgotten"}); err != nil {
		t.Fatal(err)
	}
	l, err := b.store.ClaimSource(ctx, "board", time.Minute, true)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.store.PutQuarantine(ctx, store.Quarantined{Source: "board", URL: "https://board.example/secret?key=hushhush", Crawl: l.Crawl}); err != nil {
		t.Fatal(err)
	}
	if err := b.store.EndCrawl(ctx, l, store.CrawlEnd{Complete: true, Healthy: true, Listed: 5, Report: "{}", Trend: store.Trend{Usual: 5}}); err != nil {
		t.Fatal(err)
	}
	for _, source := range []string{"council", "forgotten"} {
		if _, _, err := b.store.SetAlarms(ctx, source, []store.Alarm{{Kind: "stale", Says: "no healthy crawl"}}); err != nil {
			t.Fatal(err)
		}
	}
	b.advertise(adverts())
	b.get("/").is(http.StatusOK)
	b.get("/vacancies/v1").is(http.StatusOK)
	b.get("/vacancies/v2").is(http.StatusOK)
	b.get("/alerts/a-token-of-somebody").is(http.StatusNotFound)
	b.get("/nowhere?email=" + somebody).is(http.StatusNotFound)
	m.Crawled("board", "healthy")
	m.Adverts("new", 5)
	m.Messages("sent", 2)

	w := b.scrape(nil)
	text := w.Body.String()
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") {
		t.Fatalf("status %d, %s", w.Code, w.Header().Get("Content-Type"))
	}
	for _, want := range []string{
		`sendwatch_build_info{version="v1.2.3"} 1`,
		`sendwatch_store_up 1`,
		`sendwatch_source_healthy{source="board"} 1`,
		`sendwatch_source_healthy{source="council"} 0`,
		`sendwatch_source_last_success_timestamp_seconds{source="board"} 1.795176e+09`,
		`sendwatch_source_listed_adverts{source="board"} 5`,
		`sendwatch_source_usual_adverts{source="board"} 5`,
		`sendwatch_source_quarantined_adverts{source="board"} 1`,
		`sendwatch_alarm{kind="stale",source="council"} 1`,
		`sendwatch_engine_lag_changes{engine="test"} 0`,
		`sendwatch_ledger_due_alerts 0`,
		`sendwatch_crawls_total{result="healthy",source="board"} 1`,
		`sendwatch_adverts_total{result="new"} 5`,
		`sendwatch_messages_total{result="sent"} 2`,
		`sendwatch_http_requests_total{route="GET /vacancies/{id}",status="200"} 2`,
		`sendwatch_http_requests_total{route="GET /alerts/{token}",status="404"} 1`,
		`sendwatch_http_requests_total{route="/",status="404"} 1`,
		`sendwatch_http_request_duration_seconds_count{route="GET /{$}"} 1`,
		"go_goroutines ",
	} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
	for _, leak := range []string{"forgotten", "hushhush", "person.example", "a-token", "https:", `source_last_success_timestamp_seconds{source="council"}`} {
		if strings.Contains(text, leak) {
			t.Errorf("the metrics hold %q", leak)
		}
	}
	// Prometheus's text format: comments, and samples of a name, labels and a value.
	sample := regexp.MustCompile(`^[a-z_]+(\{([a-z]+="[^"\\]*",?)+\})? [-+0-9.eInfNa]+$`)
	for s := bufio.NewScanner(strings.NewReader(text)); s.Scan(); {
		if line := s.Text(); !strings.HasPrefix(line, "# ") && !sample.MatchString(line) {
			t.Errorf("no sample: %s", line)
		}
	}
}

func TestMetricsAreNotForEverybody(t *testing.T) {
	b, m := measuredBench(t, false)
	for name, change := range map[string]func(*http.Request){
		"from elsewhere":              func(r *http.Request) { r.RemoteAddr = "198.51.100.7:4711" },
		"from the own network":        func(r *http.Request) { r.RemoteAddr = "10.0.0.7:4711" },
		"through a proxy":             func(r *http.Request) { r.Header.Set("X-Forwarded-For", "127.0.0.1") },
		"through a proxy that is shy": func(r *http.Request) { r.Header.Set("Via", "1.1 proxy") },
	} {
		if w := b.scrape(change); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "sendwatch_") {
			t.Errorf("%s: status %d", name, w.Code)
		}
	}
	for name, address := range map[string]string{"IPv6": "[::1]:4711", "the socket": "@"} {
		if w := b.scrape(func(r *http.Request) { r.RemoteAddr = address }); w.Code != http.StatusOK {
			t.Errorf("by %s: status %d", name, w.Code)
		}
	}
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", http.NoBody))
	if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("on an address of their own: status %d", w.Code)
	}
	b, _ = measuredBench(t, true)
	if w := b.scrape(nil); w.Code != http.StatusNotFound {
		t.Errorf("of the site when they are elsewhere: status %d", w.Code)
	}
	if w := newBench(t).scrape(nil); w.Code != http.StatusNotFound {
		t.Errorf("of a site without metrics: status %d", w.Code)
	}
}

// closedStore is a database that answers nothing.
func closedStore(t *testing.T, now func() time.Time) *store.Store {
	t.Helper()
	gone, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "gone.db"), Now: now, NewID: func() string { return "id" }})
	if err == nil {
		err = gone.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return gone
}

func TestMetricsWithoutDatabase(t *testing.T) {
	m, err := NewMetrics(MetricsOptions{Store: closedStore(t, time.Now), Now: time.Now, Log: slog.New(slog.DiscardHandler), Version: "v"})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", http.NoBody))
	if text := w.Body.String(); w.Code != http.StatusOK || !strings.Contains(text, "\nsendwatch_store_up 0") || strings.Contains(text, "sendwatch_ledger") {
		t.Errorf("status %d:\n%s", w.Code, text)
	}
}
