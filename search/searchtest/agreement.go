package searchtest

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/search"
)

// population fills the index with generated vacancies and returns them.
func (d *desk) population(n int) []*sendwatch.Vacancy {
	d.Helper()
	g, err := NewGenerator(d.Kit, 20261121, 40)
	if err != nil {
		d.Fatal(err)
	}
	var vs []*sendwatch.Vacancy
	for i := range n {
		vs = append(vs, g.Vacancy(fmt.Sprintf("v%03d", i), 25))
	}
	// Several batches, and some vacancies twice, as in an index that has lived.
	d.put(vs[:n/2]...)
	d.put(vs[n/3:]...)
	d.put(vs[:n/4]...)
	return vs
}

// agreement holds that an index finds what matcher.Filter.Accepts accepts.
func agreement(d *desk) {
	vs := d.population(300)
	found := 0
	rapid.Check(d.T, func(t *rapid.T) {
		c := criteria().Draw(t, "criteria")
		f, err := d.Matcher.Compile(c)
		if err != nil {
			t.Fatalf("Compile: %v", err)
		}
		var want []string
		for _, v := range vs {
			if a := d.Matcher.Attributes(v); f.Accepts(&a) {
				want = append(want, v.ID)
			}
		}
		got, total := everything(t, d.index, search.Query{Filter: f, Words: c.Words})
		slices.Sort(got)
		if !slices.Equal(got, want) || total != len(want) {
			t.Fatalf("found %d: %v\nwant  %d: %v", total, got, len(want), want)
		}
		if len(want) > 0 {
			found++
		}
	})
	if found < 10 {
		d.Errorf("only %d of the generated criteria found anything: the test tests nothing", found)
	}
}

// agreementOfOrders holds that an order changes nothing but the order, that the
// order is the one its Sort promises, and that facets count what was found.
func agreementOfOrders(d *desk) {
	known := map[string]*sendwatch.Vacancy{}
	for _, v := range d.population(120) {
		known[v.ID] = v
	}
	rapid.Check(d.T, func(t *rapid.T) {
		c := criteria().Draw(t, "criteria")
		f, err := d.Matcher.Compile(c)
		if err != nil {
			t.Fatalf("Compile: %v", err)
		}
		want, _ := everything(t, d.index, search.Query{Filter: f, Words: c.Words, Sort: search.SortRelevance})
		for sort, key := range keys(&f) {
			if sort == search.SortDistance && len(f.Homes) == 0 {
				continue
			}
			slices.SortFunc(want, func(a, b string) int {
				return cmp.Or(cmp.Compare(key(known[a]), key(known[b])), strings.Compare(a, b))
			})
			q := search.Query{Filter: f, Words: c.Words, Sort: sort, Facets: search.Facets()}
			if got, _ := everything(t, d.index, q); !slices.Equal(got, want) {
				t.Fatalf("by %s: %v\nwant: %v", sort, got, want)
			}
			res, err := d.index.Search(t.Context(), q)
			if err != nil {
				t.Fatalf("Search: %v", err)
			}
			if diff := gocmp.Diff(d.facets(known, want), res.Facets); diff != "" {
				t.Fatalf("facets (-want +got):\n%s", diff)
			}
		}
	})
}

// keys gives, for each order that is not by score, what it compares: least first.
func keys(f *matcher.Filter) map[search.Sort]func(*sendwatch.Vacancy) float64 {
	return map[search.Sort]func(*sendwatch.Vacancy) float64{
		search.SortNewest: func(v *sendwatch.Vacancy) float64 { return -float64(v.FirstSeen.Unix()) },
		search.SortClosing: func(v *sendwatch.Vacancy) float64 {
			if v.ClosesAt == nil {
				return math.Inf(1)
			}
			return float64(v.ClosesAt.Unix())
		},
		search.SortPay: func(v *sendwatch.Vacancy) float64 {
			pay, known := search.HourlyFigure(v)
			if !known {
				return math.Inf(1)
			}
			return -pay
		},
		search.SortDistance: func(v *sendwatch.Vacancy) float64 {
			least := math.Inf(1)
			for _, h := range f.Homes {
				least = min(least, place.Miles(&place.Place{Lat: h.Lat, Lon: h.Lon}, v.Place))
			}
			return least
		},
	}
}

