package crawler

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/crawler/extract"
	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// trySamples is how many of a list's pages a trial looks at.
const trySamples = 3

// leastAlike is how many links of one form make a listing.
const leastAlike = 3

// TryOptions are what a trial is allowed, as a Source would be.
type TryOptions struct {
	AllowPrivate bool
	Delay        time.Duration
}

// Trial is what would be read from one address.
type Trial struct {
	URL       string
	MediaType string
	// Data names what was found: "api", "jobposting", "sitemap", "feed",
	// "listing", or "none".
	Data string
	// Listed counts the adverts that the address names, when it is a list.
	Listed int
	// Postings are those of the address itself, or of a few that it names.
	Postings []sendwatch.Posting
	// Attachments are the documents that these link to, a few at most, where the
	// crawler fetches such. Err says why one was not fetched, or would not be.
	Attachments []Attachment
	// Source is a definition to begin with; its ID is to be chosen, and Notes say
	// what else is. It is the zero Source when Data is "none".
	Source Source
	Notes  []string
}

// Try fetches one address, and a few pages that it names, and says what would be
// read from it and how to define the source. The error is as fetch's Get gives it.
func (c *Crawler) Try(ctx context.Context, address string, o TryOptions) (Trial, error) {
	u, err := url.Parse(address)
	if err != nil {
		return Trial{}, fmt.Errorf("address: %w", err)
	}
	t := &trial{client: c.client, o: o, attachments: c.attachments, hosts: map[string]*fetch.RoundTripper{}, Trial: Trial{Data: "none"}}
	got, err := t.get(ctx, address)
	if err != nil {
		return Trial{}, err
	}
	t.URL, t.MediaType = got.URL, got.MediaType
	if final, err := url.Parse(got.URL); err == nil {
		u = final
	}
	t.base = u
	t.Source = Source{
		ID: strings.ReplaceAll(strings.TrimPrefix(u.Hostname(), "www."), ".", "-"), URL: u.Scheme + "://" + u.Host,
		AllowPrivate: o.AllowPrivate, Delay: o.Delay,
	}
	if err := t.look(ctx, got); err != nil {
		return Trial{}, err
	}
	if t.Data == "none" {
		t.Source = Source{}
		t.note("no API page, sitemap, feed, JobPosting or listing was recognised")
	}
	return t.Trial, nil
}

// trial is a Trial under way.
type trial struct {
	Trial
	client *fetch.Client
	o      TryOptions
	base   *url.URL

	attachments bool
	hosts       map[string]*fetch.RoundTripper // that fetch documents
}

func (t *trial) get(ctx context.Context, address string) (*fetch.Response, error) {
	return t.client.Get(ctx, fetch.Request{URL: address, AllowPrivate: t.o.AllowPrivate, Delay: t.o.Delay})
}

func (t *trial) note(format string, args ...any) {
	t.Notes = append(t.Notes, fmt.Sprintf(format, args...))
}

// look tells the kinds of data apart, the most telling first.
func (t *trial) look(ctx context.Context, got *fetch.Response) error {
	if page, err := extract.ReadAPIPage(got.Body); err == nil && t.api(page) {
		return nil
	}
	if bytes.HasPrefix(bytes.TrimSpace(got.Body), []byte("<?xml")) || strings.HasSuffix(got.MediaType, "xml") {
		if sitemap, err := extract.ReadSitemap(got.Body); err == nil {
			return t.sitemap(ctx, sitemap)
		}
	}
	if links, err := extract.ReadFeed(got.Body); err == nil {
		t.Data, t.Listed = "feed", len(links)
		t.Source.Discover.Feed = t.base.RequestURI()
		t.note("a feed names only the latest adverts; a sitemap or a listing shows what has closed as well")
		return t.sample(ctx, links)
	}
	page, err := extract.ParsePage(got.URL, got.Body)
	if err != nil {
		t.note("the page cannot be read: %v", err)
		return nil
	}
	if postings, err := extract.JobPostings(page); err == nil {
		t.Data, t.Postings, t.Source.Kind = "jobposting", postings, KindJobPosting
		t.Source.Discover.Match = matchOf(t.base)
		t.note("the adverts are looked for in the sitemaps that robots.txt names, or in /sitemap.xml")
		return t.attach(ctx, page, postings)
	}
	return t.listing(ctx, page)
}

