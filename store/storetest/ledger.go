package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

func testLedger(t *testing.T, open Open) {
	t.Run("one row for several subscriptions", func(t *testing.T) {
		b := newBench(t, open)
		b.vacancy("v")
		one := b.person("ann@example.org")
		two, err := b.Subscribe(t.Context(), store.Signup{Email: "Ann@Example.org ", Frequency: sendwatch.Daily, Confirmed: true})
		b.must(err)
		if two.Person != one.Person || two.ID == one.ID {
			t.Fatalf("%+v and %+v, want two subscriptions of one person", one, two)
		}
		late, early := b.alert(one, "v", "new"), b.alert(two, "v", "new")
		late.DueAt, late.Fit, late.Score, late.Why = b.clock.Now().Add(time.Hour), sendwatch.FitPossible, 90, "Perhaps."
		early.Reasons = append(early.Reasons, late.Reasons...) // one of them is known
		b.owe(late)
		b.noDigest("it is due in an hour")
		b.owe(early)
		want := early
		want.Reasons = []sendwatch.Reason{late.Reasons[0], early.Reasons[0]}
		want.Subscriptions = []string{one.ID, two.ID}
		if d := cmp.Diff([]sendwatch.Alert{want}, b.claim().Alerts); d != "" {
			t.Errorf("want, got:\n%s", d)
		}
	})

	t.Run("a told row stays as it is", func(t *testing.T) {
		b := newBench(t, open)
		b.vacancy("v")
		sub := b.person("ann@example.org")
		b.owe(b.alert(sub, "v", "new"))
		d := b.claim()
		b.owe(b.alert(sub, "v", "new")) // while it is frozen
		b.must(b.DigestSent(t.Context(), d.ID, d.Token))
		b.owe(b.alert(sub, "v", "new"))
		b.noDigest("it was told")
		b.clock.add(time.Second)
		b.owe(b.alert(sub, "v", "closes:2026-09-09"))
		if es, err := b.LedgerEvents(t.Context(), sub.Person, "v"); err != nil || !slices.Equal(es, []sendwatch.AlertEvent{"new", "closes:2026-09-09"}) {
			t.Errorf("events %v (%v)", es, err)
		}
		if got := b.claim().Alerts; len(got) != 1 || got[0].Event != "closes:2026-09-09" {
			t.Errorf("claimed %+v, want the closing date", got)
		}
	})

	t.Run("who was told", func(t *testing.T) {
		b := newBench(t, open)
		b.vacancy("v")
		ann, bob := b.person("ann@example.org"), b.person("bob@example.org")
		b.owe(b.alert(ann, "v", "new"))
		d := b.claim()
		b.must(b.DigestSent(t.Context(), d.ID, d.Token))
		b.owe(b.alert(bob, "v", "new"), b.alert(bob, "v", "pay:1"))
		told, err := b.Told(t.Context(), "v")
		b.must(err)
		if len(told) != 2 || told[ann.Person].ToldAt == nil || told[bob.Person].ToldAt != nil || told[bob.Person].Alert.Subscriptions[0] != bob.ID {
			t.Errorf("got %+v, want ann told and bob owed", told)
		}
	})

	t.Run("what nobody may be told is not owed", func(t *testing.T) {
		b := newBench(t, open)
		b.vacancy("v")
		left, hushed, paused, gone := b.person("a@example.org"), b.person("b@example.org"), b.person("c@example.org"), b.person("d@example.org")
		b.must(b.Unsubscribe(t.Context(), left.Person))
		b.must(b.Suppress(t.Context(), "B@example.org", "bounce"))
		b.must(b.PauseSubscription(t.Context(), paused.ID))
		b.must(b.ErasePerson(t.Context(), gone.Person))
		other := b.person("e@example.org")
		stolen := b.alert(other, "v", "new")
		stolen.Person = left.Person // a subscription of somebody else
		b.owe(b.alert(left, "v", "new"), b.alert(hushed, "v", "new"), b.alert(paused, "v", "new"), b.alert(gone, "v", "new"), stolen)
		if told, err := b.Told(t.Context(), "v"); err != nil || len(told) != 0 {
			t.Errorf("owed %+v (%v), want nobody", told, err)
		}
	})

	t.Run("more than one transaction's worth", func(t *testing.T) {
		b := newBench(t, open)
		sub := b.person("ann@example.org")
		var alerts []sendwatch.Alert
		for i := range 1203 {
			alerts = append(alerts, b.alert(sub, fmt.Sprint("v", i), "new"))
		}
		b.owe(alerts...)
		b.must(b.Owe(t.Context(), store.Owed{Reader: "match", From: 1, To: 2, Alerts: alerts})) // a repeat owes nothing more
		if at, err := b.Cursor(t.Context(), "match"); err != nil || at != 2 {
			t.Errorf("cursor at %d (%v), want 2", at, err)
		}
		d, err := b.ExportPerson(t.Context(), sub.Person)
		if err != nil || len(d.Alerts) != 1203 {
			t.Errorf("%d rows (%v), want 1203", len(d.Alerts), err)
		}
	})

	t.Run("rows of united vacancies unite", func(t *testing.T) {
		for name, c := range map[string]struct {
			first, second string // what happened to the older's and the younger's row: owed or told
			told          bool
		}{
			"both owed":    {"owed", "owed", false},
			"older told":   {"told", "owed", true},
			"younger told": {"owed", "told", true},
			"both told":    {"told", "told", true},
			"younger only": {"", "owed", false},
		} {
			t.Run(name, func(t *testing.T) {
				b := newBench(t, open)
				b.vacancy("old")
				b.vacancy("young")
				sub := b.person("ann@example.org")
				for vacancy, what := range map[string]string{"old": c.first, "young": c.second} {
					if what == "told" {
						b.owe(b.alert(sub, vacancy, "new"))
						d := b.claim()
						b.must(b.DigestSent(t.Context(), d.ID, d.Token))
					}
				}
				for vacancy, what := range map[string]string{"old": c.first, "young": c.second} {
					if what == "owed" {
						b.owe(b.alert(sub, vacancy, "new"))
					}
				}
				b.must(b.Write(t.Context(), func(tx *store.Tx) error { return tx.Unite(t.Context(), "old", "young") }))
				told, err := b.Told(t.Context(), "young")
				if err != nil || len(told) != 1 || (told[sub.Person].ToldAt != nil) != c.told || told[sub.Person].Alert.Vacancy != "old" {
					t.Errorf("the ledger holds %+v (%v), want one row of the older, told %v", told, err, c.told)
				}
				if c.told {
					b.noDigest("it was told under one of its names")
				} else if d := b.claim(); len(d.Alerts) != 1 || d.Alerts[0].Vacancy != "old" {
					t.Errorf("claimed %+v, want one alert", d.Alerts)
				}
				b.owe(b.alert(sub, "young", "new")) // a reader that was slow
				if es, err := b.LedgerEvents(t.Context(), sub.Person, "young"); err != nil || len(es) != 1 {
					t.Errorf("events %v (%v), want one", es, err)
				}
			})
		}
	})
}
