package ingest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch"
)

// history is what is kept of the lives of a vacancy's postings, a word or two a turn,
// by reference.
func (b *bench) history(id string) map[string][]string {
	b.t.Helper()
	sightings, err := b.store.Sightings(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	out := map[string][]string{}
	for _, s := range sightings {
		turns := []string{}
		for i, turn := range s.History {
			if turn.At.Before(s.FirstSeen) || turn.LastSeen.Before(s.FirstSeen) || turn.LastSeen.After(turn.At) || i > 0 && turn.At.Before(s.History[i-1].At) {
				b.t.Errorf("%s: turn %d of %+v is out of order", s.Reference, i, s)
			}
			turns = append(turns, strings.TrimSpace(string(turn.Event)+" "+turn.Why+strings.Join(turn.Fields, ",")))
		}
		out[s.Reference] = turns
	}
	return out
}

// Each life is one advert's, from day to day; what becomes of the adverts beside it
// keeps the source healthy.
func TestTheHistoryOfAListing(t *testing.T) {
	const day = 24 * time.Hour
	tests := []struct {
		name string
		live func(b *bench, s *site, crawl func())
		want map[string][]string
		told []string // events of its vacancy
	}{
		{"seen as it was", func(_ *bench, _ *site, crawl func()) { crawl(); crawl() },
			map[string][]string{"r00": {}}, nil},
		{"changed pay", func(_ *bench, s *site, crawl func()) {
			s.amend("r00", func(a *advert) { a.body += " £13 an hour" })
			crawl()
			crawl()
		}, map[string][]string{"r00": {"changed text"}}, []string{"vacancy-changed text"}},
		{"gone and back", func(_ *bench, s *site, crawl func()) {
			s.gone["r00"] = true
			crawl()
			crawl()
			delete(s.gone, "r00")
			crawl()
		}, map[string][]string{"r00": {"closed gone", "reopened"}}, []string{"vacancy-closed sightings,state", "vacancy-reopened sightings,state"}},
		{"missing once", func(_ *bench, s *site, crawl func()) {
			a := s.adverts["r00"]
			delete(s.adverts, "r00")
			crawl()
			s.adverts["r00"] = a
			crawl()
		}, map[string][]string{"r00": {}}, nil},
		{"missing, and back otherwise", func(_ *bench, s *site, crawl func()) {
			a := s.adverts["r00"]
			delete(s.adverts, "r00")
			crawl()
			crawl()
			a.title = "Learning mentor"
			s.adverts["r00"] = a
			crawl()
		}, map[string][]string{"r00": {"closed missing", "reopened title"}}, []string{"vacancy-closed sightings,state", "vacancy-reopened title,sightings,state"}},
		{"extended while it is open", func(_ *bench, s *site, crawl func()) {
			s.amend("r00", func(a *advert) { a.closes = "2026-09-08T12:00:00Z" })
			crawl()
			s.amend("r00", func(a *advert) { a.closes = "2026-09-20T12:00:00Z" })
			crawl()
		}, map[string][]string{"r00": {"changed closes_at", "changed closes_at"}}, []string{"vacancy-changed closes_at", "vacancy-changed closes_at"}},
		{"extended after it closed", func(b *bench, s *site, crawl func()) {
			s.amend("r00", func(a *advert) { a.closes = "2026-09-03T12:00:00Z" })
			crawl()
			b.pass(3 * day)
			crawl()
			crawl() // it is listed still, and stays closed
			s.amend("r00", func(a *advert) { a.closes = "2026-09-20T12:00:00Z" })
			crawl()
		}, map[string][]string{"r00": {"changed closes_at", "closed expired", "reopened closes_at"}},
			[]string{"vacancy-changed closes_at", "vacancy-closed sightings,state", "vacancy-reopened closes_at,sightings,state"}},
		{"re-posted under another reference", func(_ *bench, s *site, crawl func()) {
			s.adverts["r99"] = s.adverts["r00"]
			delete(s.adverts, "r00")
			crawl()
			crawl()
		}, map[string][]string{"r00": {"closed missing"}, "r99": {}}, []string{"vacancy-changed sightings", "vacancy-changed sightings"}},
		{"re-posted after it closed", func(b *bench, s *site, crawl func()) {
			a := s.adverts["r00"]
			delete(s.adverts, "r00")
			crawl()
			crawl()
			b.pass(30 * day)
			s.adverts["r99"] = a
			crawl()
		}, map[string][]string{"r00": {"closed missing"}, "r99": {}}, []string{"vacancy-closed sightings,state", "vacancy-reopened sightings,state"}},
		{"moved to another address under its reference", func(_ *bench, s *site, crawl func()) {
			s.amend("r00", func(a *advert) { a.url = "https://oak.example/posts/42" })
			crawl()
			crawl()
		}, map[string][]string{"r00": {"changed url"}}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			s := numbered(6)
			b.sites["oak"] = s
			b.crawl("oak")
			id := b.vacancyOf("Advert r00")
			head := b.head()
			tt.live(b, s, func() {
				b.pass(time.Hour)
				if r := b.crawl("oak"); !r.Healthy {
					t.Errorf("unhealthy: %+v", r)
				}
			})
			if d := cmp.Diff(tt.want, b.history(id)); d != "" {
				t.Errorf("history (-want +got):\n%s", d)
			}
			b.wantLog(head, tt.told...)
		})
	}
}

