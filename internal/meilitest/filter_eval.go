package meilitest

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// filterFor reads a filter and checks that the index allows what it asks.
func (s *Server) filterFor(x *index, v any) (node, error) {
	n, err := parseFilter(v)
	if err != nil {
		return nil, err
	}
	if n == nil {
		return everyDocument{}, nil
	}
	if err := s.checkContains(n); err != nil {
		return nil, err
	}
	return n, x.check(n)
}

// checkContains refuses CONTAINS unless the experiment is on.
func (s *Server) checkContains(n node) error {
	used := false
	each(n, func(n node) {
		c, ok := n.(compareNode)
		used = used || ok && c.op == opContains
	})
	if used && !s.features[containsFilter] {
		return fail("feature_not_enabled", "Using `CONTAINS` in a filter requires enabling the `contains filter` experimental feature.")
	}
	return nil
}

// check refuses fields that may not be asked, operators that a rule does not
// allow, and places that are not on earth.
func (x *index) check(n node) error {
	for _, name := range n.fields() {
		if a, ok := x.settings.filtering(name); !ok || !a.filterable() {
			return fail(badFilter, "Index `%s`: Attribute `%s` is not filterable. Filterable are: %s.", x.uid, name, quoted(x.settings.filterablePatterns()))
		}
	}
	var err error
	each(n, func(n node) {
		if err == nil {
			err = x.checkNode(n)
		}
	})
	return err
}

func (x *index) checkNode(n node) error {
	switch n := n.(type) {
	case compareNode:
		a, _ := x.settings.filtering(n.field)
		switch n.op {
		case "=", "!=":
			return x.allow(a.equality, n.field, n.op)
		case "<", "<=", ">", ">=":
			return x.allow(a.comparison, n.field, n.op)
		}
	case rangeNode:
		a, _ := x.settings.filtering(n.field)
		return x.allow(a.comparison, n.field, "TO")
	case inNode:
		a, _ := x.settings.filtering(n.field)
		// A field that no document has is in no list, whatever is allowed.
		return x.allow(a.equality || len(n.values) == 0, n.field, "=")
	case radiusNode:
		return x.checkRadius(n)
	case boxNode:
		return x.checkBox(n)
	case polygonNode:
		return fail(badFilter, "Index `%s`: Attribute `_geojson` is not filterable.", x.uid)
	}
	return nil
}

// allow refuses an operator. A field that no document has is not looked at.
func (x *index) allow(ok bool, name, op string) error {
	if ok || !x.known[name] {
		return nil
	}
	return fail(badFilter, "Index `%s`: Filter operator `%s` is not allowed for the attribute `%s`.", x.uid, op, name)
}

func (x *index) checkRadius(n radiusNode) error {
	if err := x.checkPoint(n.lat, n.lng); err != nil {
		return err
	}
	if n.resolution != "" {
		if r := float(n.resolution); r < 3 || r > 1000 {
			return fail(badFilter, "Index `%s`: Invalid resolution `%s`. It must be between 3 and 1000.", x.uid, n.resolution)
		}
	}
	return x.checkGeo()
}

func (x *index) checkBox(n boxNode) error {
	if err := x.checkPoint(n.top, n.right); err != nil {
		return err
	}
	if err := x.checkPoint(n.bottom, n.left); err != nil {
		return err
	}
	if float(n.top) < float(n.bottom) {
		return fail(badFilter, "Index `%s`: The top latitude `%s` is below the bottom latitude `%s`.", x.uid, n.top, n.bottom)
	}
	return x.checkGeo()
}

func (x *index) checkPoint(lat, lng string) error {
	if math.Abs(float(lat)) > 90 {
		return fail(badFilter, "Index `%s`: Bad latitude `%s`. It must be between -90 and 90 degrees.", x.uid, lat)
	}
	if math.Abs(float(lng)) > 180 {
		return fail(badFilter, "Index `%s`: Bad longitude `%s`. It must be between -180 and 180 degrees.", x.uid, lng)
	}
	return nil
}

func (x *index) checkGeo() error {
	if x.settings.filtersGeo() {
		return nil
	}
	return fail(badFilter, "Index `%s`: Attribute `_geo/_geojson` is not filterable. Filterable are: %s.", x.uid, quoted(x.settings.filterablePatterns()))
}

