package matcher

import (
	"math"
	"slices"

	"github.com/sendwatch/sendwatch"
)

// The weights of what ranks vacancies within a fit; they add up to 1. Being able
// to show what is asked for comes first, then wanting the work, then the journey
// and the pay. Where the advert or the candidate says nothing, half the weight is
// given, so that silence neither wins nor loses.
const (
	weighEssentials = 0.20
	weighDesirables = 0.20
	weighNeeds      = 0.15
	weighSetting    = 0.10
	weighPhases     = 0.10
	weighDistance   = 0.15
	weighPay        = 0.10
)

// merit ranks from 0 to 1.
func (k *seeker) merit(l *ledger, o *offer) float64 {
	return weighEssentials*share(l.essentialsMet, l.essentials) +
		weighDesirables*share(l.desirablesMet, l.desirables) +
		weighNeeds*wanted(k.c.NeedsWanted, o.v.Needs...) +
		weighSetting*wanted(k.c.SettingsWanted, o.v.Setting) +
		weighPhases*wanted(k.c.PhasesWanted, o.v.Phases...) +
		weighDistance*k.closeness(l.miles) +
		weighPay*k.generosity(o)
}

// share is how much of what is asked is met.
func share(met, asked int) float64 {
	if asked == 0 {
		return 0.5
	}
	return float64(met) / float64(asked)
}

// wanted is 1 when any of what is offered is wanted.
func wanted(want []string, offered ...string) float64 {
	known := slices.ContainsFunc(offered, func(s string) bool { return s != "" })
	switch {
	case len(want) == 0 || !known:
		return 0.5
	case overlap(want, offered):
		return 1
	}
	return 0
}

// closeness falls from 1 at home to 0 at the edge of the radius; without a radius
// 60 miles count as far.
func (k *seeker) closeness(miles *float64) float64 {
	const far = 60
	if miles == nil {
		return 0.5
	}
	radius := float64(far)
	if k.c.RadiusMiles != nil {
		radius = max(1, *k.c.RadiusMiles)
	}
	return max(0, 1-*miles/radius)
}

// generosity is how far the top of the pay lies above the floor: 1 at a fifth more.
func (k *seeker) generosity(o *offer) float64 {
	const enough = 0.2
	above := func(b band, floor *float64) (float64, bool) {
		top := b.max
		if top == nil {
			top = b.min
		}
		if floor == nil || *floor <= 0 || top == nil {
			return 0, false
		}
		return min(1, max(0, (*top / *floor - 1)/enough)), true
	}
	if g, ok := above(o.annual, k.c.MinAnnualActual); ok {
		return g
	}
	if g, ok := above(o.hourly, k.c.MinHourly); ok {
		return g
	}
	return 0.5
}

// score ranks what a search without a candidate finds: the nearer, the better.
func (w *watch) score(match sendwatch.Match) int {
	merit := 0.5
	if match.Miles != nil {
		reach := 0.0
		for _, h := range w.filter.Homes {
			reach = max(reach, h.Miles)
		}
		merit = max(0, 1-*match.Miles/max(1, reach))
	}
	return scale(match.Fit, merit)
}

// scale puts a merit from 0 to 1 into the part of 0 to 100 that belongs to the
// fit, so that what is sorted by score is sorted by fit as well.
func scale(fit sendwatch.Fit, merit float64) int {
	if math.IsNaN(merit) {
		merit = 0
	}
	merit = min(1, max(0, merit))
	switch fit {
	case sendwatch.FitStrong:
		return 60 + int(math.Round(40*merit))
	case sendwatch.FitPossible:
		return 30 + int(math.Round(29*merit))
	}
	return int(math.Round(29 * merit))
}
