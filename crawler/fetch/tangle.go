package fetch

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxReopened is how many elements a page may have opened again. The parser of the
// HTML standard opens every formatting element that was left open again in each
// paragraph that follows, so that four hundred of them in front of many short
// paragraphs are a hundred megabytes for each ten kilobytes. Real pages stay below
// some tens of thousands.
const maxReopened = 500_000

// maxAttributes is how many attributes one element may have. A parser spends more than
// fifty bytes on one of four.
const maxAttributes = 100_000

// maxNested is how deep the parser's stack may grow.
const maxNested = 512

// checkText refuses a text that grew past the cap as it became UTF-8, or that would
// grow as it is parsed.
func checkText(media string, text []byte, limit int64) error {
	if int64(len(text)) > limit {
		return fmt.Errorf("more than %d bytes in UTF-8: %w", limit, ErrTooBig)
	}
	return checkTangle(media, text)
}

// checkTangle refuses a page, by the type its host gives it, that would unfold.
func checkTangle(media string, body []byte) error {
	if media != "text/html" && media != "application/xhtml+xml" {
		return nil
	}
	return CheckMarkup(body)
}

// CheckMarkup refuses HTML that would unfold to far more than it says. What it counts
// is never less than what the parser will open again. Pages that are called HTML have
// been held against it; what else is to be parsed has not.
func CheckMarkup(body []byte) error {
	tags := bytes.Count(body, []byte("<"))
	if (tags*maxNested <= maxReopened || tags*countOpen(body) <= maxReopened) && !crowded(body) {
		return nil
	}
	t := tangle{seen: map[string]int{}}
	in := &crowd{body: body}
	z := html.NewTokenizer(in)
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			if errors.Is(z.Err(), ErrTooBig) {
				return z.Err()
			}
			return nil
		}
		name, _ := z.TagName()
		t.token(kind, atom.Lookup(name), z.Raw())
		in.next(len(z.Raw()))
		if t.reopened > maxReopened {
			return fmt.Errorf("formatting that is never closed would be opened again more than %d times: %w", maxReopened, ErrTooBig)
		}
	}
}

// crowded reports whether one element of a page may have too many attributes: each
// but the first follows a space, a slash or a quote.
func crowded(body []byte) bool {
	return len(body) >= 2*maxAttributes && separators(body) >= maxAttributes
}

func separators(body []byte) (n int) {
	for _, separator := range []byte(" \t\r\n\f/\"'") {
		n += bytes.Count(body, []byte{separator})
	}
	return n
}

// crowd reads a page to a tokenizer, and stops it at a tag that has too many attributes
// before it has gathered them.
type crowd struct {
	body []byte
	read int
	// token is where the token at hand begins, and most how many attributes were
	// read since.
	token, most int
}

// next says how long the token at hand was.
func (c *crowd) next(length int) { c.token, c.most = c.token+length, 0 }

func (c *crowd) Read(p []byte) (int, error) {
	if c.read == len(c.body) {
		return 0, io.EOF
	}
	n := copy(p, c.body[c.read:])
	c.read += n
	if c.most += separators(p[:n]); c.most > maxAttributes && isTag(c.body[c.token:]) {
		return 0, fmt.Errorf("an element with more than %d attributes: %w", maxAttributes, ErrTooBig)
	}
	return n, nil
}

// isTag reports whether a token is the tag of an element.
func isTag(token []byte) bool {
	return len(token) > 1 && token[0] == '<' && (token[1]|0x20) >= 'a' && (token[1]|0x20) <= 'z'
}

// countOpen counts how many formatting elements a page can hold open at once if
// none is ever closed: of equal ones three. It looks at each tag's name, in scripts
// and comments too, and spares nearly every page the count itself.
func countOpen(body []byte) (open int) {
	bare := map[atom.Atom]bool{}
	for open < maxNested {
		at := bytes.IndexByte(body, '<')
		if at < 0 {
			return open
		}
		body = body[at+1:]
		name, after := tagName(body)
		switch {
		case !formats(name):
		case after != '>':
			open++
		case !bare[name]:
			bare[name] = true
			open += 3
		}
	}
	return maxNested
}

// tagName is the name that a tag begins with, if it is a formatting element's, and
// the octet after it.
func tagName(tag []byte) (name atom.Atom, after byte) {
	var letters [len("strong") + 1]byte // the longest, and one to tell it from longer ones
	n := 0
	for n < len(tag) && n < len(letters) && (tag[n]|0x20) >= 'a' && (tag[n]|0x20) <= 'z' {
		letters[n] = tag[n] | 0x20
		n++
	}
	if n == 0 || n == len(tag) || n == len(letters) {
		return 0, 0
	}
	switch letters[0] {
	case 'b', 'c', 'e', 'f', 'i', 's', 't', 'u':
		return atom.Lookup(letters[:n]), tag[n]
	}
	return 0, 0
}

// tangle follows which formatting elements a parser holds to be open.
type tangle struct {
	open []opened
	// seen counts open by tag: of equal ones the parser keeps three.
	seen map[string]int
	// blocks counts the elements that may stand between a formatting element and
	// its end tag.
	blocks   int
	closed   bool // something was closed since the last text or element
	reopened int
}

// opened is one element, with the blocks there were when it was opened.
type opened struct {
	name   atom.Atom
	tag    string
	blocks int
}

// maxBlocks is through how many blocks an end tag reaches its element.
const maxBlocks = 7

func (t *tangle) token(kind html.TokenType, name atom.Atom, raw []byte) {
	switch kind {
	case html.TextToken:
		t.reopen()
	case html.StartTagToken, html.SelfClosingTagToken:
		t.start(name, raw)
	case html.EndTagToken:
		t.closed = true
		if n := len(t.open); n > 0 && formats(name) && t.open[n-1].name == name && t.blocks-t.open[n-1].blocks <= maxBlocks {
			t.seen[t.open[n-1].tag]--
			t.open = t.open[:n-1]
		}
	}
}

func (t *tangle) start(name atom.Atom, raw []byte) {
	if formats(name) {
		t.reopen()
		if tag := string(raw); t.seen[tag] < 3 {
			t.seen[tag]++
			t.open = append(t.open, opened{name, tag, t.blocks})
		}
		return
	}
	switch name {
	case atom.A, atom.Span, atom.Br, atom.Img, atom.Input, atom.Label:
	case atom.Applet, atom.Object, atom.Marquee, atom.Template, atom.Table, atom.Caption, atom.Colgroup, atom.Col, atom.Tbody,
		atom.Thead, atom.Tfoot, atom.Tr, atom.Td, atom.Th, atom.Select, atom.Svg, atom.Math, atom.Frameset, atom.Html, atom.Body:
		// Past these an end tag does not reach what was opened before.
		t.blocks += maxBlocks + 1
		t.closed = true
	default:
		t.blocks++
		t.closed = true
	}
	t.reopen()
}

// reopen counts what the parser opens again in front of text or an element.
func (t *tangle) reopen() {
	if t.closed {
		t.reopened += min(len(t.open), maxNested)
		t.closed = false
	}
}

// formats reports whether an element is one that parsers open again. Links and
// nobr are too, but a second one closes the first.
func formats(name atom.Atom) bool {
	switch name {
	case atom.B, atom.Big, atom.Code, atom.Em, atom.Font, atom.I, atom.S, atom.Small, atom.Strike, atom.Strong, atom.Tt, atom.U:
		return true
	}
	return false
}
