package meilitest

import (
	"encoding/json"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// field reads one field of a request's object. What it refuses is refused with
// its own code.
type field struct {
	code string
	read func(v any) bool
	// what says what is expected, for the message.
	what string
}

// decode reads an object. A field that is not known is a bad_request, as is a
// body that is no object.
func decode(v any, fields map[string]field) error { return decodeAs(v, fields, "bad_request", "") }

// decodeAs reads an object inside another, whose mistakes have the code of
// the field it stands in.
func decodeAs(v any, fields map[string]field, code, at string) error {
	object, ok := v.(map[string]any)
	if !ok {
		return fail(code, "Invalid value type%s: expected an object, but found %s.", at, describe(v))
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		f, ok := fields[name]
		if !ok {
			return fail(code, "Unknown field `%s`%s: expected one of %s.", name, at, quoted(slices.Sorted(maps.Keys(fields))))
		}
		if !f.read(object[name]) {
			return fail(f.code, "Invalid value at `%s`%s: expected %s, but found %s.", name, at, f.what, describe(object[name]))
		}
	}
	return nil
}

func describe(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return "something else"
	}
	return "`" + string(text) + "`"
}

func stringField(code string, to *string) field {
	return field{code, func(v any) bool {
		s, ok := v.(string)
		*to = s
		return ok
	}, "a string"}
}

func boolField(code string, to *bool) field {
	return field{code, func(v any) bool {
		b, ok := v.(bool)
		*to = b
		return ok
	}, "a boolean"}
}

// countField takes a whole number from zero.
func countField(code string, to *int) field {
	return field{code, func(v any) bool {
		n, ok := count(v)
		*to = n
		return ok
	}, "a positive integer"}
}

// optionalCount tells a number that is not there from zero.
func optionalCount(code string, to **int) field {
	return field{code, func(v any) bool {
		if v == nil {
			return true
		}
		n, ok := count(v)
		*to = &n
		return ok
	}, "a positive integer"}
}

func optionalString(code string, to **string) field {
	return field{code, func(v any) bool {
		if v == nil {
			return true
		}
		s, ok := v.(string)
		*to = &s
		return ok
	}, "a string"}
}

// scoreField takes a number from 0 to 1.
func scoreField(code string, to **float64) field {
	return field{code, func(v any) bool {
		if v == nil {
			return true
		}
		n, ok := number(v)
		*to = &n
		return ok && n >= 0 && n <= 1
	}, "a number from 0.0 to 1.0"}
}

// stringsField takes an array of strings. Null is none at all.
func stringsField(code string, to *[]string) field {
	return field{code, func(v any) bool {
		if v == nil {
			*to = nil
			return true
		}
		list, ok := stringList(v)
		*to = list
		return ok
	}, "an array of strings"}
}

// anyField takes whatever stands there.
func anyField(to *any) field {
	return field{"", func(v any) bool { *to = v; return true }, "anything"}
}

// ignored takes whatever stands there and does nothing with it.
var ignored = field{"", func(any) bool { return true }, "anything"}

// absent stands for a feature that this server does not have: only null will do.
func absent(code string) field {
	return field{code, func(v any) bool { return v == nil }, "null, since this server has no such feature,"}
}

// oneOf takes one of some words.
func oneOf(code string, to *string, words ...string) field {
	return field{code, func(v any) bool {
		s, ok := v.(string)
		*to = s
		return ok && slices.Contains(words, s)
	}, "one of " + quoted(words)}
}

func stringList(v any) ([]string, bool) {
	array, ok := v.([]any)
	if !ok {
		return nil, false
	}
	list := make([]string, len(array))
	for i, e := range array {
		if list[i], ok = e.(string); !ok {
			return nil, false
		}
	}
	return list, true
}

func count(v any) (int, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	i, err := strconv.Atoi(n.String())
	return i, err == nil && i >= 0
}

func number(v any) (float64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	f, err := n.Float64()
	return f, err == nil && !math.IsInf(f, 0)
}

// decodeQuery reads the parameters of an address as fields of text: lists are
// separated by commas.
func decodeQuery(q url.Values, fields map[string]param) error {
	for _, name := range slices.Sorted(maps.Keys(q)) {
		p, ok := fields[name]
		if !ok {
			return fail("bad_request", "Unknown parameter `%s`: expected one of %s.", name, quoted(slices.Sorted(maps.Keys(fields))))
		}
		if !p.read(q.Get(name)) {
			return fail(p.code, "Invalid value in parameter `%s`: `%s`.", name, q.Get(name))
		}
	}
	return nil
}

// param reads one parameter of an address.
type param struct {
	code string
	read func(string) bool
}

func countParam(code string, to *int) param {
	return param{code, func(s string) bool {
		n, err := strconv.Atoi(s)
		*to = n
		return err == nil && n >= 0
	}}
}

func boolParam(code string, to *bool) param {
	return param{code, func(s string) bool {
		*to = s == "true"
		return s == "true" || s == "false"
	}}
}

func textParam(code string, to *string) param {
	return param{code, func(s string) bool { *to = s; return true }}
}

// listParam reads names separated by commas. A star, alone or among others, is
// the same as not asking.
func listParam(code string, to *[]string) param {
	return param{code, func(s string) bool {
		list := strings.Split(s, ",")
		for i := range list {
			list[i] = strings.TrimSpace(list[i])
		}
		if slices.Contains(list, "*") {
			list = nil
		}
		*to = list
		return true
	}}
}

// page is a part of a list.
type page struct{ offset, limit int }

func pageParams(p *page, offset, limit string) map[string]param {
	p.limit = 20
	return map[string]param{"offset": countParam(offset, &p.offset), "limit": countParam(limit, &p.limit)}
}

// cutPage gives the part of a list that the page shows.
func cutPage[T any](p page, list []T) []T {
	from := min(p.offset, len(list))
	to := from + min(p.limit, len(list)-from)
	return list[from:to]
}

// results is how a list is told.
type results struct {
	Results any `json:"results"`
	Offset  int `json:"offset"`
	Limit   int `json:"limit"`
	Total   int `json:"total"`
}
