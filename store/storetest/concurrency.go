package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

// crowd is three processes on one database.
type crowd struct {
	*bench
	stores []*store.Store
}

func newCrowd(t *testing.T, open Open) *crowd {
	t.Helper()
	c := &crowd{bench: newBench(t, open)}
	c.stores = []*store.Store{c.Store}
	for len(c.stores) < 3 {
		c.stores = append(c.stores, open(t, c.opts))
	}
	return c
}

// each runs fn in n goroutines, on the stores in turn, and waits for all.
func (c *crowd) each(n int, fn func(i int, s *store.Store)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { fn(i, c.stores[i%len(c.stores)]) })
	}
	wg.Wait()
}

// ok fails the test on an error that none of the excused is.
func (c *crowd) ok(err error, excused ...error) {
	c.t.Helper()
	if err != nil && !slices.ContainsFunc(excused, func(e error) bool { return errors.Is(err, e) }) {
		c.t.Error(err)
	}
}

// testConcurrency is about what several processes do to each other.
func testConcurrency(t *testing.T, open Open) {
	t.Run("each piece of work is claimed once", func(t *testing.T) {
		c := newCrowd(t, open)
		const people = 40
		for i := range people {
			c.signup(fmt.Sprintf("p%d@example.org", i), "semh")
		}
		var mu sync.Mutex
		claims := map[string]int{}
		c.each(9, func(_ int, s *store.Store) {
			for {
				m, err := s.ClaimConfirmation(t.Context(), time.Minute)
				if c.ok(err); m == nil {
					return
				}
				mu.Lock()
				claims[m.Person]++
				mu.Unlock()
				c.ok(s.ConfirmationSent(t.Context(), m.ID, m.Token))
			}
		})
		for person, n := range claims {
			if n != 1 {
				t.Errorf("%s was claimed %d times", person, n)
			}
		}
		if len(claims) != people {
			t.Errorf("%d claimed, want %d", len(claims), people)
		}
	})

	t.Run("an alert is frozen into one digest", func(t *testing.T) { frozenOnce(t, open) })
	t.Run("what several readers owe unites", func(t *testing.T) { owedTogether(t, open) })
	t.Run("an alert follows its vacancy", func(t *testing.T) { owedWhileUniting(t, open) })
	t.Run("sent while its vacancy unites", func(t *testing.T) {
		b := newBench(t, open)
		b.vacancy("old")
		b.vacancy("young")
		sub := b.person("ann@example.org")
		b.owe(b.alert(sub, "young", "new"))
		d := b.claim()
		sent := make(chan error, 1)
		b.must(b.Write(t.Context(), func(tx *store.Tx) error {
			if err := tx.Unite(t.Context(), "old", "young"); err != nil {
				return err
			}
			go func() { sent <- b.DigestSent(t.Context(), d.ID, d.Token) }()
			time.Sleep(50 * time.Millisecond) // so that it meets us, most likely
			return nil
		}))
		b.must(<-sent)
		if told, err := b.Told(t.Context(), "old"); err != nil || told[sub.Person].ToldAt == nil {
			t.Errorf("it was sent and is not told: %+v (%v)", told, err)
		}
	})
	t.Run("asked again while a confirmation is dropped", func(t *testing.T) {
		c := newCrowd(t, open)
		for round := range 40 {
			email := fmt.Sprintf("p%d@example.org", round)
			c.must(c.EndSubscription(t.Context(), c.signup(email, "semh").ID)) // nothing waits for it now
			var claimed *store.Confirmation
			c.each(2, func(i int, s *store.Store) {
				var err error
				if i == 0 {
					_, err = s.Subscribe(t.Context(), store.Signup{Email: email, Criteria: sendwatch.Criteria{Words: "autism"}})
				} else {
					claimed, err = s.ClaimConfirmation(t.Context(), time.Minute)
				}
				c.ok(err)
			})
			if claimed == nil {
				var err error
				claimed, err = c.ClaimConfirmation(t.Context(), time.Minute)
				c.must(err)
			}
			if claimed == nil || claimed.Email != email {
				t.Fatalf("round %d: %+v is claimed; somebody waits to be asked for ever", round, claimed)
			}
		}
	})
	t.Run("subscribing and leaving", func(t *testing.T) { storm(t, open) })

	t.Run("one address, one person", func(t *testing.T) {
		c := newCrowd(t, open)
		var mu sync.Mutex
		people, subs := map[string]bool{}, map[string]bool{}
		c.each(12, func(_ int, s *store.Store) {
			sub, err := s.Subscribe(t.Context(), store.Signup{Email: "ann@example.org", Frequency: sendwatch.Daily})
			c.ok(err)
			mu.Lock()
			defer mu.Unlock()
			people[sub.Person], subs[sub.ID] = true, true
		})
		if len(people) != 1 || len(subs) != 1 {
			t.Errorf("%d people with %d subscriptions, want one of each", len(people), len(subs))
		}
		if due, err := c.DueConfirmations(t.Context()); err != nil || len(due) != 1 {
			t.Errorf("%d confirmations (%v), want one", len(due), err)
		}
	})

	t.Run("a cursor moves once", func(t *testing.T) {
		c := newCrowd(t, open)
		for round := range int64(10) {
			var mu sync.Mutex
			won := 0
			c.each(6, func(_ int, s *store.Store) {
				err := s.Owe(t.Context(), store.Owed{Reader: "match", From: round, To: round + 1})
				c.ok(err, store.ErrCursorMoved)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
				}
			})
			if won != 1 {
				t.Errorf("round %d: %d processes moved the cursor, want one", round, won)
			}
		}
	})

	t.Run("sources that several make known", func(t *testing.T) {
		c := newCrowd(t, open)
		var ids []string
		for i := range 30 {
			ids = append(ids, fmt.Sprintf("s%02d", i))
		}
		c.each(6, func(_ int, s *store.Store) {
			mine := slices.Clone(ids)
			rand.Shuffle(len(mine), func(i, j int) { mine[i], mine[j] = mine[j], mine[i] })
			c.ok(s.EnsureSources(t.Context(), mine))
		})
		if due, err := c.DueSources(t.Context()); err != nil || !slices.Equal(due, ids) {
			t.Errorf("due %v (%v), want all", due, err)
		}
	})

	t.Run("crawls that meet", func(t *testing.T) { crawlsMeet(t, open) })

	// Each of these does one thing in a transaction that is under way, and another
	// that must wait for it; that one gives up before it may begin.
	t.Run("what waits for a transaction under way", func(t *testing.T) {
		for name, c := range map[string]struct {
			inside  func(context.Context, *store.Tx, store.Lease) error
			outside func(context.Context, *store.Store, store.Lease) error
		}{
			"who holds a lease is not overtaken": {
				func(ctx context.Context, tx *store.Tx, l store.Lease) error { return tx.Holds(ctx, l) },
				func(ctx context.Context, s *store.Store, l store.Lease) error {
					return second(s.ClaimSource(ctx, l.ID, time.Minute, true))
				},
			},
			"a posting that is read to be written is not touched": {
				func(ctx context.Context, tx *store.Tx, l store.Lease) error {
					return second(tx.Posting(ctx, l.ID, "r"))
				},
				func(ctx context.Context, s *store.Store, l store.Lease) error {
					return s.Touch(ctx, l, []store.Touch{{Reference: "r"}})
				},
			},
			"nothing is owed while vacancies unite": {
				func(ctx context.Context, tx *store.Tx, _ store.Lease) error { return tx.Unite(ctx, "old", "young") },
				func(ctx context.Context, s *store.Store, _ store.Lease) error {
					return s.Owe(ctx, store.Owed{Reader: "match"})
				},
			},
			"the log has one writer": {
				func(context.Context, *store.Tx, store.Lease) error { return nil },
				func(ctx context.Context, s *store.Store, _ store.Lease) error {
					return s.Write(ctx, func(*store.Tx) error { return nil })
				},
			},
		} {
			t.Run(name, func(t *testing.T) {
				w := newBench(t, open)
				l := w.lease("a")
				w.put(w.sample(l, "r", "v"))
				w.clock.add(2 * time.Hour) // the lease ran out: it may be taken over
				w.must(w.Write(t.Context(), func(tx *store.Tx) error {
					if err := c.inside(t.Context(), tx, l); err != nil {
						return err
					}
					soon, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
					defer cancel()
					if err := c.outside(soon, w.Store, l); err == nil {
						t.Error("it did not wait")
					}
					return nil
				}))
				w.must(c.outside(t.Context(), w.Store, l))
			})
		}
	})
}

