package pay

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// bandOf is a quote as a band. A top under its bottom is swapped, a top of over
// twice the bottom is taken for a slip and left open.
func (c *calculator) bandOf(q quote) band {
	lo, hi := q.lo, q.hi
	switch {
	case q.note == "from":
		return band{lo: &lo}
	case q.note == "up_to":
		return band{hi: &hi}
	case hi < lo:
		c.typo = true
		return band{&hi, &lo}
	case hi > 2*lo:
		c.typo = true
		return band{lo: &lo}
	}
	return band{&lo, &hi}
}

// union of the quotes that pass; false when there are none.
func (c *calculator) union(pass func(quote) bool) (band, bool) {
	var out band
	found := false
	for _, q := range c.quotes {
		if !pass(q) {
			continue
		}
		if b := c.bandOf(q); found {
			out = out.join(b)
		} else {
			out, found = b, true
		}
	}
	return out, found
}

// readRates takes the rates by month, week, day and hour, and strips holiday pay
// where its part is printed.
func (c *calculator) readRates() {
	paye := false
	for _, q := range c.quotes {
		paye = paye || q.role == salary && !q.umbrella && q.unit != perYear && q.unit != ""
	}
	for _, unit := range []string{perMonth, perWeek, perDay, perHour} {
		b, split := c.union(func(q quote) bool { return q.unit == unit && q.role == basic })
		found := split
		if !split {
			b, found = c.union(func(q quote) bool { return q.unit == unit && q.role == salary && (!paye || !q.umbrella) })
		}
		if !found {
			continue
		}
		m := money{b, stated}
		if unit != perMonth && !split && c.holiday.inside && c.holiday.rate > 0 {
			by := 1 / (1 + c.holiday.rate)
			m = money{b.times(by, by), derived}
			c.say("Without holiday pay at %s%%: %s %s.", plain(100*c.holiday.rate), m.figure(true, derived), each(unit))
		} else if split {
			c.say("The basic rate is %s %s; holiday pay is printed beside it.", m.figure(true, stated), each(unit))
		}
		c.rates[unit] = m
	}
}

// each is a unit in words: "a day", "an hour".
func each(unit string) string {
	if unit == perHour {
		return "an hour"
	}
	return "a " + unit
}

// findBase finds the full-time salary and the award: from a stated figure, else
// from the points, else from the employer's grade.
func (c *calculator) findBase() {
	c.inferBases()
	b, found := c.union(func(q quote) bool { return q.unit == perYear && q.role == salary && q.basis == basisFTE })
	if found {
		c.base = &money{b, stated}
		var ends []float64
		for _, q := range c.quotes {
			if q.unit == perYear && q.role == salary && q.basis == basisFTE {
				ends = append(ends, c.bandOf(q).ends()...)
			}
		}
		c.award = c.spine.choose(ends, c.points)
		if c.award < 0 && c.points != nil && !c.teacher() {
			c.award = c.spine.inForce
		}
		c.say("Full time: %s a year, as stated%s.", c.base.figure(false, stated), c.awardText())
		return
	}
	if c.points != nil {
		c.baseFromPoints(*c.points, c.spine, fmt.Sprintf("points %d to %d", c.points[0], c.points[1]))
		return
	}
	if len(c.quotes) == 0 && c.grade != "" {
		c.baseFromGrade()
	}
}

// inferBases gives a basis to the yearly figures that the advert leaves
// unlabelled: for the calculation only, the quotes stay as printed.
func (c *calculator) inferBases() {
	var topFTE, lowActual float64
	for _, q := range c.quotes {
		if q.unit == perYear && q.role == salary {
			switch q.basis {
			case basisFTE:
				topFTE = max(topFTE, q.lo)
			case basisActual:
				if lowActual == 0 || q.lo < lowActual {
					lowActual = q.lo
				}
			}
		}
	}
	fullPost := c.pattern == "full-time" && c.weeks.allYear && (len(c.hours.options) == 0 || c.hours.options[0] >= 35)
	for i := range c.quotes {
		q := &c.quotes[i]
		if q.unit != perYear || q.role != salary || q.basis != "" {
			continue
		}
		ends := c.bandOf(*q).ends()
		switch {
		case topFTE > 0:
			if q.lo < topFTE {
				q.basis = basisActual
			}
		case len(ends) > 0 && c.spine.fits(ends[0]), c.teacher(), fullPost, lowActual > 0 && q.lo > lowActual:
			q.basis = basisFTE
		}
	}
}

