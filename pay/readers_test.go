package pay

import (
	"math"
	"slices"
	"testing"
)

func TestHours(t *testing.T) {
	for _, tc := range []struct {
		text              string
		options           []float64
		day, full, fracts float64
	}{
		{"27.5 hours per week", []float64{27.5}, 0, 0, 0},
		{"Hours per week\n31.00\nWeeks per year\n39", []float64{31}, 0, 0, 0},
		{"29 h 20 min a week", []float64{29 + 20.0/60}, 0, 0, 0},
		{"36¼hours", []float64{36.25}, 0, 0, 0},
		{"20 or 32.5 hours per week (two posts)", []float64{20, 32.5}, 0, 0, 0},
		{"between 10 and 15 hours a week", []float64{10, 15}, 0, 0, 0},
		{"maximum of 40 hours per week", nil, 0, 0, 0},
		{"5 hours a day, 8.30 to 1.30", nil, 5, 0, 0},
		{"6 hours 30 minutes per day", nil, 6.5, 0, 0},
		{"8.20am - 15.20 -28 hours per week", []float64{28}, 0, 0, 0},
		{"30 hours per week; full-time week is 36 hours", []float64{30}, 0, 36, 0},
		{"0.6 FTE, all year round", nil, 0, 0, 0.6},
		{"35.5% of a full time equivalent", nil, 0, 0, 0.355},
		{"A term-time factor of 0.8772 is used", nil, 0, 0, 0},
		{"0.725, term time only", nil, 0, 0, 0.725},
		{"Starts September 2026 Hours of work: 33 hours", []float64{33}, 0, 0, 0},
		{"37 weeks, plus one training day of 3 hours", nil, 0, 0, 0},
		{"Based on 37 hours per week. Hours: part time, 21 hours per week", []float64{21}, 0, 0, 0},
	} {
		got := hoursIn(clean(tc.text).lower, true)
		if !slices.EqualFunc(got.options, tc.options, func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }) ||
			got.day != tc.day || got.full != tc.full || math.Abs(got.fraction-tc.fracts) > 1e-9 {
			t.Errorf("%q: got %+v, want %v, day %v, full %v, fraction %v", tc.text, got, tc.options, tc.day, tc.full, tc.fracts)
		}
	}
}

func TestWeeks(t *testing.T) {
	for _, tc := range []struct {
		text           string
		stated, worked float64
		term           bool
		share          float64
	}{
		{"39 weeks per year", 39, 39, false, 0},
		{"term time (38 weeks) plus 2 weeks", 40, 40, true, 0},
		{"40 weeks per year (term time plus 2 weeks)", 40, 40, true, 0},
		{"38+1 weeks", 39, 39, false, 0},
		{"term time only plus 5 INSET days", 0, 39, true, 0},
		{"term time plus two weeks", 0, 40, true, 0},
		{"term time only", 0, 0, true, 0},
		{"39 weeks sessional", 39, 39, true, 0},
		{"52 weeks", weeksInYear, weeksInYear, false, 0},
		{"all year round", weeksInYear, weeksInYear, false, 0},
		{"FTE based on full time hours, all year round", 0, 0, false, 0},
		{"41 weeks out of 52", 41, 41, false, 0},
		{"45.2/52 weeks", 0, 0, false, 45.2 / 52},
		{"39 working weeks (44.6 paid weeks of 52.143)", 39, 39, false, 44.6 / 52.143},
		{"39 weeks, paid at 86.4% of full year", 39, 39, false, 0.864},
		{"195 days", 0, 39, false, 0},
		{"39-41 weeks per year", 0, 0, false, 0},
		{"A term-time factor of 0.8772", 0, 0, false, 0.8772},
	} {
		got := readWeeks(clean(tc.text).lower)
		if got.stated != tc.stated || got.worked != tc.worked || got.termTime != tc.term || math.Abs(got.share-tc.share) > 1e-9 {
			t.Errorf("%q: got %+v, want %v stated, %v worked, term time %v, share %v", tc.text, got, tc.stated, tc.worked, tc.term, tc.share)
		}
	}
}

