package crawler

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/crawler/extract"
	"github.com/sendwatch/sendwatch/crawler/fetch"
	"github.com/sendwatch/sendwatch/crawler/survey"
)

// Bounds on a trial.
const (
	// trySamples is how many of a list's pages a trial looks at.
	trySamples = 3
	// tryRequests is how many pages a trial asks for, documents aside.
	tryRequests = 24
	// tryLeads is how many links that may lead to a list are followed.
	tryLeads = 4
	// trySitemaps is how many sitemaps are read.
	trySitemaps = 5
)

// TryOptions are what a trial is allowed, as a Source would be.
type TryOptions struct {
	AllowPrivate bool
	Delay        time.Duration
}

// Trial is what would be read from one address.
type Trial struct {
	URL       string
	MediaType string
	// Data names what was found: "api", "ats", "jobposting", "sitemap", "feed",
	// "listing", "advert", or "none".
	Data string
	// Listed counts the adverts that the proposed list names, or its first page.
	Listed int
	// Postings are those of the address itself, or of a few that it names, as the
	// proposed source reads them.
	Postings []sendwatch.Posting
	// Fields says of each field of these how often it was read.
	Fields []TriedField
	// Attachments are the documents that these link to, a few at most, where the
	// crawler fetches such. Err says why one was not fetched, or would not be.
	Attachments []Attachment
	// Source is a definition to begin with, whole as it stands. It is the zero
	// Source when there is none to propose, and Notes say why and what to do next.
	Source Source
	Notes  []string
}

// TriedField says how often a field was read of the adverts that were looked at, and
// one of its values.
type TriedField struct {
	Name     string
	Read, Of int
	Example  string
}

// Try fetches one address, and a few pages that it leads to, and says what would be
// read and how to define the source. The error is as fetch's Get gives it.
func (c *Crawler) Try(ctx context.Context, address string, o TryOptions) (Trial, error) {
	u, err := url.Parse(address)
	if err != nil {
		return Trial{}, fmt.Errorf("address: %w", err)
	}
	t := &trial{
		client: c.client, o: o, now: c.now, attachments: c.attachments, hosts: map[string]*fetch.RoundTripper{},
		answers: map[string]*fetch.Response{}, Trial: Trial{Data: "none"},
	}
	got, err := t.get(ctx, address)
	if err != nil {
		return Trial{}, err
	}
	t.URL, t.MediaType = got.URL, got.MediaType
	if final, err := url.Parse(got.URL); err == nil {
		u = final
	}
	t.base = u
	t.Source = Source{ID: sourceName(u), URL: u.Scheme + "://" + u.Host, AllowPrivate: o.AllowPrivate, Delay: o.Delay}
	if err := t.look(ctx, got); err != nil {
		return Trial{}, err
	}
	if t.Source.Kind == "" {
		t.Source = Source{}
	}
	if t.Data == "none" && len(t.Notes) == 0 {
		t.note("no API page, sitemap, feed, JobPosting or list of adverts was recognised: try the address of the page that lists the vacancies")
	}
	return t.Trial, nil
}

// sourceName is an id for the source of a host.
func sourceName(u *url.URL) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '-'
	}, strings.TrimPrefix(strings.ToLower(u.Hostname()), "www."))
	name = strings.Trim(name, "-")
	return name[:min(len(name), 63)]
}

// trial is a Trial under way.
type trial struct {
	Trial
	client *fetch.Client
	o      TryOptions
	now    func() time.Time
	base   *url.URL

	answers  map[string]*fetch.Response // of this trial, by the address asked for
	advertAt string                     // the address tried, when it is one advert's
	asked    int

	attachments bool
	hosts       map[string]*fetch.RoundTripper // that fetch documents
}

// errEnough means that a trial has asked for as many pages as it may.
var errEnough = errors.New("enough pages were asked for")

// get asks for a page, once in a trial.
func (t *trial) get(ctx context.Context, address string) (*fetch.Response, error) {
	if got := t.answers[address]; got != nil {
		return got, nil
	}
	if t.asked >= tryRequests {
		return nil, errEnough
	}
	t.asked++
	got, err := t.client.Get(ctx, fetch.Request{URL: address, AllowPrivate: t.o.AllowPrivate, Delay: t.o.Delay})
	if err == nil {
		t.answers[address] = got
	}
	return got, err
}

