package embedded

import (
	"reflect"
	"sync"

	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/search"
)

// census keeps the facets of everything, which is what a site's first page asks
// and what takes longest to count, until the next batch.
type census struct {
	mu     sync.Mutex
	facets map[string][]search.Facet // of all dimensions; nil when not counted
	// batches is how many batches there were: who counted before the last one
	// counted too early.
	batches uint64
}

// asksEverything reports whether a filter leaves out nothing that is open.
func asksEverything(f *matcher.Filter) bool { return reflect.DeepEqual(*f, matcher.Filter{}) }

// read returns the facets, nil when they must be counted, and when it did.
func (c *census) read() (facets map[string][]search.Facet, at uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.facets, c.batches
}

// write keeps facets that were counted since a read.
func (c *census) write(facets map[string][]search.Facet, at uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.batches == at {
		c.facets = facets
	}
}

// invalidate is told of every batch once it can be seen.
func (c *census) invalidate() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.facets = nil
	c.batches++
}

// pick copies the dimensions asked for.
func pick(dimensions []string, all map[string][]search.Facet) map[string][]search.Facet {
	out := make(map[string][]search.Facet, len(dimensions))
	for _, d := range dimensions {
		out[d] = append([]search.Facet{}, all[d]...)
	}
	return out
}
