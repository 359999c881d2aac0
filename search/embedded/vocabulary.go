package embedded

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/document"
)

// vocabulary keeps the words of the index as they were when last asked for, and
// what came since: to read them all again takes longer than a search.
type vocabulary struct {
	mu sync.Mutex
	// counts is nil when it must be read. It is shared: it never changes.
	counts map[string]int
	// since counts the words of the documents put since counts was made, and
	// learnt is how many documents were put since counts was read.
	since  map[string]int
	learnt int
}

// forgetAfter is how many documents are put before the words are read again: a
// vacancy that is put in place of itself is counted twice until then.
const forgetAfter = 1000

func (v *vocabulary) invalidate() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.forget()
}

func (v *vocabulary) forget() { v.counts, v.since, v.learnt = nil, nil, 0 }

// learn adds the words of documents that were put.
func (v *vocabulary) learn(put []*document.Document) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.counts == nil {
		return
	}
	if v.learnt += len(put); v.learnt > forgetAfter {
		v.forget()
		return
	}
	if v.since == nil {
		v.since = make(map[string]int)
	}
	for _, d := range put {
		for _, f := range d.Fields {
			if f.Name() == fieldWord {
				for word := range f.AnalyzedTokenFrequencies() {
					v.since[word]++
				}
			}
		}
	}
}

// present adds to counts what came since.
func (v *vocabulary) present() map[string]int {
	if len(v.since) > 0 {
		all := maps.Clone(v.counts)
		for word, n := range v.since {
			all[word] += n
		}
		v.counts, v.since = all, nil
	}
	return v.counts
}

// Vocabulary holds the surface words and in how many vacancies each stands. A
// word of a deleted vacancy may still count until bleve has merged it away, and one
// of a changed vacancy twice.
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
	return x.words.present(), nil
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
