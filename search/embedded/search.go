package embedded

import (
	"context"
	"fmt"

	"github.com/blevesearch/bleve/v2"
	bsearch "github.com/blevesearch/bleve/v2/search"

	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/search"
)

// Search answers a query.
func (x *Index) Search(ctx context.Context, q search.Query) (search.Result, error) {
	q, err := q.Normalised()
	if err != nil {
		return search.Result{}, err
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.bleve == nil {
		return search.Result{}, errClosed
	}
	req := x.request(q)
	if len(q.Facets) > 0 {
		return x.counting(ctx, q, req)
	}
	res, err := x.ask(ctx, req)
	if err != nil {
		return search.Result{}, err
	}
	return answer(q, res), nil
}

// counting answers a query that asks for facets.
func (x *Index) counting(ctx context.Context, q search.Query, req *bleve.SearchRequest) (search.Result, error) {
	everything := asksEverything(&q.Filter)
	counted, at := x.census.read()
	count := !everything || counted == nil
	tallied := &talliedQuery{Query: req.Query, columns: &x.columns}
	if count {
		req.Query = tallied
	}
	res, err := x.ask(ctx, req)
	if err != nil {
		return search.Result{}, err
	}
	if count {
		counted = tallied.facets
	}
	if count && everything {
		x.census.write(counted, at)
	}
	out := answer(q, res)
	out.Facets = pick(q.Facets, counted)
	return out, nil
}

func (x *Index) ask(ctx context.Context, req *bleve.SearchRequest) (*bleve.SearchResult, error) {
	res, err := x.bleve.SearchInContext(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("ask the embedded index: %w", err)
	}
	return res, nil
}

// request puts a query as bleve wants it, but for the facets.
func (x *Index) request(q search.Query) *bleve.SearchRequest {
	filter := filterQuery{f: &q.Filter, phrases: &x.phrases}
	req := bleve.NewSearchRequestOptions(filter, q.PerPage, q.Skip(), false)
	req.Score = "none"
	if q.Sort == search.SortRelevance {
		req.Query = rankedQuery{filter: filter, ranked: search.Ranked(&q.Filter)}
	}
	req.Sort = order(q)
	if len(q.Filter.Homes) > 0 {
		req.Fields = []string{fieldPoint}
	}
	return req
}

// order is the order asked for, and then that of the ids, which the order fields
// hold. What is equally relevant stands newest first.
func order(q search.Query) bsearch.SortOrder {
	by := func(field string) bsearch.SearchSort {
		return &bsearch.SortField{Field: field, Type: bsearch.SortFieldAsString, Missing: bsearch.SortFieldMissingLast}
	}
	switch q.Sort {
	case search.SortRelevance:
		return bsearch.SortOrder{&bsearch.SortScore{Desc: true}, by(fieldNewest)}
	case search.SortClosing:
		return bsearch.SortOrder{by(fieldCloses)}
	case search.SortDistance:
		return bsearch.SortOrder{&byDistance{homes: q.Filter.Homes}, &bsearch.SortDocID{}}
	case search.SortPay:
		return bsearch.SortOrder{by(fieldPay)}
	case search.SortActual:
		return bsearch.SortOrder{by(fieldYear)}
	}
	return bsearch.SortOrder{by(fieldNewest)}
}

// answer reads what bleve found, but for the facets.
func answer(q search.Query, res *bleve.SearchResult) search.Result {
	out := search.Result{Total: int(res.Total), Hits: make([]search.Hit, 0, len(res.Hits))}
	ranked := len(search.Ranked(&q.Filter))
	for _, h := range res.Hits {
		hit := search.Hit{ID: h.ID}
		if q.Sort == search.SortRelevance {
			hit.Score = search.Score(ranked, depthOf(ranked, h.Score))
		}
		if point, ok := h.Fields[fieldPoint].(string); ok {
			if lat, lon, ok := search.ParsePoint(point); ok {
				m := matcher.Nearest(q.Filter.Homes, lat, lon)
				hit.Miles = &m
			}
		}
		out.Hits = append(out.Hits, hit)
	}
	return out
}
