package main

import (
	"context"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
	"github.com/sendwatch/sendwatch/internal/hostileserver"
)

// hostilePages bounds a crawl of a hostile site, as max_pages does.
const hostilePages = 40

// TestHostileSites has the crawler crawl sites that mean harm: as lists whose
// adverts are sought, as pages that hold one, as feeds and as sitemaps. Each crawl ends by
// itself, within its pages, in little memory, and concludes nothing.
func TestHostileSites(t *testing.T) {
	s := hostileserver.New(t)
	for _, tt := range hostileserver.Cases() {
		t.Run(tt.Name, func(t *testing.T) {
			over := hostileserver.Memory(t)
			for _, src := range hostileSources(s.URL, tt.Path) {
				crawlHostile(t, src, tt.Small)
			}
			if more := over(); more > hostileserver.MostMemory {
				t.Errorf("%d MiB over base", more>>20)
			} else {
				t.Logf("%.1f MiB over base", float64(more)/(1<<20))
			}
		})
	}
}

// hostileSources read one address in each way a site can be read.
func hostileSources(site, path string) []crawler.Source {
	list := crawler.Discover{Listing: path, Item: "a.job", Next: "a.next"}
	fields := map[string]string{"title": "h1", "body": "p"}
	return []crawler.Source{
		{ID: "list", Kind: crawler.KindHTML, Discover: list, Fields: fields, URL: site, AllowPrivate: true, MaxPages: hostilePages},
		{ID: "marked", Kind: crawler.KindJobPosting, Discover: list, URL: site, AllowPrivate: true, MaxPages: hostilePages},
		{ID: "feed", Kind: crawler.KindJobPosting, Discover: crawler.Discover{Feed: path}, URL: site, AllowPrivate: true, MaxPages: hostilePages},
		{ID: "map", Kind: crawler.KindJobPosting, Discover: crawler.Discover{Sitemap: path}, URL: site, AllowPrivate: true, MaxPages: hostilePages},
	}
}

func crawlHostile(t *testing.T, src crawler.Source, small bool) {
	t.Helper()
	client := fetch.New(fetch.Options{Now: time.Now, Timeout: time.Second, HeaderTimeout: 200 * time.Millisecond, Backoff: time.Millisecond})
	defer client.Close()
	c := crawler.New(crawler.Options{Client: client, Now: time.Now, Attachments: true})
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	r, err := c.Crawl(ctx, src, nothingKnown{}, &forgetful{})
	if err != nil || ctx.Err() != nil {
		t.Errorf("%s: %v, %v", src.ID, err, ctx.Err())
	}
	// Each page is at most two tries of an address and its redirects.
	if most := 2 * 6 * (hostilePages + 1); r.Requests > most {
		t.Errorf("%s: %d requests, at most %d are allowed for", src.ID, r.Requests, most)
	}
	if !small && r.Complete {
		t.Errorf("%s: the crawl calls itself complete: %+v", src.ID, r)
	}
}

// nothingKnown and forgetful are a store that keeps nothing.
type nothingKnown struct{}

func (nothingKnown) Pages(context.Context, string, []string) (map[string]crawler.Page, error) {
	return nil, nil
}

func (nothingKnown) Unlisted(context.Context, string) ([]crawler.Item, error) { return nil, nil }

type forgetful struct{}

func (*forgetful) Found(context.Context, crawler.Found) error { return nil }
