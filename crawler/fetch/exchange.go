package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// maxRedirects is how many redirects of one request are followed; RFC 9309 asks
// for at least five for robots.txt, and real chains are shorter.
const maxRedirects = 5

// tries is how often one request is sent when its failures are temporary.
const tries = 2

// maxRecorded bounds how long a host's Retry-After keeps every process away.
const maxRecorded = 24 * time.Hour

// maxAddress is the longest address that is asked for. Servers refuse longer ones,
// and each rule of a robots.txt is held against it.
const maxAddress = 8 << 10

// validators are what a conditional request sends.
type validators struct{ etag, lastModified string }

// get fetches u and follows its redirects, each checked like a first request.
func (rt *RoundTripper) get(ctx context.Context, u *url.URL, known validators) (*Response, error) {
	return rt.fetch(ctx, u, call{known: known})
}

func (rt *RoundTripper) fetch(ctx context.Context, u *url.URL, c call) (*Response, error) {
	r, err := follow(ctx, u, rt.policy.Site, func(ctx context.Context, u *url.URL) (*exchange, error) {
		if err := rt.permit(u); err != nil {
			return nil, err
		}
		robots, err := rt.robotsFor(ctx, u)
		if err != nil {
			return nil, err
		}
		if !robots.Allows(u) {
			return nil, &Error{URL: u.String(), Err: ErrRobots}
		}
		c.gap = max(rt.policy.Delay, robots.CrawlDelay())
		c.limit = cmp.Or(rt.policy.MaxBody, rt.client.o.MaxBody)
		return rt.persist(ctx, u, c)
	})
	if err != nil {
		return nil, rt.conceal(err)
	}
	return r, nil
}

// exchange is one answer: a response, or where to go instead.
type exchange struct {
	response *Response
	redirect *url.URL
}

// follow repeats step until it answers with something else than a redirect. With a
// site, redirects must stay on it.
func follow(ctx context.Context, u *url.URL, site string, step func(context.Context, *url.URL) (*exchange, error)) (*Response, error) {
	first := u
	for range maxRedirects + 1 {
		x, err := step(ctx, u)
		if err != nil {
			return nil, err
		}
		if x.redirect == nil {
			return x.response, nil
		}
		u = x.redirect
		if site != "" && !SameSite(u.Host, site) {
			return nil, &Error{URL: first.String(), Err: fmt.Errorf("redirected to %s: %w", u.Host, ErrOffSite)}
		}
	}
	return nil, &Error{URL: first.String(), Err: ErrRedirects}
}

// permit checks what can be told from the address alone.
func (rt *RoundTripper) permit(u *url.URL) error {
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return &Error{URL: u.String(), Err: errors.New("not an http address")}
	}
	if len(u.RequestURI()) > maxAddress {
		return &Error{URL: u.Scheme + "://" + u.Host + "/…", Err: fmt.Errorf("an address of more than %d characters", maxAddress)}
	}
	if p := u.Port(); p != "" && p != "80" && p != "443" && p != rt.policy.Port {
		return &Error{URL: u.String(), Err: fmt.Errorf("port %s: %w", p, ErrPort)}
	}
	return nil
}

// call is how one request is made.
type call struct {
	known validators
	gap   time.Duration
	// limit caps the decoded body.
	limit int64
	// robots asks for a robots.txt: what fits of the body, as it came.
	robots bool
	// into takes the body, which is then not held in memory; nil holds it.
	into *os.File
}

// persist sends a request when its host's turn comes, and once more when the
// failure may pass. A host that did not answer in time is not asked again at once.
func (rt *RoundTripper) persist(ctx context.Context, u *url.URL, c call) (*exchange, error) {
	for try := 1; ; try++ {
		x, err := rt.inTurn(ctx, u, c.gap, func(t *turn) (*exchange, error) { return rt.send(ctx, u, c, t) })
		if err == nil {
			return x, nil
		}
		var failed *Error
		if !errors.As(err, &failed) || !failed.Temporary || errors.Is(err, ErrBusy) {
			return nil, err
		}
		wait := max(failed.RetryAfter, rt.client.o.Backoff)
		if try == tries || wait > rt.client.o.MaxWait || outOfTime(err) {
			return nil, err
		}
		rt.client.o.Log.Debug("request will be tried again", "url", rt.policy.shown(u.String()), "wait", wait, "error", rt.conceal(err))
		if failed.RetryAfter == 0 {
			if err := sleep(ctx, wait); err != nil {
				return nil, err
			}
		}
	}
}

