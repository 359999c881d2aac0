package ingest

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch"
)

const giasHeader = `"URN","EstablishmentName","EstablishmentStatus (name)","TypeOfEstablishment (name)","PhaseOfEducation (name)","Postcode","StatutoryLowAge","StatutoryHighAge","Trusts (name)","SEN1 (name)","SEN2 (name)"`

// readAll reads a file to its end: schools as "URN name", and what was refused.
func readAll(t *testing.T, text string) (schools []sendwatch.Employer, said []string) {
	t.Helper()
	g, err := newGIASReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for {
		e, closed, err := g.school()
		var bad *lineError
		switch {
		case errors.Is(err, io.EOF):
			return schools, said
		case errors.As(err, &bad):
			said = append(said, err.Error())
		case err != nil:
			t.Fatal(err)
		case closed:
			said = append(said, "closed "+e.URN)
		default:
			schools = append(schools, e)
		}
	}
}

func TestGIASReadsTheRegister(t *testing.T) {
	schools, said := readAll(t, giasHeader+"\r\n"+
		`900001,"Larch ""House"" School","Open","Community special school","Not applicable","ls6 2qa","4","19","Riverside, a Trust","SEMH - Social, Emotional and Mental Health","Not Applicable"`+"\r\n"+
		"\r\n"+
		"900002,\"Caf\xe9 Lane\xa0 School\",\"Open, but proposed to close\",\"Academy converter\",\"Primary\",\"\",\"\",\"x\",\"\",\"\",\"\"\r\n"+
		`900003,Elm School,Closed,Community school,Primary,M14 5RX,,,,,`+"\n"+
		"900004,\"Oak\nSchool\",Open,Community school,Primary,M14 5RX,,,,,")
	if len(schools) != 3 || strings.Join(said, "; ") != "closed 900003" {
		t.Fatalf("%d schools, said %q", len(schools), said)
	}
	a, b := schools[0], schools[1]
	if a.Name != `Larch "House" School` || a.Postcode != "LS6 2QA" || a.Phase != "" || *a.LowAge != 4 || *a.HighAge != 19 || a.Trust != "Riverside, a Trust" || len(a.Needs) != 1 {
		t.Errorf("%+v", a)
	}
	if b.Name != "Café Lane School" || b.LowAge != nil || b.HighAge != nil || b.Phase != "Primary" {
		t.Errorf("%+v", b)
	}
	if schools[2].Name != "Oak School" {
		t.Errorf("%+v", schools[2])
	}
}

func TestGIASNamesTheLinesItPassesOver(t *testing.T) {
	sound := `900001,Larch School,Open,Community school,Primary,LS6 2QA,,,,,`
	schools, said := readAll(t, strings.Join([]string{
		giasHeader, sound,
		`900002,Elm School,Open`,                                          // line 3
		`nine,Elm School,Open,Community school,Primary,LS6 2QA,,,,,`,      // line 4
		`900003,,Open,Community school,Primary,LS6 2QA,,,,,`,              // line 5
		`900004,"Elm "School",Open,Community school,Primary,LS6 2QA,,,,,`, // line 6: a quote that never ends
		strings.Replace(sound, "900001", "900005", 1),                     // is read all the same
		`900006,Elm" School",Open,Community school,Primary,LS6 2QA,,,,,`,  // line 8
		strings.Replace(sound, "900001", "900007", 1),
	}, "\n"))
	var lines []string
	for _, s := range said {
		line, _, _ := strings.Cut(s, ":")
		lines = append(lines, line)
	}
	if got := strings.Join(lines, ", "); got != "line 3, line 4, line 5, line 6, line 8" || len(schools) != 3 {
		t.Errorf("%d schools, refused %q", len(schools), said)
	}
}

func TestGIASRefusesOtherFiles(t *testing.T) {
	for name, tt := range map[string]struct{ text, says string }{
		"empty":       {"", "empty"},
		"no columns":  {"URN,EstablishmentName\n", `"EstablishmentStatus (name)", "TypeOfEstablishment (name)", "PhaseOfEducation (name)", "Postcode"`},
		"no CSV":      {`"URN`, "first line"},
		"a long line": {strings.Repeat("x", giasLine+1), "more than"},
	} {
		if _, err := newGIASReader(strings.NewReader(tt.text)); !errors.Is(err, ErrNotRegister) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want one that says %q", name, err, tt.says)
		}
	}
	g, err := newGIASReader(strings.NewReader(giasHeader + "\n" + strings.Repeat("\n", giasLines)))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := g.school(); !errors.Is(err, ErrNotRegister) {
		t.Errorf("a file without an end: %v, want ErrNotRegister", err)
	}
}

func FuzzGIAS(f *testing.F) {
	f.Add(giasHeader + "\n900001,Larch School,Open,Community school,Primary,LS6 2QA,,,,,\n")
	f.Add(giasHeader + "\r\n\"900001\",\"Larch\n\n\"School\",,,,,,\"\"\"\n\xff,,\n")
	f.Add("\ufeffURN")
	f.Fuzz(func(t *testing.T, text string) {
		g, err := newGIASReader(strings.NewReader(text))
		if err != nil {
			return
		}
		last := 0
		for {
			e, _, err := g.school()
			if errors.Is(err, io.EOF) {
				return
			}
			var bad *lineError
			switch {
			case errors.As(err, &bad) && bad.line <= last, err == nil && g.line <= last:
				t.Fatalf("line %d comes after line %d", g.line, last)
			case err != nil && bad == nil:
				return
			case err == nil && (!isURN(e.URN) || e.Name == "" || len(e.Name) > 3*giasField):
				t.Fatalf("school %+v", e)
			}
			last = g.line
		}
	})
}

func BenchmarkGIAS(b *testing.B) {
	var text strings.Builder
	text.WriteString(giasHeader + "\n")
	for i := range 1000 {
		fmt.Fprintf(&text, "%d,\"Larch School %d\",\"Open\",\"Community school\",\"Primary\",\"LS6 2QA\",\"4\",\"11\",\"\",\"\",\"\"\n", 900000+i, i)
	}
	for b.Loop() {
		g, err := newGIASReader(strings.NewReader(text.String()))
		if err != nil {
			b.Fatal(err)
		}
		for err == nil {
			_, _, err = g.school()
		}
	}
}
