package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

func testTurns(t *testing.T, open Open) {
	b := newBench(t, open)
	l := b.lease("a")
	b.vacancy("v")
	p, q := b.sample(l, "r", "v"), b.sample(l, "s", "v")
	b.put(p)
	b.put(q)
	turn := func(reference string, turn sendwatch.Turn) {
		t.Helper()
		b.must(b.Write(t.Context(), func(tx *store.Tx) error { return tx.PutTurn(t.Context(), "a", reference, turn) }))
	}
	history := func() map[string][]sendwatch.Turn {
		t.Helper()
		sightings, err := b.Sightings(t.Context(), "v")
		b.must(err)
		out := map[string][]sendwatch.Turn{}
		for _, s := range sightings {
			out[s.Reference] = s.History
		}
		return out
	}
	if d := cmp.Diff(map[string][]sendwatch.Turn{"r": nil, "s": nil}, history()); d != "" {
		t.Errorf("of what is new, want, got:\n%s", d)
	}

	seen := b.clock.Now()
	b.clock.add(time.Hour)
	changed := sendwatch.Turn{At: b.clock.Now(), Event: sendwatch.TurnChanged, Fields: []string{"pay", "title"}, LastSeen: seen}
	turn("r", changed)
	b.clock.add(time.Hour)
	b.must(b.Touch(t.Context(), l, []store.Touch{{Reference: "r", Gone: true}}))
	b.must(b.EndCrawl(t.Context(), l, store.CrawlEnd{Complete: true, Healthy: true, CloseAfter: 2}))
	b.must(b.Write(t.Context(), func(tx *store.Tx) error {
		for _, want := range []bool{true, false} { // a second time there is nothing to close, and nothing to tell
			if done, err := tx.ClosePosting(t.Context(), "a", "r"); err != nil || done != want {
				t.Errorf("closed %v (%v), want %v", done, err, want)
			}
		}
		return nil
	}))
	closed := sendwatch.Turn{At: b.clock.Now(), Event: sendwatch.TurnClosed, Why: store.ClosedGone, LastSeen: seen}
	turn("r", sendwatch.Turn{At: closed.At, Event: sendwatch.TurnReopened, LastSeen: seen}) // in the same moment
	back := sendwatch.Turn{At: closed.At, Event: sendwatch.TurnReopened, LastSeen: seen}
	if d := cmp.Diff(map[string][]sendwatch.Turn{"r": {changed, closed, back}, "s": nil}, history()); d != "" {
		t.Errorf("want, got:\n%s", d)
	}

	for range 100 { // an advert that changes with every crawl
		b.clock.add(time.Hour)
		turn("s", sendwatch.Turn{At: b.clock.Now(), Event: sendwatch.TurnChanged, Fields: []string{"text"}, LastSeen: seen})
	}
	got := history()["s"]
	if len(got) > 40 || len(got) < 20 || !got[len(got)-1].At.Equal(b.clock.Now()) {
		t.Errorf("of 100 turns %d are kept, the last of %v; want the newest, and no more than 40", len(got), got[len(got)-1].At)
	}
	if n := len(history()["r"]); n != 3 {
		t.Errorf("of another posting's three turns %d are left", n)
	}
}

func testUnlisted(t *testing.T, open Open) {
	b := newBench(t, open)
	l := b.lease("a")
	for i := range 5 {
		b.put(b.sample(l, fmt.Sprint("r", i), "v"))
		b.clock.add(time.Hour)
	}
	shut := b.sample(l, "shut", "v")
	shut.Open, shut.ClosedAt = false, ptr(b.clock.Now())
	b.put(shut)
	b.put(b.sample(b.lease("b"), "r0", "w"))
	unlisted := func(since time.Time, limit int) (refs []string) {
		t.Helper()
		items, err := b.Unlisted(t.Context(), "a", since, limit)
		b.must(err)
		for _, i := range items {
			if i.URL != "https://a.example/i/"+i.Reference {
				t.Errorf("%s is at %s", i.Reference, i.URL)
			}
			refs = append(refs, i.Reference)
		}
		return refs
	}
	want := func(got []string, want ...string) {
		t.Helper()
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("want, got:\n%s", d)
		}
	}
	since := b.clock.Now().Add(-2 * time.Hour)
	want(unlisted(since, 10), "r0", "r1", "r2")
	want(unlisted(since, 2), "r0", "r1")
	b.must(b.Touch(t.Context(), l, []store.Touch{{Reference: "r0", Checked: true}, {Reference: "r1", Absent: 2}, {Reference: "r2"}}))
	want(unlisted(since, 10))

	marked := func() []store.Marked {
		t.Helper()
		b.must(b.EndCrawl(t.Context(), l, store.CrawlEnd{Complete: true, Healthy: true})) // its lists name a part: nothing is missing
		ms, err := b.MarkedForClosing(t.Context(), "a", 10)
		b.must(err)
		return ms
	}
	if got := marked(); got != nil {
		t.Errorf("after one absence %v are marked", got)
	}
	b.clock.add(24 * time.Hour)
	want(unlisted(b.clock.Now(), 10), "r3", "r4", "r0", "r1", "r2")
	l = b.next(l)
	b.must(b.Touch(t.Context(), l, []store.Touch{{Reference: "r0", Checked: true}, {Reference: "r1", Absent: 2}, {Reference: "r2", Absent: 2}}))
	if got := marked(); len(got) != 1 || got[0].Reference != "r1" || got[0].Why != store.ClosedGone {
		t.Errorf("after two absences of r1 %v are marked", got)
	}
	l = b.next(l)
	b.must(b.Touch(t.Context(), l, []store.Touch{{Reference: "r1"}, {Reference: "r2"}})) // there after all
	l = b.next(l)
	b.must(b.Touch(t.Context(), l, []store.Touch{{Reference: "r2", Absent: 2}}))
	if got := marked(); got != nil {
		t.Errorf("an absence before it was seen again counts: %v", got)
	}
}

func testUnwatched(t *testing.T, open Open) {
	b := newBench(t, open)
	for _, source := range []string{"a", "b"} {
		l := b.lease(source)
		for i := range 3 {
			b.put(b.sample(l, fmt.Sprint(source, i), "v"))
		}
	}
	old := b.clock.Now()
	b.clock.add(time.Hour)
	b.put(b.sample(b.lease("c"), "c", "v")) // seen since
	mark := func(want int, watched ...string) {
		t.Helper()
		if n, err := b.MarkUnwatched(t.Context(), watched, old.Add(time.Minute), 2); err != nil || n != want {
			t.Errorf("with %v watched, %d are marked (%v), want %d", watched, n, err, want)
		}
	}
	mark(0, "a", "b", "c")
	mark(2, "a")
	mark(1, "a")
	mark(0, "a")
	ms, err := b.MarkedForClosing(t.Context(), "", 10)
	b.must(err)
	if len(ms) != 3 || ms[0].Source != "b" || ms[0].Why != store.ClosedUnwatched {
		t.Errorf("marked are %v, want those of b", ms)
	}
}
