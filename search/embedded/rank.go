package embedded

import (
	"context"

	"github.com/blevesearch/bleve/v2/mapping"
	bleve "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	"github.com/blevesearch/bleve/v2/search/searcher"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/sendwatch/sendwatch/matcher"
)

// boosts say how much more a term says in a title, or in the name of an employer
// or a place, than anywhere.
var boosts = map[string]float64{fieldTitle: 4, fieldWhere: 2, fieldTerm: 1}

// maxRanked is how many terms rank. All of a query's terms filter; past some
// dozens none of them changes the order of what is left.
const maxRanked = 48

// rankedQuery finds what a filter finds, and scores it by where and how often
// it has the words.
type rankedQuery struct {
	filter filterQuery
	rank   query.Query
}

var _ query.Query = rankedQuery{}

// Searcher is called by bleve with a view of the index as it is now.
func (q rankedQuery) Searcher(ctx context.Context, r index.IndexReader, m mapping.IndexMapping, o bleve.SearcherOptions) (bleve.Searcher, error) {
	found, err := q.filter.Searcher(ctx, r, m, o)
	if err != nil {
		return nil, err
	}
	ranked, err := q.rank.Searcher(ctx, r, m, o)
	if err != nil {
		_ = found.Close() // the error that led here is the one worth telling
		return nil, err
	}
	return searcher.NewBooleanSearcher(ctx, r, found, ranked, nil, o)
}

// rank makes the ranking part of a query.
func rank(f *matcher.Filter) query.Query {
	var clauses []query.Query
	ranked := single(f.All)
	for _, term := range ranked[:min(len(ranked), maxRanked)] {
		for field, boost := range boosts {
			t := query.NewTermQuery(term)
			t.SetField(field)
			t.SetBoost(boost)
			clauses = append(clauses, t)
		}
	}
	return query.NewDisjunctionQuery(clauses)
}
