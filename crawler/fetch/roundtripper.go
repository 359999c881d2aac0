package fetch

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// NotModifiedHeader marks a response of a RoundTripper that stands for a 304.
const NotModifiedHeader = "X-Not-Modified"

// Policy is what a source allows, and how gently it is to be treated.
type Policy struct {
	// AllowPrivate permits private and loopback addresses.
	AllowPrivate bool
	// Delay is the least time between two requests to a host; a longer
	// Crawl-delay wins.
	Delay time.Duration
	// Port is allowed beside 80 and 443: the one the source's URL carries. Empty
	// allows none.
	Port string
	// Site, when not empty, is the host that redirects must stay on, as
	// SameSite understands it.
	Site string
	// MaxBody caps the decoded bytes of one body; zero means the client's cap.
	MaxBody int64
	// Secrets are parts of addresses that no error and no log may show, such as a key.
	Secrets []string
}

// SameSite reports whether two hosts ("www.example.org", "example.org:8080") are
// the same site: equal but for case and a leading "www.".
func SameSite(a, b string) bool {
	fold := func(h string) string { return strings.TrimPrefix(strings.ToLower(h), "www.") }
	return fold(a) == fold(b)
}

// RoundTripper does requests under one policy, and counts them. It is for a
// library that drives requests itself, and departs from http.RoundTripper where
// such libraries err: it follows redirects, retries once, returns bodies already
// decoded, gives a 304 as an empty 200 with NotModifiedHeader, and returns every
// failing status as an *Error.
type RoundTripper struct {
	client   *Client
	policy   Policy
	requests atomic.Int64
	bytes    atomic.Int64
	mu       sync.Mutex
	robots   map[string]robotsAnswered
}

// RoundTripper returns one with its own counters. It remembers the robots.txt it
// read, so use one for each crawl.
func (c *Client) RoundTripper(p Policy) *RoundTripper {
	return &RoundTripper{client: c, policy: p, robots: map[string]robotsAnswered{}}
}

// Requests is how many requests were sent so far: redirects, retries and
// robots.txt included.
func (rt *RoundTripper) Requests() int { return int(rt.requests.Load()) }

// Bytes is how many decoded bytes were received so far.
func (rt *RoundTripper) Bytes() int64 { return rt.bytes.Load() }

// RoundTrip implements http.RoundTripper for GET. If-None-Match and
// If-Modified-Since of the request are passed on; its other headers are ours.
func (rt *RoundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodGet {
		return nil, &Error{URL: req.URL.String(), Err: fmt.Errorf("method %s is not supported", req.Method)}
	}
	known := validators{req.Header.Get("If-None-Match"), req.Header.Get("If-Modified-Since")}
	r, err := rt.get(req.Context(), req.URL, known)
	if err != nil {
		return nil, err
	}
	final, err := url.Parse(r.URL)
	if err != nil {
		return nil, &Error{URL: r.URL, Err: err}
	}
	answered := req.Clone(req.Context())
	answered.URL, answered.Host = final, final.Host
	header := r.Header.Clone()
	if r.NotModified {
		header.Set(NotModifiedHeader, "1")
	}
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Request: answered,
		Body: io.NopCloser(bytes.NewReader(r.Body)), ContentLength: int64(len(r.Body)),
		// Nobody after us may guess at compression from a name such as map.xml.gz.
		Uncompressed: true,
	}, nil
}

// Get fetches one address, conditionally by the validators that are not empty. The
// error is as with RoundTrip, without a library's wrapping.
func (rt *RoundTripper) Get(ctx context.Context, address, etag, lastModified string) (*Response, error) {
	return rt.getInto(ctx, address, etag, lastModified, nil)
}

// getInto is Get, of a body that a file may take.
func (rt *RoundTripper) getInto(ctx context.Context, address, etag, lastModified string, file *os.File) (*Response, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, rt.conceal(&Error{URL: address, Err: err})
	}
	return rt.fetch(ctx, u, call{known: validators{etag, lastModified}, into: file})
}

// Robots returns the robots.txt that governs an address. The error is as Get's;
// one that cannot be had counts as refusing everything.
func (rt *RoundTripper) Robots(ctx context.Context, address string) (*Robots, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, &Error{URL: address, Err: err}
	}
	return rt.robotsFor(ctx, u)
}
