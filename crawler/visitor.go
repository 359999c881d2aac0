package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gocolly/colly/v2"

	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// visitor drives one colly collector through one crawl's lists, a page at a time. The
// collector visits and selects; all policy is the round tripper's, so colly's own
// robots gate, limits, body cap, cookies, timeout and memory of visited pages are
// off.
type visitor struct {
	collector *colly.Collector
	now       *visit
}

// visit is what became of asking for one page.
type visit struct {
	address      string // after redirects
	media        string
	etag         string
	lastModified string
	notModified  bool
	body         []byte
	// links and next are what the listing's selectors found, absolute.
	links []string
	next  string
}

// errNoAnswer means that the collector returned without a response or an error.
var errNoAnswer = errors.New("no answer")

func newVisitor(p *plan, rt http.RoundTripper) *visitor {
	host := strings.TrimPrefix(strings.ToLower(p.site.Hostname()), "www.")
	v := &visitor{collector: colly.NewCollector(
		colly.IgnoreRobotsTxt(),
		colly.AllowURLRevisit(),
		colly.MaxBodySize(0),
		colly.AllowedDomains(host, "www."+host),
	)}
	v.collector.WithTransport(rt)
	v.collector.SetRequestTimeout(0)
	v.collector.DisableCookies()
	v.collector.OnResponse(func(r *colly.Response) {
		media, _, _ := strings.Cut(r.Headers.Get("Content-Type"), ";")
		v.now.address = r.Request.URL.String()
		v.now.media = media
		v.now.etag, v.now.lastModified = r.Headers.Get("ETag"), r.Headers.Get("Last-Modified")
		v.now.notModified = r.Headers.Get(fetch.NotModifiedHeader) != ""
		v.now.body = r.Body
	})
	return v
}

// watch has the selectors of a listing applied to every page until the returned
// function is called.
func (v *visitor) watch(d Discover) (stop func()) {
	v.collector.OnHTML(d.Item, func(e *colly.HTMLElement) {
		href := e.Attr("href")
		if href == "" {
			href = e.ChildAttr("a[href]", "href")
		}
		if link := e.Request.AbsoluteURL(href); href != "" && link != "" {
			v.now.links = append(v.now.links, link)
		}
	})
	if d.Next == "" {
		return func() { v.collector.OnHTMLDetach(d.Item) }
	}
	v.collector.OnHTML(d.Next, func(e *colly.HTMLElement) {
		if href := e.Attr("href"); href != "" && v.now.next == "" {
			v.now.next = e.Request.AbsoluteURL(href)
		}
	})
	return func() {
		v.collector.OnHTMLDetach(d.Item)
		v.collector.OnHTMLDetach(d.Next)
	}
}

// get asks for one page, conditionally when it is remembered with what it held. A
// panic while a page is taken apart is that page's error.
func (v *visitor) get(ctx context.Context, address string, known Page) (got *visit, err error) {
	defer func() {
		if r := recover(); r != nil {
			got, err = nil, fmt.Errorf("visit %s: panic: %v", address, r)
		}
	}()
	v.now = &visit{}
	v.collector.Context = ctx
	header := http.Header{}
	if len(known.Items) > 0 {
		set(header, "If-None-Match", known.ETag)
		set(header, "If-Modified-Since", known.LastModified)
	}
	if err := v.collector.Request(http.MethodGet, address, nil, colly.NewContext(), header); err != nil {
		return nil, err
	}
	if v.now.address == "" {
		return nil, fmt.Errorf("visit %s: %w", address, errNoAnswer)
	}
	return v.now, nil
}

// page asks for a page of which no link is wanted, as visitor.get does for lists.
func (c *crawl) page(ctx context.Context, address string, known Page) (*visit, error) {
	if c.resolve(c.site, address) == "" { // a list that is remembered may name what was the site's
		return nil, &fetch.Error{URL: c.shown(address), Err: fetch.ErrOffSite}
	}
	if len(known.Items) == 0 {
		known = Page{}
	}
	r, err := c.robots.Get(ctx, address, known.ETag, known.LastModified)
	if err != nil {
		return nil, err
	}
	return &visit{address: r.URL, media: r.MediaType, etag: r.ETag, lastModified: r.LastModified, notModified: r.NotModified, body: r.Body}, nil
}

func set(h http.Header, name, value string) {
	if value != "" {
		h.Set(name, value)
	}
}

func sameSite(a, b *url.URL) bool { return fetch.SameSite(a.Host, b.Host) }
