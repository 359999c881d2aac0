package embedded

import (
	"context"

	index "github.com/blevesearch/bleve_index_api"
)

// postings are the documents that have a term, walked along with documents that
// something else finds.
type postings struct {
	reader index.TermFieldReader
	// at is the first of them that is not before the last one asked about; nil
	// once there are no more.
	at *index.TermFieldDoc
	// begun is false until the first question.
	begun bool
}

func newPostings(ctx context.Context, r index.IndexReader, field, term string) (*postings, error) {
	reader, err := r.TermFieldReader(ctx, []byte(term), field, false, false, false)
	if err != nil {
		return nil, err
	}
	return &postings{reader: reader, at: new(index.TermFieldDoc)}, nil
}

// has reports whether a document is among them. Documents must be asked about
// in their order.
func (p *postings) has(id index.IndexInternalID) (bool, error) {
	if p.at == nil {
		return false, nil
	}
	if !p.begun || p.at.ID.Compare(id) < 0 {
		var err error
		if p.at, err = p.reader.Advance(id, p.at); err != nil || p.at == nil {
			return false, err
		}
		p.begun = true
	}
	return p.at.ID.Equals(id), nil
}

// close lets the reader go. It closes nothing twice, and nothing that never was.
func (p *postings) close() error {
	if p == nil {
		return nil
	}
	return p.reader.Close()
}
