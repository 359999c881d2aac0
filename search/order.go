package search

import "github.com/sendwatch/sendwatch"

// HourlyFigure is what SortPay compares: the most a vacancy is known to pay an
// hour, in pounds, or the least when only that is known ("from £13.20"). It is
// false when the hourly pay is not known. Every engine orders by it.
func HourlyFigure(v *sendwatch.Vacancy) (float64, bool) {
	f := v.Pay.Comparable.Hourly
	switch {
	case f == nil:
		return 0, false
	case f.Max != nil:
		return *f.Max, true
	case f.Min != nil:
		return *f.Min, true
	}
	return 0, false
}
