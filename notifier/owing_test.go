package notifier

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	sendwatch "github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/changelog"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/store"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// events is a short way to write a list of them.
func events(list ...sendwatch.AlertEvent) []sendwatch.AlertEvent { return list }

func (w *world) wantLedger(person, vacancy string, want ...sendwatch.AlertEvent) {
	w.t.Helper()
	if got := w.ledger(person, vacancy); !slices.Equal(got, want) {
		w.t.Errorf("%s of %s: got %v, want %v", person, vacancy, got, want)
	}
}

func TestNewVacancyIsOwed(t *testing.T) {
	w := newWorld(t)
	kim := w.subscribe("kim", nil)
	far := w.subscribe("far", func(in *store.Signup) { in.Criteria.Needs = []string{"hi"} })
	out := vacancy("v-out")
	out.Scope = sendwatch.ScopeOut
	closed := vacancy("v-closed")
	closed.State = sendwatch.VacancyClosed
	late := vacancy("v-late")
	past := w.now().Add(-time.Minute)
	late.ClosesAt = &past
	described := vacancy("v-role")
	described.Kind = sendwatch.KindRoleDescription
	w.write(sendwatch.VacancyCreated, vacancy("v-1"), out, closed, late, described)
	w.match()

	w.wantLedger(kim.Person, "v-1", sendwatch.EventNew)
	for _, id := range []string{"v-out", "v-closed", "v-late", "v-role"} {
		w.wantLedger(kim.Person, id)
	}
	w.wantLedger(far.Person, "v-1")
}

func TestOnlyCrawlsAreNews(t *testing.T) {
	for _, cause := range []sendwatch.Cause{sendwatch.CauseRenormalise, sendwatch.CauseOperator} {
		w := newWorld(t)
		kim := w.subscribe("kim", nil)
		w.match()
		w.change(sendwatch.Change{Event: sendwatch.VacancyCreated, Cause: cause}, vacancy("v-1"))
		w.change(sendwatch.Change{Event: sendwatch.VacancyChanged, Cause: cause, Fields: []string{"pay", "closes_at"}}, vacancy("v-1"))
		w.match()
		w.wantLedger(kim.Person, "v-1")
	}
}

func TestSubscriptionMeetsLiveVacancies(t *testing.T) {
	w := newWorld(t)
	var vs []*sendwatch.Vacancy
	for _, id := range []string{"v-1", "v-2", "v-3"} {
		vs = append(vs, vacancy(id))
	}
	vs[1].Needs = []string{"hi"}
	w.write(sendwatch.VacancyCreated, vs...)
	w.match()

	kim := w.subscribe("kim", func(in *store.Signup) { in.Criteria.Needs = []string{"semh"} })
	w.match()
	w.wantLedger(kim.Person, "v-1", sendwatch.EventNew)
	w.wantLedger(kim.Person, "v-2")
	w.wantLedger(kim.Person, "v-3", sendwatch.EventNew)

	// A pause drops what was owed, and nothing is owed while it lasts; its end
	// meets what is live.
	ctx := t.Context()
	if err := w.store.PauseSubscription(ctx, kim.ID); err != nil {
		t.Fatal(err)
	}
	w.match()
	w.write(sendwatch.VacancyCreated, vacancy("v-4"))
	w.match()
	w.wantLedger(kim.Person, "v-4")
	if err := w.store.ResumeSubscription(ctx, kim.ID); err != nil {
		t.Fatal(err)
	}
	w.match()
	w.wantLedger(kim.Person, "v-4", sendwatch.EventNew)
	w.wantLedger(kim.Person, "v-1", sendwatch.EventNew)

	// So does an edit.
	kim.Criteria.Needs = []string{"hi"}
	if err := w.store.EditSubscription(ctx, kim); err != nil {
		t.Fatal(err)
	}
	w.match()
	w.wantLedger(kim.Person, "v-2", sendwatch.EventNew)
	w.wantLedger(kim.Person, "v-1")

	// One that ended is matched no more.
	if err := w.store.EndSubscription(ctx, kim.ID); err != nil {
		t.Fatal(err)
	}
	hi := vacancy("v-5")
	hi.Needs = []string{"hi"}
	w.write(sendwatch.VacancyCreated, hi)
	w.match()
	w.wantLedger(kim.Person, "v-5")
}

