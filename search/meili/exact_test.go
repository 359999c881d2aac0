package meili_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/meilisearch/meilisearch-go"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/searchtest"
)

// These tests look where a server that is not ours could be a hair off.

// found gives the ids of all hits, in order.
func found(t *testing.T, x search.Index, q search.Query) []string {
	t.Helper()
	var ids []string
	for q.Page, q.PerPage = 1, 7; ; q.Page++ {
		res, err := x.Search(t.Context(), q)
		if err != nil {
			t.Fatalf("Search: %v", err)
		}
		if len(res.Hits) == 0 {
			if res.Total != len(ids) {
				t.Errorf("total %d, found %d", res.Total, len(ids))
			}
			return ids
		}
		for _, h := range res.Hits {
			ids = append(ids, h.ID)
		}
	}
}

// accepted gives the ids that a filter accepts, in the order of a key and then
// of the ids.
func accepted(t *testing.T, vs []*sendwatch.Vacancy, f *matcher.Filter, key func(*sendwatch.Vacancy) float64) []string {
	t.Helper()
	k := searchtest.NewKit(t)
	var kept []*sendwatch.Vacancy
	for _, v := range vs {
		if a := k.Matcher.Attributes(v); f.Accepts(&a) {
			kept = append(kept, v)
		}
	}
	slices.SortFunc(kept, func(a, b *sendwatch.Vacancy) int {
		if x, y := key(a), key(b); x != y {
			if x < y {
				return -1
			}
			return 1
		}
		return strings.Compare(a.ID, b.ID)
	})
	var ids []string
	for _, v := range kept {
		ids = append(ids, v.ID)
	}
	return ids
}

func distance(homes []matcher.Circle) func(*sendwatch.Vacancy) float64 {
	return func(v *sendwatch.Vacancy) float64 {
		least := math.Inf(1)
		for _, h := range homes {
			least = math.Min(least, place.Miles(&place.Place{Lat: h.Lat, Lon: h.Lon}, v.Place))
		}
		return least
	}
}

// TestTheRim puts vacancies within a few metres of a circle's rim, where the
// server's distances round otherwise than ours.
func TestTheRim(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		x := opened(t, options(t, s))
		leeds, bath := matcher.Circle{Lat: 53.7997, Lon: -1.5492}, matcher.Circle{Lat: 51.38, Lon: -2.36}
		vs := vacancies(t, 1, "v00", "v01", "v02", "v03", "v04", "v05", "v06", "v07", "v08", "v09", "v10", "v11",
			"v12", "v13", "v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "nowhere")
		for i, v := range vs {
			// Every 0.4 m along two lines; some in pairs at one point.
			step := float64(i/2*2-12) * 3.6e-6
			v.Place = &place.Place{Postcode: "ZZ1", Precision: place.Sector, Lat: leeds.Lat + 0.2 + step, Lon: leeds.Lon + 0.1}
			if i%4 > 1 {
				v.Place = &place.Place{Postcode: "ZZ1", Precision: place.Sector, Lat: bath.Lat + step, Lon: bath.Lon - 0.3}
			}
		}
		vs[len(vs)-1].Place = nil
		apply(t, x, search.Batch{Put: vs, Cursor: 1})
		north := place.Miles(&place.Place{Lat: leeds.Lat, Lon: leeds.Lon}, vs[12].Place)
		west := place.Miles(&place.Place{Lat: bath.Lat, Lon: bath.Lon}, vs[14].Place)
		some := 0
		for _, miles := range []float64{north, math.Nextafter(north, 0), math.Nextafter(north, 99), north - 1e-4, north + 1e-4, 0, -1} {
			leeds.Miles, bath.Miles = miles, west-(north-miles)
			for _, homes := range [][]matcher.Circle{{leeds}, {bath}, {leeds, bath}} {
				f := matcher.Filter{Homes: homes}
				newest := func(v *sendwatch.Vacancy) float64 { return -float64(v.FirstSeen.Unix()) }
				if got, want := found(t, x, search.Query{Filter: f, Sort: search.SortNewest}), accepted(t, vs, &f, newest); !slices.Equal(got, want) {
					t.Errorf("%v: found %v, want %v", homes, got, want)
				}
				got, want := found(t, x, search.Query{Filter: f, Sort: search.SortDistance, Facets: search.Facets()}), accepted(t, vs, &f, distance(homes))
				if !slices.Equal(got, want) {
					t.Errorf("%v, by distance: found %v, want %v", homes, got, want)
				}
				if len(want) > 0 && len(want) < len(vs)-1 {
					some++
				}
			}
		}
		if some < 10 {
			t.Errorf("only %d of the circles had vacancies on both sides: the test tests nothing", some)
		}
	})
}

