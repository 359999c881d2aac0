package meilitest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestFilterReads reads what the documentation of the filter language shows,
// and writes it down with its structure to be seen.
func TestFilterReads(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{`genres = horror`, `"genres" = "horror"`},
		{`director = 'Jordan Peele'`, `"director" = "Jordan Peele"`},
		{`director = 'Tim \'B\''`, `"director" = "Tim 'B'"`},
		{`rating.users >= 85`, `"rating.users" >= "85"`},
		{`release_date 1 TO 2 AND NOT director EXISTS`, `"release_date" "1" TO "2" AND NOT ("director" EXISTS)`},
		{`overview IS NOT NULL OR overview IS EMPTY`, `NOT ("overview" IS NULL) OR "overview" IS EMPTY`},
		{`genres NOT IN [horror, comedy,]`, `NOT ("genres" IN ["horror", "comedy"])`},
		{`NOT NOT NOT a = b`, `NOT ("a" = "b")`},
		{`a = 1 OR b = 2 AND c = 3`, `"a" = "1" OR ("b" = "2" AND "c" = "3")`},
		{`(a = 1 OR b = 2) AND c = 3`, `("a" = "1" OR "b" = "2") AND "c" = "3"`},
		{`_geoRadius(45.47, 9.18, 2000) AND _geoBoundingBox([45.5, 9.2], [45.4, 9.1])`,
			`_geoRadius(45.47, 9.18, 2000) AND _geoBoundingBox([45.5, 9.2], [45.4, 9.1])`},
		{`hero STARTS WITH spider AND hero NOT CONTAINS man`, `"hero" STARTS WITH "spider" AND NOT ("hero" CONTAINS "man")`},
	} {
		n, err := parseExpression(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if got := n.String(); got != test.want {
			t.Errorf("%s\nreads as %s\nwanted   %s", test.text, got, test.want)
		}
	}
}

// FuzzFilter reads anything without a panic, and what it has read it writes so
// that it reads the same again.
func FuzzFilter(f *testing.F) {
	for _, seed := range []string{
		``, `a = b`, `a IN [b, "c d", 'e\'f']`, `NOT (a EXISTS AND b IS NULL) OR c != "\u{1F600}"`, `x 1 TO 2`, `"\\\"" = '\x41'`,
		`_geoRadius(1, 2, 3)`, `_geoBoundingBox([1,2],[3,4])`, `_geoPolygon([1,2],[3,4],[5,6],)`, `((((a = 1))))`, `a = "`, `IN`, "a\u00a0=\tb",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := parseExpression(text)
		if err != nil {
			var e *apiError
			if !errors.As(err, &e) {
				t.Fatalf("%q: not an error of the API: %v", text, err)
			}
			return
		}
		if n == nil {
			return
		}
		again, err := parseExpression(n.String())
		if err != nil {
			// Parentheses are written where none were, and there is an end to them.
			if !strings.Contains(err.Error(), "depth") {
				t.Fatalf("%q is written as %s, which does not read: %v", text, n, err)
			}
			return
		}
		if diff := cmp.Diff(n, again, cmp.AllowUnexported(compareNode{}, rangeNode{}, stateNode{}, inNode{}, notNode{}, radiusNode{}, boxNode{}, polygonNode{})); diff != "" {
			t.Fatalf("%q is written as %s, which reads otherwise:\n%s", text, n, diff)
		}
	})
}

// TestFilterEvaluates compares random filters over random documents with a
// plain evaluator of the raw JSON.
func TestFilterEvaluates(t *testing.T) {
	s := defaultSettings()
	for _, name := range []string{"a", "b", "c"} {
		s.filterable = append(s.filterable, filterRule{name: name, features: abilities{true, true, true}})
	}
	rapid.Check(t, func(t *rapid.T) {
		source := map[string]any{}
		for _, name := range []string{"a", "b"} { // No document has a c.
			if v := valueGen.Draw(t, name); v != "absent" {
				source[name] = v
			}
		}
		x := newIndex("x", "id", time.Time{})
		x.settings = s
		x.put(&document{id: "0", source: map[string]any{"a": "x", "b": "x"}})
		d := &document{id: "1", source: source}
		d.derive(&s)
		x.put(d)
		n := nodeGen(3).Draw(t, "filter")
		read, err := parseExpression(n.String())
		if err != nil {
			t.Fatalf("%s: %v", n, err)
		}
		if got, want := read.accepts(x, d), plainly(n, source); got != want {
			t.Fatalf("%s over %s: %v, wanted %v", n, describe(source), got, want)
		}
	})
}

var textGen = rapid.SampledFrom([]string{"x", "X", "y", "é", "e", "10", "2", " x ", "true", "-1.5"})

