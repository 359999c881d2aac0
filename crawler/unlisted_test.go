package crawler_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/extract"
	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// latest is a site whose feed names one advert, among others that it named before.
// Each page answers with a status, and with a posting or other words.
type latest map[string]answer

type answer struct {
	status int
	body   string
}

const (
	aPosting = `<script type="application/ld+json">{"@type": "JobPosting", "title": "Teaching assistant", "description": "Support."}</script>`
	noMore   = `<h1>All our vacancies</h1><p>There are many.</p>`
	isClosed = `<h1>This vacancy has closed</h1>`
)

func (l latest) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch page, ok := l[r.URL.Path]; {
	case r.URL.Path == "/robots.txt":
		_, _ = fmt.Fprint(w, "User-agent: *\nDisallow: /job/refused\n")
	case r.URL.Path == "/feed.rss":
		_, _ = fmt.Fprint(w, `<rss version="2.0"><channel><item><link>/job/listed</link></item></channel></rss>`)
	case !ok:
		http.NotFound(w, r)
	default:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(page.status)
		_, _ = fmt.Fprint(w, page.body)
	}
}

// crawlLatest crawls the site, with adverts that are known and no longer listed, and
// returns what was told of them.
func crawlLatest(t *testing.T, site latest, most int, unlisted ...string) (crawler.Report, map[string]string) {
	t.Helper()
	s := httptest.NewServer(site)
	t.Cleanup(s.Close)
	m := newMemory()
	for _, ref := range unlisted {
		m.unlisted = append(m.unlisted, crawler.Item{URL: s.URL + "/job/" + ref, Reference: extract.Reference(s.URL + "/job/" + ref)})
	}
	src := crawler.Source{ID: "board", Kind: crawler.KindJobPosting, URL: s.URL, AllowPrivate: true, MaxPages: most, Discover: crawler.Discover{Feed: "/feed.rss"}}
	r, err := newCrawler(t, fetch.Options{}).Crawl(t.Context(), src, m, m)
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]string{}
	for _, f := range m.found {
		said := f.State.String()
		if f.Unlisted {
			said += ", unlisted"
		}
		if f.Absent {
			said += ", absent"
		}
		told[f.URL[len(s.URL+"/job/"):]] = said
	}
	return r, told
}

func TestWhatAPartialListLeavesOutIsAskedFor(t *testing.T) {
	site := latest{
		"/job/listed": {200, aPosting}, "/job/open": {200, aPosting}, "/job/closed": {200, isClosed}, "/job/410": {410, ""},
		"/job/elsewhere": {200, noMore}, "/job/forbidden": {403, ""}, "/job/down": {503, ""},
	}
	r, told := crawlLatest(t, site, 0, "listed", "open", "open", "closed", "410", "404", "elsewhere", "forbidden", "down", "refused")
	want := map[string]string{
		"listed": "read", "open": "read, unlisted", "closed": "gone, unlisted", "410": "gone, unlisted", "404": "gone, unlisted",
		"elsewhere": "unreadable, unlisted, absent", "forbidden": "unreadable, unlisted, absent",
		"down": "unreadable, unlisted", "refused": "unreadable, unlisted",
	}
	if d := cmp.Diff(want, told); d != "" {
		t.Errorf("told (-want +got):\n%s", d)
	}
	if !r.Complete || !r.Partial || r.Listed != 1 || r.Quarantined != 0 {
		t.Errorf("report %+v; old pages leave it as it was", r)
	}
}

func TestOldPagesOfAFailingSite(t *testing.T) {
	site, old := latest{"/job/listed": {200, aPosting}}, []string{}
	for i := range 30 {
		ref := fmt.Sprint("down-", i)
		site["/job/"+ref] = answer{500, ""}
		old = append(old, ref)
	}
	r, told := crawlLatest(t, site, 0, old...)
	if !r.Complete || len(told) > 12 {
		t.Errorf("%d were asked for while all fail, in a crawl %+v", len(told), r)
	}
	delete(told, "listed")
	for ref, said := range told {
		if said != "unreadable, unlisted" {
			t.Errorf("%s: %s", ref, said)
		}
	}
	if r, told = crawlLatest(t, site, 4, old...); !r.Complete || len(told) != 3 {
		t.Errorf("with max_pages 4 told are %v, in a crawl %+v", told, r)
	}
}