// float reads a number that the parser has taken for one. One too large for
// the machine is infinite.
func float(s string) float64 {
	f, _ := strconv.ParseFloat(s, 64)
	return f
}

var numberShape = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$`)

// filterNumber reads a value as a number, if it is one.
func filterNumber(s string) (float64, bool) {
	if !numberShape.MatchString(s) {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}

// of gives what a document holds in a field. A field that no document ever had
// is not even known, and then no condition on it holds, not even "!=".
func (x *index) of(d *document, name string) (values, bool) {
	if !x.known[name] && !strings.HasPrefix(name, geoField+".") {
		return values{}, false
	}
	if v, ok := d.values[name]; ok {
		return *v, true
	}
	return values{}, true
}

func (n andNode) accepts(x *index, d *document) bool {
	return !slices.ContainsFunc(n, func(e node) bool { return !e.accepts(x, d) })
}

func (n orNode) accepts(x *index, d *document) bool {
	return slices.ContainsFunc(n, func(e node) bool { return e.accepts(x, d) })
}

func (n notNode) accepts(x *index, d *document) bool { return !n.of.accepts(x, d) }

func (n inNode) accepts(x *index, d *document) bool {
	v, known := x.of(d, n.field)
	return known && slices.ContainsFunc(n.values, v.equals)
}

// equals says whether any value of a field is this one: as a text whatever its
// case, or as a number.
func (v values) equals(value string) bool {
	if _, ok := v.texts[normalised(value)]; ok {
		return true
	}
	f, ok := filterNumber(value)
	return ok && slices.Contains(v.numbers, f)
}

func (n compareNode) accepts(x *index, d *document) bool {
	v, known := x.of(d, n.field)
	if !known {
		return false
	}
	switch n.op {
	case "=":
		return v.equals(n.value)
	case "!=":
		return !v.equals(n.value)
	case opContains:
		return v.anyText(func(t string) bool { return strings.Contains(t, normalised(n.value)) })
	case opStartsWith:
		prefix := normalised(n.value)
		return v.exists && prefix == "" || v.anyText(func(t string) bool { return strings.HasPrefix(t, prefix) })
	}
	return v.compares(n.op, n.value)
}

func (v values) anyText(f func(string) bool) bool {
	for t := range v.texts {
		if f(t) {
			return true
		}
	}
	return false
}

// compares says whether any number stands so to a value that is a number, or
// any text to the value as a text, in the order of its letters.
func (v values) compares(op, value string) bool {
	if f, ok := filterNumber(value); ok && slices.ContainsFunc(v.numbers, func(n float64) bool { return stands(op, n, f) }) {
		return true
	}
	text := normalised(value)
	return v.anyText(func(t string) bool { return stands(op, t, text) })
}

func stands[T float64 | string](op string, a, b T) bool {
	switch op {
	case "<":
		return a < b
	case "<=":
		return a <= b
	case ">":
		return a > b
	}
	return a >= b
}

func (n rangeNode) accepts(x *index, d *document) bool {
	v, known := x.of(d, n.field)
	if !known {
		return false
	}
	low, okLow := filterNumber(n.low)
	high, okHigh := filterNumber(n.high)
	if okLow && okHigh && slices.ContainsFunc(v.numbers, func(f float64) bool { return low <= f && f <= high }) {
		return true
	}
	from, to := normalised(n.low), normalised(n.high)
	return v.anyText(func(t string) bool { return from <= t && t <= to })
}

func (n stateNode) accepts(x *index, d *document) bool {
	v, known := x.of(d, n.field)
	if !known {
		return false
	}
	switch n.op {
	case opNull:
		return v.null
	case opEmpty:
		return v.empty
	}
	return v.exists
}

func (n radiusNode) accepts(_ *index, d *document) bool {
	return d.at != nil && metres(point{float(n.lat), float(n.lng)}, *d.at) <= float(n.metres)
}

func (n boxNode) accepts(_ *index, d *document) bool {
	if d.at == nil || d.at.lat < float(n.bottom) || d.at.lat > float(n.top) {
		return false
	}
	left, right := float(n.left), float(n.right)
	if right < left { // The box goes over the line where the day changes.
		return d.at.lng >= left || d.at.lng <= right
	}
	return left <= d.at.lng && d.at.lng <= right
}

// accepts is never asked: the check refuses polygons, which need shapes that
// this server does not keep.
func (n polygonNode) accepts(*index, *document) bool { return false }
