package crawler

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sendwatch/sendwatch/crawler/extract"
	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// Bounds on sitemaps: how deep indexes nest, and how many files one crawl reads.
const (
	maxSitemapDepth = 3
	maxSitemaps     = 500
)

// staleLists is how many list pages in a row may name nothing new before the
// listing counts as read: calendars and "next" links that run in a circle.
const staleLists = 2

// target is one item's page and where it is named: by which lists, and as which of
// their items.
type target struct {
	address string
	named   []place
}

type place struct{ list, item int }

// discovery gathers what the lists of a source name, in their order.
type discovery struct {
	*crawl
	targets []*target
	index   map[string]*target
	lists   []*list
}

// discover reads every list before any item, so that a board that changes during
// the crawl is seen at one moment. Where a list fails the crawl is incomplete,
// and what was found so far is returned.
func (c *crawl) discover(ctx context.Context) ([]*target, []*list, error) {
	d := &discovery{crawl: c, index: map[string]*target{}}
	var err error
	switch {
	case strings.Contains(c.Discover.Listing, pageNumber):
		err = d.numbered(ctx)
	case c.Discover.Listing != "":
		err = d.listing(ctx)
	case c.Discover.Feed != "":
		err = d.feed(ctx)
	default:
		err = d.sitemaps(ctx)
	}
	if err != nil && !errors.Is(err, errStop) {
		return nil, nil, err
	}
	return d.targets, d.lists, err
}

// name adds the items of a list and returns how many were new. Known is what is
// remembered of the list: what it says of its items then and now tells which of
// them changed.
func (d *discovery) name(page, known Page) (fresh int) {
	number := len(d.lists)
	l := &list{page: page}
	asked := map[string]Item{}
	for _, item := range known.Items {
		if item.Modified != "" {
			asked[item.URL] = item
		}
	}
	page.Items = slices.Clone(page.Items)
	l.page.Items = page.Items
	dated := false
	for i := range page.Items {
		item := &page.Items[i]
		dated = dated || item.Modified != ""
		item.Asked = ""
		if before := asked[item.URL]; item.Modified != "" && before.Modified == item.Modified {
			item.Asked = before.Asked
		}
		t := d.index[item.URL]
		if t == nil {
			t = &target{address: item.URL}
			d.index[item.URL] = t
			d.targets = append(d.targets, t)
			fresh++
		}
		if !slices.ContainsFunc(t.named, func(p place) bool { return p.list == number }) {
			t.named = append(t.named, place{number, i})
			l.open++
		}
	}
	// Without validators and dates, or without items, there is nothing to remember.
	l.done = page.ETag == "" && page.LastModified == "" && !dated || len(page.Items) == 0
	d.lists = append(d.lists, l)
	return fresh
}

// items are the links of a list that lead to adverts, absolute and each once.
func (d *discovery) items(base *url.URL, links []string) []Item {
	entries := make([]extract.Entry, len(links))
	for i, link := range links {
		entries[i].URL = link
	}
	return d.dated(base, entries)
}

// dated are the items that a list names with the dates of their changes.
func (d *discovery) dated(base *url.URL, entries []extract.Entry) []Item {
	var items []Item
	known := map[string]bool{}
	for _, e := range entries {
		address := d.resolve(base, e.URL)
		if address == "" || known[address] {
			continue
		}
		known[address] = true
		if u, err := url.Parse(address); err != nil || !d.match.MatchString(u.RequestURI()) {
			continue
		}
		item := Item{URL: address}
		if !e.Modified.IsZero() {
			item.Modified = e.Modified.UTC().Format(time.RFC3339)
		}
		items = append(items, item)
	}
	return items
}

// read asks for a list and makes a Page of it with the given reader; a list that
// has not changed is what it was. A *fetch.Error is for failedList to judge.
func (d *discovery) read(ctx context.Context, address string, reader func(*visit, *url.URL) (Page, error)) (page, known Page, err error) {
	got, known, err := d.visit(ctx, address)
	switch {
	case err != nil:
		return Page{}, known, err
	case got.notModified:
		known.URL = d.key(address)
		known.ETag, known.LastModified = got.etag, got.lastModified
		return known, known, nil
	}
	base, err := url.Parse(got.address)
	if err == nil {
		if page, err = reader(got, base); err == nil {
			page.URL, page.ETag, page.LastModified = d.key(address), got.etag, got.lastModified
			return page, known, nil
		}
	}
	d.spoil("the list %s could not be read: %v", address, err)
	return Page{}, known, errStop
}

// failedList ends the crawl over a list that did not come, and says why.
func (d *discovery) failedList(err error) error {
	var failed *fetch.Error
	if !errors.As(err, &failed) {
		return err
	}
	if !d.giveUp(failed) {
		d.spoil("a list failed: %v", failed)
	}
	return errStop
}

// readListing makes a Page of what the listing's selectors found on one.
func (d *discovery) readListing(v *visit, base *url.URL) (Page, error) {
	if v.media != "text/html" && v.media != "application/xhtml+xml" {
		return Page{}, errors.New("it is " + cmp.Or(v.media, "of no type") + ", not a page")
	}
	return Page{Items: d.items(base, v.links), Next: d.resolve(base, v.next)}, nil
}

// pageNumber stands in a listing's address for the number of its page.
const pageNumber = "{page}"