// Who knows of a post hears of its new date when its advert moved it, not when another
// advert of it says otherwise.
func TestWhoBringsAVacancyBack(t *testing.T) {
	for name, tt := range map[string]struct {
		back func(s *site)
		want sendwatch.Cause
	}{
		"its own advert":                 {func(s *site) { s.adverts["r00"] = s.dropped["r00"] }, sendwatch.CauseCrawl},
		"a re-post":                      {func(s *site) { s.adverts["r99"] = s.dropped["r00"] }, sendwatch.CauseCopy},
		"its own advert, as it ever was": {func(s *site) { delete(s.gone, "r00") }, sendwatch.CauseCrawl},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			s := numbered(6)
			b.sites["oak"] = s
			b.crawl("oak")
			s.gone["r00"] = true
			b.crawl("oak")
			later := s.adverts["r00"]
			later.closes = "2026-10-01T12:00:00Z"
			s.dropped = map[string]advert{"r00": later}
			head := b.head()
			tt.back(s)
			if s.adverts["r00"] == later {
				delete(s.gone, "r00")
			}
			b.crawl("oak")
			cs, err := b.store.Changes(t.Context(), head, 10)
			if err != nil || len(cs) != 1 || cs[0].Event != sendwatch.VacancyReopened || cs[0].Cause != tt.want {
				t.Errorf("the log says %+v (%v), want it reopened by %s", cs, err, tt.want)
			}
		})
	}
}

func TestAnAdvertThatComesInClosed(t *testing.T) {
	b := newBench(t)
	s := numbered(4)
	b.sites["oak"] = s
	s.amend("r00", func(a *advert) { a.closes = "2026-08-20T12:00:00Z" })
	b.crawl("oak")
	cs, err := b.store.Changes(t.Context(), 0, 10)
	if err != nil || len(cs) != 4 || cs[0].Event != sendwatch.VacancyCreated {
		t.Fatalf("changes %+v (%v)", cs, err)
	}
	if d := cmp.Diff(map[string][]string{"r00": {"closed expired"}}, b.history(cs[0].Vacancy)); d != "" {
		t.Errorf("history (-want +got):\n%s", d)
	}
}

// amend changes an advert of the site.
func (s *site) amend(ref string, change func(*advert)) {
	a := s.adverts[ref]
	change(&a)
	s.adverts[ref] = a
}
