package terms

import "io/fs"

// Analyser turns texts and queries into terms.
type Analyser struct{}

// Query is what a search asks: a document matches when it holds every term of
// All and no term of None.
type Query struct {
	All  []string
	None []string
}

// Load reads synonyms.yaml.
func Load(fsys fs.FS) (*Analyser, error) { return &Analyser{}, nil }

// Document gives the sorted, unique terms of the texts.
func (a *Analyser) Document(texts ...string) []string { return nil }

// Query reads what a person typed.
func (a *Analyser) Query(words string) Query { return Query{} }

// Words gives the folded surface words of a text.
func (a *Analyser) Words(text string) []string { return nil }

// Correct mends likely typing errors against a vocabulary of word frequencies.
func (a *Analyser) Correct(words string, vocabulary map[string]int) (corrected string, changed bool) {
	return words, false
}
