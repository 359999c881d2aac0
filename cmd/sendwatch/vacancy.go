package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
	"github.com/sendwatch/sendwatch/taxonomy"
)

type vacancyCmd struct {
	ID string `arg:"" help:"The vacancy's id."`
}

func (vacancyCmd) Help() string {
	return `Shows everything known of one vacancy: what it pays and how that was worked out,
what it asks for and where that stands in the advert, and where it was seen, with
what became of it there: changed, closed and why, back again.

Examples:
  sendwatch vacancy 0193f2c1…
  sendwatch vacancy 0193f2c1… --json`
}

func (c *vacancyCmd) Run(e *env) error {
	return e.withApp(func(a *app) error {
		v, err := a.store.Vacancy(e.ctx, c.ID)
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("no vacancy has the id %q", c.ID)
		}
		if err != nil {
			return err
		}
		if v.Sightings, err = a.store.Sightings(e.ctx, v.ID); err != nil {
			return err
		}
		if e.cli.JSON {
			return json.NewEncoder(e.out).Encode(v)
		}
		linked, err := a.store.Vacancies(e.ctx, v.PossiblySame)
		if err != nil {
			return err
		}
		a.print(e, v, linked)
		return nil
	})
}

// print writes a vacancy for a reader at a terminal, with those that may be the same
// job.
func (a *app) print(e *env, v *sendwatch.Vacancy, linked []*sendwatch.Vacancy) {
	say := func(label, format string, args ...any) {
		if s := fmt.Sprintf(format, args...); strings.TrimSpace(s) != "" {
			fmt.Fprintf(e.out, "%-14s %s\n", label, s)
		}
	}
	fmt.Fprintf(e.out, "%s\n\n", v.Title)
	say("employer", "%s %s", v.Employer, v.EmployerKind)
	say("school", "%s", v.Client)
	say("place", "%s", v.Location)
	say("state", "%s, first seen %s", v.State, v.FirstSeen.Format("2 Jan 2006 15:04"))
	if v.ClosesAt != nil {
		say("closes", "%s", v.ClosesAt.Format("2 Jan 2006 15:04 MST"))
	}
	w := v.Pay.Say()
	say("pay", "%s", w.Headline)
	say("", "%s", w.Also)
	for _, s := range append(w.Cautions, w.Working...) {
		say("", "%s", s)
	}
	say("kind", "%s, %s scope: %s", v.Kind, v.Scope, v.ScopeReason)
	say("role", "%s", a.label(v.Role))
	say("needs", "%s", strings.Join(v.Needs, ", "))
	say("setting", "%s %s", v.Setting, strings.Join(v.Phases, ", "))
	for _, s := range v.Say() {
		say("work", "%s%s", s.Text, quoted(s.Evidence))
	}
	for _, level := range []taxonomy.Level{taxonomy.Essential, taxonomy.Desirable} {
		for _, asks := range v.Asks(level, a.label) {
			one := ""
			if len(asks.Alternatives) > 1 {
				one = "one of: "
			}
			said := quoted(asks.Evidence...)
			say(string(level), "%s%s%s", one, plain(strings.Join(asks.Alternatives, " or ")), said)
		}
	}
	for _, s := range v.Sightings {
		say("seen at", "%s %s, %s to %s", s.Source, s.URL, s.FirstSeen.Format("2 Jan"), s.LastSeen.Format("2 Jan 2006"))
		for _, turn := range s.History {
			say("", "%s %s", turn.At.Format("2 Jan 2006"), turn.Say())
		}
	}
	for _, l := range linked {
		say("possibly same", "%s, advertised by %s: %s", l.Title, l.Employer, l.ID)
	}
	for _, n := range v.Notes {
		say("note", "%s", n)
	}
}

// quoted writes the words that something was read from, and the attached document
// that they stand in.
func quoted(all ...sendwatch.Evidence) string {
	var b strings.Builder
	for _, e := range all {
		switch {
		case e.Text == "":
		case e.Document == "":
			fmt.Fprintf(&b, "  (%q)", e.Text)
		default:
			fmt.Fprintf(&b, "  (%q in %q)", e.Text, e.Document)
		}
	}
	return b.String()
}
