package matcher

import (
	"slices"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/place"
)

// The doubts that make a fit no better than possible.
const (
	doubtMargin      = "distance-margin"
	doubtDistance    = "distance-unknown"
	doubtPay         = "pay-unknown"
	doubtHours       = "hours-unknown"
	doubtContract    = "contract-unknown"
	doubtRefuses     = "refuses-unknown"
	doubtTravel      = "travel-unknown"
	doubtRequirement = "requirement-unclear"
)

// MarginOfRadius is how far beyond a candidate's radius, as a factor, a vacancy is
// still worth a look: it fits possibly.
const MarginOfRadius = 1.2

func (k *seeker) weighConstraints(l *ledger, o *offer) {
	if o.v.Scope != sendwatch.ScopeIn || o.v.Kind == sendwatch.KindRoleDescription {
		l.broken = append(l.broken, blockScope)
	}
	note := func(v verdict, block, doubt string) {
		switch v {
		case broken:
			l.broken = append(l.broken, block)
		case doubtful:
			l.doubts = append(l.doubts, doubt)
		}
	}
	k.distance(l, o)
	note(k.pay(o), blockPay, doubtPay)
	note(k.hours(o), blockHours, doubtHours)
	note(k.contract(o), blockContract, doubtContract)
	if o.v.Setting != "" && slices.Contains(k.c.SettingsRefused, o.v.Setting) {
		l.broken = append(l.broken, blockSetting)
	}
	note(k.refusals(o), blockRefuses, doubtRefuses)
	if !k.c.Drives && travels(o) {
		l.doubts = append(l.doubts, doubtTravel)
	}
}

func (k *seeker) distance(l *ledger, o *offer) {
	if k.home == nil || !o.attributes.Located {
		if k.c.RadiusMiles != nil {
			l.doubts = append(l.doubts, doubtDistance)
		}
		return
	}
	miles := place.Miles(k.home, o.v.Place)
	l.miles = &miles
	if k.c.RadiusMiles == nil {
		return
	}
	switch radius := *k.c.RadiusMiles; {
	case miles > radius*MarginOfRadius:
		l.broken = append(l.broken, blockDistance)
	case miles > radius:
		l.doubts = append(l.doubts, doubtMargin)
	}
}

// pay tests every floor that is set.
func (k *seeker) pay(o *offer) verdict {
	v := kept
	if k.c.MinAnnualActual != nil {
		v = max(v, o.annual.atLeast(*k.c.MinAnnualActual))
	}
	if k.c.MinHourly != nil {
		v = max(v, o.hourly.atLeast(*k.c.MinHourly))
	}
	return v
}

func (k *seeker) hours(o *offer) verdict {
	v := kept
	if k.c.Hours.Min != nil {
		v = max(v, o.hours.atLeast(*k.c.Hours.Min))
	}
	if k.c.Hours.Max != nil {
		v = max(v, o.hours.atMost(*k.c.Hours.Max))
	}
	return v
}

// The contracts of pay.Offer that stand for others.
const (
	permanent  = "permanent"
	fixedTerm  = "fixed-term"
	temporary  = "temporary"
	maternity  = "maternity-cover"
	tempToPerm = "temp-to-perm"
)

// contract tests the kind of contract. No list means any.
func (k *seeker) contract(o *offer) verdict {
	accepts := func(c string) bool { return slices.Contains(k.c.Contracts, c) }
	offered := o.attributes.Contract
	if offered == "" && o.attributes.Agency && o.v.Pay.Comparable.Daily != nil {
		offered = temporary // an agency's day work, whatever it is called
	}
	switch {
	case len(k.c.Contracts) == 0 || accepts(offered):
		return kept
	case offered == "":
		// Casual work and apprenticeships say so; what is silent is one of three.
		if accepts(permanent) && accepts(fixedTerm) && accepts(temporary) {
			return kept
		}
		return doubtful
	case offered == temporary && !o.attributes.Agency && accepts(fixedTerm):
		return kept // a school's temporary post is one for a fixed term
	case offered == fixedTerm && accepts(temporary):
		return kept
	case offered == maternity && (accepts(fixedTerm) || accepts(temporary)):
		return kept
	case offered == tempToPerm && accepts(temporary):
		return kept
	case offered == tempToPerm && accepts(permanent):
		return doubtful
	}
	return broken
}

// refusals tests what the candidate will not do or work for. Work that such
// schools commonly ask for, and the advert is silent about, is a doubt.
func (k *seeker) refusals(o *offer) verdict {
	v := kept
	for _, what := range k.c.Refuses {
		switch {
		case what == refuseAgency:
			if o.attributes.Agency {
				return broken
			}
		case slices.Contains(o.attributes.Duties, what):
			return broken
		case hinted(what, o):
			v = doubtful
		}
	}
	return v
}

// specialist are the settings where the hardest care and behaviour are met.
var specialist = []string{"special-school", "ap-pru", "residential-special", "hospital-school"}

// likely names, for a duty, the needs that commonly bring it in a specialist
// setting.
var likely = map[sendwatch.Duty][]string{
	sendwatch.DutyPhysicalIntervention: {"semh"},
	sendwatch.DutyPersonalCare:         {"pmld", "sld", "complex", "medical", "pd"},
}

// hinted reports whether a duty that the advert does not state is likely: a
// requirement is about it, or the setting and the needs commonly bring it.
func hinted(duty string, o *offer) bool {
	return slices.Contains(o.hints, duty) || slices.Contains(specialist, o.v.Setting) && overlap(likely[sendwatch.Duty(duty)], o.v.Needs)
}

// travels reports whether the work moves between places.
func travels(o *offer) bool {
	if slices.Contains(o.attributes.Duties, string(sendwatch.DutyDriving)) {
		return true
	}
	for i := range o.demands {
		d := &o.demands[i]
		if d.essential && slices.ContainsFunc(d.asks, func(a ask) bool { return a.id == "travel" }) {
			return true
		}
	}
	return false
}
