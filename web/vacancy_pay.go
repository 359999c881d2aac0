package web

import (
	"strings"

	"github.com/sendwatch/sendwatch/pay"
)

// figure is one way in which a pay can be compared.
type figure struct{ Label, Amount, How string }

// figures lists an offer's pay as it was advertised and in every comparable form but
// the one that leads.
func figures(o *pay.Offer, lead, headline string) []figure {
	var out []figure
	var quoted []string
	for _, q := range o.Quoted {
		if s := q.String(); s != "" {
			quoted = append(quoted, s)
		}
	}
	if len(quoted) > 1 || len(quoted) == 1 && !strings.HasPrefix(headline, quoted[0]) {
		out = append(out, figure{"As advertised", strings.Join(quoted, "; "), ""})
	}
	c := &o.Comparable
	for _, f := range []struct {
		label string
		f     *pay.Figure
	}{
		{"Actually paid a year", c.ActualAnnual}, {"A month", c.Monthly}, {"An hour", c.Hourly}, {"A day", c.Daily}, {"Full-time equivalent a year", c.FullTimeAnnual},
	} {
		if s := f.f.String(); s != "" && s != lead {
			out = append(out, figure{f.label, s, howText(f.f.How)})
		}
	}
	for _, a := range o.Allowances {
		if s := (&pay.Figure{Min: a.Min, Max: a.Max}).String(); s != "" {
			out = append(out, figure{upperFirst(a.Kind) + " allowance", s, ""})
		}
	}
	return out
}

// howText says how a figure was reached.
func howText(how string) string {
	switch how {
	case "stated":
		return "stated in the advert"
	case "derived":
		return "worked out"
	case "assumed":
		return "an estimate"
	}
	return ""
}
