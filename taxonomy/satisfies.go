package taxonomy

// Satisfies says whether whoever holds one concept thereby meets a requirement
// of another.
func (t *Taxonomy) Satisfies(held, asked string) bool { return held == asked }