func TestACopyIsNewToSomeAndAChangeToNobody(t *testing.T) {
	w := newWorld(t)
	kim := w.subscribe("kim", nil)
	picky := w.subscribe("picky", func(in *store.Signup) { in.Criteria.MinActual = 20000 })
	v := vacancy("v-1")
	w.write(sendwatch.VacancyCreated, v)
	w.match()
	w.wantLedger(kim.Person, "v-1", sendwatch.EventNew)
	w.wantLedger(picky.Person, "v-1")

	v.Pay.Comparable.ActualAnnual = figure(20500, 21000)
	w.change(sendwatch.Change{Event: sendwatch.VacancyChanged, Cause: sendwatch.CauseCopy, Fields: []string{"pay", "closes_at", "sightings"}}, v)
	w.match()
	w.wantLedger(kim.Person, "v-1", sendwatch.EventNew)
	w.wantLedger(picky.Person, "v-1", sendwatch.EventNew)
}

func TestChangesAreToldToThoseWhoKnow(t *testing.T) {
	w := newWorld(t)
	kim := w.subscribe("kim", nil)
	picky := w.subscribe("picky", func(in *store.Signup) { in.Criteria.MinActual = 20000 })
	v := vacancy("v-1")
	w.write(sendwatch.VacancyCreated, v)
	w.match()
	w.wantLedger(picky.Person, "v-1")

	// 23:30 UTC in winter is the same day in London.
	at := time.Date(2026, 12, 4, 23, 30, 0, 0, time.UTC)
	v.ClosesAt = &at
	v.Pay.Comparable.ActualAnnual = figure(20500, 21000)
	w.change(sendwatch.Change{Event: sendwatch.VacancyChanged, Cause: sendwatch.CauseCrawl, Fields: []string{"closes_at", "pay", "body"}}, v)
	w.match()
	w.wantLedger(kim.Person, "v-1", "closes:2026-12-04", sendwatch.EventNew, "pay:20500-21000/year")
	w.wantLedger(picky.Person, "v-1", sendwatch.EventNew)

	// The same again owes nothing more, nor does a change of anything else.
	w.change(sendwatch.Change{Event: sendwatch.VacancyChanged, Cause: sendwatch.CauseCrawl, Fields: []string{"closes_at", "title"}}, v)
	w.match()
	w.wantLedger(kim.Person, "v-1", "closes:2026-12-04", sendwatch.EventNew, "pay:20500-21000/year")
	w.wantLedger(picky.Person, "v-1", "closes:2026-12-04", sendwatch.EventNew)

	// One that was moved while the post was closed is told when it is back, but not when
	// another advert of the post brought it back.
	moved := at.AddDate(0, 0, 7)
	v.ClosesAt = &moved
	w.change(sendwatch.Change{Event: sendwatch.VacancyReopened, Cause: sendwatch.CauseCopy, Fields: []string{"closes_at", "state"}}, v)
	w.match()
	w.wantLedger(kim.Person, "v-1", "closes:2026-12-04", sendwatch.EventNew, "pay:20500-21000/year")
	w.change(sendwatch.Change{Event: sendwatch.VacancyReopened, Cause: sendwatch.CauseCrawl, Fields: []string{"closes_at", "state"}}, v)
	w.match()
	w.wantLedger(kim.Person, "v-1", "closes:2026-12-04", "closes:2026-12-11", sendwatch.EventNew, "pay:20500-21000/year")

	// A date that is gone is no date to tell of.
	v.ClosesAt = nil
	w.change(sendwatch.Change{Event: sendwatch.VacancyChanged, Cause: sendwatch.CauseCrawl, Fields: []string{"closes_at"}}, v)
	w.change(sendwatch.Change{Event: sendwatch.VacancyReopened, Cause: sendwatch.CauseCrawl}, v)
	w.match()
	w.wantLedger(kim.Person, "v-1", "closes:2026-12-04", "closes:2026-12-11", sendwatch.EventNew, "pay:20500-21000/year")
}

func TestStrongOnlyWhereAsked(t *testing.T) {
	w := newWorld(t)
	unsaid := func(in *store.Signup) {
		in.Candidate = &sendwatch.Candidate{NotSaid: []string{"gcse-maths"}}
	}
	kim := w.subscribe("kim", unsaid)
	strong := w.subscribe("strong", func(in *store.Signup) {
		unsaid(in)
		in.Criteria.StrongOnly = true
	})
	v := vacancy("v-1")
	v.Requirements = []taxonomy.Requirement{{ID: "gcse-maths", Level: taxonomy.Essential}}
	w.write(sendwatch.VacancyCreated, v)
	w.match()
	told, err := w.store.Told(t.Context(), "v-1")
	if err != nil {
		t.Fatal(err)
	}
	if got := told[kim.Person].Alert.Fit; got != sendwatch.FitPossible {
		t.Errorf("what is not said: got fit %q, want possible", got)
	}
	w.wantLedger(strong.Person, "v-1")
}

