package web

import (
	"encoding/json"
	"net/http"
)

// problem is an error as RFC 9457 writes it.
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

func (s *Site) apiSearch(w http.ResponseWriter, r *http.Request) {
	req, err := ParseRequest(r.URL.Query())
	if err == nil {
		var a Answer
		if a, err = Find(r.Context(), s.o.Search, s.o.Store, s.o.Links.Base, req); err == nil {
			s.json(w, http.StatusOK, "application/json", a)
			return
		}
	}
	s.apiFail(w, r, err)
}

func (s *Site) apiVacancy(w http.ResponseWriter, r *http.Request) {
	v, err := s.vacancy(r)
	if err == nil {
		v.Sightings, err = s.o.Store.Sightings(r.Context(), v.ID)
	}
	if err != nil {
		s.apiFail(w, r, err)
		return
	}
	s.json(w, http.StatusOK, "application/json", v)
}

func (s *Site) apiFail(w http.ResponseWriter, r *http.Request, err error) {
	ue := s.publicError(r, err)
	s.json(w, ue.status, "application/problem+json", problem{Title: http.StatusText(ue.status), Status: ue.status, Detail: ue.text})
}

func (s *Site) json(w http.ResponseWriter, status int, kind string, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		s.o.Log.Error("encode answer", "error", err)
		http.Error(w, errServer.text, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = w.Write(append(b, '\n')) // the reader has gone when this fails
}