// frozenOnce lets several processes claim while others owe.
func frozenOnce(t *testing.T, open Open) {
	c := newCrowd(t, open)
	const people, vacancies = 8, 12
	var subs []sendwatch.Subscription
	for i := range people {
		subs = append(subs, c.person(fmt.Sprintf("p%d@example.org", i)))
	}
	for v := range vacancies {
		c.vacancy(fmt.Sprint("v", v))
	}
	var mu sync.Mutex
	told := map[string]int{}
	deliver := func(s *store.Store) bool {
		d, err := s.ClaimDigest(t.Context(), time.Minute)
		if c.ok(err); d == nil {
			return false
		}
		if len(d.Alerts) == 0 {
			t.Error("an empty digest")
		}
		mu.Lock()
		for _, a := range d.Alerts {
			told[a.Person+" "+a.Vacancy]++
		}
		mu.Unlock()
		c.ok(s.DigestSent(t.Context(), d.ID, d.Token))
		return true
	}
	c.each(9, func(i int, s *store.Store) {
		if i < 3 {
			for v := range vacancies {
				var alerts []sendwatch.Alert
				for _, sub := range subs {
					alerts = append(alerts, c.alert(sub, fmt.Sprint("v", (v+i)%vacancies), "new"))
				}
				at := int64(v)
				c.ok(s.Owe(t.Context(), store.Owed{Reader: fmt.Sprint("reader", i), From: at, To: at + 1, Alerts: alerts}))
			}
			return
		}
		for range 20 {
			deliver(s)
		}
	})
	for deliver(c.Store) {
	}
	for alert, n := range told {
		if n != 1 {
			t.Errorf("%s was told %d times", alert, n)
		}
	}
	if len(told) != people*vacancies {
		t.Errorf("%d alerts told, want %d", len(told), people*vacancies)
	}
}

