package pay

import "math"

// The flags that an offer can carry.
const (
	flagBelowMinimum = "below-minimum-wage"
	flagPoints       = "points-contradict-amounts"
	flagBasis        = "basis-doubtful"
	flagPending      = "award-pending"
	flagHoliday      = "includes-holiday-pay"
	flagWeeks        = "assumed-weeks"
	flagDay          = "assumed-day-length"
	flagRange        = "range-typo"
	flagGrade        = "unresolved-grade"
	flagHours        = "prorata-of-unknown-hours"
	flagStructured   = "structured-disagrees"
)

// An actual salary over the full-time one and the hours should be within these:
// the share of the year that 38 to 42 weeks earn.
const plausibleLow, plausibleHigh = 0.80, 0.92

// flags judges the finished figures.
func (c *calculator) flags(out Comparable) []string {
	set := []string{}
	for _, f := range []struct {
		name string
		up   bool
	}{
		{flagBelowMinimum, c.belowMinimum(out.Hourly)},
		{flagPoints, c.pointsContradict()},
		{flagBasis, c.basisDoubtful()},
		{flagPending, c.spine.pending(c.award)},
		{flagHoliday, c.holidayInside()},
		{flagWeeks, c.usedBand},
		{flagDay, c.usedDay},
		{flagRange, c.typo},
		{flagGrade, c.unknown},
		{flagHours, c.proRataOfUnknown()},
	} {
		if f.up {
			set = append(set, f.name)
		}
	}
	return set
}

func (c *calculator) belowMinimum(h *Figure) bool {
	floor := c.tables.wageAt(c.published)
	if h == nil || floor == 0 {
		return false
	}
	end := h.Min
	if h.How == assumed || end == nil {
		end = h.Max
	}
	return end != nil && *end < floor-1e-9
}

// pointsContradict says whether a stated full-time amount is not its stated
// point.
func (c *calculator) pointsContradict() bool {
	if c.points == nil || c.award < 0 || c.base == nil || c.base.how != stated {
		return false
	}
	a := c.spine.awards[c.award]
	lo, knownLo := a.points[c.points[0]]
	hi, knownHi := a.points[c.points[1]]
	off := func(v *float64, point float64) bool { return v != nil && math.Abs(*v-point) > fitsWithin }
	b := c.base.band
	if b.lo != nil && b.hi != nil && *b.lo == *b.hi && knownLo && knownHi {
		return *b.lo < lo-fitsWithin || *b.lo > hi+fitsWithin
	}
	return knownLo && off(b.lo, lo) || knownHi && off(b.hi, hi)
}

// basisDoubtful says whether actual and full-time salary do not go together with
// the hours.
func (c *calculator) basisDoubtful() bool {
	if c.base == nil || c.actual == nil || c.actual.how != stated {
		return false
	}
	return c.endDoubtful(c.actual.lo, c.base.lo, 0) || c.endDoubtful(c.actual.hi, c.base.hi, len(c.fractions)-1)
}

func (c *calculator) endDoubtful(actual, full *float64, option int) bool {
	if actual == nil || full == nil || *full <= 0 {
		return false
	}
	if *actual > *full+0.5 {
		return true
	}
	if option < 0 || option >= len(c.fractions) || c.weeks.allYear || c.teacher() {
		return false
	}
	ratio := *actual / *full / c.fractions[option]
	return ratio < plausibleLow-1e-9 || ratio > plausibleHigh+1e-9
}

// proRataOfUnknown says whether a full-time figure is called pro rata while the
// hours are not said. Where an actual salary is printed too, the words must stand
// at the full-time figure itself.
func (c *calculator) proRataOfUnknown() bool {
	if c.full == nil || len(c.fractions) > 0 {
		return false
	}
	for _, q := range c.quotes {
		if q.basis == basisFTE && q.proRata {
			return true
		}
	}
	return c.proRataPay && c.actual == nil
}

// holidayInside says whether a rate includes holiday pay that was not stripped.
func (c *calculator) holidayInside() bool {
	if !c.holiday.inside || c.holiday.rate > 0 {
		return false
	}
	for _, q := range c.quotes {
		if q.role == basic {
			return false
		}
	}
	for _, unit := range []string{perHour, perDay, perWeek} {
		if _, found := c.rates[unit]; found {
			return true
		}
	}
	return false
}
