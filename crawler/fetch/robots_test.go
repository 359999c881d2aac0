package fetch_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/crawler/fetch"
)

func TestRobotsRules(t *testing.T) {
	const national = "SITEMAP: /sitemap.xml\nUser-agent: *\nAllow: /\nDisallow: /check\nDisallow: /*-jobs*?*\nDisallow: /jobs*radius=*\n"
	tests := []struct {
		name, robots, path string
		want               bool
	}{
		{"nothing said", "", "/a", true},
		{"allowed beside", national, "/jobs/semh-assistant", true},
		{"prefix", national, "/check/1", false},
		{"wildcard with query", national, "/teaching-jobs?page=2", false},
		{"wildcard without query", national, "/teaching-jobs", true},
		{"query parameter", national, "/jobs?radius=10", false},
		{"longest wins", "User-agent: *\nDisallow: /jobs/\nAllow: /jobs/open/\n", "/jobs/open/1", true},
		{"our own group", "User-agent: *\nDisallow: /\n\nUser-agent: Sendwatch\nDisallow: /private\n", "/jobs", true},
		{"our own group with a version", "User-agent: sendwatch/1.0\nDisallow: /\n", "/jobs", false},
		{"two agents, one group", "User-agent: other\nUser-agent: *\nDisallow: /jobs\n", "/jobs", false},
		{"empty disallow ends a group", "User-agent: *\nDisallow:\nUser-agent: bad\nDisallow: /\n", "/jobs", true},
		{"comments and carriage returns", "# hello\r\nUser-agent: * # all\r\nDisallow: /jobs # no\r\n", "/jobs/1", false},
		{"byte order mark", "\ufeffUser-agent: *\nDisallow: /jobs\n", "/jobs", false},
		{"rule before any agent is no rule", "Disallow: /\nUser-agent: *\nDisallow: /x\n", "/jobs", true},
		{"one bad line spoils nothing", "User-agent: *\nCrawl-delay: fast\nDisallow: /x\n", "/x", false},
		{"a page instead of rules", "<!doctype html><html><body>Not here</body></html>", "/jobs", true},
		{"end of the path", "User-agent: *\nDisallow: /\nAllow: /$\n", "/private/", false},
		{"end of the path itself", "User-agent: *\nDisallow: /\nAllow: /$\n", "/", true},
		{"end of a file name", "User-agent: *\nDisallow: /*.pdf$\n", "/a/b.pdf", false},
		{"not the end of a file name", "User-agent: *\nDisallow: /*.pdf$\n", "/a/b.pdf?x=1", true},
		{"patterns begin at the root", "User-agent: *\nDisallow: /a*z\n", "/b/a/z", true},
		{"of equal rules the permission wins", "User-agent: *\nDisallow: /jobs\nAllow: /jobs\n", "/jobs", true},
		{"escapes are equal to what they stand for", "User-agent: *\nDisallow: /caf%c3%a9/%7Ea\n", "/caf%C3%A9/~a", false},
		{"groups of one agent are one", "User-agent: *\nDisallow: /a\nUser-agent: x\nDisallow: /\nUser-agent: *\nDisallow: /b\n", "/b", false},
		{"part of our name is another's", "User-agent: send\nDisallow: /\n", "/jobs", true},
		{"sitemap inside a group", "User-agent: x\nSitemap: /s.xml\nUser-agent: *\nDisallow: /a\n", "/a", false},
		{"many stars", "User-agent: *\nDisallow: /" + strings.Repeat("*a", 400) + "b\n", "/" + strings.Repeat("a", 2000), true},
		{"damaged", "User-agent: *\nDisallow: /\xff\xfe\nDisallow: /x\n", "/x", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			robots := robotsOf(t, tt.robots)
			u, err := url.Parse("http://site.test" + tt.path)
			if err != nil {
				t.Fatal(err)
			}
			if got := robots.Allows(u); got != tt.want {
				t.Errorf("Allows(%s) = %v, want %v", tt.path, got, tt.want)
			}
		})
	}
}

