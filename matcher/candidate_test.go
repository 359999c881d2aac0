package matcher

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/taxonomy"
)

type (
	seeking = sendwatch.Candidate
	opening = sendwatch.Vacancy
)

func TestDemands(t *testing.T) {
	years := func(r taxonomy.Requirement, n float64) taxonomy.Requirement { r.MinYears = &n; return r }
	for _, tt := range []struct {
		name  string
		c     seeking
		asked []taxonomy.Requirement
		fit   sendwatch.Fit
		unmet string
	}{
		{"nothing asked", seeking{}, nil, sendwatch.FitStrong, ""},
		{"held", seeking{Holds: []string{"team-teach"}}, []taxonomy.Requirement{essential("team-teach", 0)}, sendwatch.FitStrong, ""},
		{"implied", seeking{Holds: []string{"hlta"}}, []taxonomy.Requirement{essential("ta-level-3", 0)}, sendwatch.FitStrong, ""},
		{"not the other way", seeking{Holds: []string{"ta-level-3"}}, []taxonomy.Requirement{essential("hlta", 0)}, sendwatch.FitPossible, "hlta"},
		{"one unmet", seeking{}, []taxonomy.Requirement{essential("team-teach", 0)}, sendwatch.FitPossible, "team-teach"},
		{"two unmet, in order", seeking{}, []taxonomy.Requirement{essential("team-teach", 0), essential("elsa", 0)}, sendwatch.FitNo, "team-teach elsa"},
		{"desirable never counts", seeking{}, []taxonomy.Requirement{desirable("team-teach", 0), desirable("elsa", 0)}, sendwatch.FitStrong, ""},
		{"untested kinds never count", seeking{}, []taxonomy.Requirement{essential("patience", 0), essential("dbs-enhanced", 0), essential("know-safeguarding", 0), essential("travel", 0), essential("references", 0)}, sendwatch.FitPossible, ""}, // possible: does not drive
		{"group, any", seeking{Holds: []string{"elsa"}}, []taxonomy.Requirement{essential("team-teach", 1), essential("elsa", 1)}, sendwatch.FitStrong, ""},
		{"group, none: its first", seeking{}, []taxonomy.Requirement{essential("team-teach", 1), essential("elsa", 1)}, sendwatch.FitPossible, "team-teach"},
		{"group with an untested member", seeking{}, []taxonomy.Requirement{essential("teacch", 1), essential("know-complex", 1)}, sendwatch.FitStrong, ""},
		{"two groups", seeking{}, []taxonomy.Requirement{essential("team-teach", 1), essential("elsa", 2), essential("mapa", 1)}, sendwatch.FitNo, "team-teach elsa"},
		{"willing to train", seeking{}, []taxonomy.Requirement{essential("elsa", 1), essential("willing-to-obtain", 1)}, sendwatch.FitStrong, ""},
		{"refuses courses", seeking{Refuses: []string{"further-qualifications"}}, []taxonomy.Requirement{essential("elsa", 1), essential("willing-to-obtain", 1)}, sendwatch.FitPossible, "elsa"},
		{"refuses courses, but a check", seeking{Refuses: []string{"further-qualifications"}}, []taxonomy.Requirement{essential("dbs-enhanced", 1), essential("willing-to-obtain", 1)}, sendwatch.FitStrong, ""},
		{"working towards is not holding", seeking{WorkingTowards: []string{"ta-level-3"}}, []taxonomy.Requirement{essential("ta-level-3", 0)}, sendwatch.FitPossible, "ta-level-3"},
		{"not said is unknown", seeking{NotSaid: []string{"ta-level-3"}}, []taxonomy.Requirement{essential("ta-level-3", 0)}, sendwatch.FitPossible, ""},
		{"not said might meet more", seeking{NotSaid: []string{"hlta"}}, []taxonomy.Requirement{essential("ta-level-3", 0)}, sendwatch.FitPossible, ""},
		{"experience long enough", seeking{Experience: []sendwatch.Experience{{ID: "exp-asd", Years: 2}}}, []taxonomy.Requirement{years(essential("exp-asd", 0), 2)}, sendwatch.FitStrong, ""},
		{"entries do not add up", seeking{Experience: []sendwatch.Experience{{ID: "exp-asd", Years: 1}, {ID: "exp-semh", Years: 1}}}, []taxonomy.Requirement{years(essential("exp-send", 0), 2)}, sendwatch.FitPossible, "exp-send"},
		{"longest entry counts", seeking{Experience: []sendwatch.Experience{{ID: "exp-asd", Years: 1}, {ID: "exp-semh", Years: 3}}}, []taxonomy.Requirement{years(essential("exp-send", 0), 2)}, sendwatch.FitStrong, ""},
		{"driving is a licence", seeking{Drives: true}, []taxonomy.Requirement{essential("driving-licence", 0)}, sendwatch.FitStrong, ""},
		{"no licence", seeking{}, []taxonomy.Requirement{essential("driving-licence", 0)}, sendwatch.FitPossible, "driving-licence"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newMatcher(t)
			got, err := m.Candidate(&tt.c, vacancy(m, asks(tt.asked...)))
			if err != nil {
				t.Fatal(err)
			}
			if unmet := strings.Join(got.Unmet, " "); got.Fit != tt.fit || unmet != tt.unmet {
				t.Errorf("fit %s, unmet %q; want %s, %q (%s)", got.Fit, unmet, tt.fit, tt.unmet, got.Why)
			}
		})
	}
}

