package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	bleve "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"github.com/sendwatch/sendwatch/search"
)

// talliedQuery finds what another query finds, and counts the facets of all of it.
// Bleve counts by reading, of every hit, all of its values. Here the hits of a
// segment are put together into a set, and how many have a value is how many are in
// the value's own set as well: a hundred intersections in place of some thousand
// reads.
type talliedQuery struct {
	query.Query
	columns *columns
	// facets is filled when the last hit was given.
	facets map[string][]search.Facet
}

var _ query.Query = (*talliedQuery)(nil)

// Searcher is called by bleve with a view of the index as it is now.
func (q *talliedQuery) Searcher(ctx context.Context, r index.IndexReader, m mapping.IndexMapping, o bleve.SearcherOptions) (bleve.Searcher, error) {
	view, err := newStored(r)
	if err != nil {
		return nil, err
	}
	found, err := q.Query.Searcher(ctx, r, m, o)
	if err != nil {
		return nil, err
	}
	return &tallySearcher{Searcher: found, q: q, view: view, hits: make([]*roaring.Bitmap, len(view.segments))}, nil
}

// tallySearcher notes what another searcher finds.
type tallySearcher struct {
	bleve.Searcher
	q    *talliedQuery
	view *stored
	// hits are the documents found, by segment.
	hits []*roaring.Bitmap
}

// Next gives the next hit. After the last one the facets are counted, while the
// view is still there.
func (s *tallySearcher) Next(ctx *bleve.SearchContext) (*bleve.DocumentMatch, error) {
	d, err := s.Searcher.Next(ctx)
	switch {
	case err != nil:
		return nil, err
	case d == nil:
		s.q.facets, err = s.count()
		return nil, err
	}
	i, number, err := s.view.place(d.IndexInternalID.Value())
	if err != nil {
		return nil, err
	}
	if s.hits[i] == nil {
		s.hits[i] = roaring.New()
	}
	s.hits[i].Add(uint32(number))
	return d, nil
}

// Advance is for searchers within others, which this is not.
func (s *tallySearcher) Advance(*bleve.SearchContext, index.IndexInternalID) (*bleve.DocumentMatch, error) {
	return nil, errors.New("count facets: a tally cannot skip hits")
}

func (s *tallySearcher) count() (map[string][]search.Facet, error) {
	counts := make(map[string]int)
	for i, hits := range s.hits {
		if hits == nil {
			continue
		}
		at := s.view.segments[i]
		values, err := s.q.columns.of(at.Id(), at.Segment())
		if err != nil {
			return nil, err
		}
		for _, v := range values {
			if n := hits.AndCardinality(v.documents); n > 0 {
				counts[v.term] += int(n)
			}
		}
	}
	s.q.columns.keep(s.view)
	return ordered(counts), nil
}

// ordered sorts counted values into their dimensions, the most frequent first, then
// by value.
func ordered(counts map[string]int) map[string][]search.Facet {
	out := make(map[string][]search.Facet)
	for term, n := range counts {
		dimension, value := cutFact(term)
		out[dimension] = append(out[dimension], search.Facet{Value: value, Count: n})
	}
	for dimension, fs := range out {
		slices.SortFunc(fs, func(a, b search.Facet) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
		})
		out[dimension] = fs[:min(len(fs), search.MaxFacetValues)]
	}
	return out
}

// column is a value of a dimension and the documents of one segment that have it.
type column struct {
	term      string
	documents *roaring.Bitmap
}

// columns remembers the columns of segments, which never change; when a segment goes,
// so do its columns. They take about as many bits as there are documents, for each
// value.
type columns struct {
	mu       sync.Mutex
	segments map[uint64][]column
}

// of returns the columns of a segment.
func (c *columns) of(id uint64, s segment.Segment) ([]column, error) {
	c.mu.Lock()
	known, ok := c.segments[id]
	c.mu.Unlock()
	if ok {
		return known, nil
	}
	read, err := readColumns(s)
	if err != nil {
		return nil, fmt.Errorf("count facets: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.segments == nil {
		c.segments = make(map[uint64][]column)
	}
	c.segments[id] = read
	return read, nil
}

// keep forgets the columns of segments that a view has no more.
func (c *columns) keep(view *stored) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.segments) <= 2*len(view.segments) {
		return
	}
	for id := range c.segments {
		if !slices.ContainsFunc(view.segments, func(s *scorch.SegmentSnapshot) bool { return s.Id() == id }) {
			delete(c.segments, id)
		}
	}
}

// forget is told when segments are numbered anew.
func (c *columns) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.segments = nil
}

// readColumns reads the values of a segment and copies their documents, since what
// a segment's file holds is gone when the file is closed.
func readColumns(s segment.Segment) ([]column, error) {
	dictionary, err := s.Dictionary(fieldFacet)
	if err != nil {
		return nil, err
	}
	var out []column
	terms := dictionary.AutomatonIterator(nil, nil, nil)
	for {
		entry, err := terms.Next()
		if err != nil || entry == nil {
			return out, err
		}
		list, err := dictionary.PostingsList([]byte(entry.Term), nil, nil)
		if err != nil {
			return nil, err
		}
		documents := roaring.New()
		each := list.Iterator(false, false, false, nil)
		for {
			p, err := each.Next()
			if err != nil {
				return nil, err
			}
			if p == nil {
				break
			}
			documents.Add(uint32(p.Number()))
		}
		documents.RunOptimize()
		out = append(out, column{strings.Clone(entry.Term), documents})
	}
}
