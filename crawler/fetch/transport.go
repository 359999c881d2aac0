package fetch

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// Limits that Options do not name.
const (
	idleTimeout    = 30 * time.Second
	maxHeaderBytes = 256 << 10
)

// control is a net.Dialer's Control: it sees each address after resolution and
// before the connection, redirects and rebinding names included.
type control func(network, address string, _ syscall.RawConn) error

// transport returns one pool of connections behind a guard: one connection a
// host, no proxy (a proxy from the environment would be dialled in place of the
// guarded address), no decompression (we count decoded bytes ourselves).
func (c *Client) transport(guard control) *http.Transport {
	dialer := &net.Dialer{Timeout: c.o.DialTimeout, KeepAlive: idleTimeout, Control: guard, Resolver: tiedResolver(c.o.Resolver)}
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            dialTied(dialer),
		ForceAttemptHTTP2:      true,
		DisableCompression:     true,
		MaxConnsPerHost:        1,
		MaxIdleConnsPerHost:    1,
		MaxIdleConns:           512,
		IdleConnTimeout:        idleTimeout,
		TLSHandshakeTimeout:    c.o.HandshakeTimeout,
		ResponseHeaderTimeout:  c.o.HeaderTimeout,
		MaxResponseHeaderBytes: maxHeaderBytes,
	}
}

// guardPublic lets public addresses through. Ports are checked with the address
// asked for, where the source's own port is known.
func guardPublic(loopbackOnly bool) control {
	guard := ssrf.New(ssrf.WithAnyPort())
	return func(network, address string, conn syscall.RawConn) error {
		if err := guard.Safe(network, address, conn); err != nil {
			return fmt.Errorf("%w: %w", ErrPrivate, err)
		}
		if loopbackOnly {
			return fmt.Errorf("%s: %w", address, ErrNotLoopback)
		}
		return nil
	}
}

// guardPrivate lets every address through, or only loopback.
func guardPrivate(loopbackOnly bool) control {
	return func(_, address string, _ syscall.RawConn) error {
		if !loopbackOnly {
			return nil
		}
		to, err := netip.ParseAddrPort(address)
		if err != nil || !to.Addr().Unmap().IsLoopback() {
			return fmt.Errorf("%s: %w", address, ErrNotLoopback)
		}
		return nil
	}
}
