package embedded

import (
	"context"

	"github.com/blevesearch/bleve/v2/mapping"
	bleve "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	"github.com/blevesearch/bleve/v2/search/searcher"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/sendwatch/sendwatch/search"
)

// How much more a term says in a title, or in the name of an employer or a
// place, than in the text.
const (
	titleBoost = 4
	whereBoost = 2
)

// maxRanked is how many terms rank. All of a query's terms filter; past some
// dozens none of them changes the order of what is left.
const maxRanked = 48

// rankedQuery finds what a filter finds, and scores it by where and how often
// it has the words. A vacancy that has none of them in a ranking field is
// found all the same, with a score of zero.
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
func (x *Index) rank(q search.Query) query.Query {
	var clauses []query.Query
	add := func(field, term string, boost float64) {
		t := query.NewTermQuery(term)
		t.SetField(field)
		t.SetBoost(boost)
		clauses = append(clauses, t)
	}
	for _, term := range first(q.Filter.All, maxRanked) {
		add(fieldTitle, term, titleBoost)
		add(fieldWhere, term, whereBoost)
	}
	for _, token := range first(x.analyser.Analyze([]byte(q.Words)), maxRanked) {
		add(fieldBody, string(token.Term), 1)
	}
	return query.NewDisjunctionQuery(clauses)
}

func first[T any](s []T, n int) []T { return s[:min(len(s), n)] }
