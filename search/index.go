package search

import (
	"context"
	"errors"

	"github.com/sendwatch/sendwatch"
)

// ErrBusy says that another process holds the index. Whoever meets it asks
// that process instead, or tries again once it has ended.
var ErrBusy = errors.New("search: the index is in use by another process")

// Index is an engine: it holds the vacancies that may be shown and answers
// Queries. It is safe for many readers and one writer at a time; a writer that
// calls Apply or Reset from two goroutines waits its turn.
//
// An error of any method is temporary unless it is ErrBadQuery, ErrNoHome or
// ErrBusy, or has a method Temporary that says otherwise (a key was refused, for
// example): nothing was changed, and the same call may be tried again.
type Index interface {
	// Search answers a query. It reads what the last Apply left.
	Search(ctx context.Context, q Query) (Result, error)
	// Apply puts and deletes vacancies and moves the cursor, as one step: after
	// a kill at any instant either all of the batch is there, with its cursor,
	// or the cursor is still the old one and the same batch may be applied again.
	Apply(ctx context.Context, b Batch) error
	// Reset deletes everything and puts the cursor back to zero.
	Reset(ctx context.Context) error
	// Cursor is the last change of the change log that the index has seen; zero
	// of a new index.
	Cursor(ctx context.Context) (int64, error)
	// Vocabulary holds the surface words of the vacancies (terms.Words) and in
	// about how many vacancies each stands. It is shared: do not change it.
	Vocabulary(ctx context.Context) (map[string]int, error)
	// Count is the number of vacancies held.
	Count(ctx context.Context) (int, error)
	Close() error
}

// Batch is one step of an index's life. A vacancy that is both put and deleted
// is put.
type Batch struct {
	// Put adds vacancies, each in place of what stood under its id. An index
	// takes what it is given: that a vacancy may be shown is the Indexer's care.
	Put []*sendwatch.Vacancy
	// Delete removes ids; one that is not there is no error.
	Delete []string
	// Cursor is where the index stands in the change log after this batch.
	Cursor int64
}

// Renewable is an Index that can be filled anew beside the one that answers, so
// that a rebuild is never seen half done.
type Renewable interface {
	Index
	// Renew begins an empty index beside this one, in place of any that an
	// earlier, cut short Renew has left.
	Renew(ctx context.Context) (Renewal, error)
}

// Renewal is an index in the making. It is used by one goroutine.
type Renewal interface {
	// Apply adds vacancies; the last call carries the cursor.
	Apply(ctx context.Context, b Batch) error
	// Commit puts the new index in the place of the old one, with all that was
	// applied and its cursor, in one step, and removes the old one.
	Commit(ctx context.Context) error
	// Discard removes what was begun.
	Discard(ctx context.Context) error
}
