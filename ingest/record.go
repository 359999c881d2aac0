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
	keys    []store.Key
	itemURL string
	page    store.Page
	// documents are the validators of the documents that it links to.
	documents []store.Page
	packed    *store.Packed
	// signs are those of a vacancy that is this advert alone; see keySigns.
	signs []string
	// late says that everything else the crawl has found is recorded, and whole that
	// this is all there is.
	late, whole bool
}

// outcome is what recording an advert came to: changed, if nothing else. One that is
// put off is not recorded yet.
type outcome struct{ isNew, reopened, putOff bool }

// entry is an advert to be recorded in the transaction of several.
type entry interface {
	record(ctx context.Context, in *Ingest, tx *store.Tx) (outcome, error)
}

// record keeps an arrival: the posting with its page's validators, its vacancy, the
// keys it is recognised by, and what changed.
func (a *arrival) record(ctx context.Context, in *Ingest, tx *store.Tx) (outcome, error) {
	out, err := in.record(ctx, tx, a)
	if errors.Is(err, errUnsettled) {
		return outcome{putOff: true}, nil
	}
	if err != nil {
		return out, fmt.Errorf("record %s of %s: %w", a.content.Reference, a.content.Source, err)
	}
	return out, nil
}

func (in *Ingest) record(ctx context.Context, tx *store.Tx, a *arrival) (outcome, error) {
	old, err := tx.Posting(ctx, a.content.Source, a.content.Reference)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return outcome{}, err
	}
	p := in.posting(a, old)
	var fresh bool
	if p.Vacancy, fresh, err = in.identify(ctx, tx, p, a); err != nil {
		return outcome{}, err
	}
	if err := in.keep(ctx, tx, p, a); err != nil {
		return outcome{}, err
	}
	if err := in.putTurn(ctx, tx, old, p); err != nil {
		return outcome{}, err
	}
	joined := old == nil || old.Open != p.Open || old.Vacancy != p.Vacancy
	if old != nil && old.Vacancy != p.Vacancy {
		if err := in.leave(ctx, tx, old.Vacancy); err != nil {
			return outcome{}, err
		}
	}
	cause := sendwatch.CauseCrawl
	if old == nil || old.Vacancy != p.Vacancy {
		cause = sendwatch.CauseCopy
	}
	out := outcome{isNew: old == nil, reopened: old != nil && !old.Open && p.Open}
	if fresh {
		return out, in.begin(ctx, tx, p, a.signs)
	}
	return out, in.refresh(ctx, tx, p.Vacancy, joined, cause)
}

// leave makes a vacancy anew that a posting has left; one that was united is no
// more.
func (in *Ingest) leave(ctx context.Context, tx *store.Tx, vacancy string) error {
	v, err := tx.Vacancy(ctx, vacancy)
	if err != nil || v.ID != vacancy {
		return err
	}
	return in.refresh(ctx, tx, vacancy, true, sendwatch.CauseCopy)
}

func (in *Ingest) keep(ctx context.Context, tx *store.Tx, p *store.Posting, a *arrival) error {
	if err := tx.PutPosting(ctx, p); err != nil {
		return err
	}
	tx.PutPage(p.Source, a.page)
	for _, page := range a.documents {
		tx.PutPage(p.Source, page)
	}
	tx.ClearQuarantine(p.Source, a.itemURL)
	return nil
}

// posting is the row that an arrival becomes. A new advert that is past its closing
// date already comes in closed.
func (in *Ingest) posting(a *arrival, old *store.Posting) *store.Posting {
	now := in.Now()
	p := &store.Posting{Source: a.content.Source, Reference: a.content.Reference, URL: a.content.URL, ItemURL: a.itemURL, Kind: a.kind,
		Content: a.content, Hash: a.hash, Reading: a.reading, Packed: a.packed, Keys: a.keys,
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

// comeback is a posting that is open again as it was.
type comeback struct {
	lease     store.Lease
	reference string
	page      store.Page
}

// record implements entry.
func (c *comeback) record(ctx context.Context, in *Ingest, tx *store.Tx) (outcome, error) {
	if err := in.reopen(ctx, tx, c); err != nil {
		return outcome{}, fmt.Errorf("reopen %s of %s: %w", c.reference, c.lease.ID, err)
	}
	return outcome{reopened: true}, nil
}

func (in *Ingest) reopen(ctx context.Context, tx *store.Tx, c *comeback) error {
	p, err := tx.Posting(ctx, c.lease.ID, c.reference)
	if err != nil {
		return err
	}
	old := *p
	p.Open, p.Closing, p.ClosedAt, p.Missed = true, "", nil, 0
	p.LastSeen, p.LastCrawl = in.Now(), c.lease.Crawl
	p.Keys = keysOf(p.Content, &p.Reading)
	if err := tx.PutPosting(ctx, p); err != nil {
		return err
	}
	if err := in.putTurn(ctx, tx, &old, p); err != nil {
		return err
	}
	tx.PutPage(p.Source, c.page)
	return in.refresh(ctx, tx, p.Vacancy, true, sendwatch.CauseCrawl)
}
