package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/internal/meilitest"
	"github.com/sendwatch/sendwatch/search/meili"
)

// TestSeveralProcessesWithMeilisearch does the same with a Meilisearch that is stopped
// on one day and comes back: meanwhile each process's own index answers and says so,
// and afterwards the server catches up. With TEST_MEILISEARCH_URL a real server is
// asked as well; its indexes of the configured name are lost.
func TestSeveralProcessesWithMeilisearch(t *testing.T) {
	t.Parallel()
	t.Run("as documented", func(t *testing.T) {
		t.Parallel()
		s := meilitest.Start(t, meilitest.Options{})
		withMeilisearch(t, &searchServer{url: s.URL(), key: s.Key(), stop: s.Stop, start: s.Start})
	})
	t.Run("real", func(t *testing.T) {
		t.Parallel()
		address := os.Getenv("TEST_MEILISEARCH_URL")
		if address == "" {
			t.Skip("TEST_MEILISEARCH_URL names no Meilisearch server")
		}
		g := openSluice(t, address)
		withMeilisearch(t, &searchServer{url: "http://" + g.address, key: os.Getenv("TEST_MEILISEARCH_KEY"), stop: g.shut, start: g.open})
	})
}

func withMeilisearch(t *testing.T, server *searchServer) {
	t.Helper()
	secret := filepath.Join(t.TempDir(), "meilisearch.key")
	if err := os.WriteFile(secret, []byte(server.key), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newSeveral(t, severalOptions{roles: []string{everything, everything, everything}, change: func(c *configs.Config) {
		c.Search.MeilisearchURL, c.Search.MeilisearchKeyFile = server.url, secret
	}})
	node, err := meili.Open(t.Context(), meili.Options{URL: server.url, Key: server.key, Matcher: s.know.matcher, Terms: s.know.terms, Now: s.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = node.Close() }) // it was only asked
	if err := node.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	server.node, s.server = node, server
	s.days()
	s.check()
	s.indexHolds(t.Context(), node)
	if err := node.Reset(t.Context()); err != nil {
		t.Error(err)
	}
}

// searchServer is a Meilisearch that can be stopped.
type searchServer struct {
	url, key    string
	stop, start func()
	node        *meili.Index
}

// serverGoes stops the search server, if there is one, for a day's strikes.
func (s *several) serverGoes() {
	if s.server != nil {
		s.server.stop()
	}
}

// serverComes brings it back, after every process has found what the store holds
// without it and has said so.
func (s *several) serverComes() {
	s.t.Helper()
	if s.server == nil {
		return
	}
	s.allUp()
	s.until(func() string {
		for _, p := range s.procs {
			ids, fallback, err := s.search(p, url.Values{})
			if _, want := s.shown(); err != nil || !fallback || !slices.Equal(ids, want) {
				return fmt.Sprintf("without Meilisearch %s finds %d of %d, says so: %v, %v", p.name, len(ids), len(want), fallback, err)
			}
		}
		return ""
	})
	s.server.start()
}

// serverLags says what the search server lacks, or that somebody does without it.
func (s *several) serverLags(head int64) string {
	s.t.Helper()
	if s.server == nil {
		return ""
	}
	if at, err := s.server.node.Cursor(s.t.Context()); err != nil || at < head {
		return fmt.Sprintf("Meilisearch stands at %d of %d, %v", at, head, err)
	}
	for _, p := range s.procs {
		if _, fallback, err := s.search(p, url.Values{}); err != nil || fallback {
			return fmt.Sprintf("%s does without Meilisearch: %v, %v", p.name, fallback, err)
		}
	}
	return ""
}

// sluice passes connections on to a server that cannot be stopped by a test.
type sluice struct {
	t                 *testing.T
	address, upstream string

	mu       sync.Mutex
	listener net.Listener
	flowing  map[net.Conn]bool
	done     sync.WaitGroup
}

func openSluice(t *testing.T, server string) *sluice {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil || u.Scheme != "http" || u.Port() == "" {
		t.Fatalf("TEST_MEILISEARCH_URL must look like http://127.0.0.1:7700 here")
	}
	g := &sluice{t: t, address: "127.0.0.1:0", upstream: u.Host, flowing: map[net.Conn]bool{}}
	g.open()
	t.Cleanup(func() {
		g.shut()
		g.done.Wait()
	})
	return g
}

// open lets connections through, at the same address every time.
func (g *sluice) open() {
	g.t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(context.WithoutCancel(g.t.Context()), "tcp", g.address)
	if err != nil {
		g.t.Fatal(err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.address, g.listener = l.Addr().String(), l
	g.done.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			g.done.Go(func() { g.pass(c) })
		}
	})
}

// shut breaks every connection and refuses new ones.
func (g *sluice) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	_ = g.listener.Close() // it may be shut already
	for c := range g.flowing {
		_ = c.Close()
	}
}

func (g *sluice) pass(from net.Conn) {
	to, err := net.DialTimeout("tcp", g.upstream, 10*time.Second)
	if err != nil {
		_ = from.Close()
		return
	}
	both := []net.Conn{from, to}
	g.mu.Lock()
	for _, c := range both {
		g.flowing[c] = true
	}
	g.mu.Unlock()
	var halves sync.WaitGroup
	for i, c := range both {
		halves.Go(func() {
			_, _ = io.Copy(both[1-i], c) // it ends with either side
			_ = from.Close()
			_ = to.Close()
		})
	}
	halves.Wait()
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range both {
		delete(g.flowing, c)
	}
}
