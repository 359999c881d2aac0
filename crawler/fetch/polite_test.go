package fetch_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/crawler/fetch"
)

func TestIdentified(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/a": text("hello")})
	c := newClient(t, fetch.Options{UserAgent: "Sendwatch/2.1", Contact: "mailto:desk@jobs.test"})
	if _, err := get(t, c, s.URL+"/a"); err != nil {
		t.Fatal(err)
	}
	for _, r := range s.seen {
		if got, want := r.UserAgent(), "Sendwatch/2.1 (+mailto:desk@jobs.test)"; got != want {
			t.Errorf("%s: User-Agent %q, want %q", r.URL.Path, got, want)
		}
		if got, want := r.Header.Get("From"), "desk@jobs.test"; got != want {
			t.Errorf("%s: From %q, want %q", r.URL.Path, got, want)
		}
	}
	if len(s.seen) != 2 {
		t.Errorf("%d requests, want robots.txt and the page", len(s.seen))
	}
}

func TestConditional(t *testing.T) {
	const etag, changed = `"v1"`, "Wed, 04 Nov 2026 10:00:00 GMT"
	s := newSite(t, map[string]http.HandlerFunc{"/a": func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == etag && r.Header.Get("If-Modified-Since") == changed {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", etag)
		w.Header().Set("Last-Modified", changed)
		text("hello")(w, r)
	}})
	c := newClient(t, fetch.Options{})
	first, err := get(t, c, s.URL+"/a")
	if err != nil {
		t.Fatal(err)
	}
	if first.ETag != etag || first.LastModified != changed || first.NotModified {
		t.Fatalf("first response: %+v", first)
	}
	again, err := c.Get(t.Context(), fetch.Request{URL: s.URL + "/a", ETag: first.ETag, LastModified: first.LastModified, AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	if !again.NotModified || len(again.Body) != 0 || again.ETag != etag || again.LastModified != changed {
		t.Errorf("second response: %+v", again)
	}
}

func TestStatusBecomesError(t *testing.T) {
	tests := []struct {
		page      http.HandlerFunc
		status    int
		temporary bool
		after     time.Duration
		requests  int
	}{
		{status(404), 404, false, 0, 1},
		{status(410), 410, false, 0, 1},
		{status(206), 206, false, 0, 1}, // part of a page is no page
		{status(204), 204, false, 0, 1},
		{status(304), 304, false, 0, 1}, // nobody asked a condition
		{status(500), 500, true, 0, 2},
		{status(503, "Retry-After", "7200"), 503, true, 2 * time.Hour, 1},
		{status(429, "Retry-After", "later"), 429, true, 0, 2},
	}
	for _, tt := range tests {
		s := newSite(t, map[string]http.HandlerFunc{"/a": tt.page})
		c := newClient(t, fetch.Options{})
		_, err := get(t, c, s.URL+"/a")
		var got *fetch.Error
		if !errors.As(err, &got) {
			t.Errorf("%d: error %v is not a *fetch.Error", tt.status, err)
			continue
		}
		if got.Status != tt.status || got.Temporary != tt.temporary || got.RetryAfter != tt.after {
			t.Errorf("%d: got %+v", tt.status, got)
		}
		if n := s.asked("/a"); n != tt.requests {
			t.Errorf("%d: %d requests, want %d", tt.status, n, tt.requests)
		}
	}
}

func TestTemporaryFailureIsTriedOnceMore(t *testing.T) {
	fails := 1
	s := newSite(t, map[string]http.HandlerFunc{"/a": func(w http.ResponseWriter, r *http.Request) {
		if fails > 0 {
			fails--
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		text("hello")(w, r)
	}})
	got, err := get(t, newClient(t, fetch.Options{}), s.URL+"/a")
	if err != nil || string(got.Body) != "hello" {
		t.Errorf("got %v, %v", got, err)
	}
}

// booked is a Hosts that remembers what was asked of it and books nothing.
type booked struct {
	*fetch.MemoryHosts
	gaps []time.Duration
	wait time.Duration
}

func (b *booked) Reserve(_ context.Context, _ string, gap time.Duration) (time.Time, error) {
	b.gaps = append(b.gaps, gap)
	return time.Now().Add(b.wait), nil
}

func TestPace(t *testing.T) {
	tests := []struct {
		name   string
		robots string
		delay  time.Duration
		want   time.Duration
	}{
		{"ours", "User-agent: *\nAllow: /\n", 3 * time.Second, 3 * time.Second},
		{"theirs is longer", "User-agent: *\nCrawl-delay: 7.5\n", 3 * time.Second, 7500 * time.Millisecond},
		{"theirs is shorter", "User-agent: *\nCrawl-delay: 1\n", 3 * time.Second, 3 * time.Second},
		{"another's", "User-agent: other\nCrawl-delay: 9\n", 0, 0},
		{"broken", "User-agent: *\nCrawl-delay: soon\nDisallow: /x\n", time.Second, time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t, map[string]http.HandlerFunc{"/robots.txt": text(tt.robots), "/a": text("hello")})
			hosts := &booked{MemoryHosts: fetch.NewMemoryHosts(time.Now)}
			c := newClient(t, fetch.Options{Hosts: hosts})
			if _, err := c.Get(t.Context(), fetch.Request{URL: s.URL + "/a", AllowPrivate: true, Delay: tt.delay}); err != nil {
				t.Fatal(err)
			}
			// A gap is booked with a millisecond to spare, and what a robots.txt
			// asks for once more after it was read.
			if got := slices.Max(hosts.gaps); got.Truncate(10*time.Millisecond) != tt.want {
				t.Errorf("gap %v, want %v", got, tt.want)
			}
		})
	}
}

func TestWaitIsBounded(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/a": text("hello")})
	c := newClient(t, fetch.Options{Hosts: &booked{MemoryHosts: fetch.NewMemoryHosts(time.Now), wait: time.Hour}})
	_, err := get(t, c, s.URL+"/a")
	var got *fetch.Error
	if !errors.As(err, &got) || !errors.Is(err, fetch.ErrBusy) || !got.Temporary || got.RetryAfter < 59*time.Minute {
		t.Errorf("got %v", err)
	}
	if len(s.seen) != 0 {
		t.Errorf("%d requests were sent all the same", len(s.seen))
	}
}

func TestRetryAfterIsKeptWithTheHost(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/a": status(503, "Retry-After", "600")})
	hosts := &booked{MemoryHosts: fetch.NewMemoryHosts(time.Now)}
	_, err := get(t, newClient(t, fetch.Options{Hosts: hosts}), s.URL+"/a")
	if err == nil {
		t.Fatal("no error")
	}
	if got := hosts.gaps[len(hosts.gaps)-1]; got.Truncate(time.Second) != 10*time.Minute {
		t.Errorf("the host was booked for %v, want 10m", got)
	}
}

func TestMemoryHostsSpaceRequests(t *testing.T) {
	now := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	h := fetch.NewMemoryHosts(func() time.Time { return now })
	var got []time.Duration
	for range 3 {
		at, err := h.Reserve(t.Context(), "jobs.test", 2*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, at.Sub(now))
	}
	if got[0] != 0 || got[1] != 2*time.Second || got[2] != 4*time.Second {
		t.Errorf("moments %v", got)
	}
	if at, _ := h.Reserve(t.Context(), "other.test", time.Second); !at.Equal(now) {
		t.Errorf("another host waits until %v", at)
	}
}

func TestOneConnectionAHost(t *testing.T) {
	s := newSite(t, nil)
	gate := make(chan struct{}, 1)
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case gate <- struct{}{}:
			time.Sleep(2 * time.Millisecond)
			<-gate
		default:
			t.Error("two requests at once")
		}
		_, _ = w.Write([]byte("ok"))
	})
	c := newClient(t, fetch.Options{})
	done := make(chan error)
	for range 4 {
		go func() {
			_, err := c.Get(context.Background(), fetch.Request{URL: s.URL + "/a", AllowPrivate: true})
			done <- err
		}()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestCancelReturnsAtOnce(t *testing.T) {
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	tests := []struct {
		name  string
		pages map[string]http.HandlerFunc
		hosts fetch.Hosts
	}{
		{"in robots.txt", map[string]http.HandlerFunc{"/robots.txt": hang}, nil},
		{"in the page", map[string]http.HandlerFunc{"/a": hang}, nil},
		{"while waiting for its turn", nil, &booked{MemoryHosts: fetch.NewMemoryHosts(time.Now), wait: time.Minute}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t, tt.pages)
			c := newClient(t, fetch.Options{Hosts: tt.hosts})
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
			defer cancel()
			start := time.Now()
			_, err := c.Get(ctx, fetch.Request{URL: s.URL + "/a", AllowPrivate: true})
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("error %v", err)
			}
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("returned after %v", took)
			}
		})
	}
}

func TestSlowHostIsGivenUp(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/a": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }})
	c := newClient(t, fetch.Options{HeaderTimeout: 20 * time.Millisecond})
	_, err := get(t, c, s.URL+"/a")
	var got *fetch.Error
	if !errors.As(err, &got) || !got.Temporary || got.Status != 0 {
		t.Errorf("got %v", err)
	}
}

func TestSlowBodyIsGivenUp(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/a": func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(strings.Repeat("x", 100)))
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}})
	c := newClient(t, fetch.Options{Timeout: 50 * time.Millisecond})
	_, err := get(t, c, s.URL+"/a")
	var got *fetch.Error
	if !errors.As(err, &got) || !got.Temporary {
		t.Errorf("got %v", err)
	}
}
