package taxonomy

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/goccy/go-yaml"
)

// fileName is the data file's name in the configuration's tree.
const fileName = "taxonomy.yaml"

// Taxonomy holds the concepts, roles, needs, settings and phases of one data
// file. It does not change after Load and is safe for any number of readers.
type Taxonomy struct {
	concepts    []Concept
	conceptByID map[string]int
	roles       []Role
	roleByID    map[string]int
	needs       []Label
	settings    []Label
	phases      []Label

	closure map[string]map[string]bool // concept -> everything its holder holds
	metBy   map[string][]string        // asked concept -> concepts that meet it
	places  map[int]bool               // concepts that a bracket may name as provenance

	vocabulary map[string]uint32
	acronyms   map[string]bool // folded one-word wordings that count only in capitals
	asked      *lexicon        // wordings of concepts and topics -> senses
	senses     []sense
	fieldWords *lexicon // subjects of vocational qualifications -> fields
	fields     []fieldData
	degrees    *lexicon // subjects of degrees -> degreeSubjects
	degreeData []degreeData
	cues       *lexicon // words of level, denial, offer, duty -> cue kinds
	titles     *lexicon
	headings   *lexicon
	parts      []headingData
	needWords  *lexicon
	setWords   *lexicon
	phaseWords *lexicon
}

// file is the shape of taxonomy.yaml.
type file struct {
	Version  int                 `yaml:"version"`
	Kinds    []string            `yaml:"kinds"`
	Needs    []labelData         `yaml:"needs"`
	Settings []labelData         `yaml:"settings"`
	Phases   []labelData         `yaml:"phases"`
	Roles    []roleData          `yaml:"roles"`
	Concepts []conceptData       `yaml:"concepts"`
	Topics   []topicData         `yaml:"topics"`
	Fields   []fieldData         `yaml:"fields"`
	Degrees  []degreeData        `yaml:"degree_subjects"`
	Acronyms []string            `yaml:"acronyms"`
	Ignore   []string            `yaml:"ignore"`
	Language map[string][]string `yaml:"language"`
	Headings []headingData       `yaml:"headings"`
}

type labelData struct {
	ID       string   `yaml:"id"`
	Label    string   `yaml:"label"`
	Synonyms []string `yaml:"synonyms"`
}

type roleData struct {
	ID     string   `yaml:"id"`
	Label  string   `yaml:"label"`
	Scope  string   `yaml:"scope"`
	Parent string   `yaml:"parent"`
	Note   string   `yaml:"note"`
	Titles []string `yaml:"titles"`
}

type conceptData struct {
	ID           string   `yaml:"id"`
	Kind         string   `yaml:"kind"`
	Label        string   `yaml:"label"`
	Level        *int     `yaml:"level"`
	Subject      string   `yaml:"subject"`
	Implies      []string `yaml:"implies"`
	EquivalentTo []string `yaml:"equivalent_to"`
	MetBy        []string `yaml:"met_by"`
	// Provenance marks experience that a bracket may give as the place where
	// other experience comes from ("in school or care").
	Provenance bool `yaml:"provenance"`
	// StandsAlone marks an experience whose wordings need no head word.
	StandsAlone bool     `yaml:"stands_alone"`
	Synonyms    []string `yaml:"synonyms"`
}

// topicData is what experience and knowledge are about.
type topicData struct {
	ID         string   `yaml:"id"`
	Experience string   `yaml:"experience"`
	Knowledge  string   `yaml:"knowledge"`
	Synonyms   []string `yaml:"synonyms"`
}

// fieldData is a subject of vocational qualifications.
type fieldData struct {
	Levels   map[int]string `yaml:"levels"`
	Unstated string         `yaml:"unstated"`
	Synonyms []string       `yaml:"synonyms"`
}

// degreeData is a subject of degrees.
type degreeData struct {
	Degree   string   `yaml:"degree"`
	Masters  string   `yaml:"masters"`
	Synonyms []string `yaml:"synonyms"`
}

type headingData struct {
	Part     Part     `yaml:"part"`
	Section  Section  `yaml:"section"`
	Synonyms []string `yaml:"synonyms"`
}

// Load reads taxonomy.yaml from fsys and checks it. Every mistake is reported
// at once.
func Load(fsys fs.FS) (*Taxonomy, error) {
	data, err := fs.ReadFile(fsys, fileName)
	if err != nil {
		return nil, fmt.Errorf("read taxonomy: %w", err)
	}
	var f file
	if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("parse %s: %w", fileName, err)
	}
	if err := check(&f); err != nil {
		return nil, fmt.Errorf("check %s: %w", fileName, err)
	}
	t := &Taxonomy{
		conceptByID: make(map[string]int, len(f.Concepts)),
		roleByID:    make(map[string]int, len(f.Roles)),
		needs:       labels(f.Needs),
		settings:    labels(f.Settings),
		phases:      labels(f.Phases),
		vocabulary:  map[string]uint32{},
	}
	for i, c := range f.Concepts {
		t.conceptByID[c.ID] = i
		t.concepts = append(t.concepts, Concept{
			ID: c.ID, Kind: c.Kind, Label: c.Label, Subject: c.Subject, Level: c.Level,
			Implies: c.Implies, EquivalentTo: c.EquivalentTo, Synonyms: c.Synonyms,
		})
	}
	for i, r := range f.Roles {
		t.roleByID[r.ID] = i
		t.roles = append(t.roles, Role(r))
	}
	t.closeImplications(f.Concepts)
	t.index(&f)
	return t, nil
}

