package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

func TestManage(t *testing.T) {
	b := newBench(t)
	sub := b.person(somebody, true)
	page := path(b.links.Manage(sub.Person))
	now := func() sendwatch.Subscription { return b.subscriptions(sub.Person)[0] }
	press := func(do, says string, pairs ...string) {
		t.Helper()
		form := url.Values{"do": {do}, "subscription": {sub.ID}}
		for i := 0; i < len(pairs); i += 2 {
			form.Add(pairs[i], pairs[i+1])
		}
		to := b.post(page, form).is(http.StatusSeeOther).Header().Get("Location")
		b.get(to).is(http.StatusOK).says(says)
	}

	a := b.get(page).is(http.StatusOK).says("Your alerts", "“autism”", "Running.", "Stop all emails", "Erase everything").saysNot(somebody)
	if got := a.selected("frequency"); got != "daily" {
		t.Errorf("how often is %q", got)
	}
	b.get(a.link("See what it finds now")).is(http.StatusOK)
	if got := now(); got.State != sendwatch.Active {
		t.Errorf("to look made it %s", got.State)
	}

	press("often", "How often you hear is changed.", "frequency", "weekly")
	if got := now().Frequency; got != sendwatch.Weekly {
		t.Errorf("how often is %s", got)
	}
	press("pause", "Your alert waits")
	if got := now().State; got != sendwatch.Paused {
		t.Errorf("paused, it is %s", got)
	}
	press("resume", "Your alert runs again.")
	if got := now().State; got != sendwatch.Active {
		t.Errorf("resumed, it is %s", got)
	}
	edit := a.link("Change what it looks for")
	save := func(pairs ...string) answer {
		t.Helper()
		form := url.Values{"do": {"search"}}
		for i := 0; i < len(pairs); i += 2 {
			form.Add(pairs[i], pairs[i+1])
		}
		return b.post(edit, form)
	}
	b.get(save("q", "dyslexia", "near", "RG41", "within", "5", "min_hourly", "12.85", "need", "asd", "strong_only", "1").is(http.StatusSeeOther).Header().Get("Location")).is(http.StatusOK).says("What the alert looks for is changed.")
	want := sendwatch.Criteria{Words: "dyslexia", Needs: []string{"asd"}, Near: "RG41", WithinMiles: 5, MinHourly: 12.85, StrongOnly: true}
	if d := cmp.Diff(want, now().Criteria); d != "" {
		t.Errorf("the search: -want +got\n%s", d)
	}
	if b.woken != 4 {
		t.Errorf("others were woken %d times, want 4", b.woken)
	}

	mistakes := []struct {
		form url.Values
		says string
	}{
		{url.Values{"do": {"often"}, "frequency": {"hourly"}}, "Please choose how often"},
		{url.Values{"do": {"dance"}}, "does not know that button"},
		{url.Values{"do": {"erase"}}, "Please tick the box"},
	}
	for _, m := range mistakes {
		m.form.Set("subscription", sub.ID)
		b.post(page, m.form).is(http.StatusUnprocessableEntity).says(m.says, "Your alerts", "“dyslexia”")
	}
	if d := cmp.Diff(want, now().Criteria); d != "" {
		t.Errorf("mistakes changed the search: -want +got\n%s", d)
	}

	for field, typed := range map[string]string{"near": "Nowherton", "min_actual": "much"} {
		a := save(field, typed, "q", "kept").is(http.StatusUnprocessableEntity).says("There is a problem")
		if a.value(field) != typed || a.value("q") != "kept" || a.doc.Find(`[role=alert] a[href="#`+field+`"]`).Length() != 1 {
			t.Errorf("%s: what was typed is lost, or the summary does not lead to it: %q %q", field, a.value(field), a.value("q"))
		}
	}
	if d := cmp.Diff(want, now().Criteria); d != "" {
		t.Errorf("mistakes changed the search: -want +got\n%s", d)
	}

	press("end", "The alert has ended.")
	b.get(edit).is(http.StatusNotFound).says("This link has ended")
	b.get(page).is(http.StatusOK).says("You have no alerts.")
	b.post(page, url.Values{"do": {"resume"}, "subscription": {sub.ID}}).is(http.StatusNotFound)

	b.post(page, url.Values{"do": {"erase"}, "sure": {"yes"}}).is(http.StatusOK).says("are erased")
	if _, err := b.store.Subscriber(t.Context(), sub.Person); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the person is still known: %v", err)
	}
	b.get(page).is(http.StatusNotFound).says("This link has ended")
	b.post(page, url.Values{"do": {"erase"}, "sure": {"yes"}}).is(http.StatusNotFound)
}

