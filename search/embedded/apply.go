package embedded

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/document"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
)

// cursorKey names the internal value that holds the cursor, in decimal.
var cursorKey = []byte("cursor")

// Apply puts and deletes vacancies and moves the cursor. A batch of more than
// search.MaxBatch goes in steps, of which only the last moves the cursor.
func (x *Index) Apply(ctx context.Context, b search.Batch) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.bleve == nil {
		return errClosed
	}
	for len(b.Put)+len(b.Delete) > search.MaxBatch {
		step := cut(&b)
		if err := x.apply(ctx, step, false); err != nil {
			return err
		}
	}
	return x.apply(ctx, b, true)
}

// cut takes the first search.MaxBatch operations off a batch, deletions first,
// so that what is put stays.
func cut(b *search.Batch) search.Batch {
	var step search.Batch
	n := min(len(b.Delete), search.MaxBatch)
	step.Delete, b.Delete = b.Delete[:n], b.Delete[n:]
	n = min(len(b.Put), search.MaxBatch-n)
	step.Put, b.Put = b.Put[:n], b.Put[n:]
	return step
}

func (x *Index) apply(ctx context.Context, b search.Batch, last bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	batch := x.bleve.NewBatch()
	for _, id := range b.Delete {
		batch.Delete(id)
	}
	documents := x.documents(b.Put)
	for _, d := range documents {
		if err := batch.IndexAdvanced(d); err != nil {
			return fmt.Errorf("lay out vacancy %q for the embedded index: %w", d.ID(), err)
		}
	}
	if last {
		batch.SetInternal(cursorKey, strconv.AppendInt(nil, b.Cursor, 10))
	}
	err := x.bleve.Batch(batch)
	x.census.invalidate() // whatever came of it
	if err != nil {
		x.words.invalidate()
		return fmt.Errorf("write to the embedded index: %w", err)
	}
	x.words.learn(documents)
	return nil
}

// documents lays vacancies out, on all processors.
func (x *Index) documents(vs []*sendwatch.Vacancy) []*document.Document {
	out := make([]*document.Document, len(vs))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(vs)) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(vs) {
					return
				}
				out[i] = x.document(vs[i])
			}
		})
	}
	wg.Wait()
	return out
}

// Cursor is the last change of the change log that the index has seen.
func (x *Index) Cursor(context.Context) (int64, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.bleve == nil {
		return 0, errClosed
	}
	return cursorOf(x.bleve)
}

func cursorOf(b bleve.Index) (int64, error) {
	value, err := b.GetInternal(cursorKey)
	if err != nil {
		return 0, fmt.Errorf("read the embedded index's cursor: %w", err)
	}
	if value == nil {
		return 0, nil
	}
	cursor, err := strconv.ParseInt(string(value), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read the embedded index's cursor: %w", err)
	}
	return cursor, nil
}

// Count is the number of vacancies held. Nothing else is a document here.
func (x *Index) Count(context.Context) (int, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.bleve == nil {
		return 0, errClosed
	}
	n, err := x.bleve.DocCount()
	if err != nil {
		return 0, fmt.Errorf("count the embedded index: %w", err)
	}
	return int(n), nil
}
