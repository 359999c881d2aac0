package crawler

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"github.com/sendwatch/sendwatch/crawler/extract"
	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// apiPath is the first page of the national service's list of live vacancies.
const apiPath = "/api/v1/jobs.json?page=1"

// api follows the list of the national service from page to page, to the page
// that is empty or names no next. Each record is an item: it is read where it is
// listed, and an unchanged page is unchanged records.
//
// What the service lists is live, whatever a record's validThrough says of the
// moment at which we read it.
func (c *crawl) api(ctx context.Context) error {
	asked := map[string]bool{}
	for next := c.resolve(c.site, apiPath); next != "" && !asked[next]; {
		asked[next] = true
		got, known, err := c.visit(ctx, next)
		var failed *fetch.Error
		switch {
		case errors.As(err, &failed):
			if !c.giveUp(failed) {
				c.spoil("a list failed: %v", failed)
			}
			return errStop
		case err != nil:
			return err
		case got.notModified:
			if err := c.tellKnown(ctx, known, Found{State: NotModified}); err != nil {
				return err
			}
			known.URL, known.ETag, known.LastModified = c.key(next), got.etag, got.lastModified
			c.report.Lists = append(c.report.Lists, known)
			next = known.Next
			continue
		}
		if next, err = c.apiPage(ctx, next, got); err != nil {
			return err
		}
	}
	return nil
}

// apiPage tells of every record of one page and returns the address of the next.
func (c *crawl) apiPage(ctx context.Context, address string, got *visit) (next string, err error) {
	page, err := extract.ReadAPIPage(got.body)
	if err != nil {
		c.spoil("the list %s could not be read: %v", address, err)
		return "", errStop
	}
	if len(page.Records) == 0 {
		return "", nil
	}
	base, err := url.Parse(got.address)
	if err != nil {
		return "", fmt.Errorf("address of %s: %w", address, err)
	}
	remember := Page{URL: c.key(address), ETag: got.etag, LastModified: got.lastModified}
	if page.Next != "" {
		if remember.Next = c.resolve(base, page.Next); remember.Next == "" {
			c.spoil("the list goes on at another host: %q", page.Next)
		}
	}
	whole := true
	for i, record := range page.Records {
		f := c.record(record, fmt.Sprintf("%s#record-%d", address, i+1))
		whole = whole && f.State == Read
		remember.Items = append(remember.Items, Item{URL: f.URL, Reference: f.Reference})
		if err := c.tell(ctx, f); err != nil {
			return "", err
		}
	}
	// A page with a record that could not be read is read again.
	if whole && (remember.ETag != "" || remember.LastModified != "") {
		c.report.Lists = append(c.report.Lists, remember)
	}
	return remember.Next, nil
}

// record is what to tell of one record; place stands for an address it lacks.
func (c *crawl) record(raw json.RawMessage, place string) Found {
	p, err := extract.APIRecord(raw)
	if err != nil {
		f := Found{State: Unreadable, Reference: p.Reference, URL: p.URL, Raw: raw, RawType: "application/json", Err: err}
		if f.Reference == "" {
			f.URL, f.Reference = place, extract.WholeReference(place)
		}
		return f
	}
	f := c.found(&p)
	f.Raw, f.RawType = raw, "application/json"
	return f
}
