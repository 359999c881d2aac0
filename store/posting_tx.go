package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/sendwatch/sendwatch"
)

// Holds checks that a lease was not taken over: a crawl that lost its source
// writes nothing more.
func (t *Tx) Holds(ctx context.Context, l Lease) error { return holds(ctx, t.tx, l) }

// PutPage remembers a page together with what it validates.
func (t *Tx) PutPage(source string, p Page) { t.late.page(source, p) }

// Posting returns one posting, without its keys, or ErrNotFound. Nobody else changes
// it until the transaction ends.
func (t *Tx) Posting(ctx context.Context, source, reference string) (*Posting, error) {
	id := pairOf(source, reference)
	if t.absent.postings[id] {
		return nil, fmt.Errorf("posting %s of %s: %w", reference, source, ErrNotFound)
	}
	ps, err := all(ctx, t.tx, t.s.scanPosting, postingColumns+`WHERE p.source = $1 AND p.reference = $2`+t.tx.locks("NO KEY UPDATE OF p"), source, id.b)
	if err == nil && len(ps) == 0 {
		t.absent.postings.add(id)
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

// PutPosting keeps a posting and its keys, hidden when a removal has one of them. It
// sets Removed. What was fetched for it before stays unless Packed brings it anew.
func (t *Tx) PutPosting(ctx context.Context, p *Posting) error {
	if err := t.putPosting(ctx, p); err != nil {
		return fmt.Errorf("put posting %s of %s: %w", p.Reference, p.Source, err)
	}
	return nil
}

func (t *Tx) putPosting(ctx context.Context, p *Posting) (err error) {
	if p.Removed, err = t.removalOf(ctx, p); err != nil {
		return err
	}
	b := p.Packed
	if b == nil {
		content, err := json.Marshal(p.Content)
		if err != nil {
			return err
		}
		if b, err = t.s.Pack(Bulk{Content: content, Reading: &p.Reading}); err != nil {
			return err
		}
	}
	id := pairOf(p.Source, p.Reference)
	keys := make([][]any, len(p.Keys))
	for i, k := range p.Keys {
		key := pairOf(k.Kind, k.Value)
		delete(t.absent.keys, key)
		keys[i] = []any{key.a, key.b, id.a, id.b}
	}
	if t.absent.postings[id] {
		delete(t.absent.postings, id)
		n := t.tx.waiting()
		n.postings, n.bodies, n.keys = append(n.postings, postingRow(id, p)), append(n.bodies, bodyRow(id, b)), append(n.keys, keys...)
		if len(n.postings) < mostWaiting {
			return nil
		}
		return t.tx.settle(ctx)
	}
	onSame := onSameBody
	if b.raw != nil {
		onSame += `, raw_type = excluded.raw_type, raw = excluded.raw`
	}
	if err := insertSome(ctx, t.tx, `INSERT `+intoPosting, onSamePosting, [][]any{postingRow(id, p)}); err != nil {
		return err
	}
	if err := insertSome(ctx, t.tx, `INSERT `+intoBody, onSame, [][]any{bodyRow(id, b)}); err != nil {
		return err
	}
	if _, err := t.tx.ExecContext(ctx, `DELETE FROM posting_key WHERE source = $1 AND reference = $2`, id.a, id.b); err != nil {
		return err
	}
	return insertRows(ctx, t.tx, `INSERT `+intoKey, onSameKey, keys)
}

const (
	intoPosting = `INTO posting (source, reference, vacancy, url, item_url, kind, hash, rules, open, missed, closing,
			first_seen, last_seen, last_crawl, gone_crawl, closes_at, closed_at, removed) VALUES`
	onSamePosting = ` ON CONFLICT (source, reference) DO UPDATE SET vacancy = excluded.vacancy, url = excluded.url, item_url = excluded.item_url, kind = excluded.kind,
			hash = excluded.hash, rules = excluded.rules, open = excluded.open, missed = excluded.missed, closing = excluded.closing,
			last_seen = excluded.last_seen, last_crawl = excluded.last_crawl, closes_at = excluded.closes_at, closed_at = excluded.closed_at,
			removed = excluded.removed`
	intoBody   = `INTO posting_body (source, reference, content, reading, raw_type, raw) VALUES`
	onSameBody = ` ON CONFLICT (source, reference) DO UPDATE SET content = excluded.content, reading = excluded.reading`
	intoKey    = `INTO posting_key (kind, value, source, reference) VALUES`
	onSameKey  = ` ON CONFLICT (kind, value, source, reference) DO NOTHING`
)

func postingRow(id pair, p *Posting) []any {
	const neverGone = 0
	return []any{id.a, id.b, p.Vacancy, p.URL, shortKey(p.ItemURL), p.Kind, p.Hash, p.Reading.Rules, flag(p.Open), p.Missed, p.Closing,
		ms(p.FirstSeen), ms(p.LastSeen), p.LastCrawl, neverGone, nullMS(p.Reading.ClosesAt), nullMS(p.ClosedAt), p.Removed}
}

func bodyRow(id pair, b *Packed) []any {
	return []any{id.a, id.b, b.content, b.reading, b.rawType, b.raw}
}

// ClosePosting closes a posting that is marked, and reports whether it was.
func (t *Tx) ClosePosting(ctx context.Context, source, reference string) (bool, error) {
	if err := t.putClosed(ctx, source, reference); err != nil {
		return false, err
	}
	n, err := exec(ctx, t.tx, `UPDATE posting SET open = 0, closing = '', closed_at = $1 WHERE source = $2 AND reference = $3 AND open = 1 AND closing <> ''`,
		ms(t.s.now()), source, shortKey(reference))
	if err != nil {
		return false, fmt.Errorf("close posting %s of %s: %w", reference, source, err)
	}
	return n > 0, nil
}

// putClosed adds to a posting's history that it closes now, and why.
func (t *Tx) putClosed(ctx context.Context, source, reference string) error {
	var why string
	var seen int64
	err := t.tx.QueryRowContext(ctx, `SELECT closing, last_seen FROM posting WHERE source = $1 AND reference = $2 AND open = 1 AND closing <> ''`,
		source, shortKey(reference)).Scan(&why, &seen)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("close posting %s of %s: %w", reference, source, err)
	}
	return t.PutTurn(ctx, source, reference, sendwatch.Turn{At: t.s.now(), Event: sendwatch.TurnClosed, Why: why, LastSeen: fromMS(seen)})
}

// Kin is a posting that shares a key with another.
type Kin struct {
	Key
	Source, Reference, Vacancy string
	Open                       bool
	ClosedAt                   *time.Time
	LastCrawl                  int64
}

// mostKin bounds how many postings are returned for one key.
const mostKin = 100

// Kin returns the postings that have any of the keys and are open or closed since a
// moment, the given one excepted: of those with one key the newest, oldest first.
func (t *Tx) Kin(ctx context.Context, source, reference string, keys []Key, since time.Time) ([]Kin, error) {
	var out []Kin
	for _, k := range keys {
		if t.absent.keys[pairOf(k.Kind, k.Value)] {
			continue
		}
		found, err := all(ctx, t.tx, scanKin, `SELECT k.kind, k.value, p.source, p.reference, p.vacancy, p.open, p.closed_at, p.last_crawl
			FROM posting_key k JOIN posting p ON p.source = k.source AND p.reference = k.reference
			WHERE k.kind = $1 AND k.value = $2 AND NOT (p.source = $3 AND p.reference = $4) AND (p.open = 1 OR p.closed_at >= $5)
			ORDER BY p.first_seen DESC, p.source DESC, p.reference DESC LIMIT `+strconv.Itoa(mostKin), k.Kind, shortKey(k.Value), source, shortKey(reference), ms(since))
		if err != nil {
			return nil, fmt.Errorf("kin by %s: %w", k.Kind, err)
		}
		slices.Reverse(found)
		out = append(out, found...)
	}
	return out, nil
}

// KinByAny returns postings that have any of the values as a key of one kind, the
// given one excepted: at most limit, and which of more is left open.
func (t *Tx) KinByAny(ctx context.Context, source, reference, kind string, values []string, limit int) ([]Kin, error) {
	values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return t.absent.keys[pairOf(kind, v)] })
	if len(values) == 0 {
		return nil, nil
	}
	in, args := list(5, values)
	found, err := all(ctx, t.tx, scanKin, `SELECT '', '', p.source, p.reference, p.vacancy, p.open, p.closed_at, p.last_crawl
		FROM (SELECT DISTINCT source, reference FROM posting_key WHERE kind = $1 AND value IN (`+in+`) AND NOT (source = $2 AND reference = $3) LIMIT $4) k
		JOIN posting p ON p.source = k.source AND p.reference = k.reference
		ORDER BY p.last_seen DESC, p.source, p.reference`, append([]any{kind, source, shortKey(reference), limit}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("kin by %s: %w", kind, err)
	}
	return found, nil
}

func scanKin(r *sql.Rows) (k Kin, err error) {
	var closed sql.NullInt64
	err = r.Scan(&k.Kind, &k.Value, &k.Source, &k.Reference, &k.Vacancy, &k.Open, &closed, &k.LastCrawl)
	k.ClosedAt = fromNullMS(closed)
	return k, err
}

// DropKeys forgets the keys of one kind of a posting, until it is put again.
func (t *Tx) DropKeys(ctx context.Context, source, reference, kind string) error {
	if _, err := t.tx.ExecContext(ctx, `DELETE FROM posting_key WHERE kind = $1 AND source = $2 AND reference = $3`, kind, source, shortKey(reference)); err != nil {
		return fmt.Errorf("drop keys of %s of %s: %w", reference, source, err)
	}
	return nil
}

// ClearQuarantine forgets that an advert could not be read.
func (t *Tx) ClearQuarantine(source, url string) { t.late.clear(source, url) }

// notFound turns the driver's word for no row into ours.
func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}
