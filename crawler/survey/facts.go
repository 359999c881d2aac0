package survey

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// labels are the words that stand before a field on an advert's page, for each
// field the best first.
var labels = []struct {
	field string
	words []string
}{
	{"employer", []string{"employer", "advertiser", "school", "school name", "name of school", "organisation", "company", "academy", "trust", "recruiter", "establishment", "employer name", "school/organisation", "client", "setting"}},
	{"location", []string{"location", "job location", "place of work", "work location", "town", "based at", "base", "where", "area", "address", "region", "workplace"}},
	{"postcode", []string{"postcode", "post code"}},
	{"pay", []string{"salary", "salary details", "salary range", "pay", "rate of pay", "pay rate", "actual salary", "full time equivalent salary", "salary/rate", "remuneration", "wage", "wages", "pay range", "pay scale", "salary scale", "grade", "pay grade", "rate", "daily rate", "hourly rate"}},
	{"hours", []string{"hours", "working hours", "hours per week", "hours of work", "weekly hours", "working pattern", "working patterns", "work pattern", "working time", "days and hours"}},
	{"contract", []string{"contract", "contract type", "type of contract", "contract term", "job type", "employment type", "position type", "appointment type", "term", "tenure", "status"}},
	{"posted", []string{"posted", "date posted", "posted on", "date listed", "listed", "published", "publish date", "date published", "advertised", "date advertised", "advert date", "added", "date added", "opening date"}},
	{"closes", []string{"closing date", "closes", "closing date and time", "closing", "applications close", "application deadline", "deadline", "deadline for applications", "apply by", "expires", "expiry date", "end date", "closing date for applications"}},
	{"reference", []string{"reference", "job reference", "vacancy reference", "reference number", "job ref", "ref", "ref no", "vacancy id", "job id", "job number", "requisition number", "vacancy number"}},
	{"dates", []string{"start date", "job start date", "interview date", "interviews", "start", "starting", "commencing"}},
}

// labelOf says which field a label stands before, and how good a label it is,
// zero the best; -1 for none.
func labelOf(text string) (field string, rank int) {
	if len(text) > 50 {
		return "", -1
	}
	text = strings.ToLower(squash(strings.TrimRight(strings.TrimSpace(text), ":–—-* .?")))
	for _, l := range labels {
		if i := slices.Index(l.words, text); i >= 0 {
			return l.field, i
		}
	}
	return "", -1
}

// maxFacts is how many facts of one field are taken from a page.
const maxFacts = 4

// fact is what one label of a page says, and the ways to select it.
type fact struct {
	field     string
	rank      int
	value     string
	selectors []string
}

// facts are the labelled values of a page: rows of tables, definitions, elements
// side by side, and words before a colon.
func (p *Page) facts() []fact {
	var out []fact
	seen := map[string]int{}
	add := func(n *html.Node, label, value string, forms ...string) {
		field, rank := labelOf(label)
		if value = strings.TrimSpace(value); field == "" || value == "" || len(value) > 400 || seen[field] >= maxFacts {
			return
		}
		seen[field]++
		f := fact{field: field, rank: rank, value: value}
		for _, form := range forms {
			// A label with a class of its own needs nothing round it.
			if len(stable(n)) > 0 {
				f.selectors = append(f.selectors, form)
			}
			for _, round := range scopes(n) {
				f.selectors = append(f.selectors, round+" "+form)
			}
			f.selectors = append(f.selectors, form)
		}
		out = append(out, f)
	}
	p.elements(func(n *html.Node) bool {
		if furniture(n) || n.Data == "a" {
			return false
		}
		switch label := textUpTo(n, 800); {
		case len(label) > 400:
			// Too much for a line of facts; one may stand below.
		case n.Data == "th" || n.Data == "td" || n.Data == "dt":
			if value := beside(n); value != nil {
				add(n, label, textOf(value), labelled(n, label, " + "+value.Data)...)
			}
		default:
			p.line(n, label, add)
		}
		return true
	})
	return out
}

// line looks for a fact in an element that is no table's: one that is a label with
// its value beside it or after it, or one that holds both.
func (p *Page) line(n *html.Node, text string, add func(*html.Node, string, string, ...string)) {
	if _, rank := labelOf(text); rank >= 0 {
		if value := beside(n); value != nil && !hasBlock(value) {
			add(n, text, textOf(value), labelled(n, text, " + "+value.Data)...)
		} else if value := after(n); value != "" {
			add(n, text, value, labelled(n, text, "@after")...)
		}
		return
	}
	before, value, ok := strings.Cut(text, ":")
	if ok && !hasBlock(n) && slices.Contains(lines, n.Data) {
		if words := ownWords(n); strings.HasPrefix(words, before) {
			add(n, before, value, contains(named(n), before+":")...)
		}
	}
}

// lines are the elements that hold a line of their own.
var lines = []string{"p", "li", "div", "span", "h2", "h3", "h4", "h5", "h6"}

// hasBlock reports whether an element holds others than those inside a line.
func hasBlock(n *html.Node) bool {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && !slices.Contains(inline, c.Data) {
			return true
		}
	}
	return false
}

// ownWords are the words of an element that stand in none of its children.
func ownWords(n *html.Node) string {
	var b strings.Builder
	for c := range n.ChildNodes() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return squash(b.String())
}

// beside is the element that follows another with nothing between them.
func beside(n *html.Node) *html.Node {
	for c := n.NextSibling; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode && strings.Trim(c.Data, " \t\r\n\u00a0:") != "":
			return nil
		case c.Type == html.ElementNode && c.Data == "br":
			return nil
		case c.Type == html.ElementNode:
			// One label after another is not its value.
			if _, rank := labelOf(textOf(c)); rank >= 0 {
				return nil
			}
			return c
		}
	}
	return nil
}

// after are the words that follow a label on its line.
func after(n *html.Node) string {
	if !slices.Contains(inline, n.Data) {
		return ""
	}
	var b strings.Builder
	for c := n.NextSibling; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			if !slices.Contains(inline, c.Data) || c.Data == n.Data {
				break
			}
			b.WriteString(textOf(c))
			continue
		}
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return strings.TrimSpace(strings.TrimLeft(squash(b.String()), ":–—- "))
}

// labelled are the ways to select what stands beside a label, or after it.
func labelled(n *html.Node, label, rest string) []string {
	var out []string
	label = strings.TrimSpace(strings.TrimRight(strings.TrimSpace(label), ":–-* "))
	for _, form := range contains(named(n), label) {
		out = append(out, form+rest)
	}
	// Where a longer label holds the same words, the whole of it is asked for.
	out = append(out, fmt.Sprintf("%s:matches(^\\s*%s\\W*$)%s", named(n), regexp.QuoteMeta(label), rest))
	return out
}

func contains(element, words string) []string {
	quote := "'"
	if strings.Contains(words, "'") {
		quote = `"`
	}
	if strings.Contains(words, quote) || strings.Contains(words, `\`) {
		return nil
	}
	return []string{fmt.Sprintf("%s:contains(%s%s%s)", element, quote, words, quote)}
}

// named is an element's name, with its class where it has one.
func named(n *html.Node) string {
	if classes := stable(n); len(classes) > 0 {
		return n.Data + "." + classes[0]
	}
	return n.Data
}
