package matcher

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/terms"
)

// DefaultMiles is how far "near" reaches when no distance is given.
const DefaultMiles = 15

// Circle is a place to search from: degrees and miles.
type Circle struct {
	Lat, Lon float64
	Miles    float64
}

// Filter is resolved criteria: places are circles, words are terms. The zero
// Filter accepts every open vacancy in scope.
type Filter struct {
	// All must be held, None must not.
	All, None []string
	// Each list means any of these; an empty list asks nothing. An unknown value
	// is in no list.
	Roles, Needs, Settings, Phases, Contracts, Patterns []string
	Support, Entry, Driver, PaidBy, Kinds               []string
	// Homes: within the circle of any one. Empty asks nothing; a vacancy that is
	// not Located is within none.
	Homes []Circle
	// MinActual and MinHourly are floors in pounds; zero asks nothing. Only a top
	// that is known to be lower is refused.
	MinActual, MinHourly float64
	// StatedPayOnly refuses what states no pay at all.
	StatedPayOnly bool
	// Hours a week; unknown hours pass.
	Hours        sendwatch.Range
	RefuseAgency bool
	// RefuseDriver refuses what is known to need a driver.
	RefuseDriver bool
	RefuseDuties []string
}

// Compile resolves criteria. A place that nobody knows is an error that wraps
// place.ErrUnknown, an id that the taxonomy lacks one that wraps ErrUnknown; both
// name it.
func (m *Matcher) Compile(c sendwatch.Criteria) (Filter, error) {
	q := m.Terms.Query(c.Words)
	f := Filter{
		All: q.All, None: q.None,
		Roles: c.Roles, Needs: c.Needs, Settings: c.Settings, Phases: c.Phases,
		Contracts: c.Contracts, Patterns: patterns(c.Patterns),
		Support: c.Support, Entry: c.Entry, Driver: c.Driver, PaidBy: c.PaidBy, Kinds: c.Kinds,
		MinActual: c.MinActual, MinHourly: c.MinHourly, StatedPayOnly: c.StatedPayOnly, Hours: c.Hours,
	}
	if err := m.check(&c); err != nil {
		return Filter{}, err
	}
	for _, r := range c.Refuses {
		if r == refuseAgency {
			f.RefuseAgency = true
			continue
		}
		f.RefuseDriver = f.RefuseDriver || r == string(sendwatch.DutyDriving)
		f.RefuseDuties = append(f.RefuseDuties, r)
	}
	homes := c.Homes
	if c.Near != "" {
		homes = append([]sendwatch.Home{{Near: c.Near, WithinMiles: c.WithinMiles}}, homes...)
	}
	for _, h := range homes {
		p, err := m.Gazetteer.Find(h.Near)
		if err != nil {
			return Filter{}, err
		}
		miles := cmp.Or(h.WithinMiles, c.WithinMiles, DefaultMiles)
		f.Homes = append(f.Homes, Circle{Lat: p.Lat, Lon: p.Lon, Miles: miles})
	}
	return f, nil
}

// refuseAgency is the one thing among Criteria.Refuses that is no duty.
const refuseAgency = "agency"

// check finds the first id that the taxonomy lacks.
func (m *Matcher) check(c *sendwatch.Criteria) error {
	for _, list := range []struct {
		noun  string
		ids   []string
		known func(string) bool
	}{
		{"role", c.Roles, func(id string) bool { _, ok := m.Taxonomy.Role(id); return ok }},
		{"need", c.Needs, func(id string) bool { _, ok := m.Taxonomy.Need(id); return ok }},
		{"setting", c.Settings, func(id string) bool { _, ok := m.Taxonomy.Setting(id); return ok }},
		{"phase", c.Phases, func(id string) bool { _, ok := m.Taxonomy.Phase(id); return ok }},
		{"contract", c.Contracts, oneOf("permanent", "fixed-term", "temporary", "casual", "temp-to-perm", "maternity-cover", "apprenticeship")},
		{"working pattern", c.Patterns, oneOf(fullTime, partTime, either)},
		{"kind of support", c.Support, oneOf(spelt(sendwatch.Supports())...)},
		{"way in", c.Entry, oneOf(spelt(sendwatch.Entries())...)},
		{"driving", c.Driver, oneOf(spelt(sendwatch.Drivers())...)},
		{"payer", c.PaidBy, oneOf(spelt(sendwatch.Payers())...)},
		{"kind", c.Kinds, oneOf(spelt(sendwatch.Kinds())...)},
		{"refusal", c.Refuses, oneOf(refuseAgency, string(sendwatch.DutyPersonalCare), string(sendwatch.DutyPhysicalIntervention), string(sendwatch.DutyOneToOne), string(sendwatch.DutyDriving))},
	} {
		for _, id := range list.ids {
			if !list.known(id) {
				return fmt.Errorf("%w %s %q", ErrUnknown, list.noun, id)
			}
		}
	}
	return nil
}

func oneOf(ids ...string) func(string) bool {
	return func(id string) bool { return slices.Contains(ids, id) }
}

// The working patterns of pay.Offer.
const (
	fullTime = "full-time"
	partTime = "part-time"
	either   = "either"
)

// patterns adds "either", which suits whoever asks for one of the two.
func patterns(asked []string) []string {
	if len(asked) == 0 || slices.Contains(asked, either) {
		return asked
	}
	return append(slices.Clone(asked), either)
}

// Accepts tells whether the filter lets a vacancy through. Being in scope, open
// and a job or a register is part of it.
func (f *Filter) Accepts(a *Attributes) bool {
	for i := range conditions {
		if !conditions[i].passes(f, a) {
			return false
		}
	}
	return true
}

