package ingest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
	"github.com/sendwatch/sendwatch/store"
)

// intake is one item on its way in: what the crawl found, and what is to be written
// of it. The latter is set when ready is closed.
type intake struct {
	found  crawler.Found
	weight int64
	ready  chan struct{}
	// briefs are what is known of it by its reference: one, if anything.
	briefs []store.PostingBrief

	// entries are adverts to be recorded, touches those that are as they were.
	entries []entry
	touches []store.Touch
	// quarantined is an advert that could not be read, forgotten the address of a
	// page whose advert is not known.
	quarantined *store.Quarantined
	forgotten   string
	// unchanged and unreadable are for the report.
	unchanged, unreadable int
	// err is ours: the store's or the context's.
	err error
}

// lookUp finds out what is known of items by their references.
func (s *sink) lookUp(ctx context.Context, items []*intake) error {
	var references []string
	for _, it := range items {
		if r := referenceOf(&it.found); s.met == nil || s.met.Has(r) {
			references = append(references, r)
		}
	}
	if len(references) == 0 {
		return nil
	}
	briefs, err := s.Store.PostingBriefs(ctx, s.src.ID, references)
	for _, it := range items {
		if b, ok := briefs[referenceOf(&it.found)]; ok {
			it.briefs = []store.PostingBrief{b}
		}
	}
	return err
}

// referenceOf is what an item goes by: not its address where it has another
// reference, since a page may carry several adverts.
func referenceOf(f *crawler.Found) string {
	if f.Posting != nil {
		return cmp.Or(f.Posting.Reference, f.Reference, f.URL)
	}
	return f.Reference
}

// prepare finds out what is to be written of an item. It runs beside others and
// writes nothing of its own advert.
func (s *sink) prepare(ctx context.Context, it *intake) error {
	switch it.found.State {
	case crawler.Read:
		return s.read(ctx, it)
	case crawler.NotModified:
		return s.asBefore(ctx, it)
	case crawler.Gone:
		return s.gone(ctx, it)
	case crawler.Unreadable:
		return s.broken(ctx, it, it.found.Err)
	}
	return fmt.Errorf("item %s is in no known state (%d)", it.found.URL, it.found.State)
}

// read takes in an advert that was fetched.
func (s *sink) read(ctx context.Context, it *intake) error {
	f := &it.found
	p := *f.Posting
	p.Source, p.Reference, p.URL = s.src.ID, referenceOf(f), cmp.Or(p.URL, f.URL)
	briefs := it.briefs
	var err error
	if p.Attachments, err = s.attachments(ctx, f, p.Reference, briefs); err != nil {
		return err
	}
	content, err := json.Marshal(&p)
	if err != nil {
		return fmt.Errorf("content of %s: %w", p.Reference, err)
	}
	hash := hashOf(content)
	if len(briefs) > 0 && briefs[0].Hash == hash && !s.mayReopen(briefs[0]) {
		it.unchanged++
		it.touches = append(it.touches, store.Touch{Reference: p.Reference, Page: toStore(f.Page)})
		return nil
	}
	reading, err := s.readSafely(&p)
	if err != nil {
		return s.broken(ctx, it, err)
	}
	if err := s.employ(ctx, &reading); err != nil {
		return err
	}
	a := &arrival{lease: s.lease, kind: s.src.Kind, content: &p, hash: hash, reading: reading, keys: keysOf(&p, &reading), signs: keySigns(alone(&reading)), itemURL: f.URL, page: toStore(f.Page)}
	bulk := store.Bulk{Content: content, Reading: &a.reading}
	if bulk.Raw, bulk.RawType, err = s.bundle(ctx, *f, p.Reference, briefs); err != nil {
		return err
	}
	if a.packed, err = s.Store.Pack(bulk); err != nil {
		return err
	}
	for _, page := range f.Documents {
		a.documents = append(a.documents, toStore(page))
	}
	it.entries = append(it.entries, a)
	s.yield.count(&p)
	return nil
}

// asBefore takes in an advert that the site says has not changed.
func (s *sink) asBefore(ctx context.Context, it *intake) error {
	briefs, err := s.known(ctx, it)
	if err != nil {
		return err
	}
	if len(briefs) == 0 {
		// The page is remembered and its posting is not: read it whole next time.
		s.Log.LogAttrs(ctx, slog.LevelWarn, "unchanged, but not known", slog.String("source", s.src.ID), slog.String("url", it.found.URL))
		it.unreadable++
		it.forgotten = it.found.URL
		return nil
	}
	page := toStore(it.found.Page)
	for _, b := range briefs {
		if s.mayReopen(b) {
			it.entries = append(it.entries, &comeback{lease: s.lease, reference: b.Reference, page: page})
			continue
		}
		it.unchanged++
		it.touches = append(it.touches, store.Touch{Reference: b.Reference, Page: page})
	}
	return nil
}

// gone notes an advert that is closed by its own word. Its validators are not
// kept: a page that says "closed" must not answer for the advert it once was.
func (s *sink) gone(ctx context.Context, it *intake) error {
	briefs, err := s.known(ctx, it)
	for _, b := range briefs {
		it.touches = append(it.touches, store.Touch{Reference: b.Reference, Gone: true})
	}
	return err
}

// broken takes in an advert that could not be read, and why. It was listed, so what
// is known of it is not missing.
func (s *sink) broken(ctx context.Context, it *intake, why error) error {
	f := &it.found
	briefs, err := s.known(ctx, it)
	if err != nil {
		return err
	}
	if f.Unlisted {
		it.touches = append(it.touches, inVain(f, briefs)...)
		return nil
	}
	it.unreadable++
	for _, b := range briefs {
		it.touches = append(it.touches, store.Touch{Reference: b.Reference})
	}
	var unfetched *fetch.Error
	if errors.As(why, &unfetched) {
		return nil
	}
	it.quarantined = &store.Quarantined{Source: s.src.ID, Reference: f.Reference, URL: f.URL, RawType: f.RawType, Raw: f.Raw, Crawl: s.lease.Crawl}
	if why != nil {
		it.quarantined.Error = why.Error()
	}
	return nil
}

// inVain notes that adverts which no list names are not to be had at their own page
// either: once by accident, twice because they are over.
func inVain(f *crawler.Found, briefs []store.PostingBrief) []store.Touch {
	touches := make([]store.Touch, len(briefs))
	for i, b := range briefs {
		touches[i] = store.Touch{Reference: b.Reference, Checked: true}
		if f.Absent {
			touches[i].Absent = missesToClose
		}
	}
	return touches
}

// known returns what is known of an advert that was not read: by its reference or,
// since the site may have said it only on the page, by its address.
func (s *sink) known(ctx context.Context, it *intake) ([]store.PostingBrief, error) {
	if len(it.briefs) > 0 {
		return it.briefs, nil
	}
	return s.Store.PostingBriefsAt(ctx, s.src.ID, it.found.URL)
}

// mayReopen reports whether a posting that is seen again is to be opened again.
func (s *sink) mayReopen(b store.PostingBrief) bool {
	return !b.Open && (b.ClosesAt == nil || b.ClosesAt.After(s.Now()))
}
