package storetest

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

// signup asks for alerts, unconfirmed.
func (b *bench) signup(email, words string) sendwatch.Subscription {
	b.t.Helper()
	sub, err := b.Subscribe(b.t.Context(), store.Signup{Email: email, Frequency: sendwatch.Daily, Criteria: sendwatch.Criteria{Words: words},
		Consent: store.Consent{Wording: "Tell me of " + words, At: b.clock.Now()}})
	b.must(err)
	return sub
}

func (b *bench) state(id string) sendwatch.SubscriptionState {
	b.t.Helper()
	n, err := b.Subscription(b.t.Context(), id)
	b.must(err)
	return n.State
}

func testSubscribers(t *testing.T, open Open) {
	t.Run("a subscription comes back whole", func(t *testing.T) {
		b := newBench(t, open)
		radius := 12.5
		want, err := b.Subscribe(t.Context(), store.Signup{Email: "ann@example.org", Frequency: sendwatch.Weekly, Confirmed: true,
			Criteria:  sendwatch.Criteria{Words: "semh", Homes: []sendwatch.Home{{Near: "RG41", WithinMiles: 10}}, Hours: sendwatch.Range{Min: &radius}},
			Candidate: &sendwatch.Candidate{Holds: []string{"dbs"}, RadiusMiles: &radius}})
		b.must(err)
		got, err := b.Subscription(t.Context(), want.ID)
		b.must(err)
		if d := cmp.Diff(want, got); d != "" || got.State != sendwatch.Active {
			t.Errorf("want, got:\n%s", d)
		}
		if _, err := b.Subscription(t.Context(), "none"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("unknown subscription: %v, want ErrNotFound", err)
		}
	})

	t.Run("confirmed by the person", func(t *testing.T) {
		b := newBench(t, open)
		one, two := b.signup("ann@example.org", "semh"), b.signup("ann@example.org", "autism")
		if one.State != sendwatch.Unconfirmed || b.events(0) != nil {
			t.Errorf("before: %s, log %v", one.State, b.events(0))
		}
		if subs, err := b.Subscriptions(t.Context(), "", 10); err != nil || len(subs) != 0 {
			t.Errorf("active before it was confirmed: %v (%v)", subs, err)
		}
		b.must(b.Confirm(t.Context(), one.Person))
		b.must(b.Confirm(t.Context(), one.Person)) // twice is harmless
		if got, want := b.events(0), []string{"subscription-created " + one.ID, "subscription-created " + two.ID}; !slices.Equal(got, want) {
			t.Errorf("log %v, want %v", got, want)
		}
		p, err := b.Subscriber(t.Context(), one.Person)
		if err != nil || p.ConfirmedAt == nil || p.Email != "ann@example.org" || p.Consent.Wording != "Tell me of semh" {
			t.Errorf("%+v (%v)", p, err)
		}
		if err := b.Confirm(t.Context(), "nobody"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("confirming nobody: %v, want ErrNotFound", err)
		}
	})

	t.Run("a confirmed person's new request waits for a confirmation too", func(t *testing.T) {
		b := newBench(t, open)
		b.person("ann@example.org")
		if n := b.signup("ann@example.org", "semh"); n.State != sendwatch.Unconfirmed {
			t.Errorf("it stands %s: anybody who knows an address could subscribe it", n.State)
		}
	})

	t.Run("the same request is kept once", func(t *testing.T) {
		b := newBench(t, open)
		one, again := b.person("ann@example.org"), b.person("ann@example.org")
		if one.ID != again.ID || len(b.events(0)) != 1 {
			t.Errorf("%s and %s, log %v", one.ID, again.ID, b.events(0))
		}
		b.must(b.EndSubscription(t.Context(), one.ID))
		if fresh := b.person("ann@example.org"); fresh.ID == one.ID {
			t.Error("an ended subscription was given again")
		}
	})

	t.Run("turns", func(t *testing.T) {
		b := newBench(t, open)
		n := b.person("ann@example.org")
		head, err := b.Head(t.Context())
		b.must(err)
		b.clock.add(time.Hour)
		b.must(b.ResumeSubscription(t.Context(), n.ID)) // it is active: nothing
		b.must(b.PauseSubscription(t.Context(), n.ID))
		b.must(b.PauseSubscription(t.Context(), n.ID))
		if s := b.state(n.ID); s != sendwatch.Paused {
			t.Errorf("it stands %s, want paused", s)
		}
		b.must(b.ResumeSubscription(t.Context(), n.ID))
		n.Criteria.Words, n.Frequency = "autism", sendwatch.Weekly
		b.must(b.EditSubscription(t.Context(), n))
		got, err := b.Subscription(t.Context(), n.ID)
		if err != nil || got.Criteria.Words != "autism" || got.Frequency != sendwatch.Weekly || !got.ChangedAt.Equal(b.clock.Now()) || !got.CreatedAt.Equal(n.CreatedAt) {
			t.Errorf("edited: %+v (%v)", got, err)
		}
		b.must(b.EndSubscription(t.Context(), n.ID))
		b.must(b.ResumeSubscription(t.Context(), n.ID)) // for good
		want := []string{"subscription-paused " + n.ID, "subscription-changed " + n.ID, "subscription-changed " + n.ID, "subscription-erased " + n.ID}
		if log := b.events(head); !slices.Equal(log, want) {
			t.Errorf("log %v, want %v", log, want)
		}
		if err := b.PauseSubscription(t.Context(), "none"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("unknown: %v, want ErrNotFound", err)
		}
		if err := b.EditSubscription(t.Context(), sendwatch.Subscription{ID: "none"}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("unknown: %v, want ErrNotFound", err)
		}
	})

	t.Run("what one subscription is owed goes with it, another's stays", func(t *testing.T) {
		b := newBench(t, open)
		b.vacancy("v")
		b.vacancy("w")
		one := b.person("ann@example.org")
		two, err := b.Subscribe(t.Context(), store.Signup{Email: "ann@example.org", Frequency: sendwatch.Daily, Confirmed: true})
		b.must(err)
		b.owe(b.alert(one, "v", "new"), b.alert(two, "v", "new"), b.alert(one, "w", "new"))
		b.must(b.PauseSubscription(t.Context(), one.ID))
		if d := b.claim(); len(d.Alerts) != 1 || d.Alerts[0].Vacancy != "v" || !slices.Equal(d.Alerts[0].Subscriptions, []string{two.ID}) {
			t.Errorf("claimed %+v, want what the other is owed", d.Alerts)
		}
	})

	t.Run("unsubscribing, and coming back", func(t *testing.T) {
		b := newBench(t, open)
		b.vacancy("v")
		n := b.person("ann@example.org")
		b.owe(b.alert(n, "v", "new"))
		b.must(b.Unsubscribe(t.Context(), n.Person))
		b.must(b.Unsubscribe(t.Context(), n.Person))
		b.noDigest("the person left")
		if s := b.state(n.ID); s != sendwatch.Ended {
			t.Errorf("it stands %s, want ended", s)
		}
		if err := b.Confirm(t.Context(), n.Person); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("an old link confirms: %v", err)
		}
		again := b.signup("ann@example.org", "semh")
		p, err := b.Subscriber(t.Context(), n.Person)
		if again.Person != n.Person || err != nil || p.UnsubscribedAt != nil || p.ConfirmedAt != nil || p.Consent.Wording != "Tell me of semh" {
			t.Errorf("back as %+v (%v): must be the same person, and confirm anew", p, err)
		}
	})
}

