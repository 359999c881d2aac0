package storetest

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

// model is the ledger as one would write it on paper: by person, vacancy and event.
type model map[[3]string]*modelRow

type modelRow struct {
	subs   map[string]bool
	due    time.Time
	digest string
	told   bool
}

// testLedgerModel does random things to the ledger and to a plain map, and compares.
func testLedgerModel(t *testing.T, open Open) {
	b := newBench(t, open)
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		w := newWorld(b, rt, round)
		rt.Repeat(map[string]func(*rapid.T){
			"owe":   w.owe,
			"claim": w.claimOne,
			"send":  w.send,
			"retry": w.retry,
			"unite": w.unite,
			"end":   w.end,
			"wait":  func(*rapid.T) { b.clock.add(time.Duration(rapid.IntRange(1, 90).Draw(rt, "minutes")) * time.Minute) },
			"":      w.check,
		})
		for _, p := range w.people {
			b.must(b.Unsubscribe(t.Context(), p))
		}
	})
}

type world struct {
	b         *bench
	rt        *rapid.T
	rows      model
	people    []string
	subs      map[string]string // active subscription to person
	vacancies []string
	alias     map[string]string
	held      map[string]*sendwatch.Digest
}

func newWorld(b *bench, rt *rapid.T, round int) *world {
	w := &world{b: b, rt: rt, rows: model{}, subs: map[string]string{}, alias: map[string]string{}, held: map[string]*sendwatch.Digest{}}
	for i := range 2 {
		for j, f := range []sendwatch.Frequency{sendwatch.Instant, sendwatch.Daily} {
			s, err := b.Subscribe(b.t.Context(), store.Signup{Email: fmt.Sprintf("p%d-%d@example.org", round, i), Frequency: f, Confirmed: true})
			w.must(err)
			w.subs[s.ID] = s.Person
			if j == 0 {
				w.people = append(w.people, s.Person)
			}
		}
	}
	for i := range 4 {
		id := fmt.Sprintf("v%d-%d", round, i)
		b.vacancy(id)
		w.vacancies = append(w.vacancies, id)
	}
	return w
}

func (w *world) must(err error) {
	if err != nil {
		w.rt.Fatal(err)
	}
}

func (w *world) name(v string) string {
	for w.alias[v] != "" {
		v = w.alias[v]
	}
	return v
}

func (w *world) owe(rt *rapid.T) {
	if len(w.subs) == 0 {
		rt.Skip("nobody listens")
	}
	id := rapid.SampledFrom(slices.Sorted(maps.Keys(w.subs))).Draw(rt, "subscription")
	a := w.b.alert(sendwatch.Subscription{ID: id, Person: w.subs[id]}, rapid.SampledFrom(w.vacancies).Draw(rt, "vacancy"),
		rapid.SampledFrom([]sendwatch.AlertEvent{"new", "pay:1"}).Draw(rt, "event"))
	a.DueAt = a.DueAt.Add(time.Duration(rapid.IntRange(0, 60).Draw(rt, "due in")) * time.Minute)
	w.b.owe(a)

	key := [3]string{a.Person, w.name(a.Vacancy), string(a.Event)}
	row := w.rows[key]
	if row == nil {
		row = &modelRow{subs: map[string]bool{}, due: a.DueAt}
		w.rows[key] = row
	}
	if row.told || row.digest != "" {
		return
	}
	row.subs[id] = true
	if a.DueAt.Before(row.due) {
		row.due = a.DueAt
	}
}

func (w *world) claimOne(rt *rapid.T) {
	d, err := w.b.ClaimDigest(w.b.t.Context(), 30*time.Minute)
	w.must(err)
	now := w.b.clock.Now()
	if d == nil {
		for key, row := range w.rows {
			if !row.told && row.digest == "" && !row.due.After(now) && !w.waiting(key[0]) {
				rt.Fatalf("nothing was claimed, though %v is due", key)
			}
		}
		return
	}
	if old := w.held[d.ID]; old != nil {
		if old.MessageID != d.MessageID || !cmp.Equal(old.Alerts, d.Alerts) {
			rt.Fatalf("a digest changed from %+v to %+v", old, d)
		}
		w.held[d.ID] = d
		return
	}
	if len(d.Alerts) == 0 {
		rt.Fatal("an empty digest")
	}
	if w.waiting(d.Person) {
		rt.Fatalf("a second digest of %s while one is unsent", d.Person)
	}
	w.held[d.ID] = d
	got := map[[3]string]bool{}
	for _, a := range d.Alerts {
		got[[3]string{a.Person, a.Vacancy, string(a.Event)}] = true
	}
	for key, row := range w.rows {
		want := key[0] == d.Person && !row.told && row.digest == "" && !row.due.After(now)
		if got[key] != want {
			rt.Fatalf("%v in the digest: %v, want %v", key, got[key], want)
		}
		if want {
			row.digest = d.ID
		}
	}
	if len(got) != len(d.Alerts) {
		rt.Fatal("an alert stands twice in a digest")
	}
}

