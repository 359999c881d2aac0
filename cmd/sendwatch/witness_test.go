package main

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/internal/jobsite"
	"github.com/sendwatch/sendwatch/internal/jobsite/mailsink"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/store"
)

// witness is a replay whose processes are killed, and what was seen of it.
type witness struct {
	*replay
	// accepted are the postings that were in the store at some kill.
	accepted map[listing]bool
	// flying counts, for each message, how often it was claimed and not marked as sent
	// when the process that had claimed it died. The server may have taken it, or may
	// take it yet from what the process wrote before it died.
	flying map[string]int
	// opened are the vacancies that were open when noteDue was called.
	opened map[string]*sendwatch.Vacancy

	// What happened, over all rounds.
	sent, inFlight, repeats int
}

// listing is a posting's key.
type listing struct{ source, reference string }

func newWitness(r *replay) *witness {
	w := &witness{replay: r}
	for i := range w.people {
		w.people[i].Frequency = sendwatch.Instant
	}
	for _, c := range inventedCriteria {
		w.people = append(w.people, w.person(c))
	}
	w.forget()
	return w
}

// inventedCriteria are asked for by people beside the demo's, whose wishes are many
// and differ.
var inventedCriteria = []sendwatch.Criteria{
	{}, {Words: "autism"}, {Words: "behaviour"}, {Needs: []string{"semh"}}, {Needs: []string{"asd"}}, {MinHourly: 13},
	{Near: "Wokingham", WithinMiles: 20}, {Near: "Newcastle upon Tyne", WithinMiles: 40}, {Near: "Birmingham", WithinMiles: 40},
	{Refuses: []string{"agency"}}, {Near: "B15", WithinMiles: 30}, {Words: "one to one"}, {Roles: []string{"hlta"}}, {Near: "Leeds", WithinMiles: 100},
}

// forget begins a round.
func (w *witness) forget() {
	w.accepted, w.flying, w.opened = map[listing]bool{}, map[string]int{}, map[string]*sendwatch.Vacancy{}
}

// person makes up a subscription.
func (w *witness) person(c sendwatch.Criteria) subscriptionLine {
	return subscriptionLine{Email: fmt.Sprintf("p%d@people.example", len(w.people)), Frequency: sendwatch.Instant, Criteria: c,
		Consent: &consentLine{Wording: "Email me the vacancies that match this search.", At: lastDay}}
}

// somebodyNew subscribes, so that there is something to match and to send.
func (w *witness) somebodyNew(r *rand.Rand) {
	w.t.Helper()
	p := w.person(inventedCriteria[r.IntN(len(inventedCriteria))])
	w.people = append(w.people, p)
	w.subscribe([]subscriptionLine{p})
}

// takeStock notes, after a kill, what the store has accepted and what the dead had in
// flight; an empty holder stands for everybody.
func (w *witness) takeStock(holder string) {
	w.t.Helper()
	db := w.database()
	defer func() { _ = db.Close() }() // read only
	for l := range w.postings(db) {
		w.accepted[l] = true
	}
	for _, row := range w.rows(db, `SELECT d.message_id, '' FROM digest d JOIN work w ON w.kind = 'digest' AND w.id = d.id
		WHERE d.state = 'frozen' AND w.token LIKE $1`, holder+"_%") {
		w.flying[row[0]]++
		w.inFlight++
	}
}

func (w *witness) postings(db *sql.DB) map[listing]bool {
	w.t.Helper()
	out := map[listing]bool{}
	for _, row := range w.rows(db, `SELECT source, reference FROM posting`) {
		out[listing{row[0], row[1]}] = true
	}
	return out
}

