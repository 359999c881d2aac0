package crawler_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// desk is a site of one list whose adverts link to documents.
type desk struct {
	*httptest.Server
	// pages are bodies by path, failing paths that answer 503.
	pages   map[string]string
	failing map[string]bool
	// validators are given with documents, and pageTags with pages.
	validators, pageTags bool
	asked                map[string]int
}

func newDesk(t *testing.T, pages map[string]string) *desk {
	t.Helper()
	d := &desk{pages: pages, failing: map[string]bool{}, asked: map[string]int{}, validators: true}
	d.Server = httptest.NewServer(d)
	t.Cleanup(d.Close)
	return d
}

func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.asked[r.URL.Path]++
	body, ok := d.pages[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	if d.failing[r.URL.Path] {
		http.Error(w, "later", http.StatusServiceUnavailable)
		return
	}
	document := strings.Contains(r.URL.Path, ".")
	if document && d.validators || !document && d.pageTags {
		tag := fmt.Sprintf("%q", fmt.Sprint(len(body)))
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.Header().Set("Content-Type", "text/html")
	if strings.HasSuffix(r.URL.Path, ".pdf") {
		w.Header().Set("Content-Type", "application/pdf")
	}
	_, _ = fmt.Fprint(w, body)
}

func (d *desk) source() crawler.Source {
	return crawler.Source{ID: "board", Kind: crawler.KindHTML, URL: d.URL, AllowPrivate: true,
		Discover: crawler.Discover{Listing: "/list", Item: "a.job"}, Fields: map[string]string{"title": "h1"}}
}

// one are the attachments of the only advert that a crawl finds.
func one(t *testing.T, d *desk, m *memory) []crawler.Attachment {
	t.Helper()
	clear(d.asked)
	r, err := crawl(t, d.source(), m)
	if err != nil || !r.Complete || len(m.found) != 1 || m.found[0].State != crawler.Read {
		t.Fatalf("report %+v, %v, found %+v", r, err, m.found)
	}
	return m.found[0].Attachments
}

const deskAdvert = `<h1>Learning Mentor</h1><a href="/jd.pdf">Job description</a>`

func TestAttachmentsAreFetchedOnce(t *testing.T) {
	d := newDesk(t, map[string]string{"/list": `<a class=job href=/job/1>1</a>`, "/job/1": deskAdvert, "/jd.pdf": "%PDF"})
	m := newMemory()
	got := one(t, d, m)
	if len(got) != 1 || string(got[0].Body) != "%PDF" || got[0].Title != "Job description" || got[0].MediaType != "application/pdf" || got[0].URL != d.URL+"/jd.pdf" {
		t.Fatalf("first crawl: %+v", got)
	}
	got = one(t, d, m)
	if len(got) != 1 || !got[0].NotModified || got[0].Body != nil {
		t.Errorf("second crawl: %+v", got)
	}
	d.pages["/jd.pdf"] = "%PDF, longer"
	if got = one(t, d, m); len(got) != 1 || string(got[0].Body) != "%PDF, longer" {
		t.Errorf("after a change: %+v", got)
	}
}

func TestAttachmentsWithoutValidators(t *testing.T) {
	d := newDesk(t, map[string]string{"/list": `<a class=job href=/job/1>1</a>`, "/job/1": deskAdvert, "/jd.pdf": "%PDF"})
	d.validators = false
	m := newMemory()
	one(t, d, m)
	if got := one(t, d, m); len(got) != 1 || !got[0].NotModified || d.asked["/jd.pdf"] != 0 {
		t.Errorf("while the advert is as it was: %+v, asked %d times", got, d.asked["/jd.pdf"])
	}
	d.pages["/job/1"] = strings.Replace(deskAdvert, "Mentor", "Mentor, SEMH", 1)
	if got := one(t, d, m); len(got) != 1 || string(got[0].Body) != "%PDF" {
		t.Errorf("when the advert has changed: %+v", got)
	}
}

// TestAttachmentsThatFail: a broken document never harms its advert, and one that
// may be had later is asked for again.
func TestAttachmentsThatFail(t *testing.T) {
	d := newDesk(t, map[string]string{
		"/robots.txt": "User-agent: *\nDisallow: /secret/\n",
		"/list":       `<a class=job href=/job/1>1</a>`, "/jd.pdf": "%PDF", "/big.pdf": strings.Repeat("x", 11<<20), "/secret/ps.pdf": "%PDF",
		"/job/1": deskAdvert + `<a href="/gone.pdf">Person specification</a><a href="/big.pdf">Recruitment pack</a><a href="/secret/ps.pdf">Person spec</a>`,
	})
	d.pageTags, d.failing["/jd.pdf"] = true, true
	m := newMemory()
	got := one(t, d, m)
	if len(got) != 4 {
		t.Fatalf("%d attachments: %+v", len(got), got)
	}
	var later, gone *fetch.Error
	if !errors.As(got[0].Err, &later) || !later.Temporary {
		t.Errorf("a document that may come later: %v", got[0].Err)
	}
	if !errors.As(got[1].Err, &gone) || gone.Status != http.StatusNotFound {
		t.Errorf("a document that is gone: %v", got[1].Err)
	}
	if !errors.Is(got[2].Err, fetch.ErrTooBig) || !errors.Is(got[3].Err, fetch.ErrRobots) {
		t.Errorf("too big: %v; disallowed: %v", got[2].Err, got[3].Err)
	}
	if d.asked["/secret/ps.pdf"] != 0 {
		t.Error("what robots.txt disallows was asked for")
	}
	d.failing = map[string]bool{}
	if got = one(t, d, m); len(got) != 4 || string(got[0].Body) != "%PDF" {
		t.Errorf("when it answers, the unchanged page is read again: %+v", got)
	}
}

func TestAttachmentsOfOthers(t *testing.T) {
	other := newDesk(t, map[string]string{"/jd.pdf": "%PDF"})
	var links strings.Builder
	pages := map[string]string{"/list": `<a class=job href=/job/1>1</a>`}
	for i := range 8 {
		fmt.Fprintf(&links, `<a href="/%d.pdf">Job description %d</a>`, i, i)
		pages[fmt.Sprintf("/%d.pdf", i)] = "%PDF"
	}
	pages["/job/1"] = `<h1>Learning Mentor</h1><a href="` + other.URL + `/jd.pdf">Job description</a><a href="http://169.254.1.1/jd.pdf">JD</a>` + links.String()
	d := newDesk(t, pages)
	got := one(t, d, newMemory())
	if len(other.asked) != 0 {
		t.Errorf("another host was asked: %v", other.asked)
	}
	if len(got) != 3 { // of the five that are looked at, two are elsewhere
		t.Errorf("%d attachments: %+v", len(got), got)
	}
}

func TestAttachmentsAreShared(t *testing.T) {
	d := newDesk(t, map[string]string{
		"/list": `<a class=job href=/job/1>1</a><a class=job href=/job/2>2</a>`, "/pack.pdf": "%PDF",
		"/job/1": `<h1>One</h1><a href="/pack.pdf">Application pack</a>`, "/job/2": `<h1>Two</h1><a href="/pack.pdf">Application pack</a>`,
	})
	m := newMemory()
	if _, err := crawl(t, d.source(), m); err != nil {
		t.Fatal(err)
	}
	if d.asked["/pack.pdf"] != 1 || len(m.found) != 2 || len(m.found[1].Attachments) != 1 || string(m.found[1].Attachments[0].Body) != "%PDF" {
		t.Errorf("asked %v, found %+v", d.asked, m.found)
	}
	if _, err := crawl(t, d.source(), m); err != nil {
		t.Fatal(err)
	}
	for _, f := range m.found {
		if len(f.Attachments) != 1 || !f.Attachments[0].NotModified {
			t.Errorf("second crawl: %+v", f.Attachments)
		}
	}
}
