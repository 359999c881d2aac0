package fetch

import (
	"context"
	"sync"
	"time"
)

// Hosts is what is known of hosts and shared by every process that fetches.
type Hosts interface {
	// Robots returns the last robots.txt of an origin ("https://jobs.example.org"),
	// the status it came with and when; a zero time means that nothing is known.
	Robots(ctx context.Context, origin string) (body []byte, status int, at time.Time, err error)
	// PutRobots keeps one.
	PutRobots(ctx context.Context, origin string, body []byte, status int, at time.Time) error
	// Reserve books the next free moment of a host and returns it; the host's next
	// free moment after that is gap later. It never waits.
	Reserve(ctx context.Context, host string, gap time.Duration) (time.Time, error)
}

// Pacer is a Hosts that also shares how slowly each host has taught us to go.
type Pacer interface {
	// Pace returns what was last set for a host, or 0.
	Pace(ctx context.Context, host string) (time.Duration, error)
	// SetPace keeps the least time between the end of one request to a host and the
	// beginning of the next, as its answers have taught; 0 when they ask for none.
	SetPace(ctx context.Context, host string, pace time.Duration) error
}

// MemoryHosts is a Hosts and a Pacer for one process: for a look at a single address, and
// for tests.
type MemoryHosts struct {
	now    func() time.Time
	mu     sync.Mutex
	robots map[string]robotsAnswer
	free   map[string]time.Time
	paces  map[string]time.Duration
}

type robotsAnswer struct {
	body   []byte
	status int
	at     time.Time
}

// NewMemoryHosts returns an empty MemoryHosts on the given clock.
func NewMemoryHosts(now func() time.Time) *MemoryHosts {
	return &MemoryHosts{now: now, robots: map[string]robotsAnswer{}, free: map[string]time.Time{}, paces: map[string]time.Duration{}}
}

// Robots implements Hosts.
func (h *MemoryHosts) Robots(_ context.Context, origin string) ([]byte, int, time.Time, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	a := h.robots[origin]
	return a.body, a.status, a.at, nil
}

// PutRobots implements Hosts.
func (h *MemoryHosts) PutRobots(_ context.Context, origin string, body []byte, status int, at time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.robots[origin] = robotsAnswer{body, status, at}
	return nil
}

// Reserve implements Hosts.
func (h *MemoryHosts) Reserve(_ context.Context, host string, gap time.Duration) (time.Time, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	at := h.now()
	if free := h.free[host]; free.After(at) {
		at = free
	}
	h.free[host] = at.Add(gap)
	return at, nil
}

// Pace implements Pacer.
func (h *MemoryHosts) Pace(_ context.Context, host string) (time.Duration, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.paces[host], nil
}

// SetPace implements Pacer.
func (h *MemoryHosts) SetPace(_ context.Context, host string, pace time.Duration) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if pace == 0 {
		delete(h.paces, host)
	} else {
		h.paces[host] = pace
	}
	return nil
}
