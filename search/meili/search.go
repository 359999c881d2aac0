package meili

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/meilisearch/meilisearch-go"

	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/search"
)

// Search answers a query. An index that is not there holds nothing.
func (x *Index) Search(ctx context.Context, q search.Query) (search.Result, error) {
	q, err := q.Normalised()
	if err != nil {
		return search.Result{}, err
	}
	if err := x.usable(ctx); err != nil {
		return search.Result{}, err
	}
	switch {
	case q.Skip() >= deepAfter && compared(q.Sort) != "":
		return x.deep(ctx, q)
	case len(q.Filter.Homes) == 0:
		res, err := x.search(ctx, "search", request(q, nil))
		if err != nil {
			return search.Result{}, err
		}
		return answer(q, res)
	case q.Sort == search.SortDistance:
		return x.byDistance(ctx, q)
	}
	return x.nearby(ctx, q)
}

// nearby answers a query with homes in any order but that of distance: together
// with the query it asks which points lie on the rim, and once more without
// those that lie just outside, in the rare case that there are any.
func (x *Index) nearby(ctx context.Context, q search.Query) (search.Result, error) {
	requests := []*meilisearch.SearchRequest{request(q, nil)}
	if edge := rim(q.Filter.Homes); edge != nil {
		requests = append(requests, counting(slices.Concat(conditions(&q.Filter), edge), attrPoint))
	}
	found, err := x.searchAll(ctx, requests)
	if err != nil {
		return search.Result{}, err
	}
	res := &found[0]
	if len(found) > 1 {
		outside, err := readOutside(q, &found[1])
		if err != nil {
			return search.Result{}, err
		}
		if len(outside) > 0 {
			if res, err = x.search(ctx, "search", request(q, outside)); err != nil {
				return search.Result{}, err
			}
		}
	}
	return answer(q, res)
}

// request puts a query as the server wants it. The outsiders are not found.
func request(q search.Query, outsiders []string) *meilisearch.SearchRequest {
	r := &meilisearch.SearchRequest{
		Filter:               slices.Concat(conditions(&q.Filter), located(q.Filter.Homes, outsiders)),
		Facets:               q.Facets,
		Sort:                 order(q.Sort),
		Page:                 int64(q.Page),
		HitsPerPage:          ptr(int64(q.PerPage)),
		AttributesToRetrieve: []string{attrID},
	}
	if len(q.Filter.Homes) > 0 {
		r.AttributesToRetrieve = append(r.AttributesToRetrieve, attrPoint)
	}
	if q.Sort == search.SortRelevance {
		// Whatever passes the filter holds all of these words at some level: they
		// order what is found, and leave nothing out.
		r.Query = strings.Join(tokens(search.Ranked(&q.Filter)), " ")
		r.MatchingStrategy = meilisearch.All
		r.AttributesToSearchOn = attrLevels[:]
		r.AttributesToRetrieve = append(r.AttributesToRetrieve, attrLevels[:search.Mentioned]...)
	}
	return r
}

// counting asks for the values of an attribute and no hits.
func counting(filter []string, attributes ...string) *meilisearch.SearchRequest {
	return &meilisearch.SearchRequest{
		Filter: filter, Facets: attributes, Page: 1, HitsPerPage: ptr(int64(0)), AttributesToRetrieve: []string{attrID},
	}
}

// order is the order asked for, and then that of the ids. Relevance goes before
// either by the ranking rules.
func order(s search.Sort) []string {
	const byID = attrID + ":asc"
	switch s {
	case search.SortClosing:
		return []string{attrCloses + ":asc", byID}
	case search.SortPay:
		return []string{attrPayOrder + ":desc", byID}
	case search.SortActual:
		return []string{attrYearOrder + ":desc", byID}
	case search.SortDistance:
		return []string{byID}
	}
	return []string{attrSeen + ":desc", byID}
}

// hit is what the server returns of a document.
type hit struct {
	ID    string `json:"id"`
	Point string `json:"point"`
	// The tokens of all levels but the last.
	Title      string `json:"level_title"`
	Name       string `json:"level_name"`
	Throughout string `json:"level_throughout"`
}

