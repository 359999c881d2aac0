package matcher

import (
	"slices"

	"github.com/sendwatch/sendwatch"
)

// ledger gathers how a candidate stands to a vacancy.
type ledger struct {
	met, unmet, unknown []string // essential and desirable; essential; essential
	// What follows is for the reasons.
	held    []*ask // tested, met by what the candidate holds
	done    []*ask // tested, met by experience
	lacking []*ask // essential, unmet
	wanting []*ask // desirable, unmet
	unsure  []*ask // essential, not said
	willing bool   // some demand is met by willingness alone
	// counts, for the score
	essentials, essentialsMet int
	desirables, desirablesMet int
	broken, doubts            []string
	miles                     *float64
}

// match judges a vacancy for the candidate.
func (k *seeker) match(o *offer) sendwatch.Match {
	var l ledger
	k.weighDemands(&l, o)
	k.weighConstraints(&l, o)
	m := sendwatch.Match{
		Profile: k.c.ID, Vacancy: o.v.ID, Fit: l.fit(),
		Met: orEmpty(l.met), Unmet: orEmpty(l.unmet), Unknown: orEmpty(l.unknown),
		BlockedBy: orEmpty(l.broken), Miles: l.miles,
	}
	if m.Fit == sendwatch.FitPossible {
		m.BlockedBy = orEmpty(l.doubts)
	}
	m.Score = scale(m.Fit, k.merit(&l, o))
	m.Reasons = k.reasons(&l, o)
	m.Why = k.why(m.Fit, &l, o, m.Reasons)
	return m
}

// fit applies the rule of the package comment.
func (l *ledger) fit() sendwatch.Fit {
	switch {
	case len(l.broken) > 0 || len(l.unmet) > 1:
		return sendwatch.FitNo
	case len(l.unmet) == 1 || len(l.unknown) > 0 || len(l.doubts) > 0:
		return sendwatch.FitPossible
	}
	return sendwatch.FitStrong
}

func (k *seeker) weighDemands(l *ledger, o *offer) {
	unclear := false
	for i := range o.demands {
		d := &o.demands[i]
		how, a := k.stand(d)
		if how != untested {
			if d.essential {
				l.essentials++
			} else {
				l.desirables++
			}
		}
		switch {
		case how == met:
			if d.essential && (a == nil || a.tested) {
				l.essentialsMet++
			} else if !d.essential {
				l.desirablesMet++
			}
			if a == nil {
				l.willing = true
				unclear = unclear || d.essential && d.underWay && !k.begun(d)
				continue
			}
			l.met = append(l.met, a.id)
			switch {
			case a.kind == kindExperience:
				l.done = append(l.done, a)
			case a.tested:
				l.held = append(l.held, a)
			}
		case how == unmet && d.essential:
			l.unmet = append(l.unmet, a.id)
			l.lacking = append(l.lacking, a)
		case how == unmet:
			l.wanting = append(l.wanting, a)
		case how == unsaid && d.essential:
			l.unknown = append(l.unknown, a.id)
			l.unsure = append(l.unsure, a)
		}
	}
	if unclear {
		l.doubts = append(l.doubts, doubtRequirement)
	}
}

// begun reports whether the candidate is working towards any of what is asked.
func (k *seeker) begun(d *demand) bool {
	return slices.ContainsFunc(d.asks, func(a ask) bool { return k.towards.has(a.number) })
}

func orEmpty(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
