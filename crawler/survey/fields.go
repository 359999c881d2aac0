package survey

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/crawler/extract"
)

// Fields are the rules by which the adverts of a site can be read, learned from a
// few of them together. Titles are what a list calls them, in the same order, where
// one did. A field that no advert shows under a label it is known by has no rule.
func Fields(pages []*Page, titles []string) map[string]string {
	fields := Labelled(pages)
	if fields["posted"] == "" {
		if posted := stamped(pages); posted != "" {
			fields["posted"] = posted
		}
	}
	if title := titleOf(pages, titles); title != "" {
		fields["title"] = title
	}
	if body := bodyOf(pages, fields); body != "" {
		fields["body"] = body
	}
	return fields
}

// stamped is the rule for the moment at which a content manager says that a page
// was published.
func stamped(pages []*Page) string {
	for _, rule := range []string{"meta[property='article:published_time']@content", "time.entry-date@datetime", "time.published@datetime", "time[pubdate]@datetime"} {
		if !slices.ContainsFunc(pages, func(p *Page) bool { return p.value("posted", rule) == "" }) {
			return rule
		}
	}
	return ""
}

// candidate is a rule for a field, on how many pages it agrees with what labels say,
// and how good its label is.
type candidate struct {
	selector    string
	agree, rank int
}

// Labelled are the rules for the fields that adverts show under their labels.
func Labelled(pages []*Page) map[string]string {
	best := map[string]candidate{}
	tries := 0
	facts := make([][]fact, len(pages))
	for i, p := range pages {
		facts[i] = p.facts()
	}
	for i := range pages {
		for _, f := range facts[i] {
			rank := f.rank
			for _, selector := range f.selectors[:min(len(f.selectors), maxCandidates)] {
				selector = dated(f, selector, pages[i])
				if selector == "" {
					continue
				}
				if tries++; tries > maxTries {
					return chosen(best)
				}
				agree := agreement(selector, f.field, pages, facts)
				was, ok := best[f.field]
				if agree > 0 && (!ok || agree > was.agree || agree == was.agree && rank < was.rank) {
					best[f.field] = candidate{selector, agree, rank}
				}
				if agree == len(pages) {
					break
				}
			}
		}
	}
	return chosen(best)
}

func chosen(best map[string]candidate) map[string]string {
	out := map[string]string{}
	for field, c := range best {
		out[field] = c.selector
	}
	return out
}

// dated is the selector for a date: of the words where they can be read as one, or
// else of the time element that stands in them. Words that are no date are given
// up; for the closing date, whose words are kept, they are not.
func dated(f fact, selector string, p *Page) string {
	if f.field != "posted" && f.field != "closes" {
		return selector
	}
	if extract.Moment(f.value) != "" {
		return selector
	}
	if !strings.Contains(selector, "@") && extract.Moment(p.value(f.field, selector+" time@datetime")) != "" {
		return selector + " time@datetime"
	}
	if f.field == "posted" {
		return ""
	}
	return selector
}

// agreement is on how many pages a selector reads what a label of the field says;
// zero when it reads anything else on one.
func agreement(selector, field string, pages []*Page, facts [][]fact) (agree int) {
	for i, p := range pages {
		value := p.read(selector)
		if value == "" {
			continue
		}
		if !strings.HasSuffix(selector, " time@datetime") && !slices.Contains(said(facts[i], field), value) {
			return 0
		}
		agree++
	}
	return agree
}

// said are the values of a field on a page, of its best label there.
func said(facts []fact, field string) (values []string) {
	best := -1
	for _, f := range facts {
		if f.field != field || best >= 0 && f.rank > best {
			continue
		}
		if best < 0 || f.rank < best {
			best, values = f.rank, nil
		}
		values = append(values, f.value)
	}
	return values
}

// read is what a rule takes from a page as a line of text.
func (p *Page) read(rule string) string { return p.value("title", rule) }

// value is what a rule for a field takes from a page.
func (p *Page) value(field, rule string) string {
	rules, err := extract.NewRules(map[string]string{field: rule})
	if err != nil {
		return ""
	}
	var posting sendwatch.Posting
	rules.Fill(&posting, p.Page)
	switch field {
	case "title":
		return posting.Title
	case "posted":
		return posting.Published
	case "closes":
		return posting.Closes
	case "body":
		return posting.BodyHTML
	}
	return ""
}

// titleOf is the selector of an advert's title: a heading that differs from advert
// to advert, and is what the list calls it where a list did.
func titleOf(pages []*Page, titles []string) string {
	best, most := "", 0
	tried := map[string]bool{}
	for _, p := range pages {
		p.elements(func(n *html.Node) bool {
			if len(tried) > maxCandidates || furniture(n) {
				return false
			}
			if !isHeading(n) {
				return true
			}
			for _, s := range headings(n) {
				if tried[s] {
					continue
				}
				tried[s] = true
				if points := titlePoints(s, pages, titles); points > most {
					best, most = s, points
				}
			}
			return true
		})
	}
	return best
}

// isHeading reports whether an element may hold a title.
func isHeading(n *html.Node) bool {
	if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '4' {
		return true
	}
	return slices.ContainsFunc(stable(n), func(class string) bool { return strings.Contains(strings.ToLower(class), "title") })
}

