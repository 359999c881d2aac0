package embedded

import (
	"context"

	"github.com/blevesearch/bleve/v2/mapping"
	bleve "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	"github.com/blevesearch/bleve/v2/search/searcher"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/terms"
)

// filterQuery finds exactly what a matcher.Filter accepts.
//
// It puts searchers together itself: query.BooleanQuery drops a must clause
// that matches nothing, and would then find everything else.
type filterQuery struct {
	f       *matcher.Filter
	phrases *phraseMemory
}

var _ query.Query = filterQuery{}

// unscored asks searchers for documents alone, which lets bleve intersect
// them as bitmaps.
var unscored = bleve.SearcherOptions{Score: "none"}

// Searcher is called by bleve with a view of the index as it is now.
func (q filterQuery) Searcher(ctx context.Context, r index.IndexReader, _ mapping.IndexMapping, _ bleve.SearcherOptions) (bleve.Searcher, error) {
	b := &builder{ctx: ctx, r: r, phrases: q.phrases}
	all := b.all(b.musts(q.f))
	if nots := b.nots(q.f); len(nots) > 0 {
		all = b.without(all, nots)
	}
	if len(q.f.Homes) > 0 {
		all = b.within(all, q.f.Homes)
	}
	// Last, since it is dearest: it reads what is stored with each vacancy.
	if spoken, unspoken := bigrams(q.f.All), bigrams(q.f.None); len(spoken)+len(unspoken) > 0 {
		all = b.speaking(all, spoken, unspoken)
	}
	if b.err != nil {
		b.close()
		return nil, b.err
	}
	return all, nil
}

// builder makes searchers over one view of an index and keeps the first error.
type builder struct {
	ctx  context.Context
	r    index.IndexReader
	made []bleve.Searcher
	err  error

	phrases *phraseMemory
}

// musts are what a vacancy must have, all but the bigrams and the exact place.
func (b *builder) musts(f *matcher.Filter) []bleve.Searcher {
	s := []bleve.Searcher{
		b.term(fieldFact, fact(factMark, markOpen)),
		b.term(fieldFact, fact(factScope, string(sendwatch.ScopeIn))),
		b.any(fieldFacet, search.FacetKind, []string{string(sendwatch.KindVacancy), string(sendwatch.KindPool)}),
	}
	for _, t := range single(f.All) {
		s = append(s, b.term(fieldTerm, t))
	}
	for _, d := range search.Asked(f) {
		s = append(s, b.any(fieldFacet, d.Facet, d.Values))
	}
	if f.StatedPayOnly {
		s = append(s, b.term(fieldFact, fact(factMark, markPayStated)))
	}
	if len(f.Homes) > 0 {
		if cells, ok := cellsOf(f.Homes); ok {
			s = append(s, b.any(fieldFact, factCell, cells))
		} else {
			s = append(s, b.term(fieldFact, fact(factMark, markLocated)))
		}
	}
	return s
}

// nots are what a vacancy must not have, all but the bigrams. Floors stand here:
// an unknown number is in no range, and so passes.
func (b *builder) nots(f *matcher.Filter) []bleve.Searcher {
	var s []bleve.Searcher
	for _, t := range f.None {
		if _, _, bigram := terms.Bigram(t); !bigram {
			s = append(s, b.term(fieldTerm, t))
		}
	}
	if f.RefuseAgency {
		s = append(s, b.term(fieldFact, fact(factMark, markAgency)))
	}
	for _, d := range search.Refused(f) {
		for _, value := range d.Values {
			s = append(s, b.term(fieldFacet, fact(d.Facet, value)))
		}
	}
	if f.MinActual > 0 {
		s = append(s, b.below(fieldActual, f.MinActual))
	}
	if f.MinHourly > 0 {
		s = append(s, b.below(fieldHourly, f.MinHourly))
	}
	if f.Hours.Min != nil {
		s = append(s, b.below(fieldHours, *f.Hours.Min))
	}
	if f.Hours.Max != nil {
		s = append(s, b.above(fieldHours, *f.Hours.Max))
	}
	return s
}

func (b *builder) term(field, term string) bleve.Searcher {
	return b.keep(searcher.NewTermSearcher(b.ctx, b.r, term, field, 1, unscored))
}

// any finds what has any of the values of a dimension.
func (b *builder) any(field, dimension string, values []string) bleve.Searcher {
	facts := make([]string, len(values))
	for i, value := range values {
		facts[i] = fact(dimension, value)
	}
	return b.keep(searcher.NewMultiTermSearcher(b.ctx, b.r, facts, field, 1, unscored, false))
}

// below and above find numbers, the bound itself not included.
func (b *builder) below(field string, bound float64) bleve.Searcher {
	return b.number(field, nil, []byte(sortable(bound)))
}

func (b *builder) above(field string, bound float64) bleve.Searcher {
	return b.number(field, []byte(sortable(bound)), nil)
}

func (b *builder) number(field string, above, below []byte) bleve.Searcher {
	excluded := false
	return b.keep(searcher.NewTermRangeSearcher(b.ctx, b.r, above, below, &excluded, &excluded, field, 1, unscored))
}

func (b *builder) all(s []bleve.Searcher) bleve.Searcher {
	if b.err != nil {
		return nil
	}
	return b.keep(searcher.NewConjunctionSearcher(b.ctx, b.r, s, unscored))
}

func (b *builder) without(all bleve.Searcher, nots []bleve.Searcher) bleve.Searcher {
	if b.err != nil {
		return nil
	}
	none := b.keep(searcher.NewDisjunctionSearcher(b.ctx, b.r, nots, 0, unscored))
	if b.err != nil {
		return nil
	}
	return b.keep(searcher.NewBooleanSearcher(b.ctx, b.r, all, nil, none, unscored))
}

func (b *builder) within(all bleve.Searcher, homes []matcher.Circle) bleve.Searcher {
	if b.err != nil {
		return nil
	}
	return b.keep(onlyWithin(b.ctx, b.r, all, homes))
}

// speaking lets through what has every one of the bigrams spoken, and none of
// those unspoken.
func (b *builder) speaking(from bleve.Searcher, spoken, unspoken []string) bleve.Searcher {
	if b.err != nil {
		return nil
	}
	return b.keep(newPhraseSearcher(b.ctx, b.r, from, spoken, unspoken, b.phrases))
}

// keep remembers a searcher, so that all can be closed when a later one fails.
func (b *builder) keep(s bleve.Searcher, err error) bleve.Searcher {
	if b.err != nil || err != nil {
		if b.err == nil {
			b.err = err
		}
		return nil
	}
	b.made = append(b.made, s)
	return s
}

func (b *builder) close() {
	for _, s := range b.made {
		_ = s.Close() // the error that led here is the one worth telling
	}
}
