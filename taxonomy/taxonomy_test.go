package taxonomy

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// load reads the data that ships with the program.
func load(t testing.TB) *Taxonomy {
	t.Helper()
	taxonomy, err := Load(os.DirFS("../configs"))
	if err != nil {
		t.Fatal(err)
	}
	return taxonomy
}

func TestLoadRefuses(t *testing.T) {
	good := minimal()
	if _, err := Load(fstest.MapFS{fileName: {Data: []byte(good)}}); err != nil {
		t.Fatalf("the minimal file is refused: %v", err)
	}
	tests := []struct{ name, old, new, want string }{
		{"unknown key", "version: 1", "version: 1\ncolour: red", "colour"},
		{"concept twice", "- {id: b,", "- {id: a, kind: skill, label: A}\n- {id: b,", `concept "a" stands twice`},
		{"unknown kind", "{id: a, kind: skill", "{id: a, kind: trick", `unknown kind "trick"`},
		{"unknown implication", "implies: [a]", "implies: [nowhere]", `unknown concept "nowhere"`},
		{"circle", "label: A}", "label: A, implies: [b]}", "implies itself"},
		{"unknown scope", "scope: in", "scope: maybe", `unknown scope "maybe"`},
		{"role twice", "- {id: r,", "- {id: r, label: R, scope: in}\n- {id: r,", `role "r" stands twice`},
		{"own ancestor", "scope: in}", "scope: in, parent: r}", "its own ancestor"},
		{"unknown ancestor", "scope: in}", "scope: in, parent: q}", `unknown ancestor "q"`},
		{"unknown list", "language:", "language:\n  whispers: [psst]", `unknown list "whispers"`},
		{"unknown part", "part: duties", "part: gossip", `unknown part "gossip"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bad := strings.Replace(good, tt.old, tt.new, 1)
			if bad == good {
				t.Fatal("the case changes nothing")
			}
			_, err := Load(fstest.MapFS{fileName: {Data: []byte(bad)}})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error that says %q", err, tt.want)
			}
		})
	}
}

func TestLoadWithoutFile(t *testing.T) {
	if _, err := Load(fstest.MapFS{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
}

// minimal is the smallest data file that loads.
func minimal() string {
	var b strings.Builder
	b.WriteString("version: 1\nkinds: [skill]\nroles:\n- {id: r, label: R, scope: in}\n")
	b.WriteString("concepts:\n- {id: a, kind: skill, label: A}\n- {id: b, kind: skill, label: B, implies: [a]}\n")
	b.WriteString("headings:\n- {part: duties, synonyms: [duties]}\nlanguage:\n")
	names := make([]string, 0, len(cueKinds))
	for name := range cueKinds {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		b.WriteString("  " + name + ": [word]\n")
	}
	return b.String()
}

// TestIgnoredWordingsNameNothing guards against an exception that hides a
// wording of the vocabulary itself.
func TestIgnoredWordingsNameNothing(t *testing.T) {
	taxonomy := load(t)
	for node, values := range taxonomy.asked.values {
		ignored := slices.ContainsFunc(values, func(v int32) bool { return taxonomy.senses[v].concept < 0 })
		if !ignored || len(values) == 1 {
			continue
		}
		for _, v := range values {
			if c := taxonomy.senses[v].concept; c >= 0 {
				t.Errorf("a wording of %s is also to be ignored (node %d)", taxonomy.concepts[c].ID, node)
			}
		}
	}
}

// TestLowerLevelsFollow holds the families of levelled qualifications together:
// who holds a level of one has the levels below it.
func TestLowerLevelsFollow(t *testing.T) {
	taxonomy := load(t)
	for _, family := range [][]string{
		{"ta-level-1", "ta-level-2", "ta-level-3", "ta-level-4"},
		{"relevant-level-2", "relevant-level-3", "relevant-level-4"},
		{"childcare-level-2", "childcare-level-3"},
		{"hsc-level-2", "hsc-level-3"},
		{"counselling-level-2", "counselling-level-3", "counselling-level-4"},
		{"bsl-level-1", "bsl-level-2", "bsl-level-3"},
		{"safeguarding-level-1", "safeguarding-level-2", "safeguarding-level-3"},
	} {
		for i := 1; i < len(family); i++ {
			if !taxonomy.Satisfies(family[i], family[0]) {
				t.Errorf("%s does not satisfy %s", family[i], family[0])
			}
			if taxonomy.Satisfies(family[i-1], family[i]) {
				t.Errorf("%s satisfies the higher %s", family[i-1], family[i])
			}
		}
	}
}

func TestSatisfies(t *testing.T) {
	taxonomy := load(t)
	tests := []struct {
		held, asked string
		want        bool
	}{
		{"patience", "patience", true},
		{"ta-level-3", "ta-level-2", true},
		{"ta-level-2", "ta-level-3", false},
		{"hlta", "relevant-level-3", true},
		{"degree-psychology", "degree", true},
		{"degree-psychology", "degree-education", false},
		{"degree-psychology", "degree-related", true},
		{"fs-english-2", "gcse-english", true},
		{"gcse-maths", "fs-maths-2", true},
		{"fs-maths-2", "maths-level-2", true},
		{"maths-level-2", "gcse-maths", false},
		{"exp-special-school", "exp-school", true},
		{"exp-ap-pru", "exp-school", true},
		{"exp-resource-base", "exp-school", true},
		{"exp-pmld", "exp-complex", true},
		{"exp-sld", "exp-send", true},
		{"exp-asd", "exp-children", true},
		{"exp-send", "exp-asd", false},
		{"exp-primary", "exp-age-group", true},
		{"exp-parent", "exp-age-group", true},
		{"exp-secondary", "exp-age-group", false},
		{"own-vehicle", "driving-licence", true},
		{"driving-licence", "own-vehicle", false},
		{"dbs-update-service", "dbs-enhanced", true},
		{"team-teach", "physical-intervention", true},
		// Adults in care are not pupils.
		{"exp-care", "exp-children", false},
		{"exp-learning-disability", "exp-send", false},
		{"exp-learning-disability", "exp-children", false},
		{"exp-mental-health", "exp-children", false},
		{"exp-medical", "exp-children", false},
		{"exp-counselling", "exp-children", false},
		{"nothing-known", "exp-send", false},
		{"exp-send", "nothing-known", false},
	}
	for _, tt := range tests {
		if got := taxonomy.Satisfies(tt.held, tt.asked); got != tt.want {
			t.Errorf("Satisfies(%q, %q) = %v, want %v", tt.held, tt.asked, got, tt.want)
		}
	}
}

func TestLookUps(t *testing.T) {
	taxonomy := load(t)
	if c, ok := taxonomy.Concept("gcse-english"); !ok || c.Kind != "qualification" || c.Subject != "english" || c.Level == nil || *c.Level != 2 {
		t.Errorf("Concept(gcse-english) = %+v, %v", c, ok)
	}
	if r, ok := taxonomy.Role("semh-ta"); !ok || r.Scope != "in" {
		t.Errorf("Role(semh-ta) = %+v, %v", r, ok)
	}
	for name, look := range map[string]func(string) (*Label, bool){"asd": taxonomy.Need, "ap-pru": taxonomy.Setting, "post-16": taxonomy.Phase} {
		if l, ok := look(name); !ok || l.ID != name {
			t.Errorf("look-up of %q = %+v, %v", name, l, ok)
		}
		if _, ok := look("no such id"); ok {
			t.Errorf("the look-up that knows %q knows an id that is not there", name)
		}
	}
	if _, ok := taxonomy.Concept("no such id"); ok {
		t.Error("Concept knows an id that is not there")
	}
	if len(taxonomy.Concepts()) < 280 || len(taxonomy.Roles()) < 40 || len(taxonomy.Needs()) == 0 || len(taxonomy.Settings()) == 0 || len(taxonomy.Phases()) == 0 {
		t.Error("a list is shorter than the data")
	}
	taxonomy.Roles()[0].ID = "overwritten"
	if taxonomy.Roles()[0].ID == "overwritten" {
		t.Error("Roles gives the taxonomy's own slice away")
	}
}

func TestAncestors(t *testing.T) {
	taxonomy := load(t)
	for role, want := range map[string][]string{
		"therapeutic-ta": {"therapeutic-ta", "semh-ta", "sen-ta", "ta"},
		"ta":             {"ta"},
		"unheard-of":     nil,
	} {
		if diff := cmp.Diff(want, taxonomy.Ancestors(role)); diff != "" {
			t.Errorf("Ancestors(%q) (-want +got):\n%s", role, diff)
		}
	}
}
