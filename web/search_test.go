package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch"
)

const (
	larch  = "SEMH Teaching Assistant"
	client = "Autism Support Assistant"
	oxbow  = "SEN Teaching Assistant"
	hazel  = "Behaviour Support Assistant (SEMH)"
)

func TestSearchFinds(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	tests := []struct {
		name, query string
		want        []string
	}{
		{"everything in scope, newest first", "", []string{larch, client, oxbow, hazel}},
		{"words", "q=Pennine", []string{client}},
		{"an exact phrase", "q=%22one+to+one%22", []string{hazel}},
		{"a role", "role=behaviour-support", []string{hazel}},
		{"either of two roles", "role=behaviour-support&role=semh-ta", []string{larch, hazel}},
		{"a need and a setting", "need=asd&setting=mainstream", []string{client, oxbow}},
		{"a contract", "contract=permanent", []string{larch, hazel}},
		{"near", "near=RG41&within=5", []string{larch}},
		{"farther", "near=RG41&within=10", []string{larch, oxbow}},
		{"pay unknown stays in", "min_actual=18000&refuse=agency", []string{larch, oxbow, hazel}},
		{"pay stated only", "min_actual=18000&stated_pay=1&refuse=agency", []string{larch, oxbow}},
		{"hours", "hours_min=30", []string{larch, client, hazel}},
		{"without agencies", "refuse=agency", []string{larch, oxbow, hazel}},
		{"closing soonest", "sort=closing", []string{oxbow, larch, client, hazel}},
		{"nearest", "sort=distance&near=Slough&within=50", []string{hazel, larch, oxbow}},
		{"best paid", "sort=pay", []string{client, oxbow, larch, hazel}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := b.get("/?" + tt.query).is(http.StatusOK).titles()
			want := slices.Clone(tt.want)
			if !strings.Contains(tt.query, "sort") && tt.query != "" {
				slices.Sort(got)
				slices.Sort(want)
			}
			if !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// TestFactFilters asks for what adverts tell beside role and needs, with the
// boxes that the page offers.
func TestFactFilters(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts(), func(v *sendwatch.Vacancy) {
		switch v.ID {
		case "v1":
			v.Support, v.Entry = []sendwatch.Support{sendwatch.SupportOneToOne, sendwatch.SupportClass}, sendwatch.EntryOpen
		case "v2":
			v.Driver, v.Client, v.Kind = sendwatch.DriverNeeded, "Alder Grove School", sendwatch.KindPool
			v.Terms = append(v.Terms, b.terms.Document(v.Client)...)
			slices.Sort(v.Terms)
			v.Terms = slices.Compact(v.Terms)
		}
	})
	for _, tt := range []struct {
		query string
		want  []string
		chip  string
	}{
		{"entry=open", []string{larch}, "No experience needed"},
		{"support=class", []string{larch}, "Whole class"},
		{"support=one-to-one", []string{larch, hazel}, "One to one"},
		{"driver=needed", []string{client}, "Driver needed"},
		{"paid_by=trust&paid_by=council", []string{oxbow, hazel}, "Paid by the trust"},
		{"paid_by=agency", []string{client}, "Paid by an agency"},
		{"kind=pool", []string{client}, "A register to join"},
		{"refuse=driving", []string{larch, oxbow, hazel}, "Not: Driving, or a driver is needed"},
		{"q=Alder+Grove", []string{client}, ""},
	} {
		a := b.get("/?" + tt.query).is(http.StatusOK)
		if got := a.titles(); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.query, got, tt.want)
		}
		if !strings.Contains(a.text(".chips"), tt.chip) {
			t.Errorf("%s: the filters in use are %q, want %q", tt.query, a.text(".chips"), tt.chip)
		}
	}
	a := b.get("/").is(http.StatusOK).says("Pennine People agency for Alder Grove School", "No experience needed 1", "One to one 2", "Paid by an agency 1", "A register to join 1")
	for name, want := range map[string][]string{
		"entry": {"open"}, "support": {"one-to-one", "class"}, "driver": {"needed"}, "kind": {"vacancy", "pool"},
		"refuse": {"agency", "one-to-one", "driving"},
	} {
		if got := a.values(name); !slices.Equal(got, want) {
			t.Errorf("%s offers %q, want %q", name, got, want)
		}
	}
	a = b.get("/?paid_by=council").is(http.StatusOK)
	for name, want := range map[string][]string{"entry": nil, "support": nil, "driver": nil, "kind": nil, "refuse": nil, "paid_by": {"agency", "council", "school", "trust"}} {
		if got := a.values(name); !slices.Equal(got, want) {
			t.Errorf("where the posts found say nothing of it, %s offers %q, want %q", name, got, want)
		}
	}
	b.get("/?entry=easy").is(http.StatusBadRequest).says("easy")
}