func testConfirmations(t *testing.T, open Open) {
	claim := func(b *bench) *store.Confirmation {
		b.t.Helper()
		c, err := b.ClaimConfirmation(b.t.Context(), time.Minute)
		b.must(err)
		return c
	}
	t.Run("one a day to an address", func(t *testing.T) {
		b := newBench(t, open)
		n := b.signup("ann@example.org", "semh")
		b.signup("ANN@example.org", "autism")
		if due, err := b.DueConfirmations(t.Context()); err != nil || len(due) != 1 {
			t.Errorf("due %v (%v), want one", due, err)
		}
		c := claim(b)
		if c == nil || c.Person != n.Person || c.Email != "ann@example.org" || !strings.HasSuffix(c.MessageID, "@alerts.example.org>") {
			t.Fatalf("claimed %+v", c)
		}
		if again := claim(b); again != nil {
			t.Errorf("claimed twice: %+v", again)
		}
		b.must(b.ConfirmationSent(t.Context(), c.ID, c.Token))
		b.clock.add(23 * time.Hour)
		b.signup("ann@example.org", "dyslexia")
		if c := claim(b); c != nil {
			t.Errorf("a second one within a day: %+v", c)
		}
		b.clock.add(2 * time.Hour)
		b.signup("ann@example.org", "speech")
		if c := claim(b); c == nil {
			t.Error("none a day later")
		}
	})

	t.Run("tried again as it was", func(t *testing.T) {
		b := newBench(t, open)
		b.signup("ann@example.org", "semh")
		first := claim(b)
		b.must(b.ConfirmationRetry(t.Context(), first.ID, first.Token, b.clock.Now().Add(time.Hour), "451"))
		if c := claim(b); c != nil {
			t.Errorf("before its time: %+v", c)
		}
		b.clock.add(time.Hour)
		second := claim(b)
		if second == nil || second.MessageID != first.MessageID || second.Attempts != 2 {
			t.Fatalf("second try %+v", second)
		}
		if err := b.ConfirmationSent(t.Context(), first.ID, first.Token); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("by the first claim: %v, want ErrLeaseLost", err)
		}
		b.must(b.ConfirmationDropped(t.Context(), second.ID, second.Token, "550"))
		b.clock.add(time.Hour)
		if c := claim(b); c != nil {
			t.Errorf("after it was given up: %+v", c)
		}
	})

	t.Run("what nothing waits for is dropped", func(t *testing.T) {
		for name, end := range map[string]func(*bench, sendwatch.Subscription) error{
			"confirmed":    func(b *bench, n sendwatch.Subscription) error { return b.Confirm(t.Context(), n.Person) },
			"unsubscribed": func(b *bench, n sendwatch.Subscription) error { return b.Unsubscribe(t.Context(), n.Person) },
			"erased":       func(b *bench, n sendwatch.Subscription) error { return b.ErasePerson(t.Context(), n.Person) },
			"suppressed":   func(b *bench, _ sendwatch.Subscription) error { return b.Suppress(t.Context(), "ann@example.org", "x") },
			"ended":        func(b *bench, n sendwatch.Subscription) error { return b.EndSubscription(t.Context(), n.ID) },
		} {
			b := newBench(t, open)
			b.must(end(b, b.signup("ann"+name+"@example.org", "semh")))
			if name == "suppressed" {
				b.must(b.Suppress(t.Context(), "annsuppressed@example.org", "x"))
			}
			if c := claim(b); c != nil {
				t.Errorf("%s: claimed %+v", name, c)
			}
		}
	})
}

