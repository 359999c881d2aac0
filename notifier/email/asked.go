package email

import (
	"math"
	"strconv"
	"strings"

	sendwatch "github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/pay"
)

// Asked says in words what a subscription asks for, as "Graduate SEMH teaching
// assistant, within 10 miles of RG41, no agencies".
func (r *Renderer) Asked(c sendwatch.Criteria, candidate *sendwatch.Candidate) string {
	var parts []string
	add := func(s string) {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if words := line(c.Words, 120); words != "" {
		add("“" + words + "”")
	}
	for _, ids := range [][]string{c.Roles, c.Needs, c.Settings, c.Phases, c.Contracts, c.Patterns} {
		add(r.anyOf(ids))
	}
	add(alternatives(c.Support, sendwatch.Support.Label))
	add(alternatives(c.Entry, sendwatch.Entry.Label))
	add(alternatives(c.Driver, sendwatch.Driver.Label))
	if payers := alternatives(c.PaidBy, sendwatch.EmployerKind.Payer); payers != "" {
		add("paid by " + payers)
	}
	add(alternatives(c.Kinds, sendwatch.Kind.Label))
	add(near(c))
	if c.MinActual > 0 {
		add("at least " + pounds(c.MinActual) + " a year actually paid")
	}
	if c.MinHourly > 0 {
		add("at least " + pounds(c.MinHourly) + " an hour")
	}
	if c.StatedPayOnly {
		add("pay stated")
	}
	add(hoursAsked(c.Hours))
	for _, refused := range lines(c.Refuses, 8, 40) {
		if refused == "agency" {
			add("no agencies")
			continue
		}
		add("no " + words(refused))
	}
	if len(parts) == 0 && candidate == nil {
		add("every SEMH and SEND support post")
	}
	if candidate != nil {
		add("posts that fit your profile")
	}
	if c.StrongOnly {
		add("strong fits only")
	}
	return upperFirst(strings.Join(parts, ", "))
}

// alternatives names values of a closed vocabulary as alternatives.
func alternatives[T ~string](values []string, label func(T) string) string {
	const most = 6
	names := make([]string, 0, len(values))
	for _, v := range values {
		names = append(names, lowerFirst(label(T(v))))
	}
	return list(lines(names, most, 60), "or")
}

// anyOf names taxonomy ids as alternatives.
func (r *Renderer) anyOf(ids []string) string {
	const most = 6
	var names []string
	for _, id := range ids {
		names = append(names, r.label(id))
	}
	kept := lines(names, most, 60)
	if len(names) > most {
		kept = append(kept, "others")
	}
	return list(kept, "or")
}

// label is the name of a taxonomy id, or the id read as words.
func (r *Renderer) label(id string) string {
	if r.o.Label != nil {
		if s := r.o.Label(id); s != "" {
			return s
		}
	}
	return words(id)
}

// words reads an id such as "personal-care" as words.
func words(id string) string { return strings.ReplaceAll(id, "-", " ") }

func near(c sendwatch.Criteria) string {
	homes := c.Homes
	if c.Near != "" {
		homes = append([]sendwatch.Home{{Near: c.Near, WithinMiles: c.WithinMiles}}, homes...)
	}
	var parts []string
	for _, h := range homes {
		place := line(h.Near, 60)
		if place == "" {
			continue
		}
		if h.WithinMiles > 0 {
			parts = append(parts, "within "+miles(h.WithinMiles)+" of "+place)
			continue
		}
		parts = append(parts, "near "+place)
	}
	return list(lines(parts, 5, 100), "or")
}

func hoursAsked(h sendwatch.Range) string {
	f := pay.Figure{Min: h.Min, Max: h.Max}
	switch {
	case f.Min == nil && f.Max == nil:
		return ""
	case f.Max == nil:
		return "at least " + number(*f.Min) + " hours a week"
	case f.Min == nil:
		return "at most " + number(*f.Max) + " hours a week"
	default:
		return number(*f.Min) + " to " + number(*f.Max) + " hours a week"
	}
}

// miles writes a distance: tenths below 10 miles, whole miles above.
func miles(m float64) string {
	if math.IsNaN(m) || math.IsInf(m, 0) || m < 0 {
		return "unknown miles"
	}
	if m < 10 {
		m = math.Round(m*10) / 10
	} else {
		m = math.Round(m)
	}
	if m == 1 {
		return "1 mile"
	}
	return number(m) + " miles"
}

// number writes at most two decimals.
func number(x float64) string {
	return strconv.FormatFloat(math.Round(x*100)/100, 'f', -1, 64)
}
