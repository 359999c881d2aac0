package embedded

import (
	"context"
	"errors"

	"github.com/blevesearch/bleve/v2/mapping"
	bleve "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/sendwatch/sendwatch/search"
)

// rankedQuery finds what a filter finds, and scores it by how far above the
// deepest level the ranked terms stand, all together. Bleve's own scores are
// not asked for: every engine must give the same order.
type rankedQuery struct {
	filter filterQuery
	ranked []string
}

var _ query.Query = rankedQuery{}

// Searcher is called by bleve with a view of the index as it is now.
func (q rankedQuery) Searcher(ctx context.Context, r index.IndexReader, m mapping.IndexMapping, o bleve.SearcherOptions) (bleve.Searcher, error) {
	found, err := q.filter.Searcher(ctx, r, m, o)
	if err != nil {
		return nil, err
	}
	s := &rankedSearcher{Searcher: found}
	for _, term := range q.ranked {
		if err := s.rank(ctx, r, term); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// deepest is the level of what is in no ranking field, which needs no look.
const deepest = search.Mentioned

// depthOf is the depth that a score of a rankedQuery says.
func depthOf(ranked int, score float64) int { return ranked*int(deepest) - int(score) }

// rankedSearcher scores what another searcher finds.
type rankedSearcher struct {
	bleve.Searcher
	// terms holds, for each term, where it stands at each level above the deepest.
	terms [][deepest]*postings
}

// rank adds a term.
func (s *rankedSearcher) rank(ctx context.Context, r index.IndexReader, term string) error {
	s.terms = append(s.terms, [deepest]*postings{})
	at := &s.terms[len(s.terms)-1]
	for level, field := range levels {
		p, err := newPostings(ctx, r, field, term)
		if err != nil {
			return err
		}
		at[level] = p
	}
	return nil
}

// Next gives the next hit with its score.
func (s *rankedSearcher) Next(ctx *bleve.SearchContext) (*bleve.DocumentMatch, error) {
	d, err := s.Searcher.Next(ctx)
	return s.scored(d, err)
}

// Advance gives the hit that is not before id, with its score.
func (s *rankedSearcher) Advance(ctx *bleve.SearchContext, id index.IndexInternalID) (*bleve.DocumentMatch, error) {
	d, err := s.Searcher.Advance(ctx, id)
	return s.scored(d, err)
}

func (s *rankedSearcher) scored(d *bleve.DocumentMatch, err error) (*bleve.DocumentMatch, error) {
	if d == nil || err != nil {
		return nil, err
	}
	height := 0
	for i := range s.terms {
		h, err := heightOf(&s.terms[i], d.IndexInternalID)
		if err != nil {
			return nil, err
		}
		height += h
	}
	d.Score = float64(height)
	return d, nil
}

// heightOf is how many levels above the deepest a document has a term.
func heightOf(at *[deepest]*postings, id index.IndexInternalID) (int, error) {
	for level, p := range at {
		if has, err := p.has(id); has || err != nil {
			return int(deepest) - level, err
		}
	}
	return 0, nil
}

// Close closes the searcher and what it looks terms up in.
func (s *rankedSearcher) Close() error {
	errs := []error{s.Searcher.Close()}
	for i := range s.terms {
		for _, p := range s.terms[i] {
			errs = append(errs, p.close())
		}
	}
	return errors.Join(errs...)
}