func testPrivacy(t *testing.T, open Open) {
	b := newBench(t, open)
	b.vacancy("v")
	ann, bob := b.person("ann@example.org"), b.person("bob@example.org")
	b.owe(b.alert(ann, "v", "new"), b.alert(bob, "v", "new"))
	for range 2 {
		d := b.claim()
		b.must(b.DigestSent(t.Context(), d.ID, d.Token))
	}
	b.signup("ann@example.org", "semh")

	d, err := b.ExportPerson(t.Context(), ann.Person)
	b.must(err)
	if d.Email != "ann@example.org" || len(d.Subscriptions) != 2 || len(d.Alerts) != 1 || d.Alerts[0].ToldAt == nil || len(d.Messages) != 2 || d.ConfirmedAt == nil {
		t.Errorf("exported %+v", d)
	}
	head, err := b.Head(t.Context())
	b.must(err)
	b.must(b.ErasePerson(t.Context(), ann.Person))
	b.must(b.ErasePerson(t.Context(), ann.Person))
	if log := b.events(head); len(log) != 2 || !strings.HasPrefix(log[0], "subscription-erased") {
		t.Errorf("log %v, want both subscriptions erased", log)
	}
	for name, err := range map[string]error{
		"export":       second(b.ExportPerson(t.Context(), ann.Person)),
		"subscriber":   second(b.Subscriber(t.Context(), ann.Person)),
		"by address":   second(b.SubscriberByEmail(t.Context(), "ann@example.org")),
		"subscription": second(b.Subscription(t.Context(), ann.ID)),
	} {
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s of somebody erased: %v, want ErrNotFound", name, err)
		}
	}
	if es, err := b.LedgerEvents(t.Context(), ann.Person, "v"); err != nil || len(es) != 0 {
		t.Errorf("ledger of somebody erased: %v (%v)", es, err)
	}
	if d, err := b.ExportPerson(t.Context(), bob.Person); err != nil || len(d.Alerts) != 1 {
		t.Errorf("somebody else's data: %+v (%v)", d, err)
	}
	if c, err := b.ClaimConfirmation(t.Context(), time.Minute); err != nil || c != nil {
		t.Errorf("a confirmation to somebody erased: %+v (%v)", c, err)
	}
}

