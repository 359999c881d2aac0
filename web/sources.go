package web

import "net/http"

func (s *Site) sourcesPage(w http.ResponseWriter, r *http.Request) error {
	health, err := s.o.Store.SourceHealth(r.Context())
	if err != nil {
		return err
	}
	return s.render(w, http.StatusOK, "sources", view{Title: "Where the posts come from", Data: health})
}
