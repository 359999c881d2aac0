package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Limits on robots.txt.
const (
	// maxRobots is how much of a robots.txt is read; RFC 9309 section 2.5 asks
	// for at least 500 KiB.
	maxRobots = 500 << 10
	// robotsLife is how long one is believed; RFC 9309 section 2.4 asks for no
	// more than 24 hours.
	robotsLife = 24 * time.Hour
	// robotsRetry is how long a crawl takes no for an answer where a robots.txt
	// could not be had, before it asks again.
	robotsRetry = 10 * time.Minute
)

// Robots is what a site asks of us in its robots.txt.
type Robots struct {
	rules    []robotsRule
	delay    time.Duration
	sitemaps []string
}

// Allows reports whether the address may be fetched. A robots.txt may always be.
func (r *Robots) Allows(u *url.URL) bool {
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if path == "/robots.txt" {
		return true
	}
	if u.RawQuery != "" || u.ForceQuery {
		path += "?" + u.RawQuery
	}
	return r.allows(path)
}

// CrawlDelay is the pace the site asks for, 0 when it does not.
func (r *Robots) CrawlDelay() time.Duration { return r.delay }

// Sitemaps are the addresses of the sitemaps it names, resolved.
func (r *Robots) Sitemaps() []string { return r.sitemaps }

// robotsAnswered is what a crawl remembers of an origin's robots.txt.
type robotsAnswered struct {
	robots *Robots
	err    error
	until  time.Time
}

// robotsFor returns the robots.txt of an address's origin: the one this crawl
// has seen, the one kept with the hosts, or a fresh one.
func (rt *RoundTripper) robotsFor(ctx context.Context, u *url.URL) (*Robots, error) {
	if err := rt.permit(u); err != nil {
		return nil, err
	}
	origin := strings.ToLower(u.Scheme) + "://" + hostKey(u)
	now := rt.client.o.Now()
	rt.mu.Lock()
	seen, ok := rt.robots[origin]
	rt.mu.Unlock()
	if ok && now.Before(seen.until) {
		return seen.robots, seen.err
	}
	robots, until, err := rt.loadRobots(ctx, origin)
	var failed *Error
	if err != nil && !errors.As(err, &failed) {
		return nil, err // the context's, or that of what keeps them
	}
	if err != nil {
		until = now.Add(robotsRetry)
	}
	rt.mu.Lock()
	rt.robots[origin] = robotsAnswered{robots, err, until}
	rt.mu.Unlock()
	return robots, err
}

// loadRobots returns an origin's robots.txt and until when it is believed.
func (rt *RoundTripper) loadRobots(ctx context.Context, origin string) (*Robots, time.Time, error) {
	hosts, now := rt.client.o.Hosts, rt.client.o.Now()
	body, status, at, err := hosts.Robots(ctx, origin)
	if err != nil {
		return nil, time.Time{}, &HostsError{"known robots.txt of " + origin, err}
	}
	fresh := at.IsZero() || now.Sub(at) >= robotsLife || at.After(now)
	if fresh {
		if body, status, err = rt.fetchRobots(ctx, origin); err != nil {
			return nil, time.Time{}, err
		}
		at = now
		if err := hosts.PutRobots(ctx, origin, body, status, at); err != nil {
			return nil, time.Time{}, &HostsError{"keep robots.txt of " + origin, err}
		}
	}
	robots := &Robots{}
	if status == http.StatusOK {
		robots = parseRobots(body, origin, rt.client.token)
	}
	if more := robots.delay - rt.policy.Delay; fresh && more > 0 {
		// Asking for the file was a request too, made before its pace was known.
		if _, err := rt.client.book(ctx, strings.SplitN(origin, "://", 2)[1], more); err != nil {
			return nil, time.Time{}, err
		}
	}
	return robots, at.Add(robotsLife), nil
}

// fetchRobots asks an origin for its robots.txt. As RFC 9309 section 2.3.1 has
// it, a client error means that there is none and everything is allowed; when
// the server fails or is not reached, nothing is, and the failure is not kept,
// so that the next crawl asks again. "Too many requests" is no answer either, and
// more redirects than are followed could mean anything, so they mean no. Redirects
// may lead to other sites: it is still this origin's file.
func (rt *RoundTripper) fetchRobots(ctx context.Context, origin string) ([]byte, int, error) {
	u, err := url.Parse(origin + "/robots.txt")
	if err != nil {
		return nil, 0, &Error{URL: origin, Err: err}
	}
	res, err := follow(ctx, u, "", func(ctx context.Context, u *url.URL) (*exchange, error) {
		if err := rt.permit(u); err != nil {
			return nil, err
		}
		return rt.persist(ctx, u, call{gap: rt.policy.Delay, limit: maxRobots, robots: true})
	})
	var failed *Error
	switch {
	case err == nil:
		return res.Body, http.StatusOK, nil
	case errors.As(err, &failed) && failed.Status == http.StatusNoContent:
		return nil, failed.Status, nil
	case errors.As(err, &failed) && failed.Status >= 400 && failed.Status < 500 && !failed.Temporary:
		return nil, failed.Status, nil
	case errors.As(err, &failed):
		return nil, 0, &Error{
			URL: u.String(), Status: failed.Status, Temporary: failed.Temporary, RetryAfter: failed.RetryAfter,
			Err: fmt.Errorf("%w: it cannot be had: %w", ErrRobots, failed),
		}
	default:
		return nil, 0, err
	}
}
