package crawler_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// itemsAsked is how many adverts' pages a site was asked for.
func (s *site) itemsAsked() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, path := range s.asked {
		if strings.HasPrefix(path, "/job/") {
			n++
		}
	}
	return n
}

// TestPagesAreAskedForAhead holds that pages are asked for while one is told, but
// only a few, and that they are told in the order of their list.
func TestPagesAreAskedForAhead(t *testing.T) {
	const pages, ahead = 20, 6 // one is told, four wait, one more has come
	s := newSite(t, parseArchive(nil))
	list, want := "", []string(nil)
	for i := range pages {
		path := fmt.Sprintf("/job/%02d", i)
		list += "<url><loc>" + path + "</loc></url>"
		want = append(want, s.URL+path)
		s.pages = append(s.pages, sitePage{1, 200, path, []byte("<h1>Mentor</h1>")})
	}
	s.pages = append(s.pages, sitePage{1, 200, "/sitemap.xml", []byte("<urlset>" + list + "</urlset>")})
	src := crawler.Source{ID: "board", Kind: crawler.KindHTML, URL: s.URL, AllowPrivate: true, Fields: map[string]string{"title": "h1"}}
	var told []string
	sink := sinkFunc(func(_ context.Context, f crawler.Found) error {
		if told = append(told, f.URL); len(told) > 1 {
			return nil
		}
		for s.itemsAsked() < ahead {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(20 * time.Millisecond)
		if n := s.itemsAsked(); n > ahead {
			t.Errorf("%d pages were asked for while the first was told", n)
		}
		return nil
	})
	if r, err := newCrawler(t, fetch.Options{}).Crawl(t.Context(), src, newMemory(), sink); err != nil || !r.Complete {
		t.Fatalf("%+v, %v", r, err)
	}
	if !slices.Equal(told, want) {
		t.Errorf("told %v", told)
	}
}