// TestManyAtOnePoint pages through what lies equally far: such hits are in the
// order of their ids, across points and pages.
func TestManyAtOnePoint(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		x := opened(t, options(t, s))
		var ids []string
		for i := range 40 {
			ids = append(ids, fmt.Sprintf("v%02d", i*17%40))
		}
		vs := vacancies(t, 1, ids...)
		home := matcher.Circle{Lat: 53, Lon: -1, Miles: 100}
		for i, v := range vs {
			east := []float64{0.1, -0.1, 0.3, 0.2, 0.1}[i%5] // as far to the east as to the west
			v.Place = &place.Place{Postcode: "ZZ1", Precision: place.Sector, Lat: 53, Lon: -1 + east}
		}
		apply(t, x, search.Batch{Put: vs, Cursor: 1})
		for _, homes := range [][]matcher.Circle{{home}, {home, {Lat: 53, Lon: -0.7, Miles: 100}}} {
			f := matcher.Filter{Homes: homes}
			if got, want := found(t, x, search.Query{Filter: f, Sort: search.SortDistance}), accepted(t, vs, &f, distance(homes)); !slices.Equal(got, want) {
				t.Errorf("%v: found %v, want %v", homes, got, want)
			}
		}
	})
}

// TestFarPages holds that pages far behind are those that one long page would show.
func TestFarPages(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		x := opened(t, options(t, s))
		k := searchtest.NewKit(t)
		g, err := searchtest.NewGenerator(k, 5, 10)
		if err != nil {
			t.Fatal(err)
		}
		b := search.Batch{Cursor: 1}
		for i := range 420 {
			b.Put = append(b.Put, g.Vacancy(fmt.Sprintf("v%03d", i*61%420), 3))
		}
		apply(t, x, b)
		for name, f := range map[string]matcher.Filter{"all": {}, "near": {Homes: []matcher.Circle{{Lat: 53.8, Lon: -1.5, Miles: 3000}, {Lat: 53.8, Lon: -1.5, Miles: 1}}}} {
			for sort, key := range map[search.Sort]func(*sendwatch.Vacancy) float64{
				search.SortNewest: func(v *sendwatch.Vacancy) float64 { return -float64(v.FirstSeen.Unix()) },
				search.SortClosing: func(v *sendwatch.Vacancy) float64 {
					if v.ClosesAt == nil {
						return math.Inf(1)
					}
					return float64(v.ClosesAt.Unix())
				},
				search.SortPay: func(v *sendwatch.Vacancy) float64 {
					if pay, known := search.HourlyFigure(v); known {
						return -pay
					}
					return math.Inf(1)
				},
			} {
				got, want := found(t, x, search.Query{Filter: f, Sort: sort}), accepted(t, b.Put, &f, key)
				if !slices.Equal(got, want) || len(want) < 250 {
					t.Errorf("%s by %s: found %v\nwant %v", name, sort, got, want)
				}
				near, err1 := x.Search(t.Context(), search.Query{Filter: f, Sort: sort, Facets: search.Facets()})
				far, err2 := x.Search(t.Context(), search.Query{Filter: f, Sort: sort, Facets: search.Facets(), Page: 12})
				if fmt.Sprint(near.Facets) != fmt.Sprint(far.Facets) || near.Total != far.Total || err1 != nil || err2 != nil {
					t.Errorf("%s by %s: facets %v (%v)\nfar behind %v (%v)", name, sort, near.Facets, err1, far.Facets, err2)
				}
			}
		}
	})
}

// TestNumbers compares numbers that differ in their last bit.
func TestNumbers(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		x := opened(t, options(t, s))
		figures := []float64{
			math.Nextafter(13.33, 0), 13.33, math.Nextafter(13.33, 99), 13, math.Nextafter(13, 0), 0.1 + 0.2, 0.3,
			// Meilisearch 1.50 reads the first of these as the second, and the third as the last.
			math.Nextafter(10.05, 0), 10.05, math.Nextafter(10.1, 99), 10.1,
			16000.01, math.Nextafter(16000.01, 0), 9007199254740993, 1e15, 0, math.Copysign(0, -1),
		}
		var ids []string
		for i := range figures {
			ids = append(ids, fmt.Sprintf("v%02d", i))
		}
		vs := vacancies(t, 1, ids...)
		for i, v := range vs {
			v.Pay = pay.Offer{HoursPerWeek: &figures[i]}
			v.Pay.Comparable.Hourly = &pay.Figure{Max: &figures[i]}
			v.Pay.Comparable.ActualAnnual = &pay.Figure{Max: &figures[i]}
		}
		apply(t, x, search.Batch{Put: vs, Cursor: 1})
		highest := func(v *sendwatch.Vacancy) float64 { return -*v.Pay.Comparable.Hourly.Max }
		for _, bound := range []float64{13.33, 13, 0.3, 10.05, 10.1, 16000.01, 1e15, 12.5} {
			for name, f := range map[string]matcher.Filter{
				"hourly": {MinHourly: bound}, "a year": {MinActual: bound},
				"hours at least": {Hours: sendwatch.Range{Min: &bound}}, "hours at most": {Hours: sendwatch.Range{Max: &bound}},
			} {
				if got, want := found(t, x, search.Query{Filter: f, Sort: search.SortPay}), accepted(t, vs, &f, highest); !slices.Equal(got, want) {
					t.Errorf("%s, %v: found %v, want %v", name, bound, got, want)
				}
			}
		}
	})
}