// refuses names what the filter holds against a vacancy, nothing when it accepts.
func (f *Filter) refuses(a *Attributes) []string {
	var out []string
	for i := range conditions {
		if !conditions[i].passes(f, a) {
			out = append(out, conditions[i].name)
		}
	}
	return slices.Compact(out)
}

// The names of what stands in a vacancy's way.
const (
	blockScope    = "out-of-scope"
	blockDistance = "distance"
	blockPay      = "pay"
	blockHours    = "hours"
	blockContract = "contract"
	blockSetting  = "setting"
	blockRefuses  = "refuses"
)

// conditions are all that a filter asks, cheapest first.
var conditions = [...]struct {
	name   string
	passes func(f *Filter, a *Attributes) bool
}{
	{"closed", func(_ *Filter, a *Attributes) bool { return a.Open }},
	{blockScope, func(_ *Filter, a *Attributes) bool {
		return a.Scope == string(sendwatch.ScopeIn) && (a.Kind == string(sendwatch.KindVacancy) || a.Kind == string(sendwatch.KindPool))
	}},
	{blockDistance, func(f *Filter, a *Attributes) bool { return f.within(a) }},
	{blockPay, func(f *Filter, a *Attributes) bool {
		return !below(a.ActualTop, f.MinActual) && !below(a.HourlyTop, f.MinHourly) && (a.PayStated || !f.StatedPayOnly)
	}},
	{blockHours, func(f *Filter, a *Attributes) bool {
		return a.Hours == nil || (f.Hours.Min == nil || *a.Hours >= *f.Hours.Min) && (f.Hours.Max == nil || *a.Hours <= *f.Hours.Max)
	}},
	{blockContract, func(f *Filter, a *Attributes) bool { return among(f.Contracts, a.Contract) }},
	{blockSetting, func(f *Filter, a *Attributes) bool { return among(f.Settings, a.Setting) }},
	{blockRefuses, func(f *Filter, a *Attributes) bool {
		return (!f.RefuseAgency || !a.Agency) && (!f.RefuseDriver || a.Driver != string(sendwatch.DriverNeeded)) && !overlap(f.RefuseDuties, a.Duties)
	}},
	{"pattern", func(f *Filter, a *Attributes) bool { return among(f.Patterns, a.Pattern) }},
	{"role", func(f *Filter, a *Attributes) bool { return len(f.Roles) == 0 || overlap(f.Roles, a.Roles) }},
	{"need", func(f *Filter, a *Attributes) bool { return len(f.Needs) == 0 || overlap(f.Needs, a.Needs) }},
	{"phase", func(f *Filter, a *Attributes) bool { return len(f.Phases) == 0 || overlap(f.Phases, a.Phases) }},
	{"support", func(f *Filter, a *Attributes) bool { return len(f.Support) == 0 || overlap(f.Support, a.Support) }},
	{"entry", func(f *Filter, a *Attributes) bool { return among(f.Entry, a.Entry) }},
	{"driver", func(f *Filter, a *Attributes) bool { return among(f.Driver, a.Driver) }},
	{"paid-by", func(f *Filter, a *Attributes) bool { return among(f.PaidBy, a.PaidBy) }},
	{"kind", func(f *Filter, a *Attributes) bool { return among(f.Kinds, a.Kind) }},
	{"words", func(f *Filter, a *Attributes) bool {
		return terms.HoldsAll(a.Terms, f.All) && !terms.HoldsAny(a.Terms, f.None)
	}},
}

func below(top *float64, floor float64) bool { return top != nil && *top < floor }

// among reports whether an asked list is empty or has the value; an empty value
// is unknown, and in no list.
func among(asked []string, value string) bool {
	return len(asked) == 0 || value != "" && slices.Contains(asked, value)
}

func overlap(a, b []string) bool {
	for _, x := range a {
		if slices.Contains(b, x) {
			return true
		}
	}
	return false
}

func (f *Filter) within(a *Attributes) bool {
	return len(f.Homes) == 0 || a.Located && Within(f.Homes, a.Lat, a.Lon)
}

// nearest is the distance from the nearest home, nil when it cannot be told.
func (f *Filter) nearest(a *Attributes) *float64 {
	if !a.Located || len(f.Homes) == 0 {
		return nil
	}
	least := Nearest(f.Homes, a.Lat, a.Lon)
	return &least
}

// MilesTo is the distance from the circle's centre to a place, as everywhere.
func (c Circle) MilesTo(lat, lon float64) float64 {
	return place.Miles(&place.Place{Lat: c.Lat, Lon: c.Lon}, &place.Place{Lat: lat, Lon: lon})
}

// Nearest is the distance in miles from a place to the nearest home; infinite
// without one.
func Nearest(homes []Circle, lat, lon float64) float64 {
	least := math.Inf(1)
	for _, h := range homes {
		least = min(least, h.MilesTo(lat, lon))
	}
	return least
}

// Within reports whether a place lies in the circle of any home.
func Within(homes []Circle, lat, lon float64) bool {
	return slices.ContainsFunc(homes, func(h Circle) bool { return h.MilesTo(lat, lon) <= h.Miles })
}

// doubts names what the criteria ask and the advert does not tell.
func (f *Filter) doubts(a *Attributes) []string {
	out := []string{}
	if f.MinActual > 0 && !a.ActualKnown || f.MinHourly > 0 && !a.HourlyKnown {
		out = append(out, doubtPay)
	}
	if (f.Hours.Min != nil || f.Hours.Max != nil) && a.Hours == nil {
		out = append(out, doubtHours)
	}
	return out
}