// page asks for a page of the site and parses it; nil, with a note, when it does
// not come. The error is the context's.
func (t *trial) page(ctx context.Context, address string) (*survey.Page, error) {
	got, err := t.get(ctx, address)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		if !errors.Is(err, errEnough) {
			t.note("%v", err)
		}
		return nil, nil
	}
	page, err := surveyed(got)
	if err != nil {
		t.note("%s cannot be read: %v", got.URL, err)
		return nil, nil
	}
	return page, nil
}

// surveyed parses a page, whatever type its host says it is of.
func surveyed(got *fetch.Response) (*survey.Page, error) {
	if err := fetch.CheckMarkup(got.Body); err != nil {
		return nil, fmt.Errorf("parse page: %w", err)
	}
	return survey.Parse(got.URL, got.Body)
}

func (t *trial) note(format string, args ...any) {
	note := fmt.Sprintf(format, args...)
	for _, n := range t.Notes {
		if n == note {
			return
		}
	}
	t.Notes = append(t.Notes, note)
}

// look tells the kinds of data apart, the most telling first.
func (t *trial) look(ctx context.Context, got *fetch.Response) error {
	if page, err := extract.ReadAPIPage(got.Body); err == nil && t.api(page) {
		return nil
	}
	if t.ats(got.Body) {
		return nil
	}
	if bytes.HasPrefix(bytes.TrimSpace(got.Body), []byte("<?xml")) || strings.HasSuffix(got.MediaType, "xml") && !strings.Contains(got.MediaType, "html") {
		if found, err := extract.ReadSitemap(got.Body); err == nil {
			return t.sitemap(ctx, found)
		}
	}
	if found, err := extract.ReadFeed(got.Body); err == nil {
		return t.feed(ctx, found)
	}
	page, err := surveyed(got)
	if err != nil {
		t.note("the page cannot be read: %v", err)
		return nil
	}
	return t.site(ctx, page)
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
	t.count()
	return true
}

// ats recognises the feed of an applicant tracking system.
func (t *trial) ats(body []byte) bool {
	for _, system := range []string{extract.Broadbean, extract.VacancyPoster, extract.Ventrus, extract.Fusion} {
		records, err := extract.ReadATS(system, body)
		if err != nil {
			continue
		}
		for i := range records {
			p, err := records[i].Posting()
			if err != nil {
				continue
			}
			if len(t.Postings) < trySamples {
				t.Postings = append(t.Postings, p)
			}
			t.Listed++
		}
		if t.Listed > 0 {
			t.Data, t.Source.Kind, t.Source.Discover.Feed = "ats", system, t.base.RequestURI()
			t.note("a feed whose address holds a key belongs into a file: name that file as url_file, in the place of url and discover.feed")
			t.count()
			return true
		}
	}
	return false
}

func (t *trial) sitemap(ctx context.Context, found extract.Sitemap) error {
	t.Data = "sitemap"
	t.Source.Discover.Sitemap = t.base.RequestURI()
	entries, err := t.sitemapPages(ctx, t.base, found)
	if err != nil {
		return err
	}
	links, match := among(t.base, entries, alike(t.base, newestFirst(entries)))
	if len(links) == 0 {
		t.note("none of its %d pages has the form of an advert's address", len(entries))
		return nil
	}
	t.Listed, t.Source.Discover.Match = len(links), match
	t.note("%d of %d pages are of the form that was looked at (match)", len(links), len(entries))
	return t.sample(ctx, linked(links))
}

func (t *trial) feed(ctx context.Context, found extract.Feed) error {
	links := found.Links
	t.Data, t.Listed = "feed", len(links)
	t.Source.Discover.Feed = t.base.RequestURI()
	if !found.Complete {
		t.note("a feed names only the latest adverts; a sitemap or a listing shows what has closed as well")
	}
	own := alike(t.base, links)
	if len(own) == 0 {
		for _, link := range links {
			if u, err := t.base.Parse(link); err == nil && sameSite(u, t.base) {
				own = append(own, u.String())
			}
		}
	}
	t.Source.Discover.Match = survey.MatchOf(own)
	for _, link := range links {
		if u, err := t.base.Parse(link); err == nil && !sameSite(u, t.base) {
			t.note("%s is on another host and would not be followed", link)
		}
	}
	return t.sample(ctx, linked(own))
}

// linked makes links of bare addresses.
func linked(addresses []string) []survey.Link {
	out := make([]survey.Link, len(addresses))
	for i, a := range addresses {
		out[i].URL = a
	}
	return out
}
