package ingest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

// RemoveOptions say what is to be shown no longer: a vacancy, or all that stands at
// an address.
type RemoveOptions struct {
	// Vacancy is the id or an alias of a vacancy. What stands at an address beside it
	// stays.
	Vacancy string
	// URL is an address that adverts are read at, known or not known yet.
	URL string
	// Reposts hides equal text of the employer under another reference as well. An
	// employer may repeat a text when the post falls vacant again a year later: this
	// hides that too.
	Reposts bool
	Reason  string
}

// ErrNoAddress says that an address names no page.
var ErrNoAddress = errors.New("that is no address of a page")

// Remove takes a vacancy, or what stands at an address, out of everything that is
// shown or told, now and after every later crawl, and returns the removal's id.
func (in *Ingest) Remove(ctx context.Context, o RemoveOptions) (id string, err error) {
	err = in.Store.Write(ctx, func(tx *store.Tx) error {
		r := store.Removal{Subject: o.URL, Reason: o.Reason, Reposts: o.Reposts}
		var keys []store.Key
		var hidden []*store.Posting
		if o.Vacancy != "" {
			v, err := tx.Vacancy(ctx, o.Vacancy)
			if err != nil {
				return err
			}
			r.Vacancy, r.Subject = v.ID, subject(v)
			if hidden, err = tx.Postings(ctx, v.ID); err != nil {
				return err
			}
			keys = removalKeys(hidden, o.Reposts)
		} else {
			address := canonicalURL(o.URL)
			if address == "" {
				return ErrNoAddress
			}
			keys = []store.Key{{Kind: store.KeyURL, Value: address}}
			at, err := in.carrying(ctx, tx, keys)
			if err != nil {
				return err
			}
			if o.Reposts {
				keys = append(keys, removalKeys(at, true)...)
			}
		}
		if id, err = tx.Remove(ctx, r, keys); err != nil {
			return err
		}
		more, err := in.carrying(ctx, tx, keys)
		if err != nil {
			return err
		}
		return in.putAgain(ctx, tx, append(hidden, more...))
	})
	if err != nil {
		return "", fmt.Errorf("remove: %w", err)
	}
	return id, nil
}

// Lift ends a removal: what it hid is shown again, unless another removal hides it.
// Nobody is told.
func (in *Ingest) Lift(ctx context.Context, id string) error {
	err := in.Store.Write(ctx, func(tx *store.Tx) error {
		hidden, err := tx.Lift(ctx, id)
		if err != nil {
			return err
		}
		return in.putAgain(ctx, tx, hidden)
	})
	if err != nil {
		return fmt.Errorf("lift: %w", err)
	}
	return nil
}

// putAgain keeps postings as they are, so that removals take hold of them or let
// them go, and makes their vacancies anew.
func (in *Ingest) putAgain(ctx context.Context, tx *store.Tx, postings []*store.Posting) error {
	var vacancies []string
	for _, p := range postings {
		p.Keys = keysOf(p.Content, &p.Reading)
		if err := tx.PutPosting(ctx, p); err != nil {
			return err
		}
		if !slices.Contains(vacancies, p.Vacancy) {
			vacancies = append(vacancies, p.Vacancy)
		}
	}
	for _, id := range vacancies {
		if err := in.refresh(ctx, tx, id, true, sendwatch.CauseOperator); err != nil {
			return err
		}
	}
	return nil
}

// removalKeys names postings wherever they are met again: by source and reference,
// by their titles at their addresses and, with their texts, by fingerprint.
func removalKeys(postings []*store.Posting, texts bool) []store.Key {
	var keys []store.Key
	for _, p := range postings {
		keys = append(keys, store.PostingKey(p.Source, p.Reference))
		for _, k := range keysOf(p.Content, &p.Reading) {
			switch {
			case k.Kind == keyURL:
				keys = append(keys, store.AdvertKey(k.Value, p.Content.Title))
			case texts && k.Kind == keyFingerprint:
				keys = append(keys, k)
			}
		}
	}
	return keys
}

// carrying finds the stored postings that have one of the keys.
func (in *Ingest) carrying(ctx context.Context, tx *store.Tx, keys []store.Key) ([]*store.Posting, error) {
	kin, err := tx.Kin(ctx, "", "", slices.DeleteFunc(slices.Clone(keys), func(k store.Key) bool {
		return k.Kind != keyURL && k.Kind != keyFingerprint
	}), time.Time{})
	if err != nil {
		return nil, err
	}
	var out []*store.Posting
	for _, k := range kin {
		p, err := tx.Posting(ctx, k.Source, k.Reference)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// subject names a vacancy for the operator.
func subject(v *sendwatch.Vacancy) string {
	if v.Employer == "" {
		return v.Title
	}
	return v.Title + ", " + v.Employer
}
