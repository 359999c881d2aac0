package meilitest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"
)

// The defaults of Options.
const (
	DefaultMasterKey  = "meilitest-master-key"
	DefaultVersion    = "1.50.0"
	DefaultMaxPayload = 100 << 20
)

// Options is what a Server works with. The zero value is a server like a new
// one, with DefaultMasterKey.
type Options struct {
	// MasterKey is asked of every caller. Open leaves the server without one, as
	// in development: every request is allowed and there are no keys.
	MasterKey string
	Open      bool
	// Version is what /version tells; DefaultVersion when empty.
	Version string
	// Now gives the time of everything that is stamped. Nil counts a millisecond
	// at each look, from the first of January 2026.
	Now func() time.Time
	// MaxPayload is the largest body taken, in bytes; DefaultMaxPayload when zero.
	MaxPayload int64
}

// Server is the fake. It is safe for concurrent use.
type Server struct {
	o       Options
	addr    string
	handler http.Handler

	// mu guards all that follows. The worker holds it while it carries out a
	// task, so that a task is seen whole or not at all.
	mu sync.RWMutex
	// wake is signalled whenever the worker or a waiter may have something to do.
	wake *sync.Cond
	state
	faults
	closed bool
	http   *http.Server
	// active counts requests under way, which outlive a stopped http.Server.
	active int
	// serving and working end with the listener's and the worker's goroutine.
	serving chan struct{}
	working chan struct{}
}

// state is everything that Forget loses.
type state struct {
	indexes map[string]*index
	tasks   []*task
	// nextTask and batches number tasks and the batches they are done in.
	nextTask, batches int
	keys              []*apiKey
	// features are the experimental features that are switched on.
	features map[string]bool
	updated  time.Time
}

// Start starts a Server for a test and closes it when the test ends.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// New starts a Server on a free port of loopback. The caller closes it.
func New(o Options) (*Server, error) {
	if o.MasterKey == "" {
		o.MasterKey = DefaultMasterKey
	}
	if o.Version == "" {
		o.Version = DefaultVersion
	}
	if o.MaxPayload == 0 {
		o.MaxPayload = DefaultMaxPayload
	}
	if o.Now == nil {
		o.Now = ticking(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	}
	s := &Server{o: o, addr: "127.0.0.1:0", working: make(chan struct{})}
	s.wake = sync.NewCond(&s.mu)
	s.handler = s.routes()
	s.state = s.fresh()
	if err := s.listen(); err != nil {
		return nil, err
	}
	go s.work()
	return s, nil
}

// ticking is a clock that moves a millisecond at each look.
func ticking(now time.Time) func() time.Time {
	var mu sync.Mutex
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Millisecond)
		return now
	}
}

func (s *Server) fresh() state {
	st := state{indexes: map[string]*index{}, features: map[string]bool{}}
	if !s.o.Open {
		st.keys = defaultKeys(s.o.MasterKey, s.o.Now())
	}
	return st
}

// URL is where the server answers, without a slash at the end. It stays the
// same through Stop and Start.
func (s *Server) URL() string { return "http://" + s.addr }

// Key is the master key; empty when the server is open.
func (s *Server) Key() string {
	if s.o.Open {
		return ""
	}
	return s.o.MasterKey
}

// listen begins to answer at the server's address, and remembers which port
// was free the first time.
func (s *Server) listen() error {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", s.addr)
	if err != nil {
		return fmt.Errorf("meilitest: listen: %w", err)
	}
	s.addr = l.Addr().String()
	served := &http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: time.Minute}
	done := make(chan struct{})
	s.http, s.serving = served, done
	go func() {
		defer close(done)
		_ = served.Serve(l) // It ends with http.ErrServerClosed.
	}()
	return nil
}

// hangUp stops answering and breaks what is under way.
func (s *Server) hangUp() {
	s.mu.Lock()
	served, done := s.http, s.serving
	s.http = nil
	s.mu.Unlock()
	if served == nil {
		return
	}
	_ = served.Close() // Connections that are already gone are no loss.
	<-done
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.active > 0 {
		s.wake.Wait()
	}
}

// Close ends the server and all its goroutines. A second Close does nothing.
func (s *Server) Close() {
	s.mu.Lock()
	again := s.closed
	s.closed = true
	s.wake.Broadcast()
	s.mu.Unlock()
	if again {
		return
	}
	s.hangUp()
	<-s.working
}

// Wait returns when no task is waiting or under way, which never happens while
// the queue is held or the server stopped with work left.
func (s *Server) Wait(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.wake.Broadcast()
	})
	defer stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.unfinished() {
		if s.closed {
			return errors.New("meilitest: the server is closed and tasks are left")
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("meilitest: tasks are left: %w", err)
		}
		s.wake.Wait()
	}
	return nil
}

func (s *Server) unfinished() bool {
	for _, t := range s.tasks {
		if t.status == enqueued || t.status == processing {
			return true
		}
	}
	return false
}
