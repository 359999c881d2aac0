package document

import (
	"bytes"
	"strconv"
)

// Limits of one content stream or character map, both written in the same
// small language.
const (
	pdfNesting  = 16     // arrays and dictionaries in one another
	pdfOperands = 4_096  // what stands before one operator
	pdfString   = 64_000 // bytes of one string
)

// pdfTokenKind tells the tokens of a content stream apart.
type pdfTokenKind int

const (
	pdfEOF pdfTokenKind = iota
	pdfNumber
	pdfText // a string, its escapes undone
	pdfName
	pdfArray
	pdfDict // its keys and values in turn
	pdfOperator
	pdfClose // an end without a beginning, or the end of what is being read
)

// pdfToken is one operand or operator.
type pdfToken struct {
	kind pdfTokenKind
	num  float64
	str  string
	list []pdfToken
}

// pdfScanner reads tokens. Any bytes are tokens or are passed over.
type pdfScanner struct {
	data []byte
	pos  int
}

// operation reads operands up to the next operator. It reports false at the
// end.
func (s *pdfScanner) operation(args []pdfToken) (operator string, operands []pdfToken, ok bool) {
	for {
		t := s.next(0)
		switch t.kind {
		case pdfEOF:
			return "", nil, false
		case pdfOperator:
			return t.str, args, true
		case pdfClose:
		default:
			if len(args) < pdfOperands {
				args = append(args, t)
			}
		}
	}
}

func (s *pdfScanner) next(depth int) pdfToken {
	s.space()
	if s.pos >= len(s.data) {
		return pdfToken{}
	}
	c := s.data[s.pos]
	s.pos++
	switch c {
	case '(':
		return pdfToken{kind: pdfText, str: s.literal()}
	case '/':
		return pdfToken{kind: pdfName, str: s.name()}
	case '[':
		return pdfToken{kind: pdfArray, list: s.until(depth+1, ']')}
	case '<':
		if s.pos < len(s.data) && s.data[s.pos] == '<' {
			s.pos++
			return pdfToken{kind: pdfDict, list: s.until(depth+1, '>')}
		}
		return pdfToken{kind: pdfText, str: s.hex()}
	case '>':
		if s.pos < len(s.data) && s.data[s.pos] == '>' {
			s.pos++
		}
		return pdfToken{kind: pdfClose, str: ">"}
	case ']', ')', '{', '}':
		return pdfToken{kind: pdfClose, str: string(c)}
	}
	start := s.pos - 1
	for s.pos < len(s.data) && !pdfSpace(s.data[s.pos]) && !pdfDelimiter(s.data[s.pos]) {
		s.pos++
	}
	word := string(s.data[start:s.pos])
	if c <= '9' {
		if n, err := strconv.ParseFloat(word, 64); err == nil {
			return pdfToken{kind: pdfNumber, num: n}
		}
		// "--5" and "1.2.3" are written by some; they are read as far as they go.
		return pdfToken{kind: pdfNumber}
	}
	return pdfToken{kind: pdfOperator, str: word}
}

// until reads the members of an array or dictionary. What nests too deep ends
// where it begins.
func (s *pdfScanner) until(depth int, end byte) (list []pdfToken) {
	for depth <= pdfNesting {
		t := s.next(depth)
		if t.kind == pdfEOF || t.kind == pdfClose && t.str[0] == end {
			return list
		}
		if t.kind != pdfClose && len(list) < pdfOperands {
			list = append(list, t)
		}
	}
	return nil
}

// space passes over white space and comments.
func (s *pdfScanner) space() {
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; {
		case pdfSpace(c):
			s.pos++
		case c == '%':
			for s.pos < len(s.data) && s.data[s.pos] != '\n' && s.data[s.pos] != '\r' {
				s.pos++
			}
		default:
			return
		}
	}
}

func (s *pdfScanner) literal() string {
	var out []byte
	for depth := 1; s.pos < len(s.data); {
		c := s.data[s.pos]
		s.pos++
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return string(out)
			}
		case '\\':
			var ok bool
			if c, ok = s.escape(); !ok {
				continue
			}
		}
		if len(out) < pdfString {
			out = append(out, c)
		}
	}
	return string(out)
}

// escape reads what follows a backslash; a line break says nothing.
func (s *pdfScanner) escape() (byte, bool) {
	if s.pos >= len(s.data) {
		return 0, false
	}
	c := s.data[s.pos]
	s.pos++
	switch c {
	case 'n':
		return '\n', true
	case 'r':
		return '\r', true
	case 't':
		return '\t', true
	case 'b':
		return '\b', true
	case 'f':
		return '\f', true
	case '\r':
		if s.pos < len(s.data) && s.data[s.pos] == '\n' {
			s.pos++
		}
		return 0, false
	case '\n':
		return 0, false
	}
	if c < '0' || c > '7' {
		return c, true
	}
	n := int(c - '0')
	for range 2 {
		if s.pos >= len(s.data) || s.data[s.pos] < '0' || s.data[s.pos] > '7' {
			break
		}
		n = n*8 + int(s.data[s.pos]-'0')
		s.pos++
	}
	return byte(n), true
}

func (s *pdfScanner) hex() string {
	var out []byte
	high, half := byte(0), false
	for s.pos < len(s.data) {
		c := s.data[s.pos]
		s.pos++
		if c == '>' {
			break
		}
		d, ok := hexDigit(c)
		if !ok || len(out) >= pdfString {
			continue
		}
		if half {
			out = append(out, high<<4|d)
		}
		high, half = d, !half
	}
	if half {
		out = append(out, high<<4)
	}
	return string(out)
}

func (s *pdfScanner) name() string {
	var out []byte
	for s.pos < len(s.data) && !pdfSpace(s.data[s.pos]) && !pdfDelimiter(s.data[s.pos]) {
		c := s.data[s.pos]
		s.pos++
		if c == '#' && s.pos+1 < len(s.data) {
			high, ok1 := hexDigit(s.data[s.pos])
			low, ok2 := hexDigit(s.data[s.pos+1])
			if ok1 && ok2 {
				c = high<<4 | low
				s.pos += 2
			}
		}
		if len(out) < pdfString {
			out = append(out, c)
		}
	}
	return string(out)
}

// pictureEnd passes over the data of a picture that stands in the stream
// itself, up to and with its EI.
func (s *pdfScanner) pictureEnd() {
	for s.pos < len(s.data) {
		i := bytes.Index(s.data[s.pos:], []byte("EI"))
		if i < 0 {
			s.pos = len(s.data)
			return
		}
		at := s.pos + i
		s.pos = at + 2
		before := at == 0 || pdfSpace(s.data[at-1])
		after := s.pos >= len(s.data) || pdfSpace(s.data[s.pos])
		if before && after {
			return
		}
	}
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

func pdfSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func pdfDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}
