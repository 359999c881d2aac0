package embedded

import (
	"slices"

	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/numeric"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/search"
)

// document lays a vacancy out in the fields of the schema.
func (x *Index) document(v *sendwatch.Vacancy) *document.Document {
	a := x.o.Matcher.Attributes(v)
	p := page{document.NewDocument(v.ID)}
	p.filter(&a)
	p.facets(&a, v.EmployerKind)
	p.order(v)
	if a.Located {
		p.kept(fieldPoint, search.FormatPoint(a.Lat, a.Lon))
	}
	text := search.ReadText(x.o.Terms, v)
	p.terms(fieldTerm, slices.Concat(text.Levels[:]...)...)
	for level, field := range levels {
		p.terms(field, text.Levels[level]...)
	}
	p.aside(fieldPrints, prints(a.Terms))
	p.terms(fieldWord, text.Words...)
	return p.doc
}

// filter adds what a matcher.Filter looks at and nobody counts.
func (p page) filter(a *matcher.Attributes) {
	var all []string
	add := func(dimension string, values ...string) { all = append(all, facts(dimension, values...)...) }
	add(factScope, a.Scope)
	if a.Located {
		add(factCell, cellOf(a.Lat, a.Lon))
	}
	for mark, so := range map[string]bool{
		markOpen: a.Open, markAgency: a.Agency, markLocated: a.Located, markPayStated: a.PayStated,
	} {
		if so {
			add(factMark, mark)
		}
	}
	p.terms(fieldFact, all...)
	p.number(fieldActual, a.ActualTop)
	p.number(fieldHourly, a.HourlyTop)
	p.number(fieldHours, a.Hours)
}

// facets adds what the dimensions count.
func (p page) facets(a *matcher.Attributes, employer sendwatch.EmployerKind) {
	var all []string
	for _, d := range search.Counted(a, employer) {
		all = append(all, facts(d.Facet, d.Values...)...)
	}
	p.terms(fieldFacet, all...)
}

// facts writes the values of a dimension. An empty value is no value; it would
// count as one in a facet.
func facts(dimension string, values ...string) []string {
	var all []string
	for _, value := range values {
		if value != "" {
			all = append(all, fact(dimension, value))
		}
	}
	return all
}

// order adds what the orders compare: what is least comes first.
func (p page) order(v *sendwatch.Vacancy) {
	p.terms(fieldNewest, orderly(-float64(v.FirstSeen.UnixMilli()), true, v.ID))
	var closes float64
	if v.ClosesAt != nil {
		closes = float64(v.ClosesAt.UnixMilli())
	}
	p.terms(fieldCloses, orderly(closes, v.ClosesAt != nil, v.ID))
	pay, known := search.HourlyFigure(v)
	p.terms(fieldPay, orderly(-pay, known, v.ID))
	year, known := search.ActualFigure(v)
	p.terms(fieldYear, orderly(-year, known, v.ID))
}

// unknownLast begins the terms of unknown numbers. It comes after the first byte
// of every sortable one.
const unknownLast = "~"

// orderly writes a number so that the order of the texts is that of the numbers,
// unknown ones last, and of equal ones that of the ids. An order then needs one
// term of each hit; to read their ids besides took longer than all the rest.
func orderly(f float64, known bool, id string) string {
	if !known {
		return unknownLast + id
	}
	return sortable(f) + id
}

func (p page) number(field string, value *float64) {
	if value != nil {
		p.terms(field, sortable(*value))
	}
}

// sortable writes a number so that the order of the texts is the order of the
// numbers, and equal numbers are equal texts: minus nought is nought. All texts
// are of one length, and stand before the one that bleve sorts missing values by.
func sortable(f float64) string {
	return string(numeric.MustNewPrefixCodedInt64(numeric.Float64ToInt64(f+0), 0))
}
