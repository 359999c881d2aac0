package ingest_test

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/normalise"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/taxonomy"
	"github.com/sendwatch/sendwatch/terms"
)

// board is a small job board over HTTP, with validators.
type board struct {
	mu    sync.Mutex
	jobs  []string
	towns map[string]string
	fail  bool
}

func (b *board) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	body := ""
	switch {
	case r.URL.Path == "/robots.txt":
		http.NotFound(w, r)
		return
	case b.fail:
		http.Error(w, "down", http.StatusInternalServerError)
		return
	case r.URL.Path == "/jobs":
		for _, j := range b.jobs {
			body += fmt.Sprintf(`<li class="job"><a href="/job/%s">A post</a></li>`, j)
		}
		body = "<html><body><ul>" + body + "</ul></body></html>"
	default:
		ref := r.URL.Path[len("/job/"):]
		town, ok := b.towns[ref]
		if !ok {
			http.NotFound(w, r)
			return
		}
		body = fmt.Sprintf(`<html><body><h1 class="title">SEMH Teaching Assistant</h1><p class="employer">Larch Bank School</p><p class="town">%s</p>
<div class="body"><p>Larch Bank is a special school for pupils with social, emotional and mental health needs. You will support a small class,
work with individual pupils, and help them to return to learning after difficult moments. An enhanced DBS check is required. Experience of working
with children whose behaviour is hard to understand is essential; a Level 3 qualification is desirable.</p></div></body></html>`, town)
	}
	tag := fmt.Sprintf(`"%x"`, sha256.Sum256([]byte(body)))
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("ETag", tag)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(body))
}

func (b *board) set(jobs []string, towns map[string]string, fail bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.jobs, b.towns, b.fail = jobs, towns, fail
}

// load is the real normaliser over the repository's own data, which is read once.
func load(t testing.TB) *normalise.Normaliser {
	t.Helper()
	n, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

var loaded = sync.OnceValues(func() (*normalise.Normaliser, error) {
	fsys := os.DirFS("../configs")
	var o normalise.Options
	var err error
	for _, step := range []func() error{
		func() error { o.Pay, err = pay.Load(fsys); return err },
		func() error { o.Taxonomy, err = taxonomy.Load(fsys); return err },
		func() error { o.Gazetteer, err = place.Load(fsys); return err },
		func() error { o.Terms, err = terms.Load(fsys); return err },
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return normalise.New(o), nil
})

// TestRealCrawlerAndNormaliser takes a board through its days with everything real.
func TestRealCrawlerAndNormaliser(t *testing.T) {
	b := newBench(t)
	site := &board{}
	server := httptest.NewServer(site)
	defer server.Close()
	client := fetch.New(fetch.Options{Contact: "mailto:operator@example.org", Hosts: b.store, Now: time.Now, Backoff: time.Millisecond})
	defer client.Close()
	b.opts.Normaliser, b.opts.Rules = load(t), normalise.Rules
	b.opts.Crawler = crawler.New(crawler.Options{Client: client, Now: b.Now})
	in := ingest.New(b.opts)
	src := crawler.Source{ID: "larch", Kind: crawler.KindHTML, URL: server.URL, AllowPrivate: true,
		Discover: crawler.Discover{Listing: "/jobs", Item: "li.job a"},
		Fields:   map[string]string{"title": "h1.title", "employer": "p.employer", "location": "p.town", "body": ".body"}}
	crawl := func() ingest.Report {
		t.Helper()
		r, err := in.Crawl(t.Context(), src, time.Hour, true)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	towns := map[string]string{"101": "Wokingham, RG41 2AB", "102": "Wokingham, RG41 2AB", "103": "Leeds, LS6 1AA"}

	site.set([]string{"101", "102", "103"}, towns, false)
	if r := crawl(); r.Listed != 3 || r.New != 3 || !r.Healthy {
		t.Fatalf("first day: %+v", r)
	}
	vs := b.open()
	if len(vs) != 2 {
		t.Fatalf("%d vacancies are open, want 2: one text in Wokingham twice, and Leeds", len(vs))
	}
	for _, v := range vs {
		if v.Scope != sendwatch.ScopeIn || v.Fingerprint == "" || len(v.Terms) == 0 || v.Place == nil {
			t.Errorf("read %q: scope %s, fingerprint %q, %d terms, place %v", v.Title, v.Scope, v.Fingerprint, len(v.Terms), v.Place)
		}
	}
	head := b.head()
	if r := crawl(); r.NotModified != 3 || r.Unchanged != 3 || !r.Healthy {
		t.Errorf("second crawl: %+v", r)
	}
	site.set([]string{"101", "102", "103"}, towns, true)
	if r := crawl(); r.Healthy || r.Closed != 0 || r.Note == "" {
		t.Errorf("while the site is down: %+v", r)
	}
	b.wantLog(head)

	delete(towns, "103") // it answers 404, and is listed still
	site.set([]string{"101", "102", "103"}, towns, false)
	if r := crawl(); r.Closed != 1 || !r.Healthy {
		t.Errorf("one is gone: %+v", r)
	}
	b.wantOpen(1)
	site.set([]string{"201"}, map[string]string{"201": "Wokingham, RG41 2AB"}, false) // reposted
	if r := crawl(); r.New != 1 || !r.Healthy {
		t.Errorf("reposted: %+v", r)
	}
	if vs := b.open(); len(vs) != 1 || len(vs[0].Sightings) != 3 {
		t.Errorf("%d open after the repost, want the one with its three sightings", len(vs))
	}
	server.CloseClientConnections()
}
