package ingest

import "time"

// Adverts for schools come on school days. A silence is therefore measured in
// those: a weekend counts nothing, and a weekday in the holidays a tenth, since
// agencies and councils go on with little: even a silent summer is no school week.
// Local authorities set their own dates; these are the days on which any of
// England's usual calendars has a holiday.

// schoolDay is what a school day counts; a weekday in the holidays counts 1.
const schoolDay = 10

// mostDays bounds how far back a silence is measured.
const mostDays = 400

// dates are some days of every year, ends included.
type dates struct{ from, to day }

type day struct {
	month time.Month
	day   int
}

var holidays = []dates{
	{day{time.January, 1}, day{time.January, 6}},
	{day{time.February, 10}, day{time.February, 24}},
	{day{time.May, 24}, day{time.June, 5}},
	{day{time.July, 18}, day{time.September, 5}},
	{day{time.October, 18}, day{time.November, 3}},
	{day{time.December, 18}, day{time.December, 31}},
}

// easterDays is how long before and after Easter a holiday may be.
const easterDays = 14

// schoolDays counts the days after the one and up to the other, in tenths of a
// school day.
func schoolDays(from, to time.Time) (tenths int) {
	d := time.Date(from.Year(), from.Month(), from.Day(), 12, 0, 0, 0, time.UTC)
	end := time.Date(to.Year(), to.Month(), to.Day(), 12, 0, 0, 0, time.UTC)
	for range mostDays {
		if d = d.AddDate(0, 0, 1); d.After(end) {
			break
		}
		switch {
		case d.Weekday() == time.Saturday || d.Weekday() == time.Sunday:
		case isHoliday(d):
			tenths++
		default:
			tenths += schoolDay
		}
	}
	return tenths
}

func isHoliday(d time.Time) bool {
	at := day{d.Month(), d.Day()}
	for _, h := range holidays {
		if !at.before(h.from) && !h.to.before(at) {
			return true
		}
	}
	from := easter(d.Year()).AddDate(0, 0, -easterDays)
	return !d.Before(from) && d.Before(from.AddDate(0, 0, 2*easterDays+1))
}

func (d day) before(e day) bool { return d.month < e.month || (d.month == e.month && d.day < e.day) }

// easter is Easter Sunday of a year: the Gregorian computus, in the form that
// "Nature" printed in 1876.
func easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	g := (8*b + 13) / 25
	h := (19*a + b - b/4 - g + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return time.Date(year, time.Month(n/31), n%31+1, 0, 0, 0, 0, time.UTC)
}