// owedTogether lets several readers owe the same alerts, each in an order of its own.
func owedTogether(t *testing.T, open Open) {
	c := newCrowd(t, open)
	const readers, people = 6, 20
	subs := make([][]sendwatch.Subscription, readers)
	for r := range readers {
		for p := range people {
			sub, err := c.Subscribe(t.Context(), store.Signup{Email: fmt.Sprintf("p%d@example.org", p), Confirmed: true, Criteria: sendwatch.Criteria{Words: fmt.Sprint(r)}})
			c.must(err)
			subs[r] = append(subs[r], sub)
		}
	}
	for _, v := range []string{"a", "b"} {
		c.vacancy(v)
	}
	c.each(readers, func(r int, s *store.Store) {
		for at := range int64(4) { // again and again: the same
			var alerts []sendwatch.Alert
			for _, i := range rand.Perm(people) {
				alerts = append(alerts, c.alert(subs[r][i], "a", "new"), c.alert(subs[r][i], "b", "new"))
			}
			c.ok(s.Owe(t.Context(), store.Owed{Reader: fmt.Sprint("reader", r), From: at, To: at + 1, Alerts: alerts}))
		}
	})
	for range people {
		d := c.claim()
		if len(d.Alerts) != 2 {
			t.Errorf("%d alerts in a digest, want 2", len(d.Alerts))
		}
		for _, a := range d.Alerts {
			if len(a.Subscriptions) != readers || len(a.Reasons) != readers {
				t.Errorf("%d subscriptions and %d reasons, want those of %d readers", len(a.Subscriptions), len(a.Reasons), readers)
			}
		}
	}
	c.noDigest("every alert was claimed")
}

// owedWhileUniting owes of vacancies that become one meanwhile, by turns. Whatever
// came first, every alert is told, under the older name, once.
func owedWhileUniting(t *testing.T, open Open) {
	c := newCrowd(t, open)
	const rounds = 12
	sub := c.person("ann@example.org")
	for i := range rounds {
		for _, v := range []string{"old", "young", "youngest"} {
			c.vacancy(fmt.Sprint(v, i))
		}
	}
	c.each(3, func(i int, s *store.Store) {
		for round := range rounds {
			name := func(v string) string { return fmt.Sprint(v, round) }
			if i == 0 {
				c.ok(s.Write(t.Context(), func(tx *store.Tx) error {
					return errors.Join(tx.Unite(t.Context(), name("young"), name("youngest")), tx.Unite(t.Context(), name("old"), name("young")))
				}))
				continue
			}
			at := int64(round)
			c.ok(s.Owe(t.Context(), store.Owed{Reader: fmt.Sprint("reader", i), From: at, To: at + 1,
				Alerts: []sendwatch.Alert{c.alert(sub, name("youngest"), "new"), c.alert(sub, name("old"), "new"), c.alert(sub, name("young"), "new")}}))
			d, err := s.ClaimDigest(t.Context(), time.Minute)
			if c.ok(err); d != nil {
				c.ok(s.DigestSent(t.Context(), d.ID, d.Token))
			}
		}
	})
	for {
		d, err := c.ClaimDigest(t.Context(), time.Minute)
		c.must(err)
		if d == nil {
			break
		}
		c.must(c.DigestSent(t.Context(), d.ID, d.Token))
	}
	for round := range rounds {
		told, err := c.Told(t.Context(), fmt.Sprint("old", round))
		c.must(err)
		if len(told) != 1 || told[sub.Person].ToldAt == nil {
			t.Errorf("of vacancy %d the ledger holds %+v, want one row, told", round, told)
		}
	}
	data, err := c.ExportPerson(t.Context(), sub.Person)
	c.must(err)
	if len(data.Alerts) != rounds {
		t.Errorf("the ledger holds %d rows, want %d: none under a name that is gone", len(data.Alerts), rounds)
	}
}
