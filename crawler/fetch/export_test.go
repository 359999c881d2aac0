package fetch

import (
	"net/netip"
	"syscall"
)

// NewBelieving returns a Client whose guard takes one private address for a public
// one, so that a test has a public host to be led astray by.
func NewBelieving(o Options, public netip.Addr) *Client {
	c := New(o)
	guard := guardPublic(false)
	c.public = c.transport(func(network, address string, conn syscall.RawConn) error {
		if to, err := netip.ParseAddrPort(address); err == nil && to.Addr() == public {
			return nil
		}
		return guard(network, address, conn)
	})
	return c
}
