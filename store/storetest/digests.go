package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

func testDigests(t *testing.T, open Open) {
	t.Run("order, identity and sending", func(t *testing.T) {
		b := newBench(t, open)
		for _, v := range []string{"a", "b", "c", "d"} {
			b.vacancy(v)
		}
		sub := b.person("ann@example.org")
		alert := func(v string, e sendwatch.AlertEvent, f sendwatch.Fit, score int) sendwatch.Alert {
			x := b.alert(sub, v, e)
			x.Fit, x.Score = f, score
			return x
		}
		b.owe(alert("a", "closes:2026-09-09", sendwatch.FitStrong, 99), alert("b", "new", sendwatch.FitPossible, 90),
			alert("c", "new", sendwatch.FitStrong, 10), alert("d", "new", sendwatch.FitStrong, 20))
		due, err := b.DueDigests(t.Context())
		b.must(err)
		d := b.claim()
		var got []string
		for _, a := range d.Alerts {
			got = append(got, a.Vacancy)
		}
		if want := []string{"d", "c", "b", "a"}; !slices.Equal(got, want) {
			t.Errorf("order %v, want %v", got, want)
		}
		if len(due) != 1 || due[0].ID != "" || !cmp.Equal(due[0].Alerts, d.Alerts) {
			t.Errorf("the dry run shows %+v", due)
		}
		if d.Attempts != 1 || d.Person != sub.Person || !strings.HasPrefix(d.MessageID, "<") || !strings.HasSuffix(d.MessageID, "@alerts.example.org>") {
			t.Errorf("digest %+v", d)
		}
		b.noDigest("it is leased")
		if err := b.DigestSent(t.Context(), d.ID, "stale"); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("sent under a stale token: %v, want ErrLeaseLost", err)
		}
		b.must(b.DigestSent(t.Context(), d.ID, d.Token))
		if err := b.DigestSent(t.Context(), d.ID, d.Token); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("sent twice: %v, want ErrLeaseLost", err)
		}
		b.clock.add(time.Hour)
		b.noDigest("everything was told")
	})

	t.Run("frozen, and taken back after its lease ran out", func(t *testing.T) {
		b := newBench(t, open)
		b.vacancy("a")
		b.vacancy("b")
		sub := b.person("ann@example.org")
		b.owe(b.alert(sub, "a", "new"))
		first := b.claim()
		b.owe(b.alert(sub, "b", "new")) // waits for the next digest
		b.clock.add(2 * time.Minute)
		again := b.claim()
		want := *first
		want.Token, want.Attempts = again.Token, 2
		if d := cmp.Diff(&want, again); d != "" || again.Token == first.Token {
			t.Errorf("first, again (tokens %q and %q):\n%s", first.Token, again.Token, d)
		}
		for name, err := range map[string]error{
			"sent":    b.DigestSent(t.Context(), first.ID, first.Token),
			"retry":   b.DigestRetry(t.Context(), first.ID, first.Token, b.clock.Now(), ""),
			"dropped": b.DigestDropped(t.Context(), first.ID, first.Token, ""),
		} {
			if !errors.Is(err, store.ErrLeaseLost) {
				t.Errorf("%s by the first claim: %v, want ErrLeaseLost", name, err)
			}
		}
		b.must(b.DigestRetry(t.Context(), again.ID, again.Token, b.clock.Now().Add(time.Hour), "451 later"))
		b.noDigest("the retry is due in an hour, and the other alert waits for it")
		b.clock.add(time.Hour)
		if due, err := b.DueDigests(t.Context()); err != nil || len(due) != 1 || due[0].ID != first.ID || due[0].Attempts != 2 {
			t.Errorf("the dry run shows %+v (%v), want the retry", due, err)
		}
		third := b.claim()
		if third.MessageID != first.MessageID || third.Attempts != 3 {
			t.Errorf("third try %+v, want the same message", third)
		}
		b.must(b.DigestSent(t.Context(), third.ID, third.Token))
		if next := b.claim(); len(next.Alerts) != 1 || next.Alerts[0].Vacancy != "b" || next.MessageID == first.MessageID {
			t.Errorf("next %+v, want the alert that waited", next)
		}
	})

	t.Run("a dropped digest is not told again", func(t *testing.T) {
		b := newBench(t, open)
		b.vacancy("a")
		sub := b.person("ann@example.org")
		b.owe(b.alert(sub, "a", "new"))
		d := b.claim()
		b.must(b.DigestDropped(t.Context(), d.ID, d.Token, "550 no such user"))
		b.owe(b.alert(sub, "a", "new"))
		b.clock.add(time.Hour)
		b.noDigest("it was given up")
	})

	t.Run("a closed vacancy waits", func(t *testing.T) {
		b := newBench(t, open)
		b.vacancy("a")
		sub := b.person("ann@example.org")
		b.owe(b.alert(sub, "a", "new"))
		set := func(s sendwatch.VacancyState) {
			b.must(b.Write(t.Context(), func(tx *store.Tx) error {
				v, err := tx.Vacancy(t.Context(), "a")
				if err != nil {
					return err
				}
				v.State = s
				return tx.PutVacancy(t.Context(), v)
			}))
		}
		set(sendwatch.VacancyClosed)
		b.noDigest("it closed before it was told")
		set(sendwatch.VacancyOpen)
		b.claim()
	})

	t.Run("who left is not written to", func(t *testing.T) {
		for name, leave := range map[string]func(*bench, sendwatch.Subscription) error{
			"unsubscribed": func(b *bench, s sendwatch.Subscription) error { return b.Unsubscribe(t.Context(), s.Person) },
			"erased":       func(b *bench, s sendwatch.Subscription) error { return b.ErasePerson(t.Context(), s.Person) },
			"suppressed": func(b *bench, _ sendwatch.Subscription) error {
				return b.Suppress(t.Context(), "ann@example.org", "complaint")
			},
			"ended":  func(b *bench, s sendwatch.Subscription) error { return b.EndSubscription(t.Context(), s.ID) },
			"paused": func(b *bench, s sendwatch.Subscription) error { return b.PauseSubscription(t.Context(), s.ID) },
		} {
			t.Run(name, func(t *testing.T) {
				b := newBench(t, open)
				b.vacancy("a")
				b.vacancy("b")
				sub := b.person("ann@example.org")
				b.owe(b.alert(sub, "a", "new"))
				d := b.claim()
				b.must(b.DigestRetry(t.Context(), d.ID, d.Token, b.clock.Now(), "")) // frozen, unsent
				b.owe(b.alert(sub, "b", "new"))                                      // owed
				b.must(leave(b, sub))
				b.clock.add(time.Hour)
				b.noDigest("the person " + name)
			})
		}
	})

	t.Run("claims at once", func(t *testing.T) {
		b := newBench(t, open)
		other := open(t, b.opts)
		b.vacancy("a")
		const people = 30
		var alerts []sendwatch.Alert
		for i := range people {
			alerts = append(alerts, b.alert(b.person(fmt.Sprintf("p%d@example.org", i)), "a", "new"))
		}
		b.owe(alerts...)
		var mu sync.Mutex
		claimed := map[string]int{}
		var wg sync.WaitGroup
		for w := range 6 {
			s := b.Store
			if w%2 == 1 {
				s = other
			}
			wg.Go(func() {
				for {
					d, err := s.ClaimDigest(t.Context(), time.Minute)
					if err != nil {
						t.Error(err)
					}
					if d == nil {
						return
					}
					mu.Lock()
					claimed[d.Person]++
					mu.Unlock()
					if err := s.DigestSent(t.Context(), d.ID, d.Token); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		for person, n := range claimed {
			if n != 1 {
				t.Errorf("%s was claimed %d times", person, n)
			}
		}
		if len(claimed) != people {
			t.Errorf("%d people were written to, want %d", len(claimed), people)
		}
	})
}

func testSuppression(t *testing.T, open Open) {
	b := newBench(t, open)
	b.must(b.Suppress(t.Context(), "Ann@Example.org", "hard bounce"))
	b.must(b.Suppress(t.Context(), "ann@example.org", "again"))
	for email, want := range map[string]bool{" ann@example.ORG ": true, "bob@example.org": false} {
		if got, err := b.Suppressed(t.Context(), email); err != nil || got != want {
			t.Errorf("Suppressed(%q) = %v (%v), want %v", email, got, err, want)
		}
	}
	_, err := b.Subscribe(t.Context(), store.Signup{Email: "ann@example.org", Confirmed: true})
	if !errors.Is(err, store.ErrSuppressed) {
		t.Errorf("subscribing a suppressed address: %v, want ErrSuppressed", err)
	}
	if _, err := b.SubscriberByEmail(t.Context(), "ann@example.org"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the address was kept: %v", err)
	}
}
