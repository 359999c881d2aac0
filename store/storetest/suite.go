package storetest

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

// Open opens an empty database on the given clock and mint. Called again with the
// same testing.T it opens the same database, as a second process would.
type Open func(t *testing.T, o store.Options) *store.Store

// Run runs the whole suite.
func Run(t *testing.T, open Open) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Open)
	}{
		{"ChangeLog", testChangeLog},
		{"Work", testWork},
		{"Hosts", testHosts},
		{"Readers", testReaders},
		{"Postings", testPostings},
		{"Vacancies", testVacancies},
		{"Likeness", testLikeness},
		{"Foresight", testForesight},
		{"Hostile", testHostile},
		{"Crawls", testCrawls},
		{"Turns", testTurns},
		{"Unlisted", testUnlisted},
		{"Unwatched", testUnwatched},
		{"Quarantine", testQuarantine},
		{"Alarms", testAlarms},
		{"History", testHistory},
		{"Ledger", testLedger},
		{"LedgerModel", testLedgerModel},
		{"Digests", testDigests},
		{"Subscribers", testSubscribers},
		{"Confirmations", testConfirmations},
		{"Suppression", testSuppression},
		{"Privacy", testPrivacy},
		{"Prune", testPrune},
		{"Employers", testEmployers},
		{"Removals", testRemovals},
		{"Reports", testReports},
		{"Access", testAccess},
		{"AccessEnds", testAccessEnds},
		{"AccessRace", testAccessRace},
		{"Deliveries", testDeliveries},
		{"Leases", testLeases},
		{"Concurrency", testConcurrency},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open) })
	}
}

// clock is a clock that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

var minted atomic.Int64

// mint makes ids that grow, so that tests can tell older from newer.
func mint() string { return fmt.Sprintf("id-%08d", minted.Add(1)) }

// bench is a store with its clock.
type bench struct {
	*store.Store
	t     *testing.T
	clock *clock
	opts  store.Options
}

func newBench(t *testing.T, open Open) *bench {
	t.Helper()
	c := newClock()
	o := store.Options{Now: c.Now, NewID: mint, MailHost: "alerts.example.org"}
	return &bench{Store: open(t, o), t: t, clock: c, opts: o}
}

// must fails the test on an error.
func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// vacancy keeps an open vacancy with this id.
func (b *bench) vacancy(id string) {
	b.t.Helper()
	b.must(b.Write(b.t.Context(), func(t *store.Tx) error {
		return t.PutVacancy(b.t.Context(), &sendwatch.Vacancy{ID: id, State: sendwatch.VacancyOpen, FirstSeen: b.clock.Now(), ChangedAt: b.clock.Now(),
			Reading: sendwatch.Reading{Title: "Teaching assistant " + id, Kind: sendwatch.KindVacancy}})
	}))
}

// person subscribes an address, confirmed, and returns the subscription.
func (b *bench) person(email string) sendwatch.Subscription {
	b.t.Helper()
	sub, err := b.Subscribe(b.t.Context(), store.Signup{Email: email, Frequency: sendwatch.Instant, Confirmed: true,
		Consent: store.Consent{Wording: "Tell me.", At: b.clock.Now()}})
	b.must(err)
	return sub
}

// alert is an alert of one subscription, due now.
func (b *bench) alert(sub sendwatch.Subscription, vacancy string, event sendwatch.AlertEvent) sendwatch.Alert {
	return sendwatch.Alert{Person: sub.Person, Vacancy: vacancy, Event: event, Fit: sendwatch.FitStrong, Score: 50,
		Reasons: []sendwatch.Reason{{Field: "role", Text: "asked by " + sub.ID}}, Why: "It fits.",
		Subscriptions: []string{sub.ID}, DueAt: b.clock.Now()}
}

// owe owes alerts as the reader "match" would after one more change.
func (b *bench) owe(alerts ...sendwatch.Alert) {
	b.t.Helper()
	at, err := b.Cursor(b.t.Context(), "match")
	b.must(err)
	b.must(b.Owe(b.t.Context(), store.Owed{Reader: "match", From: at, To: at + 1, Alerts: alerts}))
}

// claim claims a digest and expects one.
func (b *bench) claim() *sendwatch.Digest {
	b.t.Helper()
	d, err := b.ClaimDigest(b.t.Context(), time.Minute)
	b.must(err)
	if d == nil {
		b.t.Fatal("no digest is due")
	}
	return d
}

// noDigest claims a digest and expects none.
func (b *bench) noDigest(why string) {
	b.t.Helper()
	d, err := b.ClaimDigest(b.t.Context(), time.Minute)
	b.must(err)
	if d != nil {
		b.t.Fatalf("%s, yet a digest with %d alerts was claimed", why, len(d.Alerts))
	}
}

// events returns the changes after a number as "event id".
func (b *bench) events(after int64) []string {
	b.t.Helper()
	cs, err := b.Changes(b.t.Context(), after, 1000)
	b.must(err)
	var out []string
	for _, c := range cs {
		out = append(out, string(c.Event)+" "+c.Vacancy+c.Subscription)
	}
	return out
}

// appendChange appends one change.
func (b *bench) appendChange(ctx context.Context, vacancy string) error {
	return b.Write(ctx, func(t *store.Tx) error {
		return t.Append(ctx, sendwatch.Change{Event: sendwatch.VacancyChanged, Vacancy: vacancy, Cause: sendwatch.CauseCrawl})
	})
}
