package matcher

import "github.com/sendwatch/sendwatch"

// DefaultMiles is how far "near" reaches when no distance is given.
const DefaultMiles = 15

// Circle is a place to search from.
type Circle struct {
	Lat, Lon float64
	Miles    float64
}

// Filter is resolved criteria: places are points, words are terms.
type Filter struct {
	// All must be held, None must not.
	All, None []string
	// Each list means any of these; an empty list asks nothing.
	Roles, Needs, Settings, Phases, Contracts, Patterns []string
	// Homes: within the circle of any one. Empty asks nothing.
	Homes []Circle
	// MinActual and MinHourly are floors in pounds; zero asks nothing.
	MinActual, MinHourly float64
	StatedPayOnly        bool
	Hours                sendwatch.Range
	RefuseAgency         bool
	RefuseDuties         []string
}

// Compile resolves criteria.
func (m *Matcher) Compile(c sendwatch.Criteria) (Filter, error) { return Filter{}, nil }

// Accepts tells whether the filter lets a vacancy through.
func (f *Filter) Accepts(a *Attributes) bool { return false }
