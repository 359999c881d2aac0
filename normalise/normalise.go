package normalise

import (
	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/document"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/taxonomy"
	"github.com/sendwatch/sendwatch/terms"
)

// Rules is the version of the reading rules. It goes up whenever the same
// posting would be read otherwise, so that stored readings can be renewed.
const Rules = 1

// Options are what a Normaliser reads with. All are needed.
type Options struct {
	Pay       *pay.Tables
	Taxonomy  *taxonomy.Taxonomy
	Gazetteer *place.Gazetteer
	Terms     *terms.Analyser
}

// Normaliser reads postings. It is safe for concurrent use.
type Normaliser struct{ o Options }

// New returns a Normaliser that reads with o.
func New(o Options) *Normaliser { return &Normaliser{o: o} }

// Read understands one posting.
func (n *Normaliser) Read(p *sendwatch.Posting) sendwatch.Reading {
	return sendwatch.Reading{Title: p.Title}
}

// Split finds the vacancies of one document.
func (n *Normaliser) Split(name string, d document.Document) []sendwatch.Posting {
	return []sendwatch.Posting{{Reference: name, BodyText: d.Text()}}
}
