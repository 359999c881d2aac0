package search

import (
	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/pay"
)

// HourlyFigure is what SortPay compares: the most a vacancy is known to pay an
// hour, in pounds, or the least when only that is known ("from £13.20"). It is
// false when the hourly pay is not known. Every engine orders by it.
func HourlyFigure(v *sendwatch.Vacancy) (float64, bool) {
	return most(v.Pay.Comparable.Hourly)
}

// ActualFigure is what SortActual compares: the most that a vacancy is known to pay
// in a year, in pounds actually paid, or the least when only that is known. It is
// false when that is not known. Every engine orders by it.
func ActualFigure(v *sendwatch.Vacancy) (float64, bool) {
	return most(v.Pay.Comparable.ActualAnnual)
}

// most is the upper end of a figure, or its lower when only that is known.
func most(f *pay.Figure) (float64, bool) {
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
