package ingest_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/ingest"
)

// registerFile is a register of open schools; "900001 Larch School" is one.
func registerFile(schools ...string) string {
	var b strings.Builder
	b.WriteString("URN,EstablishmentName,EstablishmentStatus (name),TypeOfEstablishment (name),PhaseOfEducation (name),Postcode\n")
	for _, s := range schools {
		urn, name, _ := strings.Cut(s, " ")
		fmt.Fprintf(&b, "%s,%s,Open,Community school,Primary,LS6 2QA\n", urn, name)
	}
	return b.String()
}

func (b *bench) importEmployers(file string) (rep ingest.EmployersReport, refused []string) {
	b.t.Helper()
	rep, err := b.ImportEmployers(b.t.Context(), ingest.EmployersOptions{File: strings.NewReader(file), Refused: func(line int, why error) {
		refused = append(refused, fmt.Sprintf("%d: %v", line, why))
	}})
	if err != nil {
		b.t.Fatal(err)
	}
	return rep, refused
}

func (b *bench) employers() (urns []string) {
	b.t.Helper()
	es, err := b.store.Employers(b.t.Context(), "", 10_000)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, e := range es {
		urns = append(urns, e.URN)
	}
	return urns
}

func TestImportEmployers(t *testing.T) {
	b := newBench(t)
	if rep, _ := b.importEmployers(registerFile("900001 Larch School", "900002 Elm School", "900003 Oak School")); rep.New != 3 || rep.Schools != 3 || rep.Kept != "" {
		t.Errorf("first %+v", rep)
	}
	if rep, _ := b.importEmployers(registerFile("900001 Larch School", "900002 Elm School", "900003 Oak School")); rep != (ingest.EmployersReport{Schools: 3}) {
		t.Errorf("again %+v", rep)
	}
	closed := strings.Replace(registerFile("900001 Larch Academy", "900002 Elm School", "900003 Oak School"), "Oak School,Open", "Oak School,Closed", 1)
	if rep, _ := b.importEmployers(closed); rep.Changed != 1 || rep.Removed != 1 || rep.Closed != 1 || !slices.Equal(b.employers(), []string{"900001", "900002"}) {
		t.Errorf("changed %+v, left %v", rep, b.employers())
	}
}

func TestABrokenRegisterRemovesNothing(t *testing.T) {
	b := newBench(t)
	b.importEmployers(registerFile("900001 Larch School", "900002 Elm School", "900003 Oak School"))
	rep, refused := b.importEmployers(registerFile("900001 Larch School", "900002 Elm School", "x Oak School"))
	if rep.Refused != 1 || rep.Removed != 0 || rep.Kept == "" || !slices.Equal(refused, []string{"4: URN: not a number of five to seven digits"}) {
		t.Errorf("%+v, refused %q", rep, refused)
	}
	if rep, _ := b.importEmployers(registerFile("900001 Larch School")); rep.Removed != 0 || !strings.Contains(rep.Kept, "1 schools, and 3 are known") {
		t.Errorf("a file of a third of the register: %+v", rep)
	}
	if len(b.employers()) != 3 {
		t.Errorf("left %v", b.employers())
	}
	if _, err := b.ImportEmployers(t.Context(), ingest.EmployersOptions{File: strings.NewReader("name,place\nLarch,Leeds\n")}); !errors.Is(err, ingest.ErrNotRegister) {
		t.Errorf("another file: %v, want ErrNotRegister", err)
	}
}

func TestImportInPieces(t *testing.T) {
	b := newBench(t)
	var schools []string
	for i := range 1201 {
		schools = append(schools, fmt.Sprintf("9%05d School %d", i, i))
	}
	var progress []int
	rep, err := b.ImportEmployers(t.Context(), ingest.EmployersOptions{File: strings.NewReader(registerFile(schools...)), Progress: func(n int) { progress = append(progress, n) }})
	if err != nil || rep.New != 1201 || !slices.Equal(progress, []int{501, 1001}) || len(b.employers()) != 1201 {
		t.Errorf("%+v, %d kept, progress %v (%v)", rep, len(b.employers()), progress, err)
	}
}

// TestTheRegisterAfterTheAdverts imports the register when adverts are there
// already: renormalising resolves them, and tells nobody; what comes in afterwards is
// resolved at once.
func TestTheRegisterAfterTheAdverts(t *testing.T) {
	b := newBench(t)
	s := numbered(3)
	b.sites["oak"] = s
	b.crawl("oak")
	var name string
	for _, v := range b.open() {
		if v.School != nil {
			t.Errorf("%s is resolved without a register", v.ID)
		}
		name = v.Employer
	}
	head := b.head()
	rep, _ := b.importEmployers(registerFile("900001 " + name))
	if rep.Marked != 3 || b.head() != head {
		t.Errorf("%+v; the log went from %d to %d", rep, head, b.head())
	}
	if n, err := b.Renormalise(t.Context()); err != nil || n != 3 {
		t.Errorf("%d read again (%v), want 3", n, err)
	}
	for _, v := range b.open() {
		if v.School == nil || v.EmployerURN != "900001" || v.School.Name != name {
			t.Errorf("%s is not resolved: %q %+v", v.ID, v.EmployerURN, v.School)
		}
	}
	changes, err := b.store.Changes(t.Context(), head, 100)
	if err != nil || len(changes) != 3 {
		t.Fatalf("%d changes (%v), want 3", len(changes), err)
	}
	for _, c := range changes {
		if c.Cause != sendwatch.CauseRenormalise {
			t.Errorf("%+v was not caused by renormalising", c)
		}
	}
	s.adverts["new"] = s.adverts["r00"]
	b.crawl("oak")
	for _, v := range b.open() {
		if v.School == nil {
			t.Errorf("%s came in unresolved", v.ID)
		}
	}
}
