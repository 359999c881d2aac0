package ingest

import (
	"context"
	"errors"
	"fmt"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

// arrival is one advert as it comes in, read and normalised.
type arrival struct {
	lease   store.Lease
	kind    string
	content *sendwatch.Posting
	hash    string
	reading sendwatch.Reading
	itemURL string
	page    store.Page
	// documents are the validators of the documents that it links to.
	documents []store.Page
	raw       []byte
	rawType   string
}

// outcome is what an arrival came to.
type outcome struct {
	vacancy         string
	isNew, reopened bool
}

// record keeps an arrival, in one transaction: the posting with its page's
// validators, its vacancy, the keys it is recognised by, and what changed.
func (in *Ingest) record(ctx context.Context, a *arrival) (out outcome, err error) {
	err = in.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Holds(ctx, a.lease); err != nil {
			return err
		}
		old, err := tx.Posting(ctx, a.content.Source, a.content.Reference)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		p := in.posting(a, old)
		out = outcome{isNew: old == nil, reopened: old != nil && !old.Open && p.Open}
		if p.Vacancy, err = in.identify(ctx, tx, p); err != nil {
			return err
		}
		out.vacancy = p.Vacancy
		if err := in.keep(ctx, tx, p, a); err != nil {
			return err
		}
		joined := old == nil || old.Open != p.Open || old.Vacancy != p.Vacancy
		cause := sendwatch.CauseCrawl
		if joined {
			cause = sendwatch.CauseCopy
		}
		return in.refresh(ctx, tx, p.Vacancy, joined, cause)
	})
	if err != nil {
		return out, fmt.Errorf("record %s of %s: %w", a.content.Reference, a.content.Source, err)
	}
	return out, nil
}

func (in *Ingest) keep(ctx context.Context, tx *store.Tx, p *store.Posting, a *arrival) error {
	if err := tx.PutPosting(ctx, p); err != nil {
		return err
	}
	if err := tx.PutRaw(ctx, p.Source, p.Reference, a.rawType, a.raw); err != nil {
		return err
	}
	if err := tx.PutPage(ctx, p.Source, a.page); err != nil {
		return err
	}
	if err := keepDocuments(ctx, tx, p.Source, a.documents); err != nil {
		return err
	}
	return tx.ClearQuarantine(ctx, p.Source, a.itemURL)
}

// posting is the row that an arrival becomes. A new advert that is past its closing
// date already comes in closed.
func (in *Ingest) posting(a *arrival, old *store.Posting) *store.Posting {
	now := in.Now()
	p := &store.Posting{Source: a.content.Source, Reference: a.content.Reference, URL: a.content.URL, ItemURL: a.itemURL, Kind: a.kind,
		Content: a.content, Hash: a.hash, Reading: a.reading, Keys: keysOf(a.content, &a.reading),
		Open: true, FirstSeen: now, LastSeen: now, LastCrawl: a.lease.Crawl}
	if old != nil {
		p.Vacancy, p.FirstSeen = old.Vacancy, old.FirstSeen
	}
	if past(a.reading.ClosesAt, now) {
		// Only what was never open, or is closed: an open one waits for the verdict.
		p.Open = old != nil && old.Open
	}
	if !p.Open {
		p.ClosedAt = &now
		if old != nil && old.ClosedAt != nil {
			p.ClosedAt = old.ClosedAt
		}
	}
	return p
}

// reopen opens a posting that came back as it was.
func (in *Ingest) reopen(ctx context.Context, l store.Lease, reference string, page store.Page) error {
	err := in.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Holds(ctx, l); err != nil {
			return err
		}
		p, err := tx.Posting(ctx, l.ID, reference)
		if err != nil {
			return err
		}
		p.Open, p.Closing, p.ClosedAt, p.Missed = true, "", nil, 0
		p.LastSeen, p.LastCrawl = in.Now(), l.Crawl
		p.Keys = keysOf(p.Content, &p.Reading)
		if err := tx.PutPosting(ctx, p); err != nil {
			return err
		}
		if err := tx.PutPage(ctx, p.Source, page); err != nil {
			return err
		}
		return in.refresh(ctx, tx, p.Vacancy, true, sendwatch.CauseCopy)
	})
	if err != nil {
		return fmt.Errorf("reopen %s of %s: %w", reference, l.ID, err)
	}
	return nil
}
