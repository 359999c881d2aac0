package meili

import (
	"encoding/json"
	"math"
	"strings"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/search"
)

// document lays a vacancy out in the attributes of the layout. Whatever is not
// known is left out: the server orders it last and finds it in no range.
type document map[string]any

func (x *Index) document(v *sendwatch.Vacancy) (d document, words []string) {
	a := x.o.Matcher.Attributes(v)
	text := search.ReadText(x.o.Terms, v)
	d = document{attrID: v.ID}
	d.filtered(&a)
	d.counted(&a, v.EmployerKind)
	d.ordered(v)
	d.ranked(text)
	d.readable(v)
	d.put(attrWord, text.Words)
	return d, text.Words
}

// put adds a list, unless it is empty.
func (d document) put(attribute string, list []string) {
	if len(list) > 0 {
		d[attribute] = list
	}
}

// number adds a number, unless it is not known or the server knows none such.
func (d document) number(attribute string, x *float64, write func(float64) string) {
	if x != nil && math.Abs(*x) < endless {
		d[attribute] = json.Number(write(*x))
	}
}

// filtered adds what a matcher.Filter looks at and nobody counts.
func (d document) filtered(a *matcher.Attributes) {
	placed := a.Located && math.Abs(a.Lat) <= 90 && math.Abs(a.Lon) <= 180
	marks := []string{markVacancy}
	for _, m := range []struct {
		mark string
		so   bool
	}{
		{markOpen, a.Open}, {markAgency, a.Agency}, {markLocated, placed}, {markPayStated, a.PayStated},
	} {
		if m.so {
			marks = append(marks, m.mark)
		}
	}
	d.put(attrMark, marks)
	d.put(attrScope, values(a.Scope))
	single, prints := split(a.Terms)
	d.put(attrTerm, tokens(single))
	if len(prints) > 0 {
		d[attrPrint] = prints
	}
	if placed {
		// The server would refuse the whole batch for a place that is none.
		d[attrPoint] = search.FormatPoint(a.Lat, a.Lon)
		d[attrGeo] = map[string]float64{"lat": a.Lat, "lng": a.Lon}
	}
	d.number(attrActual, a.ActualTop, atMost)
	d.number(attrHourly, a.HourlyTop, atMost)
	d.number(attrHours, a.Hours, atMost)
	d.number(attrHoursMost, a.Hours, atLeast)
}

// counted adds what the dimensions count.
func (d document) counted(a *matcher.Attributes, employer sendwatch.EmployerKind) {
	for _, one := range search.Counted(a, employer) {
		d.put(one.Facet, values(one.Values...))
	}
}

// ordered adds what the orders compare.
func (d document) ordered(v *sendwatch.Vacancy) {
	d[attrSeen] = v.FirstSeen.UnixMilli()
	if v.ClosesAt != nil {
		d[attrCloses] = v.ClosesAt.UnixMilli()
		d[attrClosesOn] = v.ClosesAt.UTC().Format(time.DateOnly)
	}
	if pay, ok := search.HourlyFigure(v); ok {
		d[attrPayOrder] = sortable(pay)
	}
	if year, ok := search.ActualFigure(v); ok {
		d[attrYearOrder] = sortable(year)
	}
}

// maxPositions is how many tokens of one attribute the server reads at most, a
// little less than the 65,535 it promises.
const maxPositions = 65_000

// ranked adds the tokens of each level. What a level cannot hold, of a text that
// nobody would read, stands one level better, so that it is found all the same.
func (d document) ranked(text search.Text) {
	var over []string
	for level := search.Levels - 1; level >= 0; level-- {
		all := append(over, tokens(text.Levels[level])...)
		n := min(len(all), maxPositions)
		if n > 0 {
			d[attrLevels[level]] = strings.Join(all[:n], " ")
		}
		over = all[n:]
	}
}

// readable adds what people read who ask the server themselves.
func (d document) readable(v *sendwatch.Vacancy) {
	d[attrTitle] = v.Title
	d[attrPay] = v.Pay.Say().Headline
	for attribute, s := range map[string]string{attrEmployer: v.Employer, attrClient: v.Client, attrLocation: v.Location, attrURL: address(v)} {
		if s != "" {
			d[attribute] = s
		}
	}
}

// address is where the vacancy can be read: at its first open sighting, or else
// its first.
func address(v *sendwatch.Vacancy) string {
	for _, s := range v.Sightings {
		if s.Open && s.URL != "" {
			return s.URL
		}
	}
	if len(v.Sightings) > 0 {
		return v.Sightings[0].URL
	}
	return ""
}

// depth adds up the levels at which a hit holds the ranked terms. What stands at
// none of the levels that a hit comes with stands at the last one.
func depth(h *hit, ranked []string) int {
	sum := 0
	for _, term := range ranked {
		at := int(search.Mentioned)
		t := token(term)
		for level, text := range []string{h.Title, h.Name, h.Throughout} {
			if holds(text, t) {
				at = level
				break
			}
		}
		sum += at
	}
	return sum
}

// holds reports whether a list of words that spaces divide has the word.
func holds(words, word string) bool {
	for w := range strings.SplitSeq(words, " ") {
		if w == word {
			return true
		}
	}
	return false
}
