package meili

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/search"
)

// conditions writes what a filter asks, but for its homes: a list of which every
// one must hold. Each stands alone, because the server bounds how deep one
// expression may go and not how many there are.
func conditions(f *matcher.Filter) []string {
	c := []string{
		is(attrMark, markOpen),
		is(attrScope, value(string(sendwatch.ScopeIn))),
		in(search.FacetKind, value(string(sendwatch.KindVacancy)), value(string(sendwatch.KindPool))),
	}
	single, prints := split(f.All)
	for _, term := range single {
		c = append(c, is(attrTerm, token(term)))
	}
	for _, print := range prints {
		c = append(c, is(attrPrint, strconv.FormatUint(print, 10)))
	}
	c = append(c, without(f.None)...)
	for _, d := range search.Asked(f) {
		c = append(c, in(d.Facet, each(value, d.Values)...))
	}
	c = append(c, floor(attrActual, f.MinActual)...)
	c = append(c, floor(attrHourly, f.MinHourly)...)
	if f.StatedPayOnly {
		c = append(c, is(attrMark, markPayStated))
	}
	if f.Hours.Min != nil {
		c = append(c, notBelow(attrHours, *f.Hours.Min))
	}
	if f.Hours.Max != nil {
		c = append(c, notAbove(attrHoursMost, *f.Hours.Max))
	}
	if f.RefuseAgency {
		c = append(c, notIn(attrMark, markAgency))
	}
	for _, d := range search.Refused(f) {
		c = append(c, notIn(d.Facet, each(value, d.Values)...))
	}
	return slices.DeleteFunc(c, func(s string) bool { return s == "" })
}

// without writes what must not be held.
func without(terms []string) []string {
	var c []string
	single, prints := split(terms)
	if len(single) > 0 {
		c = append(c, notIn(attrTerm, tokens(single)...))
	}
	if len(prints) > 0 {
		written := make([]string, len(prints))
		for i, print := range prints {
			written[i] = strconv.FormatUint(print, 10)
		}
		c = append(c, notIn(attrPrint, written...))
	}
	return c
}

func each(write func(string) string, all []string) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = write(s)
	}
	return out
}

func is(attribute, written string) string { return attribute + " = " + quote(written) }

func in(attribute string, written ...string) string { return attribute + " IN " + list(written) }

func notIn(attribute string, written ...string) string { return attribute + " NOT IN " + list(written) }

func list(written []string) string { return "[" + strings.Join(each(quote, written), ", ") + "]" }

// quote puts a written value in quotes. None holds a quote or a backslash; one
// that did would end the value, so both are left out.
func quote(written string) string {
	return `"` + strings.NewReplacer(`"`, "", `\`, "").Replace(written) + `"`
}

// floor refuses what is known to be lower; nought asks nothing.
func floor(attribute string, least float64) []string {
	if least == 0 {
		return nil
	}
	return []string{notBelow(attribute, least)}
}

// notBelow lets the unknown through, and so does notAbove. Both are empty when
// every number passes.
func notBelow(attribute string, least float64) string {
	switch {
	case least >= endless:
		return attribute + " NOT EXISTS"
	case least <= -endless:
		return ""
	}
	return "NOT " + attribute + " < " + atMost(least)
}

func notAbove(attribute string, most float64) string {
	switch {
	case most <= -endless:
		return attribute + " NOT EXISTS"
	case most >= endless:
		return ""
	}
	return "NOT " + attribute + " > " + atLeast(most)
}
