package ingest

import (
	"context"
	"fmt"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

const (
	// closeBatch is how many postings one transaction closes: about 30 ms.
	closeBatch = 20
	// expireBatch is how many postings one transaction marks as expired.
	expireBatch = 500
)

// Sweep closes what is past its closing date, of every source, and what a crawl
// that was killed had marked. It returns how many adverts it closed.
func (in *Ingest) Sweep(ctx context.Context) (int, error) {
	for {
		n, err := in.Store.MarkExpired(ctx, expireBatch)
		if err != nil {
			return 0, err
		}
		if n < expireBatch {
			break
		}
	}
	n, err := in.closeMarked(ctx, "", nil)
	if err != nil {
		return n, fmt.Errorf("sweep: %w", err)
	}
	return n, nil
}

// closeMarked closes the postings that are marked, of one source or of all, and
// makes their vacancies anew. With a lease, only while it is held.
func (in *Ingest) closeMarked(ctx context.Context, source string, l *store.Lease) (closed int, err error) {
	for {
		marked, err := in.Store.MarkedForClosing(ctx, source, closeBatch)
		if err != nil || len(marked) == 0 {
			return closed, err
		}
		n := 0
		err = in.Store.Write(ctx, func(tx *store.Tx) error {
			if l != nil {
				if err := tx.Holds(ctx, *l); err != nil {
					return err
				}
			}
			n, err = in.closeSome(ctx, tx, marked)
			return err
		})
		if err != nil {
			return closed, fmt.Errorf("close %d adverts: %w", len(marked), err)
		}
		closed += n
	}
}

func (in *Ingest) closeSome(ctx context.Context, tx *store.Tx, marked []store.Marked) (n int, err error) {
	vacancies := map[string]bool{}
	for _, m := range marked {
		done, err := tx.ClosePosting(ctx, m.Source, m.Reference)
		if err != nil {
			return n, err
		}
		if done {
			n++
			vacancies[m.Vacancy] = true
		}
	}
	for _, m := range marked {
		if !vacancies[m.Vacancy] {
			continue
		}
		delete(vacancies, m.Vacancy)
		v, err := tx.Vacancy(ctx, m.Vacancy) // its id may have become an alias
		if err != nil {
			return n, err
		}
		if err := in.refresh(ctx, tx, v.ID, true, sendwatch.CauseCopy); err != nil {
			return n, err
		}
	}
	return n, nil
}
