package embedded

import (
	"context"
	"math"
	"strconv"

	bleve "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/searcher"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/search"
)

// The map is cut into squares of a quarter of a degree: about 17 miles from
// south to north and, in Britain, 9 to 11 from west to east. A circle first
// gathers the squares that it may touch, which is a look-up of terms, and then
// measures what lies in them exactly.
const (
	cellsADegree = 4
	// maxCells is how many squares are looked up at most. A wider circle, some
	// 150 miles, measures everything that has a place instead.
	maxCells = 600
	// milesADegree is a little less than a degree of latitude, which is 69.06
	// miles on the sphere of place.Miles, so that squares are gathered amply.
	milesADegree = 68
)

func cellOf(lat, lon float64) string { return cellName(cellAt(lat), cellAt(lon)) }

func cellAt(degrees float64) int { return int(math.Floor(degrees * cellsADegree)) }

func cellName(row, column int) string { return strconv.Itoa(row) + "," + strconv.Itoa(column) }

// cellsOf lists the squares that the circles may touch; false means that they
// are too many to list.
func cellsOf(homes []matcher.Circle) ([]string, bool) {
	seen := make(map[string]struct{})
	for _, h := range homes {
		if !addCells(seen, h) {
			return nil, false
		}
	}
	cells := make([]string, 0, len(seen))
	for c := range seen {
		cells = append(cells, c)
	}
	return cells, true
}

func addCells(seen map[string]struct{}, h matcher.Circle) bool {
	reach := h.Miles/milesADegree + 0.01 // a hundredth against rounding at the rim
	north, south := h.Lat+reach, h.Lat-reach
	// Meridians are closest together at the circle's end that is nearer a pole.
	narrow := math.Cos(math.Max(math.Abs(north), math.Abs(south)) * math.Pi / 180)
	if !(reach >= 0 && reach < 10 && narrow > 0.1) { // also refuses NaN
		return false
	}
	sideways := reach/narrow + 0.01
	west, east := h.Lon-sideways, h.Lon+sideways
	if west < -180 || east > 180 {
		return false
	}
	for row := cellAt(south); row <= cellAt(north); row++ {
		for column := cellAt(west); column <= cellAt(east); column++ {
			seen[cellName(row, column)] = struct{}{}
			if len(seen) > maxCells {
				return false
			}
		}
	}
	return true
}

// onlyWithin lets through what lies in any of the circles.
func onlyWithin(ctx context.Context, r index.IndexReader, from bleve.Searcher, homes []matcher.Circle) (bleve.Searcher, error) {
	points, err := r.DocValueReader([]string{fieldPoint})
	if err != nil {
		return nil, err
	}
	var inside bool
	see := func(_ string, term []byte) {
		lat, lon, ok := search.ParsePoint(string(term))
		inside = ok && matcher.Within(homes, lat, lon)
	}
	return searcher.NewFilteringSearcher(ctx, from, func(_ *bleve.SearchContext, d *bleve.DocumentMatch) bool {
		inside = false
		return points.VisitDocValues(d.IndexInternalID, see) == nil && inside
	}), nil
}

// byDistance orders hits by how far they are from the nearest home.
type byDistance struct {
	homes  []matcher.Circle
	points []string
	desc   bool
}

var _ bleve.SearchSort = (*byDistance)(nil)

// UpdateVisitor takes the place of the hit that Value is asked for next.
func (s *byDistance) UpdateVisitor(field string, term []byte) {
	if field == fieldPoint {
		s.points = append(s.points, string(term))
	}
}

// Value is the distance as a sortable text; a hit without a place stays last.
func (s *byDistance) Value(*bleve.DocumentMatch) string {
	points := s.points
	s.points = s.points[:0]
	if len(points) > 0 {
		if lat, lon, ok := search.ParsePoint(points[0]); ok {
			return sortable(matcher.Nearest(s.homes, lat, lon))
		}
	}
	return bleve.HighTerm
}

// DecodeValue returns the value as it is; nobody shows it.
func (s *byDistance) DecodeValue(value string) string { return value }

// Descending reports whether the farthest come first.
func (s *byDistance) Descending() bool { return s.desc }

// RequiresDocID reports that ids play no part.
func (s *byDistance) RequiresDocID() bool { return false }

// RequiresScoring reports that scores play no part.
func (s *byDistance) RequiresScoring() bool { return false }

// RequiresFields names the field that UpdateVisitor wants to see.
func (s *byDistance) RequiresFields() []string { return []string{fieldPoint} }

// Reverse turns the order round.
func (s *byDistance) Reverse() { s.desc = !s.desc }

// Copy gives another search an order of its own.
func (s *byDistance) Copy() bleve.SearchSort {
	return &byDistance{homes: s.homes, desc: s.desc}
}
