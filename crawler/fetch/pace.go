package fetch

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// How a host's answers change its pace. One that answers quickly is asked as
// often as source and robots.txt allow; one that labours is left alone for twice
// as long as it worked, so that we are never more than a third of its day; one
// that says it is overloaded is asked half as often each time, and comes back by
// a quarter of the way with each good answer.
const (
	quickAnswer   = 250 * time.Millisecond
	restPerAnswer = 2
	maxRest       = 30 * time.Second
	// maxPace keeps a host that never recovers at one request a minute; what is
	// longer is for the host to say, in Retry-After.
	maxPace = time.Minute
	// leastStep lets a pace come to its end.
	leastStep = 50 * time.Millisecond
)

// paceLife is how long a pace that other processes may change is believed.
const paceLife = 10 * time.Second

// easier is the pace after a good answer that took latency.
func easier(pace, latency time.Duration) time.Duration {
	var labour time.Duration
	if latency > quickAnswer {
		labour = min(restPerAnswer*latency, maxRest)
	}
	if labour >= pace {
		return labour
	}
	return max(labour, pace-max((pace-labour)/4, leastStep))
}

// harder is the pace after an answer that speaks of overload, where least is the
// gap that was kept and first the smallest step.
func harder(pace, least, first time.Duration) time.Duration {
	return min(2*max(pace, least, first), max(maxPace, pace))
}

// overloaded reports whether a request ended as it does at a host that cannot
// keep up: it says so, or does not answer in time.
func overloaded(err error) bool {
	var failed *Error
	if !errors.As(err, &failed) {
		return false
	}
	return failed.Status == http.StatusTooManyRequests || failed.Status == http.StatusServiceUnavailable || outOfTime(err)
}

// outOfTime reports whether one of our limits ended a request.
func outOfTime(err error) bool {
	var slow net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &slow) && slow.Timeout()
}

// learn changes the host's pace by how a request ended. With a Pacer the new pace
// is every process's.
func (c *Client) learn(ctx context.Context, t *turn, gap time.Duration, err error) error {
	pace := t.host.pace
	switch {
	case err == nil:
		pace = easier(pace, t.latency)
	case overloaded(err):
		pace = harder(pace, gap, c.o.Backoff)
	}
	if pace == t.host.pace {
		return nil
	}
	t.host.pace = pace
	if c.pacer == nil {
		return nil
	}
	if err := c.pacer.SetPace(ctx, t.key, pace); err != nil {
		return &HostsError{"keep the pace of " + t.key, err}
	}
	return nil
}

// recall returns the host's pace, asking the Pacer where there is one.
func (c *Client) recall(ctx context.Context, t *turn) (time.Duration, error) {
	now := c.o.Now()
	if c.pacer == nil || !t.host.asked.IsZero() && now.Sub(t.host.asked) < paceLife {
		return t.host.pace, nil
	}
	pace, err := c.pacer.Pace(ctx, t.key)
	if err != nil {
		return 0, &HostsError{"known pace of " + t.key, err}
	}
	t.host.pace, t.host.asked = min(max(pace, 0), maxPace), now
	return t.host.pace, nil
}
