package hostileserver

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// Names is a name server on loopback. The zero answer of a name is that there is
// no such name.
type Names struct {
	conn   net.PacketConn
	answer func(name string, asked int) []netip.Addr
	mu     sync.Mutex
	asked  map[string]int
	done   chan struct{}
}

// Silence as an answer leaves a look-up unanswered.
var Silence = []netip.Addr{{}}

// NewNames starts a name server that asks answer for the addresses of a name, in
// lower case and without its last dot, telling how often it was asked before. The
// test's end stops it.
func NewNames(t testing.TB, answer func(name string, asked int) []netip.Addr) *Names {
	t.Helper()
	var listen net.ListenConfig
	conn, err := listen.ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &Names{conn: conn, answer: answer, asked: map[string]int{}, done: make(chan struct{})}
	go n.serve()
	t.Cleanup(func() { _ = conn.Close(); <-n.done })
	return n
}

// Resolver asks this name server and no other.
func (n *Names) Resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", n.conn.LocalAddr().String())
	}}
}

func (n *Names) serve() {
	defer close(n.done)
	buf := make([]byte, 1500)
	for {
		size, from, err := n.conn.ReadFrom(buf)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		if reply := n.reply(buf[:size]); reply != nil {
			_, _ = n.conn.WriteTo(reply, from)
		}
	}
}

// reply answers one query; nil is silence.
func (n *Names) reply(query []byte) []byte {
	var m dnsmessage.Message
	if err := m.Unpack(query); err != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	m.Response, m.Authoritative, m.Additionals = true, true, nil
	if q.Type == dnsmessage.TypeA || q.Type == dnsmessage.TypeAAAA {
		for _, addr := range n.addresses(q) {
			switch {
			case !addr.IsValid():
				return nil
			case addr.Is4() && q.Type == dnsmessage.TypeA:
				m.Answers = append(m.Answers, dnsmessage.Resource{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class}, Body: &dnsmessage.AResource{A: addr.As4()},
				})
			case addr.Is6() && q.Type == dnsmessage.TypeAAAA:
				m.Answers = append(m.Answers, dnsmessage.Resource{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class}, Body: &dnsmessage.AAAAResource{AAAA: addr.As16()},
				})
			}
		}
	}
	out, err := m.Pack()
	if err != nil {
		return nil
	}
	return out
}

// addresses counts a name's look-ups by its A queries, since both kinds are asked
// for at once.
func (n *Names) addresses(q dnsmessage.Question) []netip.Addr {
	name := strings.ToLower(strings.TrimSuffix(q.Name.String(), "."))
	n.mu.Lock()
	asked := n.asked[name]
	if q.Type == dnsmessage.TypeA {
		n.asked[name]++
	}
	n.mu.Unlock()
	return n.answer(name, asked)
}
