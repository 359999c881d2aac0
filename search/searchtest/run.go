package searchtest

import (
	"slices"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
)

// Run runs the suite against the engine that open opens. Each call of open
// gives a new, empty index over the Kit, and closes it when its test ends.
func Run(t *testing.T, open func(t *testing.T) search.Index) {
	for name, test := range map[string]func(*desk){
		"empty index":                empty,
		"words":                      words,
		"relevance":                  relevance,
		"more words than rank":       manyWords,
		"phrases in time":            phrases,
		"corrected words":            corrected,
		"vocabulary":                 vocabularies,
		"hostile words":              hostile,
		"lists":                      lists,
		"scope and state":            scopes,
		"pay":                        pays,
		"hours":                      workingHours,
		"refusals":                   refusals,
		"facts":                      facts,
		"radius":                     radius,
		"facets":                     facets,
		"orders":                     orders,
		"order without home":         homeless,
		"distance":                   distance,
		"pages":                      pages,
		"wholes":                     wholes,
		"bad queries":                badQueries,
		"relaxations":                relaxations,
		"updates and deletes":        updates,
		"cursor":                     cursor,
		"large batch":                largeBatch,
		"reset":                      reset,
		"indexer":                    indexer,
		"indexer stands elsewhere":   moved,
		"rebuild":                    rebuild,
		"rebuild cut short":          rebuildCutShort,
		"rebuild unseen":             rebuildUnseen,
		"renewals":                   renewals,
		"renewals left":              renewalsLeft,
		"indexer fills":              indexerFills,
		"cancelled":                  cancelled,
		"asking while writing":       concurrent,
		"agreement with the matcher": agreement,
		"orders and facets agree":    agreementOfOrders,
	} {
		t.Run(name, func(t *testing.T) { test(newDesk(t, open(t))) })
	}
}

// desk is where one test asks one index.
type desk struct {
	*testing.T
	Kit
	index   search.Index
	service *search.Service
	cursor  int64
}

func newDesk(t *testing.T, x search.Index) *desk {
	k := NewKit(t)
	return &desk{T: t, Kit: k, index: x, service: search.NewService(search.ServiceOptions{Index: x, Matcher: k.Matcher, Terms: k.Terms})}
}

// put adds vacancies.
func (d *desk) put(vs ...*sendwatch.Vacancy) {
	d.Helper()
	d.apply(search.Batch{Put: vs})
}

// remove deletes vacancies.
func (d *desk) remove(ids ...string) {
	d.Helper()
	d.apply(search.Batch{Delete: ids})
}

func (d *desk) apply(b search.Batch) {
	d.Helper()
	d.cursor++
	b.Cursor = d.cursor
	if err := d.index.Apply(d.Context(), b); err != nil {
		d.Fatalf("Apply: %v", err)
	}
}

// ask asks the service, and fails the test when it is refused.
func (d *desk) ask(r search.Request) search.Answer {
	d.Helper()
	a, err := d.service.Search(d.Context(), r)
	if err != nil {
		d.Fatalf("Search(%+v): %v", r, err)
	}
	if len(a.Hits) > a.Total {
		d.Errorf("Search(%+v): %d hits of %d", r, len(a.Hits), a.Total)
	}
	return a
}

// finds checks which vacancies criteria find, in whatever order.
func (d *desk) finds(name string, c sendwatch.Criteria, want ...string) {
	d.Helper()
	a := d.ask(search.Request{Criteria: c, PerPage: search.MaxPerPage})
	got := ids(a.Hits)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		d.Errorf("%s: found [%s], want [%s]", name, strings.Join(got, " "), strings.Join(want, " "))
	}
	if a.Total != len(want) {
		d.Errorf("%s: total %d, want %d", name, a.Total, len(want))
	}
}

// order checks which vacancies a request finds and in which order.
func (d *desk) order(name string, r search.Request, want ...string) {
	d.Helper()
	if got := ids(d.ask(r).Hits); !slices.Equal(got, want) {
		d.Errorf("%s: found [%s], want [%s]", name, strings.Join(got, " "), strings.Join(want, " "))
	}
}

// count checks how many vacancies the index holds.
func (d *desk) count(want int) {
	d.Helper()
	got, err := d.index.Count(d.Context())
	if err != nil || got != want {
		d.Errorf("Count: %d, %v, want %d", got, err, want)
	}
}

// stands checks where the index stands in the change log.
func (d *desk) stands(want int64) {
	d.Helper()
	got, err := d.index.Cursor(d.Context())
	if err != nil || got != want {
		d.Errorf("Cursor: %d, %v, want %d", got, err, want)
	}
}

func ids(hits []search.Hit) []string {
	out := make([]string, len(hits))
	for i, h := range hits {
		out[i] = h.ID
	}
	return out
}
