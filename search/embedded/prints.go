package embedded

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/blevesearch/bleve/v2/index/scorch"
	bleve "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/searcher"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/sendwatch/sendwatch/terms"
)

// A vacancy has some hundreds of bigrams, many of which no other vacancy has. As
// terms they were most of the cost of filling an index (docs/benchmarks.md). They
// are kept as prints instead: hashes, stored with the vacancy.
// What has all stems of a quoted phrase is found by its terms, and its prints
// then tell whether they stand together.

// printSize is how many bytes a print has. Of 64 bits, a phrase that is asked of
// 20,000 vacancies with 400 bigrams each finds a wrong one, which would still
// have all its stems, once in two million million times.
const printSize = 8

// printOf is the hash of a bigram: FNV-1a, which is the same in every process.
func printOf(bigram string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(bigram) {
		h ^= uint64(bigram[i])
		h *= 1099511628211
	}
	return h
}

// prints writes the prints of the bigrams among terms: sorted, big-endian.
func prints(given []string) []byte {
	hashes := make([]uint64, 0, len(given))
	for _, term := range given {
		if _, _, bigram := terms.Bigram(term); bigram {
			hashes = append(hashes, printOf(term))
		}
	}
	slices.Sort(hashes)
	out := make([]byte, 0, printSize*len(hashes))
	for _, h := range hashes {
		out = binary.BigEndian.AppendUint64(out, h)
	}
	return out
}

// hasPrint looks a print up.
func hasPrint(prints []byte, sought uint64) bool {
	low, high := 0, len(prints)/printSize
	for low < high {
		middle := (low + high) / 2
		switch h := binary.BigEndian.Uint64(prints[middle*printSize:]); {
		case h == sought:
			return true
		case h < sought:
			low = middle + 1
		default:
			high = middle
		}
	}
	return false
}

// bigrams are those among terms.
func bigrams(all []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(term string) bool {
		_, _, ok := terms.Bigram(term)
		return !ok
	})
}

// single are the terms with the stems of bigrams in their place, sorted, each
// once.
func single(all []string) []string {
	var out []string
	for _, term := range all {
		if first, second, ok := terms.Bigram(term); ok {
			out = append(out, first, second)
		} else {
			out = append(out, term)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// onlySpeaking lets through what holds every one of the bigrams.
func onlySpeaking(ctx context.Context, r index.IndexReader, from bleve.Searcher, spoken []string) (bleve.Searcher, error) {
	stored, err := newStored(r)
	if err != nil {
		return nil, err
	}
	sought := make([]uint64, len(spoken))
	for i, bigram := range spoken {
		sought[i] = printOf(bigram)
	}
	return searcher.NewFilteringSearcher(ctx, from, func(_ *bleve.SearchContext, d *bleve.DocumentMatch) bool {
		return stored.hasPrints(d.IndexInternalID.Value(), sought)
	}), nil
}

// stored reads what is stored with the documents of one view of an index.
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

// hasPrints reports whether a document has all the prints.
func (s *stored) hasPrints(document uint64, sought []uint64) bool {
	i, _ := slices.BinarySearch(s.ends, document+1)
	if i == len(s.ends) {
		return false
	}
	if i > 0 {
		document -= s.ends[i-1]
	}
	has := false
	err := s.segments[i].VisitDocument(document, func(field string, _ byte, value []byte, _ []uint64) bool {
		if field != fieldPrints {
			return true
		}
		has = !slices.ContainsFunc(sought, func(p uint64) bool { return !hasPrint(value, p) })
		return false
	})
	return err == nil && has
}
