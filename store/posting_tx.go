package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Holds checks that a lease was not taken over: a crawl that lost its source
// writes nothing more.
func (t *Tx) Holds(ctx context.Context, l Lease) error { return holds(ctx, t.tx, l) }

// PutPage remembers a page together with what it validates.
func (t *Tx) PutPage(ctx context.Context, source string, p Page) error {
	if err := putPages(ctx, t.tx, source, p); err != nil {
		return fmt.Errorf("put page %s: %w", p.URL, err)
	}
	return nil
}

// Posting returns one posting, without its keys, or ErrNotFound. Nobody else changes
// it until the transaction ends.
func (t *Tx) Posting(ctx context.Context, source, reference string) (*Posting, error) {
	ps, err := all(ctx, t.tx, t.s.scanPosting, postingColumns+`WHERE p.source = $1 AND p.reference = $2`+t.tx.locks("NO KEY UPDATE OF p"), source, shortKey(reference))
	if err == nil && len(ps) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("posting %s of %s: %w", reference, source, err)
	}
	return ps[0], nil
}

// Postings returns every posting of a vacancy, oldest first, without their keys.
func (t *Tx) Postings(ctx context.Context, vacancy string) ([]*Posting, error) {
	ps, err := t.s.postings(ctx, t.tx, vacancy)
	if err != nil {
		return nil, fmt.Errorf("postings of %s: %w", vacancy, err)
	}
	return ps, nil
}

// PutPosting keeps a posting and its keys, hidden when a removal has one of them.
// What was fetched for it is kept apart, by PutRaw.
func (t *Tx) PutPosting(ctx context.Context, p *Posting) error {
	if err := t.putPosting(ctx, p); err != nil {
		return fmt.Errorf("put posting %s of %s: %w", p.Reference, p.Source, err)
	}
	return nil
}

func (t *Tx) putPosting(ctx context.Context, p *Posting) error {
	content, err := t.s.packJSON(p.Content)
	if err != nil {
		return err
	}
	reading, err := t.s.packReading(&p.Reading)
	if err != nil {
		return err
	}
	removed, err := t.removalOf(ctx, p)
	if err != nil {
		return err
	}
	if _, err := t.tx.ExecContext(ctx, `INSERT INTO posting (source, reference, vacancy, url, item_url, kind, hash, rules, open, missed, closing,
			first_seen, last_seen, last_crawl, gone_crawl, closes_at, closed_at, removed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15, $16, $17)
		ON CONFLICT (source, reference) DO UPDATE SET vacancy = excluded.vacancy, url = excluded.url, item_url = excluded.item_url, kind = excluded.kind,
			hash = excluded.hash, rules = excluded.rules, open = excluded.open, missed = excluded.missed, closing = excluded.closing,
			last_seen = excluded.last_seen, last_crawl = excluded.last_crawl, closes_at = excluded.closes_at, closed_at = excluded.closed_at,
			removed = excluded.removed`,
		p.Source, shortKey(p.Reference), p.Vacancy, p.URL, shortKey(p.ItemURL), p.Kind, p.Hash, p.Reading.Rules, flag(p.Open), p.Missed, p.Closing,
		ms(p.FirstSeen), ms(p.LastSeen), p.LastCrawl, nullMS(p.Reading.ClosesAt), nullMS(p.ClosedAt), removed); err != nil {
		return err
	}
	if _, err := t.tx.ExecContext(ctx, `INSERT INTO posting_body (source, reference, content, reading, raw_type, raw) VALUES ($1, $2, $3, $4, '', NULL)
		ON CONFLICT (source, reference) DO UPDATE SET content = excluded.content, reading = excluded.reading`,
		p.Source, shortKey(p.Reference), content, reading); err != nil {
		return err
	}
	return t.putKeys(ctx, p)
}

func (t *Tx) putKeys(ctx context.Context, p *Posting) error {
	reference := shortKey(p.Reference)
	if _, err := t.tx.ExecContext(ctx, `DELETE FROM posting_key WHERE source = $1 AND reference = $2`, p.Source, reference); err != nil {
		return err
	}
	rows := make([][]any, len(p.Keys))
	for i, k := range p.Keys {
		rows[i] = []any{k.Kind, shortKey(k.Value), p.Source, reference}
	}
	return insertRows(ctx, t.tx, `INSERT INTO posting_key (kind, value, source, reference) VALUES`, ` ON CONFLICT (kind, value, source, reference) DO NOTHING`, rows)
}

// PutRaw keeps what was fetched for a posting, the latest version only.
func (t *Tx) PutRaw(ctx context.Context, source, reference, rawType string, raw []byte) error {
	_, err := t.tx.ExecContext(ctx, `UPDATE posting_body SET raw_type = $1, raw = $2 WHERE source = $3 AND reference = $4`,
		rawType, t.s.pack(raw), source, shortKey(reference))
	if err != nil {
		return fmt.Errorf("put raw of %s: %w", reference, err)
	}
	return nil
}

// ClosePosting closes a posting that is marked, and reports whether it was.
func (t *Tx) ClosePosting(ctx context.Context, source, reference string) (bool, error) {
	n, err := exec(ctx, t.tx, `UPDATE posting SET open = 0, closing = '', closed_at = $1 WHERE source = $2 AND reference = $3 AND open = 1 AND closing <> ''`,
		ms(t.s.now()), source, shortKey(reference))
	if err != nil {
		return false, fmt.Errorf("close posting %s of %s: %w", reference, source, err)
	}
	return n > 0, nil
}

// Kin is a posting that shares a key with another.
type Kin struct {
	Key
	Source, Reference, Vacancy string
	Open                       bool
	ClosedAt                   *time.Time
}

// Kin returns the postings that have any of the keys, the given one excepted,
// oldest first.
func (t *Tx) Kin(ctx context.Context, source, reference string, keys []Key) ([]Kin, error) {
	var out []Kin
	for _, k := range keys {
		found, err := all(ctx, t.tx, func(r *sql.Rows) (Kin, error) {
			kin := Kin{Key: k}
			var closed sql.NullInt64
			err := r.Scan(&kin.Source, &kin.Reference, &kin.Vacancy, &kin.Open, &closed)
			kin.ClosedAt = fromNullMS(closed)
			return kin, err
		}, `SELECT p.source, p.reference, p.vacancy, p.open, p.closed_at
			FROM posting_key k JOIN posting p ON p.source = k.source AND p.reference = k.reference
			WHERE k.kind = $1 AND k.value = $2 AND NOT (p.source = $3 AND p.reference = $4)
			ORDER BY p.first_seen, p.source, p.reference LIMIT 100`, k.Kind, shortKey(k.Value), source, shortKey(reference))
		if err != nil {
			return nil, fmt.Errorf("kin by %s: %w", k.Kind, err)
		}
		out = append(out, found...)
	}
	return out, nil
}

// ClearQuarantine forgets that an advert could not be read.
func (t *Tx) ClearQuarantine(ctx context.Context, source, url string) error {
	if _, err := t.tx.ExecContext(ctx, `DELETE FROM quarantine WHERE source = $1 AND url = $2`, source, shortKey(url)); err != nil {
		return fmt.Errorf("clear quarantine of %s: %w", url, err)
	}
	return nil
}

// notFound turns the driver's word for no row into ours.
func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}
