package pay

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPhrases reads testdata/phrases/*.txt, one theme to a file. A file is blocks
// with a blank line between them: what an advert says, as in the golden files but
// with newlines written \n, then "=" and what was read, only what is not empty.
// In the files named comparable-* the comparable figures are shown too.
//
//	go test ./pay -run Phrases -update
func TestPhrases(t *testing.T) {
	tables := load(t)
	files, err := filepath.Glob("testdata/phrases/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of phrases: %v", err)
	}
	for _, name := range files {
		theme := strings.TrimSuffix(filepath.Base(name), ".txt")
		t.Run(theme, func(t *testing.T) {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, block := range strings.Split(strings.TrimSpace(string(b)), "\n\n") {
				advert, _, _ := strings.Cut(block, "\n=")
				in := parseAdvert(t, advert)
				for _, text := range []*string{&in.PayText, &in.HoursText, &in.ContractText, &in.DatesText} {
					*text = strings.ReplaceAll(*text, `\n`, "\n")
				}
				o := tables.Read(in)
				said := printed(o)
				if strings.HasPrefix(theme, "comparable") {
					said = figures(o)
				}
				got = append(got, advert+"\n= "+strings.Join(said, "; "))
			}
			answer := strings.Join(got, "\n\n") + "\n"
			if *update {
				if err := os.WriteFile(name, []byte(answer), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(b), answer); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		})
	}
}

// printed writes what was read of an advert, without what was worked out.
func printed(o Offer) []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for _, q := range o.Quoted {
		add("%s %s %s", ends(q.Min, q.Max), q.Unit, q.Basis)
	}
	for _, a := range o.Allowances {
		add("%s allowance %s", a.Kind, ends(a.Min, a.Max))
	}
	if o.SCP != nil {
		add("points %d-%d", o.SCP[0], o.SCP[1])
	}
	for _, f := range []struct {
		name  string
		value *string
	}{{"scale", o.Scale}, {"grade", o.Grade}, {"contract", o.Contract}, {"pattern", o.WorkingPattern}, {"start", o.Start}, {"end", o.End}, {"closes", o.Closes}} {
		if f.value != nil {
			add("%s %s", f.name, *f.value)
		}
	}
	for _, f := range []struct {
		name  string
		value *float64
	}{{"hours", o.HoursPerWeek}, {"weeks", o.WeeksPerYear}, {"fte", o.FTE}} {
		if f.value != nil {
			add("%s %s", f.name, plain(*f.value))
		}
	}
	if o.TermTimeOnly != nil {
		add("term time")
	}
	if len(out) == 0 {
		add("nothing")
	}
	return out
}

// figures writes what was worked out of an advert.
func figures(o Offer) []string {
	var out []string
	for _, f := range []struct {
		name   string
		figure *Figure
	}{
		{"full time", o.Comparable.FullTimeAnnual}, {"actual", o.Comparable.ActualAnnual}, {"hourly", o.Comparable.Hourly}, {"daily", o.Comparable.Daily},
	} {
		if f.figure != nil {
			out = append(out, fmt.Sprintf("%s %s %s", f.name, ends(f.figure.Min, f.figure.Max), f.figure.How))
		}
	}
	if o.Award != nil {
		out = append(out, "award "+*o.Award)
	}
	out = append(out, o.Flags...)
	if len(out) == 0 {
		out = append(out, "nothing")
	}
	return out
}

func ends(lo, hi *float64) string {
	switch {
	case lo == nil && hi == nil:
		return "?"
	case hi == nil:
		return plain(*lo) + " and up"
	case lo == nil:
		return "up to " + plain(*hi)
	case *lo == *hi:
		return plain(*lo)
	}
	return plain(*lo) + "-" + plain(*hi)
}
