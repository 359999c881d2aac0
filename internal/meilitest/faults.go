package meilitest

import (
	"bytes"
	"fmt"
	"net/http"
	"time"
)

// faults is what a test has asked to go wrong.
type faults struct {
	unavailable int
	slow        time.Duration
	cuts        int
	held        bool
	down        bool
	failures    []string
	requests    int
}

// Stop ends the server as a kill would: connections break, new ones are
// refused, and the task under way is begun again after Start. Data is kept.
func (s *Server) Stop() {
	s.mu.Lock()
	s.down = true
	s.mu.Unlock()
	s.hangUp()
}

// Start brings a stopped server back at the same address, with its data. It
// panics when the port was taken meanwhile, since no test can go on then.
func (s *Server) Start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.http != nil || s.closed {
		return
	}
	if err := s.listen(); err != nil {
		panic(err)
	}
	s.down = false
	s.wake.Broadcast()
}

// Unavailable answers the next n requests with 503 and Retry-After, as a server
// does that has too many searches waiting.
func (s *Server) Unavailable(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unavailable = n
}

// Slow holds every reply back for so long; zero ends it.
func (s *Server) Slow(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slow = d
}

// Cut breaks the connection in the middle of the next n replies. The requests
// are carried out: only the reply is lost.
func (s *Server) Cut(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cuts = n
}

// Hold keeps tasks waiting: requests are taken and nothing is carried out until
// Release.
func (s *Server) Hold() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = true
}

// Release lets the queue go on.
func (s *Server) Release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = false
	s.wake.Broadcast()
}

// FailNext makes the next task fail with an error code, say "internal" or
// "no_space_left_on_device". Several calls fail as many tasks.
func (s *Server) FailNext(code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures = append(s.failures, code)
}

// Forget loses all data: indexes, tasks and keys, as when the volume is gone.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state = s.fresh()
	s.wake.Broadcast()
}

// Version changes what /version tells, as an upgrade does.
func (s *Server) Version(version string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.o.Version = version
}

// Requests is how many requests were taken so far, refused ones included.
func (s *Server) Requests() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.requests
}

// Documents is how many documents an index holds; -1 when there is no such index.
func (s *Server) Documents(uid string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if x, ok := s.indexes[uid]; ok {
		return len(x.docs)
	}
	return -1
}

// plan is what goes wrong with one request.
type plan struct {
	unavailable, cut bool
	slow             time.Duration
}

// take counts a request and says what goes wrong with it.
func (s *Server) take() plan {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	s.active++
	p := plan{slow: s.slow}
	switch {
	case s.unavailable > 0:
		s.unavailable--
		p.unavailable = true
	case s.cuts > 0:
		s.cuts--
		p.cut = true
	}
	return p
}

func (s *Server) done() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.active--
	s.wake.Broadcast()
}

// serve answers one request, with what the test has asked to go wrong.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	p := s.take()
	defer s.done()
	if p.slow > 0 && !pause(r, p.slow) {
		return
	}
	rep := reply{header: http.Header{}}
	if p.unavailable {
		rep.fail(fail("too_many_search_requests", "Too many searches are waiting. Try again in 10 s."))
		rep.header.Set("Retry-After", "10")
	} else {
		s.handler.ServeHTTP(&rep, r)
	}
	if p.cut {
		cut(w, &rep)
		return
	}
	rep.send(w, r.Header.Get("Accept-Encoding"))
}

// pause waits; it is false when the caller has gone.
func pause(r *http.Request, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// cut sends the headers and half of the body, then closes the connection.
func cut(w http.ResponseWriter, rep *reply) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	status := rep.code()
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
		status, http.StatusText(status), max(rep.body.Len(), 2))
	b.Write(rep.body.Bytes()[:rep.body.Len()/2])
	_, _ = conn.Write(b.Bytes()) // The caller is meant to lose it.
	_ = conn.Close()
}
