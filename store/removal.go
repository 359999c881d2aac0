package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The kinds of key that name the adverts of a removal, beside those of [Posting].
const (
	// KeyPosting is one posting: see [PostingKey].
	KeyPosting = "posting"
	// KeyAdvert is the adverts of one title at one address: see [AdvertKey]. An
	// address may carry several adverts, and only one of them be asked away.
	KeyAdvert = "advert"
	// KeyURL is everything at an address.
	KeyURL = "url"
)

// PostingKey names one posting.
func PostingKey(source, reference string) Key {
	return Key{Kind: KeyPosting, Value: source + "\n" + shortKey(reference)}
}

// AdvertKey names the adverts of a title at an address, as the key of its kind in
// [Posting] writes it.
func AdvertKey(url, title string) Key {
	return Key{Kind: KeyAdvert, Value: url + "\n" + strings.Join(strings.Fields(strings.ToLower(title)), " ")}
}

// Removal is the standing word that an advert is not shown. It outlasts crawls and
// renormalising: whatever posting has one of its keys is hidden, when it was kept
// and whenever it is kept again.
type Removal struct {
	ID string `json:"id"`
	// Vacancy is what it was made for; empty when nothing was known there.
	Vacancy string `json:"vacancy,omitempty"`
	// Subject names it for the operator, and Reason says why.
	Subject string `json:"subject"`
	Reason  string `json:"reason,omitempty"`
	// Reposts says that equal text under another reference is hidden too.
	Reposts bool      `json:"reposts"`
	At      time.Time `json:"at"`
}

// Remove keeps a removal with the keys of what it hides. The caller then puts the
// postings that have one of them, so that they are marked. The id and the time are
// the store's to give.
func (t *Tx) Remove(ctx context.Context, r Removal, keys []Key) (id string, err error) {
	id = t.s.newID()
	t.removing, t.absent.removalKeys = nil, nil
	if _, err := t.tx.ExecContext(ctx, `INSERT INTO removal (id, vacancy, subject, reason, reposts, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		id, r.Vacancy, r.Subject, r.Reason, flag(r.Reposts), ms(t.s.now())); err != nil {
		return "", fmt.Errorf("keep a removal: %w", err)
	}
	rows := make([][]any, len(keys))
	for i, k := range keys {
		rows[i] = []any{k.Kind, shortKey(k.Value), id}
	}
	if err := insertRows(ctx, t.tx, `INSERT INTO removal_key (kind, value, removal) VALUES`, ` ON CONFLICT (kind, value, removal) DO NOTHING`, rows); err != nil {
		return "", fmt.Errorf("keep the keys of a removal: %w", err)
	}
	return id, nil
}

// Lift ends a removal and returns the postings that it hid, without their keys: the
// caller puts them again, so that they are shown unless another removal hides them.
func (t *Tx) Lift(ctx context.Context, id string) ([]*Posting, error) {
	n, err := exec(ctx, t.tx, `DELETE FROM removal WHERE id = $1`, id)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	if err == nil {
		_, err = t.tx.ExecContext(ctx, `DELETE FROM removal_key WHERE removal = $1`, id)
	}
	var hidden []*Posting
	if err == nil {
		hidden, err = all(ctx, t.tx, t.s.scanPosting, postingColumns+`WHERE p.removed = $1 ORDER BY p.source, p.reference`, id)
	}
	if err != nil {
		return nil, fmt.Errorf("lift removal %s: %w", id, err)
	}
	return hidden, nil
}

// removalOf finds the removal that hides a posting, the oldest of several; empty
// when none does.
func (t *Tx) removalOf(ctx context.Context, p *Posting) (string, error) {
	if some, err := t.removes(ctx); err != nil || !some {
		return "", err
	}
	keys := slices.DeleteFunc(hidingKeys(p), func(k Key) bool { return t.absent.removalKeys[pairOf(k.Kind, k.Value)] })
	if len(keys) == 0 {
		return "", nil
	}
	where := make([]string, len(keys))
	args := make([]any, 0, 2*len(keys))
	for i, k := range keys {
		where[i] = fmt.Sprintf(`kind = $%d AND value = $%d`, 2*i+1, 2*i+2)
		args = append(args, k.Kind, shortKey(k.Value))
	}
	ids, err := all(ctx, t.tx, scanString, `SELECT r.id FROM removal r JOIN removal_key k ON k.removal = r.id WHERE (`+strings.Join(where, `) OR (`)+`) ORDER BY r.at, r.id LIMIT 1`, args...)
	if err != nil || len(ids) == 0 {
		return "", err
	}
	return ids[0], nil
}

// hidingKeys are those that a removal of a posting may have.
func hidingKeys(p *Posting) []Key {
	keys := append([]Key{PostingKey(p.Source, p.Reference)}, p.Keys...)
	for _, k := range p.Keys {
		if k.Kind == KeyURL && p.Content != nil {
			keys = append(keys, AdvertKey(k.Value, p.Content.Title))
		}
	}
	return keys
}

// removes reports whether there are removals, which is rare. They are made and lifted
// by transactions of the log alone, of which this is one.
func (t *Tx) removes(ctx context.Context) (bool, error) {
	if t.removing == nil {
		var some bool
		if err := t.tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM removal)`).Scan(&some); err != nil {
			return false, err
		}
		t.removing = &some
	}
	return *t.removing, nil
}

// Removals returns the standing removals, newest first.
func (s *Store) Removals(ctx context.Context) ([]Removal, error) {
	rs, err := all(ctx, s.read, func(r *sql.Rows) (x Removal, err error) {
		var at int64
		err = r.Scan(&x.ID, &x.Vacancy, &x.Subject, &x.Reason, &x.Reposts, &at)
		x.At = fromMS(at)
		return x, err
	}, `SELECT id, vacancy, subject, reason, reposts, at FROM removal ORDER BY at DESC, id DESC`)
	if err != nil {
		return nil, fmt.Errorf("store: removals: %w", err)
	}
	return rs, nil
}
