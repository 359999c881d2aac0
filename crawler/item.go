package crawler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/crawler/extract"
	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// item tells the sink what one advert's page says. It is settled when the page is
// remembered with what it holds now: what was gone, not readable or not whole is to
// be asked for again whatever a list says of its changes.
func (c *crawl) item(ctx context.Context, a answer) (settled bool, err error) {
	var failed *fetch.Error
	switch {
	case errors.As(a.err, &failed):
		if err := c.itemFailed(ctx, a.address, a.known, failed); err != nil || !a.last {
			return false, err
		}
		return false, errStop
	case a.err != nil:
		return false, a.err
	case a.got.notModified:
		return true, c.tellKnown(ctx, a.known, Found{State: NotModified})
	}
	return c.itemRead(ctx, a.address, a.known, a.got)
}

// itemFailed tells of a page that did not come. A page that is not there any more
// closes its advert; one that may answer later, or that robots.txt refuses,
// leaves the crawl incomplete, so that nothing is concluded from it.
func (c *crawl) itemFailed(ctx context.Context, address string, known Page, failed *fetch.Error) error {
	f := Found{State: Unreadable, Err: failed}
	if failed.Status == http.StatusNotFound || failed.Status == http.StatusGone {
		f = Found{State: Gone}
	}
	if err := c.tellKnown(ctx, atLeast(known, address), f); err != nil {
		return err
	}
	if f.State == Gone {
		return nil
	}
	if !c.unlisted && unanswered(failed) {
		c.unanswered = append(c.unanswered, failed)
		c.silence.now = append(c.silence.now, address)
	}
	return nil
}

// unanswered reports whether a page said nothing: it may answer later, or nobody may
// ask for it.
func unanswered(failed *fetch.Error) bool {
	return failed.Temporary || errors.Is(failed, fetch.ErrRobots)
}

// itemRead reads a page that came whole.
func (c *crawl) itemRead(ctx context.Context, address string, known Page, got *visit) (settled bool, err error) {
	raw := Found{Raw: got.body, RawType: got.media}
	page, over, err := lookThrough(address, got.body)
	if err != nil {
		raw.State, raw.Err = Unreadable, err
		return false, c.tellKnown(ctx, atLeast(known, address), raw)
	}
	if over != "" {
		c.log.Debug("advert is closed by its own word", "url", address, "words", over)
		raw.State = Gone
		return false, c.tellKnown(ctx, atLeast(known, address), raw)
	}
	postings, err := c.readPage(page)
	if err != nil {
		raw.State, raw.Err = Unreadable, fmt.Errorf("read %s: %w", address, err)
		return false, c.tellKnown(ctx, atLeast(known, address), raw)
	}
	return c.tellPostings(ctx, address, known, got, page, postings)
}

// lookThrough parses a page, whatever type its host says it is of, and finds the words
// by which it says that its advert is over. A page that is not called HTML may still
// unfold as it.
func lookThrough(address string, body []byte) (page *extract.Page, over string, err error) {
	if err := fetch.CheckMarkup(body); err != nil {
		return nil, "", fmt.Errorf("parse page: %w", err)
	}
	page, err = extract.ParsePage(address, body)
	if err == nil {
		over, err = extract.Closed(page)
	}
	return page, over, err
}

// readPage reads a page's postings; a panic is that page's error.
func (c *crawl) readPage(page *extract.Page) (postings []sendwatch.Posting, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return c.reader(page)
}

// tellPostings tells of everything one page carries. The page's validators go
// with the last, when all are stored; a page with a closed advert has none, so
// that it is read again should it open.
func (c *crawl) tellPostings(ctx context.Context, address string, known Page, got *visit, page *extract.Page, postings []sendwatch.Posting) (settled bool, err error) {
	if len(postings) == 1 && len(known.Items) == 1 && known.Items[0].Reference != "" {
		// An advert keeps the reference it was first seen under at its address.
		postings[0].Reference = known.Items[0].Reference
	}
	var found []Found
	remember := Page{URL: c.key(address), ETag: got.etag, LastModified: got.lastModified}
	for i := range postings {
		f := c.found(&postings[i])
		f.Raw, f.RawType = got.body, got.media
		f.Reference = c.free(f)
		if f.Posting != nil {
			f.Posting.Reference = f.Reference
		} else {
			remember = Page{}
		}
		if remember.URL != "" {
			remember.Items = append(remember.Items, Item{URL: f.URL, Reference: f.Reference})
		}
		found = append(found, f)
	}
	if len(found) == 1 && found[0].Posting != nil && c.attachments {
		// Of a page with several adverts nobody can tell whose a document is.
		whole, err := c.attach(ctx, page, &found[0])
		if err != nil {
			return false, err
		}
		if !whole {
			remember = Page{}
		}
	}
	found[len(found)-1].Page = remember
	for _, f := range found {
		if err := c.tell(ctx, f); err != nil {
			return false, err
		}
	}
	return remember.URL != "", nil
}

// found is what to tell of one posting.
func (c *crawl) found(p *sendwatch.Posting) Found {
	f := Found{State: Read, Reference: p.Reference, URL: p.URL, Posting: p}
	p.Source = c.ID
	p.EmployerKind = cmp.Or(c.EmployerKind, p.EmployerKind)
	p.Notice = cmp.Or(c.Notice, p.Notice)
	if p.Closes != "" && c.Kind != KindTeachingVacancies && extract.Past(p.Closes, c.now()) {
		f.State, f.Posting = Gone, nil
	}
	return f
}

// tellKnown tells the same of every item a page is known to hold.
func (c *crawl) tellKnown(ctx context.Context, known Page, f Found) error {
	for _, item := range known.Items {
		f.URL, f.Reference = item.URL, item.Reference
		if err := c.tell(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

// atLeast is a known page, or for one that is not known its address as its item.
func atLeast(known Page, address string) Page {
	if len(known.Items) == 0 {
		known.Items = []Item{{URL: address, Reference: extract.Reference(address)}}
	}
	return known
}
