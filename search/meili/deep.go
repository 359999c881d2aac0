package meili

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/meilisearch/meilisearch-go"

	"github.com/sendwatch/sendwatch/search"
)

// deepAfter is how many hits the server is let skip. It fetches all that it skips
// (seen with 1.50: 8,000 of them in 1.2 s), while it counts values in no time.
const deepAfter = 200

// compared names the attribute that an order compares, which tells how many hits
// lie before a page; empty for an order of which that cannot be told.
func compared(s search.Sort) string {
	switch s {
	case search.SortNewest:
		return attrSeen
	case search.SortClosing:
		return attrCloses
	case search.SortPay:
		return attrPayOrder
	case search.SortActual:
		return attrYearOrder
	}
	return ""
}

// deep answers a query for a page far behind: it asks how many hits have which
// value, and then for the page among those that have its values.
func (x *Index) deep(ctx context.Context, q search.Query) (search.Result, error) {
	outside, err := x.outside(ctx, q)
	if err != nil {
		return search.Result{}, err
	}
	attribute := compared(q.Sort)
	base := slices.Concat(conditions(&q.Filter), located(q.Filter.Homes, outside))
	res, err := x.search(ctx, "search", counting(base, append([]string{attribute}, q.Facets...)...))
	if err != nil {
		return search.Result{}, err
	}
	counted, err := distribution(res)
	if err != nil {
		return search.Result{}, err
	}
	out := search.Result{Total: int(res.TotalHits)}
	rings := valueRings(q.Sort, counted[attribute], out.Total)
	if out.Hits, err = x.show(ctx, q, base, attribute, rings); err != nil {
		return search.Result{}, err
	}
	if len(q.Facets) > 0 {
		out.Facets = facets(q.Facets, counted)
	}
	return out, nil
}

// outside asks which points on the rim lie outside.
func (x *Index) outside(ctx context.Context, q search.Query) ([]string, error) {
	edge := rim(q.Filter.Homes)
	if edge == nil {
		return nil, nil
	}
	res, err := x.search(ctx, "search", counting(slices.Concat(conditions(&q.Filter), edge), attrPoint))
	if err != nil {
		return nil, err
	}
	return readOutside(q, res)
}

func readOutside(q search.Query, res *meilisearch.SearchResponse) ([]string, error) {
	points, err := distribution(res)
	if err != nil {
		return nil, err
	}
	return outsiders(q.Filter.Homes, points[attrPoint]), nil
}

// valueRings orders the values; what has none comes last.
func valueRings(s search.Sort, counted map[string]int, total int) []ring {
	var out []ring
	for v, n := range counted {
		out = append(out, ring{values: []string{v}, count: n})
		total -= n
	}
	slices.SortFunc(out, func(a, b ring) int {
		switch s {
		case search.SortClosing:
			return cmp.Compare(number(a.values[0]), number(b.values[0]))
		case search.SortPay, search.SortActual:
			return strings.Compare(b.values[0], a.values[0])
		}
		return cmp.Compare(number(b.values[0]), number(a.values[0]))
	})
	if total > 0 {
		out = append(out, ring{count: total, rest: true})
	}
	return out
}

// number reads a value that the server has counted.
func number(s string) float64 {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0
	}
	return x
}
