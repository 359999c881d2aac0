package email

import (
	"math"
	"strconv"
	"strings"

	"github.com/sendwatch/sendwatch/pay"
)

// payView is what an entry says of pay: what is really paid first, then the
// other figures, then how they were reached and what to be careful about.
type payView struct {
	Headline string
	Also     string
	Working  []string
	Cautions []string
}

// cautions gives the flags of a reading (contracts, `normalise pay`) that
// change what a person should make of the figures. The other flags are for
// operators.
var cautions = map[string]string{
	"below-minimum-wage":        "As advertised this works out below the minimum wage: ask before you apply.",
	"points-contradict-amounts": "The advert's pay points and its amounts do not agree.",
	"basis-doubtful":            "It is not clear whether the advertised figure is full-time or actual.",
	"award-pending":             "A pay award is pending, so the figures may rise.",
	"includes-holiday-pay":      "The rate includes holiday pay.",
	"prorata-of-unknown-hours":  "The figure is pro rata, but the advert does not state the hours.",
	"structured-disagrees":      "The page's own data and its text give different figures.",
}

func viewPay(o pay.Offer) payView {
	const mostWorking, workingLength = 4, 220
	v := payView{Working: lines(o.Working, mostWorking, workingLength)}
	c := o.Comparable
	var also []string
	switch {
	case amount(c.ActualAnnual) != "":
		v.Headline = amount(c.ActualAnnual) + " a year, actually paid" + how(c.ActualAnnual)
		also = figures(c.Monthly, " a month", c.Hourly, " an hour")
	case amount(c.Daily) != "":
		v.Headline = amount(c.Daily) + " a day" + how(c.Daily)
		also = figures(c.Hourly, " an hour", nil, "")
	case amount(c.Hourly) != "":
		v.Headline = amount(c.Hourly) + " an hour" + how(c.Hourly)
	case amount(c.FullTimeAnnual) != "":
		v.Headline = "Not enough to say what is actually paid"
	case len(o.Quoted) > 0 && quote(o.Quoted[0]) != "":
		v.Headline = "Advertised at " + quote(o.Quoted[0]) + "; not enough to say what is actually paid"
	default:
		v.Headline = "Pay not stated"
	}
	if full := amount(c.FullTimeAnnual); full != "" {
		also = append(also, full+" full-time equivalent")
	}
	for _, a := range o.Allowances {
		if s := amount(&pay.Figure{Min: a.Min, Max: a.Max}); s != "" {
			also = append(also, "plus "+s+" allowance"+kindOf(a.Kind))
		}
	}
	v.Also = upperFirst(strings.Join(lines(also, 5, 80), "; "))
	for _, flag := range o.Flags {
		if s := cautions[flag]; s != "" {
			v.Cautions = append(v.Cautions, s)
		}
	}
	v.Cautions = lines(v.Cautions, len(cautions), workingLength)
	return v
}

// figures writes up to two figures with their units.
func figures(a *pay.Figure, unitA string, b *pay.Figure, unitB string) []string {
	var out []string
	if s := amount(a); s != "" {
		out = append(out, s+unitA)
	}
	if s := amount(b); s != "" {
		out = append(out, s+unitB)
	}
	return out
}

func kindOf(kind string) string {
	if kind = line(kind, 20); kind == "" {
		return ""
	}
	return " (" + strings.ToUpper(kind) + ")"
}

// how says whether a figure was printed, worked out or rests on an assumption.
func how(f *pay.Figure) string {
	switch f.How {
	case "stated":
		return " (as stated)"
	case "derived":
		return " (worked out)"
	case "assumed":
		return " (an estimate)"
	default:
		return ""
	}
}

// amount writes a figure: "£17,412", "£17,412 to £18,233", "from £12.85",
// "up to £95"; nothing when it holds no number.
func amount(f *pay.Figure) string {
	switch {
	case f == nil || (f.Min == nil && f.Max == nil):
		return ""
	case f.Max == nil:
		return "from " + pounds(*f.Min)
	case f.Min == nil:
		return "up to " + pounds(*f.Max)
	}
	from, to := pounds(*f.Min), pounds(*f.Max)
	if from == to {
		return from
	}
	return from + " to " + to
}

func quote(q pay.Quote) string {
	s := amount(&pay.Figure{Min: q.Min, Max: q.Max})
	if s == "" {
		return ""
	}
	if q.Note == "up_to" && q.Min == nil {
		s = "up to " + pounds(*q.Max)
	}
	switch q.Unit {
	case "year", "month", "week", "day":
		s += " a " + q.Unit
	case "hour":
		s += " an hour"
	}
	if q.Basis == "fte" {
		s += " full-time equivalent"
	}
	return s
}

// pounds writes an amount: whole pounds from £1,000 up, pence below unless they
// are nil.
func pounds(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) || math.Abs(x) >= 1e12 {
		return "£?"
	}
	if x >= 1000 || x == math.Trunc(x) {
		return "£" + thousands(strconv.FormatFloat(math.Round(x), 'f', 0, 64))
	}
	return "£" + strconv.FormatFloat(x, 'f', 2, 64)
}

// thousands puts commas into a run of digits.
func thousands(digits string) string {
	var b strings.Builder
	for i, r := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 && digits[i-1] != '-' {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return b.String()
}
