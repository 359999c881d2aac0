package web

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"
)

// guarded is a limiter at a moment of its own.
type guarded struct {
	*limiter
	now time.Time
	log strings.Builder
}

func newGuarded(t *testing.T, limits Limits, trusted ...string) *guarded {
	t.Helper()
	g := &guarded{now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
	var proxies []netip.Prefix
	for _, p := range trusted {
		proxies = append(proxies, netip.MustParsePrefix(p))
	}
	var err error
	g.limiter, err = newLimiter(Options{
		Limits: limits, TrustedProxies: proxies, Now: func() time.Time { return g.now },
		Log: slog.New(slog.NewTextHandler(&g.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// ask sends a request from an address, by way of the proxies that X-Forwarded-For
// names.
func (g *guarded) ask(t *testing.T, method, target, from string, forwarded ...string) (bool, http.Header) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, http.NoBody)
	r.RemoteAddr = from
	for _, f := range forwarded {
		r.Header.Add("X-Forwarded-For", f)
	}
	w := httptest.NewRecorder()
	return g.allow(w, r), w.Header()
}

func TestLimit(t *testing.T) {
	g := newGuarded(t, Limits{API: 3})
	for i := range 5 {
		ok, hd := g.ask(t, http.MethodGet, pathAPI, "192.0.2.1:5000"+strconv.Itoa(i))
		if ok != (i < 3) {
			t.Errorf("request %d passes: %t", i, ok)
		}
		left := []string{`"api";r=2;t=20`, `"api";r=1;t=20`, `"api";r=0;t=20`, `"api";r=0;t=20`, `"api";r=0;t=20`}[i]
		if hd.Get("RateLimit-Policy") != `"api";q=3;w=60` || hd.Get("RateLimit") != left {
			t.Errorf("request %d is told %q of %q", i, hd.Get("RateLimit"), hd.Get("RateLimit-Policy"))
		}
		if after := hd.Get("Retry-After"); ok != (after == "") || !ok && after != "20" {
			t.Errorf("request %d may be sent again after %q", i, after)
		}
	}
	if ok, _ := g.ask(t, http.MethodGet, pathAPI, "192.0.2.2:1"); !ok {
		t.Error("one client shuts another out")
	}
	if ok, _ := g.ask(t, http.MethodGet, "/", "192.0.2.1:1"); !ok {
		t.Error("a class without a limit is limited")
	}
	g.now = g.now.Add(20 * time.Second)
	if ok, _ := g.ask(t, http.MethodGet, pathAPI, "192.0.2.1:1"); !ok {
		t.Error("after the time that was said it is still too early")
	}
	if ok, _ := g.ask(t, http.MethodGet, pathAPI, "192.0.2.1:1"); ok {
		t.Error("twenty seconds bring more than one request")
	}
	g.now = g.now.Add(time.Hour)
	for i := range 4 {
		if ok, _ := g.ask(t, http.MethodGet, pathAPI, "192.0.2.1:1"); ok != (i < 3) {
			t.Errorf("after an hour request %d passes: %t", i, ok)
		}
	}
}

func TestLimitClasses(t *testing.T) {
	for _, tt := range []struct {
		method, path string
		want         class
	}{
		{"GET", "/", classPages},
		{"GET", "/vacancies/x", classPages},
		{"GET", "/alerts/new", classPages},
		{"POST", "/alerts/new", classAlerts},
		{"POST", "/alerts/token/unsubscribe", classNone},
		{"GET", "/alerts/token/unsubscribe", classPages},
		{"POST", "/alerts/token", classPages},
		{"GET", "/candidate", classMatch},
		{"POST", "/vacancies/x/report", classAlerts},
		{"GET", "/api/v1/vacancies", classAPI},
		{"GET", "/api/nothing", classAPI},
		{"GET", "/feeds/vacancies.atom", classAPI},
		{"POST", "/api/v1/match", classMatch},
		{"GET", "/export/vacancies.csv", classExports},
		{"HEAD", "/export/vacancies.json", classExports},
		{"OPTIONS", "/api/v1/vacancies", classNone},
		{"GET", "/static/style.css", classNone},
		{"GET", "/healthz", classNone},
		{"GET", "/readyz", classNone},
		{"GET", "/metrics", classNone},
	} {
		r := httptest.NewRequestWithContext(t.Context(), tt.method, tt.path, http.NoBody)
		if got := classOf(r); got != tt.want {
			t.Errorf("%s %s is of class %q, want %q", tt.method, tt.path, got, tt.want)
		}
	}
}

// TestLimitFrom: who asks is the peer, or whom proxies that are named vouch for,
// and nobody else has a say in it.
func TestLimitFrom(t *testing.T) {
	for _, tt := range []struct {
		name      string
		trusted   []string
		peer      string
		forwarded []string
		want      string // empty: not limited
	}{
		{"the peer", nil, "192.0.2.1:80", nil, "192.0.2.1/32"},
		{"a header that nobody vouches for", nil, "192.0.2.1:80", []string{"198.51.100.7"}, "192.0.2.1/32"},
		{"IPv6 counts by subscriber", nil, "[2001:db8:1:2:3:4:5:6]:80", nil, "2001:db8:1:2::/64"},
		{"with a zone", nil, "[fe80::1%eth0]:80", nil, "fe80::/64"},
		{"IPv4 within IPv6", nil, "[::ffff:192.0.2.1]:80", nil, "192.0.2.1/32"},
		{"this machine", nil, "127.0.0.1:80", nil, "127.0.0.1/32"},
		{"the socket of the operator's commands", nil, "@", nil, ""},
		{"a proxy of this machine that is not named", nil, "127.0.0.1:80", []string{"198.51.100.7"}, ""},
		{"a proxy of the own network that is not named", nil, "10.1.2.3:80", []string{"198.51.100.7"}, ""},
		{"a proxy that is named", []string{"10.0.0.0/8"}, "10.1.2.3:80", []string{"198.51.100.7"}, "198.51.100.7/32"},
		{"what the client wrote before", []string{"10.0.0.0/8"}, "10.1.2.3:80", []string{"203.0.113.9, 198.51.100.7"}, "198.51.100.7/32"},
		{"in several fields", []string{"10.0.0.0/8"}, "10.1.2.3:80", []string{"203.0.113.9", "198.51.100.7"}, "198.51.100.7/32"},
		{"two proxies", []string{"10.0.0.0/8", "192.0.2.0/24"}, "10.1.2.3:80", []string{"198.51.100.7, 192.0.2.4"}, "198.51.100.7/32"},
		{"IPv6 behind a proxy", []string{"10.0.0.0/8"}, "10.1.2.3:80", []string{"2001:db8::5"}, "2001:db8::/64"},
		{"nonsense behind a proxy", []string{"10.0.0.0/8"}, "10.1.2.3:80", []string{"198.51.100.7, unknown"}, "10.1.2.3/32"},
		{"a named proxy's own request", []string{"10.0.0.0/8"}, "10.1.2.3:80", nil, "10.1.2.3/32"},
		{"another one than is named", []string{"10.0.0.0/8"}, "127.0.0.1:80", []string{"198.51.100.7"}, "127.0.0.1/32"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := newGuarded(t, Limits{}, tt.trusted...)
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
			r.RemoteAddr = tt.peer
			for _, f := range tt.forwarded {
				r.Header.Add("X-Forwarded-For", f)
			}
			got, ok := g.from(r)
			if ok != (tt.want != "") || ok && got.String() != tt.want {
				t.Errorf("counted for %s (%t), want %s", got, ok, tt.want)
			}
		})
	}
}

// TestLimitUnnamedProxy: the operator hears once, without an address, that limits do
// not work behind a proxy that is not named.
func TestLimitUnnamedProxy(t *testing.T) {
	g := newGuarded(t, Limits{Pages: 1})
	for range 3 {
		if ok, _ := g.ask(t, http.MethodGet, "/", "172.18.0.1:80", "198.51.100.7"); !ok {
			t.Error("everybody behind a proxy is counted as one")
		}
	}
	if n := strings.Count(g.log.String(), "site.trusted_proxies"); n != 1 || strings.Contains(g.log.String(), "198.51") || strings.Contains(g.log.String(), "172.18") {
		t.Errorf("the log says %q", g.log.String())
	}
}

// TestLimitForgets: however many ask, so many are remembered, and the one that is
// remembered is the one that asks on.
func TestLimitForgets(t *testing.T) {
	g := newGuarded(t, Limits{Pages: 2})
	busy := caller{class: classPages, from: netip.MustParsePrefix("192.0.2.1/32")}
	g.take(busy, 2)
	g.take(busy, 2)
	for i := range 2 * maxClients {
		a := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
		g.take(caller{class: classPages, from: netip.PrefixFrom(a, 32)}, 2)
		if i%1000 == 0 {
			if passes, _, _ := g.take(busy, 2); passes {
				t.Fatalf("after %d others the busy one begins anew", i)
			}
		}
	}
	if n := g.clients.Len(); n != maxClients {
		t.Errorf("%d clients are remembered, want %d", n, maxClients)
	}
}

// TestLimited: people are told in a page, programs in problem details.
func TestLimited(t *testing.T) {
	b := newBenchWith(t, func(o *Options) { o.Limits = Limits{Pages: 1, API: 1, Exports: 1} })
	b.get("/").is(http.StatusOK)
	a := b.get("/").is(http.StatusTooManyRequests).says("Please slow down", "wait a moment")
	if a.Header().Get("Retry-After") != "60" {
		t.Errorf("to be tried again after %q", a.Header().Get("Retry-After"))
	}
	b.get(pathCSV).is(http.StatusOK)
	b.get(pathJSON).is(http.StatusTooManyRequests).says("Please slow down")
	b.get(pathAPI).is(http.StatusOK)
	var got problem
	a = b.get(pathAPI).is(http.StatusTooManyRequests)
	decode(t, a, "application/problem+json", &got)
	if got.Status != http.StatusTooManyRequests || a.Header().Get("RateLimit") != `"api";r=0;t=60` || a.Header().Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("programs are told %+v, %v", got, a.Header())
	}
}
