package web

import (
	"context"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/store"
)

// Hit is one vacancy found, as the API and `sendwatch search --json` print it.
type Hit struct {
	ID           string                 `json:"id"`
	Title        string                 `json:"title"`
	Employer     string                 `json:"employer"`
	EmployerKind sendwatch.EmployerKind `json:"employer_kind"`
	Location     string                 `json:"location"`
	Role         string                 `json:"role"`
	Needs        []string               `json:"needs"`
	Setting      string                 `json:"setting"`
	Kind         sendwatch.Kind         `json:"kind"`
	// What the advert does not tell of these is left out.
	Support []sendwatch.Support    `json:"support,omitempty"`
	Entry   sendwatch.Entry        `json:"entry,omitempty"`
	Driver  sendwatch.Driver       `json:"driver,omitempty"`
	PaidBy  sendwatch.EmployerKind `json:"paid_by,omitempty"`
	Client  string                 `json:"client,omitempty"`

	Score     float64    `json:"score"`
	Miles     *float64   `json:"miles,omitempty"`
	Pay       string     `json:"pay"`
	Closes    *time.Time `json:"closes_at,omitempty"`
	FirstSeen time.Time  `json:"first_seen"`
	URL       string     `json:"url"`

	vacancy *sendwatch.Vacancy
}

// Answer is a page of hits.
type Answer struct {
	Total     int                       `json:"total"`
	Page      int                       `json:"page"`
	PerPage   int                       `json:"per_page"`
	Words     string                    `json:"words,omitempty"`
	Corrected bool                      `json:"corrected,omitempty"`
	Hits      []Hit                     `json:"hits"`
	Facets    map[string][]search.Facet `json:"facets"`
	// Fallback says that the search engine which is configured does not answer,
	// and that the site's own index has answered instead.
	Fallback bool `json:"fallback,omitempty"`

	answer search.Answer
}

// Vacancies is where the vacancies behind the hits are read.
type Vacancies interface {
	Vacancies(ctx context.Context, ids []string) ([]*sendwatch.Vacancy, error)
}

// Find answers a request: the index finds, the store tells what is true now.
func Find(ctx context.Context, svc *search.Service, from Vacancies, base string, r search.Request) (Answer, error) {
	r.Facets = search.Facets()
	a, err := svc.Search(ctx, r)
	if err != nil {
		return Answer{}, searchError(err)
	}
	out := Answer{Total: a.Total, Page: a.Page, PerPage: a.PerPage, Words: a.Criteria.Words, Corrected: a.Corrected,
		Facets: a.Facets, Fallback: a.Fallback, Hits: []Hit{}, answer: a}
	ids := make([]string, len(a.Hits))
	for i, h := range a.Hits {
		ids[i] = h.ID
	}
	vs, err := from.Vacancies(ctx, ids)
	if err != nil {
		return Answer{}, err
	}
	byID := make(map[string]*sendwatch.Vacancy, len(vs))
	for _, v := range vs {
		byID[v.ID] = v
	}
	for _, h := range a.Hits {
		if v := byID[h.ID]; v != nil && v.Announceable() { // the index may lag behind
			out.Hits = append(out.Hits, hitOf(v, h, base))
		}
	}
	return out, nil
}

func hitOf(v *sendwatch.Vacancy, h search.Hit, base string) Hit {
	return Hit{
		ID: v.ID, Title: v.Title, Employer: v.Employer, EmployerKind: v.EmployerKind, Location: v.Location,
		Role: v.Role, Needs: append([]string{}, v.Needs...), Setting: v.Setting,
		Kind: v.Kind, Support: v.Support, Entry: v.Entry, Driver: v.Driver, PaidBy: v.PaidBy, Client: v.Client, Score: h.Score, Miles: h.Miles,
		Pay: v.Pay.Say().Headline, Closes: v.ClosesAt, FirstSeen: v.FirstSeen, URL: base + "/vacancies/" + v.ID, vacancy: v,
	}
}

var _ Vacancies = (*store.Store)(nil)
