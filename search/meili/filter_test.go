package meili

import (
	"context"
	"crypto/rand"
	"math"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/internal/meilitest"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/searchtest"
)

func TestConditions(t *testing.T) {
	f := func(x float64) *float64 { return &x }
	always := []string{`mark = "open"`, `scope = "in"`, `kind IN ["vacancy", "pool"]`}
	for _, test := range []struct {
		name   string
		filter matcher.Filter
		want   []string
	}{
		{"nothing", matcher.Filter{}, nil},
		{"words", matcher.Filter{All: []string{"autism", "#ta", "small group"}, None: []string{"a b", "a"}},
			[]string{`term = "zqautism"`, `term = "zqzcdta"`, `print = "4677480759502219"`, `term NOT IN ["zqa"]`, `print NOT IN ["7051233585351597"]`}},
		{"lists", matcher.Filter{Roles: []string{"ta", "hlta"}, Settings: []string{"ap-pru"}, Contracts: []string{`in" OR mark = "x`}},
			[]string{`role IN ["ta", "hlta"]`, `setting IN ["ap-pru"]`, `contract IN ["=696e22204f52206d61726b203d202278"]`}},
		{"floors", matcher.Filter{MinActual: 16000.01, MinHourly: 13, StatedPayOnly: true},
			[]string{`NOT actual < 16000.01`, `NOT hourly < 13`, `mark = "pay-stated"`}},
		{"hours", matcher.Filter{Hours: sendwatch.Range{Min: f(20), Max: f(32.5)}}, []string{`NOT hours < 20`, `NOT hours_most > 32.5`}},
		{"endless bounds", matcher.Filter{MinActual: math.Inf(1), MinHourly: math.Inf(-1), Hours: sendwatch.Range{Min: f(math.Inf(1)), Max: f(math.Inf(1))}},
			[]string{`actual NOT EXISTS`, `hours NOT EXISTS`}},
		{"refusals", matcher.Filter{RefuseAgency: true, RefuseDuties: []string{"driving"}}, []string{`mark NOT IN ["agency"]`, `duty NOT IN ["driving"]`}},
	} {
		if got, want := conditions(&test.filter), slices.Concat(always, test.want); !slices.Equal(got, want) {
			t.Errorf("%s: %q\nwant %q", test.name, got, want)
		}
	}
}

func TestCircles(t *testing.T) {
	leeds, bath := matcher.Circle{Lat: 53.8, Lon: -1.5, Miles: 10}, matcher.Circle{Lat: 51.4, Lon: -2.4, Miles: 1e9}
	nowhere, point := matcher.Circle{Lat: 53.8, Lon: -1.5, Miles: -1}, matcher.Circle{Lat: 53.8, Lon: -1.5}
	for _, test := range []struct {
		name  string
		homes []matcher.Circle
		near  []string
		rims  int
	}{
		{"a circle", []matcher.Circle{leeds}, []string{"_geoRadius(53.8, -1.5, 16094.43"}, 2},
		{"wider than the world", []matcher.Circle{bath}, []string{`mark = "located"`}, 0},
		{"one of them wider than the world", []matcher.Circle{bath, leeds}, []string{`mark = "located" OR _geoRadius(`}, 2},
		{"a point", []matcher.Circle{point}, []string{"_geoRadius(53.8, -1.5, 1)"}, 1},
		{"off the map", []matcher.Circle{{Lat: 91, Miles: 3}}, []string{`mark = "located"`}, 1},
		{"nowhere", []matcher.Circle{nowhere}, []string{`mark NOT IN ["located"]`, `mark = "located"`}, 0},
	} {
		got, rim := located(test.homes, nil), rim(test.homes)
		if len(got) != len(test.near) || len(rim) != test.rims {
			t.Errorf("%s: %q, the rim %q", test.name, got, rim)
			continue
		}
		for i, want := range test.near {
			if !strings.HasPrefix(got[i], want) {
				t.Errorf("%s: %q, want %q", test.name, got[i], want)
			}
		}
	}
}

// odd is what a hostile caller puts in a filter.
type odd struct {
	term, id                      string
	floor, hours, lat, lon, miles float64
}

