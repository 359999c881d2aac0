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
)

// filterQuery finds exactly what a matcher.Filter accepts.
//
// It puts searchers together itself: query.BooleanQuery drops a must clause
// that matches nothing, and would then find everything else.
type filterQuery struct{ f *matcher.Filter }

var _ query.Query = filterQuery{}

// unscored asks searchers for documents alone, which lets bleve intersect
// them as bitmaps.
var unscored = bleve.SearcherOptions{Score: "none"}

// Searcher is called by bleve with a view of the index as it is now.
func (q filterQuery) Searcher(ctx context.Context, r index.IndexReader, _ mapping.IndexMapping, _ bleve.SearcherOptions) (bleve.Searcher, error) {
	b := &builder{ctx: ctx, r: r}
	all := b.all(b.musts(q.f))
	if nots := b.nots(q.f); len(nots) > 0 {
		all = b.without(all, nots)
	}
	if len(q.f.Homes) > 0 {
		all = b.within(all, q.f.Homes)
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
}

// musts are what a vacancy must have.
func (b *builder) musts(f *matcher.Filter) []bleve.Searcher {
	s := []bleve.Searcher{
		b.term(fieldMark, markOpen),
		b.term(fieldScope, string(sendwatch.ScopeIn)),
		b.any(fieldKind, []string{string(sendwatch.KindVacancy), string(sendwatch.KindPool)}),
	}
	for _, t := range f.All {
		s = append(s, b.term(fieldTerm, t))
	}
	for field, values := range map[string][]string{
		fieldRole: f.Roles, fieldNeed: f.Needs, fieldSetting: f.Settings,
		fieldPhase: f.Phases, fieldContract: f.Contracts, fieldPattern: f.Patterns,
	} {
		if len(values) > 0 {
			s = append(s, b.any(field, values))
		}
	}
	if f.StatedPayOnly {
		s = append(s, b.term(fieldMark, markPayStated))
	}
	if len(f.Homes) > 0 {
		if cells, ok := cellsOf(f.Homes); ok {
			s = append(s, b.any(fieldCell, cells))
		} else {
			s = append(s, b.term(fieldMark, markLocated))
		}
	}
	return s
}

// nots are what a vacancy must not have. Floors stand here: an unknown number
// is in no range, and so passes.
func (b *builder) nots(f *matcher.Filter) []bleve.Searcher {
	var s []bleve.Searcher
	for _, t := range f.None {
		s = append(s, b.term(fieldTerm, t))
	}
	if f.RefuseAgency {
		s = append(s, b.term(fieldMark, markAgency))
	}
	for _, d := range f.RefuseDuties {
		s = append(s, b.term(fieldDuty, d))
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

func (b *builder) any(field string, terms []string) bleve.Searcher {
	return b.keep(searcher.NewMultiTermSearcher(b.ctx, b.r, terms, field, 1, unscored, false))
}

func (b *builder) below(field string, bound float64) bleve.Searcher {
	return b.number(field, nil, &bound)
}

func (b *builder) above(field string, bound float64) bleve.Searcher {
	return b.number(field, &bound, nil)
}

// number finds the numbers between two bounds, neither of them included.
func (b *builder) number(field string, above, below *float64) bleve.Searcher {
	excluded := false
	return b.keep(searcher.NewNumericRangeSearcher(b.ctx, b.r, above, below, &excluded, &excluded, field, 1, unscored))
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
