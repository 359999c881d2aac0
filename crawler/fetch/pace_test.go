package fetch_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// ledger is a Hosts and a Pacer as a database is one: it books moments on a clock
// of its own, waits for nothing and shares all it is told.
type ledger struct {
	*fetch.MemoryHosts
	mu    sync.Mutex
	now   time.Time
	moved []time.Duration // by how much each booking moved the host's next moment
}

func newLedger() *ledger {
	l := &ledger{now: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)}
	l.MemoryHosts = fetch.NewMemoryHosts(l.Now)
	return l
}

func (l *ledger) Now() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

func (l *ledger) pass(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now = l.now.Add(d)
}

func (l *ledger) Reserve(ctx context.Context, host string, gap time.Duration) (time.Time, error) {
	at, err := l.MemoryHosts.Reserve(ctx, host, gap)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.moved = append(l.moved, gap)
	if at.After(l.now) {
		l.now = at // the wait is over at once
	}
	return l.now, err
}

func (l *ledger) pace(t *testing.T, host string) time.Duration {
	t.Helper()
	pace, err := l.Pace(t.Context(), host)
	if err != nil {
		t.Fatal(err)
	}
	return pace
}

func TestPaceFollowsTheHost(t *testing.T) {
	hosts := newLedger()
	var answer http.HandlerFunc
	var latency time.Duration
	s := newSite(t, map[string]http.HandlerFunc{"/a": func(w http.ResponseWriter, r *http.Request) {
		hosts.pass(latency)
		answer(w, r)
	}})
	host := s.Listener.Addr().String()
	c := newClient(t, fetch.Options{Hosts: hosts, Now: hosts.Now})
	ask := func(how http.HandlerFunc, took time.Duration) time.Duration {
		t.Helper()
		answer, latency = how, took
		_, _ = get(t, c, s.URL+"/a")
		return hosts.pace(t, host)
	}
	if got := ask(text("ok"), 100*time.Millisecond); got != 0 {
		t.Errorf("a quick host: pace %v, want none", got)
	}
	if got := ask(text("ok"), 3*time.Second); got != 6*time.Second {
		t.Errorf("a labouring host: pace %v, want twice its labour", got)
	}
	if got := ask(text("ok"), time.Hour); got != 30*time.Second {
		t.Errorf("a host asleep: pace %v, want the longest rest", got)
	}
	slower := ask(status(http.StatusServiceUnavailable), 0)
	if slower != time.Minute {
		t.Errorf("an overloaded host: pace %v, want the slowest", slower)
	}
	for n := 0; ; n++ {
		got := ask(text("ok"), 0)
		if got >= slower || n > 100 {
			t.Fatalf("after %d good answers the pace is %v, and was %v", n, got, slower)
		}
		if slower = got; got == 0 {
			break
		}
	}
	if got := ask(status(http.StatusNotFound), 0); got != 0 {
		t.Errorf("a missing page: pace %v, want none", got)
	}
	if got := ask(status(http.StatusTooManyRequests), 0); got < 2*time.Millisecond {
		t.Errorf("too many requests: pace %v", got)
	}
}

func TestPaceIsEveryProcesss(t *testing.T) {
	hosts := newLedger()
	s := newSite(t, map[string]http.HandlerFunc{"/a": text("ok"), "/full": status(http.StatusTooManyRequests)})
	ask := func(path string) {
		t.Helper()
		c := newClient(t, fetch.Options{Hosts: hosts, Now: hosts.Now, Backoff: time.Second, MaxWait: time.Second / 2})
		_, _ = get(t, c, s.URL+path) // as a process of its own
	}
	ask("/full")
	taught := hosts.pace(t, s.Listener.Addr().String())
	if taught != 2*time.Second {
		t.Fatalf("pace %v, want twice the back-off", taught)
	}
	hosts.moved = nil
	ask("/a")
	if len(hosts.moved) == 0 || hosts.moved[0] < taught {
		t.Errorf("the next process booked %v, want at least %v", hosts.moved, taught)
	}
	if got := hosts.pace(t, s.Listener.Addr().String()); got >= taught {
		t.Errorf("a good answer to it left the pace at %v", got)
	}
}

func TestGapIsKeptFromTheEnd(t *testing.T) {
	hosts := newLedger()
	var arrived, left []time.Time
	s := newSite(t, map[string]http.HandlerFunc{"/a": func(w http.ResponseWriter, r *http.Request) {
		arrived = append(arrived, hosts.Now())
		hosts.pass(time.Duration(len(arrived)%3) * 700 * time.Millisecond)
		left = append(left, hosts.Now())
		text("ok")(w, r)
	}})
	c := newClient(t, fetch.Options{Hosts: hosts, Now: hosts.Now})
	for range 6 {
		if _, err := c.Get(t.Context(), fetch.Request{URL: s.URL + "/a", AllowPrivate: true, Delay: time.Second}); err != nil {
			t.Fatal(err)
		}
	}
	for i := 1; i < len(arrived); i++ {
		if gap := arrived[i].Sub(left[i-1]); gap < time.Second {
			t.Errorf("request %d came %v after the answer before it", i, gap)
		}
	}
}

func TestCrawlDelayHoldsFromTheRobotsFile(t *testing.T) {
	hosts := newLedger()
	var read, arrived time.Time
	s := newSite(t, map[string]http.HandlerFunc{
		"/robots.txt": func(w http.ResponseWriter, r *http.Request) {
			read = hosts.Now()
			text("User-agent: *\nCrawl-delay: 20\n")(w, r)
		},
		"/a": func(w http.ResponseWriter, r *http.Request) { arrived = hosts.Now(); text("ok")(w, r) },
	})
	c := newClient(t, fetch.Options{Hosts: hosts, Now: hosts.Now})
	if _, err := c.Get(t.Context(), fetch.Request{URL: s.URL + "/a", AllowPrivate: true, Delay: time.Second}); err != nil {
		t.Fatal(err)
	}
	if gap := arrived.Sub(read); gap < 20*time.Second {
		t.Errorf("the page was asked for %v after robots.txt", gap)
	}
}

func TestRetryAfterOfDaysIsKept(t *testing.T) {
	hosts := newLedger()
	s := newSite(t, map[string]http.HandlerFunc{"/a": status(http.StatusServiceUnavailable, "Retry-After", "7200")})
	c := newClient(t, fetch.Options{Hosts: hosts, Now: hosts.Now})
	_, err := get(t, c, s.URL+"/a")
	var failed *fetch.Error
	if !errors.As(err, &failed) || failed.RetryAfter != 2*time.Hour {
		t.Fatalf("error %v", err)
	}
	start := hosts.Now()
	at, err := hosts.Reserve(t.Context(), s.Listener.Addr().String(), 0)
	if err != nil || at.Sub(start) < 2*time.Hour {
		t.Errorf("the host is free after %v (%v), want two hours", at.Sub(start), err)
	}
}
