package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendwatch/sendwatch"
)

func TestCandidateForm(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	a := b.get("/candidate").is(http.StatusOK).says("Qualifications", "Experience", "nothing is kept here").saysNot("We looked at")
	if n := a.Body.Len(); n > 50_000 {
		t.Errorf("the form has %d bytes, want at most 50,000", n)
	}
	if got := a.values("holds")[0]; got != "ta-level-3" && got != "degree" {
		t.Errorf("first among the qualifications is %q, which no advert asks for", got)
	}
	if a.doc.Find("form[method=post]").Length() > 0 {
		t.Error("the form sends what the address can hold")
	}
	if c := b.get("/candidate?home=RG41").Header().Get("Set-Cookie"); c != "" {
		t.Errorf("it sets the cookie %q", c)
	}
}

// TestCandidateFits walks the way that a person goes: say little, see what is not
// said, say it with one click.
func TestCandidateFits(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	card := func(a answer, title string) string {
		var out string
		a.doc.Find(".card").Each(func(_ int, s *selection) {
			if strings.Contains(s.Find("h3").Text(), title) {
				out = strings.Join(strings.Fields(s.Text()), " ")
			}
		})
		return out
	}
	a := b.get("/candidate?home=RG41&radius=20&go=1").is(http.StatusOK).says("Within 20 miles of RG41", "We looked at all 4 posts.", "the distance (1)")
	if got := card(a, larch); !strings.Contains(got, "May fit") || !strings.Contains(got, "You have not said") || !strings.Contains(got, "Level 3 teaching assistant") {
		t.Errorf("nothing said: %q", got)
	}
	// Said piece by piece, by the links.
	held := func(a answer, title string) string {
		var out string
		a.doc.Find(".card").Each(func(_ int, s *selection) {
			if strings.Contains(s.Find("h3").Text(), title) && out == "" {
				out = s.Find(`a:contains("I have it")`).First().AttrOr("href", "")
			}
		})
		return strings.TrimSuffix(out, "#fits")
	}
	for range 5 {
		if at := held(a, larch); at != "" {
			a = b.get(at).is(http.StatusOK)
		}
	}
	if got := card(a, larch); strings.Contains(got, "You have not said") || !strings.Contains(got, "Fits") || !strings.Contains(got, "you have experience with children or young people (2 years)") {
		t.Errorf("all said: %q", got)
	}
	if titles := a.titles(); titles[0] != larch {
		t.Errorf("strong fits come first, and the order is %q", titles)
	}
	lacking := b.get("/candidate?complete=qualification&complete=training&complete=experience&go=1").is(http.StatusOK)
	if got := card(lacking, larch); got != "" {
		t.Errorf("who holds nothing that is essential is shown %q", got)
	}
	lacking.says("what they ask for (")

	b.get("/candidate?refuse=agency&go=1").is(http.StatusOK).saysNot("Pennine People")
	b.get("/candidate?min_actual=30000&go=1").is(http.StatusOK).says("the pay (")
}

func TestCandidateMistakes(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	for _, tt := range []struct{ query, says, field string }{
		{"home=Nowherton", "Unknown place \"Nowherton\"", "home"},
		{"min_actual=plenty", "should be a number", "min_actual"},
		{"exp-semh=long", "“Experience with SEMH” should be a number of years", "exp-semh"},
	} {
		a := b.get("/candidate?"+tt.query).is(http.StatusBadRequest).says("There is a problem", tt.says).saysNot("We looked at")
		if a.doc.Find(`[role=alert] a[href="#`+tt.field+`"]`).Length() != 1 {
			t.Errorf("%s: the summary does not lead to the field", tt.query)
		}
		if !strings.HasPrefix(a.doc.Find("title").Text(), "Error: ") {
			t.Errorf("%s: the title is %q", tt.query, a.doc.Find("title").Text())
		}
	}
	// An old address may name what is gone: the rest still counts.
	b.get("/candidate?holds=no-such&holds=degree&contract=none&refuse=%3Cb%3E&page=zzz").is(http.StatusOK).says("You hold: Degree (any subject)")
	if b.log.Len() > 0 {
		t.Errorf("visitors' mistakes are logged:\n%s", b.log.String())
	}
}

