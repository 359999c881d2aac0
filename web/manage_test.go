package web

import (
	"errors"
	"net/http"
	"net/url"
	"testing"

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
	press("search", "What the alert looks for is changed.", "q", "dyslexia", "near", "RG41", "within", "5", "min_hourly", "12.85", "need", "asd", "strong_only", "1")
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
		{url.Values{"do": {"search"}, "near": {"Nowherton"}}, "Unknown place"},
		{url.Values{"do": {"search"}, "min_actual": {"much"}}, "should be a number"},
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

	press("end", "The alert has ended.")
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
	form := url.Values{"do": {"search"}, "subscription": {sub.ID}, "q": {"nurture"}, "near": {""}, "within": {"15"}}
	a.doc.Find("details input[type=hidden]").Each(func(i int, _ *selection) {
		in := a.doc.Find("details input[type=hidden]").Eq(i)
		form.Set(in.AttrOr("name", ""), in.AttrOr("value", ""))
	})
	b.post(page, form).is(http.StatusSeeOther)
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
	for _, do := range []string{"pause", "end", "often", "search", "resume"} {
		b.post(page, url.Values{"do": {do}, "subscription": {theirs.ID}, "frequency": {"weekly"}}).is(http.StatusNotFound)
		b.post(page, url.Values{"do": {do}, "subscription": {"nobody's"}, "frequency": {"weekly"}}).is(http.StatusNotFound)
	}
	if d := cmp.Diff(theirs, b.subscriptions(theirs.Person)[0]); d != "" {
		t.Errorf("their alert changed: -want +got\n%s", d)
	}
}
