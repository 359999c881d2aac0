package web

import (
	"context"
	"maps"
	"net/url"
	"strconv"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/place"
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

	Phases         []string         `json:"phases"`
	Duties         []sendwatch.Duty `json:"duties,omitempty"`
	Contract       string           `json:"contract,omitempty"`
	WorkingPattern string           `json:"working_pattern,omitempty"`
	HoursPerWeek   *float64         `json:"hours_per_week,omitempty"`
	WeeksPerYear   *float64         `json:"weeks_per_year,omitempty"`
	TermTimeOnly   *bool            `json:"term_time_only,omitempty"`

	Score float64  `json:"score"`
	Miles *float64 `json:"miles,omitempty"`
	// Pay is what it pays in one line, Figures the same to calculate with.
	Pay       string         `json:"pay"`
	Figures   pay.Comparable `json:"figures"`
	Place     *place.Place   `json:"place,omitempty"`
	Starts    string         `json:"starts,omitempty"`
	Published string         `json:"published,omitempty"`
	Closes    *time.Time     `json:"closes_at,omitempty"`
	FirstSeen time.Time      `json:"first_seen"`
	ChangedAt time.Time      `json:"changed_at"`
	// URL is the vacancy's page here; Adverts are where it is advertised.
	URL     string   `json:"url"`
	Adverts []Advert `json:"adverts"`
	// Notice is what the source asks to travel with its records.
	Notice string `json:"notice,omitempty"`

	vacancy *sendwatch.Vacancy
}

// Advert is one place where a vacancy is advertised now.
type Advert struct {
	Source string `json:"source"`
	URL    string `json:"url"`
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
	Links     Links                     `json:"links"`
	// Fallback says that the search engine which is configured does not answer,
	// and that the site's own index has answered instead.
	Fallback bool `json:"fallback,omitempty"`

	answer search.Answer
}

// Links are other addresses of one search.
type Links struct {
	Self string `json:"self"`
	Prev string `json:"prev,omitempty"`
	Next string `json:"next,omitempty"`
	// Page is for people, Feed for feed readers; CSV and JSON are the whole of it.
	Page string `json:"page"`
	Feed string `json:"feed"`
	CSV  string `json:"csv"`
	JSON string `json:"json"`
}

// Vacancies is where the vacancies behind the hits are read.
type Vacancies interface {
	Vacancies(ctx context.Context, ids []string) ([]*sendwatch.Vacancy, error)
}

// Find answers a request with all facets: the index finds, the store tells what
// is true now.
func Find(ctx context.Context, svc *search.Service, from Vacancies, base string, r search.Request) (Answer, error) {
	r.Facets = search.Facets()
	return find(ctx, svc, from, base, r)
}

// find answers a request with the facets that it names.
func find(ctx context.Context, svc *search.Service, from Vacancies, base string, r search.Request) (Answer, error) {
	a, err := svc.Search(ctx, r)
	if err != nil {
		return Answer{}, searchError(err)
	}
	out := Answer{
		Total: a.Total, Page: a.Page, PerPage: a.PerPage, Words: a.Criteria.Words, Corrected: a.Corrected,
		Facets: a.Facets, Fallback: a.Fallback, Links: links(base, &a, r), answer: a,
	}
	out.Hits, err = hits(ctx, from, base, a.Hits)
	return out, err
}

// hits reads the vacancies of hits, in their order. What is no longer to be shown
// is left out: the index may lag behind.
func hits(ctx context.Context, from Vacancies, base string, found []search.Hit) ([]Hit, error) {
	ids := make([]string, len(found))
	for i, h := range found {
		ids[i] = h.ID
	}
	vs, err := from.Vacancies(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*sendwatch.Vacancy, len(vs))
	for _, v := range vs {
		byID[v.ID] = v
	}
	out := []Hit{}
	for _, h := range found {
		if v := byID[h.ID]; v != nil && v.Announceable() {
			out = append(out, hitOf(v, h, base))
		}
	}
	return out, nil
}

func hitOf(v *sendwatch.Vacancy, h search.Hit, base string) Hit {
	out := Hit{
		ID: v.ID, Title: v.Title, Employer: v.Employer, EmployerKind: v.EmployerKind, Location: v.Location,
		Role: v.Role, Needs: append([]string{}, v.Needs...), Setting: v.Setting, Kind: v.Kind,
		Support: v.Support, Entry: v.Entry, Driver: v.Driver, PaidBy: v.PaidBy, Client: v.Client,
		Phases: append([]string{}, v.Phases...), Duties: v.Duties,
		HoursPerWeek: v.Pay.HoursPerWeek, WeeksPerYear: v.Pay.WeeksPerYear, TermTimeOnly: v.Pay.TermTimeOnly,
		Score: h.Score, Miles: h.Miles, Pay: v.Pay.Say().Headline, Figures: v.Pay.Comparable, Place: v.Place,
		Published: v.Published, Closes: v.ClosesAt, FirstSeen: v.FirstSeen, ChangedAt: v.ChangedAt,
		URL: base + "/vacancies/" + url.PathEscape(v.ID), Adverts: []Advert{}, Notice: v.Notice, vacancy: v,
	}
	for to, stated := range map[*string]*string{&out.Contract: v.Pay.Contract, &out.WorkingPattern: v.Pay.WorkingPattern, &out.Starts: v.Pay.Start} {
		if stated != nil {
			*to = *stated
		}
	}
	for _, at := range v.Sightings {
		if address := sightingOf(at).URL; at.Open && address != "" {
			out.Adverts = append(out.Adverts, Advert{Source: at.Source, URL: address})
		}
	}
	return out
}

// The addresses of a search, below the site's own.
const (
	pathSearch = "/"
	pathAPI    = "/api/v1/vacancies"
	pathFeed   = "/feeds/vacancies.atom"
	pathCSV    = "/export/vacancies.csv"
	pathJSON   = "/export/vacancies.json"
)

// links are the addresses of a search as it was answered.
func links(base string, a *search.Answer, r search.Request) Links {
	q := Values(a.Criteria, r.Sort)
	if r.AsTyped {
		q.Set("as_typed", "1")
	}
	out := Links{Page: under(base, pathSearch, q), Feed: under(base, pathFeed, q), CSV: under(base, pathCSV, q), JSON: under(base, pathJSON, q)}
	if r.PerPage > 0 {
		q.Set("per_page", strconv.Itoa(a.PerPage))
	}
	at := func(page int) string { return under(base, pathAPI, onPage(q, page)) }
	out.Self = at(a.Page)
	if prev, ok := before(a); ok {
		out.Prev = at(prev)
	}
	if after(a) {
		out.Next = at(a.Page + 1)
	}
	return out
}

// under is the address of a search below the site's own.
func under(base, path string, q url.Values) string {
	if len(q) == 0 {
		return base + path
	}
	return base + path + "?" + q.Encode()
}

// onPage is a search on one of its pages.
func onPage(q url.Values, page int) url.Values {
	q = maps.Clone(q)
	q.Del("page")
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	return q
}

// lastPage is the last page of an answer that can be reached, 0 without hits.
func lastPage(a *search.Answer) int {
	return min((a.Total+a.PerPage-1)/a.PerPage, search.MaxReach/a.PerPage)
}

// before is the page before an answer's, or the last one when that lies behind it.
func before(a *search.Answer) (int, bool) {
	last := lastPage(a)
	return min(a.Page-1, last), a.Page > 1 && last > 0
}

// after reports whether there is a page after an answer's.
func after(a *search.Answer) bool { return a.Page < lastPage(a) }

var _ Vacancies = (*store.Store)(nil)
