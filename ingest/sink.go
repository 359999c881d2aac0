package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
	"github.com/sendwatch/sendwatch/store"
)

// touchBatch is how many adverts that are as they were are written at once.
const touchBatch = 200

// sink takes in what one crawl finds.
type sink struct {
	*crawl
	mu         sync.Mutex
	touches    []store.Touch
	unreadable int
	counts     Report
	// failed is the first error that was ours: the store's or a lost lease.
	failed error
}

// Found implements crawler.Sink.
func (s *sink) Found(ctx context.Context, f crawler.Found) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed != nil {
		return s.failed
	}
	var err error
	switch f.State {
	case crawler.Read:
		err = s.read(ctx, f)
	case crawler.NotModified:
		err = s.asBefore(ctx, f)
	case crawler.Gone:
		err = s.gone(ctx, f)
	case crawler.Unreadable:
		err = s.broken(ctx, f)
	default:
		err = fmt.Errorf("item %s is in no known state (%d)", f.URL, f.State)
	}
	s.failed = err
	return err
}

// report joins what the crawler counted with what the sink did.
func (s *sink) report(site crawler.Report) Report {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.counts
	r.Source = s.src.ID
	r.Listed, r.Fetched, r.NotModified, r.Quarantined = site.Listed, site.Fetched, site.NotModified, site.Quarantined
	r.Requests, r.Bytes, r.Note = site.Requests, site.Bytes, site.Note
	r.Seconds = s.Now().Sub(s.started).Seconds()
	return r
}

// read takes in an advert that was fetched.
func (s *sink) read(ctx context.Context, f crawler.Found) error {
	p := *f.Posting
	p.Source = s.src.ID
	if p.Reference == "" {
		p.Reference = f.Reference
	}
	if p.Reference == "" {
		p.Reference = f.URL
	}
	if p.URL == "" {
		p.URL = f.URL
	}
	briefs, err := s.Store.PostingBriefs(ctx, s.src.ID, p.Reference, "") // not by address: a page may carry several
	if err != nil {
		return err
	}
	if p.Attachments, err = s.attachments(ctx, &f, p.Reference, briefs); err != nil {
		return err
	}
	hash, err := hashOf(&p)
	if err != nil {
		return err
	}
	if len(briefs) > 0 && briefs[0].Hash == hash && !s.mayReopen(briefs[0]) {
		s.counts.Unchanged++
		return s.touch(ctx, store.Touch{Reference: p.Reference, Page: toStore(f.Page)})
	}
	reading, err := s.readSafely(&p)
	if err != nil {
		f.Err = err
		return s.broken(ctx, f)
	}
	if err := s.employ(ctx, &reading); err != nil {
		return err
	}
	a := &arrival{lease: s.lease, kind: s.src.Kind, content: &p, hash: hash, reading: reading, itemURL: f.URL, page: toStore(f.Page)}
	if a.raw, a.rawType, err = s.bundle(ctx, f, p.Reference, briefs); err != nil {
		return err
	}
	for _, page := range f.Documents {
		a.documents = append(a.documents, toStore(page))
	}
	out, err := s.record(ctx, a)
	if err != nil {
		return err
	}
	s.count(out)
	return nil
}

func (s *sink) count(o outcome) {
	switch {
	case o.isNew:
		s.counts.New++
	case o.reopened:
		s.counts.Reopened++
	default:
		s.counts.Changed++
	}
}

// mayReopen reports whether a posting that is seen again is to be opened again.
func (s *sink) mayReopen(b store.PostingBrief) bool {
	return !b.Open && (b.ClosesAt == nil || b.ClosesAt.After(s.Now()))
}

// readSafely normalises a posting. What others wrote may always hold a surprise;
// one advert must not end a crawl.
func (in *Ingest) readSafely(p *sendwatch.Posting) (r sendwatch.Reading, err error) {
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("normalise: %v", x)
		}
	}()
	r = in.Normaliser.Read(p)
	r.Rules = in.Rules
	return r, nil
}

