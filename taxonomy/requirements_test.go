package taxonomy

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "rewrite the golden files of testdata")

// TestRequirementsGolden reads each file of testdata/requirements: lines as
// "section | text", each followed by what they ask. A new wording is a new line
// there; -update writes the answers.
func TestRequirementsGolden(t *testing.T) {
	taxonomy := load(t)
	files, err := filepath.Glob("testdata/requirements/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := answer(taxonomy, string(want))
			if *update {
				if err := os.WriteFile(name, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if !bytes.Equal(want, got) {
				t.Errorf("-want +got:\n%s", cmp.Diff(string(want), string(got)))
			}
		})
	}
}

// answer writes a golden file again with the requirements of its lines.
func answer(taxonomy *Taxonomy, golden string) []byte {
	var out bytes.Buffer
	for line := range strings.Lines(golden) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "\t") {
			continue
		}
		fmt.Fprintln(&out, line)
		section, text, ok := strings.Cut(line, " | ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		asked := taxonomy.Read(Section(section), text)
		for _, r := range asked.Requirements {
			fmt.Fprintf(&out, "\t%s\n", describe(r))
		}
		for _, c := range asked.Choices {
			fmt.Fprintf(&out, "\tany-of-%d is %s\n", c.Group, spell(&c.Clause))
		}
	}
	return out.Bytes()
}

// spell writes a clause with "and", "or" and brackets.
func spell(c *Clause) string {
	parts, joint := c.AllOf, " and "
	if len(c.AnyOf) > 0 {
		parts, joint = c.AnyOf, " or "
	}
	if len(parts) == 0 {
		if c.MinYears != nil {
			return fmt.Sprintf("%s %gy", c.ID, *c.MinYears)
		}
		return c.ID
	}
	said := make([]string, len(parts))
	for i := range parts {
		if said[i] = spell(&parts[i]); len(parts[i].AllOf)+len(parts[i].AnyOf) > 0 {
			said[i] = "(" + said[i] + ")"
		}
	}
	return strings.Join(said, joint)
}

func describe(r Requirement) string {
	s := r.ID + " " + string(r.Level)
	if r.MinYears != nil {
		s += fmt.Sprintf(" %gy", *r.MinYears)
	}
	if r.AnyOfGroup != nil {
		s += fmt.Sprintf(" any-of-%d", *r.AnyOfGroup)
	}
	return s + " — " + r.Evidence
}

// holds checks what is true of the requirements of any text.
func holds(t interface{ Fatalf(string, ...any) }, taxonomy *Taxonomy, text string, got []Requirement) {
	members := map[int]int{}
	seen := map[string]bool{}
	for _, r := range got {
		if _, ok := taxonomy.Concept(r.ID); !ok || seen[r.ID] {
			t.Fatalf("%q gives the id %q, unknown or twice", text, r.ID)
		}
		seen[r.ID] = true
		if r.Level != Essential && r.Level != Desirable {
			t.Fatalf("%q gives the level %q", text, r.Level)
		}
		if r.Evidence == "" || !strings.Contains(text, r.Evidence) {
			t.Fatalf("the evidence %q is not of %q", r.Evidence, text)
		}
		if r.MinYears != nil && *r.MinYears <= 0 {
			t.Fatalf("%q asks for %g years", text, *r.MinYears)
		}
		if r.AnyOfGroup != nil {
			members[*r.AnyOfGroup]++
		}
	}
	for g, n := range members {
		if n < 2 || g < 1 || g > len(members) {
			t.Fatalf("%q: group %d of %d has %d members", text, g, len(members), n)
		}
	}
}

func TestRequirementsOfAnyText(t *testing.T) {
	taxonomy := load(t)
	words := []string{
		"experience", "of", "autism", "or", "and", "SEMH", "GCSE", "English", "maths", "level", "2", "3", "desirable", "essential",
		"not", "(", ")", ", ", "; ", "/", "such as", "e.g.", "degree", "in", "psychology", "two years", "18 months", "willing to obtain", "OR", "AND", "either", "option 1", "(a)", "HLTA", ", or",
		"training provided", "Support", "calm", "patient", "knowledge", "DBS", "NVQ", "but", "ideally", ":", "children", "relationships with", "parents", "\xf0\x9f", "é",
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 40).Draw(t, "words"), " ")
		section := rapid.SampledFrom([]Section{SectionEssential, SectionDesirable, SectionNone, ""}).Draw(t, "section")
		asked := taxonomy.Read(section, text)
		holds(t, taxonomy, text, asked.Requirements)
		holdsChoices(t, taxonomy, text, asked)
	})
}

