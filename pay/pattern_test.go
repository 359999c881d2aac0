package pay

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNeeds(t *testing.T) {
	for _, tc := range []struct {
		expr   string
		needs  []string
		digits bool
	}{
		{`\bclos(?:ing|es)\b|deadline`, []string{"clos", "deadline"}, false},
		{`\b(?:weeks?|wks?)\b`, []string{"week", "wk"}, false},
		{`\d+ ?(?:hours|hrs)`, []string{"hours", "hrs"}, false},
		{`\bn\.?j\.?c\b`, []string{"n.j.c", "n.jc", "nj.c", "njc"}, false},
		{`£\d`, []string{"£"}, false},
		{`(?:per )?\d{1,2}`, nil, true},
		{`(?:pay)?`, nil, false},
		{`(?i)salary`, []string{"salary"}, false},
		{`(?:(?i)salary)`, nil, false},
		{`\bm[1-3]-\d`, []string{"m1-", "m2-", "m3-"}, false},
		{`[Pp]oint`, []string{"Point", "point"}, false},
		{`salary|\w+`, nil, false},
		{`a|b`, nil, false},
	} {
		p := compile(tc.expr)
		if !slices.Equal(p.needs, tc.needs) || p.digits != tc.digits {
			t.Errorf("%s: got %q, digits %v; want %q, %v", tc.expr, p.needs, p.digits, tc.needs, tc.digits)
		}
	}
}

// TestNeedsKeepMatches says that no pattern turns a text away that it matches.
func TestNeedsKeepMatches(t *testing.T) {
	all := []*pattern{
		wordDate, figureDate, soon, closesCue, endCue, afterDate, weekly, pairOfHours, labelled, daily, hoursMins, fractionFTE,
		percentFTE, plusWeeks, weekLabel, weekCount, paidOf, paidAlone, paidShare, termPlus, termTime, allYear, basisCue, unitWord,
		workTime, extraLeft, extraRight, asideCue, holidayIn, pointMention, njcMention, njcScale, afterGrade, gradeName, gradeCode, njcWord,
		teacherRe, unqualRe, localScale, notPattern, fullTimeWord, partTimeWord, proRata, countNoun, rateAhead,
	}
	check := func(t interface{ Errorf(string, ...any) }, s string) {
		for _, p := range []*pattern{fullTimeWeek, hoursOfFull, hoursMins, clockHours, daily, pairOfHours, weekly, labelled, afterNoun, overDays, bracketed, looseHours} {
			if !countsHours(s) && p.re.MatchString(s) {
				t.Errorf("%q is said to count no hours, but %s matches", s, p.re)
			}
		}
		for _, p := range all {
			if !p.possible(s) && p.re.MatchString(s) {
				t.Errorf("%s: needs %q, but %q matches", p.re, p.needs, s)
			}
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		word := rapid.SampledFrom(strings.Fields("£25,583 - 27.5 hours hrs 25h 25-h 30hpw 25:30 hr awr part time: per week weeks paid term time tto full-time fte pro rata actual closing date by 5 march 2026 3/4/27 until start scp points grade C njc plus sen allowance holiday pay day rate 52 / % of 45.6 0.6 p.a. (SO1) mps"))
		check(r, strings.Join(rapid.SliceOfN(word, 1, 8).Draw(r, "words"), rapid.SampledFrom([]string{" ", "", "\n"}).Draw(r, "gap")))
	})
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(b), "\n") {
			check(t, line)
			check(t, strings.ToLower(line))
		}
	}
}