func testPrune(t *testing.T, open Open) {
	b := newBench(t, open)
	l := b.lease("a")
	b.vacancy("v")
	p := b.sample(l, "r", "v")
	b.put(b.fetched(p, "text/html", "<p>"))
	sub := b.person("ann@example.org")
	b.owe(b.alert(sub, "v", "new"))
	b.signup("new@example.org", "semh")
	b.must(b.PutQuarantine(t.Context(), store.Quarantined{Source: "a", URL: "u"}))
	day := 24 * time.Hour
	keep := store.Retention{Raw: 90 * day, Ledger: 180 * day, Unconfirmed: 7 * day, Quarantine: 30 * day}
	prune := func() store.Pruned {
		got, err := b.Prune(t.Context(), keep)
		b.must(err)
		return got
	}
	if got := prune(); got != (store.Pruned{}) {
		t.Errorf("at once: %+v, want nothing", got)
	}
	b.clock.add(400 * day)
	if got, want := prune(), (store.Pruned{People: 1, Quarantine: 1}); got != want {
		t.Errorf("while it is open: %+v, want %+v", got, want)
	}
	closed := b.clock.Now()
	p.Open, p.ClosedAt = false, &closed
	b.must(b.Write(t.Context(), func(tx *store.Tx) error {
		v, err := tx.Vacancy(t.Context(), "v")
		if err != nil {
			return err
		}
		if err := tx.PutTurn(t.Context(), "a", "r", sendwatch.Turn{At: closed, Event: sendwatch.TurnClosed}); err != nil {
			return err
		}
		v.State, v.ClosedAt = sendwatch.VacancyClosed, &closed
		return errors.Join(tx.PutPosting(t.Context(), p), tx.PutVacancy(t.Context(), v))
	}))
	b.clock.add(100 * day)
	if got, want := prune(), (store.Pruned{Raw: 1, Turns: 1}); got != want {
		t.Errorf("100 days after closing: %+v, want %+v", got, want)
	}
	if raw, _, err := b.Raw(t.Context(), "a", "r"); err != nil || raw != nil {
		t.Errorf("raw %q (%v), want none", raw, err)
	}
	b.clock.add(100 * day)
	if got, want := prune(), (store.Pruned{Ledger: 1}); got != want {
		t.Errorf("200 days after closing: %+v, want %+v", got, want)
	}
	if got := prune(); got != (store.Pruned{}) {
		t.Errorf("a second time: %+v, want nothing", got)
	}
}
