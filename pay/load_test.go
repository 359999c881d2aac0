package pay

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

func load(t testing.TB) *Tables {
	t.Helper()
	tables, err := Load(os.DirFS("../configs"))
	if err != nil {
		t.Fatal(err)
	}
	return tables
}

func TestLoadTables(t *testing.T) {
	tables := load(t)
	if got, want := len(tables.awards), 8; got != want {
		t.Errorf("NJC awards: got %d, want %d", got, want)
	}
	last := tables.awards[len(tables.awards)-1]
	if last.name != "2026-27" || last.agreed {
		t.Errorf("last award: got %s, agreed %v; want 2026-27, not agreed", last.name, last.agreed)
	}
	if got, want := tables.awards[6].points[5], 25583.0; got != want {
		t.Errorf("2025-26 point 5: got %v, want %v", got, want)
	}
	if len(tables.grades) < 100 || len(tables.london) < 10 || len(tables.teachers) < 4 {
		t.Errorf("got %d grades, %d London observations, %d teachers' awards", len(tables.grades), len(tables.london), len(tables.teachers))
	}
	if got, want := tables.wageAt("2026-04-01"), 12.71; got != want {
		t.Errorf("living wage from April 2026: got %v, want %v", got, want)
	}
	if got, want := tables.wageAt("2026-03-31"), 12.21; got != want {
		t.Errorf("living wage in March 2026: got %v, want %v", got, want)
	}
}

func TestLoadReportsEveryFault(t *testing.T) {
	files := fstest.MapFS{}
	for _, name := range []string{"njc", "glpc", "teachers", "grades", "nlw"} {
		b, err := fs.ReadFile(os.DirFS("../configs"), "payscales/"+name+".yaml")
		if err != nil {
			t.Fatal(err)
		}
		files["payscales/"+name+".yaml"] = &fstest.MapFile{Data: b}
	}
	files["payscales/njc.yaml"] = &fstest.MapFile{Data: []byte("years: {2025-26: {effective_from: soon, points: {5: {annual: 25583}}}}")}
	files["payscales/grades.yaml"] = &fstest.MapFile{Data: []byte("grades: [{grade: Scale 3}]")}
	files["payscales/nlw.yaml"] = &fstest.MapFile{Data: []byte("rates: [")}
	_, err := Load(files)
	if err == nil {
		t.Fatal("broken files were loaded")
	}
	for _, want := range []string{"njc.yaml: award 2025-26", "grades.yaml: row 1", "nlw.yaml"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error does not name %q: %v", want, err)
		}
	}
}
