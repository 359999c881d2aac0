package fetch

import (
	"context"
	"net"
	"net/http/httptrace"
	"sync"
	"time"
)

// dialling ties a connection that is being made to the request it is made for.
// The standard transport goes on dialling, and shaking hands, for a request that
// is gone, in the hope of another; one request a host at a time needs no such
// hope, and a stalled host would keep a goroutine for it.
type dialling struct {
	ctx  context.Context
	mu   sync.Mutex
	free []func() bool // each unties one connection
	// began is when the request had its connection.
	began time.Time
}

type diallingKey struct{}

// tie returns a context for one request whose connections are closed if the
// request ends before it has one.
func tie(ctx context.Context, now func() time.Time) (context.Context, *dialling) {
	d := &dialling{ctx: ctx}
	ctx = context.WithValue(ctx, diallingKey{}, d)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.began = now()
		for _, untie := range d.free {
			untie()
		}
	}}), d
}

// since is how long ago the request had its connection; 0 when it never had.
func (d *dialling) since(now time.Time) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.began.IsZero() {
		return 0
	}
	return now.Sub(d.began)
}

// dialTied dials for the request that ctx belongs to.
func dialTied(dialer *net.Dialer) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		d, ok := ctx.Value(diallingKey{}).(*dialling)
		if !ok {
			return dialer.DialContext(ctx, network, address)
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(d.ctx, cancel)()
		conn, err := dialer.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.began.IsZero() {
			d.free = append(d.free, context.AfterFunc(d.ctx, func() { _ = conn.Close() }))
		}
		return conn, nil
	}
}

// tiedResolver is a resolver whose look-ups end with the request: the standard
// one stops waiting and leaves its questions open until their own time is up.
func tiedResolver(r *net.Resolver) *net.Resolver {
	dial := (&net.Dialer{}).DialContext
	if r != nil && r.Dial != nil {
		dial = r.Dial
	}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err == nil {
			context.AfterFunc(ctx, func() { _ = conn.Close() })
		}
		return conn, err
	}}
}
