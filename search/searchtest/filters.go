package searchtest

import (
	"fmt"
	"math"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/search"
)

func lists(d *desk) {
	d.put(
		d.vacancy("full", inRole("semh-ta"), contract("permanent"), pattern("full-time"), func(v *sendwatch.Vacancy) {
			v.Needs, v.Setting, v.Phases = []string{"semh", "adhd"}, "special-school", []string{"primary", "secondary"}
		}),
		d.vacancy("other", inRole("hlta"), contract("fixed-term"), pattern("part-time"), func(v *sendwatch.Vacancy) {
			v.Needs, v.Setting, v.Phases = []string{"asd"}, "mainstream", []string{"primary"}
		}),
		d.vacancy("silent", inRole("")),
	)
	for _, test := range []struct {
		name string
		c    sendwatch.Criteria
		want []string
	}{
		{"nothing asked", sendwatch.Criteria{}, []string{"full", "other", "silent"}},
		{"a role", sendwatch.Criteria{Roles: []string{"semh-ta"}}, []string{"full"}},
		{"an ancestor of roles", sendwatch.Criteria{Roles: []string{"ta"}}, []string{"full", "other"}},
		{"any of several roles", sendwatch.Criteria{Roles: []string{"semh-ta", "hlta"}}, []string{"full", "other"}},
		{"a need", sendwatch.Criteria{Needs: []string{"adhd"}}, []string{"full"}},
		{"a setting", sendwatch.Criteria{Settings: []string{"special-school", "ap-pru"}}, []string{"full"}},
		{"a phase", sendwatch.Criteria{Phases: []string{"primary"}}, []string{"full", "other"}},
		{"a phase of one", sendwatch.Criteria{Phases: []string{"secondary"}}, []string{"full"}},
		{"a contract", sendwatch.Criteria{Contracts: []string{"fixed-term"}}, []string{"other"}},
		{"a pattern", sendwatch.Criteria{Patterns: []string{"part-time"}}, []string{"other"}},
		{"two lists", sendwatch.Criteria{Phases: []string{"primary"}, Needs: []string{"asd"}}, []string{"other"}},
		{"lists that nothing fits", sendwatch.Criteria{Phases: []string{"secondary"}, Needs: []string{"asd"}}, nil},
		{"a value that no vacancy has", sendwatch.Criteria{Settings: []string{"college"}}, nil},
	} {
		d.finds(test.name, test.c, test.want...)
	}
}

