package crawler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/crawler/extract"
	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// apiPath is the first page of the national service's list of live vacancies.
const apiPath = "/api/v1/jobs.json?page=1"

// recordPage is one page of a list whose items are whole adverts.
type recordPage struct {
	records []record
	// next is the address of the next page, empty on the last.
	next string
}

// record is one advert of such a list: as it stands there, and how it is read.
type record struct {
	raw   []byte
	media string
	read  func() (sendwatch.Posting, error)
}

// apiRecords reads a page of the national service.
func apiRecords(body []byte) (recordPage, error) {
	page, err := extract.ReadAPIPage(body)
	out := recordPage{next: page.Next}
	for _, raw := range page.Records {
		out.records = append(out.records, apiRecord(raw))
	}
	if len(out.records) == 0 {
		out.next = "" // the service answers past its last page, with an empty one
	}
	return out, err
}

// apiRecord is one record of the national service.
func apiRecord(raw []byte) record {
	return record{raw, "application/json", func() (sendwatch.Posting, error) { return extract.APIRecord(raw) }}
}

// readRecords follows a list of whole adverts from page to page. Each record is an
// item: it is read where it is listed, and an unchanged page is unchanged records.
//
// What the national service lists is live, whatever a record's validThrough says of
// the moment at which we read it.
func (c *crawl) readRecords(ctx context.Context) error {
	asked := map[string]bool{}
	for next := c.resolve(c.site, c.firstRecords); next != "" && !asked[next]; {
		asked[next] = true
		var err error
		if next, err = c.recordList(ctx, next); err != nil {
			return err
		}
	}
	return nil
}

// recordList asks for one page of such a list, tells of its records and returns the
// address of the next.
func (c *crawl) recordList(ctx context.Context, address string) (next string, err error) {
	got, known, err := c.visit(ctx, address)
	var failed *fetch.Error
	switch {
	case errors.As(err, &failed):
		if !c.giveUp(failed) {
			c.spoil("a list failed: %v", failed)
		}
		return "", errStop
	case err != nil:
		return "", err
	case got.notModified:
		if err := c.tellKnown(ctx, known, Found{State: NotModified}); err != nil {
			return "", err
		}
		known.URL, known.ETag, known.LastModified = c.key(address), got.etag, got.lastModified
		c.report.Lists = append(c.report.Lists, known)
		return known.Next, nil
	}
	return c.recordPage(ctx, address, got)
}

// recordPage tells of every record of one page and returns the address of the next.
func (c *crawl) recordPage(ctx context.Context, address string, got *visit) (next string, err error) {
	page, err := c.records(got.body)
	if err != nil {
		c.spoil("the list %s could not be read: %v", address, err)
		return "", errStop
	}
	base, err := url.Parse(got.address)
	if err != nil {
		return "", fmt.Errorf("address of %s: %w", address, err)
	}
	remember := Page{URL: c.key(address), ETag: got.etag, LastModified: got.lastModified}
	if page.next != "" {
		if remember.Next = c.resolve(base, page.next); remember.Next == "" {
			c.spoil("the list goes on at another host: %q", page.next)
		}
	}
	whole := true
	for i, r := range page.records {
		f := c.record(r, fmt.Sprintf("%s#record-%d", address, i+1))
		switch f.State {
		case Read:
			remember.Items = append(remember.Items, Item{URL: f.URL, Reference: f.Reference})
		case Gone: // of which an unchanged page is to say nothing
		default:
			whole = false
		}
		if err := c.tell(ctx, f); err != nil {
			return "", err
		}
	}
	// A page with a record that could not be read is read again.
	if whole && len(remember.Items) > 0 && (remember.ETag != "" || remember.LastModified != "") {
		c.report.Lists = append(c.report.Lists, remember)
	}
	return remember.Next, nil
}

// record is what to tell of one record; place stands for an address it lacks.
func (c *crawl) record(r record, place string) Found {
	p, err := c.readRecord(r)
	if len(c.secrets) > 0 {
		r.raw = []byte(c.shown(string(r.raw)))
		if shown := c.shown(p.URL); shown != p.URL {
			p.URL, err = shown, errRepeats
		}
	}
	if err != nil {
		f := Found{State: Unreadable, Reference: p.Reference, URL: p.URL, Raw: r.raw, RawType: r.media, Err: err}
		if f.Reference == "" {
			f.URL, f.Reference = place, extract.WholeReference(place)
		}
		f.URL = cmp.Or(f.URL, place)
		return f
	}
	f := c.found(&p)
	f.Raw, f.RawType = r.raw, r.media
	return f
}

// readRecord reads a record; a panic is that record's error.
func (c *crawl) readRecord(r record) (p sendwatch.Posting, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	if p, err = r.read(); err == nil {
		c.rules.Fill(&p, nil)
	}
	return p, err
}
