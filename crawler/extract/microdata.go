package extract

import (
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// microdata returns the JobPosting items of a page's microdata (HTML standard,
// section 5), in the same form as JSON-LD gives them.
func microdata(p *Page) []object {
	doc := p.elements()
	m := microdataReader{left: maxElements}
	var found []object
	doc.Find("[itemscope][itemtype]").EachWithBreak(func(_ int, s *goquery.Selection) bool {
		if isJobPosting(s.AttrOr("itemtype", "")) {
			m.doc = doc
			found = append(found, m.item(s.Get(0), maxDepth))
		}
		return len(found) < maxPostings
	})
	return found
}

// microdataReader reads the items of one page.
type microdataReader struct {
	doc  *goquery.Document
	byID map[string]*html.Node // made when the first itemref asks for it
	left int
}

// item reads an item: the properties below its element that belong to it and to no
// item within, and those of the elements that it refers to by itemref.
func (m *microdataReader) item(n *html.Node, depth int) object {
	o := object{}
	if kind, ok := attribute(n, "itemtype"); ok {
		o["@type"] = kind
	}
	if id, ok := attribute(n, "itemid"); ok {
		o["@id"] = id
	}
	m.children(n, o, depth)
	refs, _ := attribute(n, "itemref")
	seen := map[*html.Node]bool{n: true}
	for id := range strings.FieldsSeq(refs) {
		if at := m.element(id); at != nil && !seen[at] {
			seen[at] = true
			m.take(at, o, depth)
		}
	}
	return o
}

func (m *microdataReader) children(n *html.Node, o object, depth int) {
	for c := range n.ChildNodes() {
		if c.Type == html.ElementNode {
			m.take(c, o, depth)
		}
	}
}

// take adds what one element says of the item o, and looks below it unless it is
// an item of its own.
func (m *microdataReader) take(n *html.Node, o object, depth int) {
	if m.left--; m.left < 0 {
		return
	}
	names, isProperty := attribute(n, "itemprop")
	_, scoped := attribute(n, "itemscope")
	if isProperty {
		var inner any
		if scoped && depth > 0 {
			inner = m.item(n, depth-1)
		}
		for name := range strings.FieldsSeq(names) {
			name = property(name)
			switch {
			case inner != nil:
				add(o, name, inner)
			case !scoped:
				add(o, name, valueOf(n, name))
			}
		}
	}
	if !scoped {
		m.children(n, o, depth)
	}
}

// element is the first element with an id.
func (m *microdataReader) element(id string) *html.Node {
	if m.byID == nil {
		m.byID = map[string]*html.Node{}
		m.doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
			if id := s.AttrOr("id", ""); m.byID[id] == nil {
				m.byID[id] = s.Get(0)
			}
		})
	}
	return m.byID[id]
}
