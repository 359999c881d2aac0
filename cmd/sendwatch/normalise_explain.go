package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/normalise"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// explain prints, for people, what was read of every advert and why.
func (c *normaliseVacancyCmd) explain(e *env, k *knowledge, lines, documents []string) error {
	out := bufio.NewWriter(e.out)
	failed := false
	tell := func(p *sendwatch.Posting) {
		x := k.normaliser.Explain(p)
		printExplanation(out, p.Reference, &x)
	}
	fail := func(name string, err error) {
		failed = true
		_, _ = fmt.Fprintf(out, "%s: %s\n\n", plain(name), plain(err.Error())) // Flush tells
	}
	var err error
	if len(lines) > 0 || len(documents) == 0 {
		err = e.lines(lines, func(line []byte, err error) error {
			var p postingLine
			if err == nil {
				err = decode(line, &p)
			}
			if err != nil {
				fail(string(idOf(line)), err)
				return nil
			}
			tell(&p.Posting)
			return nil
		})
	}
	reader := newDocumentReader()
	for _, name := range documents {
		postings, perr := openPostings(e.ctx, k, reader, name)
		if perr != nil {
			fail(name, perr)
		}
		for i := range postings {
			tell(&postings[i])
		}
	}
	if err = errors.Join(err, out.Flush()); err == nil && failed {
		return errSaid
	}
	return err
}

// printExplanation writes one advert. What cannot be written, Flush tells.
func printExplanation(w io.Writer, reference string, x *normalise.Explanation) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }
	r := &x.Reading
	say("%s  %s\n", plain(reference), plain(r.Title))
	say("  kind     %s\n", r.Kind)
	say("  scope    %s: %s\n", r.Scope, plain(r.ScopeReason))
	for _, f := range []struct{ name, value string }{
		{"role", r.Role}, {"setting", r.Setting}, {"needs", strings.Join(r.Needs, ", ")},
		{"phases", strings.Join(r.Phases, ", ")}, {"duties", joined(r.Duties)},
	} {
		if f.value != "" {
			say("  %-8s %s\n", f.name, f.value)
		}
	}
	for _, n := range r.Notes {
		say("  note     %s\n", plain(n))
	}
	for i := range x.Lines {
		l := &x.Lines[i]
		if l.Heading {
			say("\n  # %s  [%s]\n", plain(l.Text), standing(l))
			continue
		}
		say("  | %s\n", plain(l.Text))
		for _, q := range l.Requirements {
			say("      + %s %s%s%s  “%s”\n", q.Level, q.ID, atLeast(q.MinYears), grouped(q.AnyOfGroup), plain(q.Evidence))
		}
		for _, c := range l.Choices {
			say("      = any of group %d: %s\n", c.Group, spelled(&c.Clause))
		}
		if len(l.Needs) > 0 {
			say("      * the pupils: %s\n", strings.Join(l.Needs, ", "))
		}
		if l.Ignored != "" {
			say("      - nothing asked: %s\n", l.Ignored)
		}
	}
	say("\n")
}

// standing is the part and level that a heading opens.
func standing(l *normalise.Line) string {
	switch {
	case l.Part == "":
		return "opens nothing known"
	case l.Part == taxonomy.PartRequirements && l.Section != taxonomy.SectionNone:
		return string(l.Part) + ", " + string(l.Section)
	}
	return string(l.Part)
}

func atLeast(years *float64) string {
	if years == nil {
		return ""
	}
	return fmt.Sprintf(", at least %g years", *years)
}

func grouped(group *int) string {
	if group == nil {
		return ""
	}
	return fmt.Sprintf(" (any of group %d)", *group)
}

// spelled writes a clause with "and", "or" and brackets.
func spelled(c *taxonomy.Clause) string {
	parts, joint := c.AllOf, " and "
	if len(c.AnyOf) > 0 {
		parts, joint = c.AnyOf, " or "
	}
	if len(parts) == 0 {
		return c.ID + atLeast(c.MinYears)
	}
	said := make([]string, len(parts))
	for i := range parts {
		if said[i] = spelled(&parts[i]); len(parts[i].AllOf)+len(parts[i].AnyOf) > 0 {
			said[i] = "(" + said[i] + ")"
		}
	}
	return strings.Join(said, joint)
}

func joined[T ~string](list []T) string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = string(x)
	}
	return strings.Join(out, ", ")
}

// plain makes one line of a text that somebody else wrote, without what a
// terminal would obey.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