// facts holds that what an advert does not tell is found by no list and refused
// by nothing.
func facts(d *desk) {
	d.put(
		d.vacancy("beginner", func(v *sendwatch.Vacancy) {
			v.Support, v.Entry, v.PaidBy = []sendwatch.Support{sendwatch.SupportOneToOne, sendwatch.SupportClass}, sendwatch.EntryOpen, sendwatch.EmployerSchool
		}),
		d.vacancy("apprentice", func(v *sendwatch.Vacancy) {
			v.Support, v.Entry, v.Driver = []sendwatch.Support{sendwatch.SupportClass}, sendwatch.EntryApprenticeship, sendwatch.DriverPreferred
			v.PaidBy = sendwatch.EmployerTrust
		}),
		d.vacancy("driver", func(v *sendwatch.Vacancy) {
			v.Driver, v.PaidBy, v.Client = sendwatch.DriverNeeded, sendwatch.EmployerAgency, "Quillfeather Academy"
		}),
		d.vacancy("drives", func(v *sendwatch.Vacancy) { v.Duties = []sendwatch.Duty{sendwatch.DutyDriving} }),
		d.vacancy("register", func(v *sendwatch.Vacancy) { v.Kind = sendwatch.KindPool }),
	)
	for _, test := range []struct {
		name string
		c    sendwatch.Criteria
		want []string
	}{
		{"one to one", sendwatch.Criteria{Support: []string{"one-to-one"}}, []string{"beginner"}},
		{"a class", sendwatch.Criteria{Support: []string{"class"}}, []string{"beginner", "apprentice"}},
		{"a class or small groups", sendwatch.Criteria{Support: []string{"class", "small-group"}}, []string{"beginner", "apprentice"}},
		{"small groups", sendwatch.Criteria{Support: []string{"small-group"}}, nil},
		{"open to beginners", sendwatch.Criteria{Entry: []string{"open"}}, []string{"beginner"}},
		{"either way in", sendwatch.Criteria{Entry: []string{"open", "apprenticeship"}}, []string{"beginner", "apprentice"}},
		{"a driver is needed", sendwatch.Criteria{Driver: []string{"needed"}}, []string{"driver"}},
		{"paid by a school", sendwatch.Criteria{PaidBy: []string{"school"}}, []string{"beginner"}},
		{"paid by a school or trust", sendwatch.Criteria{PaidBy: []string{"school", "trust"}}, []string{"beginner", "apprentice"}},
		{"one post", sendwatch.Criteria{Kinds: []string{"vacancy"}}, []string{"beginner", "apprentice", "driver", "drives"}},
		{"a register", sendwatch.Criteria{Kinds: []string{"pool"}}, []string{"register"}},
		{"several lists", sendwatch.Criteria{Support: []string{"class"}, PaidBy: []string{"trust"}}, []string{"apprentice"}},
		{"driving refused", sendwatch.Criteria{Refuses: []string{"driving"}}, []string{"beginner", "apprentice", "register"}},
		{"who is paid by an agency is refused with it", sendwatch.Criteria{Refuses: []string{"agency"}}, []string{"beginner", "apprentice", "drives", "register"}},
	} {
		d.finds(test.name, test.c, test.want...)
	}
}

// scopes holds that an index takes what it is given and finds what is asked.
func scopes(d *desk) {
	d.put(
		d.vacancy("in"),
		d.vacancy("pool", func(v *sendwatch.Vacancy) { v.Kind = sendwatch.KindPool }),
		d.vacancy("adjacent", func(v *sendwatch.Vacancy) { v.Scope = sendwatch.ScopeAdjacent }),
		d.vacancy("out", func(v *sendwatch.Vacancy) { v.Scope = sendwatch.ScopeOut }),
		d.vacancy("description", func(v *sendwatch.Vacancy) { v.Kind = sendwatch.KindRoleDescription }),
		d.vacancy("closed", func(v *sendwatch.Vacancy) { v.State = sendwatch.VacancyClosed }),
	)
	d.count(6)
	d.finds("what is open and in scope", sendwatch.Criteria{}, "in", "pool")
	d.finds("an exclusion alone", asking("-zebra"), "in", "pool")
}

func pays(d *desk) {
	d.put(
		d.vacancy("low", paid(between(12, 12.5), between(15000, 16000))),
		d.vacancy("high", paid(between(14, 15), between(18000, 21000))),
		d.vacancy("from", paid(from(11), from(14000))),
		d.vacancy("unknown", paid(nil, nil)),
	)
	for _, test := range []struct {
		name string
		c    sendwatch.Criteria
		want []string
	}{
		{"a floor excludes what is known to pay less", sendwatch.Criteria{MinActual: 17000}, []string{"high", "from", "unknown"}},
		{"a floor at the top is met", sendwatch.Criteria{MinActual: 16000}, []string{"low", "high", "from", "unknown"}},
		{"a penny above it is not", sendwatch.Criteria{MinActual: 16000.01}, []string{"high", "from", "unknown"}},
		{"an hourly floor", sendwatch.Criteria{MinHourly: 13}, []string{"high", "from", "unknown"}},
		{"stated pay only", sendwatch.Criteria{StatedPayOnly: true}, []string{"low", "high", "from"}},
		{"stated pay only, with a floor", sendwatch.Criteria{MinHourly: 13, StatedPayOnly: true}, []string{"high", "from"}},
		{"a floor that nothing known meets", sendwatch.Criteria{MinHourly: 99}, []string{"from", "unknown"}},
	} {
		d.finds(test.name, test.c, test.want...)
	}
	d.order("unknown pay stays last", search.Request{Sort: search.SortPay}, "high", "low", "from", "unknown")
	d.order("unknown pay stays last by the year too", search.Request{Sort: search.SortActual}, "high", "low", "from", "unknown")
}

