package fetch

import (
	"cmp"
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"
)

// The limits a Client works in when its Options do not say.
const (
	// DefaultMaxBody is the cap on a decoded body: ten times the largest vacancy
	// page seen, and room for a sitemap of 40,000 addresses.
	DefaultMaxBody = 5 << 20
	// DefaultTimeout is the limit on one request, from dial to last byte.
	DefaultTimeout = 60 * time.Second
	// DefaultHeaderTimeout is the limit from the request to the response's header.
	DefaultHeaderTimeout = 15 * time.Second
	// DefaultDialTimeout is the limit on finding and reaching a host, and
	// DefaultHandshakeTimeout that on agreeing upon TLS.
	DefaultDialTimeout      = 10 * time.Second
	DefaultHandshakeTimeout = 10 * time.Second
	// DefaultMaxWait is the longest a request waits for its host to be free.
	DefaultMaxWait = 2 * time.Minute
	// DefaultBackoff is the wait before a failed request is tried once more.
	DefaultBackoff = 2 * time.Second
)

// defaultAgent identifies us when the configuration gives no user agent.
const defaultAgent = "Sendwatch/1.0"

// Options are what a Client needs. Now is required, and Contact as soon as
// sites of others are read; everything else has a safe default.
type Options struct {
	// UserAgent is a product token and version; empty means "Sendwatch/1.0". The
	// product token is what robots.txt groups are looked up by.
	UserAgent string
	// Contact is a mailto: or https: address a webmaster can use; it is sent with
	// every request.
	Contact string
	// LoopbackOnly refuses every address that is not loopback, whatever a source
	// allows. It is for configurations whose contact is still a placeholder.
	LoopbackOnly bool
	// Hosts keeps robots.txt and the pace; nil means one in memory. One that is a
	// Pacer shares what hosts' answers teach as well.
	Hosts Hosts
	// Resolver reaches the name servers by its Dial; nil means those of the system.
	// Whatever they answer is checked before it is dialled.
	Resolver *net.Resolver
	// Now is the clock. It is required.
	Now func() time.Time
	// Log may be nil.
	Log *slog.Logger
	// MaxBody caps the decoded bytes of one body.
	MaxBody int64
	// Timeout bounds one request, and within it DialTimeout the look-up and the
	// connection, HandshakeTimeout TLS, HeaderTimeout the wait for the header.
	// MaxWait bounds the wait for a host's turn, whether booked or asked for by
	// Retry-After.
	Timeout          time.Duration
	DialTimeout      time.Duration
	HandshakeTimeout time.Duration
	HeaderTimeout    time.Duration
	MaxWait          time.Duration
	Backoff          time.Duration
}

// Client fetches. It is safe for concurrent use.
type Client struct {
	o Options
	// agent is the User-Agent header, token the product that robots.txt knows.
	agent, token string
	turns        turns
	pacer        Pacer // nil when Hosts is none
	// Two pools, so that a connection dialled for a source that may reach private
	// addresses is never reused for one that may not.
	public, private *http.Transport
}

// New returns a Client. Close it to drop its idle connections.
func New(o Options) *Client {
	o.UserAgent = cmp.Or(o.UserAgent, defaultAgent)
	o.MaxBody = cmp.Or(o.MaxBody, DefaultMaxBody)
	o.Timeout = cmp.Or(o.Timeout, DefaultTimeout)
	o.DialTimeout = cmp.Or(o.DialTimeout, DefaultDialTimeout)
	o.HandshakeTimeout = cmp.Or(o.HandshakeTimeout, DefaultHandshakeTimeout)
	o.HeaderTimeout = cmp.Or(o.HeaderTimeout, DefaultHeaderTimeout)
	o.MaxWait = cmp.Or(o.MaxWait, DefaultMaxWait)
	o.Backoff = cmp.Or(o.Backoff, DefaultBackoff)
	if o.Hosts == nil {
		o.Hosts = NewMemoryHosts(o.Now)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	c := &Client{o: o, agent: o.UserAgent, token: productToken(o.UserAgent), turns: turns{hosts: map[string]*host{}}}
	c.pacer, _ = o.Hosts.(Pacer)
	if o.Contact != "" {
		c.agent += " (+" + o.Contact + ")"
	}
	c.public = c.transport(guardPublic(o.LoopbackOnly))
	c.private = c.transport(guardPrivate(o.LoopbackOnly))
	return c
}

// Close drops idle connections.
func (c *Client) Close() {
	c.public.CloseIdleConnections()
	c.private.CloseIdleConnections()
}

// Request asks for one address.
type Request struct {
	URL string
	// ETag and LastModified are the validators of what is already known; when
	// both are empty the request is unconditional.
	ETag         string
	LastModified string
	// AllowPrivate and Delay are as in Policy.
	AllowPrivate bool
	Delay        time.Duration
}

// Response is a success: a whole body, or the word that it has not changed.
type Response struct {
	// URL is the address that answered, after redirects.
	URL string
	// Status is 200, 203 or 304.
	Status int
	Header http.Header
	// ETag and LastModified are the validators to send next time: the host's, or
	// on a 304 without any those that were sent.
	ETag         string
	LastModified string
	// NotModified reports a 304; Body is empty then.
	NotModified bool
	// MediaType is the type without parameters, in lower case.
	MediaType string
	// Body is whole, decompressed, and in UTF-8 when it is text.
	Body []byte
}

// Get fetches one address politely. The error is an *Error, a *HostsError, or the
// context's own.
func (c *Client) Get(ctx context.Context, r Request) (*Response, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return nil, &Error{URL: r.URL, Err: err}
	}
	rt := c.RoundTripper(Policy{AllowPrivate: r.AllowPrivate, Delay: r.Delay, Port: u.Port()})
	return rt.get(ctx, u, validators{r.ETag, r.LastModified})
}
