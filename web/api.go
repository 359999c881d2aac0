package web

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// problem is an error as RFC 9457 writes it. Its type is about:blank: the status
// says which kind it is, and the detail what to do.
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

// apiRoutes registers what programs ask.
func (s *Site) apiRoutes() {
	s.resource(pathAPI, s.apiFail, methods{http.MethodGet: s.apiSearch})
	s.resource(pathAPI+"/{id}", s.apiFail, methods{http.MethodGet: s.apiVacancy})
	s.resource("/api/v1/match", s.apiFail, methods{http.MethodPost: s.apiMatch})
	s.resource("/api/openapi.json", s.apiFail, methods{http.MethodGet: s.apiDocument})
	s.resource(pathFeed, s.fail, methods{http.MethodGet: s.feed})
	s.resource(pathCSV, s.fail, methods{http.MethodGet: s.export(newCSVExport)})
	s.resource(pathJSON, s.fail, methods{http.MethodGet: s.export(newJSONExport)})
	s.mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) { s.apiFail(w, r, errNotFound) })
}

// methods are what can be done with a resource.
type methods map[string]handler

// allowed lists them as the header field Allow does.
func (m methods) allowed() []string {
	out := append(slices.Collect(maps.Keys(m)), http.MethodOptions)
	if m[http.MethodGet] != nil {
		out = append(out, http.MethodHead)
	}
	slices.Sort(out)
	return out
}

// resource registers an address that programs ask. It answers OPTIONS, and HEAD as
// GET. What is got is public and needs no credentials, so pages of any other site
// may get it; nothing but getting is open to them.
func (s *Site) resource(pattern string, fail func(http.ResponseWriter, *http.Request, error), m methods) {
	allow := strings.Join(m.allowed(), ", ")
	public := m[http.MethodGet] != nil
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		if public {
			shareable(w.Header())
		}
		h, ok := m[method]
		switch {
		case r.Method == http.MethodOptions:
			w.Header().Set("Allow", allow)
			if public {
				w.Header().Set("Access-Control-Allow-Methods", "GET, HEAD")
				w.Header().Set("Access-Control-Allow-Headers", "If-None-Match")
				w.Header().Set("Access-Control-Max-Age", "86400")
			}
			w.WriteHeader(http.StatusNoContent)
		case !ok:
			w.Header().Set("Allow", allow)
			fail(w, r, errMethod)
		default:
			if err := h(w, r); err != nil {
				fail(w, r, err)
			}
		}
	})
}

// shareable lets the pages of any site read an answer.
func shareable(hd http.Header) {
	hd.Set("Access-Control-Allow-Origin", "*")
	hd.Set("Access-Control-Expose-Headers", "ETag, Link, RateLimit, RateLimit-Policy, Retry-After")
}

// query reads a search from the address of a program, which is told when part of
// it cannot be read.
func query(r *http.Request) (search.Request, error) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return search.Request{}, badRequest("The address cannot be read: write special characters as %%XX and separate values by &.")
	}
	return ParseRequest(q)
}

func (s *Site) apiSearch(w http.ResponseWriter, r *http.Request) error {
	req, err := query(r)
	if err != nil {
		return err
	}
	return s.cacheable(w, r, "application/json", func() ([]byte, error) {
		a, err := Find(r.Context(), s.o.Search, s.o.Store, s.o.Links.Base, req)
		if err != nil {
			return nil, err
		}
		return json.Marshal(a)
	})
}

// fullVacancy is everything that is known of one vacancy.
type fullVacancy struct {
	sendwatch.Vacancy
	// URL is the vacancy's page here, PaySummary what it pays in one line.
	URL        string `json:"url"`
	PaySummary string `json:"pay_summary"`
}

// movedError says that a vacancy lives on under another id.
type movedError struct{ to string }

func (e movedError) Error() string { return "moved to " + e.to }

func (s *Site) apiVacancy(w http.ResponseWriter, r *http.Request) error {
	err := s.cacheable(w, r, "application/json", func() ([]byte, error) {
		v, err := s.vacancy(r)
		if err != nil {
			return nil, err
		}
		if v.ID != r.PathValue("id") {
			return nil, movedError{v.ID}
		}
		if v.Sightings, err = s.o.Store.Sightings(r.Context(), v.ID); err != nil {
			return nil, err
		}
		full := fullVacancy{Vacancy: *v, URL: s.o.Links.Base + "/vacancies/" + url.PathEscape(v.ID), PaySummary: v.Pay.Say().Headline}
		listed(&full.Vacancy)
		return json.Marshal(full)
	})
	var moved movedError
	if errors.As(err, &moved) {
		w.Header().Set("Location", pathAPI+"/"+url.PathEscape(moved.to))
		w.WriteHeader(http.StatusPermanentRedirect)
		return nil
	}
	return err
}

// listed makes lists of what has none, so that programs need not expect null.
func listed(v *sendwatch.Vacancy) {
	v.Needs, v.Phases, v.Notes = list(v.Needs), list(v.Phases), list(v.Notes)
	v.Requirements, v.Sightings = list[taxonomy.Requirement](v.Requirements), list[sendwatch.Sighting](v.Sightings)
	v.Pay.Quoted, v.Pay.Allowances = list[pay.Quote](v.Pay.Quoted), list[pay.Allowance](v.Pay.Allowances)
	v.Pay.Working, v.Pay.Flags = list(v.Pay.Working), list(v.Pay.Flags)
}

func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func (s *Site) apiFail(w http.ResponseWriter, r *http.Request, err error) {
	ue := s.publicError(r, err)
	if ue == errTooLarge {
		ue = errBody // programs send no forms
	}
	if ue == errNotFound {
		ue.text = "There is nothing at this address, or it is gone. /api/openapi.json lists what there is."
	}
	b, err := json.Marshal(problem{Title: http.StatusText(ue.status), Status: ue.status, Detail: ue.text})
	if err != nil {
		s.o.Log.Error("encode a problem", "error", err)
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		shareable(w.Header())
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(ue.status)
	_, _ = w.Write(append(b, '\n')) // the reader has gone when this fails
}

func (s *Site) json(w http.ResponseWriter, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(append(b, '\n')) // the reader has gone when this fails
	return nil
}
