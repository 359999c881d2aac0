package matcher

import (
	"slices"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// SchoolDays is how many days a year a day rate is counted for, where a floor is
// set in pounds a year: the 190 days on which pupils attend. The product compares;
// it is never shown as a salary.
const SchoolDays = 190

// Attributes is a vacancy laid flat: what a Filter looks at, and what every
// search engine indexes.
type Attributes struct {
	// Terms are the sorted terms of the vacancy's text.
	Terms []string
	// Roles is the role and its ancestors, itself first.
	Roles  []string
	Needs  []string
	Phases []string
	// Duties joins the stated duties and those that an essential requirement
	// implies, as sendwatch.Duty spells them.
	Duties []string

	// Support is the ways of giving support that are told.
	Support []string

	Setting string
	// Contract is as pay.Offer spells it, or empty.
	Contract string
	// Pattern is full-time, part-time, either or empty.
	Pattern string
	Kind    string
	Scope   string
	// Entry, Driver and PaidBy are as sendwatch.Facts spells them, or empty.
	Entry, Driver, PaidBy string

	Open bool
	// Agency says that an agency advertises or pays.
	Agency bool

	// Lat and Lon mean something only when Located.
	Located  bool
	Lat, Lon float64

	// ActualTop is the most that a year is known to pay, in pounds; nil when it
	// is not known or the advert sets no top ("from"). An agency's day rate
	// counts for SchoolDays days.
	ActualTop *float64
	// ActualKnown tells "from £X" (true) from nothing known (false).
	ActualKnown bool
	// HourlyTop and HourlyKnown are the same for pounds an hour.
	HourlyTop   *float64
	HourlyKnown bool
	// PayStated says that some figure is known, in whatever unit.
	PayStated bool
	// Hours is the hours a week, nil when not known.
	Hours *float64
}

// Attributes lays a vacancy flat. The slices may be the vacancy's own: do not
// change them.
func (m *Matcher) Attributes(v *sendwatch.Vacancy) Attributes {
	a := Attributes{
		Terms:    v.Terms,
		Roles:    m.Taxonomy.Ancestors(v.Role),
		Needs:    v.Needs,
		Phases:   v.Phases,
		Duties:   m.duties(v),
		Support:  spelt(v.Support),
		Setting:  v.Setting,
		Contract: deref(v.Pay.Contract),
		Pattern:  deref(v.Pay.WorkingPattern),
		Kind:     string(v.Kind),
		Scope:    string(v.Scope),
		Open:     v.Announceable(),
		Entry:    string(v.Entry),
		Driver:   string(v.Driver),
		PaidBy:   string(v.PaidBy),
		Agency:   v.EmployerKind == sendwatch.EmployerAgency || v.PaidBy == sendwatch.EmployerAgency,
		Hours:    v.Pay.HoursPerWeek,
	}
	if v.Place.Located() {
		a.Located, a.Lat, a.Lon = true, v.Place.Lat, v.Place.Lon
	}
	c := &v.Pay.Comparable
	if f := actual(&v.Pay); f != nil {
		a.ActualTop, a.ActualKnown = f.Max, true
	}
	if f := c.Hourly; f != nil {
		a.HourlyTop, a.HourlyKnown = f.Max, true
	}
	a.PayStated = len(v.Pay.Quoted) > 0 || c.FullTimeAnnual != nil || c.Hourly != nil || a.ActualKnown
	return a
}

// actual is what a year pays, a day rate counted for SchoolDays days; nil when
// there is not enough to say.
func actual(o *pay.Offer) *pay.Figure {
	c := &o.Comparable
	if c.ActualAnnual != nil {
		return c.ActualAnnual
	}
	if c.Daily == nil {
		return nil
	}
	return &pay.Figure{Min: times(c.Daily.Min, SchoolDays), Max: times(c.Daily.Max, SchoolDays), How: "assumed"}
}

// duties are those that the reading found and those without which an essential
// requirement would make no sense.
func (m *Matcher) duties(v *sendwatch.Vacancy) []string {
	out := spelt(v.Duties)
	for i := range v.Requirements {
		if r := &v.Requirements[i]; r.Level == taxonomy.Essential && r.AnyOfGroup == nil {
			out = m.addDuties(out, r.ID)
		}
	}
	return out
}

// addDuties adds the duties that a requirement is about.
func (m *Matcher) addDuties(out []string, requirement string) []string {
	for _, d := range [...]sendwatch.Duty{sendwatch.DutyPersonalCare, sendwatch.DutyPhysicalIntervention} {
		about := requirement == "exp-"+string(d) || m.Taxonomy.Satisfies(requirement, string(d))
		if about && !slices.Contains(out, string(d)) {
			out = append(out, string(d))
		}
	}
	return out
}

// spelt are the values of a closed vocabulary as texts, each once.
func spelt[T ~string](values []T) []string {
	var out []string
	for _, v := range values {
		if s := string(v); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func times(x *float64, by float64) *float64 {
	if x == nil {
		return nil
	}
	y := *x * by
	return &y
}