func workingHours(d *desk) {
	d.put(d.vacancy("short", hours(15)), d.vacancy("long", hours(32.5)), d.vacancy("unknown"))
	f := func(x float64) *float64 { return &x }
	d.finds("at least", sendwatch.Criteria{Hours: sendwatch.Range{Min: f(20)}}, "long", "unknown")
	d.finds("at most", sendwatch.Criteria{Hours: sendwatch.Range{Max: f(20)}}, "short", "unknown")
	d.finds("both ends are included", sendwatch.Criteria{Hours: sendwatch.Range{Min: f(15), Max: f(32.5)}}, "short", "long", "unknown")
	d.finds("between", sendwatch.Criteria{Hours: sendwatch.Range{Min: f(16), Max: f(30)}}, "unknown")
}

func refusals(d *desk) {
	d.put(
		d.vacancy("school"),
		d.vacancy("agency", employed(sendwatch.EmployerAgency)),
		d.vacancy("care", func(v *sendwatch.Vacancy) { v.Duties = []sendwatch.Duty{sendwatch.DutyPersonalCare} }),
	)
	d.finds("nothing refused", sendwatch.Criteria{}, "school", "agency", "care")
	d.finds("agencies refused", sendwatch.Criteria{Refuses: []string{"agency"}}, "school", "care")
	d.finds("a duty refused", sendwatch.Criteria{Refuses: []string{string(sendwatch.DutyPersonalCare)}}, "school", "agency")
	d.finds("both refused", sendwatch.Criteria{Refuses: []string{"agency", string(sendwatch.DutyPersonalCare)}}, "school")
}

// home is a town that the gazetteer knows.
func (d *desk) home(near string) *place.Place {
	d.Helper()
	p, err := d.Gazetteer.Find(near)
	if err != nil {
		d.Fatalf("find %q: %v", near, err)
	}
	return p
}

func radius(d *desk) {
	leeds, bath := d.home("Leeds"), d.home("Bath")
	edge := &place.Place{Lat: leeds.Lat + 0.13, Lon: leeds.Lon - 0.21, Precision: place.Sector}
	d.put(
		d.vacancy("centre", at(leeds.Lat, leeds.Lon)),
		d.vacancy("edge", at(edge.Lat, edge.Lon)),
		d.vacancy("bath", at(bath.Lat, bath.Lon)),
		d.vacancy("nowhere"),
		d.vacancy("region", func(v *sendwatch.Vacancy) {
			v.Place = &place.Place{Name: "Yorkshire and the Humber", Precision: place.Region}
		}),
	)
	rim := place.Miles(leeds, edge)
	near := func(miles float64) sendwatch.Criteria { return sendwatch.Criteria{Near: "Leeds", WithinMiles: miles} }
	d.finds("the rim is inside", near(rim), "centre", "edge")
	d.finds("a hair less is not", near(math.Nextafter(rim, 0)), "centre")
	d.finds("fifteen miles when nothing is said", near(0), "centre", "edge")
	d.finds("a wide circle", near(400), "centre", "edge", "bath")
	d.finds("wider than the world", near(1e9), "centre", "edge", "bath")
	d.finds("several homes", sendwatch.Criteria{Homes: []sendwatch.Home{
		{Near: "Leeds", WithinMiles: 1}, {Near: "Bath", WithinMiles: 1},
	}}, "centre", "bath")
	d.finds("with words", sendwatch.Criteria{Words: "assistant -zebra", Near: "Leeds", WithinMiles: 1}, "centre")
	a := d.ask(search.Request{Criteria: near(rim), Facets: []string{search.FacetRole}, PerPage: 1})
	if a.Total != 2 || countOf(a.Facets[search.FacetRole], "ta") != 2 {
		d.Errorf("total %d and facets %v, want 2 of both", a.Total, a.Facets)
	}
}

