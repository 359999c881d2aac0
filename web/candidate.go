package web

import (
	"net/url"
	"slices"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// The kinds of concept that a profile is asked for: the others are never held
// against anyone (see package matcher).
const (
	kindQualification = "qualification"
	kindTraining      = "training"
	kindExperience    = "experience"
	kindLicence       = "licence"
)

// profile is a candidate as the form holds it: what is held, what is not, and what
// was not said. It stands in the address and nowhere else.
type profile struct {
	c sendwatch.Candidate
	// lacks are concepts that the person said they do not hold, and complete the kinds
	// of which they said that they hold no more.
	lacks, complete []string
}

// testedKinds are the kinds of concept in the order of the form.
var testedKinds = []string{kindQualification, kindTraining, kindExperience, kindLicence}

// The lists of a profile that offer fixed values.
var (
	offeredContracts = []string{"permanent", "fixed-term", "temporary", "casual", "apprenticeship"}
	offeredRefusals  = []string{"agency", string(sendwatch.DutyPersonalCare), string(sendwatch.DutyPhysicalIntervention), string(sendwatch.DutyOneToOne), string(sendwatch.DutyDriving)}
)

// parseProfile reads a profile from an address:
//
//	holds · lacks · towards (concepts, repeatable) · exp-… years of that experience, 0 for none
//	complete (repeatable) a kind of which no more is held
//	home place · radius miles · min_actual min_hourly pounds · hours_min hours_max a week
//	contract · need · phase · not_setting · refuse (repeatable) · drives 1
//
// What is neither held nor lacking, and of no complete kind, was not said. A concept
// or a list's value that does not exist is ignored: an old address may name it.
func parseProfile(q url.Values, t *taxonomy.Taxonomy) (profile, error) {
	p := params{q: q}
	known := func(id string) bool { _, ok := t.Concept(id); return ok }
	out := profile{lacks: chosen(q["lacks"], known), complete: chosen(q["complete"], oneOf(testedKinds))}
	c := &out.c
	c.Holds = chosen(q["holds"], known)
	c.WorkingTowards = chosen(q["towards"], known)
	c.HomePostcode = p.text("home")
	c.RadiusMiles = p.optional("radius")
	if c.HomePostcode == "" {
		c.RadiusMiles = nil
	}
	c.MinAnnualActual, c.MinHourly = positive(p.optional("min_actual")), positive(p.optional("min_hourly"))
	c.Hours = sendwatch.Range{Min: p.optional("hours_min"), Max: p.optional("hours_max")}
	c.Contracts = chosen(q["contract"], oneOf(offeredContracts))
	c.NeedsWanted = chosen(q["need"], func(id string) bool { _, ok := t.Need(id); return ok })
	c.PhasesWanted = chosen(q["phase"], func(id string) bool { _, ok := t.Phase(id); return ok })
	c.SettingsRefused = chosen(q["not_setting"], func(id string) bool { _, ok := t.Setting(id); return ok })
	c.Refuses = chosen(q["refuse"], oneOf(offeredRefusals))
	c.Drives = q.Get("drives") == "1"
	for _, concept := range tested(t) {
		if concept.Kind == kindExperience {
			before := p.err
			years := p.optional(concept.ID)
			if p.err != nil && before == nil {
				p.err = fieldError{badRequest("“%s” should be a number of years such as 2, or 0 for none.", concept.Label), concept.ID}
			}
			if years != nil && *years > 0 {
				c.Experience = append(c.Experience, sendwatch.Experience{ID: concept.ID, Years: min(*years, 60)})
			} else if years != nil && !slices.Contains(out.lacks, concept.ID) {
				out.lacks = append(out.lacks, concept.ID)
			}
		}
		if !out.said(&concept) {
			c.NotSaid = append(c.NotSaid, concept.ID)
		}
	}
	return out, p.err
}

// said reports whether the person told whether they hold a concept.
func (p *profile) said(c *taxonomy.Concept) bool {
	return slices.Contains(p.c.Holds, c.ID) || slices.Contains(p.lacks, c.ID) || slices.Contains(p.complete, c.Kind) || p.years(c.ID) != nil ||
		c.ID == "driving-licence" && p.c.Drives
}

// years is how long the person did what an experience is of; nil when not said.
func (p *profile) years(id string) *float64 {
	for i := range p.c.Experience {
		if p.c.Experience[i].ID == id {
			return &p.c.Experience[i].Years
		}
	}
	return nil
}

// profileOf is the form's state for a candidate.
func profileOf(c *sendwatch.Candidate, t *taxonomy.Taxonomy) profile {
	p := profile{c: *c}
	open := map[string]bool{}
	for _, concept := range tested(t) {
		open[concept.Kind] = open[concept.Kind] || slices.Contains(c.NotSaid, concept.ID)
	}
	for _, kind := range testedKinds {
		if !open[kind] {
			p.complete = append(p.complete, kind)
		}
	}
	for _, concept := range tested(t) {
		if !slices.Contains(c.NotSaid, concept.ID) && !p.said(&concept) {
			p.lacks = append(p.lacks, concept.ID)
		}
	}
	return p
}

// values writes a profile as parseProfile reads it.
func (p *profile) values() url.Values {
	c := &p.c
	q := url.Values{}
	for k, list := range map[string][]string{
		"holds": c.Holds, "lacks": p.lacks, "towards": c.WorkingTowards, "complete": p.complete, "contract": c.Contracts,
		"need": c.NeedsWanted, "phase": c.PhasesWanted, "not_setting": c.SettingsRefused, "refuse": c.Refuses,
	} {
		if len(list) > 0 {
			q[k] = slices.Clone(list)
		}
	}
	for _, e := range c.Experience {
		q.Set(e.ID, number(e.Years))
	}
	if c.HomePostcode != "" {
		q.Set("home", c.HomePostcode)
	}
	for k, x := range map[string]*float64{
		"radius": c.RadiusMiles, "min_actual": c.MinAnnualActual, "min_hourly": c.MinHourly, "hours_min": c.Hours.Min, "hours_max": c.Hours.Max,
	} {
		if x != nil {
			q.Set(k, number(*x))
		}
	}
	if c.Drives {
		q.Set("drives", "1")
	}
	return q
}

// tested are the concepts that a profile is asked for, in the order of the data.
func tested(t *taxonomy.Taxonomy) []taxonomy.Concept {
	return slices.DeleteFunc(t.Concepts(), func(c taxonomy.Concept) bool { return !slices.Contains(testedKinds, c.Kind) })
}

// chosen keeps of the values given those that exist, each once.
func chosen(given []string, known func(string) bool) []string {
	var out []string
	for _, id := range given {
		if known(id) && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

func oneOf(ids []string) func(string) bool {
	return func(id string) bool { return slices.Contains(ids, id) }
}

// positive leaves out a floor of zero, which asks nothing.
func positive(x *float64) *float64 {
	if x == nil || *x == 0 {
		return nil
	}
	return x
}
