package meilitest

import (
	"fmt"
	"strings"
)

// node is a filter, or a part of one. Its String is a filter that reads as the
// same node.
type node interface {
	fmt.Stringer
	// fields lists the fields that are asked, for the check that they may be.
	fields() []string
	// accepts says whether a document passes.
	accepts(x *index, d *document) bool
}

type (
	andNode []node
	orNode  []node
	notNode struct{ of node }
	// compareNode compares a field: op is one of = != < <= > >= CONTAINS and
	// STARTS WITH.
	compareNode struct{ field, op, value string }
	// rangeNode is "field low TO high".
	rangeNode struct{ field, low, high string }
	// stateNode asks for what a field is: EXISTS, IS NULL or IS EMPTY.
	stateNode struct{ field, op string }
	inNode    struct {
		field  string
		values []string
	}
	radiusNode struct {
		lat, lng, metres string
		resolution       string
	}
	boxNode     struct{ top, right, bottom, left string }
	polygonNode struct{ points [][2]string }
)

// The operators that are words.
const (
	opContains   = "CONTAINS"
	opStartsWith = "STARTS WITH"
	opExists     = "EXISTS"
	opNull       = "IS NULL"
	opEmpty      = "IS EMPTY"
)

// everyDocument is the filter of a search without one.
type everyDocument struct{}

func (everyDocument) String() string                 { return "" }
func (everyDocument) fields() []string               { return nil }
func (everyDocument) accepts(*index, *document) bool { return true }

func (n andNode) String() string { return joined(n, " AND ") }
func (n orNode) String() string  { return joined(n, " OR ") }

func joined(nodes []node, with string) string {
	parts := make([]string, len(nodes))
	for i, n := range nodes {
		parts[i] = n.String()
		switch n.(type) {
		case andNode, orNode:
			parts[i] = "(" + parts[i] + ")"
		}
	}
	return strings.Join(parts, with)
}

func (n notNode) String() string { return "NOT (" + n.of.String() + ")" }

func (n compareNode) String() string {
	return quote(n.field) + " " + n.op + " " + quote(n.value)
}

func (n rangeNode) String() string {
	return quote(n.field) + " " + quote(n.low) + " TO " + quote(n.high)
}

func (n stateNode) String() string { return quote(n.field) + " " + n.op }

func (n inNode) String() string {
	values := make([]string, len(n.values))
	for i, v := range n.values {
		values[i] = quote(v)
	}
	return quote(n.field) + " IN [" + strings.Join(values, ", ") + "]"
}

func (n radiusNode) String() string {
	args := []string{n.lat, n.lng, n.metres}
	if n.resolution != "" {
		args = append(args, n.resolution)
	}
	return "_geoRadius(" + strings.Join(args, ", ") + ")"
}

func (n boxNode) String() string {
	return fmt.Sprintf("_geoBoundingBox([%s, %s], [%s, %s])", n.top, n.right, n.bottom, n.left)
}

func (n polygonNode) String() string {
	points := make([]string, len(n.points))
	for i, p := range n.points {
		points[i] = "[" + p[0] + ", " + p[1] + "]"
	}
	return "_geoPolygon(" + strings.Join(points, ", ") + ")"
}

// quote writes a value so that it is read back as it is.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

func (n andNode) fields() []string     { return fieldsOf(n) }
func (n orNode) fields() []string      { return fieldsOf(n) }
func (n notNode) fields() []string     { return n.of.fields() }
func (n compareNode) fields() []string { return []string{n.field} }
func (n rangeNode) fields() []string   { return []string{n.field} }
func (n stateNode) fields() []string   { return []string{n.field} }
func (n inNode) fields() []string      { return []string{n.field} }
func (n radiusNode) fields() []string  { return nil }
func (n boxNode) fields() []string     { return nil }
func (n polygonNode) fields() []string { return nil }

func fieldsOf(nodes []node) []string {
	var names []string
	for _, n := range nodes {
		names = append(names, n.fields()...)
	}
	return names
}

// each calls f with a node and all nodes inside it.
func each(n node, f func(node)) {
	f(n)
	switch n := n.(type) {
	case andNode:
		for _, e := range n {
			each(e, f)
		}
	case orNode:
		for _, e := range n {
			each(e, f)
		}
	case notNode:
		each(n.of, f)
	}
}
