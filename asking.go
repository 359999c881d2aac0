package sendwatch

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sendwatch/sendwatch/taxonomy"
)

// Evidence is words that a value was read from.
type Evidence struct {
	Text string
	// Document names the attached document that they stand in; empty when they are
	// the advert's own.
	Document string
}

// Asking is one thing that a post asks for, or several of which any is enough.
type Asking struct {
	// Alternatives are in the advert's order; one alone is no choice.
	Alternatives []string
	Evidence     []Evidence
}

// Asks gathers what a post asks for at a level, alternatives together, in words:
// label names a concept of the taxonomy.
func (r *Reading) Asks(level taxonomy.Level, label func(id string) string) []Asking {
	var out []Asking
	groups := map[int]int{} // group number -> index in out
	for i := range r.Requirements {
		q := &r.Requirements[i]
		if q.Level != level {
			continue
		}
		at := len(out)
		if q.AnyOfGroup != nil {
			if had, ok := groups[*q.AnyOfGroup]; ok {
				at = had
			}
			groups[*q.AnyOfGroup] = at
		}
		if at == len(out) {
			out = append(out, Asking{})
		}
		out[at].Alternatives = append(out[at].Alternatives, asked(q.ID, q.MinYears, label))
		out[at].quote(q.Evidence)
	}
	for i := range r.Choices {
		if at, ok := groups[r.Choices[i].Group]; ok {
			out[at].Alternatives = alternatives(&r.Choices[i].Clause, label)
		}
	}
	for i := range out {
		for j := range out[i].Evidence {
			e := &out[i].Evidence[j]
			e.Document = r.SourceOf(e.Text)
		}
	}
	return out
}

// quote adds evidence. Of words that hold one another the longest stay.
func (a *Asking) quote(words string) {
	holds := func(e Evidence) bool { return strings.Contains(e.Text, words) }
	if words == "" || slices.ContainsFunc(a.Evidence, holds) {
		return
	}
	within := func(e Evidence) bool { return strings.Contains(words, e.Text) }
	a.Evidence = append(slices.DeleteFunc(a.Evidence, within), Evidence{Text: words})
}

// alternatives are the things of a clause of which any is enough.
func alternatives(c *taxonomy.Clause, label func(string) string) []string {
	if len(c.AnyOf) == 0 {
		return []string{clause(c, label)}
	}
	var out []string
	for i := range c.AnyOf {
		out = append(out, clause(&c.AnyOf[i], label))
	}
	return out
}

// clause writes a clause with "and", "or" and brackets.
func clause(c *taxonomy.Clause, label func(string) string) string {
	parts, joint := c.AllOf, " and "
	if len(c.AnyOf) > 0 {
		parts, joint = c.AnyOf, " or "
	}
	if len(parts) == 0 {
		return asked(c.ID, c.MinYears, label)
	}
	said := make([]string, len(parts))
	for i := range parts {
		if said[i] = clause(&parts[i], label); len(parts[i].AllOf)+len(parts[i].AnyOf) > 0 {
			said[i] = "(" + said[i] + ")"
		}
	}
	return strings.Join(said, joint)
}

func asked(id string, years *float64, label func(string) string) string {
	if years == nil {
		return label(id)
	}
	return label(id) + " (" + yearsText(*years) + ")"
}

// yearsText writes a length of experience; below a year in months.
func yearsText(y float64) string {
	months := int(y*12 + 0.5)
	switch {
	case months == 12:
		return "1 year"
	case months == 1:
		return "1 month"
	case months < 12:
		return strconv.Itoa(months) + " months"
	}
	return strconv.FormatFloat(y, 'f', -1, 64) + " years"
}