func robotsOf(t *testing.T, body string) *fetch.Robots {
	t.Helper()
	s := newSite(t, map[string]http.HandlerFunc{"/robots.txt": text(body)})
	rt := newClient(t, fetch.Options{}).RoundTripper(fetch.Policy{AllowPrivate: true, Port: s.port(t)})
	robots, err := rt.Robots(t.Context(), s.URL+"/jobs")
	if err != nil {
		t.Fatal(err)
	}
	return robots
}

func TestRobotsSitemaps(t *testing.T) {
	body := "SITEMAP: /sitemap.xml\nUser-agent: *\nDisallow: /x\nSitemap: https://cdn.test/jobs.xml\nsitemap: javascript:alert(1)\n"
	s := newSite(t, map[string]http.HandlerFunc{"/robots.txt": text(body)})
	rt := newClient(t, fetch.Options{}).RoundTripper(fetch.Policy{AllowPrivate: true, Port: s.port(t)})
	robots, err := rt.Robots(t.Context(), s.URL)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{s.URL + "/sitemap.xml", "https://cdn.test/jobs.xml"}
	if got := robots.Sitemaps(); !slices.Equal(got, want) {
		t.Errorf("sitemaps %q, want %q", got, want)
	}
}

func TestRobotsGate(t *testing.T) {
	tests := []struct {
		name    string
		robots  http.HandlerFunc
		refused bool
	}{
		{"missing", status(404), false},
		{"forbidden", status(403), false},
		{"gone", status(410), false},
		{"empty", status(204), false},
		{"not for us to see", status(401), false},
		{"not implemented", status(501), true},
		{"failing", status(500), true},
		{"overloaded", status(503), true},
		{"too many requests", status(429), true},
		{"refusing", text("User-agent: *\nDisallow: /\n"), true},
		{"redirected", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/robots2", http.StatusFound) }, true},
		{"dropped", func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t, map[string]http.HandlerFunc{
				"/robots.txt": tt.robots, "/robots2": text("User-agent: *\nDisallow: /a"), "/a": text("hello"),
			})
			_, err := get(t, newClient(t, fetch.Options{}), s.URL+"/a")
			if got := errors.Is(err, fetch.ErrRobots); got != tt.refused {
				t.Errorf("error %v, want refused %v", err, tt.refused)
			}
			if asked := s.asked("/a") > 0; asked == tt.refused {
				t.Errorf("page asked: %v", asked)
			}
		})
	}
}

func TestRobotsAreKeptForADay(t *testing.T) {
	now := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	answer := text("User-agent: *\nDisallow: /x\n")
	s := newSite(t, map[string]http.HandlerFunc{
		"/robots.txt": func(w http.ResponseWriter, r *http.Request) { answer(w, r) }, "/a": text("hello"),
	})
	hosts := fetch.NewMemoryHosts(clock)
	visit := func() error {
		// A client a visit, as in several processes.
		_, err := get(t, newClient(t, fetch.Options{Hosts: hosts, Now: clock}), s.URL+"/a")
		return err
	}
	for _, step := range []struct {
		pass    time.Duration
		fetched int
	}{{0, 1}, {23 * time.Hour, 1}, {time.Hour, 2}} {
		now = now.Add(step.pass)
		if err := visit(); err != nil {
			t.Fatal(err)
		}
		if got := s.asked("/robots.txt"); got != step.fetched {
			t.Errorf("after %v: robots.txt was asked %d times, want %d", step.pass, got, step.fetched)
		}
	}

	now = now.Add(25 * time.Hour)
	answer = status(500)
	if err := visit(); !errors.Is(err, fetch.ErrRobots) {
		t.Errorf("failing robots.txt: %v", err)
	}
	answer = text("")
	if err := visit(); err != nil {
		t.Errorf("a failure was kept: %v", err)
	}
}

