package ingest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/normalise"
)

// agencysCopy is an agency's advert of what Orchard House advertises itself.
func agencysCopy(change ...func(*advert)) advert {
	a := advert{title: "SEN Teaching Assistant - immediate start", employer: "Bright Bridge Recruitment", town: "Wokingham",
		body: "Bright Bridge is looking for a SEN teaching assistant for a special school in Wokingham. " + orchard, pay: "£90 to £100 a day"}
	for _, c := range change {
		c(&a)
	}
	return a
}

func TestAnAgencysCopyIsPossiblyTheSame(t *testing.T) {
	n := load(t)
	facts := func(a *advert) {
		a.body, a.closes, a.pay = "Bright Bridge is looking for a SEN teaching assistant for a special school in Wokingham. "+template, "2026-09-20", "£24,790 to £25,183 a year"
	}
	for name, c := range map[string]struct {
		own, agency advert
		want        bool
	}{
		"its passages":            {post(), agencysCopy(), true},
		"the school's name":       {post(), agencysCopy(func(a *advert) { a.body = "We are recruiting on behalf of Orchard House School. " + template }), true},
		"nothing but the place":   {post(), agencysCopy(func(a *advert) { a.body = template }), false},
		"closing date and pay":    {post(func(a *advert) { a.pay = "£24,790 to £25,183 a year" }), agencysCopy(facts), false},
		"and the hours":           {post(func(a *advert) { a.pay, a.hours = "£24,790 to £25,183 a year", "27.5 hours a week" }), agencysCopy(facts, func(a *advert) { a.hours = "27.5 hours a week" }), true},
		"passages, another role":  {post(), agencysCopy(func(a *advert) { a.title = "Learning Mentor" }), false},
		"passages, another town":  {post(), agencysCopy(func(a *advert) { a.town = "Leeds" }), false},
		"passages, near by":       {post(), agencysCopy(func(a *advert) { a.town = "Wokingham, RG40 1XX" }), true},
		"passages, other hours":   {post(func(a *advert) { a.hours = "15 hours a week" }), agencysCopy(func(a *advert) { a.hours = "32.5 hours a week" }), false},
		"for another school":      {post(), agencysCopy(func(a *advert) { a.body = "We are recruiting on behalf of Harbour Lights School. " + orchard }), false},
		"two schools of one text": {post(), post(func(a *advert) { a.employer = "Harbour Lights School" }), false},
	} {
		for _, agencyFirst := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, agency first %v", name, agencyFirst), func(t *testing.T) {
				b := learned(t, n, "oak", "agency")
				b.sites["oak"].adverts["a"], b.sites["agency"].adverts["z"] = c.own, c.agency
				kind := sendwatch.EmployerAgency
				if !strings.Contains(c.agency.employer, "Recruitment") {
					kind = sendwatch.EmployerSchool
				}
				crawl := []func(){func() { b.crawlAs("oak", sendwatch.EmployerSchool) }, func() { b.crawlAs("agency", kind) }}
				if agencyFirst {
					slices.Reverse(crawl)
				}
				for _, c := range crawl {
					c()
				}
				b.wantOpen(2)
				if got := len(b.wantLinksBothWays()) == 2; got != c.want {
					t.Errorf("linked %v, want %v", got, c.want)
				}
			})
		}
	}
}

// wantLinksBothWays checks the links of the open vacancies and returns the linked.
func (b *bench) wantLinksBothWays() (linked []*sendwatch.Vacancy) {
	b.t.Helper()
	byID := map[string]*sendwatch.Vacancy{}
	for _, v := range b.open() {
		byID[v.ID] = v
	}
	for _, v := range byID {
		if len(v.PossiblySame) > 3 {
			b.t.Errorf("%s has %d links", v.ID, len(v.PossiblySame))
		}
		for _, id := range v.PossiblySame {
			switch o := byID[id]; {
			case o == nil:
				b.t.Errorf("%s is linked with %s, which is not open", v.ID, id)
			case !slices.Contains(o.PossiblySame, v.ID):
				b.t.Errorf("%s is linked with %s, and not the other way", v.ID, id)
			case o.EmployerKind == v.EmployerKind:
				b.t.Errorf("%s and %s are linked, both of kind %q", v.ID, id, v.EmployerKind)
			}
		}
		if len(v.PossiblySame) > 0 {
			linked = append(linked, v)
		}
	}
	return linked
}

