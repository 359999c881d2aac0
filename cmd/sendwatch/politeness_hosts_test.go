package main

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/crawler"
)

// The hosts of the politeness proof: many names on one server, each asking to be
// treated in its own way, each with pages that tempt a crawler to go where it must
// not. What a host asks for is written down twice, as a robots.txt for the crawler
// and as plain fields for the judge, who reads no robots.txt.

// politeAdverts is how many adverts a host lists, on two pages.
const politeAdverts = 6

// Hosts beside those that are crawled: where some keep their robots.txt, and one
// that nobody may be led to.
const (
	robotsHost    = "robots.test"
	elsewhereHost = "elsewhere.test"
)

// politeHost is one host and what it asks for.
type politeHost struct {
	name string
	// gap is the least time between two requests, once robots.txt was read;
	// before that it is delay, which the source says.
	gap, delay time.Duration
	// robots is what robots.txt says, or a status, or where it is.
	robots       string
	robotsStatus int
	robotsAt     string
	// closed refuses everything, open nothing; else what is private is.
	closed, open bool
	// slow is how long each answer takes.
	slow time.Duration
	// asks is how it answers the first request for its third advert.
	asks string
	// sources is how many sources crawl it.
	sources int
}

// Ways of asking to be left alone for a while.
const (
	asksSeconds = "seconds"
	asksDate    = "date"
	asksNothing = "nothing"
)

func newPoliteHost(i int) *politeHost {
	h := &politeHost{name: fmt.Sprintf("host%d.test", i), sources: 1, delay: time.Duration(50+10*(i%8)) * time.Millisecond}
	h.gap = h.delay
	delay := ""
	if i%3 == 1 {
		h.gap = time.Duration(200+50*(i%4)) * time.Millisecond
		delay = fmt.Sprintf("Crawl-delay: %.2f\n", h.gap.Seconds())
	}
	const private = "Disallow: /job/private\nDisallow: /*?print=\n"
	switch i % 8 {
	case 0, 7:
		h.robots = "User-agent: *\n" + private + delay
	case 1:
		h.robots = "User-agent: other\nDisallow: /\n\nUser-agent: sendwatch\nDisallow: /job/private\n\nUser-agent: *\nDisallow:\n\n" +
			"User-agent: SENDWATCH/9\n" + delay + "Disallow: /*?print=\n"
	case 2:
		h.robots = "\ufeffUser-agent: *\r\nDisallow: /\r\nAllow: /list\r\nAllow: /job/\r\nDisallow: /job/private\r\nDisallow: /job/*?print=\r\n" + delay
	case 3:
		h.robotsStatus, h.open, h.gap = http.StatusNotFound, true, h.delay
	case 4:
		h.robotsStatus, h.closed, h.gap = http.StatusInternalServerError, true, h.delay
	case 5:
		h.robots, h.closed = "User-agent: *\nDisallow: /\n"+delay, true
	case 6:
		h.robots, h.robotsAt = "User-agent: *\n"+private+delay, robotsHost
	}
	switch i % 5 {
	case 1:
		h.asks = asksSeconds
	case 2:
		h.asks = asksDate
	case 3:
		h.asks = asksNothing
	}
	if i%7 == 3 {
		h.slow = 300 * time.Millisecond
	}
	if i%10 == 9 {
		h.sources = 2
	}
	return h
}

// forbids reports whether a request should not have been made.
func (h *politeHost) forbids(path string) bool {
	if path == "/robots.txt" || h.open {
		return false
	}
	return h.closed || strings.HasPrefix(path, "/job/private") || strings.Contains(path, "?print=")
}

// wants are the adverts that may be read.
func (h *politeHost) wants() []string {
	if h.closed {
		return nil
	}
	var out []string
	for n := range politeAdverts {
		out = append(out, fmt.Sprintf("/job/%d", n))
	}
	return out
}

// sourcesOf are the sources that crawl a host.
func (h *politeHost) sourcesOf(port string) []crawler.Source {
	var out []crawler.Source
	for n := range h.sources {
		out = append(out, crawler.Source{
			ID: fmt.Sprintf("%s-%d", strings.TrimSuffix(h.name, ".test"), n), Kind: crawler.KindHTML, URL: "http://" + h.name + ":" + port,
			Discover: crawler.Discover{Listing: "/list?1", Item: "a.job", Next: "a.next"}, Fields: map[string]string{"title": "h1", "body": "p"},
			AllowPrivate: true, Delay: h.delay,
		})
	}
	return out
}

