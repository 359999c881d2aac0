package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/internal/hostileserver"
	"github.com/sendwatch/sendwatch/store"
)

var politeHosts = flag.Int("hosts", 20, "how many hosts TestPoliteness crawls at once")

// TestPoliteness crawls many hosts at once with the real crawler, from two
// processes' worth of clients on one database, and has the server's own log
// judged by code that knows nothing of the client: the gap each host asks for,
// one connection a host, no path that robots.txt refuses, Retry-After.
func TestPoliteness(t *testing.T) {
	t.Parallel()
	s := newPoliteServer(t, *politeHosts)
	names := hostileserver.NewNames(t, func(string, int) []netip.Addr { return []netip.Addr{netip.MustParseAddr("127.0.0.1")} })
	st, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "polite.db"), Now: time.Now, NewID: newID})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	k, err := learn()
	if err != nil {
		t.Fatal(err)
	}
	var crawlers [2]*ingest.Ingest
	for i := range crawlers {
		client := fetch.New(fetch.Options{Contact: "mailto:desk@jobs.test", Hosts: st, Now: time.Now, Resolver: names.Resolver(), Backoff: 100 * time.Millisecond})
		defer client.Close()
		crawlers[i] = ingest.New(ingest.Options{
			Store: st, Normaliser: k.normaliser, Now: time.Now, NewID: newID, Patience: 2 * time.Minute,
			Crawler: crawler.New(crawler.Options{Client: client, Now: time.Now}),
		})
	}
	start := time.Now()
	var wait sync.WaitGroup
	sources := 0
	for i, h := range s.inOrder() {
		for n, src := range h.sourcesOf(s.port()) {
			sources++
			in := crawlers[(i+n)%2]
			if h.robotsAt != "" {
				in = crawlers[0] // no process leases the host of another's robots.txt
			}
			wait.Go(func() {
				if _, err := in.Crawl(t.Context(), src, time.Hour, true); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wait.Wait()
	v := s.judge()
	for _, breach := range v.breaches {
		t.Error(breach)
	}
	t.Logf("%d hosts, %d sources, %v: %d requests on %d connections, %d pages, %d pleas for time; the least time to spare was %v",
		len(s.hosts), sources, time.Since(start).Round(100*time.Millisecond), v.requests, v.connections, v.pages, v.pleas, v.spare)
}

// politeVerdict is what the log shows.
type politeVerdict struct {
	breaches                            []string
	requests, connections, pages, pleas int
	// spare is the least by which a gap was longer than asked.
	spare time.Duration
}

func (v *politeVerdict) breach(format string, args ...any) {
	v.breaches = append(v.breaches, fmt.Sprintf(format, args...))
}

// judge reads the log host by host.
func (s *politeServer) judge() *politeVerdict {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := &politeVerdict{spare: time.Hour}
	hosts := map[string][]*loggedRequest{}
	owners := map[uint64]string{}
	for _, a := range s.log {
		hosts[a.host] = append(hosts[a.host], a)
		if owner, ok := owners[a.conn]; ok && owner != a.host {
			v.breach("one connection served %s and %s", owner, a.host)
		}
		owners[a.conn] = a.host
	}
	v.requests, v.connections = len(s.log), len(owners)
	for name, log := range hosts {
		slices.SortFunc(log, func(a, b *loggedRequest) int { return a.arrived.Compare(b.arrived) })
		before, after := s.gapOf(name)
		v.spacing(name, log, before, after)
		v.oneConnection(name, log)
		h := s.hosts[name]
		switch {
		case h != nil:
			v.paths(h, log)
		case name != robotsHost:
			v.breach("%s was asked for %s", name, log[0].path)
		}
	}
	for name, h := range s.hosts {
		if hosts[name] == nil && len(h.wants()) > 0 {
			v.breach("%s was never asked", name)
		}
	}
	return v
}

// gapOf is what a host's requests must keep. Where robots.txt files of several
// hosts lie it is the least of what their sources say.
func (s *politeServer) gapOf(name string) (before, after time.Duration) {
	if h := s.hosts[name]; h != nil {
		return h.delay, h.gap
	}
	least := time.Hour
	for _, h := range s.hosts {
		least = min(least, h.delay)
	}
	return least, least
}

// spacing checks gaps and pleas for time. The wait that a robots.txt asks for holds
// from its own answer on.
func (v *politeVerdict) spacing(name string, log []*loggedRequest, before, after time.Duration) {
	gap := before
	var until time.Time
	for i, a := range log {
		if a.arrived.Before(until) {
			v.breach("%s: %s came %v before the host wanted it", name, a.path, until.Sub(a.arrived))
		}
		if i > 0 {
			spare := a.arrived.Sub(log[i-1].arrived) - gap
			if spare < 0 {
				v.breach("%s: %s came %v too early", name, a.path, -spare)
			}
			v.spare = min(v.spare, spare)
		}
		if a.path == "/robots.txt" && a.status == http.StatusOK {
			gap = after
		}
		if a.status == http.StatusServiceUnavailable || a.status == http.StatusTooManyRequests {
			v.pleas++
			until = a.until
		}
	}
}

// oneConnection checks that no connection was in use while another was.
func (v *politeVerdict) oneConnection(name string, log []*loggedRequest) {
	for i := 1; i < len(log); i++ {
		if log[i].arrived.Before(log[i-1].left) {
			v.breach("%s: %s came while %s was being answered", name, log[i].path, log[i-1].path)
		}
	}
	seen := map[uint64]bool{}
	for i, a := range log {
		if i > 0 && a.conn != log[i-1].conn && seen[a.conn] {
			v.breach("%s: two connections were in use by turns", name)
		}
		seen[a.conn] = true
	}
}

// paths checks what was asked for, and that what may be read was.
func (v *politeVerdict) paths(h *politeHost, log []*loggedRequest) {
	read := map[string]bool{}
	for _, a := range log {
		if h.forbids(a.path) {
			v.breach("%s: %s is refused by robots.txt", h.name, a.path)
		}
		if strings.HasPrefix(a.path, "/job/") && a.status == http.StatusOK {
			v.pages++
			read[a.path] = true
		}
	}
	if log[0].path != "/robots.txt" {
		v.breach("%s: %s was asked for before robots.txt", h.name, log[0].path)
	}
	for _, path := range h.wants() {
		if !read[path] {
			v.breach("%s: %s may be read and was not", h.name, path)
		}
	}
}

// inOrder are the hosts by name.
func (s *politeServer) inOrder() []*politeHost {
	var out []*politeHost
	for i := range len(s.hosts) {
		out = append(out, s.hosts[fmt.Sprintf("host%d.test", i)])
	}
	return out
}

type connKey struct{}

var connections atomic.Uint64

// number gives each connection its number.
func (s *politeServer) number(ctx context.Context, _ net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, connections.Add(1))
}

func connOf(r *http.Request) uint64 {
	n, _ := r.Context().Value(connKey{}).(uint64)
	return n
}
