package matcher

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/taxonomy"
)

var (
	someTowns     = []string{"RG41 2", "Reading", "Leeds", "Brighton", "Newport, Wales", "BT1", "Lerwick", "TR1", "Newcastle"}
	someRoles     = []string{"ta", "semh-ta", "sen-ta", "hlta", "lsa"}
	someNeeds     = []string{"semh", "asd", "send", "pmld"}
	someSettings  = []string{"mainstream", "special-school", "ap-pru"}
	somePhases    = []string{"primary", "secondary"}
	someContracts = []string{"permanent", "fixed-term", "temporary", "casual"}
	somePatterns  = []string{"full-time", "part-time", "either"}
	someConcepts  = []string{"ta-level-3", "hlta", "team-teach", "elsa", "driving-licence", "exp-semh", "exp-asd", "patience", "willing-to-obtain", "personal-care"}
	someRefusals  = []string{"agency", "personal-care", "physical-intervention", "driving"}
	someSupport   = []string{"one-to-one", "small-group", "class"}
	someEntries   = []string{"open", "apprenticeship"}
	someDriving   = []string{"needed", "preferred"}
	somePayers    = []string{"school", "trust", "agency"}
	someKinds     = []string{"vacancy", "pool"}
	someWords     = []string{"", "", "TA", "nurture", "phonics", "autism -nurture", `"play therapy"`, "one to one SEMH"}
	someTexts     = []string{"Teaching assistant for play therapy", "Nurture group TA, 1:1, SEMH", "Autism HLTA phonics", ""}
)

// some draws a few of a list, most often none.
func some(t *rapid.T, from []string) []string {
	n := rapid.SampledFrom([]int{0, 0, 1, 1, 2, 3}).Draw(t, "n")
	var out []string
	for range n {
		out = append(out, rapid.SampledFrom(from).Draw(t, "one"))
	}
	return out
}

func maybe(t *rapid.T, from ...float64) *float64 {
	if rapid.Bool().Draw(t, "none") {
		return nil
	}
	return ptr(rapid.SampledFrom(from).Draw(t, "number"))
}

func drawSubscription(t *rapid.T, id string) *sendwatch.Subscription {
	s := &sendwatch.Subscription{ID: id, Person: "p" + id, State: sendwatch.Active}
	c := &s.Criteria
	c.Words = rapid.SampledFrom(someWords).Draw(t, "words")
	c.Roles, c.Needs, c.Settings = some(t, someRoles), some(t, someNeeds), some(t, someSettings)
	c.Phases, c.Contracts, c.Patterns = some(t, somePhases), some(t, someContracts), some(t, somePatterns)
	switch rapid.IntRange(0, 9).Draw(t, "fact") { // few are told, so one asked at once finds enough
	case 0:
		c.Support = some(t, someSupport)
	case 1:
		c.Entry = some(t, someEntries)
	case 2:
		c.Driver = some(t, someDriving)
	case 3:
		c.PaidBy = some(t, somePayers)
	case 4:
		c.Kinds = some(t, someKinds)
	}
	for _, near := range some(t, someTowns) {
		c.Homes = append(c.Homes, sendwatch.Home{Near: near, WithinMiles: rapid.SampledFrom([]float64{0, 5, 60, 500, 9000}).Draw(t, "miles")})
	}
	if x := maybe(t, 15_000, 19_000); x != nil {
		c.MinActual = *x
	}
	if x := maybe(t, 12.5, 14); x != nil {
		c.MinHourly = *x
	}
	c.StatedPayOnly = rapid.Bool().Draw(t, "stated")
	c.Hours = sendwatch.Range{Min: maybe(t, 10, 25, 32), Max: maybe(t, 20, 30, 37)}
	c.Refuses = some(t, someRefusals)
	if rapid.Bool().Draw(t, "candidate") {
		s.Candidate = drawCandidate(t)
	}
	return s
}

func drawCandidate(t *rapid.T) *sendwatch.Candidate {
	c := &sendwatch.Candidate{
		Holds: some(t, someConcepts), NotSaid: some(t, someConcepts), WorkingTowards: some(t, someConcepts),
		MinAnnualActual: maybe(t, 15_000, 19_000), MinHourly: maybe(t, 12.5, 14),
		RadiusMiles: maybe(t, 0, 5, 60, 500, 9000), Contracts: some(t, someContracts),
		SettingsRefused: some(t, someSettings), NeedsWanted: some(t, someNeeds), Refuses: some(t, someRefusals),
		Drives: rapid.Bool().Draw(t, "drives"),
	}
	if rapid.Bool().Draw(t, "home") {
		c.HomePostcode = rapid.SampledFrom(someTowns).Draw(t, "home")
	}
	for _, id := range some(t, someConcepts) {
		c.Experience = append(c.Experience, sendwatch.Experience{ID: id, Years: rapid.Float64Range(0, 5).Draw(t, "years")})
	}
	return c
}

