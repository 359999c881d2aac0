package crawler_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
)

var update = flag.Bool("update", false, "rewrite the wanted reports of testdata/sites")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// today is the day on which every little site is crawled.
var today = time.Date(2026, 11, 9, 10, 0, 0, 0, time.UTC)

// site plays a txtar archive as a web site. A file is a page, named by the day
// from which it stands, its path and its status: "/job/1", "2 /job/1 410". {{base}}
// in a page is the site's address. Validators are computed; a path that ends in
// .gz is compressed.
type site struct {
	*httptest.Server
	pages []sitePage
	mu    sync.Mutex
	day   int
	asked []string
	whole int // requests answered with a body
}

type sitePage struct {
	day, status int
	path        string
	body        []byte
}

var pageName = regexp.MustCompile(`^(?:([0-9]+) )?(/\S*)(?: ([0-9]{3}))?$`)

func newSite(t *testing.T, archive *archive) *site {
	t.Helper()
	s := &site{day: 1}
	for _, f := range archive.files {
		m := pageName.FindStringSubmatch(f.name)
		if m == nil {
			continue
		}
		day, _ := strconv.Atoi(m[1])
		status, _ := strconv.Atoi(m[3])
		s.pages = append(s.pages, sitePage{max(day, 1), max(status, 200), m[2], f.data})
		if status != 0 {
			s.pages[len(s.pages)-1].status = status
		}
	}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

// page is the version of a page that stands today.
func (s *site) page(path string) (found sitePage, ok bool) {
	for _, p := range s.pages {
		if p.path == path && p.day <= s.day && (!ok || p.day >= found.day) {
			found, ok = p, true
		}
	}
	return found, ok
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, r.URL.RequestURI())
	p, ok := s.page(r.URL.RequestURI())
	if !ok {
		http.NotFound(w, r)
		return
	}
	body := bytes.ReplaceAll(p.body, []byte("{{base}}"), []byte("http://"+r.Host))
	tag := fmt.Sprintf(`"%x"`, sha256.Sum256(body))[:12] + `"`
	if p.status == http.StatusOK {
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.Header().Set("Content-Type", mediaOf(p.path))
	if strings.HasSuffix(p.path, ".gz") {
		var b bytes.Buffer
		zip := gzip.NewWriter(&b)
		_, _ = zip.Write(body)
		_ = zip.Close()
		body = b.Bytes()
	}
	s.whole++
	w.WriteHeader(p.status)
	_, _ = w.Write(body)
}

func mediaOf(path string) string {
	path, _, _ = strings.Cut(path, "?")
	switch filepath.Ext(path) {
	case ".xml":
		return "application/xml"
	case ".gz":
		return "application/gzip"
	case ".json":
		return "application/json"
	case ".rss":
		return "application/rss+xml"
	case ".txt":
		return "text/plain"
	}
	return "text/html; charset=utf-8"
}

// memory is Known and Sink as a store would be: it keeps a page's validators with
// what was found, and a list's when the crawl's report gives them.
type memory struct {
	mu    sync.Mutex
	pages map[string]crawler.Page
	// unlisted are asked for when a list names only a part.
	unlisted []crawler.Item
	found    []crawler.Found
	// fail ends the crawl at the n-th item, counted from 1; 0 never.
	fail int
}

func newMemory() *memory { return &memory{pages: map[string]crawler.Page{}} }

func (m *memory) Pages(_ context.Context, source string, keys []string) (map[string]crawler.Page, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[string]crawler.Page{}
	for _, key := range keys {
		if p, ok := m.pages[source+" "+key]; ok {
			out[key] = p
		}
	}
	return out, nil
}

func (m *memory) Unlisted(context.Context, string) ([]crawler.Item, error) { return m.unlisted, nil }

func (m *memory) Found(_ context.Context, f crawler.Found) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail > 0 && len(m.found)+1 >= m.fail {
		return errFull
	}
	m.found = append(m.found, f)
	if f.Page.URL != "" {
		m.pages["board "+f.Page.URL] = f.Page
	}
	for _, p := range f.Documents {
		m.pages["board "+p.URL] = p
	}
	return nil
}

func (m *memory) keep(r crawler.Report) {
	for _, l := range r.Lists {
		m.pages["board "+l.URL] = l
	}
}

func newCrawler(t *testing.T, o fetch.Options) *crawler.Crawler {
	t.Helper()
	o.Backoff, o.Now = time.Millisecond, time.Now
	client := fetch.New(o)
	t.Cleanup(client.Close)
	return crawler.New(crawler.Options{Client: client, Now: func() time.Time { return today }, Attachments: true})
}

// TestSites crawls each little site once a day and compares the reports, and all
// that was found, with the archive's "want".
func TestSites(t *testing.T) {
	files, err := filepath.Glob("testdata/sites/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sites: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			archive := parseArchive(text)
			got := play(t, archive)
			want := archive.file("want")
			if *update {
				want.data = []byte(got)
				if err := os.WriteFile(file, archive.format(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(want.data), got); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
		})
	}
}

// play crawls the site on each day that it changes and once more.
func play(t *testing.T, archive *archive) string {
	t.Helper()
	s := newSite(t, archive)
	src := sourceOf(t, archive, s.URL)
	days := 1
	for _, p := range s.pages {
		days = max(days, p.day)
	}
	m := newMemory()
	var out strings.Builder
	for day := 1; day <= days+1; day++ {
		s.day, s.asked, m.found = min(day, days), nil, nil
		// A crawler a day: robots.txt is a day old by then.
		r, err := newCrawler(t, fetch.Options{}).Crawl(t.Context(), src, m, m)
		if err != nil {
			t.Fatalf("day %d: %v", day, err)
		}
		m.keep(r)
		fmt.Fprintf(&out, "day %d: listed %d, fetched %d, not modified %d, quarantined %d, requests %d, complete %v\n",
			s.day, r.Listed, r.Fetched, r.NotModified, r.Quarantined, r.Requests, r.Complete)
		if r.Note != "" {
			fmt.Fprintf(&out, "  note: %s\n", r.Note)
		}
		for _, l := range r.Lists {
			fmt.Fprintf(&out, "  list %s names %d\n", withoutRules(l.URL), len(l.Items))
		}
		for _, f := range m.found {
			fmt.Fprintf(&out, "  %s %s at %s%s\n", f.State, f.Reference, f.URL, details(t, f))
		}
	}
	return strings.ReplaceAll(out.String(), s.URL, "")
}

func sourceOf(t *testing.T, archive *archive, base string) crawler.Source {
	t.Helper()
	var src crawler.Source
	if err := json.Unmarshal(archive.file("source.json").data, &src); err != nil {
		t.Fatalf("source.json: %v", err)
	}
	src.ID, src.URL, src.AllowPrivate = "board", base, true
	return src
}

func withoutRules(key string) string {
	address, _, _ := strings.Cut(key, "#rules=")
	return address
}

// details are what a found item carries, a line for each.
func details(t *testing.T, f crawler.Found) string {
	t.Helper()
	var b strings.Builder
	if f.Err != nil {
		fmt.Fprintf(&b, "\n    error: %v", f.Err)
	}
	if f.Page.URL != "" {
		fmt.Fprintf(&b, "\n    validators of %s naming %d", withoutRules(f.Page.URL), len(f.Page.Items))
	}
	if f.Posting != nil {
		posting, err := json.Marshal(f.Posting)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "\n    %s", posting)
	}
	return b.String()
}
