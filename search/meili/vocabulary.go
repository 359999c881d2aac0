package meili

import (
	"context"
	"sync"
	"time"
)

// freshFor is how long the words are good for that were read from the server:
// other processes write to the index too.
const freshFor = time.Minute

// vocabulary keeps the words of the index as they were when last asked for: to
// read them all takes longer than a search.
type vocabulary struct {
	// reading lets one reader in at a time; the others then have what it read.
	reading sync.Mutex
	mu      sync.Mutex
	// counts is nil when it must be read. It is shared: it never changes.
	counts map[string]int
	readAt time.Time
	// writes is how many batches there were: words read before the last are old.
	writes uint64
}

func (v *vocabulary) outdate() { v.forget() }

func (v *vocabulary) forget() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.counts = nil
	v.writes++
}

// Vocabulary holds the surface words and in how many vacancies each stands.
func (x *Index) Vocabulary(ctx context.Context) (map[string]int, error) {
	if err := x.usable(ctx); err != nil {
		return nil, err
	}
	x.words.reading.Lock()
	defer x.words.reading.Unlock()
	x.words.mu.Lock()
	counts, writes := x.words.counts, x.words.writes
	fresh := counts != nil && x.o.Now().Sub(x.words.readAt) < freshFor
	x.words.mu.Unlock()
	if fresh {
		return counts, nil
	}
	at := x.o.Now()
	res, err := x.search(ctx, "read the vocabulary", counting([]string{is(attrMark, markVacancy)}, attrWord))
	if err != nil {
		return nil, err
	}
	counted, err := distribution(res)
	if err != nil {
		return nil, err
	}
	counts = counted[attrWord]
	if counts == nil {
		counts = map[string]int{}
	}
	x.words.mu.Lock()
	defer x.words.mu.Unlock()
	if x.words.writes == writes {
		x.words.counts, x.words.readAt = counts, at
	}
	return counts, nil
}
