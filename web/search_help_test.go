package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestAlertInOneStep holds that any search can be watched from its own page, also one
// that finds nothing.
func TestAlertInOneStep(t *testing.T) {
	for name, query := range map[string]string{"with results": "q=autsim&near=Leeds&within=20", "without": "q=autism&near=Penzance&within=5"} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.advertise(adverts())
			a := b.get("/?"+query).is(http.StatusOK).says("Email me posts like these", "You will hear of: “autism”")
			form := url.Values{"email": {somebody}, "consent": {"yes"}, "frequency": {a.selected("frequency")}}
			a.doc.Find("form[action='/alerts/new'] input[type=hidden]").Each(func(_ int, s *selection) { form.Add(s.AttrOr("name", ""), s.AttrOr("value", "")) })
			b.post("/alerts/new", form).is(http.StatusOK).says("Check your email")
			sub := b.subscriptions(b.confirmations()[0].Person)[0]
			if sub.Criteria.Words != "autism" || sub.Criteria.Near == "" || sub.Frequency != "daily" {
				t.Errorf("watched is %+v, %s", sub.Criteria, sub.Frequency)
			}
		})
	}
}

// TestUnknownIsLabelled holds that an order says where those begin that do not state
// what it goes by.
func TestUnknownIsLabelled(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	for sort, want := range map[string]string{"pay": hazel, "actual": client, "closing": client} {
		a := b.get("/?sort=" + sort).is(http.StatusOK)
		divider := a.doc.Find(".divider")
		if divider.Length() != 1 {
			t.Fatalf("%s: %d dividers, want 1", sort, divider.Length())
		}
		if got := strings.TrimSpace(divider.Next().Find("h3").Text()); got != want {
			t.Errorf("%s: below the divider stands %q, want %q", sort, got, want)
		}
	}
	if n := b.get("/?sort=newest").doc.Find(".divider").Length(); n != 0 {
		t.Errorf("newest has %d dividers", n)
	}
}

// TestFromSearchToPost holds that a post knows how far it is from the place that was
// searched, and the way back.
func TestFromSearchToPost(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	to := b.get("/?q=teaching&near=Reading&within=20").is(http.StatusOK).link(larch)
	a := b.get(to).is(http.StatusOK).says("miles away from Reading, in a straight line")
	if got := b.get(a.link("Back to the search")).is(http.StatusOK).value("near"); got != "Reading" {
		t.Errorf("the way back looks near %q", got)
	}
	b.get("/vacancies/v1?near=Nowherton&min_actual=x").is(http.StatusOK).saysNot("Distance", "Back to the search")
	b.get("/vacancies/v1").is(http.StatusOK).saysNot("Distance", "Back to the search")
}

func TestOtherMethods(t *testing.T) {
	b := newBench(t)
	for _, target := range []string{"/", "/sources", "/candidate", "/about"} {
		a := b.post(target, nil).is(http.StatusMethodNotAllowed).says("That cannot be done here", "Search the posts")
		if a.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s allows %q", target, a.Header().Get("Allow"))
		}
	}
	b.post("/nowhere", nil).is(http.StatusNotFound)
}

// TestSearchErrorsLeadToFields holds that a summary of errors leads to what it is
// about.
func TestSearchErrorsLeadToFields(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	for query, field := range map[string]string{
		"near=Nowherton": "near", "min_hourly=much": "min_hourly", "hours_max=many": "hours_max", "role=astronaut": "search", "sort=distance": "near",
	} {
		a := b.get("/?" + query).is(http.StatusBadRequest).says("There is a problem")
		if a.doc.Find(`[role=alert] a[href="#`+field+`"]`).Length() != 1 {
			t.Errorf("%s: the summary does not lead to %s", query, field)
		}
	}
}

func TestFiguresBesideTheHeadline(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	a := b.get("/vacancies/v1").is(http.StatusOK)
	rows := map[string]bool{}
	a.doc.Find(".figures th").Each(func(_ int, s *selection) { rows[s.Text()] = true })
	if rows["As advertised"] || !rows["An hour"] || rows["Actually paid a year"] {
		t.Errorf("beside what leads stand %v", rows)
	}
	for headline, want := range map[string][2]string{
		"£12.85 an hour (as stated)":         {"£12.85", "an hour (as stated)"},
		"from £95 a day (as stated)":         {"from £95", "a day (as stated)"},
		"£1 to £2 a year, actually paid":     {"£1 to £2", "a year, actually paid"},
		"Pay not stated":                     {"Pay not stated", ""},
		"Advertised at £23,500 a year; not…": {"Advertised at £23,500 a year; not…", ""},
	} {
		if lead, rest := amount(headline); lead != want[0] || rest != want[1] {
			t.Errorf("%q parts into %q and %q", headline, lead, rest)
		}
	}
}