// mistakes are questions to which a store that is whole has no answer.
var mistakes = map[string]string{
	"a posting of no vacancy":                     `SELECT source, reference FROM posting WHERE vacancy NOT IN (SELECT id FROM vacancy)`,
	"a posting without its content":               `SELECT source, reference FROM posting p WHERE NOT EXISTS (SELECT 1 FROM posting_body b WHERE b.source = p.source AND b.reference = p.reference)`,
	"a vacancy without postings":                  `SELECT id, state FROM vacancy WHERE id NOT IN (SELECT vacancy FROM posting)`,
	"an open posting of a vacancy that is not":    `SELECT p.reference, v.id FROM posting p JOIN vacancy v ON v.id = p.vacancy WHERE p.open = 1 AND v.state <> 'open'`,
	"an open vacancy without an open posting":     `SELECT id, state FROM vacancy v WHERE state = 'open' AND NOT EXISTS (SELECT 1 FROM posting p WHERE p.vacancy = v.id AND p.open = 1)`,
	"an alias of nothing":                         `SELECT id, vacancy FROM alias WHERE vacancy NOT IN (SELECT id FROM vacancy)`,
	"an alias that is a vacancy":                  `SELECT id, vacancy FROM alias WHERE id IN (SELECT id FROM vacancy)`,
	"a gap in the change log":                     `SELECT seq, event FROM change_log c WHERE seq > 1 AND NOT EXISTS (SELECT 1 FROM change_log b WHERE b.seq = c.seq - 1)`,
	"a head that is not the log's":                `SELECT seq, '' FROM log_head WHERE seq <> (SELECT MAX(seq) FROM change_log)`,
	"a reader beyond the head":                    `SELECT name, seq FROM reader WHERE seq > (SELECT seq FROM log_head)`,
	"an alert in a digest that there is not":      `SELECT vacancy, digest FROM ledger WHERE digest <> '' AND digest NOT IN (SELECT id FROM digest)`,
	"an alert of a message sent, and not told":    `SELECT l.vacancy, d.message_id FROM ledger l JOIN digest d ON d.id = l.digest WHERE d.state = 'sent' AND l.told_at IS NULL`,
	"an alert told, and its message was not sent": `SELECT l.vacancy, l.digest FROM ledger l LEFT JOIN digest d ON d.id = l.digest WHERE l.told_at IS NOT NULL AND (d.id IS NULL OR d.state <> 'sent')`,
	"a message that waits and is nobody's work":   `SELECT id, message_id FROM digest d WHERE state = 'frozen' AND NOT EXISTS (SELECT 1 FROM work w WHERE w.kind = 'digest' AND w.id = d.id)`,
	"work on a message that has ended":            `SELECT w.id, d.state FROM work w JOIN digest d ON d.id = w.id WHERE w.kind = 'digest' AND d.state <> 'frozen'`,
}

// storeIsWhole checks that the store does not contradict itself, and that nothing
// accepted was lost.
func (w *witness) storeIsWhole() {
	w.t.Helper()
	db := w.database()
	defer func() { _ = db.Close() }() // read only
	for what, question := range mistakes {
		if got := w.rows(db, question); len(got) > 0 {
			w.t.Errorf("there is %s: %v", what, got)
		}
	}
	kept := w.postings(db)
	for l := range w.accepted {
		if !kept[l] {
			w.t.Errorf("posting %v was accepted before a kill and is lost", l)
		}
	}
}

func (w *witness) everyListingIsOpen() {
	w.t.Helper()
	open := w.openListings()
	for _, site := range jobsite.Sites() {
		for _, ref := range w.Live(site) {
			if !open[site][ref] {
				w.t.Errorf("%s: %s is live and not open in the store", site, ref)
			}
		}
	}
}

// shown are the ids of the open vacancies that an index holds and, among them, of
// those that a search for everything finds.
func (w *witness) shown() (held, found []string) {
	w.t.Helper()
	all, err := w.know.matcher.Compile(sendwatch.Criteria{})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, v := range w.openVacancies() {
		if !v.Announceable() {
			continue
		}
		held = append(held, v.ID)
		if attributes := w.know.matcher.Attributes(v); all.Accepts(&attributes) {
			found = append(found, v.ID)
		}
	}
	slices.Sort(held)
	slices.Sort(found)
	return held, found
}

// indexHolds compares what an index holds with what is open in the store.
func (w *witness) indexHolds(ctx context.Context, ix search.Index) {
	w.t.Helper()
	held, want := w.shown()
	if n, err := ix.Count(ctx); err != nil || n != len(held) {
		w.t.Errorf("the index holds %d vacancies, %v, want %d", n, err, len(held))
	}
	all, err := w.know.matcher.Compile(sendwatch.Criteria{})
	if err != nil {
		w.t.Fatal(err)
	}
	result, err := ix.Search(ctx, search.Query{Filter: all, Page: 1, PerPage: 1000})
	if err != nil {
		w.t.Fatal(err)
	}
	var got []string
	for _, h := range result.Hits {
		got = append(got, h.ID)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		w.t.Errorf("the index finds %v, and open in the store are %v", got, want)
	}
}

// lettersOnce takes repeats away: a message may come again once for each kill that
// met it in flight, and is then the same message.
func (w *witness) lettersOnce() []letter {
	w.t.Helper()
	times := map[string]int{}
	var out []letter
	for _, l := range w.letters() {
		w.sent++
		if times[l.id]++; times[l.id] == 1 {
			out = append(out, l)
			continue
		}
		w.repeats++
		first := out[slices.IndexFunc(out, func(o letter) bool { return o.id == l.id })]
		// What has closed since is left out of a repeat.
		news := slices.ContainsFunc(l.vacancies, func(id string) bool { return !slices.Contains(first.vacancies, id) })
		if first.to != l.to || news {
			w.t.Errorf("message %s comes again as another: %s %v, then %s %v", l.id, first.to, first.vacancies, l.to, l.vacancies)
		}
	}
	for id, n := range times {
		if n > 1+w.flying[id] {
			w.t.Errorf("message %s came %d times and was in flight at %d kills", id, n, w.flying[id])
		}
	}
	return out
}

