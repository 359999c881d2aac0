package extract

import (
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// microdata returns the JobPosting items of a page's microdata (HTML standard,
// section 5), in the same form as JSON-LD gives them.
func microdata(doc *goquery.Document) []object {
	var found []object
	doc.Find("[itemscope][itemtype]").EachWithBreak(func(_ int, s *goquery.Selection) bool {
		if kind, _ := s.Attr("itemtype"); hasJobPosting(kind) {
			found = append(found, itemOf(s, maxDepth))
		}
		return len(found) < maxPostings
	})
	return found
}

func hasJobPosting(itemtype string) bool {
	for _, t := range strings.Fields(itemtype) {
		if isJobPosting(t) {
			return true
		}
	}
	return false
}

// itemOf reads the properties below s that belong to it and to no item within.
func itemOf(s *goquery.Selection, depth int) object {
	item := object{}
	if kind, ok := s.Attr("itemtype"); ok {
		item["@type"] = kind
	}
	collectProperties(s, item, depth)
	return item
}

func collectProperties(s *goquery.Selection, item object, depth int) {
	s.Children().Each(func(_ int, child *goquery.Selection) {
		_, scoped := child.Attr("itemscope")
		if names, ok := child.Attr("itemprop"); ok {
			value := propertyValue(child, scoped, depth)
			for _, name := range strings.Fields(names) {
				add(item, name, value)
			}
		}
		if !scoped {
			collectProperties(child, item, depth)
		}
	})
}

// add keeps several values of one property as a list.
func add(item object, name string, value any) {
	switch old := item[name].(type) {
	case nil:
		item[name] = value
	case []any:
		item[name] = append(old, value)
	default:
		item[name] = []any{old, value}
	}
}

// propertyValue is what an element with itemprop stands for. Descriptive
// properties keep their markup, which carries their lists and headings.
func propertyValue(s *goquery.Selection, scoped bool, depth int) any {
	if scoped {
		if depth == 0 {
			return ""
		}
		return itemOf(s, depth-1)
	}
	for _, attribute := range valueAttributes[goquery.NodeName(s)] {
		if v, ok := s.Attr(attribute); ok {
			return v
		}
	}
	if v, ok := s.Attr("content"); ok {
		return v
	}
	if s.Children().Length() > 0 {
		if inner, err := s.Html(); err == nil {
			return inner
		}
	}
	return s.Text()
}

// valueAttributes says which attribute of an element holds its value.
var valueAttributes = map[string][]string{
	"meta": {"content"}, "time": {"datetime"}, "data": {"value"}, "meter": {"value"},
	"a": {"href"}, "area": {"href"}, "link": {"href"},
	"img": {"src"}, "iframe": {"src"}, "object": {"data"},
}