func TestConstraints(t *testing.T) {
	refuses := func(what ...string) seeking { return seeking{Refuses: what} }
	unpaid := func(v *opening) { v.Pay.Comparable = pay.Comparable{} }
	contract := func(c string) func(*opening) {
		return func(v *opening) { v.Pay.Contract = &c }
	}
	silent := func(v *opening) { v.Pay.Contract = nil }
	for _, tt := range []struct {
		name    string
		c       seeking
		edit    func(*opening)
		fit     sendwatch.Fit
		blocked string
	}{
		{"near", seeking{HomePostcode: "RG40 1", RadiusMiles: ptr(5.0)}, nil, sendwatch.FitStrong, ""},
		{"far", seeking{HomePostcode: "LS1", RadiusMiles: ptr(50.0)}, nil, sendwatch.FitNo, "distance"},
		{"far, but anywhere", seeking{HomePostcode: "LS1"}, nil, sendwatch.FitStrong, ""},
		{"within a fifth more", seeking{HomePostcode: "RG1 1", RadiusMiles: ptr(5.5)}, nil, sendwatch.FitPossible, "distance-margin"},
		{"nowhere in particular", seeking{HomePostcode: "RG40 1", RadiusMiles: ptr(5.0)}, func(v *opening) { v.Place = nil }, sendwatch.FitPossible, "distance-unknown"},
		{"only a region", seeking{HomePostcode: "RG40 1", RadiusMiles: ptr(5.0)}, func(v *opening) { v.Place = &place.Place{Name: "South East", Precision: place.Region} }, sendwatch.FitPossible, "distance-unknown"},

		{"out of scope", seeking{}, func(v *opening) { v.Scope = sendwatch.ScopeOut }, sendwatch.FitNo, "out-of-scope"},
		{"adjacent", seeking{}, func(v *opening) { v.Scope = sendwatch.ScopeAdjacent }, sendwatch.FitNo, "out-of-scope"},
		{"a role description", seeking{}, func(v *opening) { v.Kind = sendwatch.KindRoleDescription }, sendwatch.FitNo, "out-of-scope"},

		{"pay enough", seeking{MinAnnualActual: ptr(17_000.0)}, nil, sendwatch.FitStrong, ""},
		{"pay too low", seeking{MinAnnualActual: ptr(18_000.0)}, nil, sendwatch.FitNo, "pay"},
		{"hourly too low", seeking{MinAnnualActual: ptr(17_000.0), MinHourly: ptr(14.0)}, nil, sendwatch.FitNo, "pay"},
		{"pay unknown", seeking{MinHourly: ptr(12.0)}, unpaid, sendwatch.FitPossible, "pay-unknown"},
		{"pay unknown, not asked", seeking{}, unpaid, sendwatch.FitStrong, ""},
		{"floor within the range", seeking{MinAnnualActual: ptr(16_500.0)}, func(v *opening) { v.Pay.Comparable.ActualAnnual = figure(16_000, 17_000, "stated") }, sendwatch.FitPossible, "pay-unknown"},
		{"from", seeking{MinAnnualActual: ptr(16_500.0)}, func(v *opening) { v.Pay.Comparable.ActualAnnual = &pay.Figure{Min: ptr(16_000.0)} }, sendwatch.FitPossible, "pay-unknown"},
		{"up to", seeking{MinAnnualActual: ptr(16_500.0)}, func(v *opening) { v.Pay.Comparable.ActualAnnual = &pay.Figure{Max: ptr(17_000.0)} }, sendwatch.FitPossible, "pay-unknown"},
		{"day rate by the year", seeking{MinAnnualActual: ptr(17_000.0)}, dayRate(90, 100), sendwatch.FitStrong, ""},
		{"day rate too low", seeking{MinAnnualActual: ptr(19_100.0)}, dayRate(90, 100), sendwatch.FitNo, "pay"},
		{"day rate by the hour", seeking{MinHourly: ptr(13.5)}, dayRate(90, 100), sendwatch.FitStrong, ""},
		{"full-time figure, term time", seeking{MinAnnualActual: ptr(18_000.0)}, fullTimeFigure(ptr(30.0)), sendwatch.FitNo, "pay"},
		{"full-time figure, long hours", seeking{MinAnnualActual: ptr(18_000.0)}, fullTimeFigure(ptr(36.0)), sendwatch.FitStrong, ""},
		{"full-time figure, no hours", seeking{MinAnnualActual: ptr(18_000.0)}, fullTimeFigure(nil), sendwatch.FitPossible, "pay-unknown"},
		{"two salaries, one would do", seeking{MinAnnualActual: ptr(17_000.0)}, twoSalaries, sendwatch.FitPossible, "pay-unknown"},
		{"two salaries, too low even together", seeking{MinAnnualActual: ptr(18_500.0)}, twoSalaries, sendwatch.FitNo, "pay"},
		{"two salaries, hours of one", seeking{Hours: sendwatch.Range{Min: ptr(28.0)}}, twoSalaries, sendwatch.FitPossible, "hours-unknown"},

		{"hours fit", seeking{Hours: sendwatch.Range{Min: ptr(25.0), Max: ptr(30.0)}}, nil, sendwatch.FitStrong, ""},
		{"too few", seeking{Hours: sendwatch.Range{Min: ptr(32.0)}}, nil, sendwatch.FitNo, "hours"},
		{"too many", seeking{Hours: sendwatch.Range{Max: ptr(20.0)}}, nil, sendwatch.FitNo, "hours"},
		{"full time is enough", seeking{Hours: sendwatch.Range{Min: ptr(30.0)}}, fullTimeOnly, sendwatch.FitStrong, ""},
		{"full time is too many", seeking{Hours: sendwatch.Range{Max: ptr(22.0)}}, fullTimeOnly, sendwatch.FitNo, "hours"},
		{"full time may be too many", seeking{Hours: sendwatch.Range{Max: ptr(32.0)}}, fullTimeOnly, sendwatch.FitPossible, "hours-unknown"},
		{"hours unknown", seeking{Hours: sendwatch.Range{Min: ptr(10.0)}}, func(v *opening) { v.Pay.HoursPerWeek, v.Pay.WorkingPattern = nil, nil }, sendwatch.FitPossible, "hours-unknown"},

		{"contract wanted", seeking{Contracts: []string{"permanent"}}, nil, sendwatch.FitStrong, ""},
		{"contract not wanted", seeking{Contracts: []string{"permanent"}}, contract("temporary"), sendwatch.FitNo, "contract"},
		{"a school's temporary post is fixed-term", seeking{Contracts: []string{"permanent", "fixed-term"}}, contract("temporary"), sendwatch.FitStrong, ""},
		{"cover is for a fixed term", seeking{Contracts: []string{"fixed-term"}}, contract("maternity-cover"), sendwatch.FitStrong, ""},
		{"temp to perm", seeking{Contracts: []string{"permanent"}}, contract("temp-to-perm"), sendwatch.FitPossible, "contract-unknown"},
		{"casual", seeking{Contracts: []string{"permanent", "fixed-term", "temporary"}}, contract("casual"), sendwatch.FitNo, "contract"},
		{"contract unknown", seeking{Contracts: []string{"permanent", "fixed-term"}}, silent, sendwatch.FitPossible, "contract-unknown"},
		{"contract unknown, any of three", seeking{Contracts: []string{"permanent", "fixed-term", "temporary"}}, silent, sendwatch.FitStrong, ""},
		{"an agency's day work is temporary", seeking{Contracts: []string{"permanent", "fixed-term"}}, dayRate(90, 100), sendwatch.FitNo, "contract"},

		{"setting refused", seeking{SettingsRefused: []string{"mainstream"}}, nil, sendwatch.FitNo, "setting"},
		{"setting not wanted only ranks", seeking{SettingsWanted: []string{"nursery"}}, nil, sendwatch.FitStrong, ""},
		{"need and phase not wanted only rank", seeking{NeedsWanted: []string{"asd"}, PhasesWanted: []string{"post-16"}}, nil, sendwatch.FitStrong, ""},

		{"agency refused", refuses("agency"), dayRate(90, 100), sendwatch.FitNo, "refuses"},
		{"no agency", refuses("agency"), nil, sendwatch.FitStrong, ""},
		{"duty refused", refuses("personal-care"), func(v *opening) { v.Duties = []sendwatch.Duty{sendwatch.DutyPersonalCare} }, sendwatch.FitNo, "refuses"},
		{"requirement refused", refuses("personal-care"), asks(essential("personal-care", 0)), sendwatch.FitNo, "refuses"},
		{"desirable hint", refuses("physical-intervention"), asks(desirable("team-teach", 0)), sendwatch.FitPossible, "refuses-unknown"},
		{"likely and silent", refuses("physical-intervention"), func(v *opening) { v.Setting = "special-school" }, sendwatch.FitPossible, "refuses-unknown"},
		{"unlikely and silent", refuses("physical-intervention", "personal-care"), nil, sendwatch.FitStrong, ""},

		{"must travel", seeking{}, asks(essential("travel", 0)), sendwatch.FitPossible, "travel-unknown"},
		{"must travel and drives", seeking{Drives: true}, asks(essential("travel", 0)), sendwatch.FitStrong, ""},
		{"several doubts", seeking{HomePostcode: "RG1 1", RadiusMiles: ptr(5.5), MinHourly: ptr(12.0)}, unpaid, sendwatch.FitPossible, "distance-margin pay-unknown"},
		{"a no names no doubts", seeking{SettingsRefused: []string{"mainstream"}, MinHourly: ptr(12.0)}, unpaid, sendwatch.FitNo, "setting"},
		{"training must be under way", seeking{}, underWayELSA, sendwatch.FitPossible, "requirement-unclear"},
		{"willing is enough", seeking{}, func(v *opening) {
			underWayELSA(v)
			v.Requirements[0].Evidence = "ELSA, or willing to train"
		}, sendwatch.FitStrong, ""},
		{"the advert's text says so", seeking{}, func(v *opening) {
			underWayELSA(v)
			v.Requirements[0].Evidence, v.Body = "", "We are kind.\nHold ELSA or be part way through it. Apply now."
		}, sendwatch.FitPossible, "requirement-unclear"},
		{"the advert's text speaks of something else", seeking{}, func(v *opening) {
			underWayELSA(v)
			v.Requirements[0].Evidence, v.Body = "", "Building works are under way. ELSA or willing to train."
		}, sendwatch.FitStrong, ""},
		{"training is under way", seeking{WorkingTowards: []string{"elsa"}}, underWayELSA, sendwatch.FitStrong, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newMatcher(t)
			v := vacancy(m)
			if tt.edit != nil {
				tt.edit(v)
			}
			got, err := m.Candidate(&tt.c, v)
			if err != nil {
				t.Fatal(err)
			}
			if blocked := strings.Join(got.BlockedBy, " "); got.Fit != tt.fit || blocked != tt.blocked {
				t.Errorf("fit %s, blocked by %q; want %s, %q (%s)", got.Fit, blocked, tt.fit, tt.blocked, got.Why)
			}
		})
	}
}

