package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/matcher"
)

// schoolAdverts are invented posts of the kinds that a national service's search is
// known to lose: a post whose need stands in its text alone, a higher level one, one
// for the coordinator of special needs, and others beside them.
func schoolAdverts() []sendwatch.Posting {
	of := func(ref, title, employer, body string) sendwatch.Posting {
		return sendwatch.Posting{
			Source: "board", Reference: ref, URL: "https://jobs.example/" + ref, Title: title, Employer: employer, EmployerKind: sendwatch.EmployerSchool,
			Location: "Reading, RG1 3AA", ContractText: "Permanent", Published: "2026-11-18", BodyText: body,
		}
	}
	return []sendwatch.Posting{
		of("1", "Teaching Assistant", "Fernley Primary School", "You will support a small group of children with social, emotional and mental health needs in our nurture room.\n\nThe school is a mainstream primary school."),
		of("2", "Higher Level Teaching Assistant", "Brackendale Academy", "You will plan and lead work with pupils who have special educational needs, and cover classes. HLTA status is essential."),
		of("3", "SEN Teaching Assistant", "Copsewood Special School", "Copsewood is a special school for pupils with autism. You will work in a class of eight."),
		of("4", "SENDCo", "Fernley Primary School", "We seek a special educational needs coordinator with qualified teacher status and the national award for SEN coordination, to lead provision across the school."),
		of("5", "Learning Support Assistant", "Oakhurst School", "A pupil with special educational needs needs one-to-one support in our mainstream primary school. SEMH experience is welcome."),
	}
}

// TestSENIsNoCoordinator: whoever types SEN or SEND looks for work with pupils who
// have special needs, and is not led to the posts of coordinators alone.
func TestSENIsNoCoordinator(t *testing.T) {
	b := newBench(t)
	b.advertise(schoolAdverts())
	for _, words := range []string{"SEN", "SEND", "sen", "special educational needs", "SEN teaching assistant", "SEND TA"} {
		found := b.finds(words)
		if !slices.Contains(found, "SEN Teaching Assistant") {
			t.Errorf("%q finds %v, and not the teaching assistant", words, found)
		}
		if slices.Contains(found, "SENDCo") {
			t.Errorf("%q finds the coordinator's post, which is no support work: %v", words, found)
		}
	}
	if found := b.finds("SEN"); len(found) < 3 {
		t.Errorf("SEN finds %v, want all that speak of special educational needs", found)
	}
}

// TestHLTAFindsHLTAs: whoever types HLTA finds posts for higher level teaching
// assistants that call themselves nothing else.
func TestHLTAFindsHLTAs(t *testing.T) {
	b := newBench(t)
	b.advertise(schoolAdverts())
	for _, words := range []string{"HLTA", "hlta", "higher level teaching assistant", "higher-level teaching assistants"} {
		if found := b.finds(words); !slices.Equal(found, []string{"Higher Level Teaching Assistant"}) {
			t.Errorf("%q finds %v", words, found)
		}
	}
	if a := b.get("/?role=hlta"); !slices.Equal(a.titles(), []string{"Higher Level Teaching Assistant"}) {
		t.Errorf("the role finds %v", a.titles())
	}
}

// TestBodyIsSearched: what stands in an advert's text alone is found, by its letters,
// by its words, and as the need of its pupils.
func TestBodyIsSearched(t *testing.T) {
	b := newBench(t)
	b.advertise(schoolAdverts())
	for _, words := range []string{"SEMH", "semh", "social emotional and mental health", `"nurture room"`} {
		if found := b.finds(words); !slices.Contains(found, "Teaching Assistant") {
			t.Errorf("%q finds %v, and not the post that speaks of it in its text", words, found)
		}
	}
	if a := b.get("/?need=semh"); !slices.Contains(a.titles(), "Teaching Assistant") {
		t.Errorf("the need finds %v", a.titles())
	}
}

// TestSearchAndAlertAgree: what a search finds is what its alert tells, synonyms and
// every filter included; an alert for less or for other things cannot be set by
// mistake.
func TestSearchAndAlertAgree(t *testing.T) {
	b := newBench(t)
	b.advertise(append(schoolAdverts(), adverts()...))
	for _, search := range []string{
		"q=sen+ta", "q=SEND+TA", "q=hlta", "q=classroom+assistant", "q=semh", "q=teching+asistant", "q=-autism", "q=%22special+school%22",
		"setting=special-school", "setting=special-school&q=sen+ta", "need=semh&support=one-to-one", "role=ta", "refuse=agency&q=assistant",
		"near=Reading&within=5", "near=Reading&within=60&phase=primary", "min_actual=17000", "stated_pay=1", "contract=permanent&pattern=full-time", "paid_by=school",
	} {
		t.Run(search, func(t *testing.T) {
			found := b.found(search)
			// The alert is set from the search page, as people do.
			req, err := ParseRequest(b.get("/?" + search).is(http.StatusOK).carried())
			if err != nil {
				t.Fatal(err)
			}
			var told []string
			percolator := matcher.NewPercolator(b.matcher)
			if err := percolator.Put(&sendwatch.Subscription{ID: "s", Person: "p", Criteria: req.Criteria, State: sendwatch.Active}); err != nil {
				t.Fatal(err)
			}
			for i := range 10 {
				v, err := b.store.Vacancy(t.Context(), "v"+number(float64(i+1)))
				if err != nil {
					t.Fatal(err)
				}
				if len(percolator.Percolate(v)) > 0 {
					told = append(told, v.ID)
				}
			}
			slices.Sort(told)
			if !slices.Equal(found, told) {
				t.Errorf("the search finds %v, its alert tells %v", found, told)
			}
			if len(found) == 0 {
				t.Error("nothing is found: the test tests nothing")
			}
		})
	}
}

// finds is the titles that words find, whatever they are corrected to.
func (b *bench) finds(words string) []string {
	b.t.Helper()
	found := b.get("/?" + url.Values{"q": {words}}.Encode()).is(http.StatusOK).titles()
	slices.Sort(found)
	return found
}

// found are the vacancies that a search finds, through the API.
func (b *bench) found(search string) []string {
	b.t.Helper()
	var a Answer
	decode(b.t, b.get(pathAPI+"?"+strings.TrimPrefix(search, "?")+"&per_page=100").is(http.StatusOK), "application/json", &a)
	found := ids(a.Hits)
	slices.Sort(found)
	return found
}
