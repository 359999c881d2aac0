package search

import (
	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/matcher"
)

// Dimension is a facet with values of it.
type Dimension struct {
	// Facet is its name, as Facets lists it.
	Facet  string
	Values []string
}

// Counted are the values that a vacancy counts for, by dimension. An empty value
// is none.
func Counted(a *matcher.Attributes, employer sendwatch.EmployerKind) []Dimension {
	return []Dimension{
		{FacetRole, a.Roles},
		{FacetNeed, a.Needs},
		{FacetSetting, one(a.Setting)},
		{FacetPhase, a.Phases},
		{FacetContract, one(a.Contract)},
		{FacetPattern, one(a.Pattern)},
		{FacetEmployer, one(string(employer))},
		{FacetSupport, a.Support},
		{FacetEntry, one(a.Entry)},
		{FacetDriver, one(a.Driver)},
		{FacetPaidBy, one(a.PaidBy)},
		{FacetKind, one(a.Kind)},
		{FacetDuty, a.Duties},
	}
}

// Asked are the dimensions of which a filter asks any of some values.
func Asked(f *matcher.Filter) []Dimension {
	var out []Dimension
	for _, d := range []Dimension{
		{FacetRole, f.Roles},
		{FacetNeed, f.Needs},
		{FacetSetting, f.Settings},
		{FacetPhase, f.Phases},
		{FacetContract, f.Contracts},
		{FacetPattern, f.Patterns},
		{FacetSupport, f.Support},
		{FacetEntry, f.Entry},
		{FacetDriver, f.Driver},
		{FacetPaidBy, f.PaidBy},
		{FacetKind, f.Kinds},
	} {
		if len(d.Values) > 0 {
			out = append(out, d)
		}
	}
	return out
}

// Refused are the dimensions of which a filter refuses all of some values.
func Refused(f *matcher.Filter) []Dimension {
	var out []Dimension
	if f.RefuseDriver {
		out = append(out, Dimension{FacetDriver, one(string(sendwatch.DriverNeeded))})
	}
	if len(f.RefuseDuties) > 0 {
		out = append(out, Dimension{FacetDuty, f.RefuseDuties})
	}
	return out
}

func one(value string) []string { return []string{value} }
