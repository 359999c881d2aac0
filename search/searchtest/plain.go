package searchtest

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/search"
)

// plain says what an engine must answer, as plainly as can be: by looking at
// every vacancy.
type plain struct {
	vacancies  map[string]*sendwatch.Vacancy
	attributes map[string]matcher.Attributes
	texts      map[string]search.Text
}

func newPlain(k Kit, vs []*sendwatch.Vacancy) *plain {
	p := &plain{
		vacancies:  make(map[string]*sendwatch.Vacancy),
		attributes: make(map[string]matcher.Attributes),
		texts:      make(map[string]search.Text),
	}
	for _, v := range vs {
		p.vacancies[v.ID] = v
		p.attributes[v.ID] = k.Matcher.Attributes(v)
		p.texts[v.ID] = search.ReadText(k.Terms, v)
	}
	return p
}

// accepted are the ids that a filter accepts, sorted.
func (p *plain) accepted(f *matcher.Filter) []string {
	var out []string
	for id, a := range p.attributes {
		if f.Accepts(&a) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// level is where a vacancy speaks of a term; one that it does not hold lies
// below all levels.
func (p *plain) level(id, term string) search.Level {
	for level, terms := range p.texts[id].Levels {
		if slices.Contains(terms, term) {
			return search.Level(level)
		}
	}
	return search.Level(search.Levels)
}

func (p *plain) depth(id string, ranked []string) int {
	depth := 0
	for _, term := range ranked {
		depth += int(p.level(id, term))
	}
	return depth
}

// score is what a hit's Score must be.
func (p *plain) score(id string, f *matcher.Filter, sort search.Sort) float64 {
	ranked := search.Ranked(f)
	if sort != search.SortRelevance || len(ranked) == 0 {
		return 0
	}
	return search.Score(len(ranked), p.depth(id, ranked))
}

// ordered puts ids in the order that a Sort promises.
func (p *plain) ordered(found []string, f *matcher.Filter, sort search.Sort) []string {
	key := p.keys(f)[sort]
	return slices.SortedFunc(slices.Values(found), func(a, b string) int {
		return cmp.Or(slices.Compare(key(p.vacancies[a]), key(p.vacancies[b])), strings.Compare(a, b))
	})
}

// keys gives for each order what it compares, least first.
func (p *plain) keys(f *matcher.Filter) map[search.Sort]func(*sendwatch.Vacancy) []float64 {
	ranked := search.Ranked(f)
	age := func(v *sendwatch.Vacancy) float64 { return -float64(v.FirstSeen.UnixMilli()) }
	return map[search.Sort]func(*sendwatch.Vacancy) []float64{
		search.SortRelevance: func(v *sendwatch.Vacancy) []float64 {
			return []float64{float64(p.depth(v.ID, ranked)), age(v)}
		},
		search.SortNewest: func(v *sendwatch.Vacancy) []float64 { return []float64{age(v)} },
		search.SortClosing: func(v *sendwatch.Vacancy) []float64 {
			if v.ClosesAt == nil {
				return []float64{math.Inf(1)}
			}
			return []float64{float64(v.ClosesAt.UnixMilli())}
		},
		search.SortPay: func(v *sendwatch.Vacancy) []float64 {
			pay, known := search.HourlyFigure(v)
			if !known {
				return []float64{math.Inf(1)}
			}
			return []float64{-pay}
		},
		search.SortActual: func(v *sendwatch.Vacancy) []float64 {
			year, known := search.ActualFigure(v)
			if !known {
				return []float64{math.Inf(1)}
			}
			return []float64{-year}
		},
		search.SortDistance: func(v *sendwatch.Vacancy) []float64 { return []float64{nearest(f.Homes, v)} },
	}
}

// nearest is how many miles a vacancy is from the nearest home.
func nearest(homes []matcher.Circle, v *sendwatch.Vacancy) float64 {
	least := math.Inf(1)
	for _, h := range homes {
		least = min(least, place.Miles(&place.Place{Lat: h.Lat, Lon: h.Lon}, v.Place))
	}
	return least
}

// miles is what a hit's Miles must be.
func (p *plain) miles(id string, homes []matcher.Circle) *float64 {
	if len(homes) == 0 || !p.attributes[id].Located {
		return nil
	}
	least := nearest(homes, p.vacancies[id])
	return &least
}

// facets counts every dimension of the vacancies found.
func (p *plain) facets(found []string) map[string][]search.Facet {
	counts := make(map[string]map[string]int)
	for _, name := range search.Facets() {
		counts[name] = make(map[string]int)
	}
	for _, id := range found {
		a := p.attributes[id]
		for name, values := range map[string][]string{
			search.FacetRole: a.Roles, search.FacetNeed: a.Needs, search.FacetSetting: {a.Setting},
			search.FacetPhase: a.Phases, search.FacetContract: {a.Contract}, search.FacetPattern: {a.Pattern},
			search.FacetEmployer: {string(p.vacancies[id].EmployerKind)},
			search.FacetSupport:  a.Support, search.FacetEntry: {a.Entry}, search.FacetDriver: {a.Driver},
			search.FacetPaidBy: {a.PaidBy}, search.FacetKind: {a.Kind}, search.FacetDuty: a.Duties,
		} {
			for _, value := range values {
				counts[name][value]++
			}
		}
	}
	out := make(map[string][]search.Facet)
	for name, values := range counts {
		out[name] = sortedFacets(values)
	}
	return out
}

// sortedFacets puts the most frequent first. An empty value is none.
func sortedFacets(counts map[string]int) []search.Facet {
	out := []search.Facet{}
	for value, n := range counts {
		if value != "" {
			out = append(out, search.Facet{Value: value, Count: n})
		}
	}
	slices.SortFunc(out, func(a, b search.Facet) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
	})
	return out
}