// numbered reads a listing whose pages have numbers, up to the first that names
// nothing, or is not there.
func (d *discovery) numbered(ctx context.Context) error {
	defer d.visitor.watch(d.Discover)()
	stale := 0
	for n := 1; stale < staleLists; n++ {
		address := d.resolve(d.site, strings.ReplaceAll(d.Discover.Listing, pageNumber, strconv.Itoa(n)))
		page, known, err := d.read(ctx, address, d.readListing)
		var failed *fetch.Error
		if n > 1 && errors.As(err, &failed) && (failed.Status == http.StatusNotFound || failed.Status == http.StatusGone) {
			return nil
		}
		if err != nil {
			return d.failedList(err)
		}
		if len(page.Items) == 0 {
			return nil
		}
		if d.name(page, known) == 0 {
			stale++
		} else {
			stale = 0
		}
	}
	return nil
}

// listing follows a site's own list from page to page.
func (d *discovery) listing(ctx context.Context) error {
	defer d.visitor.watch(d.Discover)()
	_, _, err := d.follow(ctx, d.Discover.Listing, d.MaxPages, d.readListing)
	return err
}

// follow reads a list from page to page, so many at most, until it ends or names
// nothing new any more. It returns how many pages it read, and what the last of them
// names as its next.
func (d *discovery) follow(ctx context.Context, first string, most int, reader func(*visit, *url.URL) (Page, error)) (pages int, next string, err error) {
	asked := map[string]bool{}
	stale := 0
	for next = d.resolve(d.site, first); next != "" && next != complete && !asked[next] && len(asked) < most && stale < staleLists; {
		asked[next] = true
		page, known, err := d.read(ctx, next, reader)
		if err != nil {
			return len(asked), "", d.failedList(err)
		}
		if d.name(page, known) > 0 {
			stale = 0
		} else {
			stale++
		}
		next = page.Next
	}
	return len(asked), next, nil
}

// maxFeeds is how many documents of one feed are read.
const maxFeeds = 20

// complete stands for the next page of a feed that says to be complete: it has none,
// and this is to be remembered with it.
const complete = "#complete"

// feed reads a feed, and the further pages or the archive that it announces. A feed
// names the latest adverts only, so that nothing may be concluded from what it leaves
// out, unless it says that it is complete.
func (d *discovery) feed(ctx context.Context) error {
	d.report.Partial = true
	pages, next, err := d.follow(ctx, d.Discover.Feed, maxFeeds, d.readFeedPage)
	if err == nil && pages == 1 && next == complete {
		d.report.Partial = false
	}
	return err
}

// readFeedPage makes a Page of one document of a feed.
func (d *discovery) readFeedPage(v *visit, base *url.URL) (Page, error) {
	feed, err := extract.ReadFeed(v.body)
	page := Page{Items: d.items(base, feed.Links)}
	switch next := cmp.Or(feed.Next, feed.Archive); {
	case next != "":
		page.Next = d.resolve(base, next)
	case feed.Complete:
		page.Next = complete
	}
	return page, err
}

// sitemaps reads the sitemaps of a source, or those that robots.txt names, or
// /sitemap.xml, and the sitemaps that an index among them names.
func (d *discovery) sitemaps(ctx context.Context) error {
	roots := []string{d.Discover.Sitemap}
	if d.Discover.Sitemap == "" {
		var err error
		if roots, err = d.announced(ctx); err != nil {
			return err
		}
	}
	type step struct {
		address string
		depth   int
	}
	var queue []step
	asked := map[string]bool{}
	add := func(base *url.URL, address string, depth int) {
		if address = d.resolve(base, address); address == "" {
			d.spoil("a sitemap lies on another host")
		} else if !asked[address] {
			asked[address] = true
			queue = append(queue, step{address, depth})
		}
	}
	for _, root := range roots {
		add(d.site, root, 1)
	}
	for ; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		if len(asked) > maxSitemaps || at.depth > maxSitemapDepth {
			d.spoil("more than %d sitemaps, or nested deeper than %d", maxSitemaps, maxSitemapDepth)
			return errStop
		}
		page, known, err := d.read(ctx, at.address, func(v *visit, base *url.URL) (Page, error) {
			found, err := extract.ReadSitemap(v.body)
			for _, s := range found.Sitemaps {
				add(base, s.URL, at.depth+1)
			}
			return Page{Items: d.dated(base, newest(found.Pages))}, err
		})
		if err != nil {
			return d.failedList(err)
		}
		d.name(page, known)
	}
	return nil
}

// announced are the sitemaps that robots.txt names, or the usual place.
func (d *discovery) announced(ctx context.Context) ([]string, error) {
	robots, err := d.robots.Robots(ctx, d.site.String())
	var failed *fetch.Error
	switch {
	case errors.As(err, &failed):
		d.spoil("a list failed: %v", failed)
		return nil, errStop
	case err != nil:
		return nil, err
	case len(robots.Sitemaps()) > 0:
		return robots.Sitemaps(), nil
	}
	return []string{"/sitemap.xml"}, nil
}

// newest orders a sitemap's pages by what it says of their changes, so that a crawl
// that must stop early has seen the news. Pages without a date keep their place
// after the others.
func newest(entries []extract.Entry) []extract.Entry {
	entries = slices.Clone(entries)
	slices.SortStableFunc(entries, func(a, b extract.Entry) int { return b.Modified.Compare(a.Modified) })
	return entries
}

// newestFirst are the addresses of a sitemap's pages in that order.
func newestFirst(entries []extract.Entry) []string {
	entries = newest(entries)
	links := make([]string, len(entries))
	for i, e := range entries {
		links[i] = strings.TrimSpace(e.URL)
	}
	return links
}
