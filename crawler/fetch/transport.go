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

// Limits on the phases of one request that Options do not name.
const (
	dialTimeout      = 10 * time.Second
	handshakeTimeout = 10 * time.Second
	idleTimeout      = 30 * time.Second
	maxHeaderBytes   = 256 << 10
)

// control is a net.Dialer's Control: it sees each address after resolution and
// before the connection, redirects and rebinding names included.
type control func(network, address string, _ syscall.RawConn) error

// transport returns one pool of connections behind a guard: one connection a
// host, no proxy (a proxy from the environment would be dialled in place of the
// guarded address), no decompression (we count decoded bytes ourselves).
func (c *Client) transport(guard control) *http.Transport {
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: idleTimeout, Control: guard}
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true,
		MaxConnsPerHost:        1,
		MaxIdleConnsPerHost:    1,
		MaxIdleConns:           100,
		IdleConnTimeout:        idleTimeout,
		TLSHandshakeTimeout:    handshakeTimeout,
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
