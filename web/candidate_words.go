package web

import (
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch"
)

// told lists a candidate in words, for a page that says what is watched or kept.
func (s *Site) told(c *sendwatch.Candidate) []string {
	var out []string
	say := func(parts ...string) { out = append(out, strings.Join(parts, "")) }
	list := func(lead, dimension string, ids []string) {
		if len(ids) == 0 {
			return
		}
		names := make([]string, len(ids))
		for i, id := range ids {
			names[i] = s.label(dimension, id)
		}
		say(lead, ": ", strings.Join(names, "; "))
	}
	amount := func(before string, x *float64, write func(float64) string, after string) {
		if x != nil {
			say(before, write(*x), after)
		}
	}
	switch {
	case c.HomePostcode != "" && c.RadiusMiles != nil:
		say("Within ", number(*c.RadiusMiles), " miles of ", c.HomePostcode)
	case c.HomePostcode != "":
		say("Any distance from ", c.HomePostcode)
	}
	list("You hold", "concept", c.Holds)
	experience := slices.Clone(c.Experience)
	slices.SortStableFunc(experience, func(a, b sendwatch.Experience) int { return strings.Compare(s.concept(a.ID), s.concept(b.ID)) })
	for _, e := range experience {
		say(s.concept(e.ID), ": ", yearsText(e.Years))
	}
	list("You are working towards", "concept", c.WorkingTowards)
	if c.Drives {
		say("You drive")
	}
	amount("At least ", c.MinAnnualActual, pounds, " a year, actually paid")
	amount("At least ", c.MinHourly, pounds, " an hour")
	amount("From ", c.Hours.Min, number, " hours a week")
	amount("Up to ", c.Hours.Max, number, " hours a week")
	list("Contract", "contract", c.Contracts)
	list("You would like to work with", "need", c.NeedsWanted)
	list("Ages you would like", "phase", c.PhasesWanted)
	list("Not in", "setting", c.SettingsRefused)
	list("Not", "duty", c.Refuses)
	return out
}

func yearsText(years float64) string {
	if years == 1 {
		return "1 year"
	}
	return number(years) + " years"
}