// told are the vacancies that each address has heard of, under the ids they have now.
func (w *witness) told(letters []letter) map[string]map[string]bool {
	w.t.Helper()
	out := map[string]map[string]bool{}
	w.read(func(ctx context.Context, s *store.Store) {
		for _, l := range letters {
			if out[l.to] == nil {
				out[l.to] = map[string]bool{}
			}
			for _, id := range l.vacancies {
				v, err := s.Vacancy(ctx, id) // its id may have become another's alias
				if err != nil {
					w.t.Fatal(err)
				}
				out[l.to][v.ID] = true
			}
		}
	})
	return out
}

// everyMatchIsTold checks that everybody has heard of all that is open and matches.
func (w *witness) everyMatchIsTold(letters []letter) {
	w.t.Helper()
	told := w.told(letters)
	open := w.openVacancies()
	for _, p := range w.people {
		for _, id := range w.specified(p, open) {
			if !told[p.Email][id] {
				w.t.Errorf("%s was never told of %s", p.Email, w.title(id))
			}
		}
	}
	if len(told) < 8 {
		w.t.Errorf("only %v were told of anything", slices.Collect(maps.Keys(told)))
	}
}

// noteDue notes who ought to have heard of what is open now, by the matcher's
// specification.
func (w *witness) noteDue() {
	w.t.Helper()
	open := w.openVacancies()
	for _, v := range open {
		w.opened[v.ID] = v
	}
	for _, p := range w.people {
		if w.due[p.Email] == nil {
			w.due[p.Email] = map[string]bool{}
		}
		_, left := w.left[p.Email]
		for _, id := range w.specified(p, open) {
			switch {
			case !left:
				w.due[p.Email][id] = true
			case !w.due[p.Email][id]:
				w.missed[p.Email]++
			}
		}
	}
}

// toldIsDue checks both ways what was told: all that noteDue noted and, of what has a
// single posting, only what ever matched. What has several may have matched until the
// second was read.
func (w *witness) toldIsDue(letters []letter) {
	w.t.Helper()
	told := w.told(letters)
	var single []*sendwatch.Vacancy
	now := map[string]string{}
	w.read(func(ctx context.Context, s *store.Store) {
		for id, before := range w.opened {
			v, err := s.Vacancy(ctx, id) // its id may have become another's alias
			if err != nil {
				w.t.Fatal(err)
			}
			now[id] = v.ID
			if len(v.Sightings) == 1 {
				single = append(single, before)
			}
		}
	})
	for _, p := range w.people {
		may := map[string]bool{}
		for _, id := range w.specified(p, single) {
			may[id] = true
		}
		for id := range w.due[p.Email] {
			if !told[p.Email][now[id]] {
				w.t.Errorf("%s was never told of %s", p.Email, w.title(id))
			}
		}
		for _, v := range single {
			if told[p.Email][v.ID] && !may[v.ID] {
				w.t.Errorf("%s was told of %s, which does not match", p.Email, w.title(v.ID))
			}
		}
	}
	if len(told) < 8 {
		w.t.Errorf("only %v were told of anything", slices.Collect(maps.Keys(told)))
	}
}

// gate holds a conversation with a mail server at one of its steps, for as long as it
// takes to kill who speaks.
type gate struct {
	mu sync.Mutex
	// left counts down the steps; at zero, reached is closed, and the conversation
	// stands still until open is closed.
	left          int
	reached, open chan struct{}
}

// hold makes the conversation stop at the nth step from now, and returns what tells
// that it stands still; zero never stops it.
func (g *gate) hold(n int) (reached <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.left, g.reached, g.open = n, make(chan struct{}), make(chan struct{})
	return g.reached
}

// release lets the conversation go on.
func (g *gate) release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open != nil {
		close(g.open)
	}
	g.left, g.open = 0, nil
}

// options are those of a mail server behind the gate.
func (g *gate) options() mailsink.Options {
	return mailsink.Options{Keep: 10_000, Answer: func(mailsink.Step, string) error {
		g.mu.Lock()
		open := g.open
		hold := false
		if g.left > 0 {
			if g.left--; g.left == 0 {
				close(g.reached)
				hold = true
			}
		}
		g.mu.Unlock()
		if hold {
			<-open
		}
		return nil
	}}
}
