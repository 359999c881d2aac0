package search

import (
	"context"
	"fmt"
	"time"

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

// Rebuild fills the index with every open vacancy that may be shown, and nothing
// else. The cursor becomes the change log's head as it was before the first
// page: what changes meanwhile is applied twice and missed never.
//
// A Renewable index goes on answering with all of its old content, and changes it
// for the new in one step; a rebuild that is cut short leaves it as it was. Any
// other index is emptied first. A rebuild that is cut short then leaves its
// cursor at zero, so that its reader, or the next Rebuild, starts from nothing.
func Rebuild(ctx context.Context, o RebuildOptions) error {
	head, err := o.From.Head(ctx)
	if err != nil {
		return fmt.Errorf("rebuild index: read the head of the change log: %w", err)
	}
	if x, ok := o.Index.(Renewable); ok {
		return renew(ctx, x, o, head)
	}
	if err := o.Index.Reset(ctx); err != nil {
		return fmt.Errorf("rebuild index: empty it: %w", err)
	}
	return fill(ctx, o.Index, o, head)
}

// discardWithin bounds how long what a failed rebuild began is being removed. The
// next one removes it too.
const discardWithin = 5 * time.Second

// renew fills a new index beside the old one and puts it in its place.
func renew(ctx context.Context, x Renewable, o RebuildOptions, head int64) error {
	next, err := x.Renew(ctx)
	if err != nil {
		return fmt.Errorf("rebuild index: begin a new one: %w", err)
	}
	if err = fill(ctx, next, o, head); err == nil {
		if err = next.Commit(ctx); err == nil {
			return nil
		}
		err = fmt.Errorf("rebuild index: put the new one in its place: %w", err)
	}
	// Whoever stops a rebuild ends ctx; what was begun is removed all the same.
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), discardWithin)
	defer cancel()
	_ = next.Discard(late) // the error that led here is the one worth telling
	return err
}

// filled is what takes the pages of a rebuild: an index, or a Renewal.
type filled interface {
	Apply(ctx context.Context, b Batch) error
}

// fill puts in every open vacancy that may be shown, and then sets the cursor.
func fill(ctx context.Context, x filled, o RebuildOptions, head int64) error {
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
		if err := x.Apply(ctx, b); err != nil {
			return fmt.Errorf("rebuild index: put vacancies up to %q: %w", after, err)
		}
		done += len(b.Put)
		if o.Progress != nil {
			o.Progress(done)
		}
	}
	if err := x.Apply(ctx, Batch{Cursor: head}); err != nil {
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
