package crawler_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
)

func TestTry(t *testing.T) {
	tests := []struct {
		site, path, data, kind string
		listed, postings       int
		discover               crawler.Discover
	}{
		{"national", "/api/v1/jobs.json?page=1", "api", crawler.KindTeachingVacancies, 2, 2, crawler.Discover{}},
		{"sitemap", "/job/graph", "jobposting", crawler.KindJobPosting, 8, 3, crawler.Discover{Sitemap: "/sitemap.xml", Match: "^/job/"}},
		{"sitemap", "/jobs-1.xml.gz", "sitemap", crawler.KindJobPosting, 3, 3, crawler.Discover{Sitemap: "/jobs-1.xml.gz", Match: "^/job/"}},
		{"sitemap", "/sitemap.xml", "sitemap", crawler.KindJobPosting, 8, 3, crawler.Discover{Sitemap: "/sitemap.xml", Match: "^/job/"}},
		{"feed", "/feed.rss", "feed", crawler.KindJobPosting, 2, 1, crawler.Discover{Feed: "/feed.rss", Match: "^/job/"}},
		{"try", "/list", "listing", crawler.KindHTML, 3, 1, crawler.Discover{Listing: "/list", Item: "a[href*='/post/']", Next: "a[rel=next]"}},
		{"sitemap", "/job/none?x=1&y=2", "sitemap", crawler.KindJobPosting, 8, 3, crawler.Discover{Sitemap: "/sitemap.xml", Match: "^/job/"}},
		{"broadbean", "/feed/items.xml", "ats", crawler.KindBroadbean, 3, 3, crawler.Discover{Feed: "/feed/items.xml"}},
		{"try", "/post/1", "none", "", 0, 0, crawler.Discover{}},
	}
	for _, tt := range tests {
		t.Run(tt.site+" "+filepath.Base(tt.path), func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("testdata/sites", tt.site+".txtar"))
			if os.IsNotExist(err) {
				text = []byte("-- /list --\n<a href=/about>About</a><a href=/post/1>1</a><a href=/post/2>2</a><a href=/post/3#x>3</a><a rel=next href=?p=2>Next</a>\n-- /post/1 --\n<h1>One</h1><p>For one pupil.</p>\n")
			} else if err != nil {
				t.Fatal(err)
			}
			s := newSite(t, parseArchive(text))
			got, err := newCrawler(t, fetch.Options{}).Try(t.Context(), s.URL+tt.path, crawler.TryOptions{AllowPrivate: true})
			if err != nil {
				t.Fatal(err)
			}
			if got.Data != tt.data || got.Source.Kind != tt.kind || got.Listed != tt.listed || len(got.Postings) != tt.postings || got.Source.Discover != tt.discover {
				t.Errorf("got %+v", got)
			}
			if got.Data != "none" {
				if err := got.Source.Check(); err != nil {
					t.Errorf("the proposed source is wrong: %v", err)
				}
			}
		})
	}
}

func TestTryFails(t *testing.T) {
	s := newSite(t, parseArchive(nil))
	c := newCrawler(t, fetch.Options{})
	if _, err := c.Try(t.Context(), s.URL+"/nothing", crawler.TryOptions{AllowPrivate: true}); err == nil {
		t.Error("a missing page was tried")
	}
	if _, err := c.Try(t.Context(), s.URL, crawler.TryOptions{}); err == nil {
		t.Error("a private address was tried")
	}
}
