package ingest

import (
	"context"
	"errors"
	"fmt"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

const (
	// renormaliseBatch is how many postings are read again before they are written.
	renormaliseBatch = 200
	// renormaliseWrite is how many of them one transaction writes: about 50 ms on a
	// busy machine.
	renormaliseWrite = 10
)

// Renormalise reads again every posting whose reading older rules made, without a
// request, and returns how many it read. It may be interrupted at any moment and
// goes on from there. What changes by it is news to no one: its cause says so.
func (in *Ingest) Renormalise(ctx context.Context) (n int, err error) {
	for {
		old, err := in.Store.OldReadings(ctx, in.Rules, renormaliseBatch)
		if err != nil || len(old) == 0 {
			return n, err
		}
		for _, p := range old {
			reading, err := in.readSafely(p.Content)
			if err != nil {
				// What cannot be read keeps its reading, and is not tried for ever.
				in.Log.WarnContext(ctx, "not renormalised", "source", p.Source, "reference", p.Reference, "error", err)
				reading = p.Reading
				reading.Rules = in.Rules
			}
			if err := in.employ(ctx, &reading); err != nil {
				return n, fmt.Errorf("renormalise: %w", err)
			}
			p.Reading = reading
		}
		for len(old) > 0 {
			k := min(len(old), renormaliseWrite)
			if err := in.rewrite(ctx, old[:k]); err != nil {
				return n, fmt.Errorf("renormalise: %w", err)
			}
			n += k
			old = old[k:]
		}
	}
}

// rewrite keeps new readings of postings, unless a crawl was there first.
func (in *Ingest) rewrite(ctx context.Context, postings []*store.Posting) error {
	return in.Store.Write(ctx, func(tx *store.Tx) error {
		for _, p := range postings {
			now, err := tx.Posting(ctx, p.Source, p.Reference)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if now.Hash != p.Hash || now.Reading.Rules >= in.Rules {
				continue
			}
			now.Reading = p.Reading
			now.Keys = keysOf(now.Content, &now.Reading)
			if err := tx.PutPosting(ctx, now); err != nil {
				return err
			}
			if err := in.refresh(ctx, tx, now.Vacancy, false, sendwatch.CauseRenormalise); err != nil {
				return err
			}
		}
		return nil
	})
}
