package matcher

import "github.com/sendwatch/sendwatch"

// Attributes is a vacancy laid flat: what a Filter looks at, and what every
// search engine indexes.
type Attributes struct {
	// Terms are the sorted terms of the vacancy's text.
	Terms []string
	// Roles is the role and its ancestors, itself first.
	Roles  []string
	Needs  []string
	Phases []string
	// Duties joins the stated duties and those that a requirement implies.
	Duties []string

	Setting  string
	Contract string
	// Pattern is full-time, part-time, either or empty.
	Pattern string
	Kind    string
	Scope   string

	Open   bool
	Agency bool

	Located  bool
	Lat, Lon float64

	// ActualTop is the most that a year is known to pay, in pounds; nil when
	// it is not known or the advert sets no top ("from").
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

// Attributes lays a vacancy flat.
func (m *Matcher) Attributes(v *sendwatch.Vacancy) Attributes { return Attributes{} }
