package matcher

import (
	"slices"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// offer is a vacancy made ready to be matched with many.
type offer struct {
	m          *Matcher
	v          *sendwatch.Vacancy
	attributes Attributes
	demands    []demand
	annual     band
	hourly     band
	hours      band
	// hints are the duties that any requirement is about, desirable ones too.
	hints []string
}

func (m *Matcher) offer(v *sendwatch.Vacancy) *offer {
	o := &offer{
		m:          m,
		v:          v,
		attributes: m.Attributes(v),
		demands:    m.demands(v),
		annual:     annualBand(&v.Pay),
		hourly:     hourlyBand(&v.Pay),
		hours:      hoursBand(&v.Pay),
	}
	for i := range v.Requirements {
		o.hints = m.addDuties(o.hints, v.Requirements[i].ID)
	}
	return o
}

// needLabel is how a need is called within a sentence.
func (o *offer) needLabel(id string) string {
	if l, ok := o.m.Taxonomy.Need(id); ok {
		return l.Label
	}
	return id
}

// demand is one requirement, or several of which any is enough.
type demand struct {
	asks      []ask
	essential bool
	// willing: whoever is willing to train meets it.
	willing bool
	// underWay: though training may be unfinished, it must have begun.
	underWay bool
	// untested: a member is of a kind that is never held against anyone.
	untested bool
	// choice, where there is one, is what the members stand for exactly.
	choice *clause
}

// ask is one member of a demand.
type ask struct {
	id     string
	kind   string
	label  string // as it stands within a sentence
	number int    // of the concept; -1 for one that the taxonomy lacks
	tested bool
	// years is the least experience asked, zero when none is.
	years float64
	// evidence is the span of the advert that asks.
	evidence string
}

// willingToObtain is the concept that stands for "or willing to train".
const willingToObtain = "willing-to-obtain"

// demands joins requirements of one group, in the advert's order.
func (m *Matcher) demands(v *sendwatch.Vacancy) []demand {
	var out []demand
	requirements := v.Requirements
	groups := make(map[int]int) // group number -> index in out
	for i := range requirements {
		r := &requirements[i]
		at := len(out)
		if r.AnyOfGroup != nil {
			if had, ok := groups[*r.AnyOfGroup]; ok {
				at = had
			}
			groups[*r.AnyOfGroup] = at
		}
		if at == len(out) {
			out = append(out, demand{})
		}
		d := &out[at]
		d.essential = d.essential || r.Level == taxonomy.Essential
		if r.ID == willingToObtain {
			d.willing = true
			continue
		}
		a := m.ask(r)
		d.untested = d.untested || !a.tested
		d.asks = append(d.asks, a)
	}
	for i := range v.Choices {
		if at, ok := groups[v.Choices[i].Group]; ok && len(out[at].asks) > 0 {
			out[at].choice = m.clause(&v.Choices[i].Clause, out[at].asks[0].evidence)
			out[at].willing = out[at].willing || out[at].choice.offersTraining()
		}
	}
	out = slices.DeleteFunc(out, func(d demand) bool { return len(d.asks) == 0 })
	for i := range out {
		out[i].underWay = out[i].willing && m.underWay(&out[i], v.Body)
	}
	return out
}

func (m *Matcher) ask(r *taxonomy.Requirement) ask {
	a := ask{id: r.ID, label: r.ID, number: -1, evidence: r.Evidence}
	c, ok := m.Taxonomy.Concept(r.ID)
	if !ok {
		return a
	}
	a.kind, a.label, a.number, a.tested = c.Kind, short(c.Label), m.number[r.ID], tested(c.Kind)
	if c.Kind == kindExperience {
		a.label = uncapital(a.label) // the other labels are names
	}
	if r.MinYears != nil && c.Kind == kindExperience {
		a.years = *r.MinYears
	}
	return a
}

const kindExperience = "experience"

// tested reports whether lacking a concept of this kind can be held against a
// candidate. Skills, qualities, knowledge, checks and attributes cannot be told
// from a profile, or are settled after an offer.
func tested(kind string) bool {
	switch kind {
	case "qualification", "training", kindExperience, "licence":
		return true
	}
	return false
}
