package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/matcher"
)

// Relaxation is one way to ask less: the criteria without one of their parts,
// or with a part made wider, and how many vacancies that finds.
type Relaxation struct {
	// Part is what gives way: words, role, need, setting, phase, contract,
	// pattern, support, entry, driver, paid-by, kind, distance, near, pay,
	// stated-pay, hours or refuses. "distance" doubles how far from home; "near"
	// forgets home.
	Part string `json:"part"`
	// Criteria are what is left to ask.
	Criteria sendwatch.Criteria `json:"criteria"`
	Total    int                `json:"total"`
}

// part is one part of criteria that can give way.
type part struct {
	name  string
	asked func(*sendwatch.Criteria) bool
	relax func(*sendwatch.Criteria)
}

// parts in the order in which a person would rather give them up, which breaks
// ties between relaxations that find equally many.
var parts = []part{
	{"stated-pay", func(c *sendwatch.Criteria) bool { return c.StatedPayOnly },
		func(c *sendwatch.Criteria) { c.StatedPayOnly = false }},
	{"distance", near, farther},
	{"words", func(c *sendwatch.Criteria) bool { return c.Words != "" },
		func(c *sendwatch.Criteria) { c.Words = "" }},
	{"kind", func(c *sendwatch.Criteria) bool { return len(c.Kinds) > 0 },
		func(c *sendwatch.Criteria) { c.Kinds = nil }},
	{"driver", func(c *sendwatch.Criteria) bool { return len(c.Driver) > 0 },
		func(c *sendwatch.Criteria) { c.Driver = nil }},
	{"paid-by", func(c *sendwatch.Criteria) bool { return len(c.PaidBy) > 0 },
		func(c *sendwatch.Criteria) { c.PaidBy = nil }},
	{"support", func(c *sendwatch.Criteria) bool { return len(c.Support) > 0 },
		func(c *sendwatch.Criteria) { c.Support = nil }},
	{"pattern", func(c *sendwatch.Criteria) bool { return len(c.Patterns) > 0 },
		func(c *sendwatch.Criteria) { c.Patterns = nil }},
	{"contract", func(c *sendwatch.Criteria) bool { return len(c.Contracts) > 0 },
		func(c *sendwatch.Criteria) { c.Contracts = nil }},
	{"hours", func(c *sendwatch.Criteria) bool { return c.Hours != sendwatch.Range{} },
		func(c *sendwatch.Criteria) { c.Hours = sendwatch.Range{} }},
	{"entry", func(c *sendwatch.Criteria) bool { return len(c.Entry) > 0 },
		func(c *sendwatch.Criteria) { c.Entry = nil }},
	{"setting", func(c *sendwatch.Criteria) bool { return len(c.Settings) > 0 },
		func(c *sendwatch.Criteria) { c.Settings = nil }},
	{"phase", func(c *sendwatch.Criteria) bool { return len(c.Phases) > 0 },
		func(c *sendwatch.Criteria) { c.Phases = nil }},
	{"need", func(c *sendwatch.Criteria) bool { return len(c.Needs) > 0 },
		func(c *sendwatch.Criteria) { c.Needs = nil }},
	{"role", func(c *sendwatch.Criteria) bool { return len(c.Roles) > 0 },
		func(c *sendwatch.Criteria) { c.Roles = nil }},
	{"pay", func(c *sendwatch.Criteria) bool { return c.MinActual > 0 || c.MinHourly > 0 },
		func(c *sendwatch.Criteria) { c.MinActual, c.MinHourly, c.StatedPayOnly = 0, 0, false }},
	{"refuses", func(c *sendwatch.Criteria) bool { return len(c.Refuses) > 0 },
		func(c *sendwatch.Criteria) { c.Refuses = nil }},
	{"near", near, func(c *sendwatch.Criteria) { c.Near, c.WithinMiles, c.Homes = "", 0, nil }},
}

func near(c *sendwatch.Criteria) bool { return c.Near != "" || len(c.Homes) > 0 }

// farther doubles every distance. A home without one takes that of the criteria,
// and criteria without one the default.
func farther(c *sendwatch.Criteria) {
	c.WithinMiles = 2 * cmp.Or(c.WithinMiles, matcher.DefaultMiles)
	homes := slices.Clone(c.Homes)
	for i := range homes {
		homes[i].WithinMiles *= 2
	}
	c.Homes = homes
}

// relax counts what each part of the criteria costs, and returns the
// relaxations that find something, most first.
func (s *Service) relax(ctx context.Context, c sendwatch.Criteria) ([]Relaxation, error) {
	var found []Relaxation
	for _, p := range parts {
		if !p.asked(&c) {
			continue
		}
		r := Relaxation{Part: p.name, Criteria: c}
		p.relax(&r.Criteria)
		filter, err := s.o.Matcher.Compile(r.Criteria)
		if err != nil {
			return nil, fmt.Errorf("search: without %s: %w", p.name, err)
		}
		res, err := s.o.Index.Search(ctx, Query{Filter: filter, Sort: SortNewest, PerPage: 1})
		if err != nil {
			return nil, fmt.Errorf("search: without %s: %w", p.name, err)
		}
		if r.Total = res.Total; r.Total > 0 {
			found = append(found, r)
		}
	}
	slices.SortStableFunc(found, func(a, b Relaxation) int { return b.Total - a.Total })
	return found, nil
}
