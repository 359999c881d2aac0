package taxonomy

// Mention is a place in a text that names a role, need, setting or phase.
type Mention struct {
	ID string
	// Start and End are byte offsets in the text given.
	Start, End int
}

// FindRoles finds the post titles named in a text.
func (t *Taxonomy) FindRoles(text string) []Mention { return nil }

// FindNeeds finds the pupils' needs named in a text.
func (t *Taxonomy) FindNeeds(text string) []Mention { return nil }

// FindSettings finds the settings named in a text.
func (t *Taxonomy) FindSettings(text string) []Mention { return nil }

// FindPhases finds the phases named in a text.
func (t *Taxonomy) FindPhases(text string) []Mention { return nil }
