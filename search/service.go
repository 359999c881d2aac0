package search

import (
	"context"
	"fmt"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/terms"
)

// Asker is what a Service asks: an Index, or a Relay before several.
type Asker interface {
	Search(ctx context.Context, q Query) (Result, error)
	Vocabulary(ctx context.Context) (map[string]int, error)
}

// ServiceOptions is what a Service works with. The Matcher and the Analyser
// are those that the index was filled with.
type ServiceOptions struct {
	Index   Asker
	Matcher *matcher.Matcher
	Terms   *terms.Analyser
}

// Service answers what people ask.
type Service struct{ o ServiceOptions }

// NewService makes a Service.
func NewService(o ServiceOptions) *Service { return &Service{o: o} }

// Request is a search as a person asks it.
type Request struct {
	Criteria sendwatch.Criteria
	Sort     Sort
	// Page counts from 1; PerPage is 1 to MaxPerPage, or 0 for DefaultPerPage.
	Page, PerPage int
	// Facets names the dimensions to count.
	Facets []string
	// AsTyped searches the words without correcting them.
	AsTyped bool
}

// Answer is what a Request finds.
type Answer struct {
	Result
	// Criteria are those that were searched: the request's, with the words
	// corrected. They are what a saved search keeps.
	Criteria sendwatch.Criteria
	// Corrected says that the words searched are not the words typed.
	Corrected bool
	// Sort, Page and PerPage are those that were used.
	Sort          Sort
	Page, PerPage int
	// Relax says, when nothing was found, what would find something.
	Relax []Relaxation
}

// Search answers a request. A place or an id that is not known, a sort or facet
// that does not exist, and a page beyond MaxReach of what reaches further are the
// asker's errors and name what is wrong.
func (s *Service) Search(ctx context.Context, r Request) (Answer, error) {
	a, q, err := s.query(ctx, r)
	if err != nil {
		return Answer{}, err
	}
	a.Sort, a.Page, a.PerPage = q.Sort, q.Page, q.PerPage
	far := q.Skip()+q.PerPage > MaxReach
	if far {
		q.Page = 1 // the first page tells how many there are
	}
	if a.Result, err = s.o.Index.Search(ctx, q); err != nil {
		return Answer{}, fmt.Errorf("search: %w", err)
	}
	if far {
		a.Hits = []Hit{}
		if a.Total > MaxReach {
			return Answer{}, ErrTooFar
		}
	}
	if a.Total == 0 {
		if a.Relax, err = s.relax(ctx, a.Criteria); err != nil {
			return Answer{}, err
		}
	}
	return a, nil
}

// Whole answers a request with the hits of all its pages, MaxWhole at most, as
// they were at one moment. Its Facets are not counted.
func (s *Service) Whole(ctx context.Context, r Request) (Answer, error) {
	a, q, err := s.query(ctx, r)
	if err != nil {
		return Answer{}, err
	}
	q.Whole, q.Facets = true, nil
	if q, err = q.Normalised(); err != nil {
		return Answer{}, err
	}
	a.Sort, a.Page, a.PerPage = q.Sort, q.Page, q.PerPage
	if a.Result, err = s.o.Index.Search(ctx, q); err != nil {
		return Answer{}, fmt.Errorf("search: all of it: %w", err)
	}
	return a, nil
}

// query corrects the words of a request and puts it as an index wants it.
func (s *Service) query(ctx context.Context, r Request) (Answer, Query, error) {
	a := Answer{Criteria: r.Criteria}
	if r.Criteria.Words != "" && !r.AsTyped {
		vocabulary, err := s.o.Index.Vocabulary(ctx)
		if err != nil {
			return Answer{}, Query{}, fmt.Errorf("search: read the vocabulary: %w", err)
		}
		a.Criteria.Words, a.Corrected = s.o.Terms.Correct(r.Criteria.Words, vocabulary)
	}
	filter, err := s.o.Matcher.Compile(a.Criteria)
	if err != nil {
		return Answer{}, Query{}, err
	}
	q, err := Query{
		Filter: filter, Words: a.Criteria.Words, Sort: r.Sort,
		Page: r.Page, PerPage: r.PerPage, Facets: r.Facets,
	}.Normalised()
	return a, q, err
}
