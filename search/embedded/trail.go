package embedded

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2/index/scorch"
	bleve "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/searcher"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/sendwatch/sendwatch/terms"
)

// A vacancy has some hundreds of bigrams, most of which no other vacancy has.
// As terms they were nine tenths of the dictionary and most of the cost of
// filling an index. They are kept as a trail instead: a text in which two stems
// stand side by side exactly when they are a bigram. What has all stems of a
// quoted phrase is found by its terms, and its trail then tells whether they
// stand together.

// gap parts the trails of one text. No stem has a line break.
const gap = " \n "

// trail writes the bigrams among sorted terms. It follows them from stem to stem
// as long as it can, each once, and then begins anew.
func trail(given []string) string {
	ahead := make(map[string][]string) // the bigrams not yet written
	var firsts []string
	length := 0
	for _, term := range given {
		first, second, ok := terms.Bigram(term)
		if !ok {
			continue
		}
		if len(ahead[first]) == 0 {
			firsts = append(firsts, first)
		}
		ahead[first] = append(ahead[first], second)
		length += len(second) + 2
	}
	var b strings.Builder
	b.Grow(length)
	for _, first := range firsts {
		for len(ahead[first]) > 0 {
			b.WriteString(gap)
			b.WriteString(first)
			for at := first; len(ahead[at]) > 0; {
				next := ahead[at][0]
				ahead[at] = ahead[at][1:]
				b.WriteByte(' ')
				b.WriteString(next)
				at = next
			}
		}
	}
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	return b.String()
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
	trails, err := newTrails(r)
	if err != nil {
		return nil, err
	}
	var sought [][]byte
	for _, bigram := range spoken {
		sought = append(sought, []byte(" "+bigram+" "))
	}
	return searcher.NewFilteringSearcher(ctx, from, func(_ *bleve.SearchContext, d *bleve.DocumentMatch) bool {
		return trails.holds(d.IndexInternalID.Value(), sought)
	}), nil
}

// trails reads the trails of one view of an index.
type trails struct {
	segments []*scorch.SegmentSnapshot
	// ends holds, for each segment, the number of the first document after it.
	ends []uint64
}

func newTrails(r index.IndexReader) (*trails, error) {
	view, ok := r.(*scorch.IndexSnapshot)
	if !ok {
		return nil, fmt.Errorf("read trails: the index is a %T", r)
	}
	t := &trails{segments: view.Segments()}
	end := uint64(0)
	for _, s := range t.segments {
		end += uint64(s.FullSize())
		t.ends = append(t.ends, end)
	}
	return t, nil
}

// holds reports whether a document's trail has all that is sought.
func (t *trails) holds(document uint64, sought [][]byte) bool {
	i, _ := slices.BinarySearch(t.ends, document+1)
	if i == len(t.ends) {
		return false
	}
	if i > 0 {
		document -= t.ends[i-1]
	}
	held := false
	err := t.segments[i].VisitDocument(document, func(field string, _ byte, value []byte, _ []uint64) bool {
		if field != fieldTrail {
			return true
		}
		held = !slices.ContainsFunc(sought, func(s []byte) bool { return !bytes.Contains(value, s) })
		return false
	})
	return err == nil && held
}
