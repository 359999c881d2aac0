package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
)

func ptr(x float64) *float64 { return &x }

func TestParseRequest(t *testing.T) {
	tests := []struct {
		name, query string
		want        search.Request
	}{
		{"nothing", "", search.Request{}},
		{"empty fields of a form", "q=&near=&within=15&min_actual=&hours_min=&sort=", search.Request{}},
		{"words", "q=++one+to%0Aone ", search.Request{Criteria: sendwatch.Criteria{Words: "one to one"}}},
		{"damaged words", "q=a%FFb%00", search.Request{Criteria: sendwatch.Criteria{Words: "a b"}}},
		{"lists without repeats", "role=ta&role=hlta&role=ta&role=&need=semh", search.Request{Criteria: sendwatch.Criteria{Roles: []string{"ta", "hlta"}, Needs: []string{"semh"}}}},
		{"a place", "near=RG41&within=7.5", search.Request{Criteria: sendwatch.Criteria{Near: "RG41", WithinMiles: 7.5}}},
		{"money as people write it", "min_actual=%C2%A318,000&min_hourly=12.85", search.Request{Criteria: sendwatch.Criteria{MinActual: 18000, MinHourly: 12.85}}},
		{"hours from nought", "hours_min=0&hours_max=32.5", search.Request{Criteria: sendwatch.Criteria{Hours: sendwatch.Range{Min: ptr(0), Max: ptr(32.5)}}}},
		{"ticks", "stated_pay=1&strong_only=1&as_typed=1", search.Request{AsTyped: true, Criteria: sendwatch.Criteria{StatedPayOnly: true, StrongOnly: true}}},
		{"pages", "page=3&per_page=50&sort=newest", search.Request{Page: 3, PerPage: 50, Sort: search.SortNewest}},
		{"what we do not know", "utm_source=x&zoom=3", search.Request{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q, err := url.ParseQuery(tt.query)
			if err != nil {
				t.Fatal(err)
			}
			got, err := ParseRequest(q)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, got, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
		})
	}
}

func TestParseRequestMistakes(t *testing.T) {
	tests := []struct{ name, query, says string }{
		{"a word for a number", "min_actual=lots", "“£ a year” (min_actual) should be a number such as 20, not “lots”."},
		{"less than nothing", "hours_min=-1", "“Hours a week, from” (hours_min)"},
		{"not a number, to a computer", "min_hourly=NaN", "(min_hourly)"},
		{"without end", "hours_max=Inf", "(hours_max)"},
		{"in hexadecimal", "near=RG41&within=0x10", "(within)"},
		{"with an exponent", "min_actual=1e6", "(min_actual)"},
		{"beyond any pay", "min_actual=99999999", "(min_actual)"},
		{"two points", "page=1.2.3", "page should be a number"},
		{"a long search", "q=" + strings.Repeat("a", maxWords+1), "“Words” (q) is longer than 300 characters"},
		{"a long place", "near=" + strings.Repeat("b", maxWords+1), "“Near” (near)"},
		{"a long id", "role=" + strings.Repeat("c", maxID+1), "role"},
		{"a damaged id", "need=%FF", "need"},
		{"many ids", manyIDs(maxIDs + 1), "role has more than 50 values"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q, err := url.ParseQuery(tt.query)
			if err != nil {
				t.Fatal(err)
			}
			_, err = ParseRequest(q)
			var ue userError
			if !errors.As(err, &ue) || ue.status != http.StatusBadRequest || !strings.Contains(ue.text, tt.says) {
				t.Errorf("got %v, want a 400 that says %q", err, tt.says)
			}
		})
	}
	if _, err := ParseRequest(url.Values{"q": {strings.Repeat("é", maxWords)}}); err != nil {
		t.Errorf("%d characters of two bytes: %v", maxWords, err)
	}
}

func manyIDs(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("&role=r" + number(float64(i)))
	}
	return b.String()
}

// TestValuesRoundTrip: what Values writes, ParseRequest reads back.
func TestValuesRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := criteria().Draw(t, "criteria")
		sort := rapid.SampledFrom(append(search.Sorts(), "")).Draw(t, "sort")
		req, err := ParseRequest(Values(c, sort))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(search.Request{Criteria: c, Sort: sort}, req, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("-want +got\n%s", d)
		}
	})
}

// criteria draws what an address can hold.
func criteria() *rapid.Generator[sendwatch.Criteria] {
	return rapid.Custom(func(t *rapid.T) sendwatch.Criteria {
		text := rapid.Map(rapid.StringN(0, 40, maxWords), func(s string) string {
			s = strings.Map(func(r rune) rune {
				if unicode.IsControl(r) {
					return -1
				}
				return r
			}, strings.ToValidUTF8(s, ""))
			return strings.Join(strings.Fields(s), " ")
		})
		ids := rapid.Map(rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z0-9][a-z0-9-]{0,20}`), 0, 4, rapid.ID), slices.Clone[[]string])
		amount := rapid.Map(rapid.IntRange(0, 1e7), func(n int) float64 { return float64(n) / 100 })
		c := sendwatch.Criteria{
			Words: text.Draw(t, "words"), Near: text.Draw(t, "near"),
			Roles: ids.Draw(t, "roles"), Needs: ids.Draw(t, "needs"), Settings: ids.Draw(t, "settings"), Phases: ids.Draw(t, "phases"),
			Contracts: ids.Draw(t, "contracts"), Patterns: ids.Draw(t, "patterns"), Refuses: ids.Draw(t, "refuses"),
			Support: ids.Draw(t, "support"), Entry: ids.Draw(t, "entry"), Driver: ids.Draw(t, "driver"), PaidBy: ids.Draw(t, "paid_by"), Kinds: ids.Draw(t, "kinds"),
			MinActual: amount.Draw(t, "actual"), MinHourly: amount.Draw(t, "hourly"),
			Hours:         sendwatch.Range{Min: rapid.Ptr(amount, true).Draw(t, "from"), Max: rapid.Ptr(amount, true).Draw(t, "to")},
			StatedPayOnly: rapid.Bool().Draw(t, "stated"), StrongOnly: rapid.Bool().Draw(t, "strong"),
		}
		if c.Near != "" {
			c.WithinMiles = amount.Draw(t, "within")
		}
		return c
	})
}

// FuzzParseRequest: any address is read or refused in words, and what was read is
// read alike from what Values makes of it.
func FuzzParseRequest(f *testing.F) {
	for _, seed := range []string{"", "q=autism&near=RG41&within=10&sort=distance", "role=ta&role=hlta&refuse=agency", "support=class&entry=open&driver=needed&paid_by=school&paid_by=trust&kind=pool", "hours_min=0&hours_max=1e9",
		"min_actual=%C2%A318%2C000", "q=%FF%00%E2%80%A8", "page=9999999&per_page=0.5", "q=a;b&near=%zz", "q=0&near=0&sort=0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		q, _ := url.ParseQuery(query) // what can be read of it
		req, err := ParseRequest(q)
		if err != nil {
			if !errors.As(err, &userError{}) || err.Error() == "" {
				t.Fatalf("an error that nobody can mend: %v", err)
			}
			return
		}
		again, err := ParseRequest(Values(req.Criteria, req.Sort))
		if err != nil {
			t.Fatalf("%q is read, but not again: %v", query, err)
		}
		req.Page, req.PerPage, req.AsTyped = 0, 0, false
		if d := cmp.Diff(req, again, cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("-first +again\n%s", d)
		}
	})
}
