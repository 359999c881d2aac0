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
	tags := bytes.Count(body, []byte("<"))
	if tags*maxNested <= maxReopened || tags*countOpen(body) <= maxReopened {
		return nil
	}
	t := tangle{seen: map[string]int{}}
	z := html.NewTokenizer(bytes.NewReader(body))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return nil
		}
		name, _ := z.TagName()
		t.token(kind, atom.Lookup(name), z.Raw())
		if t.reopened > maxReopened {
			return fmt.Errorf("formatting that is never closed would be opened again more than %d times: %w", maxReopened, ErrTooBig)
		}
	}
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
