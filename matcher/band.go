package matcher

import (
	"slices"

	"github.com/sendwatch/sendwatch/pay"
)

// band is a pair of bounds as far as they are known; the zero band says nothing.
type band struct {
	min, max *float64
	// assumed: worked out with what the advert does not say.
	assumed bool
}

func bandOf(f *pay.Figure) band {
	return band{min: f.Min, max: f.Max, assumed: f.How == "assumed"}
}

func (b band) known() bool { return b.min != nil || b.max != nil }

// verdict is how a constraint stands.
type verdict int

const (
	kept verdict = iota
	doubtful
	broken
)

// atLeast tests a floor: broken when the top is under it, doubtful when nothing is
// known or it lies between the bottom and the top.
func (b band) atLeast(floor float64) verdict {
	switch {
	case b.max != nil && *b.max < floor:
		return broken
	case b.min == nil || *b.min < floor:
		return doubtful
	}
	return kept
}

// atMost tests a ceiling in the same way.
func (b band) atMost(ceiling float64) verdict {
	switch {
	case b.min != nil && *b.min > ceiling:
		return broken
	case b.max == nil || *b.max > ceiling:
		return doubtful
	}
	return kept
}

// What a full-time post comes to when the advert does not say. Full time at a
// school is anything from 30 hours to an office week; the usual school day of six
// and a half hours makes 32.5. Term-time pay is the default band of the pay rules
// (39 weeks: 0.852 to 0.872 of a year's pay); all year is 1.
const (
	fullWeek       = 37.0
	fullTimeLeast  = 30.0
	fullTimeMost   = 37.5
	schoolWeek     = 32.5
	schoolDay      = 6.5
	termTimeLeast  = 0.852
	termTimeMost   = 0.872
	partTimeMost   = 30.0
	weeksOfYear    = 52.143
	assumedDayFlag = "assumed-day-length"
)

// annualBand is what a year really pays, for comparing with a floor: the actual
// figure; else a day rate for SchoolDays days; else the full-time figure cut by
// the hours and weeks as far as they are told.
func annualBand(o *pay.Offer) band {
	if f := actual(o); f != nil {
		return bandOf(f)
	}
	if s, ok := severalSalaries(o); ok {
		return s
	}
	f := o.Comparable.FullTimeAnnual
	if f == nil {
		return band{}
	}
	// Nobody is paid more than the full-time figure.
	b := band{max: f.Max, assumed: true}
	least, most := shareOfWeek(o)
	weeksLeast, weeksMost := shareOfYear(o)
	if most > 0 {
		b.max = times(f.Max, most*weeksMost)
	}
	if least > 0 {
		b.min = times(f.Min, least*weeksLeast)
	}
	return b
}

// severalSalaries: the advert quotes several yearly amounts beside no full-time
// figure, as where two posts are combined. Whether they add up cannot be told: the
// least is the lowest of them, the most is all of them together.
func severalSalaries(o *pay.Offer) (band, bool) {
	b := band{assumed: true}
	n, most, open := 0, 0.0, false
	for i := range o.Quoted {
		q := &o.Quoted[i]
		if q.Unit != "year" || q.Basis == "fte" {
			continue
		}
		n++
		if q.Min != nil && (b.min == nil || *q.Min < *b.min) {
			b.min = q.Min
		}
		if q.Max == nil {
			open = true
		} else {
			most += *q.Max
		}
	}
	if !open {
		b.max = &most
	}
	return b, n > 1
}

// shareOfWeek is the part of a full-time week; zero where nothing tells.
func shareOfWeek(o *pay.Offer) (least, most float64) {
	switch {
	case o.FTE != nil:
		return *o.FTE, *o.FTE
	case o.HoursPerWeek != nil:
		share := min(1, *o.HoursPerWeek/fullWeek)
		return share, share
	case worksFullTime(o):
		return schoolWeek / fullWeek, 1
	}
	return 0, 1
}

// shareOfYear is the part of a year's pay.
func shareOfYear(o *pay.Offer) (least, most float64) {
	switch {
	case o.WeeksPerYear != nil && *o.WeeksPerYear >= 52:
		return 1, 1
	case o.WeeksPerYear != nil:
		return termTimeLeast * *o.WeeksPerYear / 39, min(1, termTimeMost**o.WeeksPerYear/39)
	case o.TermTimeOnly != nil && *o.TermTimeOnly:
		return termTimeLeast, termTimeMost
	}
	return termTimeLeast, 1
}

// hourlyBand is what an hour pays. A day rate without hours becomes hours at the
// usual school day: the pay rules' wider band is about what nobody said, not about
// what is on offer. An actual salary is divided by the paid weeks and the hours.
func hourlyBand(o *pay.Offer) band {
	c := &o.Comparable
	switch {
	case c.Daily != nil && (c.Hourly == nil || slices.Contains(o.Flags, assumedDayFlag)):
		return band{min: times(c.Daily.Min, 1/schoolDay), max: times(c.Daily.Max, 1/schoolDay), assumed: true}
	case c.Hourly != nil:
		return bandOf(c.Hourly)
	case c.ActualAnnual == nil:
		return band{}
	}
	hours := schoolWeek
	if o.HoursPerWeek != nil && *o.HoursPerWeek > 0 {
		hours = *o.HoursPerWeek
	} else if !worksFullTime(o) {
		return band{}
	}
	least, most := shareOfYear(o)
	return band{
		min: times(c.ActualAnnual.Min, 1/(most*weeksOfYear*hours)), max: times(c.ActualAnnual.Max, 1/(least*weeksOfYear*hours)),
		assumed: true,
	}
}

// hoursBand is the hours of a week: as stated, or what full time or part time
// comes to.
func hoursBand(o *pay.Offer) band {
	_, several := severalSalaries(o)
	switch {
	case o.HoursPerWeek != nil && several && o.Comparable.ActualAnnual == nil:
		return band{min: o.HoursPerWeek, assumed: true} // the hours of one of the posts
	case o.HoursPerWeek != nil:
		return band{min: o.HoursPerWeek, max: o.HoursPerWeek}
	case worksFullTime(o):
		least, most := fullTimeLeast, fullTimeMost
		return band{min: &least, max: &most, assumed: true}
	case deref(o.WorkingPattern) == partTime:
		most := partTimeMost
		return band{max: &most, assumed: true}
	}
	return band{}
}

// worksFullTime: the advert says so, or quotes a day rate and does not say
// otherwise: what is paid by the day is worked by the school day.
func worksFullTime(o *pay.Offer) bool {
	if o.WorkingPattern != nil {
		return *o.WorkingPattern == fullTime
	}
	return o.Comparable.Daily != nil && o.FTE == nil
}
