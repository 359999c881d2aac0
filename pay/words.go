package pay

import (
	"math"
	"strconv"
	"strings"
)

// Words is an offer as a page or an email says it.
type Words struct {
	// Headline is what is really paid, or that there is not enough to say.
	Headline string
	// Also are the other figures, in one line; it may be empty.
	Also string
	// Cautions say what to be careful about; Working, how figures were reached.
	Cautions []string
	Working  []string
}

// cautions gives the flags that change what a person should make of the
// figures. The other flags are for operators.
var cautions = map[string]string{
	"below-minimum-wage":        "As advertised this works out below the minimum wage: ask before you apply.",
	"points-contradict-amounts": "The advert's pay points and its amounts do not agree.",
	"basis-doubtful":            "It is not clear whether the advertised figure is full-time or actual.",
	"award-pending":             "A pay award is pending, so the figures may rise.",
	"includes-holiday-pay":      "The rate includes holiday pay.",
	"prorata-of-unknown-hours":  "The figure is pro rata, but the advert does not state the hours.",
	"structured-disagrees":      "The page's own data and its text give different figures.",
}

// Say puts the offer into words: what is actually paid first.
func (o Offer) Say() Words {
	w := Words{Working: o.Working}
	c := o.Comparable
	var also []string
	add := func(f *Figure, unit string) {
		if s := f.String(); s != "" {
			also = append(also, s+unit)
		}
	}
	switch {
	case c.ActualAnnual.String() != "":
		w.Headline = c.ActualAnnual.String() + " a year, actually paid" + how(c.ActualAnnual)
		add(c.Monthly, " a month")
		add(c.Hourly, " an hour")
	case c.Daily.String() != "":
		w.Headline = c.Daily.String() + " a day" + how(c.Daily)
		add(c.Hourly, " an hour")
	case c.Hourly.String() != "" && c.FullTimeAnnual.String() == "":
		w.Headline = c.Hourly.String() + " an hour" + how(c.Hourly)
	case c.FullTimeAnnual.String() != "":
		w.Headline = "Not enough to say what is actually paid"
		add(c.Hourly, " an hour")
	case len(o.Quoted) > 0 && o.Quoted[0].String() != "":
		w.Headline = "Advertised at " + o.Quoted[0].String() + "; not enough to say what is actually paid"
	case o.Grade != nil && *o.Grade != "":
		w.Headline = "Advertised as " + *o.Grade + ", without an amount"
	default:
		w.Headline = "Pay not stated"
	}
	add(c.FullTimeAnnual, " full-time equivalent")
	for _, a := range o.Allowances {
		add(&Figure{Min: a.Min, Max: a.Max}, " "+a.Kind+" allowance")
	}
	w.Also = strings.Join(also, "; ")
	for _, flag := range o.Flags {
		if s := cautions[flag]; s != "" {
			w.Cautions = append(w.Cautions, s)
		}
	}
	return w
}

// how says whether a figure was printed, worked out or rests on an assumption.
func how(f *Figure) string {
	switch f.How {
	case "stated":
		return " (as stated)"
	case "derived":
		return " (worked out)"
	case "assumed":
		return " (an estimate)"
	}
	return ""
}

// String writes a figure: "£17,412", "£17,412 to £18,233", "from £12.85",
// "£13.57 to £20.00", "up to £95"; nothing when there is none.
func (f *Figure) String() string {
	if f == nil || (f.Min == nil && f.Max == nil) {
		return ""
	}
	pence := hasPence(f.Min) || hasPence(f.Max)
	switch {
	case f.Max == nil:
		return "from " + pounds(*f.Min, pence)
	case f.Min == nil:
		return "up to " + pounds(*f.Max, pence)
	}
	from, to := pounds(*f.Min, pence), pounds(*f.Max, pence)
	if from == to {
		return from
	}
	return from + " to " + to
}

// String writes a quote with its unit and basis: "£24,790 a year full-time equivalent".
func (q Quote) String() string {
	s := (&Figure{Min: q.Min, Max: q.Max}).String()
	if s == "" {
		return ""
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

// penceBelow is the amount from which pence are not shown: nobody compares salaries by them.
const penceBelow = 1000

func hasPence(x *float64) bool { return x != nil && *x < penceBelow && *x != math.Trunc(*x) }

// pounds writes an amount: whole pounds from £1,000 up, below that with pence where asked.
func pounds(x float64, pence bool) string {
	if math.IsNaN(x) || math.Abs(x) >= 1e12 {
		return "£?"
	}
	if pence && x < penceBelow {
		return "£" + strconv.FormatFloat(x, 'f', 2, 64)
	}
	return "£" + thousands(strconv.FormatFloat(math.Round(x), 'f', 0, 64))
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
