package extract

import (
	"bytes"
	"encoding/json"
	"errors"
	"html"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// Bounds on structured data: deeper or longer than any honest page.
const (
	maxDepth    = 12
	maxPostings = 200
)

// object is one thing of structured data: property name to a string, a
// json.Number, a bool, an object or a list of these.
type object = map[string]any

// jsonLD returns the JobPosting objects of a page's JSON-LD scripts, in the order
// of the page.
func jsonLD(doc *goquery.Document) []object {
	var found []object
	doc.Find("script").Each(func(_ int, s *goquery.Selection) {
		kind, _ := s.Attr("type")
		kind, _, _ = strings.Cut(kind, ";")
		if !strings.EqualFold(strings.TrimSpace(kind), "application/ld+json") {
			return
		}
		for _, v := range decodeJSON(s.Text()) {
			found = postingsIn(v, maxDepth, found)
		}
	})
	return found
}

// postingsIn collects the JobPosting objects in v, without looking inside one.
func postingsIn(v any, depth int, found []object) []object {
	if depth == 0 || len(found) >= maxPostings {
		return found
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			found = postingsIn(e, depth-1, found)
		}
	case object:
		if isJobPosting(v["@type"]) {
			return append(found, v)
		}
		// In a fixed order, so that a page always reads alike.
		for _, key := range slices.Sorted(maps.Keys(v)) {
			found = postingsIn(v[key], depth-1, found)
		}
	}
	return found
}

// isJobPosting understands a type given as a name, an address or a list.
func isJobPosting(t any) bool {
	switch t := t.(type) {
	case string:
		name := t[strings.LastIndexAny(t, "/#:")+1:]
		return strings.EqualFold(strings.TrimSpace(name), "JobPosting")
	case []any:
		return slices.ContainsFunc(t, isJobPosting)
	}
	return false
}

// decodeJSON reads the values of a script as leniently as browsers' users expect:
// as it stands, else repaired, else unescaped and repaired.
func decodeJSON(text string) []any {
	text = unwrap(text)
	for _, attempt := range []func(string) string{
		func(s string) string { return s },
		repairJSON,
		func(s string) string { return repairJSON(html.UnescapeString(s)) },
	} {
		if values, err := decodeAll(attempt(text)); err == nil {
			return values
		}
	}
	return nil
}

// decodeAll reads one JSON value after another to the end of the text.
func decodeAll(text string) ([]any, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var values []any
	for len(values) < maxPostings {
		var v any
		err := d.Decode(&v)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, nil
}

// unwrap takes off what old templates put around a script's text.
func unwrap(text string) string {
	text = strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	for _, w := range [][2]string{{"<!--", "-->"}, {"//<![CDATA[", "//]]>"}, {"/*<![CDATA[*/", "/*]]>*/"}, {"<![CDATA[", "]]>"}} {
		if inner, ok := strings.CutPrefix(text, w[0]); ok {
			text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(inner), w[1]))
		}
	}
	return strings.TrimRight(text, ",; \r\n\t")
}

// repairJSON mends what generators get wrong: control characters inside strings
// become escapes, escapes that JSON does not know lose their backslash, commas
// before a closing bracket go.
func repairJSON(text string) string {
	var out bytes.Buffer
	out.Grow(len(text))
	inString := false
	comma := -1 // where in out a comma stands that nothing but space has followed
	for i := 0; i < len(text); i++ {
		c := text[i]
		if !inString {
			switch {
			case c == ',':
				comma = out.Len()
			case (c == '}' || c == ']') && comma >= 0:
				out.Bytes()[comma] = ' '
				comma = -1
			case c == ' ' || c == '\n' || c == '\r' || c == '\t':
			case c < ' ':
				continue
			default:
				comma = -1
			}
			inString = c == '"'
			out.WriteByte(c)
			continue
		}
		switch {
		case c == '"':
			inString = false
			out.WriteByte(c)
		case c == '\\' && i+1 < len(text):
			i++
			if next := text[i]; strings.IndexByte(`"\/bfnrtu`, next) >= 0 {
				out.WriteByte('\\')
				out.WriteByte(next)
			} else {
				i-- // the backslash goes, what it escaped is read again
			}
		case c == '\n':
			out.WriteString(`\n`)
		case c == '\t':
			out.WriteString(`\t`)
		case c < ' ':
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}