// holdsChoices checks what is true of the choices of any text: each refines a
// group of the flat form, and says one thing at every place of its tree.
func holdsChoices(t interface{ Fatalf(string, ...any) }, taxonomy *Taxonomy, text string, asked Asked) {
	groups := map[int]bool{}
	for _, r := range asked.Requirements {
		if r.AnyOfGroup != nil {
			groups[*r.AnyOfGroup] = true
		}
	}
	var sound func(c *Clause)
	sound = func(c *Clause) {
		set := 0
		if c.ID != "" {
			set++
			if _, ok := taxonomy.Concept(c.ID); !ok {
				t.Fatalf("%q: no concept %q", text, c.ID)
			}
		}
		for _, parts := range [][]Clause{c.AllOf, c.AnyOf} {
			if len(parts) > 0 {
				set++
			}
			for i := range parts {
				sound(&parts[i])
			}
		}
		if set != 1 || c.ID == "" && c.MinYears != nil {
			t.Fatalf("%q: clause %+v", text, c)
		}
	}
	for i := range asked.Choices {
		if c := &asked.Choices[i]; !groups[c.Group] || len(c.AnyOf) < 2 {
			t.Fatalf("%q: choice %+v of groups %v", text, c, groups)
		} else {
			sound(&c.Clause)
		}
	}
}

// TestLongLines holds the cap: what lies beyond it is not read, and the cut
// never splits a character.
func TestLongLines(t *testing.T) {
	taxonomy := load(t)
	long := strings.Repeat("é", maxLine/2) + " patience is essential"
	if got := taxonomy.Requirements(SectionEssential, long); len(got) != 0 {
		t.Errorf("read beyond the cap: %v", got)
	}
	for n := maxLine - 4; n < maxLine+4; n++ {
		if got := capText(strings.Repeat("a", n%3) + strings.Repeat("日本", n)); len(got) > maxLine || !utf8.ValidString(got) {
			t.Errorf("capText leaves %d bytes, valid %v", len(got), utf8.ValidString(got))
		}
	}
}

func FuzzRequirements(f *testing.F) {
	for _, seed := range []string{
		"Two years' experience with autism or SEMH", "GCSE maths & English (A*-C)", "Level 2/3 NVQ in childcare", "(((((",
		"or or or", "Desirable: : :", "£12 an hour", "\xff\xfe", "at least 1 2 3 4 years", "degree in or , / psychology graduate",
		"Either (a) Level 2 AND 6 weeks in a school OR (b) HLTA; or. OR", "Option 1: QTS and a year in a PRU. OR Option 2: AND OR",
	} {
		f.Add(string(SectionNone), seed)
		f.Add(string(SectionEssential), seed)
	}
	taxonomy := load(f)
	f.Fuzz(func(t *testing.T, section, text string) {
		asked := taxonomy.Read(Section(section), text)
		holds(t, taxonomy, text, asked.Requirements)
		holdsChoices(t, taxonomy, text, asked)
		taxonomy.Silence(Section(section), text)
		taxonomy.Heading(text)
		taxonomy.FindNeeds(text)
	})
}

func BenchmarkRequirements(b *testing.B) {
	taxonomy := load(b)
	lines := []string{
		"At least two years' experience of working with autistic pupils or those with SEMH needs, ideally in a special school",
		"GCSE English and maths at grade C/4 or above, or Functional Skills Level 2",
		"Calm, patient and resilient, with a good sense of humour",
		"Support pupils in lessons and keep records of their progress",
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		taxonomy.Requirements(SectionNone, lines[i%len(lines)])
	}
}

// BenchmarkRequirementsLongest reads a line as long as any that is read, of
// nothing but wordings.
func BenchmarkRequirementsLongest(b *testing.B) {
	taxonomy := load(b)
	line := strings.Repeat("autism or SEMH, ", maxLine/16)
	for b.Loop() {
		taxonomy.Requirements(SectionEssential, "Experience of "+line)
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load(b)
	}
}
