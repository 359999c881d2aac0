package meilitest

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxFilterDepth bounds how deep a filter may nest. Each of OR, AND, NOT and a
// parenthesis is a step down, so that some 36 parentheses fit.
const maxFilterDepth = 150

const badFilter = "invalid_search_filter"

// parseFilter reads a filter as requests give it: a text, or an array whose
// elements must all hold, each of them a text or an array of texts of which one
// must hold. An empty one is nil.
func parseFilter(v any) (node, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		return parseExpression(v)
	case []any:
		return parseArray(v)
	}
	return nil, fail(badFilter, "Invalid syntax for the filter parameter: expected a String or an Array, found: %s.", describe(v))
}

func parseArray(array []any) (node, error) {
	var all andNode
	for _, e := range array {
		n, err := parseElement(e)
		if err != nil {
			return nil, err
		}
		if n != nil {
			all = append(all, n)
		}
	}
	switch len(all) {
	case 0:
		return nil, nil
	case 1:
		return all[0], nil
	}
	return all, nil
}

func parseElement(e any) (node, error) {
	if text, ok := e.(string); ok {
		return parseExpression(text)
	}
	texts, ok := stringList(e)
	if !ok {
		return nil, fail(badFilter, "Invalid type for filter subexpression: expected a String or an array of Strings, found: %s.", describe(e))
	}
	var some orNode
	for _, text := range texts {
		n, err := parseExpression(text)
		if err != nil {
			return nil, err
		}
		if n != nil {
			some = append(some, n)
		}
	}
	switch len(some) {
	case 0:
		return nil, nil
	case 1:
		return some[0], nil
	}
	return some, nil
}

// parseExpression reads a filter in the filter language; an empty one is nil.
func parseExpression(text string) (node, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	p := &filterParser{text: text}
	n, err := p.or(0)
	if err != nil {
		return nil, err
	}
	if p.at < len(text) {
		return nil, p.fail("Found unexpected characters at the end of the filter: `%s`. An `OR` or an `AND` may be missing.", text[p.at:])
	}
	return n, nil
}

// filterParser reads from text[at:].
type filterParser struct {
	text string
	at   int
}

func (p *filterParser) fail(format string, args ...any) *apiError {
	e := fail(badFilter, format, args...)
	e.message += "\n" + strconv.Itoa(utf8.RuneCountInString(p.text[:p.at])+1) + " " + p.text
	return e
}

func (p *filterParser) rest() string { return p.text[p.at:] }

// space skips blanks, tabs and line ends.
func (p *filterParser) space() {
	p.at = len(p.text) - len(strings.TrimLeft(p.rest(), " \t\r\n"))
}

// word gives the bare word that stands here, which may be a keyword.
func (p *filterParser) word() string {
	rest := p.rest()
	end := strings.IndexFunc(rest, func(r rune) bool { return !wordRune(r) })
	if end < 0 {
		end = len(rest)
	}
	return rest[:end]
}

// wordRune says whether a rune may stand in a value without quotes.
func wordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r)) || r == '_' || r == '-' || r == '.'
}

// keyword takes a keyword with the blanks around it.
func (p *filterParser) keyword(k string) bool {
	before := p.at
	p.space()
	if p.word() != k {
		p.at = before
		return false
	}
	p.at += len(k)
	p.space()
	return true
}

// take takes a text that stands right here.
func (p *filterParser) take(text string) bool {
	ok := strings.HasPrefix(p.rest(), text)
	if ok {
		p.at += len(text)
	}
	return ok
}

// phrase takes words with blanks between them: IS NOT NULL.
func (p *filterParser) phrase(words ...string) bool {
	before := p.at
	for i, w := range words {
		if i > 0 {
			blanks := p.at
			p.space()
			if p.at == blanks {
				p.at = before
				return false
			}
		}
		if !p.take(w) {
			p.at = before
			return false
		}
	}
	return true
}

func (p *filterParser) deep(depth int) error {
	if depth > maxFilterDepth {
		return p.fail("The filter exceeded the maximum depth limit. Write it with fewer conditions inside each other.")
	}
	return nil
}

