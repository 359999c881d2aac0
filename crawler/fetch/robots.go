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
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return r.allows(path)
}

// CrawlDelay is the pace the site asks for, 0 when it does not.
func (r *Robots) CrawlDelay() time.Duration { return r.delay }

// Sitemaps are the addresses of the sitemaps it names, resolved.
func (r *Robots) Sitemaps() []string { return r.sitemaps }

// robotsFor returns the robots.txt of an address's origin: the one this crawl
// has seen, the one kept with the hosts, or a fresh one.
func (rt *RoundTripper) robotsFor(ctx context.Context, u *url.URL) (*Robots, error) {
	if err := rt.permit(u); err != nil {
		return nil, err
	}
	origin := strings.ToLower(u.Scheme + "://" + u.Host)
	rt.mu.Lock()
	seen := rt.robots[origin]
	rt.mu.Unlock()
	if seen != nil {
		return seen, nil
	}
	robots, err := rt.loadRobots(ctx, origin)
	if err != nil {
		return nil, err
	}
	rt.mu.Lock()
	rt.robots[origin] = robots
	rt.mu.Unlock()
	return robots, nil
}

func (rt *RoundTripper) loadRobots(ctx context.Context, origin string) (*Robots, error) {
	hosts, now := rt.client.o.Hosts, rt.client.o.Now()
	body, status, at, err := hosts.Robots(ctx, origin)
	if err != nil {
		return nil, &HostsError{"known robots.txt of " + origin, err}
	}
	if at.IsZero() || now.Sub(at) >= robotsLife || at.After(now) {
		if body, status, err = rt.fetchRobots(ctx, origin); err != nil {
			return nil, err
		}
		if err := hosts.PutRobots(ctx, origin, body, status, now); err != nil {
			return nil, &HostsError{"keep robots.txt of " + origin, err}
		}
	}
	if status != http.StatusOK {
		return &Robots{}, nil
	}
	return parseRobots(body, origin, rt.client.token), nil
}

// fetchRobots asks an origin for its robots.txt. As RFC 9309 section 2.3.1 has
// it, a client error means that there is none and everything is allowed; when
// the server fails or is not reached, nothing is, and the failure is not kept,
// so that the next crawl asks again. "Too many requests" is no answer either.
func (rt *RoundTripper) fetchRobots(ctx context.Context, origin string) ([]byte, int, error) {
	u, err := url.Parse(origin + "/robots.txt")
	if err != nil {
		return nil, 0, &Error{URL: origin, Err: err}
	}
	res, err := rt.follow(ctx, u, func(ctx context.Context, u *url.URL) (*exchange, error) {
		if err := rt.permit(u); err != nil {
			return nil, err
		}
		return rt.persist(ctx, u, call{gap: rt.policy.Delay, limit: maxRobots, cut: true})
	})
	var failed *Error
	switch {
	case err == nil:
		return res.Body, http.StatusOK, nil
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