func TestSearchCards(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	a := b.get("/?near=RG41&within=10&sort=distance").is(http.StatusOK)
	a.says("2 posts", "Larch Bank School", "under a mile away", "£18,450 a year, actually paid (as stated)", "32.5 hours a week, 39 weeks a year, full time, permanent",
		"Social, emotional and mental health", "Closes 4 December 2026 · found 1 hour ago", "5 miles away")
	b.get("/?q=Pennine").is(http.StatusOK).says("Pennine People agency · Leeds, LS6 1AA", "£95 to £105 a day", "Found 2 hours ago")
}

func TestSearchSaysWhenAnotherIndexAnswers(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	const says = "from this site's own index"
	if body := b.get("/").is(http.StatusOK).Body.String(); strings.Contains(body, says) {
		t.Error("the page speaks of a fallback without one")
	}
	b.fallback = true
	b.get("/").is(http.StatusOK).says(says)
	if body := b.get("/api/v1/vacancies").is(http.StatusOK).Body.String(); !strings.Contains(body, `"fallback":true`) {
		t.Errorf("the API does not say so: %s", body)
	}
}

func TestSearchCorrects(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	a := b.get("/?q=autsim&sort=newest").is(http.StatusOK).says("Showing posts for autism. Search for “autsim” instead")
	if got := a.titles(); len(got) != 2 {
		t.Errorf("corrected words find %q", got)
	}
	if got := a.value("q"); got != "autism" {
		t.Errorf("the field holds %q, want what was searched", got)
	}
	if got := a.link("More choices"); got != "/alerts/new?q=autism" {
		t.Errorf("the alert keeps %q, want the corrected words", got)
	}
	a = b.get(a.link("instead")).is(http.StatusOK).says("No posts found").saysNot("Showing posts for")
	if got := a.selected("sort"); got != "newest" {
		t.Errorf("as typed, the order is %q", got)
	}
	if got := a.link("Leave out the words"); got != "/?sort=newest" {
		t.Errorf("to ask for less leads to %q", got)
	}
}

// TestFilterCounts: a value's count is what choosing it finds, also beside a
// sibling that is chosen already.
func TestFilterCounts(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	for _, query := range []string{"", "q=semh", "need=asd", "setting=mainstream", "need=semh&contract=permanent"} {
		a := b.get("/?" + query).is(http.StatusOK)
		q, _ := url.ParseQuery(query)
		boxes := a.doc.Find(`.groups input[type=checkbox]`)
		counted := 0
		for i := range boxes.Length() {
			box := boxes.Eq(i)
			count := box.Parent().Find(".count").Text()
			if count == "" {
				continue
			}
			counted++
			chosen := url.Values{}
			for k, v := range q {
				chosen[k] = v
			}
			name := box.AttrOr("name", "")
			chosen[name] = []string{box.AttrOr("value", "")}
			if got := len(b.get("/?" + chosen.Encode()).titles()); fmt.Sprint(got) != count {
				t.Errorf("%q: %s says %s, and finds %d", query, chosen.Encode(), count, got)
			}
		}
		if counted < 5 {
			t.Errorf("%q: only %d values are counted", query, counted)
		}
	}
	offered := func(query string) []string { return b.get("/?" + query).values("need") }
	if got, want := offered("need=semh"), offered(""); !slices.Equal(got, want) {
		t.Errorf("beside a chosen need stand %q, want its siblings too: %q", got, want)
	}
}

