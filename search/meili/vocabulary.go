package meili

import (
	"context"
	"maps"
	"sync"
	"time"
)

const (
	// freshFor is how long words are good for that were read from the server:
	// other processes write to the index too.
	freshFor = time.Minute
	// forgetAfter is how many vacancies are put before the words are read again: a
	// vacancy that is put in place of itself is counted twice until then.
	forgetAfter = 1000
)

// vocabulary keeps the words of the index as they were when last read, and what
// was put since: to read them all takes longer than a search.
type vocabulary struct {
	// reading lets one reader in at a time; the others then have what it read.
	reading chan struct{}

	mu sync.Mutex
	// counts is nil when it must be read. It is shared: it never changes.
	counts map[string]int
	readAt time.Time
	// since counts the words of the vacancies put since counts was made, and
	// learnt is how many were put since counts was read.
	since  map[string]int
	learnt int
	// writes is how many batches there were: words that were read while one came
	// in may lack it, and are not kept.
	writes uint64
}

func newVocabulary() *vocabulary { return &vocabulary{reading: make(chan struct{}, 1)} }

func (v *vocabulary) forget() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.writes++
	v.drop()
}

func (v *vocabulary) drop() { v.counts, v.since, v.learnt = nil, nil, 0 }

// learn adds the words of vacancies that were put.
func (v *vocabulary) learn(put [][]string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.writes++
	if v.counts == nil {
		return
	}
	if v.learnt += len(put); v.learnt > forgetAfter {
		v.drop()
		return
	}
	if v.since == nil {
		v.since = make(map[string]int)
	}
	for _, words := range put {
		for _, word := range words {
			v.since[word]++
		}
	}
}

// known gives the words, with what came since; nil when they must be read.
func (v *vocabulary) known(now time.Time) (counts map[string]int, writes uint64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.counts != nil && now.Sub(v.readAt) >= freshFor {
		v.drop()
	}
	if v.counts != nil && len(v.since) > 0 {
		all := maps.Clone(v.counts)
		for word, n := range v.since {
			all[word] += n
		}
		v.counts, v.since = all, nil
	}
	return v.counts, v.writes
}

// keep keeps words that were read after so many writes.
func (v *vocabulary) keep(counts map[string]int, now time.Time, writes uint64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.writes == writes {
		v.drop()
		v.counts, v.readAt = counts, now
	}
}

// Vocabulary holds the surface words and in how many vacancies each stands. A
// word of a deleted vacancy may count for a minute more, and one of a changed
// vacancy twice.
func (x *Index) Vocabulary(ctx context.Context) (map[string]int, error) {
	if err := x.usable(ctx); err != nil {
		return nil, err
	}
	if counts, _ := x.words.known(x.o.Now()); counts != nil {
		return counts, nil
	}
	select {
	case x.words.reading <- struct{}{}:
		defer func() { <-x.words.reading }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	now := x.o.Now()
	counts, writes := x.words.known(now)
	if counts != nil {
		return counts, nil
	}
	counts, err := x.readWords(ctx)
	if err != nil {
		return nil, err
	}
	x.words.keep(counts, now, writes)
	return counts, nil
}

func (x *Index) readWords(ctx context.Context) (map[string]int, error) {
	res, err := x.search(ctx, "read the vocabulary", counting([]string{is(attrMark, markVacancy)}, attrWord))
	if err != nil {
		return nil, err
	}
	counted, err := distribution(res)
	if err != nil {
		return nil, err
	}
	if counted[attrWord] == nil {
		return map[string]int{}, nil
	}
	return counted[attrWord], nil
}