func (w *world) waiting(person string) bool {
	for _, d := range w.held {
		if d.Person == person {
			return true
		}
	}
	return false
}

func (w *world) pick(rt *rapid.T) *sendwatch.Digest {
	if len(w.held) == 0 {
		rt.Skip("no digest is held")
	}
	return w.held[rapid.SampledFrom(slices.Sorted(maps.Keys(w.held))).Draw(rt, "digest")]
}

func (w *world) send(rt *rapid.T) {
	d := w.pick(rt)
	if d.Token == "" {
		rt.Skip("it was given back")
	}
	w.must(w.b.DigestSent(w.b.t.Context(), d.ID, d.Token))
	delete(w.held, d.ID)
	for _, row := range w.rows {
		if row.digest == d.ID {
			row.told = true
		}
	}
}

func (w *world) retry(rt *rapid.T) {
	d := w.pick(rt)
	if d.Token == "" {
		rt.Skip("it was given back")
	}
	w.must(w.b.DigestRetry(w.b.t.Context(), d.ID, d.Token, w.b.clock.Now().Add(time.Hour), "later"))
	d.Token = ""
}

func (w *world) unite(rt *rapid.T) {
	if len(w.vacancies)-len(w.alias) < 2 {
		rt.Skip("one vacancy is left")
	}
	var live []string
	for _, v := range w.vacancies {
		if w.alias[v] == "" {
			live = append(live, v)
		}
	}
	i := rapid.IntRange(1, len(live)-1).Draw(rt, "younger")
	older, younger := live[i-1], live[i]
	ctx := w.b.t.Context()
	w.must(w.b.Write(ctx, func(tx *store.Tx) error { return tx.Unite(ctx, older, younger) }))
	w.alias[younger] = older
	for key, row := range w.rows {
		if key[1] != younger {
			continue
		}
		delete(w.rows, key)
		key[1] = older
		if there := w.rows[key]; there != nil {
			row = uniteModel(there, row)
		}
		w.rows[key] = row
	}
}

func uniteModel(a, b *modelRow) *modelRow {
	switch {
	case a.told:
		return a
	case b.told:
		return b
	case a.digest != "":
		return a
	case b.digest != "":
		return b
	}
	maps.Copy(a.subs, b.subs)
	if b.due.Before(a.due) {
		a.due = b.due
	}
	return a
}

func (w *world) end(rt *rapid.T) {
	if len(w.subs) < 3 {
		rt.Skip("some must listen")
	}
	id := rapid.SampledFrom(slices.Sorted(maps.Keys(w.subs))).Draw(rt, "subscription")
	person := w.subs[id]
	if w.waiting(person) {
		rt.Skip("a digest is under way")
	}
	w.must(w.b.EndSubscription(w.b.t.Context(), id))
	delete(w.subs, id)
	for key, row := range w.rows {
		if key[0] != person || row.told || row.digest != "" {
			continue
		}
		if delete(row.subs, id); len(row.subs) == 0 {
			delete(w.rows, key)
		}
	}
}

// check compares the ledger with the map.
func (w *world) check(rt *rapid.T) {
	for _, p := range w.people {
		d, err := w.b.ExportPerson(w.b.t.Context(), p)
		w.must(err)
		n := 0
		for _, a := range d.Alerts {
			n++
			row, ok := w.rows[[3]string{p, a.Vacancy, string(a.Event)}]
			if !ok {
				rt.Fatalf("the ledger holds %s %s, the map does not", a.Vacancy, a.Event)
			}
			if (a.ToldAt != nil) != row.told {
				rt.Fatalf("%s %s told: %v, want %v", a.Vacancy, a.Event, a.ToldAt != nil, row.told)
			}
			if !row.told && row.digest == "" {
				if want := slices.Sorted(maps.Keys(row.subs)); !slices.Equal(a.Subscriptions, want) || !a.DueAt.Equal(row.due) {
					rt.Fatalf("%s %s is owed to %v at %v, want %v at %v", a.Vacancy, a.Event, a.Subscriptions, a.DueAt, want, row.due)
				}
			}
		}
		for key := range w.rows {
			if key[0] == p {
				n--
			}
		}
		if n != 0 {
			rt.Fatalf("the ledger of %s has %d rows more than the map", p, n)
		}
	}
}
