package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
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
		{http.MethodGet, "/api/v1/vacancies/none", http.StatusNotFound, "nothing at this address"},
		{http.MethodGet, "/api/v2/anything", http.StatusNotFound, "nothing at this address"},
		{http.MethodGet, "/api/v1/vacancies?q=%zz", http.StatusBadRequest, "cannot be read"},
		{http.MethodGet, "/api/v1/vacancies?" + strings.Repeat("role=hlta&", maxQuery/10+1), http.StatusRequestURITooLong, "longer than any of ours"},
		{http.MethodDelete, "/api/v1/vacancies", http.StatusMethodNotAllowed, "Allow names"},
		{http.MethodPost, "/api/v1/vacancies/v1", http.StatusMethodNotAllowed, "Allow names"},
		{http.MethodGet, "/api/v1/match", http.StatusMethodNotAllowed, "Allow names"},
	}
	for _, tt := range tests {
		t.Run(tt.target, func(t *testing.T) {
			var got problem
			a := b.do(httptest.NewRequestWithContext(t.Context(), tt.method, tt.target, http.NoBody)).is(tt.status)
			decode(t, a, "application/problem+json", &got)
			if tt.status == http.StatusMethodNotAllowed && a.Header().Get("Allow") == "" {
				t.Error("no header says what is allowed")
			}
			if got.Status != tt.status || got.Title != http.StatusText(tt.status) || !strings.Contains(got.Detail, tt.detail) {
				t.Errorf("the problem is %+v", got)
			}
		})
	}
}

// TestAPILinks: the pages of a search lead through all of it, each post once, and
// end where the pages of the site do.
func TestAPILinks(t *testing.T) {
	b := newBench(t)
	b.advertise(manyAdverts(45))
	next, seen := site+pathAPI+"?q=posts&as_typed=1&per_page=20&need=send", map[string]bool{}
	var self []string
	for pages := 0; next != ""; pages++ {
		if pages > 5 {
			t.Fatal("there is no end to the pages")
		}
		var a Answer
		decode(t, b.get(next).is(http.StatusOK), "application/json", &a)
		for _, h := range a.Hits {
			seen[h.ID] = true
		}
		if a.Links.Self != onlyPage(next) {
			t.Errorf("the page %s calls itself %s", next, a.Links.Self)
		}
		if pages > 0 && a.Links.Prev != self[pages-1] {
			t.Errorf("before %s comes %s", next, a.Links.Prev)
		}
		for _, link := range []string{a.Links.Page, a.Links.Feed, a.Links.CSV, a.Links.JSON} {
			b.get(link).is(http.StatusOK)
			if !strings.HasSuffix(link, "?as_typed=1&need=send&q=posts") {
				t.Errorf("%s is another search", link)
			}
		}
		self, next = append(self, a.Links.Self), a.Links.Next
	}
	if len(seen) != 45 || len(self) != 3 {
		t.Errorf("%d posts on %d pages", len(seen), len(self))
	}
}

// onlyPage is an address with its values in order, as we write it.
func onlyPage(target string) string {
	u, _ := url.Parse(target)
	u.RawQuery = u.Query().Encode()
	return u.String()
}

func manyAdverts(n int) []sendwatch.Posting {
	var out []sendwatch.Posting
	for i := range n {
		p := adverts()[2]
		p.Reference, p.Title = number(float64(i)), "SEN Teaching Assistant, one of many posts"
		out = append(out, p)
	}
	return out
}

// TestAPIAlias: an id that lives on under another one leads there; what is closed
// says so.
func TestAPIAlias(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts(), func(v *sendwatch.Vacancy) {
		if v.ID == "v2" {
			v.State, v.ClosedAt = sendwatch.VacancyClosed, &b.now
		}
	})
	b.unite("v1", "v4")
	a := b.get(pathAPI + "/v4").is(http.StatusPermanentRedirect)
	if got := a.Header().Get("Location"); got != pathAPI+"/v1" {
		t.Errorf("v4 lives on at %q", got)
	}
	var v sendwatch.Vacancy
	decode(t, b.get(pathAPI+"/v2").is(http.StatusOK), "application/json", &v)
	if v.State != sendwatch.VacancyClosed || v.ClosedAt == nil {
		t.Errorf("the closed one is %s, closed at %v", v.State, v.ClosedAt)
	}
}

// conditional asks for what one may have already.
func (b *bench) conditional(target, tag string) answer {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), http.MethodGet, target, http.NoBody)
	r.Header.Set("If-None-Match", tag)
	return b.do(r)
}

