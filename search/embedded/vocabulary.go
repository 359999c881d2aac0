package embedded

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/blevesearch/bleve/v2"
)

// vocabulary keeps the words of the index as they were when last asked for.
type vocabulary struct {
	mu     sync.Mutex
	counts map[string]int // nil when it must be read again
}

func (v *vocabulary) invalidate() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.counts = nil
}

// Vocabulary holds the surface words and in how many vacancies each stands. A
// word of a deleted vacancy may still count until bleve has merged it away.
func (x *Index) Vocabulary(ctx context.Context) (map[string]int, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.bleve == nil {
		return nil, errClosed
	}
	x.words.mu.Lock()
	defer x.words.mu.Unlock()
	if x.words.counts == nil {
		counts, err := readWords(ctx, x.bleve)
		if err != nil {
			return nil, fmt.Errorf("read the embedded index's vocabulary: %w", err)
		}
		x.words.counts = counts
	}
	return x.words.counts, nil
}

func readWords(ctx context.Context, b bleve.Index) (counts map[string]int, err error) {
	dict, err := b.FieldDict(fieldWord)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, dict.Close()) }()
	counts = make(map[string]int)
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		entry, err := dict.Next()
		if err != nil {
			return nil, err
		}
		if entry == nil {
			return counts, nil
		}
		counts[entry.Term] = int(entry.Count)
	}
}