func TestKeepCandidate(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	const said = "home=RG41&radius=20&holds=degree&holds=team-teach&lacks=elsa&exp-send=2.5&contract=permanent&refuse=agency&drives=1&min_hourly=13&need=semh"
	keep := b.get("/candidate?" + said).is(http.StatusOK).link("Email me when a new post fits")
	a := b.get(keep).is(http.StatusOK).says("Posts that fit your profile", "Within 20 miles of RG41", "Team Teach", "Experience with SEND: 2.5 years", "At least £13 an hour", "Not: Agency adverts")
	form := a.carried()
	form.Set("email", "not an address")
	form.Set("frequency", "daily")
	form.Set("consent", "yes")
	b.post("/alerts/new", form).is(http.StatusUnprocessableEntity).says("Please give an email address", "Team Teach")
	form.Set("email", somebody)
	b.post("/alerts/new", form).is(http.StatusOK).says("Check your email")
	sub := b.subscriptions(b.confirmations()[0].Person)[0]
	want, err := parseProfile(parse(t, said), b.taxonomy)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(&want.c, sub.Candidate); d != "" {
		t.Errorf("-said +kept\n%s", d)
	}
	if who, err := b.store.Subscriber(t.Context(), sub.Person); err != nil || who.Consent.Wording != consentProfile {
		t.Errorf("the consent is %+v, %v", who.Consent, err)
	}
	if slices.Contains(sub.Candidate.NotSaid, "elsa") || !slices.Contains(sub.Candidate.NotSaid, "ta-level-3") {
		t.Errorf("not said: %q", sub.Candidate.NotSaid)
	}
	if d := cmp.Diff(sendwatch.Criteria{}, sub.Criteria); d != "" {
		t.Errorf("beside the profile stands a search:\n%s", d)
	}
	b.get("/alerts/new?profile=1&home=Nowherton").is(http.StatusBadRequest).says("Unknown place")
}

func parse(t *testing.T, query string) url.Values {
	t.Helper()
	q, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// TestProfileValues holds that an address says all of a profile, and that a kept
// candidate becomes the profile that it was made of.
func TestProfileValues(t *testing.T) {
	k, err := learn()
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, c := range tested(k.taxonomy) {
		ids = append(ids, c.ID)
	}
	rapid.Check(t, func(t *rapid.T) {
		q := url.Values{}
		some := func(key string, of []string) {
			if picked := rapid.SliceOfN(rapid.SampledFrom(of), 0, 6).Draw(t, key); len(picked) > 0 {
				q[key] = picked
			}
		}
		some("holds", ids)
		some("lacks", ids)
		some("towards", ids)
		some("complete", testedKinds)
		some("contract", offeredContracts)
		some("refuse", offeredRefusals)
		some("need", []string{"semh", "asd", "none"})
		some("not_setting", []string{"mainstream", "ap-pru"})
		for _, key := range []string{"exp-semh", "exp-send", "min_actual", "hours_min", "radius"} {
			if rapid.Bool().Draw(t, key) {
				q.Set(key, rapid.SampledFrom([]string{"0", "0.5", "12", "x"}).Draw(t, key+" value"))
			}
		}
		q.Set("home", rapid.SampledFrom([]string{"", "RG41", "Leeds"}).Draw(t, "home"))
		p, err := parseProfile(q, k.taxonomy)
		if err != nil {
			return // a number that is none
		}
		again, err := parseProfile(p.values(), k.taxonomy)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(p.c, again.c); d != "" {
			t.Fatalf("by its address: -want +got\n%s", d)
		}
		of := profileOf(&p.c, k.taxonomy)
		again, err = parseProfile(of.values(), k.taxonomy)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(p.c, again.c); d != "" {
			t.Fatalf("from the candidate: -want +got\n%s", d)
		}
		for _, c := range tested(k.taxonomy) {
			if p.said(&c) == slices.Contains(p.c.NotSaid, c.ID) {
				t.Fatalf("%s is said and not said", c.ID)
			}
		}
	})
}
