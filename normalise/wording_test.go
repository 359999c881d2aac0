package normalise_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/normalise"
	"github.com/sendwatch/sendwatch/pay"
)

// TestWordingAlike holds the measures against sets of runs of four words.
func TestWordingAlike(t *testing.T) {
	words := rapid.SliceOfN(rapid.SampledFrom(strings.Fields("a b c d e f g h i j k l")), 16, 60)
	runs := func(words []string) map[string]bool {
		out := map[string]bool{}
		for i := range len(words) - 3 {
			out[strings.Join(words[i:i+4], " ")] = true
		}
		return out
	}
	rapid.Check(t, func(rt *rapid.T) {
		x, y := words.Draw(rt, "x"), words.Draw(rt, "y")
		if rapid.Bool().Draw(rt, "one within the other") {
			y = slices.Concat(x, y)
		}
		a, b := normalise.WordingOf(strings.ToUpper(strings.Join(x, ", "))), normalise.WordingOf(strings.Join(y, "\n"))
		jaccard, contained := a.Alike(b)
		if j, c := b.Alike(a); j != jaccard || c != contained {
			rt.Fatalf("%v %v one way and %v %v the other", jaccard, contained, j, c)
		}
		if a.Thin() || b.Thin() {
			return
		}
		rx, ry := runs(x), runs(y)
		both := 0
		for r := range rx {
			if ry[r] {
				both++
			}
		}
		if want := float64(both) / float64(len(rx)+len(ry)-both); jaccard != want {
			rt.Errorf("jaccard %v, want %v", jaccard, want)
		}
		if want := float64(both) / float64(min(len(rx), len(ry))); contained != want {
			rt.Errorf("contained %v, want %v", contained, want)
		}
		if jaccard == 1 && !slices.Equal(a.Bands(3), b.Bands(3)) {
			rt.Error("equal texts have other bands")
		}
	})
}

func TestTitleCore(t *testing.T) {
	for name, c := range map[string]struct {
		a, b string
		same bool
	}{
		"order and fillers":      {"SEN Teaching Assistant required for September 2026", "Teaching Assistant - SEND", true},
		"short forms":            {"SEND TA", "SEN Teaching Assistant", true},
		"reference and money":    {"[260720A] Learning Mentor £95 per day", "Learning Mentor", true},
		"employer and town":      {"Oak Tree School: Learning Mentor, Reading", "Learning Mentor", true},
		"level":                  {"Teaching Assistant Level 2", "Teaching Assistant Level 3", false},
		"year":                   {"1:1 TA Year 2", "1:1 TA Year 5", false},
		"one to one or not":      {"One to one TA", "TA", false},
		"maternity cover or not": {"Learning Mentor (maternity cover)", "Learning Mentor", false},
		"another town":           {"Learning Mentor, Newbury", "Learning Mentor, Slough", false},
	} {
		t.Run(name, func(t *testing.T) {
			read := func(title string) string {
				return normalise.TitleCore(&sendwatch.Reading{Title: title, Employer: "Oak Tree School", Location: "Reading, RG1 1AA"})
			}
			if a, b := read(c.a), read(c.b); (a == b) != c.same || a == "" {
				t.Errorf("%q and %q", a, b)
			}
		})
	}
}

func TestApart(t *testing.T) {
	f := func(n float64) *float64 { return &n }
	s := func(s string) *string { return &s }
	for name, c := range map[string]struct {
		a, b sendwatch.Reading
		want string
	}{
		"nothing said":           {sendwatch.Reading{}, sendwatch.Reading{Body: "Year 2", Pay: pay.Offer{HoursPerWeek: f(30)}}, ""},
		"hours":                  {sendwatch.Reading{Pay: pay.Offer{HoursPerWeek: f(30)}}, sendwatch.Reading{Pay: pay.Offer{HoursPerWeek: f(15)}}, "hours"},
		"contract":               {sendwatch.Reading{Pay: pay.Offer{Contract: s("permanent")}}, sendwatch.Reading{Pay: pay.Offer{Contract: s("temporary")}}, "contract"},
		"phases":                 {sendwatch.Reading{Phases: []string{"primary"}}, sendwatch.Reading{Phases: []string{"secondary"}}, "phases"},
		"phases in common":       {sendwatch.Reading{Phases: []string{"primary"}}, sendwatch.Reading{Phases: []string{"primary", "secondary"}}, ""},
		"year groups":            {sendwatch.Reading{Body: "You will work in Year 2."}, sendwatch.Reading{Body: "You will work in year 5."}, "year groups"},
		"more year groups":       {sendwatch.Reading{Body: "Years 5 and 6."}, sendwatch.Reading{Body: "Year 5."}, ""},
		"years of experience":    {sendwatch.Reading{Body: "2 years of experience"}, sendwatch.Reading{Body: "Year 5"}, ""},
		"key stages":             {sendwatch.Reading{Body: "Key Stage 1"}, sendwatch.Reading{Body: "in KS2"}, "key stages"},
		"schools":                {sendwatch.Reading{Body: "Clerk (based at Ash Community College)"}, sendwatch.Reading{Body: "Clerk (based at Elm Primary School)"}, "schools"},
		"a kind of advert":       {sendwatch.Reading{Kind: sendwatch.KindPool}, sendwatch.Reading{Kind: sendwatch.KindVacancy}, "kind"},
		"pay that has no common": {paid(20000, 21000), paid(24000, 25000), "pay"},
		"pay after an award":     {paid(24000, 25000), paid(25400, 26000), ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := normalise.Apart(&c.a, &c.b); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if got := normalise.Apart(&c.b, &c.a); got != c.want {
				t.Errorf("the other way: got %q, want %q", got, c.want)
			}
		})
	}
}

func paid(low, high float64) sendwatch.Reading {
	return sendwatch.Reading{Pay: pay.Offer{Comparable: pay.Comparable{FullTimeAnnual: &pay.Figure{Min: &low, Max: &high, How: "stated"}}}}
}
