package survey

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// Next is the selector of the link to the list's next page, and where it leads;
// empty where the page has none.
func (p *Page) Next() (selector, address string) {
	for _, s := range []string{"a[rel=next]", "link[rel=next]", "a[rel~=next]"} {
		if address := p.leadsTo(s); address != "" {
			return s, address
		}
	}
	var found *html.Node
	p.elements(func(n *html.Node) bool {
		if found == nil && n.Data == "a" && onward.MatchString(firstOf(textOf(n), attribute(n, "aria-label"), attribute(n, "title"))) {
			if u := p.resolve(attribute(n, "href")); u != nil && p.own(u) {
				found = n
			}
		}
		return found == nil
	})
	if found == nil {
		return "", ""
	}
	u := p.resolve(attribute(found, "href"))
	for _, c := range nextSelectors(found) {
		if p.leadsTo(c) == u.String() {
			return c, u.String()
		}
	}
	return "", ""
}

// onward are the words of a link to a list's next page.
var onward = regexp.MustCompile(`(?i)^(?:(?:go to )?(?:the )?next(?: page)?|older(?: (?:posts|vacancies|jobs))?|more (?:jobs|vacancies|results))?\W*$`)

func firstOf(values ...string) string {
	for _, v := range values {
		// Pictures of arrows are words too.
		if v = strings.TrimSpace(v); v != "" && v != "…" {
			if strings.ContainsAny(v, "›»→>") || strings.ContainsFunc(v, func(r rune) bool { return r >= 'A' && r <= 'z' }) {
				return v
			}
		}
	}
	return "none"
}

// nextSelectors are the ways to name the link onward, the ones that speak of it
// before those that must look at its words.
func nextSelectors(n *html.Node) (out []string) {
	speaks := func(class string) bool { return strings.Contains(strings.ToLower(class), "next") }
	for class := range strings.FieldsSeq(attribute(n, "class")) {
		if plainName.MatchString(class) && speaks(class) {
			out = append(out, "a."+class)
		}
	}
	for at := n.Parent; at != nil && at.Type == html.ElementNode && at.Data != "body"; at = at.Parent {
		for class := range strings.FieldsSeq(attribute(at, "class")) {
			if plainName.MatchString(class) && speaks(class) {
				out = append(out, at.Data+"."+class+" a")
			}
		}
	}
	if label := attribute(n, "aria-label"); label != "" && !strings.ContainsAny(label, `'"\`) {
		out = append(out, "a[aria-label='"+label+"']")
	}
	if title := attribute(n, "title"); title != "" && !strings.ContainsAny(title, `'"\`) {
		out = append(out, "a[title='"+title+"']")
	}
	words := textOf(n)
	if words == "" || strings.ContainsAny(words, `'"\()`) {
		return out
	}
	for _, round := range scopes(n) {
		out = append(out, round+" a:contains('"+words+"')")
	}
	return append(out, "a:contains('"+words+"')")
}

// leadsTo is the address of the first element of a selector that has one.
func (p *Page) leadsTo(selector string) string {
	for _, n := range p.find(selector).Nodes {
		if href := attribute(n, "href"); href != "" {
			if u := p.resolve(href); u != nil && p.own(u) {
				return u.String()
			}
			return ""
		}
	}
	return ""
}

// Numbered is the address of a list whose pages are linked by their numbers alone,
// with number in the place of the number; empty where the page has no such links.
// The first page is not always to be had by its number: that is for the caller to see.
func (p *Page) Numbered(number string) string {
	found := ""
	p.elements(func(n *html.Node) bool {
		if found != "" || n.Data != "a" || textOf(n) != "2" {
			return found == ""
		}
		u := p.resolve(attribute(n, "href"))
		if u == nil || !p.own(u) {
			return true
		}
		found = numbered(u, number)
		return found == ""
	})
	return found
}

// numbered puts number in the place of the 2 of a second page's address.
func numbered(u *url.URL, number string) string {
	uri := u.RequestURI()
	for key, values := range u.Query() {
		if len(values) != 1 || values[0] != strconv.Itoa(2) {
			continue
		}
		at := regexp.MustCompile(`([?&]` + regexp.QuoteMeta(url.QueryEscape(key)) + `=)2(&|$)`)
		if at.MatchString(uri) {
			return at.ReplaceAllString(uri, "${1}"+strings.ReplaceAll(number, "$", "$$")+"${2}")
		}
	}
	if at := regexp.MustCompile(`/2(/?)$`); at.MatchString(u.EscapedPath()) && u.RawQuery == "" {
		return at.ReplaceAllString(uri, "/"+number+"${1}")
	}
	return ""
}