func TestSubscriptionsOfOnePersonShareARow(t *testing.T) {
	w := newWorld(t)
	daily := w.subscribe("kim", func(in *store.Signup) { in.Frequency, in.Criteria.Needs = sendwatch.Daily, []string{"semh"} })
	weekly := w.subscribe("kim", func(in *store.Signup) { in.Frequency, in.Criteria.Roles = sendwatch.Weekly, []string{"semh-ta"} })
	if daily.Person != weekly.Person {
		t.Fatalf("one address is two people: %s and %s", daily.Person, weekly.Person)
	}
	w.write(sendwatch.VacancyCreated, vacancy("v-1"))
	w.match()
	told, err := w.store.Told(t.Context(), "v-1")
	if err != nil {
		t.Fatal(err)
	}
	a := told[daily.Person].Alert
	want := []string{daily.ID, weekly.ID}
	slices.Sort(want)
	if diff := cmp.Diff(want, a.Subscriptions); diff != "" {
		t.Errorf("subscriptions (-want +got):\n%s", diff)
	}
	if morning := time.Date(2026, 11, 21, 7, 30, 0, 0, time.UTC); !a.DueAt.Equal(morning) {
		t.Errorf("due at %s, want the earlier hour, %s", a.DueAt, morning)
	}
	fields := make(map[string]bool)
	for i, r := range a.Reasons {
		fields[r.Field] = true
		if slices.Contains(a.Reasons[:i], r) {
			t.Errorf("reason %v stands twice", r)
		}
	}
	if !fields["need"] || !fields["role"] {
		t.Errorf("reasons %v are not those of both", a.Reasons)
	}
}

func TestCopiesOweNothing(t *testing.T) {
	own := func(id string, same ...string) *sendwatch.Vacancy {
		v := vacancy(id)
		v.PossiblySame = same
		return v
	}
	agency := func(id string, same ...string) *sendwatch.Vacancy {
		v := own(id, same...)
		v.EmployerKind = sendwatch.EmployerAgency
		return v
	}
	tests := []struct {
		name          string
		first, second *sendwatch.Vacancy
		together      bool
		wantSecond    []sendwatch.AlertEvent
	}{
		{"an agency's copy of what was told", own("v-1"), agency("v-2", "v-1"), false, nil},
		{"another agency's copy", agency("v-1"), agency("v-2", "v-1"), false, nil},
		{"the same school on another board", own("v-1"), own("v-2", "v-1"), false, nil},
		{"the school's own after an agency's", agency("v-1"), own("v-2", "v-1"), false, events(sendwatch.EventNew)},
		{"no link", own("v-1"), agency("v-2"), false, events(sendwatch.EventNew)},
		{"both at once", own("v-9", "v-2"), agency("v-2", "v-9"), true, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			kim := w.subscribe("kim", nil)
			w.match()
			if tt.together {
				// In the log's order the copy comes first.
				w.write(sendwatch.VacancyCreated, tt.second, tt.first)
			} else {
				w.write(sendwatch.VacancyCreated, tt.first)
				w.match()
				w.write(sendwatch.VacancyCreated, tt.second)
			}
			w.match()
			w.wantLedger(kim.Person, tt.first.ID, sendwatch.EventNew)
			w.wantLedger(kim.Person, tt.second.ID, tt.wantSecond...)
			// The own advert is announced once.
			w.change(sendwatch.Change{Event: sendwatch.VacancyChanged, Cause: sendwatch.CauseCrawl}, tt.second)
			w.match()
			w.wantLedger(kim.Person, tt.second.ID, tt.wantSecond...)
		})
	}
}