// loggedRequest is one line of the server's log.
type loggedRequest struct {
	host, path    string
	conn          uint64
	arrived, left time.Time
	status        int
	// until is when the host allows the next request, if it asked for time.
	until time.Time
}

// politeServer plays the hosts and writes down what happens.
type politeServer struct {
	*httptest.Server
	hosts map[string]*politeHost
	mu    sync.Mutex
	log   []*loggedRequest
	tried map[string]bool // hosts that have asked for time
}

func newPoliteServer(t *testing.T, hosts int) *politeServer {
	t.Helper()
	s := &politeServer{hosts: map[string]*politeHost{}, tried: map[string]bool{}}
	for i := range hosts {
		h := newPoliteHost(i)
		s.hosts[h.name] = h
	}
	s.Server = httptest.NewUnstartedServer(s)
	s.Config.ConnContext = s.number
	s.Start()
	t.Cleanup(s.Close)
	return s
}

func (s *politeServer) port() string {
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	return port
}

func (s *politeServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host, _, _ := net.SplitHostPort(r.Host)
	line := &loggedRequest{host: host, path: r.URL.RequestURI(), conn: connOf(r), arrived: time.Now()}
	header, status, body := s.answer(host, line)
	for key, value := range header {
		w.Header().Set(key, value)
	}
	line.status, line.left = status, time.Now()
	s.mu.Lock()
	s.log = append(s.log, line)
	s.mu.Unlock()
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

// answer is what a host says to a request.
func (s *politeServer) answer(host string, line *loggedRequest) (header map[string]string, status int, body string) {
	path := line.path
	if host == robotsHost {
		if at := s.hosts[strings.TrimPrefix(path, "/for/")]; at != nil {
			return nil, http.StatusOK, at.robots
		}
		return nil, http.StatusNotFound, ""
	}
	h := s.hosts[host]
	if h == nil {
		return nil, http.StatusOK, "User-agent: *\nAllow: /\n"
	}
	time.Sleep(h.slow)
	switch {
	case path == "/robots.txt" && h.robotsAt != "":
		return map[string]string{"Location": "http://" + h.robotsAt + ":" + s.port() + "/for/" + h.name}, http.StatusMovedPermanently, ""
	case path == "/robots.txt" && h.robotsStatus != 0:
		return nil, h.robotsStatus, ""
	case path == "/robots.txt":
		return nil, http.StatusOK, h.robots
	case path == "/job/2" && h.asks != "" && s.first(host):
		return h.ask(line)
	case path == "/job/astray":
		return map[string]string{"Location": "/job/private/3"}, http.StatusFound, ""
	case path == "/job/away":
		return map[string]string{"Location": "http://" + elsewhereHost + ":" + s.port() + "/job/1"}, http.StatusFound, ""
	}
	return map[string]string{"Content-Type": "text/html"}, http.StatusOK, h.page(path)
}

// ask answers with a plea for time, and notes until when.
func (h *politeHost) ask(line *loggedRequest) (header map[string]string, status int, body string) {
	now := time.Now()
	switch h.asks {
	case asksSeconds:
		line.until = now.Add(time.Second)
		return map[string]string{"Retry-After": "1"}, http.StatusServiceUnavailable, ""
	case asksDate:
		line.until = now.Add(2 * time.Second).Truncate(time.Second)
		return map[string]string{"Retry-After": line.until.UTC().Format(http.TimeFormat)}, http.StatusTooManyRequests, ""
	}
	return nil, http.StatusTooManyRequests, ""
}

func (h *politeHost) page(path string) string {
	var b strings.Builder
	list, isList := strings.CutPrefix(path, "/list?")
	if !isList {
		return "<h1>Teaching Assistant " + h.name + path + "</h1><p>We ask for a teaching assistant at " + h.name + ".</p>"
	}
	n, _ := strconv.Atoi(list)
	for i := (n - 1) * politeAdverts / 2; i < n*politeAdverts/2; i++ {
		fmt.Fprintf(&b, "<a class=job href=/job/%d>%d</a>", i, i)
	}
	for _, tempting := range []string{"/job/private/1", "/job/private", "/job/4?print=1", "/job/astray", "/job/away"} {
		fmt.Fprintf(&b, "<a class=job href=%s%s>more</a>", tempting, map[bool]string{true: "x"}[n > 1 && strings.Contains(tempting, "private")])
	}
	if n == 1 {
		b.WriteString("<a class=next href=/list?2>next</a>")
	}
	return b.String()
}

// first reports once whether a host asks for time.
func (s *politeServer) first(host string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.tried[host]
	s.tried[host] = true
	return !was
}