// search runs one search; an index that is not there finds nothing.
func (x *Index) search(ctx context.Context, op string, r *meilisearch.SearchRequest) (*meilisearch.SearchResponse, error) {
	var res *meilisearch.SearchResponse
	err := x.ask(ctx, op, func(ctx context.Context) (err error) {
		res, err = x.client.Index(x.uid).SearchWithContext(ctx, r.Query, r)
		return err
	})
	if isCode(err, codeNoIndex) {
		return &meilisearch.SearchResponse{}, nil
	}
	return res, err
}

// searchAll runs several searches in one request.
func (x *Index) searchAll(ctx context.Context, rs []*meilisearch.SearchRequest) ([]meilisearch.SearchResponse, error) {
	if len(rs) == 1 {
		res, err := x.search(ctx, "search", rs[0])
		if err != nil {
			return nil, err
		}
		return []meilisearch.SearchResponse{*res}, nil
	}
	for _, r := range rs {
		r.IndexUID = x.uid
	}
	var res *meilisearch.MultiSearchResponse
	err := x.ask(ctx, "search", func(ctx context.Context) (err error) {
		res, err = x.client.MultiSearchWithContext(ctx, &meilisearch.MultiSearchRequest{Queries: rs})
		return err
	})
	switch {
	case isCode(err, codeNoIndex):
		return make([]meilisearch.SearchResponse, len(rs)), nil
	case err != nil:
		return nil, err
	case len(res.Results) != len(rs):
		return nil, unreadable("search", nil)
	}
	return res.Results, nil
}

func unreadable(op string, err error) error {
	return &Error{Op: op, Message: "the reply cannot be read", temporary: true, cause: err}
}

// answer reads what the server found.
func answer(q search.Query, res *meilisearch.SearchResponse) (search.Result, error) {
	hits, err := readHits(q, res)
	if err != nil {
		return search.Result{}, err
	}
	out := search.Result{Total: int(res.TotalHits), Hits: hits}
	if len(q.Facets) > 0 {
		counted, err := distribution(res)
		if err != nil {
			return search.Result{}, err
		}
		out.Facets = facets(q.Facets, counted)
	}
	return out, nil
}

func readHits(q search.Query, res *meilisearch.SearchResponse) ([]search.Hit, error) {
	ranked := search.Ranked(&q.Filter)
	hits := make([]search.Hit, 0, len(res.Hits))
	for _, raw := range res.Hits {
		var h hit
		if err := raw.DecodeInto(&h); err != nil || h.ID == "" {
			return nil, unreadable("search", err)
		}
		out := search.Hit{ID: h.ID}
		if q.Sort == search.SortRelevance {
			out.Score = search.Score(len(ranked), depth(&h, ranked))
		}
		if lat, lon, ok := search.ParsePoint(h.Point); ok && len(q.Filter.Homes) > 0 {
			out.Miles = ptr(matcher.Nearest(q.Filter.Homes, lat, lon))
		}
		hits = append(hits, out)
	}
	return hits, nil
}

// distribution reads the counts of the values of every attribute asked for.
func distribution(res *meilisearch.SearchResponse) (map[string]map[string]int, error) {
	if len(res.FacetDistribution) == 0 {
		return nil, nil
	}
	var counted map[string]map[string]int
	if err := json.Unmarshal(res.FacetDistribution, &counted); err != nil {
		return nil, unreadable("count facets", err)
	}
	return counted, nil
}

// facets orders the counts of each dimension: most frequent first, then by value.
func facets(dimensions []string, counted map[string]map[string]int) map[string][]search.Facet {
	out := make(map[string][]search.Facet, len(dimensions))
	for _, d := range dimensions {
		all := make([]search.Facet, 0, len(counted[d]))
		for written, n := range counted[d] {
			if v, ok := original(written); ok && n > 0 {
				all = append(all, search.Facet{Value: v, Count: n})
			}
		}
		slices.SortFunc(all, func(a, b search.Facet) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
		})
		out[d] = all[:min(len(all), search.MaxFacetValues)]
	}
	return out
}
