package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// maxElements bounds how many elements are looked at for one page's microdata or
// RDFa, since items that refer to each other can name the same part many times.
const maxElements = 200_000

// unseen are the elements whose text no reader sees.
var unseen = []string{"script", "style", "template", "noscript"}

// valueAttributes says which attribute of an element holds its value.
var valueAttributes = map[string]string{
	"meta": "content", "time": "datetime", "data": "value", "meter": "value", "link": "href",
	"img": "src", "iframe": "src", "embed": "src", "audio": "src", "video": "src", "source": "src", "object": "data",
}

// valueOf is what an element that carries a property says: its content attribute,
// the attribute that its kind of element has for a value, the address of a link
// where an address is wanted, or its words. Prose keeps its markup.
func valueOf(n *html.Node, name string) string {
	if v, ok := attribute(n, "content"); ok {
		return v
	}
	if key := valueAttributes[n.Data]; key != "" {
		if v, ok := attribute(n, key); ok {
			return v
		}
	}
	if n.Data == "a" || n.Data == "area" {
		href, ok := attribute(n, "href")
		if ok && (isAddress[name] || strings.TrimSpace(textOf(n)) == "") {
			return href
		}
	}
	if isProse[name] && hasElement(n) {
		return markupOf(n)
	}
	return textOf(n)
}

func attribute(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val, true
		}
	}
	return "", false
}

func hasElement(n *html.Node) bool {
	for c := range n.ChildNodes() {
		if c.Type == html.ElementNode {
			return true
		}
	}
	return false
}

// within are the elements that stand inside a line of text.
var within = []string{"a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q",
	"s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}

// textOf is the text of an element; what stands on lines of its own is kept apart.
func textOf(n *html.Node) string {
	var b strings.Builder
	writeText(&b, n)
	return b.String()
}

func writeText(b *strings.Builder, n *html.Node) {
	for c := range n.ChildNodes() {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(c.Data)
		case c.Type != html.ElementNode || slices.Contains(unseen, c.Data):
		case slices.Contains(within, c.Data):
			writeText(b, c)
		default:
			b.WriteByte(' ')
			writeText(b, c)
			b.WriteByte(' ')
		}
	}
}

// markupOf is the markup inside an element, without what no reader sees.
func markupOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.ChildNodes() {
		if seen := visibleCopy(c); seen != nil {
			// A strings.Builder takes everything, and a tree renders.
			_ = html.Render(&b, seen)
		}
	}
	return b.String()
}

func visibleCopy(n *html.Node) *html.Node {
	if n.Type == html.CommentNode || n.Type == html.ElementNode && slices.Contains(unseen, n.Data) {
		return nil
	}
	out := &html.Node{Type: n.Type, DataAtom: n.DataAtom, Data: n.Data, Namespace: n.Namespace, Attr: n.Attr}
	for c := range n.ChildNodes() {
		if seen := visibleCopy(c); seen != nil {
			out.AppendChild(seen)
		}
	}
	return out
}
