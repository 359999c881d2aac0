package matcher

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/place"
)

func TestAttributes(t *testing.T) {
	m := newMatcher(t)
	v := vacancy(m, asks(essential("team-teach", 0), desirable("personal-care", 0)))
	v.Duties = []sendwatch.Duty{sendwatch.DutyOneToOne}
	v.Support, v.Entry = []sendwatch.Support{sendwatch.SupportClass, sendwatch.SupportOneToOne, sendwatch.SupportClass}, sendwatch.EntryOpen
	v.Driver, v.PaidBy = sendwatch.DriverNeeded, sendwatch.EmployerTrust
	want := Attributes{
		Terms: v.Terms, Roles: m.Taxonomy.Ancestors("semh-ta"), Needs: []string{"semh"}, Phases: []string{"primary"},
		Duties:  []string{"one-to-one", "physical-intervention"},
		Support: []string{"class", "one-to-one"}, Entry: "open", Driver: "needed", PaidBy: "trust",
		Setting: "mainstream", Contract: "permanent", Pattern: "part-time", Kind: "vacancy", Scope: "in",
		Open: true, Located: true, Lat: v.Place.Lat, Lon: v.Place.Lon,
		ActualTop: ptr(17_412.0), ActualKnown: true, HourlyTop: ptr(13.20), HourlyKnown: true, PayStated: true, Hours: ptr(30.0),
	}
	if d := cmp.Diff(want, m.Attributes(v)); d != "" {
		t.Error(d)
	}
	if want.Roles[0] != "semh-ta" || len(want.Roles) < 2 {
		t.Errorf("roles = %v, want semh-ta and its ancestors", want.Roles)
	}
}

func TestAttributesOfADayRate(t *testing.T) {
	m := newMatcher(t)
	a := m.Attributes(vacancy(m, dayRate(90, 100)))
	if !a.Agency || !a.PayStated || a.ActualTop == nil || *a.ActualTop != 19_000 || a.Hours != nil {
		t.Errorf("got %+v, want an agency's 190 days at £100", a)
	}
}

