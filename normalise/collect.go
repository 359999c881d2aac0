package normalise

import (
	"slices"

	"github.com/sendwatch/sendwatch/taxonomy"
)

// collector gathers the requirements of an advert, one entry for each concept,
// and the choices where that says too little: where a line's group has a member
// that another line asks for as well, the group in flat form lacks it.
type collector struct {
	found   []taxonomy.Requirement
	at      map[string]int // index in found, by concept
	groups  int
	choices []taxonomy.Choice
}

// line takes what one line asks. Its groups are numbered anew through the
// whole advert.
func (c *collector) line(asked taxonomy.Asked) {
	numbers := map[int]int{}
	whole := map[int][]taxonomy.Clause{} // by the new number
	for _, r := range asked.Requirements {
		if r.AnyOfGroup != nil {
			g, ok := numbers[*r.AnyOfGroup]
			if !ok {
				c.groups++
				g = c.groups
				numbers[*r.AnyOfGroup] = g
			}
			r.AnyOfGroup = &g
			whole[g] = append(whole[g], taxonomy.Clause{ID: r.ID, MinYears: r.MinYears})
		}
		c.add(r)
	}
	for _, choice := range asked.Choices {
		if g, ok := numbers[choice.Group]; ok && len(whole[g]) == len(choice.AnyOf) {
			choice.Group = g
			c.choose(choice)
			delete(whole, g)
		}
	}
	for g := c.groups - len(numbers) + 1; g <= c.groups; g++ {
		if n := c.members(g); n > 0 && n < len(whole[g]) {
			c.choose(taxonomy.Choice{Group: g, Clause: taxonomy.Clause{AnyOf: whole[g]}})
		}
	}
}

// choose takes a choice whose group is left in the flat form.
func (c *collector) choose(choice taxonomy.Choice) {
	if c.members(choice.Group) > 0 {
		c.choices = append(c.choices, choice)
	}
}

// members counts the entries of a group.
func (c *collector) members(group int) int {
	n := 0
	for i := range c.found {
		if g := c.found[i].AnyOfGroup; g != nil && *g == group {
			n++
		}
	}
	return n
}

// standing gives the choices whose group is left when all lines are read.
func (c *collector) standing() []taxonomy.Choice {
	return slices.DeleteFunc(c.choices, func(choice taxonomy.Choice) bool { return c.members(choice.Group) == 0 })
}

// add takes one requirement.
func (c *collector) add(r taxonomy.Requirement) {
	i, ok := c.at[r.ID]
	if !ok {
		c.at[r.ID] = len(c.found)
		c.found = append(c.found, r)
		return
	}
	c.unite(&c.found[i], r)
}

// unite makes one entry of two that ask for the same concept.
func (c *collector) unite(had *taxonomy.Requirement, r taxonomy.Requirement) {
	stronger := had.Level == taxonomy.Desirable && r.Level == taxonomy.Essential
	if stronger {
		had.Level, had.Evidence = r.Level, r.Evidence
	}
	if had.MinYears == nil || stronger && r.MinYears != nil {
		had.MinYears = r.MinYears
	}
	if had.AnyOfGroup == nil && r.AnyOfGroup != nil && stronger {
		had.AnyOfGroup = r.AnyOfGroup
	}
}
