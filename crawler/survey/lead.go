package survey

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Leads are the links of a page that may lead to a list of adverts, the surest
// first, wherever on the page they stand.
func (p *Page) Leads() []Link {
	type lead struct {
		Link
		sure int
	}
	var found []lead
	p.elements(func(n *html.Node) bool {
		if n.Data != "a" {
			return true
		}
		u := p.resolve(attribute(n, "href"))
		text := textOf(n)
		if u == nil || !p.own(u) || isFile(u) {
			return true
		}
		sure := leading(text, u.Path)
		if sure < 0 || slices.ContainsFunc(found, func(l lead) bool { return l.URL == u.String() }) || len(found) >= 50 {
			return true
		}
		found = append(found, lead{Link{u.String(), text}, sure})
		return true
	})
	slices.SortStableFunc(found, func(a, b lead) int {
		return cmp.Or(cmp.Compare(a.sure, b.sure), cmp.Compare(strings.Count(a.URL, "/"), strings.Count(b.URL, "/")))
	})
	out := make([]Link, len(found))
	for i, l := range found {
		out[i] = l.Link
	}
	return out
}

// Feeds are the feeds that a page announces, those that speak of posts first.
func (p *Page) Feeds() []string {
	var out []string
	for _, n := range p.find("link[rel~=alternate][href]").Nodes {
		media := strings.ToLower(attribute(n, "type"))
		u := p.resolve(attribute(n, "href"))
		if u == nil || !p.own(u) || len(out) >= 10 || !strings.Contains(media, "rss") && !strings.Contains(media, "atom") && !strings.Contains(media, "feed+json") {
			continue
		}
		if strings.Contains(strings.ToLower(attribute(n, "title")+u.Path), "comment") {
			continue
		}
		out = append(out, u.String())
	}
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(rankFeed(a), rankFeed(b)) })
	return out
}

func rankFeed(address string) int {
	if posts.MatchString(address) {
		return 0
	}
	return 1
}

// Documents are the links to PDF and Word files that may be adverts.
func (p *Page) Documents() []Link {
	var out []Link
	p.elements(func(n *html.Node) bool {
		if n.Data != "a" || furniture(n) {
			return true
		}
		u := p.resolve(attribute(n, "href"))
		if u == nil || !isFile(u) || len(out) >= 100 {
			return true
		}
		if text := textOf(n); titled(text) || titled(strings.NewReplacer("-", " ", "_", " ").Replace(u.Path)) {
			out = append(out, Link{u.String(), text})
		}
		return true
	})
	return out
}

// Scripted reports whether a page is empty until its scripts have run.
func (p *Page) Scripted() bool {
	words := 0
	p.elements(func(n *html.Node) bool {
		for c := range n.ChildNodes() {
			if c.Type == html.TextNode {
				words += len(strings.Fields(c.Data))
			}
		}
		return true
	})
	if words > 60 {
		return false
	}
	if p.find("script[src]").Length() == 0 && p.find("script").Length() == 0 {
		return false
	}
	for _, n := range p.find("noscript").Nodes {
		if wantsScript.MatchString(rawText(n)) {
			return true
		}
	}
	return p.find("#root, #app, #__next, #__nuxt, app-root, [ng-app], [data-reactroot], [ng-version]").Length() > 0
}

var wantsScript = regexp.MustCompile(`(?i)javascript`)

// rawText is the text of an element whose content the parser took as it stands.
func rawText(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// Site is what every page of a site says of who keeps it: its name, and the one
// postcode that stands at its foot or head.
func Site(pages []*Page) (name, postcode string) {
	for i, p := range pages {
		n, code := p.keeper()
		if i == 0 {
			name, postcode = n, code
		}
		if n != name {
			name = ""
		}
		if code != postcode {
			postcode = ""
		}
	}
	return name, postcode
}

func (p *Page) keeper() (name, postcode string) {
	for _, n := range p.find("meta[property='og:site_name'], meta[name='application-name']").Nodes {
		if name == "" {
			name = squash(attribute(n, "content"))
		}
	}
	if name == "" {
		parts := titleParts.Split(squash(p.find("title").First().Text()), -1)
		if len(parts) > 1 {
			name = parts[len(parts)-1]
		}
	}
	codes := map[string]bool{}
	p.elements(func(n *html.Node) bool {
		if !furniture(n) {
			return true
		}
		for _, code := range postcodes.FindAllString(textOf(n), 5) {
			codes[strings.ToUpper(squash(code))] = true
		}
		return false
	})
	if len(codes) == 1 {
		for code := range codes {
			postcode = code
		}
	}
	return name, postcode
}

var (
	titleParts = regexp.MustCompile(` [|–—·-] `)
	postcodes  = regexp.MustCompile(`\b[A-Za-z]{1,2}[0-9][A-Za-z0-9]? [0-9][A-Za-z]{2}\b`)
)

// IsEmployer reports whether a site's name is a school's or trust's.
func IsEmployer(name string) bool { return len(name) <= 100 && employers.MatchString(name) }

var employers = regexp.MustCompile(`(?i)\b(?:school|academy|primary|secondary|infants?|juniors?|college|nursery|trust|federation|pru|centre)\b`)
