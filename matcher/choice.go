package matcher

import (
	"slices"

	"github.com/sendwatch/sendwatch/taxonomy"
)

// clause is a taxonomy.Clause, looked up once: one thing asked, or several of
// which all or any are.
type clause struct {
	ask     ask
	willing bool
	all     []clause
	any     []clause
}

// offersTraining reports whether a willingness to be trained is among what a
// clause names.
func (c *clause) offersTraining() bool {
	return c.willing || slices.ContainsFunc(c.all, func(d clause) bool { return d.offersTraining() }) ||
		slices.ContainsFunc(c.any, func(d clause) bool { return d.offersTraining() })
}

// clause looks the concepts of a clause up.
func (m *Matcher) clause(c *taxonomy.Clause, evidence string) *clause {
	out := &clause{willing: c.ID == willingToObtain}
	switch {
	case len(c.AllOf) > 0:
		out.all = m.clauses(c.AllOf, evidence)
	case len(c.AnyOf) > 0:
		out.any = m.clauses(c.AnyOf, evidence)
	default:
		out.ask = m.ask(&taxonomy.Requirement{ID: c.ID, MinYears: c.MinYears, Evidence: evidence})
	}
	return out
}

func (m *Matcher) clauses(cs []taxonomy.Clause, evidence string) []clause {
	out := make([]clause, len(cs))
	for i := range cs {
		out[i] = *m.clause(&cs[i], evidence)
	}
	return out
}

// chooses tells how a candidate stands to a clause. Of several things together
// the worst counts, and those that are not tested are left aside; of
// alternatives the best.
func (k *seeker) chooses(c *clause) standing {
	switch {
	case len(c.all) > 0:
		return k.allOf(c.all)
	case len(c.any) > 0:
		return k.anyOf(c.any)
	case c.willing && !k.refuses(refuseCourses), k.meets(&c.ask):
		return met
	case !c.ask.tested:
		return untested
	case k.maybe.has(c.ask.number):
		return unsaid
	}
	return unmet
}

func (k *seeker) allOf(all []clause) standing {
	worst := untested
	for i := range all {
		switch s := k.chooses(&all[i]); {
		case s == unmet:
			return unmet
		case s == unsaid, s == met && worst == untested:
			worst = s
		}
	}
	return worst
}

func (k *seeker) anyOf(any []clause) standing {
	best := unmet
	for i := range any {
		switch s := k.chooses(&any[i]); {
		case s == met:
			return met
		case s == untested, s == unsaid && best == unmet:
			best = s
		}
	}
	return best
}