func (p *filterParser) or(depth int) (node, error) {
	if err := p.deep(depth); err != nil {
		return nil, err
	}
	first, err := p.and(depth + 1)
	if err != nil {
		return nil, err
	}
	all := orNode{first}
	for p.keyword("OR") {
		n, err := p.and(depth + 1)
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	if len(all) == 1 {
		return first, nil
	}
	return all, nil
}

func (p *filterParser) and(depth int) (node, error) {
	if err := p.deep(depth); err != nil {
		return nil, err
	}
	first, err := p.not(depth + 1)
	if err != nil {
		return nil, err
	}
	all := andNode{first}
	for p.keyword("AND") {
		n, err := p.not(depth + 1)
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	if len(all) == 1 {
		return first, nil
	}
	return all, nil
}

func (p *filterParser) not(depth int) (node, error) {
	if err := p.deep(depth); err != nil {
		return nil, err
	}
	if !p.keyword("NOT") {
		return p.primary(depth + 1)
	}
	n, err := p.not(depth + 1)
	if err != nil {
		return nil, err
	}
	return negated(n), nil
}

// negated turns a filter round; two negations are none.
func negated(n node) node {
	if inner, ok := n.(notNode); ok {
		return inner.of
	}
	return notNode{n}
}

func (p *filterParser) primary(depth int) (node, error) {
	if err := p.deep(depth); err != nil {
		return nil, err
	}
	before := p.at
	p.space()
	if p.take("(") {
		p.space()
		n, err := p.or(depth + 1)
		if err != nil {
			return nil, err
		}
		p.space()
		if !p.take(")") {
			p.at = before
			return nil, p.fail("Expression `%s` is missing the following closing delimiter: `)`.", p.rest())
		}
		p.space()
		return n, nil
	}
	if n, ok, err := p.geo(); ok || err != nil {
		return n, err
	}
	p.at = before
	return p.condition()
}

// condition reads what is asked of one field.
func (p *filterParser) condition() (node, error) {
	before := p.at
	name, err := p.value()
	if err != nil {
		return nil, err
	}
	for _, op := range []string{"<=", ">=", "!=", "<", ">", "="} {
		if p.take(op) {
			v, err := p.value()
			return compareNode{name, op, v}, err
		}
	}
	if n, ok, err := p.wordCondition(name); ok || err != nil {
		return n, err
	}
	if low, err := p.value(); err == nil && p.phrase("TO") {
		blanks := p.at
		if p.space(); p.at > blanks {
			high, err := p.value()
			return rangeNode{name, low, high}, err
		}
	}
	p.at = before
	return nil, p.fail("Was expecting an operation such as `=`, `!=`, `>=`, `IN`, `TO`, `EXISTS`, `IS NULL`, `IS EMPTY` or `_geoRadius` at `%s`.", p.rest())
}

// wordCondition reads a condition whose operator is a word.
func (p *filterParser) wordCondition(name string) (node, bool, error) {
	before := p.at
	if p.word() == "IN" {
		values, err := p.list()
		return inNode{name, values}, true, err
	}
	if p.word() == "NOT" {
		p.at += len("NOT")
		p.space()
		if p.word() == "IN" {
			values, err := p.list()
			return notNode{inNode{name, values}}, true, err
		}
		p.at = before
	}
	for _, state := range []struct {
		words []string
		n     node
	}{
		{[]string{"IS", "NULL"}, stateNode{name, opNull}}, {[]string{"IS", "NOT", "NULL"}, notNode{stateNode{name, opNull}}},
		{[]string{"IS", "EMPTY"}, stateNode{name, opEmpty}}, {[]string{"IS", "NOT", "EMPTY"}, notNode{stateNode{name, opEmpty}}},
		{[]string{"EXISTS"}, stateNode{name, opExists}}, {[]string{"NOT", "EXISTS"}, notNode{stateNode{name, opExists}}},
	} {
		if p.phrase(state.words...) {
			return state.n, true, nil
		}
	}
	negative := p.phrase("NOT")
	if negative {
		p.space()
	}
	for _, op := range []string{opContains, opStartsWith} {
		if p.take(op) {
			v, err := p.value()
			var n node = compareNode{name, op, v}
			if negative {
				n = notNode{n}
			}
			return n, true, err
		}
	}
	p.at = before
	return nil, false, nil
}

// list reads "IN [a, b]" from its keyword on.
func (p *filterParser) list() ([]string, error) {
	p.at += len("IN")
	p.space()
	if !p.take("[") {
		return nil, p.fail("Expected `[` after `IN` keyword.")
	}
	var values []string
	for {
		p.spaceWide()
		if p.take("]") {
			p.space()
			return values, nil
		}
		if p.at == len(p.text) {
			return nil, p.fail("Expected matching `]` after the list of values given to `IN[`.")
		}
		v, err := p.value()
		if err != nil {
			return nil, p.fail("Expected only comma-separated values inside `IN[..]` but instead found `%s`.", p.rest())
		}
		values = append(values, v)
		p.space()
		if !p.take(",") && !strings.HasPrefix(p.rest(), "]") && p.at < len(p.text) {
			return nil, p.fail("Expected only comma-separated values inside `IN[..]` but instead found `%s`.", p.rest())
		}
	}
}
