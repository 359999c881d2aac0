package embedded

import (
	"context"
	"errors"

	bleve "github.com/blevesearch/bleve/v2/search"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/sendwatch/sendwatch/terms"
)

// phraseSearcher lets through, of what another searcher finds, what has some
// bigrams and has not some others, by its prints.
type phraseSearcher struct {
	bleve.Searcher
	spoken   []*phrase
	unspoken []unspoken
}

var _ bleve.Searcher = (*phraseSearcher)(nil)

// unspoken is a bigram that must not be there. Prints are read of what has both
// of its stems.
type unspoken struct {
	*phrase
	stems [2]*postings
}

func newPhraseSearcher(ctx context.Context, r index.IndexReader, from bleve.Searcher, spoken, not []string, m *phraseMemory) (bleve.Searcher, error) {
	stored, err := newStored(r)
	if err != nil {
		return nil, err
	}
	s := &phraseSearcher{Searcher: from}
	for _, bigram := range spoken {
		s.spoken = append(s.spoken, newPhrase(bigram, stored, m))
	}
	for _, bigram := range not {
		s.unspoken = append(s.unspoken, unspoken{phrase: newPhrase(bigram, stored, m)})
		if err := s.unspoken[len(s.unspoken)-1].open(ctx, r, bigram); err != nil {
			return nil, errors.Join(err, s.closeStems())
		}
	}
	return s, nil
}

// open looks the stems up.
func (u *unspoken) open(ctx context.Context, r index.IndexReader, bigram string) error {
	first, second, _ := terms.Bigram(bigram)
	for i, stem := range []string{first, second} {
		p, err := newPostings(ctx, r, fieldTerm, stem)
		if err != nil {
			return err
		}
		u.stems[i] = p
	}
	return nil
}

// Next gives the next hit.
func (s *phraseSearcher) Next(ctx *bleve.SearchContext) (*bleve.DocumentMatch, error) {
	d, err := s.Searcher.Next(ctx)
	return s.from(ctx, d, err)
}

// Advance gives the first hit that is not before id.
func (s *phraseSearcher) Advance(ctx *bleve.SearchContext, id index.IndexInternalID) (*bleve.DocumentMatch, error) {
	d, err := s.Searcher.Advance(ctx, id)
	return s.from(ctx, d, err)
}

// from goes on from a document to the first that may pass.
func (s *phraseSearcher) from(ctx *bleve.SearchContext, d *bleve.DocumentMatch, err error) (*bleve.DocumentMatch, error) {
	for d != nil && err == nil {
		var ok bool
		if ok, err = s.accepts(d.IndexInternalID); ok || err != nil {
			break
		}
		ctx.DocumentMatchPool.Put(d)
		d, err = s.Searcher.Next(ctx)
	}
	if err != nil {
		return nil, err
	}
	return d, nil
}

func (s *phraseSearcher) accepts(id index.IndexInternalID) (bool, error) {
	for _, p := range s.spoken {
		if has, err := p.in(id); !has || err != nil {
			return false, err
		}
	}
	for i := range s.unspoken {
		if has, err := s.unspoken[i].in(id); has || err != nil {
			return false, err
		}
	}
	return true, nil
}

// in reports whether a document has the bigram.
func (u *unspoken) in(id index.IndexInternalID) (bool, error) {
	for _, stem := range u.stems {
		if has, err := stem.has(id); !has || err != nil {
			return false, err
		}
	}
	return u.phrase.in(id)
}

// Close closes the searcher and what it looks stems up in.
func (s *phraseSearcher) Close() error {
	return errors.Join(s.Searcher.Close(), s.closeStems())
}

func (s *phraseSearcher) closeStems() error {
	var errs []error
	for i := range s.unspoken {
		for _, stem := range s.unspoken[i].stems {
			errs = append(errs, stem.close())
		}
	}
	return errors.Join(errs...)
}
