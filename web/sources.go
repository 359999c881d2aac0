package web

import (
	"errors"
	"net/http"

	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/store"
)

func (s *Site) sourcesPage(w http.ResponseWriter, r *http.Request) error {
	health, err := s.o.Store.SourceHealth(r.Context())
	if err != nil {
		return err
	}
	return s.render(w, http.StatusOK, "sources", view{Title: "Where the posts come from", Data: health})
}

func isSuppressed(err error) bool { return errors.Is(err, store.ErrSuppressed) }
func isGone(err error) bool       { return errors.Is(err, store.ErrNotFound) }

// probe is a search that only checks that its criteria mean something.
func probe(r search.Request) search.Request {
	return search.Request{Criteria: r.Criteria, PerPage: 1, AsTyped: true}
}
