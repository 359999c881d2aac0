package matcher

import (
	"os"
	"sync"
	"testing"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/taxonomy"
	"github.com/sendwatch/sendwatch/terms"
)

var loadReal = sync.OnceValues(func() (*Matcher, error) {
	fsys := os.DirFS("../configs")
	t, err := taxonomy.Load(fsys)
	if err != nil {
		return nil, err
	}
	g, err := place.Load(fsys)
	if err != nil {
		return nil, err
	}
	a, err := terms.Load(fsys)
	if err != nil {
		return nil, err
	}
	return New(Options{Taxonomy: t, Gazetteer: g, Terms: a}), nil
})

// newMatcher gives a matcher over the repository's own data, loaded once.
func newMatcher(tb testing.TB) *Matcher {
	tb.Helper()
	m, err := loadReal()
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func ptr[T any](x T) *T { return &x }

func figure(low, high float64, how string) *pay.Figure {
	return &pay.Figure{Min: &low, Max: &high, How: how}
}

// essential and desirable make requirements; a group of zero stands alone.
func essential(id string, group int) taxonomy.Requirement {
	return requirement(id, taxonomy.Essential, group)
}

func desirable(id string, group int) taxonomy.Requirement {
	return requirement(id, taxonomy.Desirable, group)
}

func requirement(id string, level taxonomy.Level, group int) taxonomy.Requirement {
	r := taxonomy.Requirement{ID: id, Level: level}
	if group > 0 {
		r.AnyOfGroup = &group
	}
	return r
}

// vacancy is an open TA post at a special school in Wokingham that pays £17,412
// actual for 30 hours, changed by the edits.
func vacancy(m *Matcher, edits ...func(*sendwatch.Vacancy)) *sendwatch.Vacancy {
	v := &sendwatch.Vacancy{ID: "v1", State: sendwatch.VacancyOpen}
	v.Title = "SEMH Teaching Assistant"
	v.EmployerKind = sendwatch.EmployerSchool
	v.Kind, v.Scope = sendwatch.KindVacancy, sendwatch.ScopeIn
	v.Role, v.Needs, v.Setting, v.Phases = "semh-ta", []string{"semh"}, "mainstream", []string{"primary"}
	v.Place = m.Gazetteer.Resolve(place.Query{Postcode: "RG41 2"})
	v.Terms = m.Terms.Document("SEMH Teaching Assistant, Wokingham. Nurture group, 1:1 support.")
	v.Pay.Contract, v.Pay.WorkingPattern = ptr("permanent"), ptr("part-time")
	v.Pay.HoursPerWeek = ptr(30.0)
	v.Pay.TermTimeOnly = ptr(true)
	v.Pay.Comparable.ActualAnnual = figure(17_412, 17_412, "stated")
	v.Pay.Comparable.Hourly = figure(13.20, 13.20, "derived")
	for _, edit := range edits {
		edit(v)
	}
	return v
}

func asks(r ...taxonomy.Requirement) func(*sendwatch.Vacancy) {
	return func(v *sendwatch.Vacancy) { v.Requirements = r }
}

// dayRate makes it an agency's post at so much a day, for which hours and contract
// are not stated.
func dayRate(low, high float64) func(*sendwatch.Vacancy) {
	return func(v *sendwatch.Vacancy) {
		v.EmployerKind = sendwatch.EmployerAgency
		v.Pay = pay.Offer{Flags: []string{assumedDayFlag}}
		v.Pay.Comparable.Daily = figure(low, high, "stated")
		v.Pay.Comparable.Hourly = figure(low/7, high/6, "assumed")
	}
}
