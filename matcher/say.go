package matcher

import (
	"fmt"
	"math"
	"strings"
)

// maxNamed is how many things one reason names before it counts the rest.
const maxNamed = 3

func labels(asks []*ask) []string {
	var out []string
	for _, a := range asks {
		s := a.label
		if a.years > 0 {
			s += " (" + sayYears(a.years) + ")"
		}
		out = append(out, s)
	}
	return out
}

// sayYears writes short stretches in months: "6 months", "1 year", "2.5 years".
func sayYears(years float64) string {
	switch {
	case years == 1:
		return "1 year"
	case years < 1:
		return fmt.Sprintf("%.0f months", max(1, math.Round(12*years)))
	}
	return fmt.Sprintf("%g years", years)
}

// words turns ids into words.
func words(ids []string) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = strings.ReplaceAll(id, "-", " ")
	}
	return out
}

// list joins items as a person would, naming the first few.
func list(items []string) string {
	if n := len(items) - maxNamed; n > 0 {
		items = append(items[:maxNamed:maxNamed], fmt.Sprintf("%d more", n))
	}
	switch n := len(items); n {
	case 0:
		return ""
	case 1:
		return items[0]
	default:
		return strings.Join(items[:n-1], ", ") + " and " + items[n-1]
	}
}

func nonEmpty(items []string) []string {
	var out []string
	for _, s := range items {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// short cuts a label to what a sentence needs: "ELSA" for "ELSA (Emotional
// Literacy Support Assistant)".
func short(label string) string {
	for _, mark := range []string{" (", " / ", ", "} {
		if i := strings.Index(label, mark); i > 0 {
			label = label[:i]
		}
	}
	return label
}

// uncapital lowers the first letter of a label, unless it begins an acronym.
func uncapital(s string) string {
	if len(s) < 2 || s[0] < 'A' || s[0] > 'Z' || s[1] < 'a' || s[1] > 'z' {
		return s
	}
	return string(s[0]+('a'-'A')) + s[1:]
}

func capital(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-('a'-'A')) + s[1:]
}

func sayMiles(miles *float64) string {
	if miles == nil {
		return ""
	}
	switch m := math.Round(*miles); {
	case m < 1:
		return "less than a mile away"
	case m == 1:
		return "1 mile away"
	default:
		return fmt.Sprintf("%.0f miles away", m)
	}
}

// sayPounds writes whole pounds with thousands: "£17,412".
func sayPounds(x float64) string {
	digits := fmt.Sprintf("%.0f", math.Abs(x))
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return "£" + digits
}

// sayPence writes pounds and pence: "£13.05".
func sayPence(x float64) string { return fmt.Sprintf("£%.2f", x) }