func TestALinkEndsWithItsReasons(t *testing.T) {
	n := load(t)
	for name, end := range map[string]func(b *bench){
		"the copy closes": func(b *bench) { b.sites["agency"].gone["z"] = true; b.crawlAs("agency", sendwatch.EmployerAgency) },
		"the post closes": func(b *bench) { b.sites["oak"].gone["a"] = true; b.crawlAs("oak", sendwatch.EmployerSchool) },
		"the copy changes": func(b *bench) {
			b.sites["agency"].adverts["z"] = agencysCopy(func(a *advert) { a.body = template })
			b.crawlAs("agency", sendwatch.EmployerAgency)
		},
		"the post moves": func(b *bench) {
			b.sites["oak"].adverts["a"] = post(func(a *advert) { a.town = "Leeds, LS6 1AA" })
			b.crawlAs("oak", sendwatch.EmployerSchool)
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := learned(t, n, "oak", "agency")
			for i := range 6 {
				ref := fmt.Sprint("x", i)
				b.sites["oak"].adverts[ref] = advert{title: "Cook", employer: "Orchard House School", town: "Wokingham", body: ref}
				b.sites["agency"].adverts[ref] = advert{title: "Cook", employer: "Bright Bridge Recruitment", town: "Slough", body: ref}
			}
			b.sites["oak"].adverts["a"], b.sites["agency"].adverts["z"] = post(), agencysCopy()
			b.crawlAs("oak", sendwatch.EmployerSchool)
			head := b.head()
			b.crawlAs("agency", sendwatch.EmployerAgency)
			if got := len(b.wantLinksBothWays()); got != 2 {
				t.Fatalf("%d are linked, want 2", got)
			}
			for _, line := range b.log(head) {
				if !strings.HasPrefix(line, "vacancy-created") {
					t.Errorf("a link is news to readers: %s", line)
				}
			}
			end(b)
			if got := len(b.wantLinksBothWays()); got != 0 {
				t.Errorf("%d are still linked", got)
			}
		})
	}
}

// TestDozensOfLikeAdverts: where facts alone speak for many copies they speak for
// none, and of those that took the text no more than three are linked.
func TestDozensOfLikeAdverts(t *testing.T) {
	n := load(t)
	for name, c := range map[string]struct {
		body string
		want int
	}{
		"by figures and dates": {"Bright Bridge is looking for a SEN teaching assistant for a special school. " + template, 0},
		"by their passages":    {"Bright Bridge is looking for a SEN teaching assistant for a special school. " + orchard, 4},
	} {
		t.Run(name, func(t *testing.T) {
			b := learned(t, n, "oak", "agency")
			for i := range 12 {
				b.sites["agency"].adverts[fmt.Sprintf("z%02d", i)] = agencysCopy(func(a *advert) {
					a.title = fmt.Sprintf("SEN Teaching Assistant %c", 'A'+i)
					a.body, a.pay, a.closes, a.hours = c.body, "£24,790 to £25,183 a year", "2026-09-20", "27.5 hours a week"
				})
			}
			b.sites["oak"].adverts["a"] = post(func(a *advert) { a.pay, a.hours = "£24,790 to £25,183 a year", "27.5 hours a week" })
			b.crawlAs("agency", sendwatch.EmployerAgency)
			b.crawlAs("oak", sendwatch.EmployerSchool)
			b.wantOpen(13)
			if got := len(b.wantLinksBothWays()); got != c.want {
				t.Errorf("%d are linked, want %d", got, c.want)
			}
			b.pass(time.Hour)
			b.opts.Rules = normalise.Rules + 1
			if _, err := newIngest(b).Renormalise(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := len(b.wantLinksBothWays()); got != c.want {
				t.Errorf("%d are linked after they were read again, want %d", got, c.want)
			}
		})
	}
}
