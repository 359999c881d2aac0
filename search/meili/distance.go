package meili

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/search"
)

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
	rings := pointRings(q, points)
	var out search.Result
	for _, r := range rings {
		out.Total += r.count
	}
	if out.Hits, err = x.show(ctx, q, conditions(&q.Filter), attrPoint, rings); err != nil {
		return search.Result{}, err
	}
	if err := byMiles(out.Hits); err != nil {
		return search.Result{}, err
	}
	if len(q.Facets) > 0 {
		out.Facets = facets(q.Facets, counted)
	}
	return out, nil
}

// pointRings orders the points by how far they are from the nearest home.
func pointRings(q search.Query, points map[string]int) []ring {
	far := make(map[string]float64, len(points))
	for point := range points {
		if lat, lon, ok := search.ParsePoint(point); ok {
			far[point] = matcher.Nearest(q.Filter.Homes, lat, lon)
		}
	}
	var out []ring
	last := math.Inf(-1)
	for _, point := range slices.SortedFunc(maps.Keys(far), func(a, b string) int {
		return cmp.Or(cmp.Compare(far[a], far[b]), strings.Compare(a, b))
	}) {
		if far[point] != last {
			out = append(out, ring{})
			last = far[point]
		}
		r := &out[len(out)-1]
		r.values = append(r.values, point)
		r.count += points[point]
	}
	return out
}

// byMiles orders the hits of a page, which are in the order of their ids in each
// part that was fetched.
func byMiles(hits []search.Hit) error {
	if slices.ContainsFunc(hits, func(h search.Hit) bool { return h.Miles == nil }) {
		return unreadable("search", errors.New("a hit within a circle has no place"))
	}
	slices.SortFunc(hits, func(a, b search.Hit) int {
		return cmp.Or(cmp.Compare(*a.Miles, *b.Miles), strings.Compare(a.ID, b.ID))
	})
	return nil
}
