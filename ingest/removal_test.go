package ingest_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/store"
)

// remove takes something away and returns the removal's id.
func (b *bench) remove(o ingest.RemoveOptions) string {
	b.t.Helper()
	id, err := b.Remove(b.t.Context(), o)
	if err != nil {
		b.t.Fatal(err)
	}
	return id
}

// is checks the state of a vacancy.
func (b *bench) is(id string, want sendwatch.VacancyState) *sendwatch.Vacancy {
	b.t.Helper()
	v, err := b.store.Vacancy(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	if v.State != want {
		b.t.Errorf("%s is %s, want %s", id, v.State, want)
	}
	return v
}

// TestARemovalLasts holds that what was asked away stays away, whatever is done to
// it afterwards.
func TestARemovalLasts(t *testing.T) {
	b := newBench(t)
	s := numbered(3)
	b.sites["oak"] = s
	b.crawl("oak")
	id := b.open()[0].ID
	head := b.head()
	removal := b.remove(ingest.RemoveOptions{Vacancy: id, Reason: "asked by the school"})
	b.wantOpen(2)
	b.wantLog(head, "vacancy-closed sightings,state")
	cs, err := b.store.Changes(t.Context(), head, 10)
	if err != nil || cs[0].Cause != sendwatch.CauseOperator {
		t.Errorf("its cause is %v (%v)", cs, err)
	}
	if v := b.is(id, sendwatch.VacancyRemoved); len(v.Sightings) != 0 || v.ClosedAt == nil {
		t.Errorf("it is seen at %v, closed at %v", v.Sightings, v.ClosedAt)
	}
	ref := b.reference(id)

	b.crawl("oak") // as it was
	a := s.adverts[ref]
	a.body += " Changed."
	s.adverts[ref] = a
	if r := b.crawl("oak"); r.Changed != 1 || !r.Healthy {
		t.Errorf("a changed advert: %+v", r)
	}
	b.is(id, sendwatch.VacancyRemoved)
	a.title = "Another title"
	s.adverts[ref] = a
	b.crawl("oak")
	b.is(id, sendwatch.VacancyRemoved)

	b.opts.Rules, b.opts.Normaliser = 2, reader{suffix: " (read anew)"}
	b.Ingest = ingest.New(b.opts)
	if _, err := b.Renormalise(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.is(id, sendwatch.VacancyRemoved)

	delete(s.adverts, ref) // it closes, and comes back
	b.crawl("oak")
	b.crawl("oak")
	s.adverts[ref] = a
	if r := b.crawl("oak"); r.Reopened != 1 {
		t.Errorf("it came back: %+v", r)
	}
	b.is(id, sendwatch.VacancyRemoved)
	b.wantOpen(2)

	head = b.head()
	if err := b.Lift(t.Context(), removal); err != nil {
		t.Fatal(err)
	}
	b.wantOpen(3)
	b.wantLog(head, "vacancy-reopened sightings,state")
	if v := b.is(id, sendwatch.VacancyOpen); len(v.Sightings) != 1 {
		t.Errorf("lifted, it is seen at %v", v.Sightings)
	}
	if err := b.Lift(t.Context(), removal); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("lifted twice: %v", err)
	}
}

// reference is the posting's of a vacancy.
func (b *bench) reference(vacancy string) string {
	b.t.Helper()
	ps, err := b.store.Postings(b.t.Context(), vacancy)
	if err != nil || len(ps) != 1 {
		b.t.Fatalf("%d postings (%v), want 1", len(ps), err)
	}
	return ps[0].Reference
}

// TestARepostAfterARemoval holds that equal text under another reference stays away
// when the removal says so, and only then.
func TestARepostAfterARemoval(t *testing.T) {
	for name, c := range map[string]struct {
		reposts bool
		edit    func(*advert)
		open    int
	}{
		"shown":                            {open: 1},
		"hidden by its text":               {reposts: true, open: 0},
		"other text":                       {reposts: true, edit: func(a *advert) { a.body = "Another." }, open: 1},
		"at the same address and title":    {edit: func(a *advert) { a.url, a.body = "https://oak.example/job/r00", "Another." }, open: 0},
		"another title at that address":    {edit: func(a *advert) { a.url, a.title, a.body = "https://oak.example/job/r00", "Cook", "Another." }, open: 1},
		"at another address, word by word": {edit: func(a *advert) { a.url = "https://oak.example/new" }, open: 1},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			s := numbered(1)
			b.sites["oak"] = s
			b.crawl("oak")
			b.remove(ingest.RemoveOptions{Vacancy: b.open()[0].ID, Reposts: c.reposts})
			a := s.adverts["r00"]
			if c.edit != nil {
				c.edit(&a)
			}
			s.adverts["again"] = a
			b.crawl("oak")
			b.wantOpen(c.open)
			for _, v := range b.open() {
				if len(v.Sightings) != 1 || v.Sightings[0].Reference != "again" {
					t.Errorf("it is seen at %+v, want the repost alone", v.Sightings)
				}
			}
		})
	}
}

