package taxonomy

// Requirements reads one line or short paragraph that stands under a section
// into what it asks of the candidate.
func (t *Taxonomy) Requirements(section Section, line string) []Requirement { return nil }
