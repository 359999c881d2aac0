package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch/store"
)

// testDeliveries follows what an operator sees of five people: one who is told, one
// whose message is given up, one whose message waits for another try, one who is owed
// something later, and one who has not confirmed.
func testDeliveries(t *testing.T, open Open) {
	b := newBench(t, open)
	ctx := t.Context()
	deliveries := func() store.Deliveries {
		t.Helper()
		d, err := b.Deliveries(ctx, b.clock.Now().Add(-24*time.Hour))
		b.must(err)
		return d
	}
	if d := deliveries(); !cmp.Equal(d, store.Deliveries{Since: b.clock.Now().Add(-24 * time.Hour)}) {
		t.Errorf("of an empty store: %+v", d)
	}

	b.vacancy("v")
	ann, bob, cat, dan := b.person("ann@example.org"), b.person("bob@example.org"), b.person("cat@example.org"), b.person("dan@example.org")
	began := b.clock.Now()
	b.owe(b.alert(ann, "v", "new"))
	sent := b.claim()
	b.must(b.DigestSent(ctx, sent.ID, sent.Token))
	b.owe(b.alert(bob, "v", "new"))
	dropped := b.claim()
	b.must(b.DigestDropped(ctx, dropped.ID, dropped.Token, "no such mailbox"))
	b.owe(b.alert(cat, "v", "new"), b.alert(cat, "v", "closes:2026-10-01"))
	waits := b.claim()
	again := b.clock.Now().Add(time.Hour)
	b.must(b.DigestRetry(ctx, waits.ID, waits.Token, again, "the relay does not answer"))
	later := b.alert(dan, "v", "new")
	later.DueAt = b.clock.Now().Add(30 * time.Minute)
	b.owe(later)
	eve := b.signup("eve@example.org", "semh")
	b.must(b.Suppress(ctx, "ann@example.org", "bounce"))
	b.must(b.Suppress(ctx, "fay@example.org", "bounce"))
	b.must(b.Suppress(ctx, "gus@example.org", "asked"))

	want := store.Deliveries{
		Owed: 1, Frozen: 1, Since: began.Add(-24 * time.Hour), Sent: 1, LastSent: began,
		Dropped:    []store.Tally{{Why: "no such mailbox", Count: 1}},
		Suppressed: []store.Tally{{Why: "bounce", Count: 2}, {Why: "asked", Count: 1}},
	}
	if d := cmp.Diff(want, deliveries()); d != "" {
		t.Errorf("deliveries (want, got):\n%s", d)
	}
	next, err := b.NextMailings(ctx, 10)
	b.must(err)
	wantNext := []store.Mailing{
		{Kind: "confirmation", Person: eve.Person, DueAt: began},
		{Kind: "owed", Person: dan.Person, DueAt: later.DueAt, Alerts: 1},
		{Kind: "digest", Person: cat.Person, DueAt: again, Alerts: 2, Attempts: 1, Note: "the relay does not answer"},
	}
	if d := cmp.Diff(wantNext, next); d != "" {
		t.Errorf("next mailings (want, got):\n%s", d)
	}
	if next, err := b.NextMailings(ctx, 1); err != nil || !cmp.Equal(next, wantNext[:1]) {
		t.Errorf("the next one: %+v (%v)", next, err)
	}

	b.clock.add(2 * time.Hour)
	if d := deliveries(); d.Due != 1 || !d.OldestDue.Equal(later.DueAt) {
		t.Errorf("two hours later %d are due, since %v; want one since %v", d.Due, d.OldestDue, later.DueAt)
	}
	b.clock.add(48 * time.Hour)
	if d := deliveries(); d.Sent != 0 || len(d.Dropped) != 0 || !d.LastSent.IsZero() {
		t.Errorf("two days later %+v", d)
	}
}

func testLeases(t *testing.T, open Open) {
	b := newBench(t, open)
	l := b.lease("a")
	got, err := b.Leases(t.Context())
	b.must(err)
	want := []store.Lease{{Kind: "source", ID: "a", Attempts: 1, Until: l.Until}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("leases (want, got):\n%s", d)
	}
	b.clock.add(l.Until.Sub(b.clock.Now()))
	if got, err := b.Leases(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("after its end: %+v (%v)", got, err)
	}
}
