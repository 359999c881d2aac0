package fetch

import (
	"bytes"
	"fmt"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxReopened is how many elements a page may have opened again. The parser of the
// HTML standard opens every formatting element that was left open again in each
// paragraph that follows, so that four hundred of them in front of many short
// paragraphs are a hundred megabytes for each ten kilobytes. Real pages stay below
// some tens of thousands.
const maxReopened = 500_000

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

// checkTangle refuses a page that would unfold to far more than it says. What it
// counts is never less than what the parser will open again.
func checkTangle(media string, body []byte) error {
	if media != "text/html" && media != "application/xhtml+xml" {
		return nil
	}
	if tags, formatting := countTags(body); tags*min(formatting, maxNested) <= maxReopened {
		return nil
	}
	var t tangle
	t.seen = map[string]int{}
	z := html.NewTokenizer(bytes.NewReader(body))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return nil
		}
		raw := string(z.Raw())
		name, _ := z.TagName()
		t.token(kind, atom.Lookup(name), raw)
		if t.reopened > maxReopened {
			return fmt.Errorf("formatting that is never closed would be opened again more than %d times: %w", maxReopened, ErrTooBig)
		}
	}
}

// countTags counts start and end tags, and the start tags that may be formatting,
// those in scripts and comments among them.
func countTags(body []byte) (tags, formatting int) {
	for {
		at := bytes.IndexByte(body, '<')
		if at < 0 || at+1 >= len(body) {
			return tags, formatting
		}
		body = body[at+1:]
		tags++
		if bytes.IndexByte([]byte("bceifstuBCEIFSTU"), body[0]) >= 0 {
			formatting++
		}
	}
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
	raw    string
	blocks int
}

// maxBlocks is through how many blocks an end tag reaches its element.
const maxBlocks = 7

func (t *tangle) token(kind html.TokenType, name atom.Atom, raw string) {
	switch kind {
	case html.TextToken:
		t.reopen()
	case html.StartTagToken, html.SelfClosingTagToken:
		t.start(name, raw)
	case html.EndTagToken:
		t.closed = true
		if n := len(t.open); n > 0 && formats(name) && t.open[n-1].name == name && t.blocks-t.open[n-1].blocks <= maxBlocks {
			t.seen[t.open[n-1].raw]--
			t.open = t.open[:n-1]
		}
	}
}

func (t *tangle) start(name atom.Atom, raw string) {
	if formats(name) {
		t.reopen()
		if t.seen[raw] < 3 {
			t.seen[raw]++
			t.open = append(t.open, opened{name, raw, t.blocks})
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