// TestManageKeepsWhatTheFormHides: homes and the candidate stand in no form.
func TestManageKeepsWhatTheFormHides(t *testing.T) {
	b := newBench(t)
	in := store.Signup{
		Email: somebody, Frequency: sendwatch.Daily, Confirmed: true,
		Criteria:  sendwatch.Criteria{Homes: []sendwatch.Home{{Near: "RG41", WithinMiles: 5}, {Near: "Leeds", WithinMiles: 9}}, Settings: []string{"ap-pru"}},
		Candidate: &sendwatch.Candidate{Holds: []string{"degree"}},
		Consent:   store.Consent{Wording: "yes", At: b.now},
	}
	sub, err := b.store.Subscribe(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	page := path(b.links.Manage(sub.Person))
	a := b.get(page).is(http.StatusOK)
	if got := a.link("See what it finds now"); got != "" {
		t.Errorf("an address cannot say this search, and there is %q", got)
	}
	edit := a.link("Change it or your profile")
	form := url.Values{"do": {"search"}, "q": {"nurture"}, "near": {""}, "within": {"15"}}
	b.get(edit).is(http.StatusOK).doc.Find("#search-form input[type=hidden]").Each(func(_ int, in *selection) {
		form.Set(in.AttrOr("name", ""), in.AttrOr("value", ""))
	})
	b.post(edit, form).is(http.StatusSeeOther)
	got := b.subscriptions(sub.Person)[0]
	want := in.Criteria
	want.Words = "nurture"
	if d := cmp.Diff(want, got.Criteria); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if d := cmp.Diff(in.Candidate, got.Candidate); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

func TestManageUnconfirmed(t *testing.T) {
	b := newBench(t)
	sub := b.person(somebody, false)
	a := b.get(path(b.links.Manage(sub.Person))).is(http.StatusOK).says("Not confirmed yet")
	if n := a.doc.Find("button[value=pause], button[value=resume]").Length(); n != 0 {
		t.Error("an alert that has not begun can be paused")
	}
}

// TestManageSomebodyElses: a page changes the alerts of its own person only.
func TestManageSomebodyElses(t *testing.T) {
	b := newBench(t)
	mine, theirs := b.person(somebody, true), b.person("other@person.example", true)
	page := path(b.links.Manage(mine.Person))
	b.get(page + "/edit/" + theirs.ID).is(http.StatusNotFound)
	b.post(page+"/edit/"+theirs.ID, url.Values{"do": {"search"}, "q": {"x"}}).is(http.StatusNotFound)
	b.get(page + "/edit/nobody").is(http.StatusNotFound)
	for _, do := range []string{"pause", "end", "often", "resume"} {
		b.post(page, url.Values{"do": {do}, "subscription": {theirs.ID}, "frequency": {"weekly"}}).is(http.StatusNotFound)
		b.post(page, url.Values{"do": {do}, "subscription": {"nobody's"}, "frequency": {"weekly"}}).is(http.StatusNotFound)
	}
	if d := cmp.Diff(theirs, b.subscriptions(theirs.Person)[0]); d != "" {
		t.Errorf("their alert changed: -want +got\n%s", d)
	}
}

// TestEditProfile holds that a kept profile is changed by its form, and that what no
// form asks stays.
func TestEditProfile(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	sub, err := b.store.Subscribe(t.Context(), store.Signup{
		Email: somebody, Frequency: sendwatch.Daily, Confirmed: true, Consent: store.Consent{Wording: "yes", At: b.now},
		Candidate: &sendwatch.Candidate{ID: "x", Holds: []string{"degree", "know-send"}, NotSaid: []string{"elsa"}, DegreeSubjects: []string{"music"},
			Refuses: []string{"further-qualifications"}, HomePostcode: "RG41", RadiusMiles: ptr(12.0), Experience: []sendwatch.Experience{{ID: "exp-send", Years: 2}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	edit := b.get(path(b.links.Manage(sub.Person))).is(http.StatusOK).says("Within 12 miles of RG41").link("Change it or your profile")
	a := b.get(edit).is(http.StatusOK)
	form := url.Values{"do": {"profile"}}
	a.doc.Find("#profile input, #profile select").Each(func(_ int, in *selection) {
		name, kind := in.AttrOr("name", ""), in.AttrOr("type", "text")
		_, ticked := in.Attr("checked")
		switch {
		case in.Is("select"):
			form.Set(name, in.Find("option[selected]").AttrOr("value", ""))
		case kind != "checkbox" || ticked:
			form.Add(name, in.AttrOr("value", ""))
		}
	})
	b.post(edit, form).is(http.StatusSeeOther)
	if d := cmp.Diff(sub.Candidate, b.subscriptions(sub.Person)[0].Candidate); d != "" {
		t.Errorf("saved as it was: -want +got\n%s", d)
	}
	form.Add("holds", "elsa")
	form.Set("home", "Leeds")
	b.get(b.post(edit, form).is(http.StatusSeeOther).Header().Get("Location")).says("Your profile is changed.", "Within 12 miles of Leeds", "ELSA")
	got := b.subscriptions(sub.Person)[0].Candidate
	if len(got.NotSaid) != 0 || got.DegreeSubjects[0] != "music" || b.woken != 2 {
		t.Errorf("changed, the profile is %+v; others were woken %d times", got, b.woken)
	}
	form.Set("home", "Nowherton")
	bad := b.post(edit, form).is(http.StatusUnprocessableEntity).says("Unknown place")
	if bad.value("home") != "Nowherton" {
		t.Errorf("the field holds %q", bad.value("home"))
	}
}

// TestSentAndExport: a person sees what they were told of and why, and takes all of
// it away; a post that was asked away since is not named.
func TestSentAndExport(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	sub := b.person(somebody, true)
	page := path(b.links.Manage(sub.Person))
	b.get(page).is(http.StatusOK).says("Nothing yet.")
	ctx := t.Context()
	var alerts []sendwatch.Alert
	for _, id := range []string{"v1", "v2"} {
		alerts = append(alerts, sendwatch.Alert{Person: sub.Person, Vacancy: id, Event: sendwatch.EventNew, Fit: sendwatch.FitStrong, Why: "It is about autism.", Subscriptions: []string{sub.ID}, DueAt: b.now})
	}
	if err := b.store.Owe(ctx, store.Owed{Reader: "match", From: 0, To: 1, Alerts: alerts}); err != nil {
		t.Fatal(err)
	}
	b.get(page).is(http.StatusOK).says("Nothing yet.") // owed is not told
	d, err := b.store.ClaimDigest(ctx, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.store.DigestSent(ctx, d.ID, d.Token); err != nil {
		t.Fatal(err)
	}
	if err := b.store.Write(ctx, func(tx *store.Tx) error {
		v, err := tx.Vacancy(ctx, "v2")
		if err != nil {
			return err
		}
		v.State = sendwatch.VacancyRemoved
		return tx.PutVacancy(ctx, v)
	}); err != nil {
		t.Fatal(err)
	}
	a := b.get(page).is(http.StatusOK).says("20 November 2026: SEMH Teaching Assistant, Larch Bank School", "It is about autism.", "a post that is no longer shown").saysNot("Autism Support Assistant")
	file := b.get(a.link("Download everything")).is(http.StatusOK)
	if !strings.Contains(file.Header().Get("Content-Disposition"), "attachment") || !strings.Contains(file.Body.String(), somebody) || !strings.Contains(file.Body.String(), "It is about autism.") {
		t.Errorf("the file is %v\n%s", file.Header(), file.Body.String())
	}
	b.get(path(b.links.Confirm(sub.Person))[:len(path(b.links.Confirm(sub.Person)))-len("/confirm")] + "/export").is(http.StatusNotFound)
}
