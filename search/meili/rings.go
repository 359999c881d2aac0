package meili

import (
	"context"
	"slices"

	"github.com/meilisearch/meilisearch-go"

	"github.com/sendwatch/sendwatch/search"
)

// ring is what is equal in an order: the values of the attribute that the order
// compares, and how many vacancies have them. Most rings are one value.
type ring struct {
	values []string
	count  int
	// rest is of what has no value; it comes last.
	rest bool
}

// part is a piece of one ring, or the whole of some, as one search.
type part struct {
	ring
	skip, n int
}

// cut says which parts of the rings a page shows: of the first and of the last it
// may be a part, and what lies between is shown whole.
func cut(rings []ring, skip, left int) []part {
	var out []part
	for _, r := range rings {
		if skip >= r.count {
			skip -= r.count
			continue
		}
		n := min(r.count-skip, left)
		if n == 0 {
			break
		}
		whole := skip == 0 && n == r.count && !r.rest
		if last := len(out) - 1; whole && last >= 0 && out[last].skip == 0 && out[last].n == out[last].count && !out[last].rest {
			out[last].values = append(out[last].values, r.values...)
			out[last].count += n
			out[last].n += n
		} else {
			r.values = slices.Clone(r.values)
			out = append(out, part{r, skip, n})
		}
		skip = 0
		left -= n
	}
	return out
}

// show fetches the hits of a page that is cut out of the rings of an attribute.
func (x *Index) show(ctx context.Context, q search.Query, base []string, attribute string, rings []ring) ([]search.Hit, error) {
	var requests []*meilisearch.SearchRequest
	for _, s := range cut(rings, q.Skip(), q.PerPage) {
		has := in(attribute, s.values...)
		if s.rest {
			has = attribute + " NOT EXISTS"
		}
		requests = append(requests, &meilisearch.SearchRequest{
			Filter: append(slices.Clip(base), has), Sort: order(q.Sort),
			Offset: int64(s.skip), Limit: int64(s.n), AttributesToRetrieve: []string{attrID, attrPoint},
		})
	}
	hits := []search.Hit{}
	if len(requests) == 0 {
		return hits, nil
	}
	found, err := x.searchAll(ctx, requests)
	if err != nil {
		return nil, err
	}
	for i := range found {
		some, err := readHits(q, &found[i])
		if err != nil {
			return nil, err
		}
		hits = append(hits, some...)
	}
	return hits, nil
}
