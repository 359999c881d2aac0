package survey

import (
	"cmp"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Link is a link to an advert, or to a list of adverts.
type Link struct{ URL, Text string }

// List is a list of links of one make on a page.
type List struct {
	Links []Link
	// Item is the selector of the links.
	Item string
	// Match is a regular expression for their paths and queries, empty where they
	// have no form in common.
	Match string
}

// group is the links of one make while they are gathered.
type group struct {
	List
	nodes  []*html.Node
	points int
	// alike reports that the addresses are of one form.
	alike bool
}

// Bounds on the links of a page: how many are looked at, and of one make.
const (
	maxLooked = 2_000
	maxList   = 500
)

// Lists are the lists of what may be adverts on a page, the likeliest first.
func (p *Page) Lists() []List {
	found := slices.DeleteFunc(p.groups(), func(g *group) bool {
		// Two signs of an advert a link, on average; of a single link all of them.
		return !g.formed() && (g.points < 2*len(g.Links) || len(g.Links) == 1 && g.points < 4)
	})
	slices.SortStableFunc(found, func(a, b *group) int { return cmp.Compare(b.weight(), a.weight()) })
	var out []List
	for _, g := range found[:min(len(found), 5)] {
		if g.Item = p.item(g); g.Item != "" {
			out = append(out, g.List)
		}
	}
	return out
}

// groups gathers the links that are made alike, and of these once more those whose
// addresses are of one form: a stray link among adverts has another.
func (p *Page) groups() []*group {
	groups := map[string]*group{}
	var order []*group
	looked := 0
	p.elements(func(n *html.Node) bool {
		if n.Data != "a" || looked >= maxLooked || furniture(n) {
			return true
		}
		looked++
		u := p.resolve(attribute(n, "href"))
		text := textOf(n)
		if u == nil || !p.own(u) || never.MatchString(text) || text == "" && !hasWords(n) || isFile(u) || turns(p.base, u) {
			return true
		}
		made := trail(n)
		points := pointsOf(n, u, text)
		for i, key := range []string{made, made + " " + MatchOf([]string{u.String()})} {
			g := groups[key]
			if g == nil {
				g = &group{alike: i == 1}
				groups[key] = g
				order = append(order, g)
			}
			g.add(n, Link{u.String(), text}, points)
		}
		return true
	})
	for _, g := range order {
		g.Match = MatchOf(g.addresses())
	}
	return order
}

// add enters a link, once.
func (g *group) add(n *html.Node, l Link, points int) {
	if len(g.Links) >= maxList || slices.ContainsFunc(g.Links, func(known Link) bool { return known.URL == l.URL }) {
		return
	}
	g.Links = append(g.Links, l)
	g.nodes = append(g.nodes, n)
	g.points += points
}

// weight ranks groups. Links of one form go before the same with strays among them.
func (g *group) weight() int {
	if g.alike {
		return 10 * g.points
	}
	return 9 * g.points
}

// formed reports whether the links are alike in their addresses, which speak of
// posts, though nothing else does.
func (g *group) formed() bool {
	if len(g.Links) < 3 || g.points < len(g.Links) {
		return false
	}
	return g.Match != "" && posts.MatchString(g.Match)
}

func (g *group) addresses() []string {
	out := make([]string, len(g.Links))
	for i, l := range g.Links {
		out[i] = l.URL
	}
	return out
}

// own reports whether an address is on the page's own host.
func (p *Page) own(u *url.URL) bool {
	fold := func(h string) string { return strings.TrimPrefix(strings.ToLower(h), "www.") }
	return fold(u.Host) == fold(p.base.Host)
}

// isFile reports whether an address is a document's or a picture's.
func isFile(u *url.URL) bool {
	switch strings.ToLower(path.Ext(u.Path)) {
	case ".pdf", ".doc", ".docx", ".jpg", ".jpeg", ".png", ".gif", ".svg", ".zip", ".ics", ".mp4":
		return true
	}
	return false
}

// turns reports whether a link leads to another page of the same list: the same
// path, with other numbers in its query or at its end.
func turns(from, to *url.URL) bool {
	if from.Path != to.Path {
		return pageEnd.MatchString(to.Path)
	}
	for key, values := range to.Query() {
		if slices.Equal(from.Query()[key], values) || !slices.Contains(turning, strings.ToLower(key)) {
			continue
		}
		return true
	}
	return false
}

var (
	pageEnd = regexp.MustCompile(`(?i)/page/[0-9]+/?$`)
	turning = []string{"page", "p", "pg", "paged", "pagenumber", "page_number", "pageindex", "start", "offset", "sort", "order", "sortby", "view", "per_page", "pagesize", "currentpage"}
)

// pointsOf is how much speaks for a link leading to an advert.
func pointsOf(n *html.Node, u *url.URL, text string) (points int) {
	around := textUpTo(card(n), 2000)
	if more.MatchString(text) || text == "" {
		text = around[:min(len(around), 160)]
	}
	if titled(text) {
		points += 2
	}
	if posts.MatchString(u.RequestURI()) {
		points++
	}
	if len(around) < 2000 && offers.MatchString(around) {
		points++
	}
	return points
}

// hasWords reports whether a link that has no words of its own has a picture's.
func hasWords(n *html.Node) bool {
	return attribute(n, "title") != "" || attribute(n, "aria-label") != ""
}

// card is the element round a link that tells of its advert alone: as far up as no
// other address of a page stands in it.
func card(n *html.Node) *html.Node {
	href, best := attribute(n, "href"), n
	for at := n.Parent; at != nil && at.Type == html.ElementNode && at.Data != "body"; at = at.Parent {
		if others(at, href) {
			break
		}
		best = at
	}
	return best
}

// others reports whether a link elsewhere, other than to apply, stands in an element.
func others(n *html.Node, href string) bool {
	for c := range n.Descendants() {
		if c.Type != html.ElementNode || c.Data != "a" {
			continue
		}
		to := attribute(c, "href")
		if to != "" && to != href && !strings.HasPrefix(to, "#") && !never.MatchString(textOf(c)) && !strings.HasPrefix(to, "mailto:") && !strings.HasPrefix(to, "tel:") {
			return true
		}
	}
	return false
}

// trail tells links of one make from others: the names of the element and of four
// round it, with what they are called.
func trail(n *html.Node) string {
	var b strings.Builder
	for at, i := n, 0; at != nil && at.Type == html.ElementNode && at.Data != "body" && i < 5; at, i = at.Parent, i+1 {
		b.WriteString(at.Data + "." + strings.Join(stable(at), ".") + ">")
	}
	return b.String()
}

// item is the shortest selector that finds the links of a group and no others, or
// at least none that its match does not leave out.
func (p *Page) item(g *group) string {
	var candidates, bare []string
	n := g.nodes[0]
	own := selectors(n, false)
	own = slices.DeleteFunc(own, func(s string) bool { return s[0] == '#' })
	heading := ""
	for at, i := n.Parent, 0; at != nil && at.Type == html.ElementNode && at.Data != "body" && i < 6; at, i = at.Parent, i+1 {
		if heading == "" && len(at.Data) == 2 && at.Data[0] == 'h' {
			heading = at.Data + " "
		}
		for _, round := range selectors(at, at.Data != "div") {
			into := &candidates
			if round == at.Data && round != "main" && round != "article" {
				into = &bare // says little of the page
			}
			for _, o := range own {
				*into = append(*into, round+" "+o)
			}
			*into = append(*into, round+" a")
			if heading != "" && !strings.HasPrefix(round, heading[:2]) {
				*into = append(*into, round+" "+heading+"a")
			}
		}
	}
	candidates = append(candidates, own...)
	if form := common(g.addresses()); len(form) > 2 && !strings.ContainsAny(form, `'"\`) {
		candidates = append(candidates, fmt.Sprintf("a[href*='%s']", form))
	}
	candidates = append(candidates, bare...)
	match, err := regexp.Compile(g.Match)
	if err != nil {
		return ""
	}
	fallback := ""
	for _, c := range candidates[:min(len(candidates), maxCandidates)] {
		exact, enough := p.holds(c, g, match)
		if exact {
			return c
		}
		if enough && fallback == "" && g.Match != "" {
			fallback = c
		}
	}
	return fallback
}

// holds reports whether a selector finds the links of a group, and no others: at
// all, or after match.
func (p *Page) holds(selector string, g *group, match *regexp.Regexp) (exact, enough bool) {
	found, matched := map[string]bool{}, map[string]bool{}
	for _, n := range p.find(selector).Nodes {
		if u := p.resolve(attribute(n, "href")); u != nil && p.own(u) {
			found[u.String()] = true
			if match.MatchString(u.RequestURI()) {
				matched[u.String()] = true
			}
		}
	}
	for _, l := range g.Links {
		if !found[l.URL] {
			return false, false
		}
	}
	return len(found) == len(g.Links), len(matched) == len(g.Links)
}

// Pick are the addresses that a selector finds on a page, each once, in order; of
// an element that is no link itself the first link in it, as a crawl takes them.
func (p *Page) Pick(selector string) []string {
	var out []string
	for _, n := range p.find(selector).Nodes {
		href := attribute(n, "href")
		for c := range n.Descendants() {
			if href != "" {
				break
			}
			if c.Type == html.ElementNode && c.Data == "a" {
				href = attribute(c, "href")
			}
		}
		if u := p.resolve(href); u != nil && href != "" && p.own(u) && !slices.Contains(out, u.String()) {
			out = append(out, u.String())
		}
	}
	return out
}

// common is the path, and the query up to its value, that addresses begin with: up
// to the last slash or sign of equality before they differ.
func common(addresses []string) string {
	shared := ""
	for i, a := range addresses {
		u, err := url.Parse(a)
		if err != nil {
			return ""
		}
		uri := u.RequestURI()
		if i == 0 {
			shared = strings.TrimRight(uri, "/")
			if cut := strings.LastIndexAny(shared, "/="); cut >= 0 {
				shared = shared[:cut+1]
			}
			continue
		}
		for !strings.HasPrefix(uri, shared) {
			cut := strings.LastIndexAny(strings.TrimRight(shared, "/="), "/=")
			if cut < 0 {
				return ""
			}
			shared = shared[:cut+1]
		}
	}
	return shared
}

// MatchOf is a regular expression for the paths of addresses of one form, empty
// where they have none in common.
func MatchOf(addresses []string) string {
	form := common(addresses)
	if len(form) < 2 {
		return ""
	}
	return "^" + regexp.QuoteMeta(form)
}