func labels(data []labelData) []Label {
	out := make([]Label, len(data))
	for i, d := range data {
		out[i] = Label(d)
	}
	return out
}

// check says what is wrong with the data: ids that stand twice or point
// nowhere, kinds and scopes that do not exist, and roles that are their own
// ancestors.
func check(f *file) error {
	var errs []error
	concepts := map[string]bool{}
	for _, c := range f.Concepts {
		if concepts[c.ID] {
			errs = append(errs, fmt.Errorf("concept %q stands twice", c.ID))
		}
		concepts[c.ID] = true
		if !slices.Contains(f.Kinds, c.Kind) {
			errs = append(errs, fmt.Errorf("concept %q has the unknown kind %q", c.ID, c.Kind))
		}
	}
	known := func(owner, id string) {
		if id != "" && !concepts[id] {
			errs = append(errs, fmt.Errorf("%s names the unknown concept %q", owner, id))
		}
	}
	for _, c := range f.Concepts {
		for _, id := range slices.Concat(c.Implies, c.EquivalentTo, c.MetBy) {
			known("concept "+c.ID, id)
		}
	}
	for _, topic := range f.Topics {
		known("topic "+topic.ID, topic.Experience)
		known("topic "+topic.ID, topic.Knowledge)
	}
	for _, field := range f.Fields {
		known("field", field.Unstated)
		for _, id := range field.Levels {
			known("field", id)
		}
	}
	for _, d := range f.Degrees {
		known("degree subject", d.Degree)
		known("degree subject", d.Masters)
	}
	return errors.Join(append(errs, checkRoles(f.Roles), checkCycles(f.Concepts), checkLanguage(f))...)
}

func checkRoles(roles []roleData) error {
	var errs []error
	parents := map[string]string{}
	for _, r := range roles {
		if _, ok := parents[r.ID]; ok {
			errs = append(errs, fmt.Errorf("role %q stands twice", r.ID))
		}
		parents[r.ID] = r.Parent
		if !slices.Contains([]string{"in", "conditional", "adjacent", "out"}, r.Scope) {
			errs = append(errs, fmt.Errorf("role %q has the unknown scope %q", r.ID, r.Scope))
		}
	}
	for _, r := range roles {
		steps := 0
		for id := r.Parent; id != ""; id = parents[id] {
			if _, ok := parents[id]; !ok {
				errs = append(errs, fmt.Errorf("role %q has the unknown ancestor %q", r.ID, id))
				break
			}
			if steps++; steps > len(roles) {
				errs = append(errs, fmt.Errorf("role %q is its own ancestor", r.ID))
				break
			}
		}
	}
	return errors.Join(errs...)
}

// checkCycles refuses concepts that imply themselves through others: of two
// that imply each other neither is the more specific, and equivalent_to is
// there to say so.
func checkCycles(concepts []conceptData) error {
	implies := map[string][]string{}
	for _, c := range concepts {
		implies[c.ID] = c.Implies
	}
	const visiting, done = 1, 2
	state := map[string]int{}
	var errs []error
	var visit func(id string)
	visit = func(id string) {
		switch state[id] {
		case visiting:
			errs = append(errs, fmt.Errorf("concept %q implies itself", id))
			return
		case done:
			return
		}
		state[id] = visiting
		for _, next := range implies[id] {
			visit(next)
		}
		state[id] = done
	}
	for _, c := range concepts {
		visit(c.ID)
	}
	return errors.Join(errs...)
}

func checkLanguage(f *file) error {
	var errs []error
	for name := range f.Language {
		if _, ok := cueKinds[name]; !ok {
			errs = append(errs, fmt.Errorf("language has the unknown list %q", name))
		}
	}
	for name := range cueKinds {
		if len(f.Language[name]) == 0 {
			errs = append(errs, fmt.Errorf("language lacks the list %q", name))
		}
	}
	for _, h := range f.Headings {
		switch h.Part {
		case PartRequirements, PartDuties, PartOffer, PartAbout, PartApply:
		default:
			errs = append(errs, fmt.Errorf("headings have the unknown part %q", h.Part))
		}
	}
	return errors.Join(errs...)
}
