package web

import (
	"fmt"
	"math"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"
)

// Limits are how many requests a minute one client may send, of each class. As
// many may come at once. Zero sets no limit.
type Limits struct {
	// Pages are what people look at, API what programs ask, the feeds among it.
	Pages, API int
	// Exports are whole searches as files, and Match what is matched at once.
	Exports, Match int
	// Alerts are forms that somebody gets to read: alerts to confirm, and reports.
	Alerts int
}

// class is a set of requests with one limit.
type class string

const (
	classNone    class = "" // never limited
	classPages   class = "pages"
	classAPI     class = "api"
	classExports class = "exports"
	classMatch   class = "match"
	classAlerts  class = "alerts"
)

// classOf says what a request counts as. What an operator's probes and mail
// providers ask is let through: a provider's one-click unsubscriptions come from
// a few addresses, and none may be lost.
func classOf(r *http.Request) class {
	path, post := r.URL.Path, r.Method == http.MethodPost
	switch {
	case r.Method == http.MethodOptions,
		strings.HasPrefix(path, "/static/"), path == "/healthz", path == "/readyz", path == "/metrics",
		post && strings.HasPrefix(path, "/alerts/") && strings.HasSuffix(path, "/unsubscribe"):
		return classNone
	case post && (path == "/alerts/new" || strings.HasPrefix(path, "/vacancies/")):
		return classAlerts
	case post && path == "/api/v1/match", path == "/candidate":
		return classMatch
	case strings.HasPrefix(path, "/export/"):
		return classExports
	case strings.HasPrefix(path, "/api/"), strings.HasPrefix(path, "/feeds/"):
		return classAPI
	}
	return classPages
}

func (l Limits) of(c class) int {
	switch c {
	case classPages:
		return l.Pages
	case classAPI:
		return l.API
	case classExports:
		return l.Exports
	case classMatch:
		return l.Match
	case classAlerts:
		return l.Alerts
	}
	return 0
}

// maxClients is how many clients are remembered. The one that was quiet longest
// is forgotten first, and may then begin anew.
const maxClients = 20_000

// limiter counts what clients ask. It keeps addresses in memory alone.
type limiter struct {
	limits  Limits
	trusted []netip.Prefix
	now     func() time.Time
	// unnamed is called once when a proxy passes requests on that is not trusted.
	unnamed func()

	mu      sync.Mutex
	clients *simplelru.LRU[caller, *rate.Limiter]
}

// caller is whose requests of a class are counted together.
type caller struct {
	class class
	from  netip.Prefix
	// holder is the name of the API key's holder, who is counted instead of from.
	holder string
}

func newLimiter(o Options) (*limiter, error) {
	clients, err := simplelru.NewLRU[caller, *rate.Limiter](maxClients, nil)
	if err != nil {
		return nil, fmt.Errorf("rate limits: %w", err)
	}
	warn := sync.OnceFunc(func() {
		o.Log.Warn("a proxy before the site is not named in site.trusted_proxies: nobody behind it is limited")
	})
	return &limiter{limits: o.Limits, trusted: o.TrustedProxies, now: o.Now, unnamed: warn, clients: clients}, nil
}

// allow counts a request and reports whether it may pass. It tells machines how
// much is left, in the header fields that the IETF's HTTPAPI group drafts.
func (l *limiter) allow(w http.ResponseWriter, r *http.Request) bool {
	c := classOf(r)
	quota := l.limits.of(c)
	if quota <= 0 {
		return true
	}
	from, ok := l.from(r)
	if !ok {
		return true
	}
	return l.count(w, caller{class: c, from: from}, quota)
}

// keyFactor is how much more than an address the holder of an API key may ask.
const keyFactor = 10

// allowHolder is allow for the holder of an API key, from wherever the requests come.
func (l *limiter) allowHolder(w http.ResponseWriter, r *http.Request, name string) bool {
	c := classOf(r)
	quota := keyFactor * l.limits.of(c)
	return quota <= 0 || l.count(w, caller{class: c, holder: name}, quota)
}

// count counts a request for a caller.
func (l *limiter) count(w http.ResponseWriter, who caller, quota int) bool {
	c := who.class
	passes, left, wait := l.take(who, quota)
	if c != classPages || !passes {
		w.Header().Set("RateLimit-Policy", fmt.Sprintf(`"%s";q=%d;w=60`, c, quota))
		w.Header().Set("RateLimit", fmt.Sprintf(`"%s";r=%d;t=%d`, c, left, wait))
	}
	if !passes {
		w.Header().Set("Retry-After", strconv.Itoa(wait))
	}
	return passes
}

// take counts one request. It says how many more may follow at once, and in how
// many seconds there will be one more.
func (l *limiter) take(c caller, quota int) (passes bool, left, wait int) {
	each := time.Minute / time.Duration(quota)
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket, ok := l.clients.Get(c)
	if !ok {
		bucket = rate.NewLimiter(rate.Every(each), quota)
		l.clients.Add(c, bucket)
	}
	now := l.now()
	passes = bucket.AllowN(now, 1)
	tokens := max(bucket.TokensAt(now), 0)
	_, part := math.Modf(tokens)
	return passes, int(tokens), max(int(math.Ceil((1-part)*each.Seconds())), 1)
}

// from is who a request is counted for: an IPv4 address, or the /64 that an IPv6
// subscriber has to choose from. It is false for the socket that the operator's own
// commands use, and behind a proxy of the own network that nobody has named: its
// clients are not told apart, and one of them could shut all others out.
func (l *limiter) from(r *http.Request) (netip.Prefix, bool) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Prefix{}, false
	}
	peer, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Prefix{}, false
	}
	peer = peer.Unmap().WithZone("")
	passed := r.Header.Values("X-Forwarded-For")
	switch {
	case len(l.trusted) > 0:
		peer = l.behind(peer, passed)
	case len(passed) > 0 && (peer.IsLoopback() || peer.IsPrivate()):
		l.unnamed()
		return netip.Prefix{}, false
	}
	bits := 32
	if peer.Is6() {
		bits = 64
	}
	network, err := peer.Prefix(bits)
	return network, err == nil
}

// behind follows X-Forwarded-For from the peer back to the first address that no
// trusted proxy vouches for. What stands before that anybody may have written.
func (l *limiter) behind(peer netip.Addr, passed []string) netip.Addr {
	hops := strings.Split(strings.Join(passed, ","), ",")
	for i := len(hops) - 1; i >= 0 && l.trusts(peer); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		peer = hop.Unmap().WithZone("")
	}
	return peer
}

func (l *limiter) trusts(a netip.Addr) bool {
	for _, p := range l.trusted {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
