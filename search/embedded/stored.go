package embedded

import (
	"fmt"
	"slices"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
)

// stored reads the prints that are stored with the documents of one view of an
// index.
type stored struct {
	segments []*scorch.SegmentSnapshot
	// ends holds, for each segment, the number of the first document after it.
	ends []uint64
}

func newStored(r index.IndexReader) (*stored, error) {
	view, ok := r.(*scorch.IndexSnapshot)
	if !ok {
		return nil, fmt.Errorf("read what is stored: the index is a %T", r)
	}
	s := &stored{segments: view.Segments()}
	end := uint64(0)
	for _, segment := range s.segments {
		end += uint64(segment.FullSize())
		s.ends = append(s.ends, end)
	}
	return s, nil
}

// place finds the segment of a document and its number in there.
func (s *stored) place(document uint64) (segment int, number uint64, err error) {
	segment, _ = slices.BinarySearch(s.ends, document+1)
	if segment == len(s.ends) {
		return 0, 0, fmt.Errorf("read what is stored: no document has the number %d", document)
	}
	if segment > 0 {
		document -= s.ends[segment-1]
	}
	return segment, document, nil
}

// phrase looks for one bigram in the documents of a view. It is used by one
// goroutine.
type phrase struct {
	print  uint64
	stored *stored
	memory *phraseMemory
	// known holds the verdicts by segment; nil where none was needed yet.
	known []*verdicts
}

func newPhrase(bigram string, s *stored, m *phraseMemory) *phrase {
	return &phrase{print: printOf(bigram), stored: s, memory: m, known: make([]*verdicts, len(s.segments))}
}

// in reports whether a document has the bigram.
func (p *phrase) in(id index.IndexInternalID) (bool, error) {
	i, number, err := p.stored.place(id.Value())
	if err != nil {
		return false, err
	}
	segment := p.stored.segments[i]
	if p.known[i] == nil {
		p.known[i] = p.memory.of(phraseKey{segment.Id(), p.print}, uint64(segment.FullSize()))
	}
	if has, known := p.known[i].of(number); known {
		return has, nil
	}
	has := false
	err = segment.VisitDocument(number, func(field string, _ byte, value []byte, _ []uint64) bool {
		if field != fieldPrints {
			return true
		}
		has = hasPrint(value, p.print)
		return false
	})
	if err == nil {
		p.known[i].keep(number, has)
	}
	return has, err
}
