package survey

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"github.com/sendwatch/sendwatch/crawler/extract"
)

// Bounds on the work for one page.
const (
	// maxElements is how many elements of one page are looked at.
	maxElements = 20_000
	// maxCandidates is how many selectors are tried for one purpose.
	maxCandidates = 120
	// maxTries is how many selectors are held against a set of pages in all.
	maxTries = 300
)

// Page is one page of the site that is looked at.
type Page struct {
	*extract.Page
	base *url.URL
	doc  *goquery.Document
}

// Parse parses UTF-8 HTML that was fetched from an address.
func Parse(address string, body []byte) (*Page, error) {
	base, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("page address: %w", err)
	}
	page, err := extract.ParsePage(address, body)
	if err != nil {
		return nil, err
	}
	doc, err := page.Document()
	if err != nil {
		return nil, err
	}
	return &Page{Page: page, base: base, doc: doc}, nil
}

// find is what a selector finds; nothing where it is none.
func (p *Page) find(selector string) *goquery.Selection {
	compiled, err := cascadia.Compile(selector)
	if err != nil {
		return p.doc.FindNodes()
	}
	return p.doc.FindMatcher(compiled)
}

// elements calls visit for the elements below the page's body, in order, those
// that no reader sees aside, until it returns false for one: what is below that
// one is left out.
func (p *Page) elements(visit func(n *html.Node) bool) {
	left := maxElements
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		for c := range n.ChildNodes() {
			if c.Type != html.ElementNode || slices.Contains(unseen, c.Data) {
				continue
			}
			if left--; left < 0 {
				return
			}
			if visit(c) {
				walk(c)
			}
		}
	}
	for _, n := range p.doc.Find("body").Nodes {
		walk(n)
	}
}

// unseen are the elements whose text no reader sees.
var unseen = []string{"script", "style", "template", "noscript", "svg", "iframe", "select"}

// resolve makes a link of the page absolute; nil for what leads nowhere on the
// web, or to a place on the page itself.
func (p *Page) resolve(link string) *url.URL {
	u, err := p.base.Parse(strings.TrimSpace(link))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil
	}
	u.Fragment, u.RawFragment = "", ""
	if u.String() == strings.SplitN(p.base.String(), "#", 2)[0] {
		return nil
	}
	return u
}

// furniture reports whether an element is part of what a site puts round every
// page. A header inside an article is the article's own.
func furniture(n *html.Node) bool {
	for at := n; at != nil && at.Type == html.ElementNode; at = at.Parent {
		switch at.Data {
		case "nav", "footer", "aside":
			return true
		case "form":
			if !wraps(at) {
				return true
			}
		case "header":
			if !within(at.Parent, "article", "li", "main", "section") {
				return true
			}
		}
		if role := attribute(at, "role"); role == "navigation" || role == "contentinfo" || role == "banner" {
			return true
		}
	}
	return false
}

// wraps reports whether a form is one that some servers put round a whole page.
func wraps(form *html.Node) bool {
	for c := range form.Descendants() {
		if c.Type == html.ElementNode && (c.Data == "h1" || c.Data == "h2") {
			return true
		}
	}
	return false
}

// within reports whether an element is one of these, or stands in one.
func within(n *html.Node, names ...string) bool {
	for at := n; at != nil; at = at.Parent {
		if at.Type == html.ElementNode && slices.Contains(names, at.Data) {
			return true
		}
	}
	return false
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

// textOf is the text of an element on one line, what stands apart kept apart.
func textOf(n *html.Node) string { return textUpTo(n, 1<<20) }

// textUpTo is textOf that stops soon after so many bytes.
func textUpTo(n *html.Node, limit int) string {
	var b strings.Builder
	var write func(n *html.Node)
	write = func(n *html.Node) {
		for c := range n.ChildNodes() {
			switch {
			case b.Len() > limit:
				return
			case c.Type == html.TextNode:
				b.WriteString(c.Data)
			case c.Type != html.ElementNode || slices.Contains(unseen, c.Data):
			case slices.Contains(inline, c.Data):
				write(c)
			default:
				b.WriteByte(' ')
				write(c)
				b.WriteByte(' ')
			}
		}
	}
	write(n)
	return squash(b.String())
}

// inline are the elements that stand inside a line of text.
var inline = []string{"a", "abbr", "b", "em", "font", "i", "label", "mark", "small", "span", "strong", "sub", "sup", "time", "u"}

// squash makes every run of space one blank.
func squash(s string) string { return strings.Join(strings.Fields(s), " ") }

// stable are the names that a page gives an element and that its neighbours of the
// same make have too: no numbers, no states, nothing that only sets a column's width.
func stable(n *html.Node) []string {
	var out []string
	for class := range strings.FieldsSeq(attribute(n, "class")) {
		if plainName.MatchString(class) && !passing.MatchString(class) && !slices.Contains(out, class) && len(out) < 6 {
			out = append(out, class)
		}
	}
	return out
}

// stableID is an element's id, unless it is one of many.
func stableID(n *html.Node) string {
	if id := attribute(n, "id"); plainName.MatchString(id) && !passing.MatchString(id) {
		return id
	}
	return ""
}

var (
	plainName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_-]{1,50}$`)
	passing   = regexp.MustCompile(`(?i)[0-9]{2,}|^(odd|even|first|last|active|selected|current|open|show|clearfix|cf|row|col|hentry|has|is|js|no|type|status|category|tag|format|wp|h|p|m|d|w)(-.*)?$|^(mt|mb|ml|mr|mx|my|pt|pb|pl|pr|px|py|text|bg|flex|grid|gap|font|border|rounded|items|justify|hover|col|row)-`)
)

// selectors are the ways to name an element by itself, the best first: its id,
// its name with one class, and with bare also its name alone.
func selectors(n *html.Node, bare bool) []string {
	var out []string
	if id := stableID(n); id != "" {
		out = append(out, "#"+id)
	}
	for _, class := range stable(n) {
		out = append(out, n.Data+"."+class)
	}
	if bare {
		out = append(out, n.Data)
	}
	return out
}

// scopes are the selectors of the elements round an element, the nearest first.
func scopes(n *html.Node) []string {
	var out []string
	for at := n.Parent; at != nil && at.Type == html.ElementNode && at.Data != "body" && len(out) < 8; at = at.Parent {
		out = append(out, selectors(at, at.Data == "main" || at.Data == "article")...)
	}
	return out
}

// Address is where the page stands.
func (p *Page) Address() *url.URL {
	u := *p.base
	return &u
}

// IsAdvert reports whether a page shows one advert: a heading that may be a post's,
// and facts of it under their labels.
func IsAdvert(p *Page) bool {
	title := false
	for _, n := range p.find("h1, h2").Nodes {
		title = title || !furniture(n) && titled(textUpTo(n, 300))
	}
	fields := map[string]int{}
	for _, f := range p.facts() {
		if fields[f.field]++; fields[f.field] > 2 {
			return false // the cards of a list have them all
		}
	}
	return title && len(fields) >= 2
}

// IsPost reports whether an address speaks of posts.
func IsPost(u *url.URL) bool { return posts.MatchString(u.RequestURI()) }
