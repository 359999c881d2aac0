package pay

import (
	"math"
	"strings"
)

// Read says what an advert offers. It never fails: what the texts do not say is
// nil, and its lists are never nil. Each text is read up to 20,000 characters.
func (t *Tables) Read(in Input) Offer {
	payText, hours, contract, dates := clean(in.PayText), clean(in.HoursText), clean(in.ContractText), clean(in.DatesText)
	f := facts{
		agency:    strings.EqualFold(strings.TrimSpace(in.EmployerKind), "agency"),
		published: day(in.Published),
		nation:    strings.TrimSpace(in.Nation),
		employer:  in.Employer,
		holiday:   readHoliday(payText.lower),
		area:      londonArea(payText, in),
		pattern:   findPattern(contract.lower, hours.lower, payText.lower),
	}
	f.quotes = findQuotes(payText.lower, f.agency)
	f.points = findPoints(payText.lower)
	f.grade = findGrade(payText, f.points, f.agency)
	f.scale = findScale(payText, in, f.grade)
	if f.scale == scaleOther || f.scale == scaleTeacher || f.scale == scaleUnqual {
		f.points = nil
	}
	f.hours = readHours(hours.lower, payText.lower, contract.lower)
	f.weeks = readWeeks(hours.lower, contract.lower, payText.lower)
	disagrees := f.useStructured(in.Structured)
	f.proRataPay = strings.Contains(notProRata.ReplaceAllString(payText.lower, ""), "pro rata")

	out := f.offer()
	out.Contract = optional(findContract(contract.lower, hours.lower, dates.lower))
	p := readDates(contract.lower, dates.lower)
	out.Start, out.End, out.Closes = optional(p.start), optional(p.end), optional(p.closes)

	c := newCalculator(t, f.copied())
	out.Comparable = c.calculate()
	out.Flags = c.flags(out.Comparable)
	if disagrees {
		out.Flags = append(out.Flags, flagStructured)
	}
	if c.award >= 0 {
		out.Award = optional(c.spine.awards[c.award].name)
	}
	out.Working = append(out.Working, c.working...)
	return out
}

// copied gives the calculator quotes of its own, as it infers bases that the
// printed quotes do not have.
func (f facts) copied() facts {
	f.quotes = append([]quote(nil), f.quotes...)
	return f
}

// offer is the part of an Offer that was read and not worked out.
func (f facts) offer() Offer {
	out := Offer{Quoted: []Quote{}, Allowances: []Allowance{}, Working: []string{}, Flags: []string{}}
	for _, q := range f.quotes {
		switch {
		case q.role == allowance:
			p := q.public()
			out.Allowances = append(out.Allowances, Allowance{Kind: q.kind, Min: p.Min, Max: p.Max})
		case q.role == salary && q.unit != "":
			out.Quoted = append(out.Quoted, q.public())
		case q.role == basic && q.unit != "" && !f.totalled(q.unit):
			out.Quoted = append(out.Quoted, q.public())
		}
	}
	out.Scale, out.Grade, out.WorkingPattern = optional(f.scale), optional(f.grade), optional(f.pattern)
	out.SCP = f.points
	if len(f.hours.options) == 1 && !f.hours.formula {
		h := math.Round(f.hours.options[0]*1000) / 1000
		out.HoursPerWeek = &h
	}
	if f.weeks.stated > 0 {
		w := f.weeks.stated
		out.WeeksPerYear = &w
	}
	if f.weeks.termTime {
		yes := true
		out.TermTimeOnly = &yes
	}
	if f.hours.fraction > 0 {
		part := f.hours.fraction
		out.FTE = &part
	}
	out.UnknownPay = len(out.Quoted) == 0 && f.grade == "" && f.points == nil && f.scale != scaleTeacher && f.scale != scaleUnqual
	return out
}

// totalled says whether the whole of a split rate is printed too.
func (f facts) totalled(unit string) bool {
	for _, q := range f.quotes {
		if q.role == salary && q.unit == unit {
			return true
		}
	}
	return false
}

// useStructured holds the page's own numbers against the text. Where the text
// has no amount they are what is quoted; where they differ from all of its
// amounts of the same unit it reports that they disagree.
func (f *facts) useStructured(s *Quote) (disagrees bool) {
	if s == nil {
		return false
	}
	lo, okLo := sane(s.Min)
	hi, okHi := sane(s.Max)
	if _, known := unitSize[s.Unit]; !known || !okLo && !okHi {
		return false
	}
	q := quote{unit: s.Unit, basis: s.Basis, note: "exact", span: span{lo: lo, hi: hi, ranged: okLo && okHi}}
	if q.basis != basisFTE && q.basis != basisActual {
		q.basis = ""
	}
	switch {
	case !okLo:
		q.lo, q.note = hi, "up_to"
	case !okHi:
		q.hi, q.note = lo, "from"
		if s.Note == "exact" {
			q.note = "exact"
		}
	case lo != hi:
		q.note = "range"
	}
	texted := false
	for _, t := range f.quotes {
		if t.role != salary || t.unit == "" {
			continue
		}
		texted = true
		if t.unit == q.unit && (!okLo || alike(t.lo, q.lo)) && (!okHi || alike(t.hi, q.hi)) {
			return false
		}
	}
	if !texted {
		f.quotes = append(f.quotes, q)
	}
	return texted
}

// alike allows for pounds that were rounded away.
func alike(a, b float64) bool { return math.Abs(a-b) <= max(0.005*math.Abs(b), 0.01) }

// sane is an amount of money that a page may have meant.
func sane(v *float64) (float64, bool) {
	if v == nil || !(*v > 0) || *v > 10_000_000 {
		return 0, false
	}
	return *v, true
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
