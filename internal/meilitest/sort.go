package meilitest

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
)

// sortKey is one thing to sort by: a field, or the distance from a point.
type sortKey struct {
	field      string
	from       *point
	descending bool
}

var reserved = []string{geoField, "_geojson", distanceField, "_geoPoint", "_geoRadius", "_geoBoundingBox", "_geoPolygon"}

// readSort reads `field:asc` and `_geoPoint(1, 2):desc`.
func readSort(texts []string, s *settings, code string) ([]sortKey, error) {
	keys := make([]sortKey, 0, len(texts))
	for _, text := range texts {
		key, err := readSortKey(text, code)
		if err != nil {
			return nil, err
		}
		if key.from == nil && !s.sorts(key.field) || key.from != nil && !s.sortsGeo() {
			return nil, fail(code, "Attribute `%s` is not sortable. Sortable are: %s.", key.name(), quoted(s.sortable))
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func (k sortKey) name() string {
	if k.from != nil {
		return geoField
	}
	return k.field
}

func (s *settings) sorts(name string) bool {
	return slices.ContainsFunc(s.sortable, func(sortable string) bool { return below(name, sortable) })
}

func readSortKey(text, code string) (sortKey, error) {
	name, ascending := strings.CutSuffix(text, ":asc")
	if !ascending {
		var ok bool
		if name, ok = strings.CutSuffix(text, ":desc"); !ok {
			return sortKey{}, fail(code, "Invalid syntax for the sort parameter: expected expression ending by `:asc` or `:desc`, found `%s`.", text)
		}
	}
	if args, ok := strings.CutPrefix(name, "_geoPoint("); ok {
		p, ok := readPoint(args)
		if !ok {
			return sortKey{}, fail(code, "Invalid syntax for the geo parameter: expected `_geoPoint(latitude, longitude)`, found `%s`.", name)
		}
		return sortKey{from: &p, descending: !ascending}, nil
	}
	if slices.Contains(reserved, name) || strings.HasPrefix(name, "_geoRadius(") || strings.HasPrefix(name, "_geoBoundingBox(") ||
		strings.HasPrefix(name, "_geo(") || strings.HasPrefix(name, "_geoDistance(") {
		return sortKey{}, fail(code, "`%s` is a reserved keyword and thus can't be used as a sort expression.", name)
	}
	return sortKey{field: name, descending: !ascending}, nil
}

// readPoint reads the arguments of _geoPoint with the closing parenthesis.
func readPoint(args string) (point, bool) {
	args, ok := strings.CutSuffix(args, ")")
	first, second, two := strings.Cut(args, ",")
	lat, err1 := strconv.ParseFloat(strings.TrimSpace(first), 64)
	lng, err2 := strconv.ParseFloat(strings.TrimSpace(second), 64)
	return point{lat, lng}, ok && two && err1 == nil && err2 == nil && math.Abs(lat) <= 90 && math.Abs(lng) <= 180
}

// sorted is what a document is sorted by: nothing, which stands last in both
// directions, a number, or a text, which stands after all numbers in both
// directions too.
type sorted struct {
	kind   int
	number float64
	text   string
}

// The kinds of sorted, in their order.
const (
	sortedNumber = iota
	sortedText
	sortedNothing
)

// of picks what a document is sorted by: of several values the least when
// ascending and the greatest when descending.
func (k sortKey) of(d *document) sorted {
	if k.from != nil {
		if d.at == nil {
			return sorted{kind: sortedNothing}
		}
		return sorted{number: metres(*k.from, *d.at)}
	}
	v := d.values[k.field]
	switch {
	case v == nil:
		return sorted{kind: sortedNothing}
	case len(v.numbers) > 0 && k.descending:
		return sorted{number: slices.Max(v.numbers)}
	case len(v.numbers) > 0:
		return sorted{number: slices.Min(v.numbers)}
	}
	best, found := "", false
	for t := range v.texts {
		if !found || (t < best) != k.descending {
			best, found = t, true
		}
	}
	if !found {
		return sorted{kind: sortedNothing}
	}
	return sorted{kind: sortedText, text: best}
}

func (k sortKey) compare(a, b *document) int {
	x, y := k.of(a), k.of(b)
	if x.kind != y.kind {
		return x.kind - y.kind
	}
	c := 0
	switch {
	case x.number < y.number, x.text < y.text:
		c = -1
	case x.number > y.number, x.text > y.text:
		c = 1
	}
	if k.descending {
		return -c
	}
	return c
}

func compareAll(keys []sortKey, a, b *document) int {
	for _, k := range keys {
		if c := k.compare(a, b); c != 0 {
			return c
		}
	}
	return 0
}

// value is what a document is sorted by, as score details tell it.
func (s sorted) value() any {
	switch s.kind {
	case sortedNumber:
		return s.number
	case sortedText:
		return s.text
	}
	return json.RawMessage("null")
}