// baseFromPoints looks points up at the award in force.
func (c *calculator) baseFromPoints(points [2]int, s spine, what string) {
	if s.inForce < 0 || c.teacher() {
		return
	}
	a := s.awards[s.inForce]
	lo, knownLo := a.points[points[0]]
	hi, knownHi := a.points[points[1]]
	if !knownLo || !knownHi {
		return
	}
	c.award = s.inForce
	c.base = &money{band{&lo, &hi}, derived}
	if points[0] == points[1] {
		what = strings.Replace(what, fmt.Sprintf("points %d to %d", points[0], points[1]), fmt.Sprintf("point %d", points[0]), 1)
	}
	c.say("%s a year full time: %s of the %s, %s.", c.base.figure(false, derived), what, c.spineName(), a.name)
}

func (c *calculator) spineName() string {
	if c.area == "inner" || c.area == "outer" {
		return c.area + " London spine"
	}
	return "NJC spine"
}

// baseFromGrade resolves a grade through its employer.
func (c *calculator) baseFromGrade() {
	rows := c.tables.resolve(c.employer, c.grade)
	if len(rows) == 0 {
		c.unknown = true
		c.say("%s alone says nothing: each employer has its own grades.", c.grade)
		return
	}
	var all *band
	for _, row := range rows {
		b, found := c.rowBand(row)
		if !found {
			return
		}
		if all == nil {
			all = &b
		} else {
			*all = all.join(b)
		}
	}
	c.base = &money{*all, derived}
	c.say("%s a year full time: %s of %s%s.", c.base.figure(false, derived), c.grade, rows[0].authority, c.awardText())
}

func (c *calculator) rowBand(row gradeRow) (band, bool) {
	s := c.spine
	if area, ok := strings.CutPrefix(row.spine, "GLPC "); ok {
		s = spineAt(c.tables.londonSpine(area), c.published)
	}
	if s.inForce < 0 {
		return band{}, false
	}
	a := s.awards[s.inForce]
	if ends := a.local(row); len(ends) == 2 {
		return band{&ends[0], &ends[1]}, true
	}
	var b band
	if v, known := a.points[row.from]; known {
		b.lo = &v
	}
	if v, known := a.points[row.to]; known {
		b.hi = &v
	}
	if b.lo == nil && b.hi == nil {
		return b, false
	}
	c.award = s.inForce
	return b, true
}

// local is an employer's own range for the year of an award.
func (a award) local(row gradeRow) []float64 { return row.annual[a.name] }

// addAllowances adds priced full-time allowances to the full-time salary.
func (c *calculator) addAllowances() {
	if c.base == nil {
		return
	}
	full := *c.base
	for _, q := range c.quotes {
		if q.role != allowance || q.kind == "other" || q.unit != perYear || q.basis == basisActual {
			continue
		}
		full = money{full.plus(c.bandOf(q)), derived}
		c.say("With the %s allowance: %s a year full time.", q.kind, full.figure(false, derived))
	}
	c.full = &full
}

// findActual takes a stated actual salary, or twelve months of a monthly one.
func (c *calculator) findActual() {
	b, found := c.union(func(q quote) bool { return q.unit == perYear && q.role == salary && q.basis == basisActual })
	if found {
		c.actual = &money{b, stated}
		c.say("Actual salary: %s a year, as stated.", c.actual.figure(false, stated))
		return
	}
	if m, monthly := c.rates[perMonth]; monthly && !c.agency {
		c.actual = &money{m.times(12, 12), derived}
		c.say("Actual salary: %s a year: twelve months of %s.", c.actual.figure(false, derived), m.figure(false, derived))
	}
}