func TestDates(t *testing.T) {
	for _, tc := range []struct {
		contract, dates string
		want            period
	}{
		{"", "Closing date: Thursday 5th March 2026 at 12pm", period{closes: "2026-03-05"}},
		{"Fixed term - to 31.8.26", "", period{end: "2026-08-31"}},
		{"Temporary until 23 rd July 2027", "Required for January 2026", period{start: "2026-01", end: "2027-07-23"}},
		{"", "Start date: asap\nApply by:\n6 March 2026", period{start: "asap", closes: "2026-03-06"}},
		{"", "Start: December 2025 / January 2026", period{}},
		{"", "Required for September/October 2026", period{}},
		{"until 29/6/", "Closes 31/02/2026", period{}},
		{"", "Listed on 2026-02-20. Interviews 3 March 2026", period{}},
		{"", "2026-08-31T23:59:00+01:00", period{closes: "2026-08-31"}},
		{"", "Needed as soon as possible until 26/03/2027\nby Friday 9th October 2026", period{start: "asap", end: "2027-03-26", closes: "2026-10-09"}},
		{"", "Start: / December 2025 / Review Date: / September 2026", period{start: "2025-12"}},
	} {
		if got := readDates(clean(tc.contract).lower, clean(tc.dates).lower); got != tc.want {
			t.Errorf("%q, %q: got %+v, want %+v", tc.contract, tc.dates, got, tc.want)
		}
	}
}

func TestContract(t *testing.T) {
	for _, tc := range []struct{ text, kind, pattern string }{
		{"Permanent, part time", "permanent", "part-time"},
		{"Full time & part time", "", "either"},
		{"Perm / FTC Permanent", "permanent", ""},
		{"Temporary, with the possibility of becoming permanent", "temporary", ""},
		{"Temp-to-perm", "temp-to-perm", ""},
		{"Zero hours contract", "casual", ""},
		{"Apprentice, fixed term", "apprenticeship", ""},
		{"Maternity cover, fixed term for a year", "maternity-cover", ""},
		{"Long-term, ongoing supply", "", ""},
		{"Parhaol, rhan amser", "permanent", "part-time"},
		{"£20,000 pro rata for part time staff; full-time equivalent", "", ""},
	} {
		s := clean(tc.text).lower
		if got := findContract(s, "", ""); got != tc.kind {
			t.Errorf("%q: got contract %q, want %q", tc.text, got, tc.kind)
		}
		if got := findPattern(s, "", ""); got != tc.pattern {
			t.Errorf("%q: got pattern %q, want %q", tc.text, got, tc.pattern)
		}
	}
}

func TestPointsAndGrade(t *testing.T) {
	points := func(a, b int) *[2]int { return &[2]int{a, b} }
	for _, tc := range []struct {
		text   string
		points *[2]int
		grade  string
	}{
		{"Grade 4, SCP 7-11", points(7, 11), "Grade 4"},
		{"Band 2 (Point 14-16)", points(14, 16), "Band 2"},
		{"SCP 37-SCP 39", points(37, 39), ""},
		{"NJC 27 to 33", points(27, 33), ""},
		{"NJC Scale 13 - 15, £15.06 per hour", points(13, 15), ""},
		{"Pay scales E-5 £25,583", points(5, 5), "E"},
		{"H7 19 to 23 - £29,000", points(19, 23), "H7"},
		{"Grade 1b: SCP 6plus allowance", points(6, 6), "Grade 1b"},
		{"Scale 5 SCP 12, £28,598", points(12, 12), "Scale 5"},
		{"Scale 6 (Point 18 - £35,520 to Point 20 - £36,585)", points(18, 20), "Scale 6"},
		{"Grade 5/6", nil, "Grade 5/6"},
		{"Grade 7 or Grade 8", nil, "Grade 7 or 8"},
		{"GRADE : H5", nil, "GRADE H5"},
		{"Salary Grade: / Grade E", nil, "Grade E"},
		{"Pay grade\nTeaching Assistant", nil, ""},
		{"salary grade of £24,890 to £27,087", nil, ""},
		{"Grade 2, 3,440 - 3,494 per annum", nil, "Grade 2"},
		{"ABCD 1/2 - £12.97 per hour", nil, "ABCD 1/2"},
		{"£25,583 from September 2025", nil, ""},
		{"Appointment will normally be to point 11", nil, ""},
	} {
		c := clean(tc.text)
		got := findPoints(c.lower)
		if (got == nil) != (tc.points == nil) || got != nil && *got != *tc.points {
			t.Errorf("%q: got points %v, want %v", tc.text, got, tc.points)
		}
		if grade := findGrade(c, got, false); grade != tc.grade {
			t.Errorf("%q: got grade %q, want %q", tc.text, grade, tc.grade)
		}
	}
}