func TestFilter(t *testing.T) {
	open := func(v *opening) { v.Pay.Comparable.Hourly = &pay.Figure{Min: ptr(12.0)} }
	unpaid := func(v *opening) { v.Pay.Comparable = pay.Comparable{} }
	nowhere := func(v *opening) { v.Place = nil }
	told := func(v *opening) {
		v.Support, v.Entry = []sendwatch.Support{sendwatch.SupportOneToOne}, sendwatch.EntryOpen
		v.Driver, v.PaidBy = sendwatch.DriverNeeded, sendwatch.EmployerSchool
	}
	for _, tt := range []struct {
		name    string
		c       sendwatch.Criteria
		edit    func(*opening)
		refused string // empty: accepted
	}{
		{"nothing asked", sendwatch.Criteria{}, nil, ""},
		{"closed", sendwatch.Criteria{}, func(v *opening) { v.State = sendwatch.VacancyClosed }, "closed"},
		{"adjacent", sendwatch.Criteria{}, func(v *opening) { v.Scope = sendwatch.ScopeAdjacent }, "out-of-scope"},
		{"a register", sendwatch.Criteria{}, func(v *opening) { v.Kind = sendwatch.KindPool }, ""},
		{"a role description", sendwatch.Criteria{}, func(v *opening) { v.Kind = sendwatch.KindRoleDescription }, "closed out-of-scope"},
		{"every word", sendwatch.Criteria{Words: "nurture TA"}, nil, ""},
		{"a word is missing", sendwatch.Criteria{Words: "nurture autism"}, nil, "words"},
		{"excluded word", sendwatch.Criteria{Words: "-nurture"}, nil, "words"},
		{"role", sendwatch.Criteria{Roles: []string{"hlta", "semh-ta"}}, nil, ""},
		{"role by ancestor", sendwatch.Criteria{Roles: []string{"ta"}}, nil, ""},
		{"another role", sendwatch.Criteria{Roles: []string{"hlta"}}, nil, "role"},
		{"role unknown", sendwatch.Criteria{Roles: []string{"ta"}}, func(v *opening) { v.Role = "" }, "role"},
		{"any need", sendwatch.Criteria{Needs: []string{"asd", "semh"}}, nil, ""},
		{"another need", sendwatch.Criteria{Needs: []string{"asd"}}, nil, "need"},
		{"setting", sendwatch.Criteria{Settings: []string{"mainstream"}}, nil, ""},
		{"setting unknown", sendwatch.Criteria{Settings: []string{"mainstream"}}, func(v *opening) { v.Setting = "" }, "setting"},
		{"phase", sendwatch.Criteria{Phases: []string{"secondary"}}, nil, "phase"},
		{"contract", sendwatch.Criteria{Contracts: []string{"fixed-term"}}, nil, "contract"},
		{"contract unknown", sendwatch.Criteria{Contracts: []string{"permanent"}}, func(v *opening) { v.Pay.Contract = nil }, "contract"},
		{"pattern", sendwatch.Criteria{Patterns: []string{"full-time"}}, nil, "pattern"},
		{"either pattern", sendwatch.Criteria{Patterns: []string{"full-time"}}, func(v *opening) { v.Pay.WorkingPattern = ptr("either") }, ""},
		{"near", sendwatch.Criteria{Near: "Reading"}, nil, ""},
		{"far", sendwatch.Criteria{Near: "Leeds"}, nil, "distance"},
		{"too near", sendwatch.Criteria{Near: "Reading", WithinMiles: 2}, nil, "distance"},
		{"any home", sendwatch.Criteria{Homes: []sendwatch.Home{{Near: "Leeds"}, {Near: "RG40", WithinMiles: 5}}}, nil, ""},
		{"nowhere", sendwatch.Criteria{Near: "Reading"}, nowhere, "distance"},
		{"nowhere, not asked", sendwatch.Criteria{}, nowhere, ""},
		{"actual", sendwatch.Criteria{MinActual: 17_412}, nil, ""},
		{"actual too low", sendwatch.Criteria{MinActual: 17_413}, nil, "pay"},
		{"hourly too low", sendwatch.Criteria{MinHourly: 14}, nil, "pay"},
		{"open top", sendwatch.Criteria{MinHourly: 14}, open, ""},
		{"pay unknown", sendwatch.Criteria{MinHourly: 14, MinActual: 1}, unpaid, ""},
		{"stated pay only", sendwatch.Criteria{StatedPayOnly: true}, unpaid, "pay"},
		{"day rate by the year", sendwatch.Criteria{MinActual: 19_001}, dayRate(90, 100), "pay"},
		{"hours", sendwatch.Criteria{Hours: sendwatch.Range{Min: ptr(30.0), Max: ptr(30.0)}}, nil, ""},
		{"hours too many", sendwatch.Criteria{Hours: sendwatch.Range{Max: ptr(29.0)}}, nil, "hours"},
		{"hours unknown", sendwatch.Criteria{Hours: sendwatch.Range{Max: ptr(29.0)}}, func(v *opening) { v.Pay.HoursPerWeek = nil }, ""},
		{"no agencies", sendwatch.Criteria{Refuses: []string{"agency"}}, dayRate(90, 100), "refuses"},
		{"no personal care", sendwatch.Criteria{Refuses: []string{"personal-care"}}, asks(essential("personal-care", 0)), "refuses"},
		{"one to one", sendwatch.Criteria{Support: []string{"one-to-one"}}, told, ""},
		{"a class", sendwatch.Criteria{Support: []string{"class", "small-group"}}, told, "support"},
		{"support unknown", sendwatch.Criteria{Support: []string{"class"}}, nil, "support"},
		{"open to beginners", sendwatch.Criteria{Entry: []string{"open"}}, told, ""},
		{"an apprenticeship", sendwatch.Criteria{Entry: []string{"apprenticeship"}}, told, "entry"},
		{"way in unknown", sendwatch.Criteria{Entry: []string{"open", "apprenticeship"}}, nil, "entry"},
		{"a driver", sendwatch.Criteria{Driver: []string{"needed", "preferred"}}, told, ""},
		{"driving unknown", sendwatch.Criteria{Driver: []string{"needed", "preferred"}}, nil, "driver"},
		{"no driving where a driver is needed", sendwatch.Criteria{Refuses: []string{"driving"}}, told, "refuses"},
		{"no driving where one is preferred", sendwatch.Criteria{Refuses: []string{"driving"}}, func(v *opening) { v.Driver = sendwatch.DriverPreferred }, ""},
		{"no driving, unknown", sendwatch.Criteria{Refuses: []string{"driving"}}, nil, ""},
		{"no driving in the work", sendwatch.Criteria{Refuses: []string{"driving"}}, func(v *opening) { v.Duties = []sendwatch.Duty{sendwatch.DutyDriving} }, "refuses"},
		{"paid by a school or trust", sendwatch.Criteria{PaidBy: []string{"school", "trust"}}, told, ""},
		{"paid by an agency", sendwatch.Criteria{PaidBy: []string{"agency"}}, told, "paid-by"},
		{"payer unknown", sendwatch.Criteria{PaidBy: []string{"school"}}, nil, "paid-by"},
		{"no agencies, and one pays", sendwatch.Criteria{Refuses: []string{"agency"}}, func(v *opening) { v.PaidBy = sendwatch.EmployerAgency }, "refuses"},
		{"one post", sendwatch.Criteria{Kinds: []string{"vacancy"}}, nil, ""},
		{"registers only", sendwatch.Criteria{Kinds: []string{"pool"}}, nil, "kind"},
		{"several at once", sendwatch.Criteria{Near: "Leeds", MinHourly: 14, Needs: []string{"asd"}}, nil, "distance pay need"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newMatcher(t)
			v := vacancy(m)
			if tt.edit != nil {
				tt.edit(v)
			}
			f, err := m.Compile(tt.c)
			if err != nil {
				t.Fatal(err)
			}
			a := m.Attributes(v)
			if got := strings.Join(f.refuses(&a), " "); got != tt.refused {
				t.Errorf("refused for %q, want %q", got, tt.refused)
			}
			if got, want := f.Accepts(&a), tt.refused == ""; got != want {
				t.Errorf("Accepts = %v, want %v", got, want)
			}
			match, err := m.Match(&sendwatch.Subscription{ID: "s", Criteria: tt.c}, v)
			if err != nil {
				t.Fatal(err)
			}
			if (match.Fit == sendwatch.FitNo) != (tt.refused != "") || match.Fit == sendwatch.FitNo && strings.Join(match.BlockedBy, " ") != tt.refused {
				t.Errorf("Match = %s, blocked by %v; want refused for %q", match.Fit, match.BlockedBy, tt.refused)
			}
		})
	}
}

