package extract

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestSitemapErrors(t *testing.T) {
	for name, body := range map[string]string{
		"empty": "", "a page": "<!doctype html><html><body>Hello</body></html>", "cut": "<urlset><url><loc>https://a.test/1</loc></url>",
		"cut in a name": "<urlset><url><loc>https://a.test/1</lo", "words": "hello\nthere",
		"too many": "<urlset>" + strings.Repeat("<url><loc>https://a.test/1</loc></url>", maxSitemap+1) + "</urlset>",
	} {
		if got, err := ReadSitemap([]byte(body)); err == nil {
			t.Errorf("%s: %d pages and no error", name, len(got.Pages))
		}
	}
}

func TestSitemap(t *testing.T) {
	got, err := ReadSitemap([]byte(`<?xml version="1.0" encoding="ISO-8859-1"?><!-- made by hand -->
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc> https://a.test/1?a=1&amp;b=2 </loc><lastmod>2026-11-01</lastmod></url>
<url><loc><![CDATA[https://a.test/2]]></loc><lastmod>yesterday</lastmod></url><url><priority>1</priority></url>
<url><lastmod>2026-11-02T09:00:00+00:00</lastmod><loc>https://a.test/3</loc></url></urlset>`))
	if err != nil {
		t.Fatal(err)
	}
	want := []Entry{
		{"https://a.test/1?a=1&b=2", time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}, {"https://a.test/2", time.Time{}},
		{"https://a.test/3", time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)},
	}
	if !slices.EqualFunc(got.Pages, want, func(a, b Entry) bool { return a.URL == b.URL && a.Modified.Equal(b.Modified) }) {
		t.Errorf("pages %v", got.Pages)
	}
	if got, err = ReadSitemap([]byte("https://a.test/1\r\n\nhttps://a.test/2\n")); err != nil || len(got.Pages) != 2 {
		t.Errorf("text: %v, %v", got, err)
	}
	if got, err = ReadSitemap([]byte("<urlset></urlset>")); err != nil || len(got.Pages) != 0 {
		t.Errorf("empty: %v, %v", got, err)
	}
}

func FuzzSitemap(f *testing.F) {
	f.Add([]byte("<urlset><url><loc>https://a.test/1</loc></url></urlset>"))
	f.Add([]byte("<sitemapindex><sitemap><loc>/x</loc><lastmod>2026</lastmod></sitemap></sitemapindex>"))
	f.Add([]byte("<!DOCTYPE x [<!ENTITY a 'b'>]><urlset>&a;</urlset>"))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := ReadSitemap(body)
		if err != nil && len(got.Pages)+len(got.Sitemaps) > 0 {
			t.Error("half a list beside an error")
		}
		for _, e := range append(got.Pages, got.Sitemaps...) {
			if e.URL == "" {
				t.Error("an entry without address")
			}
		}
	})
}

func TestFeeds(t *testing.T) {
	for name, body := range map[string]string{
		"rss":  `<rss version="2.0"><channel><title>t</title><item><link>/job/1</link></item><item><title>no link</title></item><item><link>javascript:x</link></item></channel></rss>`,
		"atom": `<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><title>a</title><link href="/job/1"/></entry></feed>`,
		"json": `{"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": [{"id": "1", "url": "/job/1"}]}`,
	} {
		got, err := ReadFeed([]byte(body))
		if err != nil || !slices.Equal(got.Links, []string{"/job/1"}) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if got, err := ReadFeed([]byte("<html><body>no feed</body></html>")); err == nil {
		t.Errorf("a page as a feed: %+v", got)
	}
}

// TestFeedsThatGoOn reads what feeds say of their other documents (RFC 5005).
func TestFeedsThatGoOn(t *testing.T) {
	const fh = `xmlns:fh="http://purl.org/syndication/history/1.0"`
	rss := func(space, inside string) string {
		return `<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom" ` + space + `><channel><title>t</title>` + inside + `<item><link>/job/1</link></item></channel></rss>`
	}
	for name, tt := range map[string]struct {
		body string
		want Feed
	}{
		"a page":                   {rss("", `<a:link rel="next" href="/p2"/>`), Feed{Next: "/p2"}},
		"an archive":               {rss("", `<a:link href="/old" rel=" Prev-Archive "></a:link>`), Feed{Archive: "/old"}},
		"complete":                 {rss(fh, `<fh:complete/>`), Feed{Complete: true}},
		"complete by another name": {rss("", `<complete xmlns="http://purl.org/syndication/history/1.0"/>`), Feed{Complete: true}},
		"complete of another kind": {rss(`xmlns:fh="https://other.test/"`, `<fh:complete/>`), Feed{}},
		"no mark of its own":       {rss(fh, `<item><fh:complete/><a:link rel="next" href="/p2"/></item>`), Feed{}},
		"no address":               {rss("", `<a:link rel="next" href="javascript:x"/><a:link rel="self" href="/p1"/>`), Feed{}},
		"in JSON":                  {`{"version": "https://jsonfeed.org/version/1.1", "title": "t", "next_url": "/p2", "items": [{"id": "1", "url": "/job/1"}]}`, Feed{Next: "/p2"}},
	} {
		got, err := ReadFeed([]byte(tt.body))
		if got.Links = nil; err != nil || got.Next != tt.want.Next || got.Archive != tt.want.Archive || got.Complete != tt.want.Complete {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestAPIPages(t *testing.T) {
	for body, wrong := range map[string]bool{
		`{"data": [], "links": {"next": null}}`: false, `{"data": []}`: false,
		`{"data": null}`: true, `{}`: true, `[]`: true, `{"data": {}}`: true, `{"data": [`: true, "<html>": true,
	} {
		if _, err := ReadAPIPage([]byte(body)); (err != nil) != wrong {
			t.Errorf("%s: error %v", body, err)
		}
	}
}

func TestAPIRecordNeedsAnAddress(t *testing.T) {
	for _, address := range []string{"", "/jobs/x", "ftp://a.test/x", "javascript:x"} {
		record := fmt.Sprintf(`{"@type": "JobPosting", "title": "T", "url": %q}`, address)
		if p, err := APIRecord([]byte(record)); err == nil {
			t.Errorf("%q: %+v", address, p)
		}
	}
}