func drawVacancy(t *rapid.T, m *Matcher) *sendwatch.Vacancy {
	one := func(from []string) string {
		return rapid.SampledFrom(append([]string{""}, from...)).Draw(t, "value")
	}
	v := &sendwatch.Vacancy{ID: "v", State: sendwatch.VacancyOpen}
	if rapid.IntRange(0, 9).Draw(t, "closed") == 0 {
		v.State = sendwatch.VacancyClosed
	}
	v.Scope = rapid.SampledFrom([]sendwatch.Scope{"in", "in", "in", "in", "adjacent", "out"}).Draw(t, "scope")
	v.Kind = rapid.SampledFrom([]sendwatch.Kind{"vacancy", "vacancy", "vacancy", "pool", "role-description"}).Draw(t, "kind")
	v.EmployerKind = rapid.SampledFrom([]sendwatch.EmployerKind{"", "school", "agency"}).Draw(t, "employer")
	v.Role, v.Setting, v.Needs, v.Phases = one(someRoles), one(someSettings), some(t, someNeeds), some(t, somePhases)
	for _, s := range some(t, someSupport) {
		v.Support = append(v.Support, sendwatch.Support(s))
	}
	v.Entry, v.Driver = sendwatch.Entry(one(someEntries)), sendwatch.Driver(one(someDriving))
	v.PaidBy = sendwatch.EmployerKind(one(somePayers))
	if town := one(someTowns); town != "" {
		v.Place = m.Gazetteer.Resolve(place.Query{Location: town})
	}
	v.Terms = m.Terms.Document(rapid.SampledFrom(someTexts).Draw(t, "text"))
	for _, id := range some(t, someConcepts) {
		r := requirement(id, rapid.SampledFrom([]taxonomy.Level{"essential", "desirable"}).Draw(t, "level"), rapid.IntRange(0, 2).Draw(t, "group"))
		r.MinYears = maybe(t, 0.5, 2)
		v.Requirements = append(v.Requirements, r)
	}
	v.Pay = drawOffer(t, one)
	return v
}

func drawOffer(t *rapid.T, one func([]string) string) pay.Offer {
	f := func(from ...float64) *pay.Figure {
		f := &pay.Figure{Min: maybe(t, from...), Max: maybe(t, from...), How: "stated"}
		if f.Min == nil && f.Max == nil {
			return nil
		}
		return f
	}
	o := pay.Offer{HoursPerWeek: maybe(t, 15, 28, 32.5), FTE: maybe(t, 0.5), WeeksPerYear: maybe(t, 39, 52.143)}
	o.Comparable = pay.Comparable{FullTimeAnnual: f(25_000, 26_000), ActualAnnual: f(14_000, 18_000), Hourly: f(12.6, 13.5), Daily: f(80, 110)}
	if c := one(someContracts); c != "" {
		o.Contract = &c
	}
	if p := one(somePatterns); p != "" {
		o.WorkingPattern = &p
	}
	return o
}

// TestPercolatorEqualsMatch is the percolator's whole specification.
func TestPercolatorEqualsMatch(t *testing.T) {
	m := newMatcher(t)
	rapid.Check(t, func(t *rapid.T) {
		p := NewPercolator(m)
		var held []*sendwatch.Subscription
		for i := range rapid.IntRange(1, 12).Draw(t, "subscriptions") {
			s := drawSubscription(t, fmt.Sprintf("s%02d", i))
			if err := p.Put(s); err != nil {
				t.Fatal(err)
			}
			switch rapid.IntRange(0, 5).Draw(t, "then") {
			case 0:
				p.Remove(s.ID)
				continue
			case 1: // replaced
				s = drawSubscription(t, s.ID)
				if err := p.Put(s); err != nil {
					t.Fatal(err)
				}
			}
			held = append(held, s)
		}
		if p.Len() != len(held) {
			t.Fatalf("Len = %d, want %d", p.Len(), len(held))
		}
		v := drawVacancy(t, m)
		var want []Hit
		for _, s := range held {
			match, err := m.Match(s, v)
			if err != nil {
				t.Fatal(err)
			}
			checkMatch(t, match)
			if match.Fit != sendwatch.FitNo {
				want = append(want, Hit{Subscription: s, Match: match})
			}
		}
		if d := cmp.Diff(want, p.Percolate(v)); d != "" {
			t.Fatalf("percolator differs from Match (-want +got):\n%s", d)
		}
	})
}

