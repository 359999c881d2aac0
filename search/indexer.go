package search

import (
	"context"
	"fmt"
	"sync"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/changelog"
)

// MaxBatch is how many vacancies one step of an index holds at most. Bleve
// wants some hundreds: 100 single updates leave a hundred files behind, and
// batches much above 500 gain nothing and hold memory.
const MaxBatch = 500

// Vacancies is where the present state of vacancies is read from.
type Vacancies interface {
	// Vacancies returns those of the ids that exist, in any order. It may
	// follow an alias to the vacancy that has taken it over.
	Vacancies(ctx context.Context, ids []string) ([]*sendwatch.Vacancy, error)
}

// IndexerOptions is what an Indexer works with.
type IndexerOptions struct {
	// Engine names the index's engine. The reader of "embedded" is "index:embedded".
	Engine    string
	Index     Index
	Vacancies Vacancies
	// From, when set, lets the Indexer fill an index that cannot be brought up to
	// date from the log: a new or emptied one, whose cursor is zero, and one whose
	// cursor lies beyond the head of the log, as after an older copy of the
	// database was restored. Without it every change since the first is applied.
	From Open
	// Progress, when set, is told as RebuildOptions.Progress is.
	Progress func(done int)
}

// Indexer is the reader of the change log that keeps an Index up to date. Its
// cursor stands in the index itself.
type Indexer struct {
	o IndexerOptions
	// mu keeps the comparing of the cursor and the moving of it together.
	mu sync.Mutex
}

var _ changelog.Reader = (*Indexer)(nil)

// NewIndexer makes an Indexer.
func NewIndexer(o IndexerOptions) *Indexer { return &Indexer{o: o} }

// Name is "index:" and the engine.
func (x *Indexer) Name() string { return "index:" + x.o.Engine }

// Cursor is the last change that the index has seen. It is zero also of an index
// that has seen changes which the log has not, if it can be filled: what it
// holds is not worth anything.
func (x *Indexer) Cursor(ctx context.Context) (int64, error) {
	at, err := x.o.Index.Cursor(ctx)
	if err != nil || at == 0 || x.o.From == nil {
		return at, err
	}
	// The head is read after the cursor, so it is behind only if the log went back.
	head, err := x.o.From.Head(ctx)
	if err != nil {
		return 0, fmt.Errorf("%s: read the head of the change log: %w", x.Name(), err)
	}
	if at > head {
		return 0, nil
	}
	return at, nil
}

// Apply brings the index to the present state of the vacancies that the changes
// name, and its cursor to the last change. Changes say only where to look: a
// vacancy that may be shown now is put, whatever happened to it in between, and
// one that is closed, gone or no longer to be shown is deleted. It returns
// changelog.ErrCursorMoved when the index does not stand at from.
//
// From zero it fills the index, if it can, and leaves the cursor where the log
// ended then, which is at the last of the changes or after it.
func (x *Indexer) Apply(ctx context.Context, from int64, changes []sendwatch.Change) error {
	if len(changes) == 0 {
		return nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	at, err := x.Cursor(ctx)
	if err != nil {
		return fmt.Errorf("%s: read the cursor: %w", x.Name(), err)
	}
	if at != from {
		return fmt.Errorf("%s: at %d, not %d: %w", x.Name(), at, from, changelog.ErrCursorMoved)
	}
	if from == 0 && x.o.From != nil {
		if err := Rebuild(ctx, RebuildOptions{Index: x.o.Index, From: x.o.From, Progress: x.o.Progress}); err != nil {
			return fmt.Errorf("%s: %w", x.Name(), err)
		}
		return nil
	}
	b, err := x.present(ctx, named(changes))
	if err != nil {
		return fmt.Errorf("%s: load changed vacancies: %w", x.Name(), err)
	}
	b.Cursor = changes[len(changes)-1].Seq
	if err := x.o.Index.Apply(ctx, b); err != nil {
		return fmt.Errorf("%s: apply changes %d to %d: %w", x.Name(), from, b.Cursor, err)
	}
	return nil
}

// named lists the vacancies that changes name, each once.
func named(changes []sendwatch.Change) []string {
	seen := make(map[string]bool, len(changes))
	var ids []string
	for _, c := range changes {
		if c.Vacancy != "" && !seen[c.Vacancy] {
			seen[c.Vacancy] = true
			ids = append(ids, c.Vacancy)
		}
	}
	return ids
}

// present sorts ids into what to put and what to delete. An id whose vacancy
// comes back under another id is an alias, and is deleted as such.
func (x *Indexer) present(ctx context.Context, ids []string) (Batch, error) {
	var b Batch
	put := make(map[string]bool, len(ids))
	for len(ids) > 0 {
		page := ids[:min(len(ids), MaxBatch)]
		ids = ids[len(page):]
		found, err := x.o.Vacancies.Vacancies(ctx, page)
		if err != nil {
			return Batch{}, err
		}
		for _, v := range found {
			if v.Announceable() && !put[v.ID] {
				put[v.ID] = true
				b.Put = append(b.Put, v)
			}
		}
		for _, id := range page {
			if !put[id] {
				b.Delete = append(b.Delete, id)
			}
		}
	}
	return b, nil
}
