package crawler_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
)

var errFull = errors.New("store is full")

// board is a site of n adverts on lists of ten.
func board(n int) *archive {
	var b strings.Builder
	b.WriteString("-- source.json --\n" +
		`{"Kind": "html", "Discover": {"Listing": "/list?1", "Item": "a.job", "Next": "a.next"}, "Fields": {"title": "h1"}}` + "\n")
	for i := 0; i < n; i += 10 {
		fmt.Fprintf(&b, "-- /list?%d --\n", i/10+1)
		for j := i; j < min(i+10, n); j++ {
			fmt.Fprintf(&b, "<a class=job href=/job/%d>%d</a>\n", j, j)
		}
		if i+10 < n {
			fmt.Fprintf(&b, "<a class=next href=/list?%d>Next</a>\n", i/10+2)
		}
	}
	for i := range n {
		fmt.Fprintf(&b, "-- /job/%d --\n<h1>Advert %d</h1>\n", i, i)
	}
	return parseArchive([]byte(b.String()))
}

func crawl(t *testing.T, src crawler.Source, m *memory) (crawler.Report, error) {
	t.Helper()
	m.found = nil
	r, err := newCrawler(t, fetch.Options{}).Crawl(t.Context(), src, m, m)
	m.keep(r)
	return r, err
}

// TestKilledCrawlLosesNothing kills a crawl at every item in turn. The crawls
// that follow must together have read every advert, whatever validators the
// killed one left behind.
func TestKilledCrawlLosesNothing(t *testing.T) {
	const adverts = 12
	archive := board(adverts)
	for kill := 1; kill <= adverts; kill++ {
		s := newSite(t, archive)
		src := sourceOf(t, archive, s.URL)
		m := newMemory()
		m.fail = kill
		r, err := crawl(t, src, m)
		if !errors.Is(err, errFull) || r.Complete {
			t.Fatalf("kill at %d: complete %v, error %v", kill, r.Complete, err)
		}
		read := map[string]bool{}
		for _, f := range m.found {
			read[f.Reference] = true
		}
		m.fail = 0
		r, err = crawl(t, src, m)
		if err != nil || !r.Complete || r.Listed != adverts {
			t.Fatalf("after a kill at %d: %+v, %v", kill, r, err)
		}
		for _, f := range m.found {
			if f.State == crawler.NotModified && !read[f.Reference] {
				t.Errorf("kill at %d: %s is said to be unchanged and was never read", kill, f.Reference)
			}
			read[f.Reference] = true
		}
		if len(read) != adverts {
			t.Errorf("kill at %d: %d adverts were read, want %d", kill, len(read), adverts)
		}
	}
}

func TestSecondCrawlIsNotModified(t *testing.T) {
	archive := board(25)
	s := newSite(t, archive)
	m := newMemory()
	src := sourceOf(t, archive, s.URL)
	if _, err := crawl(t, src, m); err != nil {
		t.Fatal(err)
	}
	s.whole = 0
	r, err := crawl(t, src, m)
	if err != nil || r.NotModified != 25 || r.Fetched != 0 || !r.Complete || len(r.Lists) != 3 {
		t.Errorf("second crawl: %+v, %v", r, err)
	}
	if s.whole != 0 {
		t.Errorf("%d bodies were sent", s.whole)
	}
	// Other rules read everything again.
	src.Fields = map[string]string{"title": "h1", "body": "p"}
	if r, err := crawl(t, src, m); err != nil || r.Fetched != 25 {
		t.Errorf("with other rules: %+v, %v", r, err)
	}
}

// TestAListThatNamesAnotherSite: a remembered list may name pages of where the site
// was before. Nobody is asked for them.
func TestAListThatNamesAnotherSite(t *testing.T) {
	archive := board(3)
	s := newSite(t, archive)
	before := newSite(t, archive)
	m := newMemory()
	src := sourceOf(t, archive, s.URL)
	if _, err := crawl(t, src, m); err != nil {
		t.Fatal(err)
	}
	for key, p := range m.pages {
		for i := range p.Items {
			p.Items[i].URL = strings.Replace(p.Items[i].URL, s.URL, strings.Replace(before.URL, "127.0.0.1", "localhost", 1), 1)
		}
		m.pages[key] = p
	}
	r, err := crawl(t, src, m)
	if err != nil || r.Listed != 3 || r.Fetched != 0 || len(before.asked) != 0 {
		t.Errorf("%+v, %v; the other site was asked for %v", r, err, before.asked)
	}
	for _, f := range m.found {
		if !errors.Is(f.Err, fetch.ErrOffSite) {
			t.Errorf("%s: %v", f.URL, f.Err)
		}
	}
}

func TestEveryListedItemIsToldOnce(t *testing.T) {
	archive := board(31)
	s := newSite(t, archive)
	m := newMemory()
	for range 2 {
		r, err := crawl(t, sourceOf(t, archive, s.URL), m)
		if err != nil {
			t.Fatal(err)
		}
		told := map[string]int{}
		for _, f := range m.found {
			told[f.Reference]++
		}
		for reference, n := range told {
			if n != 1 {
				t.Errorf("%s was told of %d times", reference, n)
			}
		}
		if len(told) != 31 || r.Listed != 31 {
			t.Errorf("%d told, %d listed, want 31", len(told), r.Listed)
		}
	}
}