func TestEndlessRobotsIsCut(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{
		"/robots.txt": func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "User-agent: *\nDisallow: /private\n")
			line := strings.Repeat("# "+strings.Repeat("x", 100)+"\n", 1000)
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, line); err != nil {
					return
				}
			}
		},
		"/a": text("hello"),
	})
	rt := newClient(t, fetch.Options{}).RoundTripper(fetch.Policy{AllowPrivate: true, Port: s.port(t)})
	robots, err := rt.Robots(t.Context(), s.URL)
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(s.URL + "/private")
	if robots.Allows(u) {
		t.Error("the first rules were lost")
	}
	if got, most := rt.Bytes(), int64(500<<10); got > most {
		t.Errorf("%d bytes read, want at most %d", got, most)
	}
}

// TestRobotsMayLieElsewhere follows a robots.txt through five redirects, the last
// to another host, from a source whose pages must stay on its own.
func TestRobotsMayLieElsewhere(t *testing.T) {
	hops := 4
	var s *site
	s = newSite(t, map[string]http.HandlerFunc{
		"/robots.txt": func(w http.ResponseWriter, r *http.Request) {
			if hops--; hops >= 0 {
				http.Redirect(w, r, "/robots.txt", http.StatusMovedPermanently)
				return
			}
			http.Redirect(w, r, strings.Replace(s.URL, "127.0.0.1", "localhost", 1)+"/shared", http.StatusFound)
		},
		"/shared": text("User-agent: *\nDisallow: /private\n"),
	})
	site := strings.TrimPrefix(s.URL, "http://")
	rt := newClient(t, fetch.Options{}).RoundTripper(fetch.Policy{AllowPrivate: true, Port: s.port(t), Site: site})
	robots, err := rt.Robots(t.Context(), s.URL)
	if err != nil {
		t.Fatal(err)
	}
	if u, _ := url.Parse(s.URL + "/private"); robots.Allows(u) {
		t.Error("what the file at the end says was lost")
	}

	hops = 5 // and the last makes six
	rt = newClient(t, fetch.Options{}).RoundTripper(fetch.Policy{AllowPrivate: true, Port: s.port(t), Site: site})
	if _, err := rt.Robots(t.Context(), s.URL); !errors.Is(err, fetch.ErrRobots) || !errors.Is(err, fetch.ErrRedirects) {
		t.Errorf("six redirects: %v", err)
	}
}

// TestRobotsInALongCrawl has one crawl outlast what it was told.
func TestRobotsInALongCrawl(t *testing.T) {
	now := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	answer := text("User-agent: *\nAllow: /\n")
	s := newSite(t, map[string]http.HandlerFunc{"/robots.txt": func(w http.ResponseWriter, r *http.Request) { answer(w, r) }})
	rt := newClient(t, fetch.Options{Now: func() time.Time { return now }}).RoundTripper(fetch.Policy{AllowPrivate: true, Port: s.port(t)})
	steps := []struct {
		name    string
		pass    time.Duration
		answer  http.HandlerFunc
		refused bool
		asked   int
	}{
		{"first", 0, answer, false, 1},
		{"an hour later", time.Hour, status(500), false, 1},
		{"a day later", 23 * time.Hour, status(404), false, 2},
		{"another day later, failing", 24 * time.Hour, status(501), true, 3},
		{"a failure is not asked about again at once", time.Minute, text(""), true, 3},
		{"but is soon", 10 * time.Minute, text(""), false, 4},
	}
	for _, step := range steps {
		now, answer = now.Add(step.pass), step.answer
		_, err := rt.Robots(t.Context(), s.URL)
		if got := errors.Is(err, fetch.ErrRobots); got != step.refused {
			t.Errorf("%s: error %v, want refused %v", step.name, err, step.refused)
		}
		if got := s.asked("/robots.txt"); got != step.asked {
			t.Errorf("%s: asked %d times, want %d", step.name, got, step.asked)
		}
	}
}
