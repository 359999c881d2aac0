package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sendwatch/sendwatch/internal/jobsite/mailsink"
)

// expect notes who ought to have heard of what is open now, and compares every
// process's search with the store.
func (s *several) expect() {
	s.t.Helper()
	s.noteDue()
	_, want := s.shown()
	for _, p := range s.procs {
		if !p.has("web") {
			continue
		}
		if got, _, err := s.search(p, url.Values{}); err != nil || !slices.Equal(got, want) {
			s.t.Errorf("%s finds %v, %v, and open in the store are %v", p.name, got, err, want)
		}
	}
}

// search asks a process for everything that a query finds: the ids, sorted, and
// whether its own index stood in for the search server.
func (s *several) search(p *process, q url.Values) (ids []string, fallback bool, err error) {
	q.Set("per_page", "100")
	for page := 1; ; page++ {
		var answer struct {
			Total    int
			Hits     []struct{ ID string }
			Fallback bool
		}
		q.Set("page", fmt.Sprint(page))
		if err := p.ask("/api/v1/vacancies?"+q.Encode(), &answer); err != nil {
			return nil, false, err
		}
		fallback = fallback || answer.Fallback
		for _, h := range answer.Hits {
			ids = append(ids, h.ID)
		}
		if len(answer.Hits) == 0 || len(ids) >= answer.Total {
			slices.Sort(ids)
			return ids, fallback, nil
		}
	}
}

// leave unsubscribes somebody at a process that did not send the letter, perhaps.
func (s *several) leave(address string) {
	s.t.Helper()
	letters := slices.DeleteFunc(s.letters(), func(l letter) bool { return l.to != address })
	if len(letters) == 0 {
		s.t.Fatalf("%s has no letter yet", address)
	}
	link, err := url.Parse(strings.Trim(letters[0].message.Header("List-Unsubscribe"), "<>"))
	if err != nil {
		s.t.Fatal(err)
	}
	webs := slices.DeleteFunc(slices.Clone(s.procs), func(p *process) bool { return !p.has("web") })
	p := webs[s.rand.IntN(len(webs))]
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, "http://sendwatch"+link.Path, strings.NewReader("List-Unsubscribe=One-Click"))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := p.client().Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		s.t.Fatalf("POST %s: %s", link.Path, resp.Status)
	}
	s.left[address] = len(letters)
}

// partition says which postings are one vacancy.
func (w *witness) partition() (out []string) {
	w.t.Helper()
	db := w.database()
	defer func() { _ = db.Close() }() // read only
	joined := map[string][]string{}
	for _, row := range w.rows(db, `SELECT vacancy, source || '/' || reference FROM posting`) {
		joined[row[0]] = append(joined[row[0]], row[1])
	}
	for _, postings := range joined {
		slices.Sort(postings)
		out = append(out, strings.Join(postings, " "))
	}
	slices.Sort(out)
	return out
}

// alone plays the days with one process at a time on SQLite.
func (s *several) alone() []string {
	s.t.Helper()
	b := newBoard(s.t, mailsink.Options{}, nil)
	b.ahead = s.ahead
	b.with(func(ctx context.Context, a *app) {
		for _, day := range playedDays() {
			b.SetDay(day)
			for range 3 {
				if _, err := a.crawl(ctx, a.cfg.Sources, true); err != nil {
					s.t.Fatal(err)
				}
			}
		}
	})
	return (&witness{replay: &replay{board: b}}).partition()
}

// check looks at everything when the last day is over.
func (s *several) check() {
	s.t.Helper()
	for _, p := range s.procs {
		s.stop(p)
	}
	s.ahead += time.Hour // a message that saw several deaths waits for its lease
	s.must("deliver")

	s.storeIsWhole()
	s.everyListingIsOpen()
	s.onlyLiveListingsAreOpen()
	s.nothingIsHeld()
	s.audit.noMoreThanLeased(s.visits.takeTurns(s.t))
	rounds, again := s.audit.onceARound()
	s.indexesAgree()
	letters := s.lettersOnce()
	s.nobodyIsToldTwice(letters)
	s.toldIsDue(letters)
	s.whoLeftHearsNothing()
	if got, want := s.partition(), s.alone(); !slices.Equal(got, want) {
		s.t.Errorf("the vacancies are %v,\nand one process alone makes of the same adverts %v", got, want)
	}
	for _, p := range s.procs {
		if strings.Contains(p.text.String(), "@people.example") {
			s.t.Errorf("there is an address in what %s said", p.name)
		}
	}
	s.t.Logf("%d kills and %d stops (%v); %d rounds of crawls, %d crawls were killed when they were all but over; %d people, %d letters; %d messages were in flight at a kill and %d at a stop, %d came twice",
		s.kills, s.stops, s.stages, rounds, again, len(s.people), s.sent, s.inFlight, s.interrupted, s.repeats)
}

// nothingIsHeld checks that no work is stuck: nobody lives, and nobody holds anything.
func (s *several) nothingIsHeld() {
	s.t.Helper()
	db := s.database()
	defer func() { _ = db.Close() }() // read only
	if held := s.rows(db, `SELECT kind, id FROM work WHERE token <> ''`); len(held) > 0 {
		s.t.Errorf("nobody lives, and these are held: %v", held)
	}
}

// indexesAgree compares each process's index on disk with the store.
func (s *several) indexesAgree() {
	s.t.Helper()
	head := s.head()
	mine := s.config
	defer func() { s.config = mine }()
	for _, p := range s.procs {
		if !p.has("web") {
			continue
		}
		s.config = p.config
		s.with(func(ctx context.Context, a *app) {
			ix, err := a.openIndex(ctx)
			if err != nil {
				s.t.Fatal(err)
			}
			if at, err := ix.Cursor(ctx); err != nil || at != head {
				s.t.Errorf("the index of %s stands at %d of %d, %v", p.name, at, head, err)
			}
			s.indexHolds(ctx, ix)
		})
	}
}