func TestPagesAreBounded(t *testing.T) {
	archive := board(30)
	s := newSite(t, archive)
	src := sourceOf(t, archive, s.URL)
	src.MaxPages = 10
	r, err := crawl(t, src, newMemory())
	if err != nil || r.Complete || !strings.Contains(r.Note, "more than 10 pages") {
		t.Errorf("got %+v, %v", r, err)
	}
	if len(s.asked) > 11 { // and robots.txt
		t.Errorf("%d requests", len(s.asked))
	}
}

func TestEndlessListingEnds(t *testing.T) {
	requests := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests++
		w.Header().Set("Content-Type", "text/html")
		if strings.HasPrefix(r.URL.Path, "/job") {
			_, _ = fmt.Fprint(w, "<h1>One</h1>")
			return
		}
		_, _ = fmt.Fprintf(w, `<a class=job href=/job/1>1</a><a class=next href="/list?after=%d">Next</a>`, requests)
	}))
	defer s.Close()
	src := crawler.Source{
		ID: "board", Kind: crawler.KindHTML, URL: s.URL, AllowPrivate: true, Fields: map[string]string{"title": "h1"},
		Discover: crawler.Discover{Listing: "/list", Item: "a.job", Next: "a.next"},
	}
	r, err := crawl(t, src, newMemory())
	if err != nil || r.Listed != 1 || !r.Complete {
		t.Errorf("got %+v, %v", r, err)
	}
	if requests > 6 {
		t.Errorf("%d requests", requests)
	}
}

func TestCancelEndsTheCrawlIncomplete(t *testing.T) {
	archive := board(20)
	s := newSite(t, archive)
	ctx, cancel := context.WithCancel(t.Context())
	m := newMemory()
	sink := sinkFunc(func(ctx context.Context, f crawler.Found) error {
		if len(m.found) == 4 {
			cancel()
		}
		return m.Found(ctx, f)
	})
	r, err := newCrawler(t, fetch.Options{}).Crawl(ctx, sourceOf(t, archive, s.URL), m, sink)
	if err != nil || r.Complete || r.Listed != 5 || !strings.Contains(r.Note, "stopped") {
		t.Errorf("got %+v, %v", r, err)
	}
	if len(r.Lists) != 0 {
		t.Errorf("lists may be committed though their items are not stored: %v", r.Lists)
	}
}

type sinkFunc func(context.Context, crawler.Found) error

func (f sinkFunc) Found(ctx context.Context, found crawler.Found) error { return f(ctx, found) }

func TestManyFailuresSpoilACrawl(t *testing.T) {
	for _, tt := range []struct {
		adverts, unreadable int
		complete            bool
	}{{60, 6, true}, {50, 6, false}, {20, 5, true}, {9, 8, false}} {
		archive := board(tt.adverts)
		for i, f := range archive.files {
			var n int
			if _, err := fmt.Sscanf(f.name, "/job/%d", &n); err == nil && n < tt.unreadable {
				archive.files[i].data = []byte("<p>no title</p>")
			}
		}
		s := newSite(t, archive)
		m := newMemory()
		r, err := crawl(t, sourceOf(t, archive, s.URL), m)
		if err != nil || r.Complete != tt.complete || r.Quarantined != tt.unreadable || r.Listed != tt.adverts {
			t.Errorf("%d of %d: %+v, %v", tt.unreadable, tt.adverts, r, err)
		}
		for _, f := range m.found {
			if f.State == crawler.Unreadable && (len(f.Raw) == 0 || f.Err == nil || f.Page.URL != "") {
				t.Errorf("unreadable item: %+v", f)
			}
		}
	}
}

func TestASiteThatFailsIsLeftAlone(t *testing.T) {
	archive := board(50)
	for i := range archive.files {
		if strings.HasPrefix(archive.files[i].name, "/job/") {
			archive.files[i].name += " 500"
		}
	}
	s := newSite(t, archive)
	r, err := crawl(t, sourceOf(t, archive, s.URL), newMemory())
	if err != nil || r.Complete || !strings.Contains(r.Note, "in a row") {
		t.Errorf("got %+v, %v", r, err)
	}
	if len(s.asked) > 30 {
		t.Errorf("%d requests to a failing site", len(s.asked))
	}
}

