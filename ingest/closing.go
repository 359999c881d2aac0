package ingest

import (
	"context"
	"fmt"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

const (
	// closeBatch is how many postings one transaction closes: about 30 ms.
	closeBatch = 20
	// sweepBatch is how many postings are marked at a time outside of a crawl.
	sweepBatch = 500
	// unwatchedFor is how long an advert outlives the last look at it when its source
	// is not configured any more: long enough for who takes a source out by mistake,
	// or renames it.
	unwatchedFor = 14 * 24 * time.Hour
)

// Sweep closes what no crawl closes: what is past its closing date, of every source;
// what a crawl that was killed had marked; and what was not seen for two weeks of
// sources that are not among the watched ones. To watch nothing is to know nothing,
// and closes nothing for that reason. It returns how many adverts it closed.
func (in *Ingest) Sweep(ctx context.Context, watched []string) (int, error) {
	err := repeat(func() (int, error) { return in.Store.MarkExpired(ctx, sweepBatch) })
	if err == nil && len(watched) > 0 {
		since := in.Now().Add(-unwatchedFor)
		err = repeat(func() (int, error) { return in.Store.MarkUnwatched(ctx, watched, since, sweepBatch) })
	}
	if err != nil {
		return 0, fmt.Errorf("sweep: %w", err)
	}
	n, err := in.closeMarked(ctx, "", nil)
	if err != nil {
		return n, fmt.Errorf("sweep: %w", err)
	}
	return n, nil
}

// repeat marks until less than a batch is left to mark.
func repeat(mark func() (int, error)) error {
	for {
		if n, err := mark(); err != nil || n < sweepBatch {
			return err
		}
	}
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
