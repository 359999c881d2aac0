package pay

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the answers in testdata")

const rule = "\n----------\n"

// TestGolden reads every testdata/*.txt: what an advert says, a line of dashes,
// the offer as JSON. The advert's part is lines of "name: value"; a line that
// begins with a space goes on with the one before. A new wording is a new file:
//
//	go test ./pay -run Golden -update
func TestGolden(t *testing.T) {
	tables := load(t)
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			advert, want, _ := strings.Cut(string(b), rule)
			answer, err := json.MarshalIndent(tables.Read(parseAdvert(t, advert)), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			got := string(answer) + "\n"
			if *update {
				if err := os.WriteFile(name, []byte(strings.TrimRight(advert, "\n")+rule+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		})
	}
}

func parseAdvert(t testing.TB, advert string) Input {
	t.Helper()
	var in Input
	fields := map[string]*string{
		"pay": &in.PayText, "hours": &in.HoursText, "contract": &in.ContractText, "dates": &in.DatesText,
		"published": &in.Published, "nation": &in.Nation, "london": &in.London, "employer": &in.Employer, "kind": &in.EmployerKind,
	}
	var last *string
	for _, line := range strings.Split(strings.TrimSpace(advert), "\n") {
		if strings.HasPrefix(line, " ") && last != nil {
			*last += "\n" + strings.TrimSpace(line)
			continue
		}
		name, value, found := strings.Cut(line, ":")
		if found && name == "structured" {
			if err := json.Unmarshal([]byte(value), &in.Structured); err != nil {
				t.Fatalf("structured: %v", err)
			}
			continue
		}
		field, known := fields[name]
		if !found || !known {
			t.Fatalf("cannot read the line %q", line)
		}
		*field, last = strings.TrimSpace(value), field
	}
	return in
}

// BenchmarkRead reads the adverts of the golden files in turn. One reading should
// take less than a third of a millisecond of one core.
func BenchmarkRead(b *testing.B) {
	tables := load(b)
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		b.Fatalf("no golden files: %v", err)
	}
	var adverts []Input
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		advert, _, _ := strings.Cut(string(text), rule)
		adverts = append(adverts, parseAdvert(b, advert))
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		tables.Read(adverts[i%len(adverts)])
		i++
	}
}

// BenchmarkReadRecorded reads adverts' pay, hours, contract and dates as
// `normalise pay` takes them from the file that SENDWATCH_PAY names, and reports
// how many adverts a second, and how many strings: an advert has one to four.
func BenchmarkReadRecorded(b *testing.B) {
	path := os.Getenv("SENDWATCH_PAY")
	if path == "" {
		b.Skip("SENDWATCH_PAY names no file of pay texts")
	}
	file, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	var texts []Input
	for line := range strings.Lines(string(file)) {
		var in Input
		if err := json.Unmarshal([]byte(line), &in); err != nil {
			b.Fatal(err)
		}
		texts = append(texts, in)
	}
	tables := load(b)
	i, strs := 0, 0
	for b.Loop() {
		in := texts[i%len(texts)]
		tables.Read(in)
		for _, s := range []string{in.PayText, in.HoursText, in.ContractText, in.DatesText} {
			if s != "" {
				strs++
			}
		}
		i++
	}
	b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "adverts/s")
	b.ReportMetric(float64(strs)/b.Elapsed().Seconds(), "strings/s")
}