var valueGen = rapid.Custom(func(t *rapid.T) any {
	leaf := func() any {
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			return nil
		case 1:
			return rapid.Bool().Draw(t, "bool")
		case 2:
			return json.Number(rapid.SampledFrom([]string{"10", "2", "-1.5", "1e1"}).Draw(t, "number"))
		case 3:
			return ""
		}
		return textGen.Draw(t, "text")
	}
	switch rapid.IntRange(0, 3).Draw(t, "shape") {
	case 0:
		return "absent"
	case 1:
		list := []any{}
		for range rapid.IntRange(0, 3).Draw(t, "length") {
			list = append(list, leaf())
		}
		return list
	}
	return leaf()
})

func nodeGen(depth int) *rapid.Generator[node] {
	return rapid.Custom(func(t *rapid.T) node {
		field := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "field")
		kinds := 4
		if depth > 0 {
			kinds = 7
		}
		several := func() []node {
			return rapid.SliceOfN(nodeGen(depth-1), 2, 3).Draw(t, "parts")
		}
		switch rapid.IntRange(1, kinds).Draw(t, "node") {
		case 1:
			ops := []string{"=", "!=", "<", "<=", ">", ">=", opStartsWith}
			return compareNode{field, rapid.SampledFrom(ops).Draw(t, "op"), textGen.Draw(t, "value")}
		case 2:
			return rangeNode{field, textGen.Draw(t, "low"), textGen.Draw(t, "high")}
		case 3:
			return stateNode{field, rapid.SampledFrom([]string{opExists, opNull, opEmpty}).Draw(t, "state")}
		case 4:
			return inNode{field, rapid.SliceOfN(textGen, 0, 3).Draw(t, "values")}
		case 5:
			return andNode(several())
		case 6:
			return orNode(several())
		}
		return notNode{nodeGen(depth-1).Draw(t, "of")}
	})
}

// plainly is the specification: it looks at the JSON and knows no index. The
// field c is in no document, and then only NOT finds anything.
func plainly(n node, source map[string]any) bool {
	switch n := n.(type) {
	case andNode:
		for _, e := range n {
			if !plainly(e, source) {
				return false
			}
		}
		return true
	case orNode:
		for _, e := range n {
			if plainly(e, source) {
				return true
			}
		}
		return false
	case notNode:
		return !plainly(n.of, source)
	case stateNode:
		v, ok := source[n.field]
		list, isList := v.([]any)
		switch n.op {
		case opExists:
			return ok
		case opNull:
			return ok && v == nil
		}
		return ok && (v == "" || isList && len(list) == 0)
	case inNode:
		return slices.ContainsFunc(n.values, func(v string) bool { return plainly(compareNode{n.field, "=", v}, source) })
	case rangeNode:
		return slices.ContainsFunc(leaves(source[n.field]), func(v any) bool {
			low, okLow := plainOrder(v, n.low)
			high, okHigh := plainOrder(v, n.high)
			return okLow && okHigh && low >= 0 && high <= 0
		})
	case compareNode:
		if n.op == "!=" {
			return n.field != "c" && !plainly(compareNode{n.field, "=", n.value}, source)
		}
		return slices.ContainsFunc(leaves(source[n.field]), func(v any) bool {
			if n.op == opStartsWith {
				text, ok := plainText(v)
				return ok && strings.HasPrefix(text, plainFold(n.value))
			}
			c, ok := plainOrder(v, n.value)
			return ok && (c == 0 && strings.Contains(n.op, "=") || c < 0 && n.op[0] == '<' || c > 0 && n.op[0] == '>')
		})
	}
	panic(fmt.Sprintf("what is %T?", n))
}

func leaves(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}

func plainText(v any) (string, bool) {
	switch v := v.(type) {
	case bool:
		return strconv.FormatBool(v), true
	case string:
		return plainFold(v), v != ""
	}
	return "", false
}

// plainFold is enough for the texts that are drawn here: the one accent among
// them is written as the letter and the accent.
func plainFold(s string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(s)), "é", "e\u0301")
}

// plainOrder compares a value with that of a filter: a number with a number and
// a text with a text, or not at all.
func plainOrder(v any, value string) (int, bool) {
	if n, ok := v.(json.Number); ok {
		a, err1 := n.Float64()
		b, err2 := strconv.ParseFloat(value, 64)
		switch {
		case err1 != nil || err2 != nil:
			return 0, false
		case a < b:
			return -1, true
		case a > b:
			return 1, true
		}
		return 0, true
	}
	text, ok := plainText(v)
	return strings.Compare(text, plainFold(value)), ok
}
