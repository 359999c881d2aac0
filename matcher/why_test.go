package matcher

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/place"
)

var update = flag.Bool("update", false, "rewrite testdata")

// TestWhy keeps the sentences that people read, as they read them.
func TestWhy(t *testing.T) {
	m := newMatcher(t)
	local := seeking{
		HomePostcode: "RG1 1", RadiusMiles: ptr(20.0), MinAnnualActual: ptr(16_000.0),
		Holds: []string{"ta-level-3", "team-teach"}, Experience: []sendwatch.Experience{{ID: "exp-semh", Years: 2}},
		NeedsWanted: []string{"semh"},
	}
	asked := asks(essential("ta-level-3", 0), essential("team-teach", 0), essential("exp-semh", 0), desirable("driving-licence", 0))
	far := func(v *opening) { v.Place = m.Gazetteer.Resolve(place.Query{Location: "Leeds"}) }
	var b strings.Builder
	for _, tt := range []struct {
		name string
		c    seeking
		s    *sendwatch.Criteria
		v    *opening
	}{
		{"strong", local, nil, vacancy(m, asked)},
		{"possible, one unmet", local, nil, vacancy(m, asks(essential("elsa", 0)))},
		{"possible, doubts", seeking{HomePostcode: "RG1 1", RadiusMiles: ptr(5.5), MinHourly: ptr(13.0), Refuses: []string{"physical-intervention"}, NotSaid: []string{"elsa"}}, nil,
			vacancy(m, asks(essential("elsa", 0)), dayRate(80, 95), func(v *opening) { v.Setting = "ap-pru" })},
		{"no, far and unmet", local, nil, vacancy(m, asks(essential("elsa", 0), essential("makaton", 0)), far)},
		{"no, agency", seeking{Refuses: []string{"agency"}}, nil, vacancy(m, dayRate(90, 100))},
		{"no, scope", seeking{}, nil, vacancy(m, func(v *opening) { v.Scope, v.ScopeReason = sendwatch.ScopeOut, "a teacher's post." })},
		{"nothing said", seeking{}, nil, vacancy(m, func(v *opening) { v.Pay.Comparable.ActualAnnual = nil; v.Pay.Comparable.Hourly = nil })},
		{"willing", seeking{}, nil, vacancy(m, asks(essential("elsa", 1), essential("willing-to-obtain", 1)))},
		{"search", seeking{}, &sendwatch.Criteria{Words: "nurture", Near: "Reading", MinActual: 16_000, Needs: []string{"semh"}}, vacancy(m)},
		{"search, pay unknown", seeking{}, &sendwatch.Criteria{MinHourly: 14, Hours: sendwatch.Range{Min: ptr(20.0)}}, vacancy(m, func(v *opening) { v.Pay.Comparable.Hourly = nil })},
		{"search, facts", seeking{}, &sendwatch.Criteria{
			Support: []string{"one-to-one", "class"}, Entry: []string{"open"}, Driver: []string{"preferred"}, PaidBy: []string{"school"}, Kinds: []string{"vacancy"},
		}, vacancy(m, func(v *opening) {
			v.Support, v.Entry = []sendwatch.Support{sendwatch.SupportOneToOne}, sendwatch.EntryOpen
			v.Driver, v.PaidBy = sendwatch.DriverPreferred, sendwatch.EmployerSchool
		})},
		{"search, everything", seeking{}, &sendwatch.Criteria{}, vacancy(m, dayRate(90, 100))},
		{"search, refused", seeking{}, &sendwatch.Criteria{Near: "Leeds", Words: "phonics"}, vacancy(m)},
	} {
		got, err := m.Candidate(&tt.c, tt.v)
		if tt.s != nil {
			got, err = m.Match(&sendwatch.Subscription{ID: "s", Criteria: *tt.s}, tt.v)
		}
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s (%s)\n  %s\n", tt.name, got.Fit, got.Why)
		for _, r := range got.Reasons {
			fmt.Fprintf(&b, "  - %s: %s\n", r.Field, r.Text)
		}
		b.WriteByte('\n')
	}
	golden(t, "why.txt", b.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (run with -update to accept):\n%s", path, got)
	}
}
