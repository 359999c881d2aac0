package embedded

import (
	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"
)

// page is a document in the making. Each field is added to it once.
type page struct{ doc *document.Document }

// terms adds the values of an exact field as they stand.
func (p page) terms(name string, values ...string) {
	if len(values) == 0 {
		return
	}
	f := newField(name, len(values))
	for _, value := range values {
		f.add(value)
	}
	p.doc.AddField(f)
}

// kept adds a value that can be found, and read back.
func (p page) kept(name, value string) {
	f := newField(name, 1)
	f.add(value)
	f.stored = []byte(value)
	p.doc.AddField(f)
}

// aside adds a value that can be read back.
func (p page) aside(name string, value []byte) {
	if len(value) == 0 {
		return
	}
	f := newField(name, 0)
	f.stored = value
	p.doc.AddField(f)
}

// field is a field whose terms are known: bleve's own take a text apart into
// tokens and count them, which costs more than all the rest of the laying out.
type field struct {
	name   string
	stored []byte
	terms  index.TokenFrequencies
	room   []index.TokenFreq
}

var _ document.Field = (*field)(nil)

func newField(name string, size int) *field {
	return &field{name: name, terms: make(index.TokenFrequencies, size), room: make([]index.TokenFreq, 0, size)}
}

// add adds a term, once. It must not be called more often than newField was told.
func (f *field) add(term string) {
	if _, had := f.terms[term]; had {
		return
	}
	f.room = append(f.room, index.TokenFreq{Term: []byte(term)})
	f.terms[term] = &f.room[len(f.room)-1]
}

// Name is the field's name in the schema.
func (f *field) Name() string { return f.name }

// Options say how the field is kept.
func (f *field) Options() index.FieldIndexingOptions { return schema[f.name] }

// Value is what is stored.
func (f *field) Value() []byte { return f.stored }

// ArrayPositions reports that the field stands in no list.
func (f *field) ArrayPositions() []uint64 { return nil }

// EncodedFieldType says that the value is text.
func (f *field) EncodedFieldType() byte { return 't' }

// Analyze has nothing left to do.
func (f *field) Analyze() {}

// AnalyzedLength is for weighing terms against the length of a text, which no
// field asks for.
func (f *field) AnalyzedLength() int { return 0 }

// AnalyzedTokenFrequencies are the terms.
func (f *field) AnalyzedTokenFrequencies() index.TokenFrequencies { return f.terms }

// NumPlainTextBytes is for statistics that nobody reads.
func (f *field) NumPlainTextBytes() uint64 { return uint64(len(f.stored)) }

// Size is about how much memory the field takes, in bytes.
func (f *field) Size() int { return len(f.stored) + 100*len(f.terms) }
