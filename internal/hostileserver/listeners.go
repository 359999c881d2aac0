package hostileserver

import (
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// Witness stands where nobody may go. It takes connections, counts them and says
// nothing.
type Witness struct {
	Addr string
	seen atomic.Int64
}

// NewWitness listens on an address until the test's end. A machine that has no
// such address skips the test.
func NewWitness(t testing.TB, address string) *Witness {
	t.Helper()
	w, err := Listen(t, address)
	if err != nil {
		t.Skip(err)
	}
	return w
}

// Listen is NewWitness for an address that a machine may do without.
func Listen(t testing.TB, address string) (*Witness, error) {
	t.Helper()
	w := &Witness{}
	var err error
	w.Addr, err = accept(t, address, func() { w.seen.Add(1) })
	return w, err
}

// Seen is how many connections came.
func (w *Witness) Seen() int { return int(w.seen.Load()) }

// Stall listens on loopback, takes every connection and never answers. It returns
// its address.
func Stall(t testing.TB) string {
	t.Helper()
	addr, err := accept(t, "127.0.0.1:0", func() {})
	if err != nil {
		t.Fatal(err)
	}
	return addr
}

// accept holds connections until the test's end.
func accept(t testing.TB, address string, greet func()) (string, error) {
	t.Helper()
	var listen net.ListenConfig
	l, err := listen.Listen(t.Context(), "tcp", address)
	if err != nil {
		return "", fmt.Errorf("listen on %s: %w", address, err)
	}
	var wait sync.WaitGroup
	var held []net.Conn
	wait.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			greet()
			held = append(held, conn)
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		wait.Wait()
		for _, conn := range held {
			_ = conn.Close()
		}
	})
	return l.Addr().String(), nil
}