func (t *trial) api(page extract.APIPage) bool {
	for _, record := range page.Records {
		p, err := extract.APIRecord(record)
		if err != nil {
			continue
		}
		if len(t.Postings) < trySamples {
			t.Postings = append(t.Postings, p)
		}
		t.Listed++
	}
	if t.Listed == 0 {
		return false
	}
	t.Data, t.Source.Kind = "api", KindTeachingVacancies
	if t.base.Path != "/api/v1/jobs.json" {
		t.note("the records are those of the national service, but stand at %s: only /api/v1/jobs.json is read", t.base.Path)
	}
	return true
}

func (t *trial) sitemap(ctx context.Context, found extract.Sitemap) error {
	t.Data = "sitemap"
	t.Source.Discover.Sitemap = t.base.RequestURI()
	if len(found.Pages) == 0 {
		t.Source.Kind = KindJobPosting
		t.note("an index of %d sitemaps; try one of them to see what its pages hold", len(found.Sitemaps))
		return nil
	}
	links := alike(t.base, newestFirst(found.Pages))
	t.Listed = len(links)
	t.note("%d of %d pages are of the form that was looked at", len(links), len(found.Pages))
	return t.sample(ctx, links)
}

func (t *trial) listing(ctx context.Context, page *extract.Page) error {
	links := alike(t.base, page.Links())
	if len(links) < leastAlike {
		return t.attach(ctx, page, nil) // it may be one advert
	}
	t.Data, t.Listed = "listing", len(links)
	t.Source.Discover = Discover{Listing: t.base.RequestURI()}
	if u, err := url.Parse(links[0]); err == nil {
		t.Source.Discover.Item = fmt.Sprintf("a[href*='%s']", formOf(u))
	}
	if page.Has("a[rel=next]") {
		t.Source.Discover.Next = "a[rel=next]"
	} else {
		t.note("no link with rel=next: choose the selector of the next page, if there is one")
	}
	return t.sample(ctx, links)
}

// sample looks at a few of a list's pages to tell how they are read.
func (t *trial) sample(ctx context.Context, links []string) error {
	t.Source.Kind = KindJobPosting
	missing := 0
	for _, link := range links[:min(len(links), trySamples)] {
		u, err := t.base.Parse(link)
		if err != nil || !sameSite(u, t.base) {
			t.note("%s is on another host and would not be followed", link)
			continue
		}
		if t.Source.Discover.Match == "" && t.Source.Discover.Listing == "" {
			t.Source.Discover.Match = matchOf(u)
		}
		got, err := t.get(ctx, u.String())
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			t.note("%v", err)
			continue
		}
		page, err := extract.ParsePage(got.URL, got.Body)
		if err != nil {
			continue
		}
		postings, err := extract.JobPostings(page)
		if err != nil {
			missing++
		}
		t.Postings = append(t.Postings, postings...)
		if err := t.attach(ctx, page, postings); err != nil {
			return err
		}
	}
	if missing > 0 && len(t.Postings) == 0 {
		t.Source.Kind = KindHTML
		t.Source.Fields = guessedFields()
		t.note("the pages carry no JobPosting: choose the selectors of employer, location, pay, hours, contract, posted, closes and body")
	}
	return nil
}

// alike are the links of the form that most links have, each once, in order.
func alike(base *url.URL, links []string) []string {
	groups := map[string][]string{}
	seen := map[string]bool{}
	best := ""
	for _, link := range links {
		u, err := base.Parse(link)
		if err != nil || !sameSite(u, base) || u.Path == base.Path {
			continue
		}
		u.Fragment = ""
		form, address := formOf(u), u.String()
		if form == "" || seen[address] {
			continue
		}
		seen[address] = true
		groups[form] = append(groups[form], address)
		if len(groups[form]) > len(groups[best]) {
			best = form
		}
	}
	return groups[best]
}

// formOf is an address's path up to its last part: "/job/" of "/job/3151-teaching".
func formOf(u *url.URL) string {
	path := strings.TrimRight(u.EscapedPath(), "/")
	i := strings.LastIndex(path, "/")
	if i <= 0 || strings.ContainsAny(path, `'"\`) {
		return ""
	}
	return path[:i+1]
}

// matchOf is a regular expression for the addresses of one's form.
func matchOf(u *url.URL) string {
	form := formOf(u)
	if form == "" {
		return ""
	}
	return "^" + regexp.QuoteMeta(form)
}
