package fetch

import (
	"context"
	"log/slog"
	"net/http"
	"time"
)

// The limits a Client works in when its Options do not say.
const (
	// DefaultMaxBody is the cap on a decoded body: 5 MB, ten times the largest
	// vacancy page seen.
	DefaultMaxBody = 5 << 20
	// DefaultTimeout is the limit on one request from dial to last byte.
	DefaultTimeout = 60 * time.Second
	// DefaultMaxWait is the longest a request waits for its host to be free.
	DefaultMaxWait = 2 * time.Minute
	// DefaultBackoff is the wait before the first retry; it doubles.
	DefaultBackoff = time.Second
)

// Options are what a Client needs. UserAgent and Contact identify us to the
// sites; everything else has a safe default.
type Options struct {
	// UserAgent is the product token and version, such as "Sendwatch/1.0".
	UserAgent string
	// Contact is a mailto: or https: address a webmaster can use; it is sent with
	// every request.
	Contact string
	// LoopbackOnly refuses every address that is not loopback.
	LoopbackOnly bool
	// Hosts keeps robots.txt and the pace; nil means one in memory.
	Hosts Hosts
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	Log *slog.Logger
	// MaxBody caps the decoded bytes of one body.
	MaxBody int64
	Timeout time.Duration
	MaxWait time.Duration
	Backoff time.Duration
}

// Client fetches. It is safe for concurrent use.
type Client struct {
	o Options
}

// Policy is what a source allows.
type Policy struct {
	// AllowPrivate permits private and loopback addresses.
	AllowPrivate bool
	// Delay is the least time between two requests to a host.
	Delay time.Duration
	// Port is allowed beside 80 and 443; empty allows none.
	Port string
}

// Request asks for one address.
type Request struct {
	URL string
	// ETag and LastModified are the validators of what is already known; when
	// both are empty the request is unconditional.
	ETag         string
	LastModified string
	AllowPrivate bool
	Delay        time.Duration
}

// Response is a success: a whole body in UTF-8, or the word that it has not changed.
type Response struct {
	// URL is the address that answered, after redirects.
	URL          string
	Status       int
	Header       http.Header
	ETag         string
	LastModified string
	// NotModified reports a 304: Body is empty and the validators are those sent,
	// unless the host gave newer ones.
	NotModified bool
	// MediaType is the type without parameters, lower case.
	MediaType string
	Body      []byte
}

// New returns a Client.
func New(o Options) *Client { return &Client{o: o} }

// Get fetches one address politely. The error is an *Error, or the context's.
func (c *Client) Get(ctx context.Context, r Request) (*Response, error) {
	return nil, &Error{URL: r.URL}
}
