package extract

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"github.com/sendwatch/sendwatch"
)

// The fields that rules may fill. Title is required of every page; body keeps its
// inner HTML, everything else is one line of text.
var ruleFields = map[string]func(p *sendwatch.Posting, value string){
	"title":     func(p *sendwatch.Posting, v string) { p.Title = cut(v, maxLine) },
	"reference": func(p *sendwatch.Posting, v string) { p.Reference = cut(v, maxLine) },
	"employer":  func(p *sendwatch.Posting, v string) { p.Employer = cut(v, maxLine) },
	"urn":       setURN,
	"location":  func(p *sendwatch.Posting, v string) { p.Location = cut(v, maxLine) },
	"postcode":  func(p *sendwatch.Posting, v string) { p.Postcode = cut(v, maxLine) },
	"pay":       func(p *sendwatch.Posting, v string) { p.PayText = cut(v, maxText) },
	"hours":     func(p *sendwatch.Posting, v string) { p.HoursText = cut(v, maxText) },
	"contract":  func(p *sendwatch.Posting, v string) { p.ContractText = cut(v, maxText) },
	"dates":     addDates,
	"posted":    func(p *sendwatch.Posting, v string) { p.Published = Day(v) },
	"closes":    setCloses,
	"body":      func(p *sendwatch.Posting, v string) { p.BodyHTML = cut(v, maxBody) },
}

func setURN(p *sendwatch.Posting, v string) {
	if isURN.MatchString(v) {
		p.EmployerURN = v
	}
}

func addDates(p *sendwatch.Posting, v string) {
	p.DatesText = cut(strings.TrimSpace(v+" "+p.DatesText), maxText)
}

// setCloses keeps a closing date that cannot be read among the dates' words.
func setCloses(p *sendwatch.Posting, v string) {
	if p.Closes = Moment(v); p.Closes == "" && v != "" {
		addDates(p, "Closing: "+v)
	}
}

// Rules read pages that carry no structured data, one selector a field, or fill in
// what structured data leaves out.
type Rules struct {
	rules []rule
}

// rule is a selector, and an attribute in place of the text, or else a literal.
type rule struct {
	field     string
	selector  cascadia.Selector
	attribute string
	// label is what the selector looks for in the words of the element it selects.
	label   string
	literal string
}

// NewRules compiles a source's fields: name to CSS selector, where goquery's
// :contains may be used ("tr:contains('Salary') td"), and "@name" at the end
// takes an attribute in place of the text ("time.posted@datetime"), or as "@after"
// the words that follow the element on its line ("strong:contains('Salary')@after").
// Of an element that is selected by a label and begins with it, as "Salary: £13 an
// hour" does with "p:contains('Salary')", the label is left out. What stands in
// quotes is no selector but the value itself ("'Oak Hill School'"), for what every
// page of a site has in common and none says. Every mistake is reported at once.
func NewRules(fields map[string]string) (*Rules, error) {
	var r Rules
	var mistakes []error
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if ruleFields[name] == nil {
			known := slices.Sorted(maps.Keys(ruleFields))
			mistakes = append(mistakes, fmt.Errorf("fields: %q is none of %s", name, strings.Join(known, ", ")))
			continue
		}
		selector, attribute := strings.TrimSpace(fields[name]), ""
		if literal, ok := quotedValue(selector); ok {
			r.rules = append(r.rules, rule{field: name, literal: literal})
			continue
		}
		if m := attributeRule.FindStringSubmatch(selector); m != nil {
			selector, attribute = m[1], m[2]
		}
		compiled, err := Selector(selector)
		if err != nil {
			mistakes = append(mistakes, fmt.Errorf("fields: %s: %w", name, err))
			continue
		}
		r.rules = append(r.rules, rule{field: name, selector: compiled, attribute: attribute, label: labelOf(selector)})
	}
	return &r, errors.Join(mistakes...)
}

// quotedValue is what stands between quotes that begin and end a rule.
func quotedValue(s string) (string, bool) {
	if len(s) < 2 || s[0] != s[len(s)-1] || s[0] != '\'' && s[0] != '"' {
		return "", false
	}
	return squash(s[1 : len(s)-1]), true
}

// labelOf is the label that a selector ends in looking for.
func labelOf(selector string) string {
	if m := labelRule.FindStringSubmatch(selector); m != nil {
		return m[1] + m[2]
	}
	return ""
}

