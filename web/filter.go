package web

import (
	"context"
	"slices"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/search"
)

// group is one set of filter boxes.
type group struct {
	Name, Label string
	Options     []option
}

// chip is a filter in use and the address of the search without it.
type chip struct{ Text, Without string }

// dimension is one list of the criteria that the site filters by. Its name is
// that of the facet, of the form's field and of its labels.
type dimension struct {
	name, label string
	list        func(*sendwatch.Criteria) *[]string
	// varied: the boxes are there only where the posts found differ in it.
	varied bool
}

var dimensions = []dimension{
	{name: search.FacetEntry, label: "New to the work", list: func(c *sendwatch.Criteria) *[]string { return &c.Entry }},
	{name: search.FacetRole, label: "Role", list: func(c *sendwatch.Criteria) *[]string { return &c.Roles }},
	{name: search.FacetNeed, label: "Pupils’ needs", list: func(c *sendwatch.Criteria) *[]string { return &c.Needs }},
	{name: search.FacetSupport, label: "Whom you support", list: func(c *sendwatch.Criteria) *[]string { return &c.Support }},
	{name: search.FacetSetting, label: "Setting", list: func(c *sendwatch.Criteria) *[]string { return &c.Settings }},
	{name: search.FacetPhase, label: "Ages", list: func(c *sendwatch.Criteria) *[]string { return &c.Phases }},
	{name: search.FacetContract, label: "Contract", list: func(c *sendwatch.Criteria) *[]string { return &c.Contracts }},
	{name: search.FacetPattern, label: "Working pattern", list: func(c *sendwatch.Criteria) *[]string { return &c.Patterns }},
	{name: search.FacetPaidBy, label: "Who pays", list: func(c *sendwatch.Criteria) *[]string { return &c.PaidBy }},
	{name: search.FacetDriver, label: "Driving", list: func(c *sendwatch.Criteria) *[]string { return &c.Driver }},
	{name: search.FacetKind, label: "Posts and registers", list: func(c *sendwatch.Criteria) *[]string { return &c.Kinds }, varied: true},
}

// choices counts, for each dimension, what choosing one of its values would
// find. The values of one dimension are alternatives, so where one is chosen
// already its siblings are counted as though none were: they could not be added
// otherwise.
func (s *Site) choices(ctx context.Context, c sendwatch.Criteria, found map[string][]search.Facet) (map[string][]search.Facet, error) {
	out := make(map[string][]search.Facet, len(dimensions))
	for _, d := range dimensions {
		out[d.name] = found[d.name]
		if len(*d.list(&c)) == 0 {
			continue
		}
		open := c
		*d.list(&open) = nil
		a, err := s.o.Search.Search(ctx, search.Request{Criteria: open, PerPage: 1, Facets: []string{d.name}, AsTyped: true})
		if err != nil {
			return nil, err
		}
		out[d.name] = a.Facets[d.name]
	}
	return out, nil
}

// groups builds the filter boxes: every value that is counted, and every value
// that is chosen already. What may be left out is told by what was found.
func (s *Site) groups(c sendwatch.Criteria, found, counted map[string][]search.Facet) []group {
	var out []group
	for _, d := range dimensions {
		g := group{Name: d.name, Label: d.label}
		chosen := *d.list(&c)
		for _, f := range counted[d.name] {
			g.Options = append(g.Options, option{Value: f.Value, Label: s.label(d.name, f.Value), Count: f.Count, Chosen: slices.Contains(chosen, f.Value)})
		}
		for _, id := range chosen {
			if !slices.ContainsFunc(g.Options, func(o option) bool { return o.Value == id }) {
				g.Options = append(g.Options, option{Value: id, Label: s.label(d.name, id), Chosen: true})
			}
		}
		if len(g.Options) > 1 || len(g.Options) == 1 && (!d.varied || len(chosen) > 0) {
			out = append(out, g)
		}
	}
	if g := s.refusals(c.Refuses, found); len(g.Options) > 0 {
		out = append(out, g)
	}
	return out
}

// refusals are the boxes for what a person will not take: what some of the posts
// found have, and what is refused already.
func (s *Site) refusals(chosen []string, found map[string][]search.Facet) group {
	has := func(dimension, value string) bool {
		return slices.ContainsFunc(found[dimension], func(f search.Facet) bool { return f.Value == value })
	}
	agency := string(sendwatch.EmployerAgency)
	some := map[string]bool{
		agency:                        has(search.FacetEmployer, agency) || has(search.FacetPaidBy, agency),
		string(sendwatch.DutyDriving): has(search.FacetDriver, string(sendwatch.DriverNeeded)),
	}
	g := group{Name: "refuse", Label: "Leave out"}
	for _, id := range []string{agency, string(sendwatch.DutyPersonalCare), string(sendwatch.DutyPhysicalIntervention), string(sendwatch.DutyOneToOne), string(sendwatch.DutyDriving)} {
		is := slices.Contains(chosen, id)
		if is || some[id] || has(search.FacetDuty, id) {
			g.Options = append(g.Options, option{Value: id, Label: s.label("duty", id), Chosen: is})
		}
	}
	return g
}

// chips lists the filters in use, without what the search form always shows.
func (s *Site) chips(c sendwatch.Criteria, sort search.Sort) []chip {
	var out []chip
	add := func(text string, drop func(*sendwatch.Criteria)) {
		less := c
		drop(&less)
		out = append(out, chip{Text: text, Without: address(Values(less, sort))})
	}
	lists := append(slices.Clone(dimensions), dimension{name: "duty", list: func(c *sendwatch.Criteria) *[]string { return &c.Refuses }})
	for _, d := range lists {
		for i, id := range *d.list(&c) {
			text := s.label(d.name, id)
			if d.name == "duty" {
				text = "Not: " + text
			}
			add(text, func(c *sendwatch.Criteria) { *d.list(c) = slices.Delete(slices.Clone(*d.list(c)), i, i+1) })
		}
	}
	if c.MinActual > 0 {
		add(pounds(c.MinActual)+" a year or more", func(c *sendwatch.Criteria) { c.MinActual = 0 })
	}
	if c.MinHourly > 0 {
		add(pounds(c.MinHourly)+" an hour or more", func(c *sendwatch.Criteria) { c.MinHourly = 0 })
	}
	if c.Hours.Min != nil {
		add("From "+number(*c.Hours.Min)+" hours a week", func(c *sendwatch.Criteria) { c.Hours.Min = nil })
	}
	if c.Hours.Max != nil {
		add("Up to "+number(*c.Hours.Max)+" hours a week", func(c *sendwatch.Criteria) { c.Hours.Max = nil })
	}
	if c.StatedPayOnly {
		add("Pay stated", func(c *sendwatch.Criteria) { c.StatedPayOnly = false })
	}
	return out
}

func pounds(x float64) string { return (&pay.Figure{Min: &x, Max: &x}).String() }