// TestAPITags: what has not changed is not sent again, nor even searched for while
// the change log stands still; and what has changed is sent.
func TestAPITags(t *testing.T) {
	for _, target := range []string{pathAPI + "?need=semh", pathAPI + "/v1", pathFeed + "?need=semh", "/api/openapi.json"} {
		t.Run(target, func(t *testing.T) {
			b := newBench(t)
			b.advertise(adverts())
			first := b.get(target).is(http.StatusOK)
			tag := first.Header().Get("ETag")
			if len(tag) < 10 || tag[0] != '"' || first.Header().Get("Cache-Control") != fresh {
				t.Fatalf("the tag is %q, to be kept %q", tag, first.Header().Get("Cache-Control"))
			}
			for _, has := range []string{tag, "W/" + tag, `"another", ` + tag, "*"} {
				a := b.conditional(target, has).is(http.StatusNotModified)
				if a.Body.Len() > 0 || a.Header().Get("ETag") != tag || a.Header().Get("Cache-Control") != fresh {
					t.Errorf("who has %s is sent %d bytes, tag %s", has, a.Body.Len(), a.Header().Get("ETag"))
				}
			}
			if got := b.conditional(target, `"another"`).is(http.StatusOK).Body.String(); got != first.Body.String() {
				t.Error("the same question is answered otherwise")
			}
			if target == "/api/openapi.json" {
				return
			}
			asked := b.asked
			if b.conditional(target, tag).is(http.StatusNotModified); b.asked != asked {
				t.Errorf("the index was asked for what had not changed")
			}
			b.change("v1", func(v *sendwatch.Vacancy) { v.Title = "SEMH Mentor" })
			b.index()
			if again := b.conditional(target, tag).is(http.StatusOK); again.Header().Get("ETag") == tag || !strings.Contains(again.Body.String(), "SEMH Mentor") {
				t.Error("what has changed is said to be the same")
			}
			// Another vacancy changes the log, and not this answer.
			tag = b.get(target).Header().Get("ETag")
			b.change("v2", func(v *sendwatch.Vacancy) { v.Title = "Autism Mentor" })
			b.index()
			b.conditional(target, tag).is(http.StatusNotModified)
		})
	}
}

// TestAPITagsWhileIndexing: an index that is behind the log must not lend its
// answers the tag of what is true.
func TestAPITagsWhileIndexing(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	const target = pathAPI + "?q=mentor"
	b.get(target)
	b.change("v1", func(v *sendwatch.Vacancy) {
		v.Title, v.Terms = "SEMH Mentor", append([]string{}, b.terms.Document("SEMH Mentor")...)
	})
	behind := b.get(target).is(http.StatusOK).Header().Get("ETag") // not indexed yet
	b.index()
	var a Answer
	decode(t, b.conditional(target, behind).is(http.StatusOK), "application/json", &a)
	if a.Total != 1 {
		t.Errorf("found %d, want the changed one", a.Total)
	}
}

// change writes a vacancy anew.
func (b *bench) change(id string, change func(*sendwatch.Vacancy)) {
	b.t.Helper()
	ctx := b.t.Context()
	v, err := b.store.Vacancy(ctx, id)
	if err != nil {
		b.t.Fatal(err)
	}
	change(v)
	b.now = b.now.Add(time.Minute)
	v.ChangedAt = b.now
	if err := b.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.PutVacancy(ctx, v); err != nil {
			return err
		}
		return tx.Append(ctx, sendwatch.Change{Event: sendwatch.VacancyChanged, Vacancy: id, Cause: sendwatch.CauseCrawl})
	}); err != nil {
		b.t.Fatal(err)
	}
}

// TestAPIMethods: HEAD says what GET would, without it; OPTIONS lets other sites
// get, and nothing else.
func TestAPIMethods(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	for _, target := range []string{pathAPI, pathAPI + "/v1", "/api/openapi.json", pathFeed, pathCSV, pathJSON} {
		got := b.get(target).is(http.StatusOK)
		head := b.do(httptest.NewRequestWithContext(t.Context(), http.MethodHead, target, http.NoBody)).is(http.StatusOK)
		if head.Body.Len() > 0 {
			t.Errorf("HEAD %s has a body of %d bytes", target, head.Body.Len())
		}
		for _, name := range []string{"Content-Type", "ETag", "Cache-Control", "Content-Length", "Content-Disposition", "Access-Control-Allow-Origin"} {
			if g, h := got.Header().Get(name), head.Header().Get(name); g != h {
				t.Errorf("%s: %s is %q of GET and %q of HEAD", target, name, g, h)
			}
		}
		if got.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: other sites may not read it", target)
		}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodOptions, target, http.NoBody)
		r.Header.Set("Origin", "https://elsewhere.example")
		r.Header.Set("Access-Control-Request-Method", http.MethodGet)
		if m := b.do(r).is(http.StatusNoContent).Header().Get("Access-Control-Allow-Methods"); m != "GET, HEAD" {
			t.Errorf("%s: other sites may %q", target, m)
		}
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodOptions, "/api/v1/match", http.NoBody)
	if hd := b.do(r).is(http.StatusNoContent).Header(); hd.Get("Access-Control-Allow-Origin") != "" {
		t.Error("other sites may send candidates")
	}
}