// TestARemovalOfOneOfTwo holds that a copy which joins a removed vacancy is shown
// with what it says itself, and that a vacancy united with a removed one goes on.
func TestARemovalOfOneOfTwo(t *testing.T) {
	b := newBench(t)
	b.sites["oak"], b.sites["elm"] = numbered(1), newSite()
	b.crawl("oak")
	old := b.open()[0].ID
	b.remove(ingest.RemoveOptions{Vacancy: old})
	copied := b.sites["oak"].adverts["r00"]
	b.sites["elm"].adverts["z"] = copied
	b.crawl("elm")
	v := b.is(old, sendwatch.VacancyOpen)
	if len(v.Sightings) != 1 || v.Sightings[0].Source != "elm" {
		t.Errorf("it is seen at %+v, want elm alone", v.Sightings)
	}
	b.remove(ingest.RemoveOptions{Vacancy: old})
	b.is(old, sendwatch.VacancyRemoved)

	// An advert of its own, which then proves to be the same.
	b.sites["ash"] = newSite()
	b.sites["ash"].adverts["y"] = advert{title: "Mentor", employer: "Oak School", town: "Reading", body: "Mentoring."}
	b.crawl("ash")
	young := b.open()[0].ID
	b.sites["ash"].adverts["y"] = copied
	b.crawl("ash")
	v = b.is(young, sendwatch.VacancyOpen)
	if v.ID != old || !slices.Contains(v.Aliases, young) || len(v.Sightings) != 1 || v.Sightings[0].Source != "ash" {
		t.Errorf("united: %s with %v at %+v", v.ID, v.Aliases, v.Sightings)
	}
	b.remove(ingest.RemoveOptions{Vacancy: young}) // by its alias
	b.is(old, sendwatch.VacancyRemoved)
}

func TestRemovalByAddress(t *testing.T) {
	b := newBench(t)
	s := numbered(3)
	b.sites["oak"] = s
	b.crawl("oak")
	b.remove(ingest.RemoveOptions{URL: "http://www.oak.example/job/r00/?utm_source=x"})
	b.wantOpen(2)
	removal := b.remove(ingest.RemoveOptions{URL: "https://oak.example/job/new", Reposts: true}) // not known yet
	s.adverts["new"] = advert{title: "Mentor", employer: "Oak School", body: "New."}
	b.crawl("oak")
	b.wantOpen(2)
	if err := b.Lift(t.Context(), removal); err != nil {
		t.Fatal(err)
	}
	b.wantOpen(3)
	for o, want := range map[ingest.RemoveOptions]error{
		{URL: "not an address"}: ingest.ErrNoAddress, {Vacancy: "none"}: store.ErrNotFound,
	} {
		if _, err := b.Remove(t.Context(), o); !errors.Is(err, want) || !strings.HasPrefix(err.Error(), "remove: ") {
			t.Errorf("%+v: %v, want %v", o, err, want)
		}
	}
}
