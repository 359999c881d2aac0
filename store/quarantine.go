package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"time"
)

// Quarantined is an advert that could not be read: what was fetched, and why not.
type Quarantined struct {
	Source, Reference, URL string
	Error                  string
	RawType                string
	// Raw is what was fetched; nil when it was too much to keep, and in a list.
	Raw             []byte
	FirstAt, LastAt time.Time
	Times           int
	// Crawl is the last crawl that met it.
	Crawl int64
	// Size is the length of what is kept of Raw, compressed. Listed says that the
	// last crawl that was whole still met it; else it was read since, or has gone.
	Size   int
	Listed bool
}

// ID is a short name of the entry for people to type.
func (q *Quarantined) ID() string {
	sum := sha256.Sum256([]byte(q.Source + "\x00" + shortKey(q.URL) + "\x00" + shortKey(q.Reference)))
	return hex.EncodeToString(sum[:6])
}

const (
	// mostQuarantineRaw bounds what is kept of one fetched advert, more than a page
	// may hold.
	mostQuarantineRaw = 8 << 20
	// mostQuarantined is of how many adverts of one source what was fetched is kept:
	// enough to see what is wrong, and a site that breaks wholly fills no disk.
	mostQuarantined = 500
)

// lastWhole is the number of the last crawl of source s that listed all there is.
const lastWhole = `(SELECT COALESCE(MAX(k.crawl), 0) FROM crawl k WHERE k.source = s.id AND k.complete = 1 AND k.partial = 0)`

// PutQuarantine keeps an advert that could not be read. The times are the store's
// to set.
func (s *Store) PutQuarantine(ctx context.Context, q Quarantined) error {
	err := s.inTx(ctx, func(tx *txn) error {
		raw := s.pack(q.Raw)
		if len(q.Raw) > mostQuarantineRaw {
			raw = nil
		}
		if raw != nil {
			kept, err := count(ctx, tx, `(SELECT 1 FROM quarantine WHERE source = $1 AND raw IS NOT NULL AND NOT (url = $2 AND reference = $3) LIMIT $4) x`,
				q.Source, shortKey(q.URL), shortKey(q.Reference), mostQuarantined)
			if err != nil {
				return err
			}
			if kept >= mostQuarantined {
				raw = nil
			}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO quarantine (source, url, reference, error, raw_type, raw, first_at, last_at, times, crawl)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 1, $8)
			ON CONFLICT (source, url, reference) DO UPDATE SET error = excluded.error, raw_type = excluded.raw_type, raw = excluded.raw,
				last_at = excluded.last_at, times = quarantine.times + 1, crawl = excluded.crawl`,
			q.Source, shortKey(q.URL), shortKey(q.Reference), q.Error, q.RawType, raw, ms(s.now()), q.Crawl)
		return err
	})
	if err != nil {
		return fmt.Errorf("store: quarantine %s: %w", q.URL, err)
	}
	return nil
}

const quarantineColumns = `SELECT q.source, q.url, q.reference, q.error, q.raw_type, q.first_at, q.last_at, q.times, q.crawl, COALESCE(length(q.raw), 0),
		CASE WHEN q.crawl >= ` + lastWhole + ` THEN 1 ELSE 0 END `

// quarantineTables joins the source, which may be unknown.
const quarantineTables = ` FROM quarantine q LEFT JOIN source s ON s.id = q.source `

func (s *Store) scanQuarantined(withRaw bool) func(*sql.Rows) (Quarantined, error) {
	return func(r *sql.Rows) (q Quarantined, err error) {
		var raw []byte
		var first, last int64
		into := []any{&q.Source, &q.URL, &q.Reference, &q.Error, &q.RawType, &first, &last, &q.Times, &q.Crawl, &q.Size, &q.Listed}
		if withRaw {
			into = append(into, &raw)
		}
		err = r.Scan(into...)
		q.FirstAt, q.LastAt = fromMS(first), fromMS(last)
		if err == nil {
			q.Raw, err = s.unpack(raw)
		}
		return q, err
	}
}

// Quarantine returns up to limit adverts that could not be read, newest first, with
// what was fetched.
func (s *Store) Quarantine(ctx context.Context, limit int) ([]Quarantined, error) {
	qs, err := all(ctx, s.read, s.scanQuarantined(true), quarantineColumns+`, q.raw`+quarantineTables+`ORDER BY q.last_at DESC, q.source, q.url, q.reference LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("store: quarantine: %w", err)
	}
	return qs, nil
}

// QuarantineList returns up to limit adverts that could not be read, of one source
// or, when it is empty, of all, by source, address and reference, beyond the given
// one, and without what was fetched.
func (s *Store) QuarantineList(ctx context.Context, source string, after *Quarantined, limit int) ([]Quarantined, error) {
	a := cmp.Or(after, &Quarantined{})
	qs, err := all(ctx, s.read, s.scanQuarantined(false), quarantineColumns+quarantineTables+`
		WHERE (q.source = $1 OR $1 = '') AND (q.source, q.url, q.reference) > ($2, $3, $4) ORDER BY q.source, q.url, q.reference LIMIT $5`,
		source, a.Source, a.URL, a.Reference, limit)
	if err != nil {
		return nil, fmt.Errorf("store: list of the quarantine: %w", err)
	}
	return qs, nil
}

// QuarantinedWhole returns an entry of a list with what was fetched, or ErrNotFound.
func (s *Store) QuarantinedWhole(ctx context.Context, q Quarantined) (Quarantined, error) {
	qs, err := all(ctx, s.read, s.scanQuarantined(true), quarantineColumns+`, q.raw`+quarantineTables+`WHERE q.source = $1 AND q.url = $2 AND q.reference = $3`,
		q.Source, q.URL, q.Reference)
	if err == nil && len(qs) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Quarantined{}, fmt.Errorf("store: quarantined %s: %w", q.ID(), err)
	}
	return qs[0], nil
}

// DropQuarantined lets go of an entry, unless it was met again since it was listed,
// and reports whether it did.
func (s *Store) DropQuarantined(ctx context.Context, q Quarantined) (bool, error) {
	var n int64
	err := s.inTx(ctx, func(tx *txn) (err error) {
		n, err = exec(ctx, tx, `DELETE FROM quarantine WHERE source = $1 AND url = $2 AND reference = $3 AND times = $4 AND crawl = $5`,
			q.Source, q.URL, q.Reference, q.Times, q.Crawl)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("store: drop quarantined %s: %w", q.ID(), err)
	}
	return n > 0, nil
}

// StillQuarantined keeps why an entry cannot be read by today's rules. It does not
// count as met again.
func (s *Store) StillQuarantined(ctx context.Context, q Quarantined, why string) error {
	err := s.inTx(ctx, func(tx *txn) error {
		_, err := tx.ExecContext(ctx, `UPDATE quarantine SET error = $1 WHERE source = $2 AND url = $3 AND reference = $4`, why, q.Source, q.URL, q.Reference)
		return err
	})
	if err != nil {
		return fmt.Errorf("store: quarantined %s: %w", q.ID(), err)
	}
	return nil
}
