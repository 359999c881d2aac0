package crawler_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// What was kept of an advert is read again as it was read when it was fetched, of
// every kind of source and without a request.
func TestRereadIsWhatWasRead(t *testing.T) {
	names, err := filepath.Glob("testdata/sites/*.txtar")
	if err != nil || len(names) < 8 {
		t.Fatalf("%d sites: %v", len(names), err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			archive := parseArchive(text)
			s := newSite(t, archive)
			src := sourceOf(t, archive, s.URL)
			c := newCrawler(t, fetch.Options{})
			m := newMemory()
			if _, err := c.Crawl(t.Context(), src, m, m); err != nil {
				t.Fatal(err)
			}
			asked, read := len(s.asked), 0
			for _, f := range m.found {
				if f.Raw == nil || f.State == crawler.Gone {
					continue
				}
				read++
				again := newMemory()
				if err := c.Reread(t.Context(), src, again, again, crawler.Kept{URL: f.URL, Raw: f.Raw, RawType: f.RawType}); err != nil {
					t.Fatal(err)
				}
				same := false
				for _, g := range again.found {
					same = same || g.State == f.State && g.Reference == f.Reference && g.URL == f.URL && cmp.Equal(g.Posting, f.Posting)
					if g.Page.ETag != "" || g.Page.LastModified != "" {
						t.Errorf("%s is remembered with validators that nobody gave", f.URL)
					}
				}
				if !same {
					t.Errorf("%s (%v) was read again as %+v", f.URL, f.State, again.found)
				}
			}
			if len(s.asked) != asked || read == 0 {
				t.Errorf("%d adverts were read again with %d requests, want some and none", read, len(s.asked)-asked)
			}
		})
	}
}

func TestRereadByNewRules(t *testing.T) {
	src := crawler.Source{ID: "board", Kind: crawler.KindHTML, URL: "https://board.example", Discover: crawler.Discover{Listing: "/jobs", Item: "a"}, Fields: map[string]string{"title": "h2"}}
	kept := crawler.Kept{URL: "https://board.example/job/7", Raw: []byte("<h1>SEMH Mentor</h1><div class=b>Calm and kind.</div>"), RawType: "text/html"}
	c := newCrawler(t, fetch.Options{})
	m := newMemory()
	if err := c.Reread(t.Context(), src, m, m, kept); err != nil || len(m.found) != 1 || m.found[0].State != crawler.Unreadable || m.found[0].URL != kept.URL {
		t.Fatalf("by rules that do not fit: %+v (%v)", m.found, err)
	}
	src.Fields = map[string]string{"title": "h1", "body": ".b"}
	m = newMemory()
	if err := c.Reread(t.Context(), src, m, m, kept); err != nil || len(m.found) != 1 || m.found[0].State != crawler.Read || m.found[0].Posting.Title != "SEMH Mentor" {
		t.Fatalf("by rules that fit: %+v (%v)", m.found, err)
	}
	src.Fields = map[string]string{"title": "h1["}
	if err := c.Reread(t.Context(), src, m, m, kept); err == nil {
		t.Error("rules that cannot be read are no error")
	}
}
