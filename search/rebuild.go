package search

import (
	"context"
	"fmt"

	"github.com/sendwatch/sendwatch"
)

// Open is where a rebuild reads from.
type Open interface {
	// OpenVacancies returns up to limit open vacancies whose ids come after
	// the one given, in the order of their ids.
	OpenVacancies(ctx context.Context, after string, limit int) ([]*sendwatch.Vacancy, error)
	// Head is the last change of the change log.
	Head(ctx context.Context) (int64, error)
}

// RebuildOptions is what Rebuild works with.
type RebuildOptions struct {
	Index Index
	From  Open
	// Progress, when set, is told after every page how many vacancies are in.
	Progress func(done int)
}

// Rebuild empties the index and fills it with every open vacancy that may be
// shown. The cursor becomes the change log's head as it was before the first
// page: what changes meanwhile is applied twice and missed never. A rebuild
// that is cut short leaves the cursor at zero, so that the index's reader, or
// the next Rebuild, starts from nothing.
func Rebuild(ctx context.Context, o RebuildOptions) error {
	head, err := o.From.Head(ctx)
	if err != nil {
		return fmt.Errorf("rebuild index: read the head of the change log: %w", err)
	}
	if err := o.Index.Reset(ctx); err != nil {
		return fmt.Errorf("rebuild index: empty it: %w", err)
	}
	after, done := "", 0
	for {
		page, err := o.From.OpenVacancies(ctx, after, MaxBatch)
		if err != nil {
			return fmt.Errorf("rebuild index: read open vacancies after %q: %w", after, err)
		}
		if len(page) == 0 {
			break
		}
		after = page[len(page)-1].ID
		b := Batch{Put: announceable(page)}
		if err := o.Index.Apply(ctx, b); err != nil {
			return fmt.Errorf("rebuild index: put vacancies up to %q: %w", after, err)
		}
		done += len(b.Put)
		if o.Progress != nil {
			o.Progress(done)
		}
	}
	if err := o.Index.Apply(ctx, Batch{Cursor: head}); err != nil {
		return fmt.Errorf("rebuild index: set the cursor: %w", err)
	}
	return nil
}

func announceable(page []*sendwatch.Vacancy) []*sendwatch.Vacancy {
	var put []*sendwatch.Vacancy
	for _, v := range page {
		if v.Announceable() {
			put = append(put, v)
		}
	}
	return put
}
