package taxonomy

import (
	"fmt"
	"io/fs"

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
	doing      map[int]int   // the experience of a training, skill or knowledge
	dealing    map[cue]int32 // the sense of each kind of verb of dealing with people
	adapting   []int32       // the sense of adapting work for pupils
	fieldWords *lexicon      // subjects of vocational qualifications -> fields
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
	Light    []string            `yaml:"light"`
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
	// ExperienceOf names the training, skill or knowledge that this is the
	// experience of: its wordings name this one where experience is asked.
	ExperienceOf string `yaml:"experience_of"`
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
	if err := expandFile(&f); err != nil {
		return nil, fmt.Errorf("read the wordings of %s: %w", fileName, err)
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
