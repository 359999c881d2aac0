package embedded

import (
	"bytes"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/numeric"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/search"
)

// page is a document in the making.
type page struct{ doc *document.Document }

// document lays a vacancy out in the fields of the schema.
func (x *Index) document(v *sendwatch.Vacancy) *document.Document {
	a := x.o.Matcher.Attributes(v)
	p := page{document.NewDocument(v.ID)}
	p.filter(&a)
	p.place(&a)
	p.order(v)
	p.facets(&a, v.EmployerKind)

	where := []string{v.Employer, v.Location}
	if v.Place != nil {
		where = append(where, v.Place.Name)
	}
	p.terms(fieldTitle, x.o.Terms.Document(v.Title)...)
	p.terms(fieldWhere, x.o.Terms.Document(where...)...)
	p.terms(fieldTerm, x.weighed(a.Terms, v.Body)...)

	var words []string
	for _, text := range append(where, v.Title, v.Body) {
		words = append(words, x.o.Terms.Words(text)...)
	}
	slices.Sort(words)
	p.terms(fieldWord, slices.Compact(words)...)
	return p.doc
}

// weighed returns the terms, each once and once more for every line of the text
// that has it: how often a term is spoken of ranks, and only the terms given
// are ever found.
func (x *Index) weighed(given []string, text string) []string {
	out := slices.Clone(given)
	for line := range strings.Lines(text) {
		for _, term := range x.o.Terms.Document(line) {
			if _, ok := slices.BinarySearch(given, term); ok {
				out = append(out, term)
			}
		}
	}
	return out
}

// filter adds what a matcher.Filter looks at, all but the place.
func (p page) filter(a *matcher.Attributes) {
	p.terms(fieldRole, a.Roles...)
	p.terms(fieldNeed, a.Needs...)
	p.terms(fieldPhase, a.Phases...)
	p.terms(fieldDuty, a.Duties...)
	p.terms(fieldSetting, a.Setting)
	p.terms(fieldContract, a.Contract)
	p.terms(fieldPattern, a.Pattern)
	p.terms(fieldKind, a.Kind)
	p.terms(fieldScope, a.Scope)
	p.number(fieldActual, a.ActualTop)
	p.number(fieldHourly, a.HourlyTop)
	p.number(fieldHours, a.Hours)
	p.mark(markOpen, a.Open)
	p.mark(markAgency, a.Agency)
	p.mark(markLocated, a.Located)
	p.mark(markActualKnown, a.ActualKnown)
	p.mark(markHourlyKnown, a.HourlyKnown)
	p.mark(markPayStated, a.PayStated)
}

// place adds where the work is, when distance to it means anything.
func (p page) place(a *matcher.Attributes) {
	if !a.Located {
		return
	}
	p.terms(fieldCell, cellOf(a.Lat, a.Lon))
	p.terms(fieldPoint, formatPoint(a.Lat, a.Lon))
}

// facets adds what the dimensions count.
func (p page) facets(a *matcher.Attributes, employer sendwatch.EmployerKind) {
	var all []string
	add := func(dimension string, values ...string) {
		for _, value := range values {
			if value != "" {
				all = append(all, facetTerm(dimension, value))
			}
		}
	}
	add(search.FacetRole, a.Roles...)
	add(search.FacetNeed, a.Needs...)
	add(search.FacetPhase, a.Phases...)
	add(search.FacetSetting, a.Setting)
	add(search.FacetContract, a.Contract)
	add(search.FacetPattern, a.Pattern)
	add(search.FacetEmployer, string(employer))
	p.terms(fieldFacet, all...)
}

// order adds what the orders compare.
func (p page) order(v *sendwatch.Vacancy) {
	p.terms(fieldSeen, sortable(float64(v.FirstSeen.UnixMilli())))
	if v.ClosesAt != nil {
		p.terms(fieldCloses, sortable(float64(v.ClosesAt.UnixMilli())))
	}
	if pay, ok := search.HourlyFigure(v); ok {
		p.terms(fieldPay, sortable(pay))
	}
}

// terms adds values as they stand. All of them make one field, since bleve pays
// for each field more than for each term.
func (p page) terms(field string, values ...string) {
	if joined := strings.Join(values, separator); joined != "" {
		p.doc.AddField(document.NewTextFieldCustom(field, nil, []byte(joined), schema[field], verbatim{}))
	}
}

// separator stands between the values of a field and in none of them.
const separator = "\n"

// verbatim is the analysis that changes nothing: one token for each value. An
// empty value is no value; it would count as one in a facet.
type verbatim struct{}

// Analyze takes the values apart.
func (verbatim) Analyze(values []byte) analysis.TokenStream {
	var tokens analysis.TokenStream
	for value := range bytes.SplitSeq(values, []byte(separator)) {
		if len(value) > 0 {
			tokens = append(tokens, &analysis.Token{Term: value, Position: len(tokens) + 1})
		}
	}
	return tokens
}

func (p page) number(field string, value *float64) {
	if value != nil {
		p.doc.AddField(document.NewNumericFieldWithIndexingOptions(field, nil, *value, schema[field]))
	}
}

func (p page) mark(mark string, so bool) {
	if so {
		p.terms(fieldMark, mark)
	}
}

// sortable writes a number so that the order of the texts is the order of the
// numbers. It stands between the texts that bleve sorts missing values by.
func sortable(f float64) string {
	return string(numeric.MustNewPrefixCodedInt64(numeric.Float64ToInt64(f), 0))
}
