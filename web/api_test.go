package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch"
)

func decode(t *testing.T, a answer, kind string, v any) {
	t.Helper()
	if got := a.Header().Get("Content-Type"); got != kind {
		t.Errorf("content type %q, want %q", got, kind)
	}
	if err := json.Unmarshal(a.Body.Bytes(), v); err != nil {
		t.Errorf("%v: %s", err, a.Body.String())
	}
}

func TestAPISearch(t *testing.T) {
	b := newBench(t)
	var got map[string]json.RawMessage
	decode(t, b.get("/api/v1/vacancies").is(http.StatusOK), "application/json", &got)
	if string(got["total"]) != "0" || string(got["hits"]) != "[]" || !strings.HasPrefix(string(got["facets"]), "{") {
		t.Errorf("of nothing: %s", got)
	}
	b.advertise(adverts())
	var found Answer
	decode(t, b.get("/api/v1/vacancies?q=teching&near=RG41&within=5").is(http.StatusOK), "application/json", &found)
	if found.Total != 1 || len(found.Hits) != 1 || !found.Corrected || found.Words != "teaching" || found.Page != 1 || found.PerPage != 20 {
		t.Fatalf("found %+v", found)
	}
	h := found.Hits[0]
	if h.ID != "v1" || h.Title != larch || h.Employer != "Larch Bank School" || h.Score <= 0 || h.Miles == nil || h.URL != site+"/vacancies/v1" || h.Closes == nil ||
		h.Pay != "£18,450 a year, actually paid (as stated)" {
		t.Errorf("the hit is %+v", h)
	}
	if f := found.Facets["need"]; len(f) != 1 || f[0].Value != "semh" || f[0].Count != 1 {
		t.Errorf("needs are counted as %v", f)
	}
	decode(t, b.get("/api/v1/vacancies?support=one-to-one&paid_by=trust").is(http.StatusOK), "application/json", &found)
	if len(found.Hits) != 1 || found.Hits[0].Kind != "vacancy" || found.Hits[0].PaidBy != "trust" || !slices.Equal(found.Hits[0].Support, []sendwatch.Support{"one-to-one"}) {
		t.Errorf("one to one, paid by a trust: %+v", found.Hits)
	}
	if f := found.Facets["support"]; len(f) != 1 || f[0].Value != "one-to-one" || f[0].Count != 1 {
		t.Errorf("the kinds of support are counted as %v", f)
	}
	var vacancy struct {
		ID, Title    string
		PaidBy       string `json:"paid_by"`
		Told         map[string]string
		Requirements []struct{ ID, Evidence string }
		Sightings    []struct{ Source, URL string }
	}
	decode(t, b.get("/api/v1/vacancies/v1").is(http.StatusOK), "application/json", &vacancy)
	if vacancy.ID != "v1" || len(vacancy.Requirements) != 5 || len(vacancy.Sightings) != 1 || vacancy.Sightings[0].Source != "board" {
		t.Errorf("the vacancy is %+v", vacancy)
	}
	decode(t, b.get("/api/v1/vacancies/v4").is(http.StatusOK), "application/json", &vacancy)
	if vacancy.PaidBy != "trust" || !strings.Contains(vacancy.Told["support.one-to-one"], "one to one with pupils") {
		t.Errorf("the vacancy pays by %q and tells %q", vacancy.PaidBy, vacancy.Told)
	}
}

func TestAPIProblems(t *testing.T) {
	b := newBench(t)
	tests := []struct {
		method, target string
		status         int
		detail         string
	}{
		{http.MethodGet, "/api/v1/vacancies?near=Nowherton", http.StatusBadRequest, "Unknown place"},
		{http.MethodGet, "/api/v1/vacancies?min_actual=x", http.StatusBadRequest, "(min_actual) should be a number"},
		{http.MethodGet, "/api/v1/vacancies?sort=luck", http.StatusBadRequest, "No sort is called"},
		{http.MethodGet, "/api/v1/vacancies/none", http.StatusNotFound, "no such page"},
		{http.MethodGet, "/api/v2/anything", http.StatusNotFound, "no such page"},
	}
	for _, tt := range tests {
		t.Run(tt.target, func(t *testing.T) {
			var got problem
			decode(t, b.do(httptest.NewRequestWithContext(t.Context(), tt.method, tt.target, http.NoBody)).is(tt.status), "application/problem+json", &got)
			if got.Status != tt.status || got.Title != http.StatusText(tt.status) || !strings.Contains(got.Detail, tt.detail) {
				t.Errorf("the problem is %+v", got)
			}
		})
	}
}