func fullTimeFigure(hours *float64) func(*opening) {
	return func(v *opening) {
		v.Pay.HoursPerWeek = hours
		v.Pay.Comparable.ActualAnnual = nil
		v.Pay.Comparable.FullTimeAnnual = figure(25_000, 25_400, "stated")
	}
}

func twoSalaries(v *opening) {
	fullTimeFigure(ptr(25.0))(v)
	v.Pay.Quoted = []pay.Quote{
		{Min: ptr(15_000.0), Max: ptr(15_000.0), Unit: "year", Basis: "unstated"},
		{Min: ptr(3_000.0), Max: ptr(3_000.0), Unit: "year", Basis: "unstated"},
	}
}

func fullTimeOnly(v *opening) { v.Pay.HoursPerWeek, v.Pay.WorkingPattern = nil, ptr("full-time") }

func underWayELSA(v *opening) {
	elsa := essential("elsa", 1)
	elsa.Evidence = "must hold ELSA or be currently working towards it"
	v.Requirements = []taxonomy.Requirement{elsa, essential("willing-to-obtain", 1)}
}

func TestUnknownIsNeitherMetNorUnmet(t *testing.T) {
	m := newMatcher(t)
	c := seeking{Holds: []string{"elsa"}, NotSaid: []string{"team-teach"}}
	got, err := m.Candidate(&c, vacancy(m, asks(essential("team-teach", 0), essential("elsa", 0), desirable("makaton", 0))))
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"elsa"}, {}, {"team-teach"}}
	if d := cmp.Diff(want, [][]string{got.Met, got.Unmet, got.Unknown}); d != "" {
		t.Error(d)
	}
}

