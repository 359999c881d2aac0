package matcher

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch"
)

// reasons says in parts how the vacancy suits the candidate.
func (k *seeker) reasons(l *ledger, o *offer) []sendwatch.Reason {
	var r reasons
	r.add("distance", sayMiles(l.miles))
	if len(l.held) > 0 {
		r.add("met", "you hold "+list(labels(l.held)))
	}
	if len(l.done) > 0 {
		r.add("met", "you have "+list(labels(l.done)))
	}
	if l.willing && len(l.held) == 0 {
		r.add("met", "willingness to train is enough")
	}
	r.add("pay", k.sayPay(o))
	r.add("need", joined("needs you want to work with: ", k.c.NeedsWanted, o.v.Needs, o.needLabel))
	if len(l.lacking) > 0 {
		r.add("unmet", list(labels(l.lacking)))
	}
	if len(l.unsure) > 0 {
		r.add("unknown", list(labels(l.unsure)))
	}
	if len(l.wanting) > 0 {
		r.add("desirable", list(labels(l.wanting)))
	}
	return r
}

// reasons is a list that takes no empty ones.
type reasons []sendwatch.Reason

func (r *reasons) add(field, text string) {
	if text != "" {
		*r = append(*r, sendwatch.Reason{Field: field, Text: text})
	}
}

