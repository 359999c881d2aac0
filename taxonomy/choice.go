package taxonomy

import "slices"

// Choice says exactly what a group of alternatives asks where one of them is
// several things together, as in "(a Level 2 certificate and six weeks in a
// school) or twelve months in a school". The flat requirements of the group
// hold one member for each alternative, the first that it names; whoever looks
// at single requirements reads those, and whoever tests a candidate the Choice.
type Choice struct {
	// Group is the AnyOfGroup of the flat requirements that this refines.
	Group int `json:"group"`
	Clause
}

// Clause is one thing asked, or several of which all or any are. One of ID,
// AllOf and AnyOf is set.
type Clause struct {
	// ID is a concept of the taxonomy.
	ID string `json:"id,omitempty"`
	// MinYears is the least experience asked of the concept, in years.
	MinYears *float64 `json:"min_years,omitempty"`
	AllOf    []Clause `json:"all_of,omitempty"`
	AnyOf    []Clause `json:"any_of,omitempty"`
}

// Asked is what a line asks: its requirements in flat form, and the choices
// that the flat form cannot hold.
type Asked struct {
	Requirements []Requirement
	Choices      []Choice
}

// equal says whether two clauses ask the same in the same order.
func (c Clause) equal(d Clause) bool {
	years := c.MinYears == d.MinYears || c.MinYears != nil && d.MinYears != nil && *c.MinYears == *d.MinYears
	return c.ID == d.ID && years && slices.EqualFunc(c.AllOf, d.AllOf, Clause.equal) && slices.EqualFunc(c.AnyOf, d.AnyOf, Clause.equal)
}

// all makes one clause of several that are asked together.
func all(clauses []Clause) Clause {
	if len(clauses) == 1 {
		return clauses[0]
	}
	return Clause{AllOf: clauses}
}

// anyOf makes one clause of several of which one is enough.
func anyOf(clauses []Clause) Clause {
	if len(clauses) == 1 {
		return clauses[0]
	}
	return Clause{AnyOf: clauses}
}