func countOf(values []search.Facet, value string) int {
	for _, f := range values {
		if f.Value == value {
			return f.Count
		}
	}
	return 0
}

func facets(d *desk) {
	for i := range 6 {
		d.put(d.vacancy(fmt.Sprintf("a%d", i), inRole("semh-ta"), contract("permanent"), func(v *sendwatch.Vacancy) {
			v.Needs, v.Setting, v.Phases = []string{"semh"}, "special-school", []string{"primary"}
			if i < 2 {
				v.Needs = append(v.Needs, "asd")
			}
		}))
	}
	d.put(
		d.vacancy("b", inRole("hlta"), employed(sendwatch.EmployerAgency), pattern("part-time"), func(v *sendwatch.Vacancy) {
			v.Support, v.Entry, v.Driver = []sendwatch.Support{sendwatch.SupportClass}, sendwatch.EntryOpen, sendwatch.DriverNeeded
			v.PaidBy, v.Kind, v.Duties = sendwatch.EmployerAgency, sendwatch.KindPool, []sendwatch.Duty{sendwatch.DutyPersonalCare}
		}),
		d.vacancy("c", func(v *sendwatch.Vacancy) { v.Scope = sendwatch.ScopeOut }),
	)
	a := d.ask(search.Request{Facets: search.Facets(), PerPage: 2})
	if a.Total != 7 || len(a.Hits) != 2 {
		d.Fatalf("%d hits of %d, want 2 of 7", len(a.Hits), a.Total)
	}
	for _, test := range []struct {
		dimension, value string
		want             int
	}{
		{search.FacetRole, "semh-ta", 6},
		{search.FacetRole, "hlta", 1},
		{search.FacetRole, "ta", 7}, // the ancestor counts for all
		{search.FacetNeed, "semh", 6},
		{search.FacetNeed, "asd", 2},
		{search.FacetSetting, "special-school", 6},
		{search.FacetPhase, "primary", 6},
		{search.FacetContract, "permanent", 6},
		{search.FacetPattern, "part-time", 1},
		{search.FacetEmployer, "school", 6},
		{search.FacetEmployer, "agency", 1},
		{search.FacetSupport, "class", 1},
		{search.FacetEntry, "open", 1},
		{search.FacetDriver, "needed", 1},
		{search.FacetPaidBy, "agency", 1},
		{search.FacetPaidBy, "school", 0}, // who advertises need not be who pays
		{search.FacetKind, "vacancy", 6},
		{search.FacetKind, "pool", 1},
		{search.FacetDuty, "personal-care", 1},
		{search.FacetSetting, "", 0}, // what is not stated counts nowhere
	} {
		if got := countOf(a.Facets[test.dimension], test.value); got != test.want {
			d.Errorf("%s %q counts %d, want %d", test.dimension, test.value, got, test.want)
		}
	}
	for name, values := range a.Facets {
		for i := 1; i < len(values); i++ {
			p, q := values[i-1], values[i]
			if p.Count < q.Count || p.Count == q.Count && p.Value >= q.Value {
				d.Errorf("%s: %v stands before %v", name, p, q)
			}
		}
	}
	a = d.ask(search.Request{Criteria: sendwatch.Criteria{Needs: []string{"asd"}}, Facets: []string{search.FacetNeed}})
	if got := countOf(a.Facets[search.FacetNeed], "semh"); got != 2 || len(a.Facets) != 1 {
		d.Errorf("facets of a filtered search: %v, want semh 2 and no other dimension", a.Facets)
	}
}

func refused(d *desk, name string, q search.Query, want error) {
	d.Helper()
	if _, err := d.index.Search(d.Context(), q); !isError(err, want) {
		d.Errorf("%s: %v, want %v", name, err, want)
	}
}
