package meili

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/meilisearch/meilisearch-go"

	"github.com/sendwatch/sendwatch/search"
)

// ring is what lies equally far from the nearest home: the points, and how many
// vacancies there are at them. Most rings are one point.
type ring struct {
	miles  float64
	points []string
	count  int
}

// byDistance answers a query in the order of the distance to the nearest home.
// The server's own order measures from one place only and takes what is within a
// metre for equally far. So it is asked at which points there is how much, of
// which there are as many as postcode sectors, and the points are ordered here:
// that tells which points a page shows, and how many hits at the first of them
// belong to pages before.
func (x *Index) byDistance(ctx context.Context, q search.Query) (search.Result, error) {
	homes := q.Filter.Homes
	base := slices.Concat(conditions(&q.Filter), located(homes, nil))
	res, err := x.search(ctx, "search", counting(base, append([]string{attrPoint}, q.Facets...)...))
	if err != nil {
		return search.Result{}, err
	}
	counted, err := distribution(res)
	if err != nil {
		return search.Result{}, err
	}
	points := counted[attrPoint]
	if outside := outsiders(homes, points); len(outside) > 0 {
		for _, p := range outside {
			delete(points, p)
		}
		if len(q.Facets) > 0 {
			base = slices.Concat(conditions(&q.Filter), located(homes, outside))
			if res, err = x.search(ctx, "search", counting(base, q.Facets...)); err != nil {
				return search.Result{}, err
			}
			if counted, err = distribution(res); err != nil {
				return search.Result{}, err
			}
		}
	}
	rings := rings(q, points)
	var out search.Result
	for _, r := range rings {
		out.Total += r.count
	}
	if out.Hits, err = x.page(ctx, q, rings); err != nil {
		return search.Result{}, err
	}
	if len(q.Facets) > 0 {
		out.Facets = facets(q.Facets, counted)
	}
	return out, nil
}

// rings orders the points.
func rings(q search.Query, points map[string]int) []ring {
	var all []ring
	for point, n := range points {
		if lat, lon, ok := parsePoint(point); ok {
			all = append(all, ring{miles: nearest(q.Filter.Homes, lat, lon), points: []string{point}, count: n})
		}
	}
	slices.SortFunc(all, func(a, b ring) int {
		return cmp.Or(cmp.Compare(a.miles, b.miles), strings.Compare(a.points[0], b.points[0]))
	})
	var out []ring
	for _, r := range all {
		if last := len(out) - 1; last >= 0 && out[last].miles == r.miles {
			out[last].points = append(out[last].points, r.points...)
			out[last].count += r.count
		} else {
			out = append(out, r)
		}
	}
	return out
}

// page fetches the hits of one page. Of its first ring and of its last the page
// may show a part only; what lies between is shown whole.
func (x *Index) page(ctx context.Context, q search.Query, rings []ring) ([]search.Hit, error) {
	var requests []*meilisearch.SearchRequest
	skip, left := q.Skip(), q.PerPage
	var whole []string
	wholes := 0
	for _, r := range rings {
		if left == 0 {
			break
		}
		if skip >= r.count {
			skip -= r.count
			continue
		}
		n := min(r.count-skip, left)
		left -= n
		if skip == 0 && n == r.count {
			whole = append(whole, r.points...)
			wholes += n
			continue
		}
		requests = append(requests, at(q, r.points, skip, n))
		skip = 0
	}
	if wholes > 0 {
		requests = append(requests, at(q, whole, 0, wholes))
	}
	if len(requests) == 0 {
		return []search.Hit{}, nil
	}
	found, err := x.searchAll(ctx, requests)
	if err != nil {
		return nil, err
	}
	hits := []search.Hit{}
	for i := range found {
		some, err := readHits(q, &found[i])
		if err != nil {
			return nil, err
		}
		hits = append(hits, some...)
	}
	if slices.ContainsFunc(hits, func(h search.Hit) bool { return h.Miles == nil }) {
		return nil, unreadable("search", fmt.Errorf("a hit within a circle has no place"))
	}
	slices.SortFunc(hits, func(a, b search.Hit) int {
		return cmp.Or(cmp.Compare(*a.Miles, *b.Miles), strings.Compare(a.ID, b.ID))
	})
	return hits, nil
}

// at asks for some of the hits at the points, in the order of their ids.
func at(q search.Query, points []string, skip, n int) *meilisearch.SearchRequest {
	return &meilisearch.SearchRequest{
		Filter:               append(conditions(&q.Filter), in(attrPoint, points...)),
		Sort:                 order(search.SortDistance),
		Offset:               int64(skip),
		Limit:                int64(n),
		AttributesToRetrieve: []string{attrID, attrPoint},
	}
}