func TestFormKeepsWhatIsAsked(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	a := b.get("/?q=teaching&near=rg41&within=25&sort=pay&role=ta&role=semh-ta&need=semh&refuse=agency&refuse=driving&min_actual=%C2%A318,000&hours_max=33&stated_pay=1").is(http.StatusOK)
	for name, want := range map[string]string{"q": "teaching", "near": "rg41", "min_actual": "£18,000", "hours_max": "33"} {
		if got := a.value(name); got != want {
			t.Errorf("%s holds %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]string{"within": "25", "sort": "pay"} {
		if got := a.selected(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string][]string{"role": {"ta", "semh-ta"}, "need": {"semh"}, "refuse": {"agency", "driving"}, "stated_pay": {"1"}} {
		got := a.checked(name)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s has %q ticked, want %q", name, got, want)
		}
	}
	a.says("Filters (8 in use)", "£18,000 a year or more", "Up to 33 hours a week", "Not: Agency adverts", "Pay stated")
	without := a.link("£18,000 a year or more")
	if u, err := url.Parse(without); err != nil || u.Query().Has("min_actual") || u.Query().Get("sort") != "pay" || len(u.Query()["role"]) != 2 {
		t.Errorf("without the pay leads to %q", without)
	}
	if got := b.get("/").selected("sort"); got != "relevance" {
		t.Errorf("a new search is ordered by %q: words typed next would not be ranked", got)
	}
}

func many(n int) []sendwatch.Posting {
	out := make([]sendwatch.Posting, n)
	for i := range out {
		out[i] = adverts()[i%4]
		out[i].Title += fmt.Sprintf(" %02d", i)
	}
	return out
}

func TestPages(t *testing.T) {
	b := newBench(t)
	b.advertise(many(45))
	seen := map[string]bool{}
	at, pages := "/?q=pupils&need=semh&need=asd&refuse=driving&sort=newest&as_typed=1&per_page=10", 0
	for ; at != ""; pages++ {
		if pages > 5 {
			t.Fatal("pages without end")
		}
		a := b.get(at).is(http.StatusOK).says("45 posts, showing " + fmt.Sprint(pages*10+1) + " to ")
		for _, title := range a.titles() {
			if seen[title] {
				t.Errorf("%q stands on two pages", title)
			}
			seen[title] = true
		}
		if (a.link("Previous page") == "") != (pages == 0) {
			t.Errorf("page %d: the way back is %q", pages+1, a.link("Previous page"))
		}
		at = a.link("Next page")
		if u, _ := url.Parse(at); at != "" && (u.Query().Get("sort") != "newest" || len(u.Query()["need"]) != 2 || u.Query().Get("refuse") == "" || u.Query().Get("as_typed") != "1" || u.Query().Get("per_page") != "10") {
			t.Errorf("the next page forgets: %s", at)
		}
	}
	if len(seen) != 45 || pages != 5 {
		t.Errorf("%d posts on %d pages, want 45 on 5", len(seen), pages)
	}
	a := b.get("/?page=99").is(http.StatusOK).says("45 posts, but no page 99", "There are fewer pages than that.")
	if got := a.link("Last page"); got != "/?page=3" {
		t.Errorf("from beyond the end the way back is %q", got)
	}
	if size := b.get("/").Body.Len(); size > 50_000 {
		t.Errorf("a page of results has %d bytes, want at most 50,000", size)
	}
}

func TestSearchFindsNothing(t *testing.T) {
	b := newBench(t)
	b.get("/").is(http.StatusOK).says("No posts found", "No posts have been read yet.")
	b.get("/?q=autism").is(http.StatusOK).says("Nothing matches all of that at the moment.", "See every post")

	b.advertise(adverts())
	a := b.get("/?q=autism&near=Slough&within=10&contract=permanent").is(http.StatusOK).says("No posts found", "or ask for less:")
	found := 0
	a.doc.Find(".relax a").Each(func(i int, _ *selection) {
		link := a.doc.Find(".relax a").Eq(i)
		count := strings.Fields(a.doc.Find(".relax .count").Eq(i).Text())[0]
		if got := len(b.get(link.AttrOr("href", "")).titles()); fmt.Sprint(got) != count || got == 0 {
			t.Errorf("%q says %s and finds %d", link.Text(), count, got)
		}
		found++
	})
	if found == 0 {
		t.Error("there is no way to ask for less")
	}
	if got := b.get("/?q=zzzz&near=Reading&within=60").selected("within"); got != "60" {
		t.Errorf("a distance that is not commonly offered shows as %q", got)
	}
}

func TestSearchMistakes(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	tests := []struct{ query, says, field, kept string }{
		{"near=Nowherton", "Unknown place \"Nowherton\": try a postcode", "near", "Nowherton"},
		{"near=London&q=autism&min_actual=plenty", "“£ a year” (min_actual) should be a number such as 20, not “plenty”.", "min_actual", "plenty"},
		{"q=teaching&role=astronaut", "Unknown role \"astronaut\".", "q", "teaching"},
		{"q=teaching&sort=distance", "To put the nearest first, say where from", "q", "teaching"},
		{"q=teaching&sort=luck", "No sort is called \"luck\".", "q", "teaching"},
		{"q=" + strings.Repeat("x", 301), "longer than 300 characters", "q", strings.Repeat("x", 301)},
	}
	for _, tt := range tests {
		t.Run(tt.query[:min(len(tt.query), 30)], func(t *testing.T) {
			a := b.get("/?" + tt.query).is(http.StatusBadRequest).says(tt.says).saysNot("posts found")
			if got := a.value(tt.field); got != tt.kept {
				t.Errorf("%s holds %q, want what was typed, %q", tt.field, got, tt.kept)
			}
			if !strings.HasPrefix(a.text("title"), "Error") {
				t.Errorf("the title is %q", a.text("title"))
			}
		})
	}
	if b.log.Len() > 0 {
		t.Errorf("visitors' mistakes are logged:\n%s", b.log.String())
	}
}

// TestIndexLag: what the index still holds and the store has closed is not shown.
func TestIndexLag(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	v, err := b.store.Vacancy(t.Context(), "v1")
	if err != nil {
		t.Fatal(err)
	}
	v.State, v.ClosedAt = sendwatch.VacancyClosed, &b.now
	b.put(v, adverts()[0]) // and the index does not hear of it
	if got := b.get("/").is(http.StatusOK).titles(); slices.Contains(got, larch) || len(got) != 3 {
		t.Errorf("shown: %q", got)
	}
}
