package meilitest

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
)

// keywords cannot be values unless they are quoted.
var keywords = map[string]bool{
	"AND": true, "OR": true, "IN": true, "NOT": true, "TO": true, "EXISTS": true, "IS": true, "NULL": true, "EMPTY": true,
	"CONTAINS": true, "STARTS": true, "WITH": true, "_geoRadius": true, "_geoBoundingBox": true,
}

// spaceWide skips blanks of every script, which may stand before a value.
func (p *filterParser) spaceWide() {
	p.at = len(p.text) - len(strings.TrimLeftFunc(p.rest(), unicode.IsSpace))
}

// value reads a name or a value, bare or in quotes, with the blanks after it.
func (p *filterParser) value() (string, error) {
	p.spaceWide()
	switch word := p.word(); {
	case strings.HasPrefix(word, "_geoPoint"), strings.HasPrefix(word, "_geoDistance"), word == geoField:
		return "", p.fail("`%s` is a reserved keyword and thus can't be used as a filter expression. Use `_geoRadius` or `_geoBoundingBox`.", word)
	case word == "_geoRadius", word == "_geoBoundingBox":
		return "", p.fail("The `%s` filter is an operation and can't be used as a value.", word)
	}
	if p.at < len(p.text) && (p.text[p.at] == '"' || p.text[p.at] == '\'') {
		return p.quotedValue()
	}
	word := p.word()
	switch {
	case word == "":
		return "", p.fail("Was expecting a value but instead got `%s`.", p.rest())
	case keywords[word]:
		return "", p.fail("Was expecting a value but instead got `%s`, which is a reserved keyword. Surround it by quotes.", word)
	}
	p.at += len(word)
	p.space()
	return word, nil
}

// quotedValue reads to the same quote again. A backslash keeps a quote from
// ending the value, and writes characters that are hard to type.
func (p *filterParser) quotedValue() (string, error) {
	start, mark := p.at, p.text[p.at]
	escaped := false
	for i := start + 1; i < len(p.text); i++ {
		switch p.text[i] {
		case '\\':
			i++
			escaped = escaped || i < len(p.text) && p.text[i] == mark
		case mark:
			raw := p.text[start+1 : i]
			if escaped {
				raw = strings.ReplaceAll(raw, `\`+string(mark), string(mark))
			}
			v, err := unescape(raw)
			if err != nil {
				return "", p.fail("Malformed value: `%s`.", raw)
			}
			p.at = i + 1
			p.space()
			return v, nil
		}
	}
	return "", p.fail("Expression `%s` is missing the following closing delimiter: `%c`.", p.rest(), mark)
}

var errEscape = errors.New("no such escape")

// simpleEscapes are those of one letter.
var simpleEscapes = map[byte]string{
	'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t", '\'': "'", '"': `"`, '\\': `\`, '/': "/",
}

// unescape reads backslash escapes: of one letter, \x41, \u0041, \u{1F600} and
// octal \101.
func unescape(s string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			i++
			continue
		}
		if i+1 == len(s) {
			return "", errEscape
		}
		c := s[i+1]
		i += 2
		if text, ok := simpleEscapes[c]; ok {
			b.WriteString(text)
			continue
		}
		digits, base, used := escapeDigits(c, s[i:])
		n, err := strconv.ParseUint(digits, base, 32)
		if err != nil || c != 'u' && n > 255 || n > unicode.MaxRune || n >= 0xD800 && n < 0xE000 {
			return "", errEscape
		}
		b.WriteRune(rune(n))
		i += used
	}
	return b.String(), nil
}

// escapeDigits finds the digits of a numeric escape whose letter is c, and how
// many bytes after the letter belong to it.
func escapeDigits(c byte, rest string) (digits string, base, used int) {
	switch {
	case c == 'x':
		n := min(2, len(rest))
		if n < 2 {
			return "", 16, 0
		}
		return rest[:2], 16, 2
	case c == 'u' && strings.HasPrefix(rest, "{"):
		end := strings.IndexByte(rest, '}')
		if end < 0 {
			return rest[1:], 16, len(rest)
		}
		return rest[1:end], 16, end + 1
	case c == 'u':
		if len(rest) < 4 {
			return "", 16, 0
		}
		return rest[:4], 16, 4
	case c >= '0' && c <= '7':
		most := 2
		if c > '3' {
			most = 1
		}
		n := 0
		for n < min(most, len(rest)) && rest[n] >= '0' && rest[n] <= '7' {
			n++
		}
		return string(c) + rest[:n], 8, n
	}
	return "", 10, 0
}
