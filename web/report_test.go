package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

func TestReport(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	form, _, _ := strings.Cut(b.get("/vacancies/v1").is(http.StatusOK).link("Ask for this advert to be removed"), "?")
	if got := b.get(form + "?about=remove").is(http.StatusOK).says("SEMH Teaching Assistant, Larch Bank School").checked("about"); len(got) != 1 || got[0] != "remove" {
		t.Errorf("chosen already: %v", got)
	}
	for name, c := range map[string]struct {
		sent   url.Values
		wanted []string
	}{
		"nothing":   {url.Values{}, []string{"Please choose what this is about."}},
		"no choice": {url.Values{"about": {"praise"}, "text": {"Well done"}}, []string{"Please choose what this is about."}},
		"no text":   {url.Values{"about": {"mistake"}, "text": {"  "}}, []string{"Please say what is wrong"}},
		"too much":  {url.Values{"about": {"mistake"}, "text": {strings.Repeat("ü", maxReport+1)}}, []string{"2,000 characters at most"}},
	} {
		a := b.post(form, c.sent).is(http.StatusUnprocessableEntity).says(c.wanted...)
		if !strings.HasPrefix(a.doc.Find("title").Text(), "Error: ") || a.doc.Find(`[role=alert] a[href^="#"]`).Length() == 0 {
			t.Errorf("%s: no summary of errors that leads to the fields", name)
		}
	}
	answer := b.post(form, url.Values{"about": {"remove"}, "text": {"It names <my> child."}}).is(http.StatusSeeOther).Header().Get("Location")
	b.get(answer).is(http.StatusOK).says("Thank you", "It names <my> child.", "Keep the address of this page").saysNot("Answered")
	id := strings.TrimPrefix(answer, "/reports/")
	if err := b.store.DecideReport(t.Context(), id, store.ReportApproved, "It is gone."); err != nil {
		t.Fatal(err)
	}
	b.get(answer).is(http.StatusOK).says("It is gone.", "Answered on 20 November 2026")
	b.get("/reports/none").is(http.StatusNotFound)
	b.get("/vacancies/none/report").is(http.StatusNotFound)
	b.from(form, "about=remove&text=x", map[string]string{"Sec-Fetch-Site": "cross-site"}).is(http.StatusForbidden)
}

// TestReportsAreBounded holds that strangers cannot fill the queue by one vacancy.
func TestReportsAreBounded(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	sent := url.Values{"about": {"mistake"}, "text": {"Wrong."}}
	status := 0
	for n := 0; n < 100 && status != http.StatusServiceUnavailable; n++ {
		status = b.post("/vacancies/v1/report", sent).Code
	}
	b.post("/vacancies/v1/report", sent).is(http.StatusServiceUnavailable).says("More reports wait")
	b.post("/vacancies/v2/report", sent).is(http.StatusSeeOther)
}

// TestRemoved holds that a vacancy that was asked away is on no page and in no
// answer of the API, and that the page says so plainly.
func TestRemoved(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts(), func(v *sendwatch.Vacancy) {
		if v.ID == "v3" {
			v.PossiblySame = []string{"v1"}
		}
	})
	ctx := t.Context()
	if err := b.store.Write(ctx, func(tx *store.Tx) error {
		v, err := tx.Vacancy(ctx, "v1")
		if err != nil {
			return err
		}
		v.State = sendwatch.VacancyRemoved
		return tx.PutVacancy(ctx, v)
	}); err != nil {
		t.Fatal(err)
	}
	// The index has not heard of it yet.
	b.get("/").is(http.StatusOK).saysNot("SEMH Teaching Assistant")
	if got := b.get("/api/v1/vacancies").is(http.StatusOK).Body.String(); strings.Contains(got, "SEMH Teaching Assistant") {
		t.Error("the API lists it")
	}
	b.get("/vacancies/v1").is(http.StatusGone).says("No longer shown", "asked to take it away").saysNot("Larch Bank")
	b.get("/vacancies/v1/report").is(http.StatusGone)
	if got := b.get("/api/v1/vacancies/v1").is(http.StatusGone).Body.String(); strings.Contains(got, "Larch Bank") {
		t.Errorf("the API says %s", got)
	}
	b.get("/vacancies/v3").is(http.StatusOK).saysNot("Possibly the same", "SEMH Teaching Assistant")
}