func TestCompileNamesWhatIsUnknown(t *testing.T) {
	m := newMatcher(t)
	for _, tt := range []struct {
		c    sendwatch.Criteria
		want error
		says string
	}{
		{sendwatch.Criteria{Near: "Nowhereham"}, place.ErrUnknown, "Nowhereham"},
		{sendwatch.Criteria{Homes: []sendwatch.Home{{Near: ""}}}, place.ErrUnknown, "postcode"},
		{sendwatch.Criteria{Near: "South East"}, place.ErrUnknown, "too wide"},
		{sendwatch.Criteria{Roles: []string{"ta", "wizard"}}, ErrUnknown, `role "wizard"`},
		{sendwatch.Criteria{Needs: []string{"x"}}, ErrUnknown, `need "x"`},
		{sendwatch.Criteria{Contracts: []string{"eternal"}}, ErrUnknown, `contract "eternal"`},
		{sendwatch.Criteria{Support: []string{"two-to-one"}}, ErrUnknown, `kind of support "two-to-one"`},
		{sendwatch.Criteria{Entry: []string{"easy"}}, ErrUnknown, `way in "easy"`},
		{sendwatch.Criteria{Driver: []string{"must"}}, ErrUnknown, `driving "must"`},
		{sendwatch.Criteria{PaidBy: []string{"parents"}}, ErrUnknown, `payer "parents"`},
		{sendwatch.Criteria{Kinds: []string{"role-description"}}, ErrUnknown, `kind "role-description"`},
		{sendwatch.Criteria{Refuses: []string{"mornings"}}, ErrUnknown, `refusal "mornings"`},
	} {
		_, err := m.Compile(tt.c)
		if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("Compile(%+v) error = %v, want %v that says %q", tt.c, err, tt.want, tt.says)
		}
	}
}

func TestMatchWithoutACandidate(t *testing.T) {
	m := newMatcher(t)
	unpaid := func(v *opening) { v.Pay.Comparable = pay.Comparable{} }
	for _, tt := range []struct {
		name    string
		c       sendwatch.Criteria
		edit    func(*opening)
		fit     sendwatch.Fit
		blocked string
	}{
		{"all told", sendwatch.Criteria{MinActual: 16_000}, func(*opening) {}, sendwatch.FitStrong, ""},
		{"pay unknown", sendwatch.Criteria{MinActual: 16_000}, unpaid, sendwatch.FitPossible, "pay-unknown"},
		{"pay unknown, not asked", sendwatch.Criteria{}, unpaid, sendwatch.FitStrong, ""},
		{"hours unknown", sendwatch.Criteria{Hours: sendwatch.Range{Min: ptr(20.0)}}, func(v *opening) { v.Pay.HoursPerWeek = nil }, sendwatch.FitPossible, "hours-unknown"},
	} {
		got, err := m.Match(&sendwatch.Subscription{ID: "s", Criteria: tt.c}, vacancy(m, tt.edit))
		if err != nil {
			t.Fatal(err)
		}
		if got.Fit != tt.fit || strings.Join(got.BlockedBy, " ") != tt.blocked {
			t.Errorf("%s: %s %v, want %s %q", tt.name, got.Fit, got.BlockedBy, tt.fit, tt.blocked)
		}
	}
}

func TestMatchWithACandidate(t *testing.T) {
	m := newMatcher(t)
	s := &sendwatch.Subscription{ID: "s1", Criteria: sendwatch.Criteria{Near: "Reading"}, Candidate: &seeking{ID: "c1"}}
	v := vacancy(m, asks(essential("team-teach", 0)))
	got, err := m.Match(s, v)
	if err != nil {
		t.Fatal(err)
	}
	if got.Fit != sendwatch.FitPossible || got.Profile != "s1" || got.Miles == nil || got.Unmet[0] != "team-teach" {
		t.Errorf("got %+v, want a possible fit of s1 that lacks team-teach, with its miles", got)
	}
	s.Criteria.Near = "Leeds"
	if got, err = m.Match(s, v); err != nil || got.Fit != sendwatch.FitNo || got.BlockedBy[0] != "distance" {
		t.Errorf("got %+v, %v; want the filter's no", got, err)
	}
}