func TestApplyTwiceIsHarmless(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	kim := w.subscribe("kim", nil)
	w.write(sendwatch.VacancyCreated, vacancy("v-1"))
	changes, err := w.store.Changes(ctx, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	w.match()
	err = w.owing.Apply(ctx, 0, changes)
	if !errors.Is(err, changelog.ErrCursorMoved) {
		t.Errorf("got %v, want ErrCursorMoved", err)
	}
	w.wantLedger(kim.Person, "v-1", sendwatch.EventNew)
	if err := w.owing.Apply(ctx, 0, nil); err != nil {
		t.Errorf("nothing to apply: %v", err)
	}
}

// Two processes share the cursor. Each must hold the subscriptions whose changes
// the other applied, or it would match with a stale percolator.
func TestProcessesFollowEachOther(t *testing.T) {
	w := newWorld(t)
	other := w.newOwing()
	ctx := t.Context()
	matchWith := func(o *Owing) {
		t.Helper()
		if err := changelog.CatchUp(ctx, w.store, o, 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := other.Load(ctx); err != nil {
		t.Fatal(err)
	}
	kim := w.subscribe("kim", nil)
	jo := w.subscribe("jo", nil)
	matchWith(w.owing)

	w.write(sendwatch.VacancyCreated, vacancy("v-1"))
	matchWith(other)
	w.wantLedger(kim.Person, "v-1", sendwatch.EventNew)

	if err := w.store.PauseSubscription(ctx, jo.ID); err != nil {
		t.Fatal(err)
	}
	matchWith(other)
	w.write(sendwatch.VacancyCreated, vacancy("v-2"))
	matchWith(w.owing)
	w.wantLedger(kim.Person, "v-2", sendwatch.EventNew)
	w.wantLedger(jo.Person, "v-2")
	if w.owing.held.Len() != 1 {
		t.Errorf("the first process holds %d subscriptions, want 1", w.owing.held.Len())
	}
}

func TestBadSubscriptionDoesNotStopOthers(t *testing.T) {
	w := newWorld(t)
	bad := w.subscribe("bad", func(in *store.Signup) { in.Criteria.Near = "Nowhere-on-Sea" })
	kim := w.subscribe("kim", nil)
	w.write(sendwatch.VacancyCreated, vacancy("v-1"))
	w.match()
	w.wantLedger(kim.Person, "v-1", sendwatch.EventNew)
	w.wantLedger(bad.Person, "v-1")
}

// A search for everything is written as it grows.
func TestLargeBacklogIsWrittenInParts(t *testing.T) {
	w := newWorld(t)
	counting := &countingLedger{Ledger: w.store}
	w.owing.o.Store = counting
	ctx := t.Context()
	const posts, people = 60, 50 // 3,000 alerts
	for i := range posts {
		v := vacancy("v-" + string(rune('a'+i/26)) + string(rune('a'+i%26)))
		v.FirstSeen, v.ChangedAt = w.now(), w.now()
		if err := w.store.Write(ctx, func(tx *store.Tx) error { return tx.PutVacancy(ctx, v) }); err != nil {
			t.Fatal(err)
		}
	}
	var last sendwatch.Subscription
	for i := range people {
		last = w.subscribe("p"+string(rune('a'+i/26))+string(rune('a'+i%26)), nil)
	}
	w.match()
	w.wantLedger(last.Person, "v-ch", sendwatch.EventNew)
	if counting.most > mostHeld+vacancyPage*people || counting.alerts != posts*people {
		t.Errorf("got %d alerts, at most %d at a time; want %d", counting.alerts, counting.most, posts*people)
	}
}

// countingLedger counts what is owed.
type countingLedger struct {
	Ledger
	alerts, most int
}

func (c *countingLedger) Owe(ctx context.Context, o store.Owed) error {
	c.alerts += len(o.Alerts)
	c.most = max(c.most, len(o.Alerts))
	return c.Ledger.Owe(ctx, o)
}

func TestPayFigures(t *testing.T) {
	day := 90.5
	tests := []struct {
		want  string
		offer pay.Offer
	}{
		{"", pay.Offer{}},
		{"18412-19033/year", pay.Offer{Comparable: pay.Comparable{ActualAnnual: figure(18412, 19033), Hourly: figure(13, 14)}}},
		{"18412/year", pay.Offer{Comparable: pay.Comparable{ActualAnnual: figure(18412, 18412)}}},
		{"90.50-/day", pay.Offer{Comparable: pay.Comparable{Daily: &pay.Figure{Min: &day}}}},
		{"13.05-13.50/hour", pay.Offer{Comparable: pay.Comparable{Hourly: figure(13.05, 13.5)}}},
		{"24000/fte-year", pay.Offer{Comparable: pay.Comparable{FullTimeAnnual: figure(24000, 24000)}}},
		{"-90.50/week", pay.Offer{Quoted: []pay.Quote{{}, {Max: &day, Unit: "week"}}}},
	}
	for _, tt := range tests {
		if got := payFigures(tt.offer); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
