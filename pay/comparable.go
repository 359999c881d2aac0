package pay

import (
	"fmt"
	"strings"
)

// How a figure was reached.
const (
	stated  = "stated"
	derived = "derived"
	assumed = "assumed"
)

// The share of the year that is paid for 39 weeks, where the advert prints no
// rule: from 33 days of leave (Alderman White, Ladywood) to the model of NHS
// Employers. Other numbers of weeks scale it. See payscales/tto.yaml.
const (
	shareLow, shareHigh = 0.852, 0.872
	shareWeeks          = 39.0
)

const (
	// directedHours is a teacher's year in hours (STPCD).
	directedHours = 1265.0
	// The hours of a school day where the advert prints none.
	shortDay, longDay = 6.0, 7.0
)

// facts is all that was read of one advert.
type facts struct {
	quotes     []quote
	points     *[2]int
	grade      string
	scale      string
	area       string // of London
	hours      workHours
	weeks      workWeeks
	pattern    string
	holiday    holiday
	published  string // first day of it, YYYY-MM-DD; empty when not known
	nation     string
	employer   string
	agency     bool
	proRataPay bool
}

// money is a band with how it was reached.
type money struct {
	band
	how string
}

// calculator derives the comparable figures of one advert.
type calculator struct {
	facts
	tables *Tables
	spine  spine

	base      *money // the full-time salary without allowances
	full      *money // with them
	actual    *money
	fractions []float64 // of full time, ascending, one for each choice of hours
	award     int       // index into spine.awards, -1 for none
	unknown   bool      // the grade is known to no table
	usedBand  bool      // the default share was used
	usedDay   bool      // the default day was used
	rates     map[string]money
	typo      bool

	working []string
}

func (c *calculator) say(format string, args ...any) {
	c.working = append(c.working, fmt.Sprintf(format, args...))
}

func (c *calculator) teacher() bool {
	return c.scale == scaleTeacher || c.scale == scaleUnqual
}

func newCalculator(t *Tables, f facts) *calculator {
	c := &calculator{facts: f, tables: t, award: -1, rates: map[string]money{}}
	awards := t.awards
	switch {
	case c.teacher():
		awards = t.teachers
	case strings.EqualFold(f.nation, "scotland"):
		awards = nil
	case f.area == "inner" || f.area == "outer":
		awards = t.londonSpine(f.area)
	case f.scale == scaleGLPC:
		awards = nil
	}
	c.spine = spineAt(awards, f.published)
	c.fractions = c.partsOfFull()
	return c
}

// fullHours is the full-time week: printed, or that of the scale.
func (c *calculator) fullHours() float64 {
	switch {
	case c.hours.full >= 30 && c.hours.full <= 40:
		return c.hours.full
	case c.scale == scaleGLPC, c.area == "inner" || c.area == "outer":
		return londonWeek
	}
	return fullWeek
}

// yearWeeks is the divisor of the year: printed, or 365 days.
func (c *calculator) yearWeeks() float64 {
	if c.weeks.of > 0 {
		return c.weeks.of
	}
	return weeksInYear
}

// partsOfFull is the post as parts of full time; empty when hours are not said.
func (c *calculator) partsOfFull() []float64 {
	full := c.fullHours()
	var parts []float64
	for _, h := range c.hours.options {
		parts = append(parts, min(h/full, 1.1))
	}
	if f := c.hours.fraction; f > 0 && (len(parts) != 1 || f-parts[0] < 0.03 && parts[0]-f < 0.03) {
		return []float64{f}
	}
	if len(parts) == 0 && c.pattern == "full-time" && (c.teacher() || c.weeks.allYear) {
		return []float64{1}
	}
	return parts
}

// share is the part of the year that is paid, as a band; ok is false when the
// text gives neither weeks nor a rule.
func (c *calculator) share() (lo, hi float64, how string, ok bool) {
	w := c.weeks
	switch {
	case c.teacher(), w.allYear, w.worked >= 52:
		return 1, 1, derived, true
	case w.share > 0:
		return w.share, w.share, derived, true
	case w.worked > 0:
		return min(1, shareLow*w.worked/shareWeeks), min(1, shareHigh*w.worked/shareWeeks), assumed, true
	}
	return 0, 0, "", false
}

// calculate works out every figure. The order matters: each step uses the ones
// before it.
func (c *calculator) calculate() Comparable {
	c.readRates()
	c.findBase()
	c.addAllowances()
	c.findActual()
	c.fullFromActual()
	c.actualFromFull()
	var out Comparable
	if c.full != nil {
		out.FullTimeAnnual = c.full.figure(false, c.full.how)
		if out.FullTimeAnnual != nil && c.full.how == assumed {
			out.FullTimeAnnual.How = derived
		}
	}
	if c.actual != nil {
		out.ActualAnnual = c.actual.figure(false, c.actual.how)
	}
	out.Hourly = c.hourly()
	if d, found := c.rates[perDay]; found {
		out.Daily = d.figure(true, d.how)
	}
	out.Monthly = c.monthly()
	return out
}

func (c *calculator) monthly() *Figure {
	if m, found := c.rates[perMonth]; found {
		return m.figure(false, stated)
	}
	if c.actual == nil {
		return nil
	}
	how := c.actual.how
	if how == stated {
		how = derived
	}
	return c.actual.times(1.0/12, 1.0/12).figure(false, how)
}

// hourly is stated, else from the full-time salary, else from a week's pay, else
// from a day's.
func (c *calculator) hourly() *Figure {
	if h, found := c.rates[perHour]; found {
		return h.figure(true, h.how)
	}
	switch week, weekly := c.rates[perWeek]; {
	case c.full != nil && c.teacher():
		f := c.full.times(1/directedHours, 1/directedHours).figure(true, derived)
		c.say("By the hour: %s: the full-time salary over a teacher's 1,265 directed hours.", f)
		return f
	case c.full != nil:
		by := 1 / c.yearWeeks() / c.fullHours()
		how := derived
		if c.full.how == assumed {
			how = assumed
		}
		f := c.full.times(by, by).figure(true, how)
		c.say("By the hour: %s: the full-time salary over %s weeks and %s hours.", f, plain(c.yearWeeks()), plain(c.fullHours()))
		return f
	case weekly && len(c.hours.options) > 0:
		few, many := c.hours.options[0], c.hours.options[len(c.hours.options)-1]
		f := week.times(1/many, 1/few).figure(true, derived)
		c.say("By the hour: %s: the week's pay over %s hours.", f, c.hoursText())
		return f
	}
	return c.hourlyFromDay()
}

func (c *calculator) hourlyFromDay() *Figure {
	d, found := c.rates[perDay]
	switch {
	case !found:
		return nil
	case c.hours.day > 0:
		f := d.times(1/c.hours.day, 1/c.hours.day).figure(true, derived)
		c.say("By the hour: %s: the day rate over %s hours.", f, plain(c.hours.day))
		return f
	}
	c.usedDay = true
	f := d.times(1/longDay, 1/shortDay).figure(true, assumed)
	c.say("By the hour: %s, assuming a paid day of 6 to 7 hours: the advert does not print one.", f)
	return f
}
