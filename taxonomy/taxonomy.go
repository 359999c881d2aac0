package taxonomy

import "slices"

// Concept is one thing that an advert can ask of a candidate.
type Concept struct {
	// ID names the concept for good: adverts, candidates and matches refer to it.
	ID string
	// Kind is one of qualification, training, experience, knowledge, skill,
	// quality, check, licence and attribute.
	Kind string
	// Label is what a person reads.
	Label string
	// Subject narrows a qualification: "english", "psychology"; else empty.
	Subject string
	// Level is the level of a qualification in the English framework, 1 to 8;
	// nil where there is none or where it is not stated.
	Level *int
	// Implies lists the concepts that whoever holds this one holds as well.
	Implies []string
	// EquivalentTo lists the concepts that stand in for this one and it for them.
	EquivalentTo []string
	// Synonyms lists the wordings that name the concept, in lower case.
	Synonyms []string
}

// Role is a kind of post, under the titles that adverts give it.
type Role struct {
	ID    string
	Label string
	// Scope is "in" (support work with SEND or SEMH pupils), "conditional" (in
	// when the advert names that work), "adjacent" or "out".
	Scope string
	// Parent is the id of the wider role, or empty.
	Parent string
	// Note says when a conditional role counts.
	Note string
	// Titles lists the post titles of the role, in lower case.
	Titles []string
}

// Label is a need, a setting or a phase: an id, its name, and its wordings.
type Label struct {
	ID       string
	Label    string
	Synonyms []string
}

// Concept looks a requirement concept up by its id.
func (t *Taxonomy) Concept(id string) (*Concept, bool) {
	i, ok := t.conceptByID[id]
	if !ok {
		return nil, false
	}
	return &t.concepts[i], true
}

// Role looks a role up by its id.
func (t *Taxonomy) Role(id string) (*Role, bool) {
	i, ok := t.roleByID[id]
	if !ok {
		return nil, false
	}
	return &t.roles[i], true
}

// Need looks a need up by its id.
func (t *Taxonomy) Need(id string) (*Label, bool) { return labelByID(t.needs, id) }

// Setting looks a setting up by its id.
func (t *Taxonomy) Setting(id string) (*Label, bool) { return labelByID(t.settings, id) }

// Phase looks a phase up by its id.
func (t *Taxonomy) Phase(id string) (*Label, bool) { return labelByID(t.phases, id) }

// Concepts lists every concept in the order of the data.
func (t *Taxonomy) Concepts() []Concept { return slices.Clone(t.concepts) }

// Roles lists every role in the order of the data.
func (t *Taxonomy) Roles() []Role { return slices.Clone(t.roles) }

// Needs lists every need in the order of the data.
func (t *Taxonomy) Needs() []Label { return slices.Clone(t.needs) }

// Settings lists every setting in the order of the data.
func (t *Taxonomy) Settings() []Label { return slices.Clone(t.settings) }

// Phases lists every phase in the order of the data.
func (t *Taxonomy) Phases() []Label { return slices.Clone(t.phases) }

// Ancestors lists a role and the wider roles above it, itself first; nil when
// the role is unknown.
func (t *Taxonomy) Ancestors(role string) []string {
	var out []string
	for role != "" && len(out) <= len(t.roles) {
		r, ok := t.Role(role)
		if !ok {
			break
		}
		out = append(out, r.ID)
		role = r.Parent
	}
	return out
}

func labelByID(labels []Label, id string) (*Label, bool) {
	for i := range labels {
		if labels[i].ID == id {
			return &labels[i], true
		}
	}
	return nil, false
}