// asBefore takes in an advert that the site says has not changed.
func (s *sink) asBefore(ctx context.Context, f crawler.Found) error {
	briefs, err := s.known(ctx, f)
	if err != nil {
		return err
	}
	if len(briefs) == 0 {
		// The page is remembered and its posting is not: read it whole next time.
		s.unreadable++
		s.Log.LogAttrs(ctx, slog.LevelWarn, "unchanged, but not known", slog.String("source", s.src.ID), slog.String("url", f.URL))
		return s.Store.ForgetPage(ctx, s.src.ID, f.URL)
	}
	for _, b := range briefs {
		if !s.mayReopen(b) {
			s.counts.Unchanged++
			if err := s.touch(ctx, store.Touch{Reference: b.Reference, Page: toStore(f.Page)}); err != nil {
				return err
			}
			continue
		}
		if err := s.reopen(ctx, s.lease, b.Reference, toStore(f.Page)); err != nil {
			return err
		}
		s.counts.Reopened++
	}
	return nil
}

// gone notes an advert that is closed by its own word. Its validators are not
// kept: a page that says "closed" must not answer for the advert it once was.
func (s *sink) gone(ctx context.Context, f crawler.Found) error {
	briefs, err := s.known(ctx, f)
	if err != nil {
		return err
	}
	for _, b := range briefs {
		if err := s.touch(ctx, store.Touch{Reference: b.Reference, Gone: true}); err != nil {
			return err
		}
	}
	return nil
}

// broken takes in an advert that could not be read. It was listed, so what is known
// of it is not missing.
func (s *sink) broken(ctx context.Context, f crawler.Found) error {
	s.unreadable++
	briefs, err := s.known(ctx, f)
	if err != nil {
		return err
	}
	for _, b := range briefs {
		if err := s.touch(ctx, store.Touch{Reference: b.Reference}); err != nil {
			return err
		}
	}
	var unfetched *fetch.Error
	if errors.As(f.Err, &unfetched) {
		return nil
	}
	q := store.Quarantined{Source: s.src.ID, Reference: f.Reference, URL: f.URL, RawType: f.RawType, Raw: f.Raw}
	if f.Err != nil {
		q.Error = f.Err.Error()
	}
	return s.Store.PutQuarantine(ctx, q)
}

// known returns what is known of an advert that was not read: by its reference or,
// since the site may have said it only on the page, by its address.
func (s *sink) known(ctx context.Context, f crawler.Found) ([]store.PostingBrief, error) {
	if f.Reference != "" {
		briefs, err := s.Store.PostingBriefs(ctx, s.src.ID, f.Reference, "")
		if err != nil || len(briefs) > 0 {
			return briefs, err
		}
	}
	return s.Store.PostingBriefs(ctx, s.src.ID, "", f.URL)
}

func (s *sink) touch(ctx context.Context, t store.Touch) error {
	s.touches = append(s.touches, t)
	if len(s.touches) < touchBatch {
		return nil
	}
	return s.write(ctx)
}

func (s *sink) write(ctx context.Context) error {
	if len(s.touches) == 0 {
		return nil
	}
	if err := s.Store.Touch(ctx, s.lease, s.touches); err != nil {
		return err
	}
	s.touches = s.touches[:0]
	return nil
}

// flush writes what was touched and not written yet.
func (s *sink) flush(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.write(ctx)
}

// hashOf tells whether an advert changed: by what was extracted, since the page
// around it changes with every visit.
func hashOf(p *sendwatch.Posting) (string, error) {
	b, err := json.Marshal(p)
	if err != nil {
		return "", fmt.Errorf("hash of %s: %w", p.Reference, err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// past reports whether a closing date has passed.
func past(closes *time.Time, now time.Time) bool { return closes != nil && !closes.After(now) }