func TestQuotes(t *testing.T) {
	for _, tc := range []struct {
		text string
		want []string
	}{
		{"£25,583 - £25,989 FTE, £16,200 - £16,457 actual", []string{"25583-25989 year fte", "16200-16457 year actual"}},
		{"£16,200 actual (£25,583 FTE)", []string{"16200 year actual", "25583 year fte"}},
		{"Full-time equivalent salary\n- £38,900 - £39,950 Annually (Actual)", []string{"38900-39950 year actual"}},
		{"Full-time equivalent salary\n£13.05 Hourly", []string{"13.05 hour unstated"}},
		{"£26,824 per annum (pro rata £18,663 per annum)", []string{"26824 year fte", "18663 year actual"}},
		{"£5,624 (pro rata of £24,413)", []string{"5624 year actual", "24413 year fte"}},
		{"Grade 1 - £12.90 per hour - £4,980 pro rata per annum", []string{"12.9 hour unstated", "4980 year actual"}},
		{"£26,840 (pro rata)\n£13.91 per hour", []string{"26840 year fte", "13.91 hour unstated"}},
		{"Weekly PAYE pay - £89 to £103 per day", []string{"89-103 day unstated"}},
		{"£88 - 104 a day", []string{"88-104 day unstated"}},
		{"40000 - 60000 GBP Yearly GBP 40000.00 60000.00 YEAR", []string{"40000-60000 year unstated"}},
		{"£25, 989 to £ 26403", []string{"25989-26403 year unstated"}},
		{"£47,181 - £50.269", []string{"47181-50269 year unstated"}},
		{"£22-25k", []string{"22000-25000 year unstated"}},
		{"£27-28,000", []string{"27000-28000 year unstated"}},
		{"Between £24,800 and £25,700", []string{"24800-25700 year unstated"}},
		{"£25, £28, pro rata", nil},
		{"12.07% holiday pay", nil},
		{"up to 3% of FTE salary", nil},
		{"£24,387 FTE + SEN Allowance £2,679", []string{"24387 year fte"}},
		{"£15,330 made up of gross salary £13,566 and £1,764 in lieu of holiday", []string{"15330 year unstated"}},
		{"£27,976 with £60 per sleep-in on top", []string{"27976 year unstated"}},
		{"£100/day (umbrella) or £88/day PAYE", []string{"100 day unstated", "88 day unstated"}},
		{"Basic rate £79.50 plus holiday pay £11.60 = £91.10 per day", []string{"91.1 day unstated"}},
		{"£13,895 pro rata based on 25 hours per week", []string{"13895 year actual"}},
	} {
		var got []string
		for _, q := range findQuotes(clean(tc.text).lower, true) {
			if q.role != salary || q.unit == "" {
				continue
			}
			s := plain(q.lo)
			if q.ranged {
				s += "-" + plain(q.hi)
			}
			got = append(got, s+" "+q.unit+" "+q.public().Basis)
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%q: got %q, want %q", tc.text, got, tc.want)
		}
	}
}

func TestResolveGrade(t *testing.T) {
	tables := load(t)
	for _, tc := range []struct {
		employer, grade string
		from, to        int
	}{
		{"Cambridgeshire County Council", "Scale 4", 7, 11},
		{"Delta Academies Trust", "Grade C", 4, 6},
		{"Airedale Academy", "Grade 7", 19, 23},
		{"Somebody Else", "Scale 4", 0, 0},
		{"", "Scale 4", 0, 0},
	} {
		rows := tables.resolve(tc.employer, tc.grade)
		if tc.from == 0 {
			if len(rows) > 0 {
				t.Errorf("%s, %s: got %+v, want nothing", tc.employer, tc.grade, rows)
			}
			continue
		}
		if len(rows) != 1 || rows[0].from != tc.from || rows[0].to != tc.to {
			t.Errorf("%s, %s: got %+v, want points %d to %d", tc.employer, tc.grade, rows, tc.from, tc.to)
		}
	}
}