// TestAnEndlessText holds that a vacancy is found by each of its words in every
// order, even by those beyond what the server reads of one attribute.
func TestAnEndlessText(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		x := opened(t, options(t, s))
		v := vacancies(t, 1, "endless")[0]
		for i := range 70_000 {
			v.Terms = append(v.Terms, fmt.Sprintf("w%05d", i))
		}
		slices.Sort(v.Terms)
		apply(t, x, search.Batch{Put: []*sendwatch.Vacancy{v}, Cursor: 1})
		for _, term := range []string{"w00000", "w40000", "w65535", "w69999"} {
			f := matcher.Filter{All: []string{term, "assist"}}
			if got := found(t, x, search.Query{Filter: f, Sort: search.SortRelevance}); len(got) != 1 {
				t.Errorf("by %s: found %v", term, got)
			}
		}
	})
}

// TestSynonymsTouchNothing takes the synonyms away: people who search the
// readable attributes then find less, and our own searches find the same.
func TestSynonymsTouchNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		x := opened(t, options(t, s))
		k := searchtest.NewKit(t)
		g, err := searchtest.NewGenerator(k, 3, 30)
		if err != nil {
			t.Fatal(err)
		}
		b := search.Batch{Cursor: 1}
		for i := range 60 {
			b.Put = append(b.Put, g.Vacancy(fmt.Sprintf("v%02d", i), 30))
		}
		apply(t, x, b)
		client := raw(t, s).Index(x.UID())
		ask := func() (ours []search.Result, theirs int64) {
			for _, words := range []string{"TA", "teaching assistant", `"teaching assistant" support`, "higher level teaching assistant", "autism -mentor", "behaviour mentor school pupils"} {
				f, err := k.Matcher.Compile(sendwatch.Criteria{Words: words})
				if err != nil {
					t.Fatal(err)
				}
				res, err := x.Search(t.Context(), search.Query{Filter: f, Words: words, PerPage: 100, Facets: search.Facets()})
				if err != nil {
					t.Fatal(err)
				}
				ours = append(ours, res)
			}
			res, err := client.SearchWithContext(t.Context(), "HLTA", &meilisearch.SearchRequest{
				HitsPerPage: new(int64), AttributesToSearchOn: []string{"title"},
			})
			if err != nil {
				t.Fatal(err)
			}
			return ours, res.TotalHits
		}
		with, many := ask()
		info, err := client.ResetSynonymsWithContext(t.Context())
		done(t, raw(t, s), info, err)
		without, few := ask()
		for i := range with {
			if fmt.Sprint(with[i]) != fmt.Sprint(without[i]) || with[i].Total == 0 {
				t.Errorf("search %d finds %v with synonyms and %v without", i, with[i], without[i])
			}
		}
		if many == 0 || few != 0 {
			t.Errorf("an adviser who asks for HLTA finds %d with synonyms and %d without, want some and none", many, few)
		}
	})
}

// TestTheCursorIsNoVacancy holds that nobody who asks for vacancies gets it.
func TestTheCursorIsNoVacancy(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		x := opened(t, options(t, s))
		apply(t, x, search.Batch{Put: vacancies(t, 1, "a"), Cursor: 3})
		for _, sort := range search.Sorts() {
			f := matcher.Filter{}
			if sort == search.SortDistance {
				f.Homes = []matcher.Circle{{Miles: 1e9}}
			}
			if got := found(t, x, search.Query{Filter: f, Sort: sort}); len(got) > 1 || len(got) == 1 && got[0] != "a" {
				t.Errorf("by %s: %v", sort, got)
			}
		}
		stands(t, x, 1, 3)
		words, err := x.Vocabulary(t.Context())
		if _, ok := words["cursor"]; ok || err != nil {
			t.Errorf("the vocabulary has the cursor (%v)", err)
		}
	})
}