func TestUnknownHomeIsAnError(t *testing.T) {
	m := newMatcher(t)
	_, err := m.Candidate(&seeking{ID: "c7", HomePostcode: "ZZ9 9ZZ"}, vacancy(m))
	if !errors.Is(err, place.ErrUnknown) || !strings.Contains(err.Error(), "c7") {
		t.Errorf("error = %v, want place.ErrUnknown that names c7", err)
	}
}

// TestScoreRanks states which of two vacancies a person would read first.
func TestScoreRanks(t *testing.T) {
	m := newMatcher(t)
	c := seeking{
		HomePostcode: "RG40 1", RadiusMiles: ptr(30.0), MinAnnualActual: ptr(16_000.0),
		Holds: []string{"team-teach"}, NeedsWanted: []string{"semh"}, SettingsWanted: []string{"mainstream"}, PhasesWanted: []string{"primary"},
	}
	score := func(edit func(*opening)) int {
		got, err := m.Candidate(&c, vacancy(m, edit))
		if err != nil {
			t.Fatal(err)
		}
		return got.Score
	}
	plain := score(func(*opening) {})
	for name, worse := range map[string]func(*opening){
		"farther":          func(v *opening) { v.Place = m.Gazetteer.Resolve(place.Query{Postcode: "RG1 1"}) },
		"other need":       func(v *opening) { v.Needs = []string{"pmld"} },
		"other setting":    func(v *opening) { v.Setting = "nursery" },
		"other phase":      func(v *opening) { v.Phases = []string{"post-16"} },
		"paid less":        func(v *opening) { v.Pay.Comparable.ActualAnnual = figure(16_100, 16_100, "stated") },
		"lacks desirable":  asks(desirable("makaton", 0)),
		"only possible":    asks(essential("makaton", 0)),
		"pay is not known": func(v *opening) { v.Pay.Comparable = pay.Comparable{} },
	} {
		if got := score(worse); got >= plain {
			t.Errorf("%s: score %d, not below %d", name, got, plain)
		}
	}
	if got := score(asks(essential("team-teach", 0))); got <= plain {
		t.Errorf("holding what is asked: score %d, not above %d", got, plain)
	}
}

func TestVacancyIsNotChanged(t *testing.T) {
	m := newMatcher(t)
	v := vacancy(m, asks(essential("team-teach", 1), essential("elsa", 1)))
	before := slices.Clone(v.Requirements)
	if _, err := m.Candidate(&seeking{}, v); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(before, v.Requirements); d != "" {
		t.Error(d)
	}
}