// send makes one request within its time limit.
func (rt *RoundTripper) send(ctx context.Context, u *url.URL, c call, t *turn) (*exchange, error) {
	ctx, cancel := context.WithTimeout(ctx, rt.client.o.Timeout)
	defer cancel()
	ctx, dialling := tie(ctx, rt.client.o.Now)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, &Error{URL: u.String(), Err: err}
	}
	rt.client.identify(req)
	if c.known.etag != "" {
		req.Header.Set("If-None-Match", c.known.etag)
	}
	if c.known.lastModified != "" {
		req.Header.Set("If-Modified-Since", c.known.lastModified)
	}
	pool := rt.client.public
	if rt.policy.AllowPrivate {
		pool = rt.client.private
	}
	rt.requests.Add(1)
	res, err := pool.RoundTrip(req)
	t.latency = dialling.since(rt.client.o.Now())
	if err != nil {
		return nil, &Error{URL: u.String(), Temporary: !refused(err), Err: err}
	}
	defer func() { _ = res.Body.Close() }()
	x, err := rt.answer(u, res, c)
	var failed *Error
	if late := ctx.Err(); late != nil && errors.As(err, &failed) && !errors.Is(err, late) {
		// A body that is cut off by its limit may only say that its connection is closed.
		failed.Err = fmt.Errorf("%w: %w", late, failed.Err)
	}
	return x, err
}

// answer turns a response into an exchange, or into the error it stands for.
func (rt *RoundTripper) answer(u *url.URL, res *http.Response, c call) (*exchange, error) {
	switch res.StatusCode {
	case http.StatusOK, http.StatusNonAuthoritativeInfo:
	case http.StatusNotModified:
		if c.known == (validators{}) {
			return nil, &Error{URL: u.String(), Status: res.StatusCode, Err: errors.New("nobody asked")}
		}
		return &exchange{response: notModified(u, res, c.known)}, nil
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		to, err := res.Location()
		if err != nil {
			return nil, &Error{URL: u.String(), Status: res.StatusCode, Err: err}
		}
		return &exchange{redirect: to}, nil
	default:
		// A little of the body lets the connection be used again.
		_, _ = io.CopyN(io.Discard, res.Body, 16<<10)
		return nil, &Error{
			URL: u.String(), Status: res.StatusCode, Temporary: temporary(res.StatusCode),
			RetryAfter: retryAfter(res.Header, rt.client.o.Now()),
		}
	}
	if c.into != nil {
		return rt.saved(u, res, c)
	}
	body, err := decode(res, c.limit, c.robots)
	rt.bytes.Add(int64(len(body)))
	if err != nil {
		return nil, &Error{URL: u.String(), Status: res.StatusCode, Temporary: !errors.Is(err, ErrTooBig) && !errors.Is(err, errEncoding), Err: err}
	}
	if c.robots {
		return &exchange{response: &Response{URL: u.String(), Status: res.StatusCode, Body: body}}, nil
	}
	text, media, contentType := toUTF8(body, res.Header.Get("Content-Type"))
	if err := checkText(media, text, c.limit); err != nil {
		return nil, &Error{URL: u.String(), Status: res.StatusCode, Err: err}
	}
	header := res.Header.Clone()
	header.Set("Content-Type", contentType)
	header.Del("Content-Encoding")
	header.Del("Content-Length")
	return &exchange{response: &Response{
		URL: u.String(), Status: res.StatusCode, Header: header, MediaType: media, Body: text,
		ETag: header.Get("ETag"), LastModified: header.Get("Last-Modified"),
	}}, nil
}

func notModified(u *url.URL, res *http.Response, known validators) *Response {
	r := &Response{
		URL: u.String(), Status: res.StatusCode, Header: res.Header.Clone(), NotModified: true,
		ETag: res.Header.Get("ETag"), LastModified: res.Header.Get("Last-Modified"),
	}
	if r.ETag == "" && r.LastModified == "" {
		r.ETag, r.LastModified = known.etag, known.lastModified
	}
	return r
}

// identify says who asks, and for what.
func (c *Client) identify(req *http.Request) {
	req.Header.Set("User-Agent", c.agent)
	if mail, ok := strings.CutPrefix(c.o.Contact, "mailto:"); ok {
		req.Header.Set("From", mail)
	}
	req.Header.Set("Accept", "text/html,application/xhtml+xml,application/json;q=0.9,application/xml;q=0.9,*/*;q=0.5")
	req.Header.Set("Accept-Language", "en-GB,en;q=0.8")
	req.Header.Set("Accept-Encoding", "gzip")
}

// temporary reports whether a status may pass: what RFC 9110 and RFC 6585 call
// timeouts, overload and failures of the server.
func temporary(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests,
		http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	// 520 to 530 are what large proxies say when the origin fails.
	return status >= 520 && status <= 530
}

// refused reports whether we ourselves refused to connect.
func refused(err error) bool {
	return errors.Is(err, ErrPrivate) || errors.Is(err, ErrNotLoopback)
}
