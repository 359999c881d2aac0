package email

import (
	"errors"
	"net"
	"net/netip"
	"strings"
	"syscall"
)

// ErrNotLoopback refuses a mail server elsewhere while the sender is a placeholder.
var ErrNotLoopback = errors.New("the sender is a placeholder, so only a mail server on this machine is used: set smtp.from, crawl.contact and site.base_url")

// Loopback reports whether host names this machine: localhost or a loopback
// address. No name is looked up.
func Loopback(host string) bool {
	if strings.EqualFold(strings.TrimSuffix(host, "."), "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && addr.Unmap().IsLoopback()
}

// loopbackControl refuses a connection at the last moment, after names are
// resolved: localhost is whatever a resolver says.
func loopbackControl(_, address string, _ syscall.RawConn) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil || !Loopback(host) {
		return ErrNotLoopback
	}
	return nil
}
