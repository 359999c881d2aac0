package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

// storm subscribes, confirms, pauses, unsubscribes and erases a few people while
// they are owed and sent things.
func storm(t *testing.T, open Open) {
	c := newCrowd(t, open)
	const addresses = 3
	c.vacancy("v")
	email := func(i int) string { return fmt.Sprintf("p%d@example.org", i) }
	c.each(9, func(i int, s *store.Store) {
		reader := fmt.Sprint("reader", i)
		at := int64(0)
		for range 25 {
			sub, err := s.Subscribe(t.Context(), store.Signup{Email: email(rand.IntN(addresses)), Frequency: sendwatch.Instant, Confirmed: i%2 == 0})
			c.ok(err, store.ErrNotFound)
			if err != nil {
				continue
			}
			switch rand.IntN(8) {
			case 0:
				c.ok(s.Confirm(t.Context(), sub.Person), store.ErrNotFound)
			case 1:
				c.ok(s.Unsubscribe(t.Context(), sub.Person))
			case 2:
				c.ok(s.ErasePerson(t.Context(), sub.Person))
			case 3:
				c.ok(s.PauseSubscription(t.Context(), sub.ID), store.ErrNotFound)
			case 4:
				c.ok(s.EndSubscription(t.Context(), sub.ID), store.ErrNotFound)
			case 5:
				d, err := s.ClaimDigest(t.Context(), time.Minute)
				if c.ok(err); d != nil {
					c.ok(s.DigestSent(t.Context(), d.ID, d.Token), store.ErrLeaseLost)
				}
			case 6:
				m, err := s.ClaimConfirmation(t.Context(), time.Minute)
				if c.ok(err); m != nil {
					c.ok(s.ConfirmationSent(t.Context(), m.ID, m.Token), store.ErrLeaseLost)
				}
			default:
				c.ok(s.Owe(t.Context(), store.Owed{Reader: reader, From: at, To: at + 1, Alerts: []sendwatch.Alert{c.alert(sub, "v", "new")}}))
				at++
			}
		}
	})
	head, err := c.Head(t.Context())
	c.must(err)
	checkDense(t, c.bench, int(head))

	c.clock.add(time.Hour) // leases of what was lost run out
	for i := range addresses {
		p, err := c.SubscriberByEmail(t.Context(), email(i))
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		c.must(err)
		c.must(c.Suppress(t.Context(), email(i), "complaint"))
		c.must(c.Unsubscribe(t.Context(), p.Person))
		d, err := c.ExportPerson(t.Context(), p.Person)
		c.must(err)
		for _, a := range d.Alerts {
			if a.ToldAt == nil {
				t.Errorf("%s left and is still owed %s", p.Person, a.Vacancy)
			}
		}
		for _, m := range d.Messages {
			if m.State == "frozen" || m.State == "queued" {
				t.Errorf("%s left and a %s is still %s", p.Person, m.Kind, m.State)
			}
		}
	}
	c.noDigest("everybody left")
	if m, err := c.ClaimConfirmation(t.Context(), time.Minute); err != nil || m != nil {
		t.Errorf("everybody left, yet %+v was claimed (%v)", m, err)
	}
	counts, err := c.Counts(t.Context())
	c.must(err)
	if counts.Subscriptions != 0 || counts.Alerts != counts.Told {
		t.Errorf("%+v: somebody who was erased is owed something", counts)
	}
}

// crawlsMeet lets a crawl touch its postings while the log's transactions write,
// close and unite them and expired ones are marked.
func crawlsMeet(t *testing.T, open Open) {
	c := newCrowd(t, open)
	l := c.lease("a")
	const postings = 40
	for i := range postings {
		p := c.sample(l, fmt.Sprintf("r%02d", i), fmt.Sprint("v", i))
		if i%2 == 0 {
			p.Reading.ClosesAt = ptr(c.clock.Now())
		}
		c.vacancy(p.Vacancy)
		c.put(p)
	}
	l = c.next(l)
	c.each(4, func(i int, s *store.Store) {
		for range 6 {
			switch order := rand.Perm(postings); i {
			case 0:
				var touches []store.Touch
				for _, n := range order {
					touches = append(touches, store.Touch{Reference: fmt.Sprintf("r%02d", n), Page: store.Page{URL: fmt.Sprint("p", n)}})
				}
				c.ok(s.Touch(t.Context(), l, touches))
			case 1:
				c.ok(s.Write(t.Context(), func(tx *store.Tx) error {
					for _, n := range order {
						p, err := tx.Posting(t.Context(), "a", fmt.Sprintf("r%02d", n))
						if err == nil {
							err = tx.PutPosting(t.Context(), p)
						}
						if err != nil {
							return err
						}
					}
					return nil
				}))
			case 2:
				c.ok(second(s.MarkExpired(t.Context(), 10)))
				c.ok(second(s.RenewLease(t.Context(), l, time.Hour)))
			default:
				for _, n := range order[:3] {
					c.ok(s.PutQuarantine(t.Context(), store.Quarantined{Source: "a", URL: fmt.Sprint("q", n)}))
					c.ok(second(s.Reserve(t.Context(), fmt.Sprint("host", n%2), time.Second)))
				}
			}
		}
	})
	c.must(c.Touch(t.Context(), l, []store.Touch{{Reference: "r00"}}))
	c.must(c.EndCrawl(t.Context(), l, store.CrawlEnd{Complete: true, Healthy: true, CloseAfter: 1}))
	marked, err := c.MarkedForClosing(t.Context(), "a", 100)
	c.must(err)
	for _, m := range marked {
		if m.Why != store.ClosedExpired {
			t.Errorf("%s is marked as %s, though it was touched", m.Reference, m.Why)
		}
	}
	if len(marked) != postings/2 {
		t.Errorf("%d marked, want the %d that expired", len(marked), postings/2)
	}
}
