package crawler_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// dated is a board whose sitemap says when each page last changed.
type dated struct {
	t     *testing.T
	site  *site
	src   crawler.Source
	memo  *memory
	now   time.Time
	pages []datedPage
}

type datedPage struct{ path, modified, title string }

func newDated(t *testing.T, pages ...datedPage) *dated {
	t.Helper()
	d := &dated{t: t, site: newSite(t, parseArchive(nil)), memo: newMemory(), now: today, pages: pages}
	d.src = crawler.Source{ID: "board", Kind: crawler.KindHTML, URL: d.site.URL, AllowPrivate: true, Fields: map[string]string{"title": "h1"}, Discover: crawler.Discover{Sitemap: "/sitemap.xml"}}
	return d
}

// crawl publishes the pages, crawls, and returns the paths that were asked for and
// the titles that were read.
func (d *dated) crawl() (asked, read []string, err error) {
	d.t.Helper()
	var list strings.Builder
	d.site.mu.Lock() // the request that a killed crawl broke off may still be answered
	d.site.pages, d.site.asked, d.memo.found = nil, nil, nil
	for _, p := range d.pages {
		fmt.Fprintf(&list, "<url><loc>%s</loc><lastmod>%s</lastmod></url>", p.path, p.modified)
		d.site.pages = append(d.site.pages, sitePage{1, 200, p.path, []byte("<h1>" + p.title + "</h1>")})
	}
	d.site.pages = append(d.site.pages, sitePage{1, 200, "/sitemap.xml", []byte("<urlset>" + list.String() + "</urlset>")})
	d.site.mu.Unlock()
	client := fetch.New(fetch.Options{Backoff: time.Millisecond, Now: time.Now})
	defer client.Close()
	r, err := crawler.New(crawler.Options{Client: client, Now: func() time.Time { return d.now }}).Crawl(d.t.Context(), d.src, d.memo, d.memo)
	d.memo.keep(r)
	for _, path := range d.site.asked {
		if strings.HasPrefix(path, "/job/") {
			asked = append(asked, strings.TrimPrefix(path, "/job/"))
		}
	}
	for _, f := range d.memo.found {
		if f.Posting != nil {
			read = append(read, f.Posting.Title)
		}
	}
	slices.Sort(asked)
	if err == nil && (r.Listed != len(d.pages) || !r.Complete) {
		d.t.Errorf("report %+v", r)
	}
	return asked, read, err
}

func (d *dated) want(what string, paths ...string) {
	d.t.Helper()
	asked, _, err := d.crawl()
	if diff := cmp.Diff(paths, asked); err != nil || diff != "" {
		d.t.Errorf("%s: error %v, asked for (-want +got):\n%s", what, err, diff)
	}
}

func TestOnlyWhatChangedIsAskedFor(t *testing.T) {
	d := newDated(t, datedPage{"/job/a", "2026-11-08T09:00:00Z", "A"}, datedPage{"/job/b", "2026-11-01", "B"},
		datedPage{"/job/today", "2026-11-09", "T"}, datedPage{"/job/none", "", "N"}, datedPage{"/job/odd", "soon", "O"}, datedPage{"/job/untitled", "2026-11-01", ""})
	d.want("the first time", "a", "b", "none", "odd", "today", "untitled")
	// A day's date may hide a change later that day; a page that could not be read,
	// or has no date, is always asked for.
	d.want("an hour later", "none", "odd", "today", "untitled")
	d.now = d.now.AddDate(0, 0, 1)
	d.pages[0] = datedPage{"/job/a", "2026-11-10T09:00:00Z", "A, changed"}
	d.pages[5].title = "Titled"
	d.want("a day later", "a", "none", "odd", "today", "untitled")
	d.now = d.now.Add(6 * time.Hour)
	d.want("once yesterday is over everywhere", "none", "odd", "today")
	d.now = d.now.Add(12 * time.Hour)
	d.want("after that", "none", "odd")
	// Lists err: within a week everything is looked at again.
	again := map[string]bool{}
	for range 7 {
		d.now = d.now.AddDate(0, 0, 1)
		asked, _, err := d.crawl()
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range asked {
			again[path] = true
		}
	}
	if len(again) != len(d.pages) {
		t.Errorf("looked at again: %v", again)
	}
	// Other rules read everything.
	d.src.Fields = map[string]string{"title": "h1", "body": "p"}
	d.want("with other rules", "a", "b", "none", "odd", "today", "untitled")
}

// TestKilledCrawlLosesNoChange kills the crawl after a change at every item in
// turn: whatever the killed one left behind, the changes are read afterwards.
func TestKilledCrawlLosesNoChange(t *testing.T) {
	for kill := 1; kill <= 6; kill++ {
		d := newDated(t)
		for i := range 6 {
			d.pages = append(d.pages, datedPage{fmt.Sprintf("/job/%d", i), "2026-11-01", "Old"})
		}
		if _, read, err := d.crawl(); err != nil || len(read) != 6 {
			t.Fatalf("%d read, %v", len(read), err)
		}
		d.now = d.now.Add(time.Hour)
		for i := range d.pages {
			if i%2 == 0 {
				d.pages[i].modified, d.pages[i].title = "2026-11-09T10:30:00Z", "New"
			}
		}
		d.memo.fail = kill
		_, before, err := d.crawl()
		if !errors.Is(err, errFull) {
			t.Fatalf("kill at %d: %v", kill, err)
		}
		d.memo.fail = 0
		_, after, err := d.crawl()
		if got := len(before) + len(after); err != nil || got != 3 {
			t.Errorf("kill at %d: %v and %v read, %v", kill, before, after, err)
		}
	}
}

// TestUnchangedSiteCostsLittle holds for each kind of source that a second crawl of a
// site that has not changed costs under a twentieth of the first one's bytes.
func TestUnchangedSiteCostsLittle(t *testing.T) {
	national := newService(t)
	national.tags = true
	for i := range 40 {
		national.add(fmt.Sprintf("post-%d", i))
	}
	rules := board(40)
	data := parseArchive([]byte(`-- source.json --
{"Kind": "jobposting", "Discover": {"Sitemap": "/map.xml"}}
-- /map.xml --
<urlset>` + strings.Repeat("<url><loc>/job/1</loc><lastmod>2026-11-01</lastmod></url>", 3) + `</urlset>
-- /job/1 --
<script type="application/ld+json">{"@type": "JobPosting", "title": "Mentor"}</script>
`))
	listed, mapped := newSite(t, rules), newSite(t, data)
	for kind, src := range map[string]crawler.Source{
		crawler.KindTeachingVacancies: {ID: "board", Kind: crawler.KindTeachingVacancies, URL: national.URL, AllowPrivate: true},
		crawler.KindHTML:              sourceOf(t, rules, listed.URL),
		crawler.KindJobPosting:        sourceOf(t, data, mapped.URL),
	} {
		m := newMemory()
		first, err := crawl(t, src, m)
		if err != nil || !first.Complete || first.Bytes == 0 {
			t.Fatalf("%s: %+v, %v", kind, first, err)
		}
		second, err := crawl(t, src, m)
		if err != nil || !second.Complete || second.Listed != first.Listed || second.NotModified != first.Listed || second.Bytes*20 >= first.Bytes {
			t.Errorf("%s: %d of %d bytes, %d of %d not modified, %v", kind, second.Bytes, first.Bytes, second.NotModified, first.Listed, err)
		}
	}
}
