package fetch

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"time"
)

// maxHosts is how many hosts' paces a client remembers beside those in use.
const maxHosts = 4096

// turns lets one request at a time of this process go to a host.
type turns struct {
	mu    sync.Mutex
	hosts map[string]*host
}

// freeLife is how long it is believed that nothing is booked with a host, where no
// gap is asked for: what others book is heeded so much later at most.
const freeLife = 100 * time.Millisecond

// host is what this process knows of a host. Who holds its slot may change pace,
// asked and free; users belongs to turns.
type host struct {
	slot  chan struct{}
	users int
	// pace is what its answers have taught, asked when the Pacer was asked for it.
	pace  time.Duration
	asked time.Time
	// free is when nothing was booked with it.
	free time.Time
}

// turn is one request's hold of a host.
type turn struct {
	key  string
	host *host
	// at is the moment booked, latency how long the host took to begin its answer.
	at      time.Time
	latency time.Duration
}

// take waits for a host to be free of this process's other requests. Each turn
// taken must be given back.
func (s *turns) take(ctx context.Context, key string, patience time.Duration) (*turn, error) {
	s.mu.Lock()
	h := s.hosts[key]
	if h == nil {
		s.forget()
		h = &host{slot: make(chan struct{}, 1)}
		s.hosts[key] = h
	}
	h.users++
	s.mu.Unlock()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	var err error
	select {
	case h.slot <- struct{}{}:
		return &turn{key: key, host: h}, nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-timer.C:
		err = ErrBusy
	}
	s.leave(h)
	return nil, err
}

// give ends a turn.
func (s *turns) give(t *turn) {
	<-t.host.slot
	s.leave(t.host)
}

func (s *turns) leave(h *host) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h.users--
}

// forget drops hosts nobody uses when there are too many: a site may name any
// number of them.
func (s *turns) forget() {
	if len(s.hosts) < maxHosts {
		return
	}
	for key, h := range s.hosts {
		if h.users == 0 {
			delete(s.hosts, key)
		}
	}
}

// hostKey is what a host's pace is kept under: its name, with the port where that
// is not the scheme's own.
func hostKey(u *url.URL) string {
	key := strings.ToLower(u.Host)
	switch u.Scheme {
	case "http":
		key = strings.TrimSuffix(key, ":80")
	case "https":
		key = strings.TrimSuffix(key, ":443")
	}
	return strings.TrimSuffix(key, ".")
}

// inTurn has do make a request when its host's moment has come, and sees to it
// that the next one keeps the gap from this one's end.
func (rt *RoundTripper) inTurn(ctx context.Context, u *url.URL, gap time.Duration, do func(*turn) (*exchange, error)) (*exchange, error) {
	c := rt.client
	t, err := c.turns.take(ctx, hostKey(u), c.o.MaxWait)
	if err != nil {
		return nil, busy(u, err, c.o.MaxWait)
	}
	defer c.turns.give(t)
	pace, err := c.recall(ctx, t)
	if err != nil {
		return nil, err
	}
	gap = max(gap, pace)
	if err := rt.await(ctx, u, t, gap); err != nil {
		return nil, err
	}
	x, err := do(t)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err := c.rest(ctx, t, gap); err != nil {
		return nil, err
	}
	if err := c.heed(ctx, t, err); err != nil {
		return nil, err
	}
	if err := c.learn(ctx, t, gap, err); err != nil {
		return nil, err
	}
	return x, err
}

// heed books what a host asked for in Retry-After, before anybody else has a turn
// and for every process.
func (c *Client) heed(ctx context.Context, t *turn, err error) error {
	var failed *Error
	if !errors.As(err, &failed) || !failed.Temporary || failed.RetryAfter == 0 {
		return nil
	}
	t.host.free = time.Time{}
	_, err = c.book(ctx, t.key, min(failed.RetryAfter, maxRecorded))
	return err
}

// busy is the error of a host that was not free; a context's own stays what it is.
func busy(u *url.URL, err error, wait time.Duration) error {
	if !errors.Is(err, ErrBusy) {
		return err
	}
	return &Error{URL: u.String(), Temporary: true, RetryAfter: wait, Err: ErrBusy}
}

// await books the host's next moment and waits for it.
func (rt *RoundTripper) await(ctx context.Context, u *url.URL, t *turn, gap time.Duration) error {
	now := rt.client.o.Now()
	if gap <= 0 && !now.Before(t.host.free) && now.Sub(t.host.free) < freeLife {
		t.at = now
		return ctx.Err()
	}
	at, err := rt.client.book(ctx, t.key, gap)
	if err != nil {
		return err
	}
	wait := at.Sub(rt.client.o.Now())
	if gap <= 0 && wait <= 0 {
		t.host.free = now
	}
	if wait > rt.client.o.MaxWait {
		return busy(u, ErrBusy, wait)
	}
	t.at = at
	return sleep(ctx, wait)
}

// rest moves the host's next moment from a gap after this request's beginning to
// a gap after its end: an answer may be slow to come, and the next must not stand
// on its heels.
func (c *Client) rest(ctx context.Context, t *turn, gap time.Duration) error {
	took := c.o.Now().Sub(t.at)
	if gap <= 0 || took <= 0 {
		return nil
	}
	_, err := c.book(ctx, t.key, min(took, gap))
	return err
}

// book reserves a moment. What keeps them may keep whole milliseconds only, so a
// gap is asked for with one to spare.
func (c *Client) book(ctx context.Context, key string, gap time.Duration) (time.Time, error) {
	if gap > 0 {
		gap += time.Millisecond
	}
	at, err := c.o.Hosts.Reserve(ctx, key, gap)
	if err != nil {
		return time.Time{}, &HostsError{"reserve " + key, err}
	}
	return at, nil
}

// sleep waits for d or the end of ctx.
func sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
