package embedded

import (
	"context"

	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/terms"
)

// Options says where an Index lies and what it reads vacancies with.
type Options struct {
	// Dir is the directory of the index. It belongs to this package: what is
	// in it may be deleted. It is made when it does not exist.
	Dir     string
	Matcher *matcher.Matcher
	Terms   *terms.Analyser
}

// Index is a bleve index of vacancies.
type Index struct{}

var _ search.Index = (*Index)(nil)

// Open opens the index in o.Dir, or makes a new one when there is none.
func Open(ctx context.Context, o Options) (*Index, error) { return &Index{}, nil }

// Search answers a query.
func (x *Index) Search(ctx context.Context, q search.Query) (search.Result, error) {
	return search.Result{}, nil
}

// Apply puts and deletes vacancies and moves the cursor.
func (x *Index) Apply(ctx context.Context, b search.Batch) error { return nil }

// Reset deletes everything.
func (x *Index) Reset(ctx context.Context) error { return nil }

// Cursor is the last change seen.
func (x *Index) Cursor(ctx context.Context) (int64, error) { return 0, nil }

// Vocabulary holds the surface words.
func (x *Index) Vocabulary(ctx context.Context) (map[string]int, error) { return nil, nil }

// Count is the number of vacancies held.
func (x *Index) Count(ctx context.Context) (int, error) { return 0, nil }

// Close lets the directory go.
func (x *Index) Close() error { return nil }