// why puts a match into one sentence, with what is missing after it.
func (k *seeker) why(fit sendwatch.Fit, l *ledger, o *offer, parts []sendwatch.Reason) string {
	if fit == sendwatch.FitNo {
		return k.whyNot(l, o)
	}
	var b strings.Builder
	b.WriteString(sentence(parts))
	after := func(lead string, items []string) {
		if len(items) == 0 {
			return
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(lead + ": " + strings.Join(items, "; ") + ".")
	}
	var missing []string
	for _, p := range parts {
		switch p.Field {
		case "unmet":
			missing = append(missing, p.Text)
		case "desirable":
			missing = append(missing, p.Text+" (desirable)")
		}
	}
	after("Missing", missing)
	var ask []string
	for _, d := range l.doubts {
		ask = append(ask, k.sayDoubt(d))
	}
	if len(l.unsure) > 0 {
		ask = append(ask, "you have not said whether you hold "+list(labels(l.unsure)))
	}
	after("Not certain", ask)
	if b.Len() == 0 {
		return "Nothing that the advert asks for stands against you."
	}
	return b.String()
}

// whyNot says what stands in the way, the plainest first.
func (k *seeker) whyNot(l *ledger, o *offer) string {
	var said []string
	for _, block := range l.broken {
		said = append(said, k.sayBroken(block, l, o))
	}
	if len(l.lacking) > 0 {
		said = append(said, "you would need "+list(labels(l.lacking)))
	}
	return capital(strings.Join(said, "; ")) + "."
}

func (k *seeker) sayBroken(block string, l *ledger, o *offer) string {
	switch block {
	case blockScope:
		if o.v.ScopeReason != "" {
			return "not SEND or SEMH support work: " + strings.TrimSuffix(o.v.ScopeReason, ".")
		}
		return "not SEND or SEMH support work"
	case blockDistance:
		return fmt.Sprintf("%s, and your limit is %g", sayMiles(l.miles), *k.c.RadiusMiles)
	case blockPay:
		return k.sayPay(o)
	case blockHours:
		return "the hours are outside what you can work"
	case blockContract:
		if c := o.attributes.Contract; c != "" {
			return "the contract is " + strings.ReplaceAll(c, "-", " ")
		}
		return "it is agency work by the day, not the contract you want"
	case blockSetting:
		return "it is in a setting you do not want"
	case blockRefuses:
		if o.attributes.Agency && k.refuses(refuseAgency) {
			return "it is agency work"
		}
		return "the work includes something you will not do"
	}
	return block
}

func (k *seeker) sayDoubt(doubt string) string {
	switch doubt {
	case doubtMargin:
		return fmt.Sprintf("a little beyond your %g miles", *k.c.RadiusMiles)
	case doubtDistance:
		return "how far away it is"
	case doubtPay:
		return "whether the pay reaches your minimum"
	case doubtHours:
		return "whether the hours suit you"
	case doubtContract:
		return "what contract it is"
	case doubtRefuses:
		return "whether the work includes " + list(words(k.dutiesRefused()))
	case doubtTravel:
		return "how you would get between sites without driving"
	case doubtRequirement:
		return "whether being willing to train is enough"
	}
	return doubt
}

// dutiesRefused are the refusals that are work, not courses or employers.
func (k *seeker) dutiesRefused() []string {
	var out []string
	for _, r := range k.c.Refuses {
		if r != refuseAgency && r != refuseCourses {
			out = append(out, r)
		}
	}
	return out
}

// sayPay says the figure that the candidate's floor is about, and which side of
// it the pay is on.
func (k *seeker) sayPay(o *offer) string {
	var said []string
	if floor := k.c.MinAnnualActual; floor != nil {
		said = append(said, sayFloor(o.annual, *floor, sayPounds, "a year"))
	}
	if floor := k.c.MinHourly; floor != nil {
		said = append(said, sayFloor(o.hourly, *floor, sayPence, "an hour"))
	}
	if len(said) == 0 {
		switch {
		case o.annual.known() && !o.annual.assumed:
			return "pay " + sayBand(o.annual, sayPounds) + " actual"
		case o.hourly.known() && !o.hourly.assumed:
			return "pay " + sayBand(o.hourly, sayPence) + " an hour"
		}
		return ""
	}
	return strings.Join(nonEmpty(said), ", ")
}

func sayFloor(b band, floor float64, say func(float64) string, unit string) string {
	if !b.known() {
		return ""
	}
	amount := say(floor)
	side := ", around your " + amount
	switch b.atLeast(floor) {
	case kept:
		side = ", above your " + amount
		if b.min != nil && *b.min == floor {
			side = ", your minimum"
		}
	case broken:
		side = ", below your " + amount
	}
	about := ""
	if b.assumed {
		about = "about "
	}
	if unit == "a year" && !b.assumed {
		unit = "actual"
	}
	return "pay " + about + sayBand(b, say) + " " + unit + side
}

func sayBand(b band, say func(float64) string) string {
	switch {
	case b.max == nil:
		return "from " + say(*b.min)
	case b.min == nil:
		return "up to " + say(*b.max)
	case say(*b.min) == say(*b.max):
		return say(*b.min)
	}
	return say(*b.min) + " to " + say(*b.max)
}

// reasons says in parts why a search found the vacancy.
func (w *watch) reasons(o *offer, miles *float64) []sendwatch.Reason {
	var r reasons
	c := &w.s.Criteria
	r.add("distance", sayMiles(miles))
	if c.Words != "" {
		r.add("words", "it mentions "+strings.TrimSpace(c.Words))
	}
	if len(c.Roles) > 0 {
		r.add("role", "a role you asked for")
	}
	r.add("need", joined("it is about ", c.Needs, o.v.Needs, o.needLabel))
	if len(c.Settings) > 0 {
		r.add("setting", "a setting you asked for")
	}
	if len(c.Contracts) > 0 {
		r.add("contract", strings.ReplaceAll(o.attributes.Contract, "-", " "))
	}
	r.facts(c, &o.v.Reading)
	switch {
	case c.MinActual > 0 && o.attributes.ActualKnown:
		r.add("pay", sayFloor(o.annual, c.MinActual, sayPounds, "a year"))
	case c.MinHourly > 0 && o.attributes.HourlyKnown:
		r.add("pay", sayFloor(o.hourly, c.MinHourly, sayPence, "an hour"))
	case c.MinActual > 0 || c.MinHourly > 0:
		r.add("pay", "there is not enough to say what it pays")
	case o.annual.known() && !o.annual.assumed:
		r.add("pay", "pay "+sayBand(o.annual, sayPounds)+" actual")
	}
	if w.filter.Hours.Min != nil || w.filter.Hours.Max != nil {
		if o.attributes.Hours == nil {
			r.add("hours", "the hours are not stated")
		} else {
			r.add("hours", fmt.Sprintf("%g hours a week", *o.attributes.Hours))
		}
	}
	if len(r) == 0 {
		r.add("role", "it is SEND or SEMH support work")
	}
	return r
}

// facts says what was asked of the closed vocabularies and is told.
func (r *reasons) facts(c *sendwatch.Criteria, v *sendwatch.Reading) {
	for _, s := range v.Support {
		if slices.Contains(c.Support, string(s)) {
			r.add("support", uncapital(s.Label()))
		}
	}
	for _, f := range []struct {
		field string
		asked []string
		label string
	}{
		{"entry", c.Entry, v.Entry.Label()},
		{"driver", c.Driver, v.Driver.Label()},
		{"paid-by", c.PaidBy, v.PaidBy.PaysLabel()},
	} {
		if len(f.asked) > 0 {
			r.add(f.field, uncapital(f.label))
		}
	}
}

// joined says what stands both among what is asked for and what is offered.
func joined(lead string, asked, offered []string, label func(string) string) string {
	var both []string
	for _, id := range offered {
		if overlap(asked, []string{id}) {
			both = append(both, label(id))
		}
	}
	if len(both) == 0 {
		return ""
	}
	return lead + list(both)
}

// sentence joins what speaks for a match.
func sentence(parts []sendwatch.Reason) string {
	var said []string
	for _, p := range parts {
		switch p.Field {
		case "unmet", "unknown", "desirable":
		default:
			said = append(said, p.Text)
		}
	}
	if len(said) == 0 {
		return ""
	}
	return capital(strings.Join(said, "; ")) + "."
}
