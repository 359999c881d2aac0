package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/temoto/robotstxt"
)

// Limits on robots.txt.
const (
	// maxRobots is how much of a robots.txt is read; RFC 9309 section 2.5 asks
	// for at least 500 KiB.
	maxRobots = 500 << 10
	// robotsLife is how long one is believed; RFC 9309 section 2.4 asks for no
	// more than 24 hours.
	robotsLife = 24 * time.Hour
	// maxRobotsLines and maxRobotsValue bound what is handed to the parser, which
	// compiles a regular expression for each rule with a wildcard.
	maxRobotsLines = 10_000
	maxRobotsValue = 1_000
)

// Robots is what a site asks of us in its robots.txt.
type Robots struct {
	group    *robotstxt.Group
	sitemaps []string
}

// Allows reports whether the address may be fetched. A robots.txt may always be.
func (r *Robots) Allows(u *url.URL) bool {
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if path == "/robots.txt" || r.group == nil {
		return true
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return r.group.Test(path)
}

// CrawlDelay is the pace the site asks for, 0 when it does not.
func (r *Robots) CrawlDelay() time.Duration {
	if r.group == nil {
		return 0
	}
	return r.group.CrawlDelay
}

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

// parseRobots reads a robots.txt for one product token. It cannot fail: a line
// that makes no sense is left out, as RFC 9309 section 2.2 asks.
func parseRobots(body []byte, origin, token string) *Robots {
	data, err := robotstxt.FromBytes(tidyRobots(body))
	if err != nil {
		// Tidying leaves nothing the parser refuses; should it refuse all the same,
		// a file we cannot read is one that we do not overrule.
		return &Robots{group: refuseAll()}
	}
	r := &Robots{group: data.FindGroup(token)}
	base, err := url.Parse(origin + "/")
	if err != nil {
		return r
	}
	for _, s := range data.Sitemaps {
		if u, err := base.Parse(s); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
			r.sitemaps = append(r.sitemaps, u.String())
		}
	}
	return r
}

func refuseAll() *robotstxt.Group {
	data, err := robotstxt.FromString("User-agent: *\nDisallow: /\n")
	if err != nil {
		return nil
	}
	return data.FindGroup("*")
}

// tidyRobots rewrites a robots.txt so that the parser, which refuses a whole file
// for one bad line, takes the good ones: known keys only, no rule before the
// first agent, no broken delay, agents as product tokens without their version.
// A refusal that is too long is cut, which makes it wider; a permission that is
// too long is left out.
func tidyRobots(body []byte) []byte {
	var out bytes.Buffer
	agents := false
	lines := 0
	for line := range bytes.FieldsFuncSeq(body, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if lines++; lines > maxRobotsLines {
			break
		}
		key, value, ok := robotsLine(line)
		if !ok {
			continue
		}
		switch key {
		case "user-agent":
			agents = true
			value, _, _ = strings.Cut(value, "/")
		case "sitemap":
		case "allow", "disallow":
			if !agents || (key == "allow" && len(value) > maxRobotsValue) {
				continue
			}
			value = strings.ToValidUTF8(value[:min(len(value), maxRobotsValue)], "")
		case "crawl-delay":
			seconds, err := strconv.ParseFloat(value, 64)
			if !agents || err != nil || math.IsNaN(seconds) || seconds < 0 {
				continue
			}
			value = strconv.FormatFloat(min(seconds, (24*time.Hour).Seconds()), 'f', -1, 64)
		default:
			continue
		}
		fmt.Fprintf(&out, "%s: %s\n", key, value)
	}
	return out.Bytes()
}

// robotsLine splits "Key: value # comment".
func robotsLine(line []byte) (key, value string, ok bool) {
	text, _, _ := strings.Cut(strings.ToValidUTF8(string(line), ""), "#")
	key, value, ok = strings.Cut(strings.TrimPrefix(text, "\ufeff"), ":")
	key = strings.ToLower(strings.TrimSpace(key))
	if fields := strings.Fields(value); len(fields) > 0 {
		value = fields[0]
	} else {
		value = ""
	}
	if key == "useragent" {
		key = "user-agent"
	}
	if key == "crawldelay" {
		key = "crawl-delay"
	}
	return key, value, ok
}