// checkMatch holds what is true of every match.
func checkMatch(t *rapid.T, m sendwatch.Match) {
	ranges := map[sendwatch.Fit][2]int{sendwatch.FitStrong: {60, 100}, sendwatch.FitPossible: {30, 59}, sendwatch.FitNo: {0, 29}}
	r, ok := ranges[m.Fit]
	switch {
	case !ok || m.Score < r[0] || m.Score > r[1]:
		t.Fatalf("score %d does not belong to fit %q", m.Score, m.Fit)
	case m.Fit == sendwatch.FitStrong && len(m.BlockedBy)+len(m.Unmet)+len(m.Unknown) > 0:
		t.Fatalf("strong, but blocked by %v, unmet %v, unknown %v", m.BlockedBy, m.Unmet, m.Unknown)
	case m.Fit == sendwatch.FitNo && len(m.BlockedBy) == 0 && len(m.Unmet) < 2:
		t.Fatal("no, for no reason")
	case m.Met == nil || m.Unmet == nil || m.Unknown == nil || m.BlockedBy == nil:
		t.Fatal("a list is null")
	case m.Why == "" || m.Why[len(m.Why)-1] != '.':
		t.Fatalf("why is %q, want a sentence", m.Why)
	}
}

func TestPercolatorRefusesWhatItCannotUnderstand(t *testing.T) {
	m := newMatcher(t)
	p := NewPercolator(m)
	if err := p.Put(&sendwatch.Subscription{ID: "s"}); err != nil {
		t.Fatal(err)
	}
	err := p.Put(&sendwatch.Subscription{ID: "s", Criteria: sendwatch.Criteria{Near: "Nowhereham"}})
	if !errors.Is(err, place.ErrUnknown) {
		t.Errorf("error = %v, want place.ErrUnknown", err)
	}
	if p.Len() != 0 {
		t.Error("what was to be replaced is still held")
	}
	p.Remove("never held")
}

func TestPercolatorServesReadersWhileWritten(t *testing.T) {
	m := newMatcher(t)
	p := NewPercolator(m)
	v := vacancy(m)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 200 {
				for _, h := range p.Percolate(v) {
					if h.Match.Fit == sendwatch.FitNo {
						t.Error("a hit does not fit")
					}
				}
			}
		})
	}
	for i := range 400 {
		if err := p.Put(&sendwatch.Subscription{ID: fmt.Sprint(i % 20), Criteria: sendwatch.Criteria{Near: "Reading"}}); err != nil {
			t.Fatal(err)
		}
		p.Remove(fmt.Sprint((i + 7) % 20))
	}
	wg.Wait()
}

// BenchmarkPercolate holds 20,000 subscriptions spread over the country, one in
// five with a candidate.
func BenchmarkPercolate(b *testing.B) {
	m := newMatcher(b)
	r := rand.New(rand.NewPCG(1, 2))
	p := NewPercolator(m)
	towns := []string{"Leeds", "Reading", "Bristol", "Cardiff", "Durham", "Lincoln", "Exeter", "Norwich", "Derby", "Preston", "Kendal", "Dover", "Oxford", "Hull", "Bath", "York"}
	pick := func(from []string) string { return from[r.IntN(len(from))] }
	for i := range 20_000 {
		s := &sendwatch.Subscription{ID: fmt.Sprint(i)}
		s.Criteria = sendwatch.Criteria{Near: pick(towns), WithinMiles: float64(5 + r.IntN(30)), Roles: []string{pick(someRoles)}, Needs: []string{pick(someNeeds)}}
		if i%10 == 0 {
			s.Criteria = sendwatch.Criteria{Words: pick(someWords[2:])}
		}
		if i%5 == 0 {
			s.Candidate = &sendwatch.Candidate{Holds: []string{"ta-level-3", "team-teach"}, Experience: []sendwatch.Experience{{ID: "exp-semh", Years: 2}}, MinHourly: ptr(12.5)}
		}
		if err := p.Put(s); err != nil {
			b.Fatal(err)
		}
	}
	v := vacancy(m, asks(essential("ta-level-3", 0), essential("exp-semh", 0), desirable("team-teach", 0)))
	b.ReportAllocs()
	hits := 0
	for b.Loop() {
		hits = len(p.Percolate(v))
	}
	b.ReportMetric(float64(hits), "hits/op")
}

func BenchmarkMatch(b *testing.B) {
	m := newMatcher(b)
	s := &sendwatch.Subscription{ID: "s", Criteria: sendwatch.Criteria{Near: "Reading", Words: "SEMH TA"}}
	v := vacancy(m)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Match(s, v); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCandidate(b *testing.B) {
	m := newMatcher(b)
	c := &sendwatch.Candidate{
		HomePostcode: "RG1 1", RadiusMiles: ptr(20.0), Holds: []string{"ta-level-3", "team-teach", "gcse-english", "gcse-maths"},
		Experience: []sendwatch.Experience{{ID: "exp-semh", Years: 2}, {ID: "exp-ta", Years: 3}},
	}
	v := vacancy(m, asks(essential("ta-level-3", 0), essential("exp-semh", 0), desirable("team-teach", 0)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Candidate(c, v); err != nil {
			b.Fatal(err)
		}
	}
}
