package document

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// FromHTML reads a page or a fragment of one. It walks tags as they come and
// builds no tree, so that neither depth nor bad nesting costs anything. Scripts,
// styles, navigation and form controls are left out; a line that is all bold
// is a heading; lines parted by <br> are judged as in plain text.
func FromHTML(s string) Document {
	z := html.NewTokenizer(strings.NewReader(capped(s)))
	z.SetMaxBuf(MaxText)
	var w htmlWalk
	w.flow.lines.marked = true
	for {
		switch z.Next() {
		case html.ErrorToken:
			return w.flow.document()
		case html.TextToken:
			if w.hidden == 0 {
				w.text(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			w.start(atom.Lookup(name))
		case html.EndTagToken:
			name, _ := z.TagName()
			w.end(atom.Lookup(name))
		}
	}
}

// htmlWalk is where the walk through the tags stands.
type htmlWalk struct {
	flow flow
	// hidden counts open elements of the kind inside which nothing is read.
	hidden int
	within atom.Atom
	lists  int
	bold   int
	pre    int
}

// text adds a run of text; its line breaks count only where it is preformatted.
func (w *htmlWalk) text(s string) {
	if w.pre == 0 {
		w.flow.say(strings.NewReplacer("\r", " ", "\n", " ").Replace(s), w.bold > 0)
		return
	}
	for i, part := range strings.Split(s, "\n") {
		if i > 0 {
			w.flow.breakLine()
		}
		w.flow.say(part, w.bold > 0)
	}
}

// hides reports whether nothing inside such an element is the advert's text.
func hides(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Template, atom.Svg, atom.Nav, atom.Select,
		atom.Button, atom.Noscript, atom.Iframe, atom.Object, atom.Textarea:
		return true
	}
	return false
}

func (w *htmlWalk) start(a atom.Atom) {
	if w.hidden > 0 {
		// The body begins wherever the head was left open.
		if a == w.within {
			w.hidden++
		} else if w.within == atom.Head && a == atom.Body {
			w.hidden = 0
		}
		return
	}
	if hides(a) {
		w.hidden, w.within = 1, a
		return
	}
	switch a {
	case atom.Br:
		w.flow.breakLine()
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.flow.block(Heading, headingLevel(a))
	case atom.Li:
		w.flow.block(Item, max(1, w.lists))
	case atom.Ul, atom.Ol, atom.Menu:
		w.flow.block(0, 0)
		w.lists = min(w.lists+1, MaxDepth)
	case atom.Tr:
		w.flow.startRow()
	case atom.Td, atom.Th:
		w.flow.startCell()
	case atom.B, atom.Strong:
		w.bold++
	case atom.Pre:
		w.pre++
		w.flow.block(0, 0)
	case atom.P, atom.Div:
		// A paragraph inside an item is the item's own text.
		if w.flow.kind != Item || strings.TrimSpace(w.flow.buf.String()) != "" {
			w.flow.block(0, 0)
		}
	default:
		if breaks(a) {
			w.flow.block(0, 0)
		}
	}
}

func (w *htmlWalk) end(a atom.Atom) {
	if w.hidden > 0 {
		if a == w.within {
			w.hidden--
		}
		return
	}
	switch a {
	case atom.Ul, atom.Ol, atom.Menu:
		w.flow.block(0, 0)
		w.lists = max(0, w.lists-1)
	case atom.Tr:
		w.flow.endRow()
	case atom.Td, atom.Th:
		w.flow.endCell()
	case atom.B, atom.Strong:
		w.bold = max(0, w.bold-1)
	case atom.Pre:
		w.pre = max(0, w.pre-1)
		w.flow.block(0, 0)
	default:
		if breaks(a) {
			w.flow.block(0, 0)
		}
	}
}

// breaks reports whether an element stands as a block of its own.
func breaks(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.Li, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Section, atom.Article,
		atom.Header, atom.Footer, atom.Main, atom.Aside, atom.Table, atom.Tbody, atom.Thead, atom.Tfoot, atom.Caption,
		atom.Blockquote, atom.Dl, atom.Dt, atom.Dd, atom.Hr, atom.Form, atom.Fieldset, atom.Figure, atom.Address, atom.Body:
		return true
	}
	return false
}

func headingLevel(a atom.Atom) int {
	name := a.String()
	return int(name[1] - '0')
}

// tagless is the text of markup that was pasted into one line.
func tagless(s string) string {
	z := html.NewTokenizer(strings.NewReader(s))
	var b strings.Builder
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			b.Write(z.Text())
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			if name, _ := z.TagName(); breaks(atom.Lookup(name)) || atom.Lookup(name) == atom.Br {
				b.WriteByte(' ')
			}
		}
	}
}