func TestRetryAfterEndsTheCrawl(t *testing.T) {
	archive := board(5)
	s := newSite(t, archive)
	busy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/job/1" {
			w.Header().Set("Retry-After", "900")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		s.ServeHTTP(w, r)
	}))
	defer busy.Close()
	m := newMemory()
	r, err := crawl(t, sourceOf(t, archive, busy.URL), m)
	if err != nil || r.Complete || !strings.Contains(r.Note, "left alone for 15m") || len(m.found) != 2 {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestSharedIdentifierKeepsAdvertsApart(t *testing.T) {
	page := func(title string) string {
		return `<script type="application/ld+json">{"@type": "JobPosting", "identifier": "BRANCH-7", "title": "` + title + `"}</script>`
	}
	archive := parseArchive([]byte("-- source.json --\n" + `{"Kind": "jobposting"}` +
		"\n-- /sitemap.xml --\n<urlset><url><loc>/job/1</loc></url><url><loc>/job/2</loc></url></urlset>\n" +
		"-- /job/1 --\n" + page("One") + "\n-- /job/2 --\n" + page("Two") + "\n"))
	s := newSite(t, archive)
	m := newMemory()
	for range 2 {
		if _, err := crawl(t, sourceOf(t, archive, s.URL), m); err != nil {
			t.Fatal(err)
		}
		if len(m.found) != 2 || m.found[0].Reference != "BRANCH-7" || m.found[1].Reference != "job/2" {
			t.Errorf("found %+v", m.found)
		}
	}
}

// TestTraps plays what colly by itself takes badly (see package fetch).
func TestTraps(t *testing.T) {
	var bomb bytes.Buffer
	zip := gzip.NewWriter(&bomb)
	_, _ = zip.Write(make([]byte, 20<<20))
	_ = zip.Close()
	list := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, body) }
	}
	tests := []struct {
		name  string
		pages map[string]http.HandlerFunc
		note  string
	}{
		{"bomb as a sitemap", map[string]http.HandlerFunc{"/sitemap.xml": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/gzip")
			_, _ = w.Write(bomb.Bytes())
		}}, "too big"},
		{"redirect to a private host", map[string]http.HandlerFunc{"/sitemap.xml": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusFound)
		}}, "leaves the site"},
		{"half a sitemap", map[string]http.HandlerFunc{"/sitemap.xml": list("<urlset><url><loc>/job/1</loc></url><url><loc>/jo")}, "could not be read"},
		{"a page as a sitemap", map[string]http.HandlerFunc{"/sitemap.xml": list("<!doctype html><html><body><p>Hello</p></body></html>")}, "could not be read"},
		{"an index of itself", map[string]http.HandlerFunc{"/sitemap.xml": list("<sitemapindex><sitemap><loc>/sitemap.xml</loc></sitemap></sitemapindex>")}, ""},
		{"a failing robots.txt", map[string]http.HandlerFunc{"/robots.txt": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }}, "robots.txt"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			mux := http.NewServeMux()
			for path, page := range tt.pages {
				mux.HandleFunc(path, page)
			}
			s := httptest.NewServer(mux)
			defer s.Close()
			r, err := crawl(t, crawler.Source{ID: "board", Kind: crawler.KindJobPosting, URL: s.URL, AllowPrivate: true}, newMemory())
			if err != nil || !strings.Contains(r.Note, tt.note) || r.Complete != (tt.note == "") {
				t.Errorf("got %+v, %v", r, err)
			}
		})
	}
}

func TestDefinitionsAreChecked(t *testing.T) {
	good := crawler.Source{ID: "a", Kind: crawler.KindJobPosting, URL: "https://jobs.test"}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	bad := crawler.Source{
		ID: "a", Kind: crawler.KindHTML, URL: "jobs.test",
		Discover: crawler.Discover{Listing: "/a", Sitemap: "/b", Item: "a[", Next: "::", Match: "("},
		Fields:   map[string]string{"employer": "td:contains(", "wages": "td"},
	}
	err := bad.Check()
	for _, want := range []string{"not an http address", "discover.match", "choose one of", "discover.item", "discover.next", "title is required", "employer", "wages"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing from: %v", want, err)
		}
	}
	for want, src := range map[string]crawler.Source{
		"no address on jobs.test": {Kind: crawler.KindJobPosting, Discover: crawler.Discover{Feed: "https://elsewhere.test/feed"}},
		"not both":                {Kind: crawler.KindJobPosting, Discover: crawler.Discover{Listing: "/jobs?p={page}", Item: "a", Next: "a"}},
		"needs its feed":          {Kind: crawler.KindVentrus, Discover: crawler.Discover{Feed: "/feed.xml", Match: "x"}},
		"only values in quotes":   {Kind: crawler.KindFusion, Discover: crawler.Discover{Feed: "/feed.json"}, Fields: map[string]string{"employer": "h1"}},
		"is none of":              {Kind: "gopher"},
	} {
		src.ID, src.URL = "a", "https://jobs.test"
		if err := src.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing from: %v", want, err)
		}
	}
	if _, err := newCrawler(t, fetch.Options{}).Crawl(t.Context(), bad, newMemory(), newMemory()); err == nil {
		t.Error("a bad definition was crawled")
	}
}

func TestPaceOfTheSource(t *testing.T) {
	archive := board(3)
	s := newSite(t, archive)
	src := sourceOf(t, archive, s.URL)
	src.Delay = 20 * time.Millisecond
	start := time.Now()
	if _, err := crawl(t, src, newMemory()); err != nil {
		t.Fatal(err)
	}
	// Five requests, four gaps.
	if took := time.Since(start); took < 4*src.Delay {
		t.Errorf("five requests took %v", took)
	}
}