var labelRule = regexp.MustCompile(`:contains(?:Own)?\(\s*(?:'([^']+)'|"([^"]+)")\s*\)$`)

var attributeRule = regexp.MustCompile(`^(.*[^\s@])\s*@([a-zA-Z][a-zA-Z0-9-]*)$`)

// Selector compiles a CSS selector, and says what is wrong with a bad one.
func Selector(s string) (cascadia.Selector, error) {
	compiled, err := cascadia.Compile(s)
	if err != nil {
		return nil, fmt.Errorf("selector %q: %w", s, err)
	}
	return compiled, nil
}

// Names reports whether there is a rule for a field.
func (r *Rules) Names(field string) bool {
	return slices.ContainsFunc(r.rules, func(rule rule) bool { return rule.field == field })
}

// Literal reports whether every rule gives its value itself, and needs no page.
func (r *Rules) Literal() bool {
	return !slices.ContainsFunc(r.rules, func(rule rule) bool { return rule.selector != nil })
}

// Read reads the one posting of a page.
func (r *Rules) Read(p *Page) (sendwatch.Posting, error) {
	posting := sendwatch.Posting{URL: p.address}
	for _, rule := range r.rules {
		if value := rule.read(p.elements()); value != "" {
			ruleFields[rule.field](&posting, value)
		}
	}
	if posting.Reference == "" {
		posting.Reference = Reference(p.address)
	}
	if posting.Title == "" {
		return posting, cmp.Or(p.err, ErrNoTitle)
	}
	return posting, nil
}

// Fill gives a posting what it lacks of the rules' fields. Without a page only
// literals are used.
func (r *Rules) Fill(posting *sendwatch.Posting, p *Page) {
	for _, rule := range r.rules {
		if rule.selector != nil && p == nil || Value(posting, rule.field) != "" {
			continue
		}
		value := rule.literal
		if rule.selector != nil {
			value = rule.read(p.elements())
		}
		if value != "" {
			ruleFields[rule.field](posting, value)
		}
	}
}

// Value is what a posting has for a field of rules; "" when nothing, or when there
// is no such field.
func Value(p *sendwatch.Posting, field string) string {
	return map[string]string{
		"title": p.Title, "reference": p.Reference, "employer": p.Employer, "urn": p.EmployerURN, "location": p.Location, "postcode": p.Postcode,
		"pay": p.PayText, "hours": p.HoursText, "contract": p.ContractText, "dates": p.DatesText, "posted": p.Published, "closes": p.Closes,
		"body": p.BodyHTML + p.BodyText + p.BodyMarkdown,
	}[field]
}

// read takes the first element that matches, or for a body all of them.
func (r rule) read(doc *goquery.Document) string {
	if r.selector == nil {
		return r.literal
	}
	found := doc.FindMatcher(r.selector)
	if found.Length() == 0 {
		return ""
	}
	switch {
	case r.attribute == "after":
		return following(found.Nodes[0])
	case r.attribute != "":
		value, _ := found.Attr(r.attribute)
		return squash(value)
	case r.field != "body":
		return unlabelled(squash(found.First().Text()), r.label)
	}
	var parts []string
	found.Each(func(_ int, s *goquery.Selection) {
		if inner, err := s.Html(); err == nil {
			parts = append(parts, strings.TrimSpace(inner))
		}
	})
	return strings.Join(parts, "\n")
}

// unlabelled is a value without the label that it begins with, where a colon or a
// dash follows that.
func unlabelled(value, label string) string {
	if label == "" || len(value) < len(label) || !strings.EqualFold(value[:len(label)], label) {
		return value
	}
	rest := value[len(label):]
	if !strings.HasSuffix(label, ":") {
		bare := strings.TrimLeft(rest, " ")
		if rest = strings.TrimLeft(bare, ":–—-"); rest == bare {
			return value
		}
	}
	return strings.TrimSpace(rest)
}

// following are the words after an element on its line: up to a break, an element
// that is a line of its own, or the next of its kind.
func following(n *html.Node) string {
	var b strings.Builder
	for c := n.NextSibling; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(c.Data)
		case c.Type != html.ElementNode:
		case c.Data == n.Data || !slices.Contains(within, c.Data):
			return afterLabel(b.String())
		default:
			writeText(&b, c)
		}
	}
	return afterLabel(b.String())
}

// afterLabel is what stands after a label, without what parts the two.
func afterLabel(s string) string { return strings.TrimSpace(strings.TrimLeft(squash(s), ":–—- ")) }
