package taxonomy

import (
	"io/fs"
)

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
}

// Load reads taxonomy.yaml from fsys.
func Load(fsys fs.FS) (*Taxonomy, error) { return &Taxonomy{}, nil }
