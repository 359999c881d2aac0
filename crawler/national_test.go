package crawler_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// service plays the national service: its list, the records by themselves, and a
// sitemap that may be wrong.
type service struct {
	*httptest.Server
	now   time.Time
	posts map[string]*servicePost
	asked []string
	bytes int
	// hidden are left out of the sitemap, and stale has it say that nothing changed.
	// broken has it be no sitemap, and noRecords that records are not to be had alone.
	hidden                   map[string]bool
	stale, broken, noRecords bool
	// tags gives every answer an ETag, as the service's own server does.
	tags bool
}

type servicePost struct {
	title             string
	created, modified time.Time
	closes            time.Time
}

// perPage is how many records a page of the list has.
const perPage = 10

func newService(t interface{ Cleanup(func()) }) *service {
	s := &service{now: today, posts: map[string]*servicePost{}, hidden: map[string]bool{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *service) add(name string) {
	s.posts[name] = &servicePost{title: name, created: s.now, modified: s.now, closes: s.now.AddDate(0, 0, 20)}
}

// live are the vacancies that the list has, the newest first.
func (s *service) live() []string {
	var out []string
	for name, p := range s.posts {
		if p.closes.After(s.now) {
			out = append(out, name)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		if c := s.posts[b].created.Compare(s.posts[a].created); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	})
	return out
}

func (s *service) record(name string) map[string]any {
	p := s.posts[name]
	return map[string]any{"@type": "JobPosting", "title": p.title, "url": s.URL + "/jobs/" + name, "description": strings.Repeat("Kind. ", 500),
		"validThrough": p.closes.Format(time.RFC3339)}
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked = append(s.asked, r.URL.RequestURI())
	var body []byte
	switch name := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/api/v1/jobs/"), ".json"); {
	case r.URL.Path == "/sitemap.xml" && !s.broken:
		body = []byte("<urlset><url><loc>/pages/privacy</loc><lastmod>2026-01-01</lastmod></url>" + s.entries() + "</urlset>")
	case r.URL.Path == "/api/v1/jobs.json":
		n, _ := strconv.Atoi(r.URL.Query().Get("page"))
		live := s.live()
		data := []any{}
		for _, name := range live[min((n-1)*perPage, len(live)):min(n*perPage, len(live))] {
			data = append(data, s.record(name))
		}
		links := map[string]any{"next": nil}
		if n*perPage < len(live) {
			links["next"] = fmt.Sprintf("%s/api/v1/jobs.json?page=%d", s.URL, n+1)
		}
		body, _ = json.Marshal(map[string]any{"data": data, "links": links})
	case s.posts[name] != nil && r.URL.Path != name && !s.noRecords:
		body, _ = json.Marshal(s.record(name))
	default:
		http.NotFound(w, r)
		return
	}
	if tag := fmt.Sprintf(`"%x"`, sha256.Sum256(body)); s.tags {
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	s.bytes += len(body)
	_, _ = w.Write(body)
}

func (s *service) entries() string {
	var b strings.Builder
	for _, name := range s.live() {
		at := s.posts[name].modified
		if s.stale {
			at = s.posts[name].created
		}
		if !s.hidden[name] {
			fmt.Fprintf(&b, "<url><loc>%s/jobs/%s</loc><lastmod>%s</lastmod></url>", s.URL, name, at.Format(time.RFC3339))
		}
	}
	return b.String()
}

// reading is what one crawl of the service told.
type reading struct {
	report crawler.Report
	told   map[string]crawler.State
	titles map[string]string
	asked  []string
}

// crawlService crawls the service once, from what memory holds.
func crawlService(t interface{ Fatal(...any) }, s *service, m *memory, titles map[string]string) reading {
	s.asked, s.bytes, m.found = nil, 0, nil
	client := fetch.New(fetch.Options{Backoff: time.Millisecond, Now: time.Now})
	defer client.Close()
	src := crawler.Source{ID: "board", Kind: crawler.KindTeachingVacancies, URL: s.URL, AllowPrivate: true}
	r, err := crawler.New(crawler.Options{Client: client, Now: func() time.Time { return s.now }}).Crawl(context.Background(), src, m, m)
	if err != nil {
		t.Fatal(err)
	}
	m.keep(r)
	got := reading{report: r, told: map[string]crawler.State{}, titles: titles, asked: s.asked}
	for _, f := range m.found {
		got.told[f.Reference] = f.State
		if f.Posting != nil {
			titles[f.Reference] = f.Posting.Title
		}
	}
	return got
}

func TestNationalReadsOnlyWhatChanged(t *testing.T) {
	s := newService(t)
	for i := range 60 {
		s.now = s.now.Add(time.Minute)
		s.add(fmt.Sprintf("post-%02d", i))
	}
	m, titles := newMemory(), map[string]string{}
	hour := func(want string, requests int) reading {
		t.Helper()
		s.now = s.now.Add(time.Hour)
		got := crawlService(t, s, m, titles)
		if !got.report.Complete || len(got.asked) != requests {
			t.Errorf("%s: %d requests %v, want %d; complete %v: %s", want, len(got.asked), got.asked, requests, got.report.Complete, got.report.Note)
		}
		return got
	}
	hour("the whole list: robots.txt, sitemap, six pages", 8)
	whole := s.bytes
	if got := hour("nothing changed: robots.txt, sitemap, the head of the list", 3); got.report.Listed != 60 || s.bytes*4 > whole {
		t.Errorf("%d of %d bytes, %d listed", s.bytes, whole, got.report.Listed)
	}

	s.posts["post-07"].title, s.posts["post-07"].modified = "Renamed", s.now
	if got := hour("one changed far down", 4); titles["post-07"] != "Renamed" || got.told["post-08"] != crawler.NotModified {
		t.Errorf("told %v", got.told)
	}
	s.add("new")
	if got := hour("one is new at the head, whose page also ends with one that is known", 4); got.told["new"] != crawler.Read {
		t.Errorf("new: %v", got.told["new"])
	}
	delete(s.posts, "post-09")
	if got := hour("one was taken down", 4); got.told["post-09"] != 0 || got.report.Listed != 60 {
		t.Errorf("taken down: %v, %d listed", got.told["post-09"], got.report.Listed)
	}
	s.posts["post-11"].closes = s.now.Add(time.Minute)
	if got := hour("one closed", 4); got.told["post-11"] != crawler.Gone {
		t.Errorf("closed: %v", got.told["post-11"])
	}
	s.hidden["post-20"] = true
	if got := hour("the sitemap forgot one", 4); got.told["post-20"] != crawler.Read {
		t.Errorf("forgotten: %v", got.told["post-20"])
	}
	s.hidden["post-20"] = false
	hour("and has it again", 4)
	s.broken = true
	hour("there is no sitemap: the whole list", 8)
	s.broken, s.noRecords = false, true
	s.posts["post-30"].title, s.posts["post-30"].modified = "Changed", s.now
	if hour("records are not to be had alone: the head, the record, the whole list", 10); titles["post-30"] != "Changed" {
		t.Error("the change was not read")
	}
	s.noRecords = false
	for i := 30; i < 55; i++ {
		s.posts[fmt.Sprintf("post-%02d", i)].modified = s.now
	}
	hour("more changed than is asked for one by one: the whole list", 8)
	s.now = s.now.Add(24 * time.Hour)
	hour("a day later: the whole list", 8)
}

// TestNationalLosesNothing has vacancies come, change and go while the sitemap errs
// in every way. Whatever it says, what is live and was known is told of in every
// crawl, nothing live is said to be gone, and within a day everything is as it is.
func TestNationalLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newService(t)
		m, titles := newMemory(), map[string]string{}
		known := map[string]bool{}
		var names []string
		for range rapid.IntRange(0, 25).Draw(t, "posts") {
			names = append(names, fmt.Sprintf("post-%d", len(names)))
			s.add(names[len(names)-1])
		}
		for hour := range rapid.IntRange(2, 12).Draw(t, "hours") {
			s.now = s.now.Add(time.Hour)
			for range rapid.IntRange(0, 4).Draw(t, "events") {
				name := "post-x"
				if len(names) > 0 {
					name = rapid.SampledFrom(names).Draw(t, "post")
				}
				p := s.posts[name]
				switch what := rapid.IntRange(0, 4).Draw(t, "what"); {
				case what == 0:
					names = append(names, fmt.Sprintf("post-%d", len(names)))
					s.add(names[len(names)-1])
				case p == nil:
				case what == 1:
					p.title, p.modified = fmt.Sprintf("%s, hour %d", name, hour), s.now
				case what == 2:
					delete(s.posts, name)
				case what == 3:
					p.closes = s.now.Add(-time.Minute)
				case what == 4:
					s.hidden[name] = !s.hidden[name]
				}
			}
			s.stale, s.broken = rapid.IntRange(0, 5).Draw(t, "stale") == 0, rapid.IntRange(0, 9).Draw(t, "broken") == 0
			got := crawlService(t, s, m, titles)
			if !got.report.Complete {
				t.Fatalf("hour %d: %s", hour, got.report.Note)
			}
			for _, name := range s.live() {
				if state := got.told[name]; known[name] && state == 0 || state == crawler.Gone {
					t.Fatalf("hour %d: %s is live, was known %v, and is told of as %v", hour, name, known[name], state)
				}
			}
			for name, state := range got.told {
				known[name] = state != crawler.Gone
			}
		}
		s.now = s.now.Add(24 * time.Hour)
		got := crawlService(t, s, m, titles)
		for _, name := range s.live() {
			if got.told[name] == 0 || titles[name] != s.posts[name].title {
				t.Fatalf("a day later %s is told of as %v under %q, not %q", name, got.told[name], titles[name], s.posts[name].title)
			}
		}
		if len(got.told) != len(s.live()) {
			t.Fatalf("%d told of, %d live", len(got.told), len(s.live()))
		}
	})
}