func TestAPIMatch(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts(), func(v *sendwatch.Vacancy) {
		if v.ID == "v3" {
			v.State, v.ClosedAt = sendwatch.VacancyClosed, &b.now
		}
	})
	var got matched
	const seeker = `"candidate":{"id":"p1","holds":["ta-level-3","no-such-thing"],"experience":[{"id":"exp-children","years":4}],"home_postcode":"RG41 2AB","radius_miles":40}`
	decode(t, b.send("/api/v1/match", `{`+seeker+`,"query":"need=semh"}`).is(http.StatusOK), "application/json", &got)
	if got.Total != 2 || got.Considered != 2 || got.Strong+got.Possible != 2 || len(got.Fits) != 2 || !slices.Equal(got.NotUnderstood, []string{"no-such-thing"}) {
		t.Fatalf("matched %+v", got)
	}
	best := got.Fits[0]
	if best.Vacancy != "v1" || best.Fit != sendwatch.FitStrong || best.Why == "" || len(best.Reasons) == 0 || best.Title != larch || best.URL != site+"/vacancies/v1" || best.Profile != "p1" {
		t.Errorf("the best fit is %+v", best)
	}
	// What is asked for by its id is told, whether it fits or not.
	b.unite("v1", "v4")
	decode(t, b.send("/api/v1/match", `{`+seeker+`,"vacancies":["v2","v4","v3","nobody"]}`).is(http.StatusOK), "application/json", &got)
	if got.Total != 4 || got.Considered != 2 || got.No != 1 || !slices.Equal(got.Missing, []string{"v3", "nobody"}) {
		t.Fatalf("matched %+v", got)
	}
	if got.Fits[0].Vacancy != "v1" || got.Fits[1].Vacancy != "v2" || got.Fits[1].Fit != sendwatch.FitNo || !slices.Contains(got.Fits[1].BlockedBy, "distance") {
		t.Errorf("the fits are %+v", got.Fits)
	}
	if strings.Contains(b.log.String(), "RG41") {
		t.Errorf("what was sent reached the log: %s", b.log.String())
	}
}

func TestAPIMatchRefuses(t *testing.T) {
	b := newBench(t)
	many := func(n int, of string) string { return strings.TrimSuffix(strings.Repeat(`"`+of+`",`, n), ",") }
	for name, tt := range map[string]struct {
		body   string
		status int
		says   string
	}{
		"no JSON":            {`holds=everything`, http.StatusBadRequest, "not JSON"},
		"two values":         {`{"candidate":{}} {}`, http.StatusBadRequest, "not JSON"},
		"nobody":             {`{}`, http.StatusBadRequest, "candidate is missing"},
		"a word for a list":  {`{"candidate":{"holds":"ta"}}`, http.StatusBadRequest, "candidate.holds should not be a JSON string"},
		"a list for a word":  {`[]`, http.StatusBadRequest, "JSON array"},
		"no place":           {`{"candidate":{"home_postcode":"Nowherton"}}`, http.StatusBadRequest, "nknown place"},
		"too many ids":       {`{"candidate":{},"vacancies":[` + many(maxMatched+1, "v") + `]}`, http.StatusBadRequest, "more than 200"},
		"too many concepts":  {`{"candidate":{"not_said":[` + many(maxConcepts+1, "c") + `]}}`, http.StatusBadRequest, "not_said has more than 300"},
		"a long id":          {`{"candidate":{"refuses":["` + strings.Repeat("x", maxID+1) + `"]}}`, http.StatusBadRequest, "refuses"},
		"less than nothing":  {`{"candidate":{"radius_miles":-1}}`, http.StatusBadRequest, "below 0"},
		"ages of experience": {`{"candidate":{"experience":[{"id":"exp-send","years":1e300}]}}`, http.StatusBadRequest, "above"},
		"ids and a query":    {`{"candidate":{},"vacancies":["v1"],"query":"q=a"}`, http.StatusBadRequest, "not both"},
		"a damaged query":    {`{"candidate":{},"query":"q=%zz"}`, http.StatusBadRequest, "query cannot be read"},
		"a mistaken query":   {`{"candidate":{},"query":"min_actual=lots"}`, http.StatusBadRequest, "should be a number"},
		"an unknown filter":  {`{"candidate":{},"query":"need=magic"}`, http.StatusBadRequest, "magic"},
		"damage":             {"{\"candidate\":{\"summary\":\"\xff\"}}", http.StatusBadRequest, "UTF-8"},
		"a novel":            {`{"candidate":{"summary":"` + strings.Repeat("x", maxSummary+1) + `"}}`, http.StatusBadRequest, "summary is longer"},
		"a library":          {`{"candidate":{"summary":"` + strings.Repeat("x", maxBody) + `"}}`, http.StatusRequestEntityTooLarge, "65536 bytes"},
		"a deep well":        {strings.Repeat(`{"candidate":`, 5000), http.StatusBadRequest, "not JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			var got problem
			decode(t, b.send("/api/v1/match", tt.body).is(tt.status), "application/problem+json", &got)
			if !strings.Contains(got.Detail, tt.says) {
				t.Errorf("it says %q, want %q", got.Detail, tt.says)
			}
		})
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/match", strings.NewReader(`{"candidate":{}}`))
	r.Header.Set("Content-Type", "text/plain")
	b.do(r).is(http.StatusUnsupportedMediaType)
}