// fullFromActual undoes hours and weeks where only an actual salary, or an
// employer's hourly rate, is known.
func (c *calculator) fullFromActual() {
	lo, hi, how, ok := c.share()
	if c.full != nil || !ok || len(c.fractions) == 0 {
		return
	}
	few, many := c.fractions[0], c.fractions[len(c.fractions)-1]
	if h, hourly := c.rates[perHour]; hourly && !c.agency && c.actual == nil {
		by := c.yearWeeks() * c.fullHours()
		c.full = &money{h.times(by, by), derived}
		c.say("Full time: %s a year: the hourly rate for %s weeks of %s hours.", c.full.figure(false, derived), plain(c.yearWeeks()), plain(c.fullHours()))
		return
	}
	if c.actual == nil {
		return
	}
	c.full = &money{c.actual.times(1/many/hi, 1/few/lo), how}
	c.usedBand = c.usedBand || how == assumed
	c.say("Full time: %s a year: the actual salary over %s and %s.", c.full.figure(false, derived), c.partText(), shareText(lo, hi))
}

// actualFromFull is the full-time salary for the hours and weeks of the post.
func (c *calculator) actualFromFull() {
	if c.actual != nil || c.full == nil {
		return
	}
	lo, hi, how, ok := c.share()
	if !ok || len(c.fractions) == 0 {
		c.say("What is actually paid: not enough to say, as the advert does not print both hours and weeks.")
		return
	}
	few, many := c.fractions[0], c.fractions[len(c.fractions)-1]
	c.actual = &money{c.full.times(few*lo, many*hi), how}
	if c.full.how == assumed {
		c.actual.how = assumed
	}
	c.usedBand = c.usedBand || how == assumed
	s := fmt.Sprintf("Actual salary: %s a year: %s", c.actual.figure(false, how), c.partText())
	switch {
	case how == assumed:
		c.say("%s, with %s paid for %s weeks (an assumption: the advert prints no rule).", s, shareText(lo, hi), plain(c.weeks.worked))
	case lo == 1:
		c.say("%s, all year.", s)
	case c.weeks.paid > 0:
		c.say("%s, with %s weeks of %s paid.", s, plain(c.weeks.paid), plain(c.yearWeeks()))
	default:
		c.say("%s, with %s paid.", s, shareText(lo, hi))
	}
}

func (c *calculator) awardText() string {
	if c.award < 0 {
		return ""
	}
	if c.teacher() {
		return ", by the teachers' award of " + c.spine.awards[c.award].name
	}
	return ", by the award of " + c.spine.awards[c.award].name
}

// partText is the post as a part of full time, in words.
func (c *calculator) partText() string {
	if len(c.hours.options) > 0 && (c.hours.fraction == 0 || len(c.fractions) > 1) {
		return c.hoursText() + " hours of " + plain(c.fullHours())
	}
	if len(c.fractions) > 0 && c.fractions[0] != 1 {
		return plain(c.fractions[0]) + " of full time"
	}
	return "full time"
}

func (c *calculator) hoursText() string {
	o := c.hours.options
	if len(o) > 1 {
		return plain(o[0]) + " to " + plain(o[len(o)-1])
	}
	return plain(o[0])
}

func shareText(lo, hi float64) string {
	percent := func(v float64) string { return plain(math.Round(1000*v)/10) + "%" }
	if lo == 1 {
		return "the whole year"
	}
	if lo == hi {
		return percent(lo) + " of the year"
	}
	return percent(lo) + " to " + percent(hi) + " of the year"
}

// plain writes a number with at most three decimals and no trailing zeros.
func plain(v float64) string {
	s := strconv.FormatFloat(v, 'f', 3, 64)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}