var oddities = []odd{
	{"autism", "ta", 16000.01, 20, 53.8, -1.5, 10},
	{`" OR mark = "open`, `] AND NOT [`, math.Inf(1), -1e-7, 90, 180, 1e300},
	{"_geoRadius(1,2,3)", "IN", 1e21, math.Inf(-1), math.Copysign(0, -1), 1e-9, -5},
	{`\`, `\"'`, math.MaxFloat64, math.SmallestNonzeroFloat64, 91, -181, math.Inf(1)},
	{strings.Repeat("a ", 300), strings.Repeat("é", 300), -1, 1e15, -90, -180, 12450},
}

// nothing holds that an empty index answers, whatever stands in a filter.
func (o *odd) nothing(t *testing.T, x *Index) {
	t.Helper()
	list := []string{o.id, o.term}
	q := search.Query{Page: 1, PerPage: 1, Facets: search.Facets(), Filter: matcher.Filter{
		All: []string{o.term}, None: []string{o.id, o.term + " " + o.id},
		Roles: list, Needs: list, Settings: list, Phases: list, Contracts: list, Patterns: list,
		MinActual: o.floor, MinHourly: o.hours, Hours: sendwatch.Range{Min: &o.hours, Max: &o.floor},
		RefuseAgency: true, RefuseDuties: list,
		Homes: []matcher.Circle{{Lat: o.lat, Lon: o.lon, Miles: o.miles}, {Lat: o.lon, Lon: o.lat, Miles: o.hours}},
	}}
	for _, q.Sort = range search.Sorts() {
		if _, bad := q.Normalised(); bad != nil {
			continue // not a number
		}
		if res, err := x.Search(t.Context(), q); err != nil || res.Total != 0 {
			t.Fatalf("by %s: %d found, %v", q.Sort, res.Total, err)
		}
	}
}

// emptied opens an empty index.
func emptied(t testing.TB, url, key string) *Index {
	t.Helper()
	k := searchtest.NewKit(t)
	x, err := Open(t.Context(), Options{
		URL: url, Key: key, Name: "test-" + strings.ToLower(rand.Text()), Matcher: k.Matcher, Terms: k.Terms, Now: time.Now, Timeout: time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.drop(context.Background(), x.uid); err != nil {
			t.Error(err)
		}
		_ = x.Close()
	})
	if err := x.Apply(t.Context(), search.Batch{Cursor: 1}); err != nil {
		t.Fatal(err)
	}
	return x
}

// FuzzFilter holds that there is nothing that the server cannot read in what is
// written of a filter.
func FuzzFilter(f *testing.F) {
	fake := meilitest.Start(f, meilitest.Options{})
	x := emptied(f, fake.URL(), fake.Key())
	for _, o := range oddities {
		f.Add(o.term, o.id, o.floor, o.hours, o.lat, o.lon, o.miles)
	}
	f.Fuzz(func(t *testing.T, term, id string, floor, hours, lat, lon, miles float64) {
		o := odd{term, id, floor, hours, lat, lon, miles}
		o.nothing(t, x)
	})
}

func TestOddFiltersOfARealServer(t *testing.T) {
	url := os.Getenv("TEST_MEILISEARCH_URL")
	if url == "" {
		t.Skip("TEST_MEILISEARCH_URL names no Meilisearch server")
	}
	x := emptied(t, url, os.Getenv("TEST_MEILISEARCH_KEY"))
	for i := range oddities {
		oddities[i].nothing(t, x)
	}
}

// TestSynonymsAreNoTokens holds that the server never replaces a word of our
// searches, and that there are synonyms.
func TestSynonymsAreNoTokens(t *testing.T) {
	k := searchtest.NewKit(t)
	all := synonyms(k.Terms)
	if len(all) < 100 || !slices.Contains(all["ta"], "teaching assistant") || !slices.Contains(all["teaching assistant"], "ta") {
		t.Errorf("%d synonyms; ta: %q", len(all), all["ta"])
	}
	for form, others := range all {
		for word := range strings.FieldsSeq(form + " " + strings.Join(others, " ")) {
			if strings.HasPrefix(strings.ToLower(word), tokenMark) || strings.HasPrefix(strings.ToLower(word), longMark) {
				t.Errorf("the synonym %q reads like a token", word)
			}
		}
	}
}

func TestVersions(t *testing.T) {
	for version, want := range map[string]bool{
		"1.36.0": true, "1.50.0": true, "1.99.1": true, "1.36.0-rc.1": true, "1.35.9": false, "0.30.0": false, "2.0.0": false, "": false, "new": false, "1": false,
	} {
		if err := checkVersion(version); (err == nil) != want {
			t.Errorf("version %q: %v", version, err)
		}
	}
}

// TestLayoutIsNamed fails when the layout has changed, so that nobody changes it
// without knowing that every index will be filled anew. Write the new name here.
func TestLayoutIsNamed(t *testing.T) {
	if got, want := hash(newLayout()), "860611acdec2"; got != want {
		t.Errorf("the layout is called %s now, no longer %s: every index will be filled anew", got, want)
	}
}

func TestMessagesAreShort(t *testing.T) {
	long := &meilisearch.Error{StatusCode: http.StatusBadRequest}
	long.MeilisearchApiError.Message = "line one\n" + strings.Repeat("é", 1000)
	err := failed(t.Context(), "search", long)
	if text := err.Error(); len(text) > 400 || strings.Contains(text, "\n") || strings.ToValidUTF8(text, "") != text {
		t.Errorf("the error is %q", text)
	}
}