// headings are the selectors of a heading, those first that speak of a title.
func headings(n *html.Node) []string {
	var out []string
	for _, class := range stable(n) {
		out = append(out, n.Data+"."+class)
	}
	if len(n.Data) == 2 && n.Data[0] == 'h' {
		for _, round := range scopes(n) {
			if !strings.Contains(round, "#") && len(out) < 6 {
				out = append(out, round+" "+n.Data)
			}
		}
		out = append(out, n.Data)
	}
	return out
}

func titlePoints(selector string, pages []*Page, titles []string) (points int) {
	seen := map[string]bool{}
	for i, p := range pages {
		value := p.read(selector)
		if value == "" || len(value) > 200 {
			return 0
		}
		seen[value] = true
		points += 2
		if titled(value) {
			points += 4
		}
		if i < len(titles) && titles[i] != "" && sameWords(value, titles[i]) {
			points += 8
		}
	}
	if len(pages) > 1 && len(seen) == 1 && points < 10*len(pages) {
		return 0 // the site's own heading
	}
	if level := selector[strings.LastIndex(selector, " ")+1:]; strings.HasPrefix(level, "h1") {
		points++
	}
	return points
}

func sameWords(a, b string) bool {
	return strings.EqualFold(squash(a), squash(b))
}

// bodyOf is the selector of the advert's text: the element that holds most of the
// words in which the adverts differ, and least of those that all have.
func bodyOf(pages []*Page, fields map[string]string) string {
	everywhere := map[string]int{}
	texts := make([]map[string]int, len(pages))
	for i, p := range pages {
		texts[i] = p.lines()
		for line := range texts[i] {
			everywhere[line]++
		}
	}
	read := map[string]bool{}
	for field, rule := range fields {
		for _, p := range pages {
			if field != "body" {
				read[p.read(rule)] = true
			}
		}
	}
	// What every advert has, or a field has taken already, is none of the text.
	own := func(line string) bool {
		return (everywhere[line] < len(pages) || len(pages) == 1) && !read[line] && !taken(line, read)
	}
	type score struct {
		selector   string
		own, total int
	}
	var found []score
	for _, s := range blocks(pages) {
		sc := score{selector: s}
		whole := true
		for _, p := range pages {
			o, all := p.weigh(s, own)
			sc.own, sc.total = sc.own+o, sc.total+all
			whole = whole && all > 0
		}
		if whole && sc.own > 0 {
			found = append(found, sc)
		}
	}
	if len(found) == 0 {
		if text, _ := pages[0].weigh("body", own); text > 0 {
			return "body" // nothing has a name of its own
		}
		return ""
	}
	most := slices.MaxFunc(found, func(a, b score) int { return cmp.Compare(a.own, b.own) }).own
	found = slices.DeleteFunc(found, func(s score) bool { return s.own*100 < most*85 })
	// Among those that hold nearly all of it, the one with the least round it.
	return slices.MinFunc(found, func(a, b score) int {
		return cmp.Or(cmp.Compare(a.total, b.total), cmp.Compare(len(a.selector), len(b.selector)))
	}).selector
}

// taken reports whether a line is a label, and after it what a field has read.
func taken(line string, read map[string]bool) bool {
	for value := range read {
		if label, ok := strings.CutSuffix(line, value); ok && value != "" {
			if _, rank := labelOf(label); rank >= 0 {
				return true
			}
		}
	}
	return false
}

// lines are the lines of a page's content, and how long each is.
func (p *Page) lines() map[string]int {
	out := map[string]int{}
	p.elements(func(n *html.Node) bool {
		if !hasBlock(n) {
			if text := textOf(n); text != "" {
				out[text] = len(text)
			}
			return false
		}
		if text := ownWords(n); text != "" {
			out[text] = len(text)
		}
		return true
	})
	return out
}

// blocks are the selectors of the elements of the first page that may hold the text
// of an advert.
func blocks(pages []*Page) []string {
	seen := map[string]bool{}
	pages[0].elements(func(n *html.Node) bool {
		if len(seen) >= maxCandidates || furniture(n) {
			return false
		}
		if slices.Contains(containers, n.Data) {
			for _, s := range selectors(n, n.Data == "main" || n.Data == "article") {
				seen[s] = true
			}
		}
		return true
	})
	return slices.Sorted(maps.Keys(seen))
}

var containers = []string{"main", "article", "section", "div", "td"}

// weigh is how much of a page's own text a selector holds, and how much in all.
// What is not part of the page's content counts against it twice.
func (p *Page) weigh(selector string, own func(string) bool) (text, all int) {
	for _, root := range p.find(selector).Nodes {
		var walk func(n *html.Node)
		walk = func(n *html.Node) {
			for c := range n.ChildNodes() {
				if c.Type == html.ElementNode && !slices.Contains(unseen, c.Data) {
					if hasBlock(c) {
						count(ownWords(c), c, own, &text, &all)
						walk(c)
					} else {
						count(textOf(c), c, own, &text, &all)
					}
				}
			}
		}
		count(ownWords(root), root, own, &text, &all)
		walk(root)
	}
	return text, all
}

func count(line string, n *html.Node, own func(string) bool, text, all *int) {
	if line == "" {
		return
	}
	*all += len(line)
	if furniture(n) {
		*all += len(line)
		return
	}
	if own(line) {
		*text += len(line)
	}
}