// facets counts every dimension of the vacancies found, as plainly as can be.
func (d *desk) facets(known map[string]*sendwatch.Vacancy, found []string) map[string][]search.Facet {
	counts := map[string]map[string]int{}
	for _, name := range search.Facets() {
		counts[name] = map[string]int{}
	}
	for _, id := range found {
		a := d.Matcher.Attributes(known[id])
		for name, values := range map[string][]string{
			search.FacetRole: a.Roles, search.FacetNeed: a.Needs, search.FacetSetting: {a.Setting},
			search.FacetPhase: a.Phases, search.FacetContract: {a.Contract}, search.FacetPattern: {a.Pattern},
			search.FacetEmployer: {string(known[id].EmployerKind)},
		} {
			for _, value := range values {
				counts[name][value]++
			}
		}
	}
	out := map[string][]search.Facet{}
	for name, values := range counts {
		out[name] = []search.Facet{}
		for value, n := range values {
			if value != "" {
				out[name] = append(out[name], search.Facet{Value: value, Count: n})
			}
		}
		slices.SortFunc(out[name], func(a, b search.Facet) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
		})
	}
	return out
}

// everything pages through a query.
func everything(t *rapid.T, x search.Index, q search.Query) (found []string, total int) {
	q.PerPage = 35
	for q.Page = 1; ; q.Page++ {
		res, err := x.Search(t.Context(), q)
		if err != nil {
			t.Fatalf("Search: %v", err)
		}
		if len(res.Hits) == 0 {
			return found, res.Total
		}
		found = append(found, ids(res.Hits)...)
	}
}

// criteria generates searches that use a few of the filters each.
func criteria() *rapid.Generator[sendwatch.Criteria] {
	return rapid.Custom(func(t *rapid.T) sendwatch.Criteria {
		var c sendwatch.Criteria
		list := func(name string, from []string) []string {
			return rapid.SliceOfNDistinct(rapid.SampledFrom(stated(from)), 1, 3, rapid.ID[string]).Draw(t, name)
		}
		for _, field := range rapid.SliceOfNDistinct(rapid.IntRange(0, 11), 0, 4, rapid.ID[int]).Draw(t, "fields") {
			switch field {
			case 0:
				c.Words = typed(t)
			case 1:
				c.Roles = list("roles", genRoles)
			case 2:
				c.Needs = list("needs", genNeeds)
			case 3:
				c.Settings = list("settings", genSettings)
			case 4:
				c.Phases = list("phases", genPhases)
			case 5:
				c.Contracts = list("contracts", genContracts)
			case 6:
				c.Patterns = list("patterns", genPatterns)
			case 7:
				c.MinActual = float64(rapid.IntRange(20, 45).Draw(t, "min_actual")) * 600
			case 8:
				c.MinHourly = float64(rapid.IntRange(20, 40).Draw(t, "min_hourly")) / 2
			case 9:
				c.StatedPayOnly = true
			case 10:
				c.Hours.Min, c.Hours.Max = bound(t, "least"), bound(t, "most")
			case 11:
				c.Refuses = list("refuses", append(strs(genDuties), "agency"))
			}
		}
		homes(t, &c)
		return c
	})
}

// typed is what somebody types.
func typed(t *rapid.T) string {
	var parts []string
	for range rapid.IntRange(1, 3).Draw(t, "words") {
		w := rapid.SampledFrom(genWords).Draw(t, "word")
		if rapid.IntRange(0, 4).Draw(t, "quoted") == 0 {
			w = `"` + w + " " + rapid.SampledFrom(genWords).Draw(t, "next") + `"`
		}
		if rapid.IntRange(0, 3).Draw(t, "excluded") == 0 {
			w = "-" + w
		}
		parts = append(parts, w)
	}
	return strings.Join(parts, " ")
}

func bound(t *rapid.T, name string) *float64 {
	if rapid.Bool().Draw(t, name+" open") {
		return nil
	}
	h := float64(rapid.IntRange(0, 16).Draw(t, name)) * 2.5
	return &h
}

// homes adds none, one or two places to search from.
func homes(t *rapid.T, c *sendwatch.Criteria) {
	miles := rapid.SampledFrom([]float64{0, 3, 10, 25, 60, 180, 500})
	switch rapid.IntRange(0, 4).Draw(t, "homes") {
	case 0:
		c.Near, c.WithinMiles = rapid.SampledFrom(genTowns).Draw(t, "near"), miles.Draw(t, "miles")
	case 1:
		for range 2 {
			c.Homes = append(c.Homes, sendwatch.Home{
				Near: rapid.SampledFrom(genTowns).Draw(t, "home"), WithinMiles: miles.Draw(t, "its miles"),
			})
		}
	}
}

func stated(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(s string) bool { return s == "" })
}

func strs(duties []sendwatch.Duty) []string {
	var out []string
	for _, d := range duties {
		out = append(out, string(d))
	}
	return out
}
