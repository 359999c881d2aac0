package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch/store"
)

// kinds names alarms for a comparison.
func kinds(alarms []store.Alarm) string {
	var out []string
	for _, a := range alarms {
		out = append(out, a.Source+"/"+a.Kind)
	}
	return strings.Join(out, " ")
}

// set sets the alarms of a source and compares what that raised and ended.
func (b *bench) set(source string, on []string, raised, ended string) {
	b.t.Helper()
	var alarms []store.Alarm
	for i, k := range on {
		alarms = append(alarms, store.Alarm{Kind: k, Says: "about " + k, Usual: i})
	}
	up, down, err := b.SetAlarms(b.t.Context(), source, alarms)
	b.must(err)
	if kinds(up) != raised || kinds(down) != ended {
		b.t.Errorf("set %q: raised %q and ended %q, want %q and %q", on, kinds(up), kinds(down), raised, ended)
	}
}

// told claims a notice, reports it as sent, and returns its lines; nil when none is due.
func (b *bench) told() (lines []string) {
	b.t.Helper()
	n, err := b.ClaimNotice(b.t.Context(), time.Minute)
	b.must(err)
	if n == nil {
		return nil
	}
	for _, l := range n.Lines {
		lines = append(lines, l.Source+"/"+l.Kind+" "+l.State)
	}
	b.must(b.NoticeSent(b.t.Context(), n.ID, n.Token))
	return lines
}

func (b *bench) wantTold(want ...string) {
	b.t.Helper()
	if got := b.told(); !slices.Equal(got, want) {
		b.t.Errorf("told %q, want %q", got, want)
	}
}

func testAlarms(t *testing.T, open Open) {
	const day = 24 * time.Hour

	t.Run("an alarm is raised once and ends once", func(t *testing.T) {
		b := newBench(t, open)
		since := b.clock.Now()
		b.set("a", []string{"stale", "silent"}, "a/stale a/silent", "")
		b.set("b", []string{"stale"}, "b/stale", "")
		b.clock.add(time.Hour)
		b.set("a", []string{"silent"}, "", "a/stale")
		b.set("a", []string{"silent"}, "", "")
		want := []store.Alarm{{Source: "a", Kind: "silent", Says: "about silent", Since: since, SeenAt: b.clock.Now()}}
		got, err := b.Alarms(t.Context(), "a")
		b.must(err)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("want, got:\n%s", d)
		}
		if all, err := b.Alarms(t.Context(), ""); err != nil || kinds(all) != "a/silent b/stale" {
			t.Errorf("all that are on: %q (%v)", kinds(all), err)
		}
		b.clock.add(time.Hour)
		b.set("a", []string{"silent", "stale"}, "a/stale", "")
		if got, err := b.Alarms(t.Context(), "a"); err != nil || !got[1].Since.Equal(b.clock.Now()) {
			t.Errorf("raised again: %+v (%v), want it to begin anew", got, err)
		}
	})

	t.Run("a notice a day, again after a week, and the end of what was told", func(t *testing.T) {
		b := newBench(t, open)
		b.wantTold()
		b.set("a", []string{"stale"}, "a/stale", "")
		b.wantTold("a/stale new")
		b.wantTold()
		b.set("b", []string{"grown"}, "b/grown", "")
		b.set("b", nil, "", "b/grown")
		b.clock.add(day - time.Minute)
		b.wantTold() // too soon, and grown came and went untold
		b.set("b", []string{"silent"}, "b/silent", "")
		b.clock.add(time.Minute)
		b.wantTold("b/silent new")
		b.clock.add(6 * day)
		b.wantTold("a/stale still")
		b.set("a", nil, "", "a/stale")
		b.set("b", nil, "", "b/silent")
		b.wantTold()
		b.clock.add(day)
		b.wantTold("a/stale over", "b/silent over")
		b.clock.add(30 * day)
		b.wantTold()
	})

	t.Run("what is frozen is sent as it was, under one Message-ID", func(t *testing.T) {
		b := newBench(t, open)
		b.set("a", []string{"stale"}, "a/stale", "")
		shown, err := b.DueNotice(t.Context())
		b.must(err)
		if shown == nil || len(shown.Lines) != 1 || shown.ID != "" {
			t.Errorf("shown before it is frozen: %+v", shown)
		}
		first, err := b.ClaimNotice(t.Context(), time.Minute)
		b.must(err)
		if other, err := b.ClaimNotice(t.Context(), time.Minute); err != nil || other != nil {
			t.Errorf("claimed twice: %+v (%v)", other, err)
		}
		b.set("a", []string{"silent"}, "a/silent", "a/stale")
		b.clock.add(2 * time.Minute) // whoever claimed it has died
		again, err := b.ClaimNotice(t.Context(), time.Minute)
		b.must(err)
		if d := cmp.Diff(first.Lines, again.Lines); d != "" || again.MessageID != first.MessageID || again.ID != first.ID || again.Attempts != 2 {
			t.Errorf("claimed again: %+v, want %+v", again, first)
		}
		if err := b.NoticeSent(t.Context(), first.ID, first.Token); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("the dead one reports: %v, want ErrLeaseLost", err)
		}
		b.must(b.NoticeRetry(t.Context(), again.ID, again.Token, b.clock.Now().Add(time.Hour), "no connection"))
		b.wantTold()
		b.clock.add(time.Hour)
		third, err := b.ClaimNotice(t.Context(), time.Minute)
		b.must(err)
		if third == nil || third.ID != first.ID {
			t.Fatalf("after the pause: %+v", third)
		}
		b.must(b.NoticeDropped(t.Context(), third.ID, third.Token, "refused"))
		b.wantTold()
		b.clock.add(day)
		b.wantTold("a/silent new", "a/stale over")
	})

	t.Run("whatever the order of crawls, an alarm is told at most once a day and not forgotten", func(t *testing.T) {
		b := newBench(t, open)
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		random := rand.New(rand.NewPCG(seed, 0))
		sources, all := []string{"a", "b"}, []string{"stale", "silent", "grown"}
		last := map[string]time.Time{}
		seen := map[string]bool{} // notices, of which one that is claimed again is no second telling
		claim := func(dies bool) {
			n, err := b.ClaimNotice(t.Context(), time.Minute)
			b.must(err)
			if n == nil {
				return
			}
			for _, l := range n.Lines {
				key := l.Source + "/" + l.Kind
				if at, ok := last[key]; ok && !seen[n.ID] && b.clock.Now().Sub(at) < day {
					t.Fatalf("%s was told twice within %s", key, b.clock.Now().Sub(at))
				}
				last[key] = b.clock.Now()
			}
			if seen[n.ID] = true; !dies {
				b.must(b.NoticeSent(t.Context(), n.ID, n.Token))
			}
		}
		for range 200 {
			b.clock.add(time.Duration(1+random.IntN(60)) * time.Minute)
			switch random.IntN(4) {
			case 0, 1:
				var on []store.Alarm
				for _, k := range all {
					if random.IntN(2) == 0 {
						on = append(on, store.Alarm{Kind: k})
					}
				}
				_, _, err := b.SetAlarms(t.Context(), sources[random.IntN(2)], on)
				b.must(err)
			case 2:
				b.clock.add(time.Duration(random.IntN(20)) * time.Hour)
			default:
				claim(random.IntN(3) == 0)
			}
		}
		for range 3 {
			b.clock.add(day)
			claim(false)
		}
		on, err := b.Alarms(t.Context(), "")
		b.must(err)
		for _, a := range on {
			if a.ToldAt.Before(a.Since) {
				t.Errorf("%s/%s is on since %v and was told last at %v", a.Source, a.Kind, a.Since, a.ToldAt)
			}
		}
	})
}

func testHistory(t *testing.T, open Open) {
	b := newBench(t, open)
	const day = 24 * time.Hour
	added := b.clock.Now()
	l := b.lease("a")
	end := func(e store.CrawlEnd) {
		b.must(b.EndCrawl(t.Context(), l, e))
		l = b.next(l)
	}
	rich := store.CrawlEnd{Complete: true, Healthy: true, Listed: 9, New: 4, Counted: 5, Fields: map[string]int{"pay": 3, "title": 5}, Note: "n", Report: "{}"}
	end(rich)
	ended := b.clock.Now().Add(-time.Minute)
	end(store.CrawlEnd{Complete: true, Partial: true, Fault: "shrunk", Unreadable: 2})
	b.must(b.EndCrawl(t.Context(), l, store.CrawlEnd{Report: "early"}))
	b.must(b.ReportCrawl(t.Context(), l, "late"))

	got, err := b.Crawls(t.Context(), "a", 10)
	b.must(err)
	if len(got) != 3 || got[0].Report != "late" || got[1].Fault != "shrunk" || !got[1].Partial || got[1].Unreadable != 2 {
		t.Fatalf("got %+v", got)
	}
	if d := cmp.Diff(store.Crawl{Crawl: 1, EndedAt: ended, CrawlEnd: rich}, got[2]); d != "" {
		t.Errorf("want, got:\n%s", d)
	}
	if got, err := b.Crawls(t.Context(), "a", 1); err != nil || len(got) != 1 || got[0].Crawl != 3 {
		t.Errorf("the newest alone: %+v (%v)", got, err)
	}
	if h, err := b.SourceHealth(t.Context()); err != nil || len(h) != 1 || !h[0].AddedAt.Equal(added) {
		t.Errorf("health %+v (%v), want it known since %v", h, err, added)
	}
	b.set("a", []string{"grown", "silent"}, "a/grown a/silent", "")
	b.set("a", []string{"silent"}, "", "a/grown")
	h, err := b.History(t.Context(), "a", 2)
	b.must(err)
	if h.Source != "a" || len(h.Crawls) != 2 || kinds(h.Alarms) != "a/grown a/silent" || h.Alarms[0].On() || !h.Alarms[1].On() {
		t.Errorf("history %+v", h)
	}
	for _, unknown := range []string{"b", ""} {
		if _, err := b.History(t.Context(), unknown, 2); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("history of %q: %v, want ErrNotFound", unknown, err)
		}
	}
	b.set("a", nil, "", "a/silent")

	lost := l
	l = b.next(l)
	if err := b.ReportCrawl(t.Context(), lost, "stolen"); !errors.Is(err, store.ErrLeaseLost) {
		t.Errorf("a report under a lost lease: %v, want ErrLeaseLost", err)
	}

	b.set("a", []string{"stale"}, "a/stale", "")
	b.told()
	b.set("a", nil, "", "a/stale")
	numbers := func() (out []int64) {
		cs, err := b.Crawls(t.Context(), "a", 10)
		b.must(err)
		for _, c := range cs {
			out = append(out, c.Crawl)
		}
		return out
	}
	for _, step := range []struct {
		pass   time.Duration
		pruned int
		left   []int64
	}{
		{5 * day, 0, []int64{3, 2, 1}},
		{10 * day, 1, []int64{3, 1}}, // of the idle ones the newest stays
		{100 * day, 5, []int64{3}},   // with three alarms and the notice
	} {
		b.clock.add(step.pass)
		p, err := b.Prune(t.Context(), store.Retention{Health: 100 * day})
		b.must(err)
		if p.Health != step.pruned || !slices.Equal(numbers(), step.left) {
			t.Errorf("pruned %d, left %v, want %d and %v", p.Health, numbers(), step.pruned, step.left)
		}
	}
}

func testQuarantine(t *testing.T, open Open) {
	t.Run("an entry comes back whole", func(t *testing.T) {
		b := newBench(t, open)
		first := b.clock.Now()
		q := store.Quarantined{Source: "a", Reference: "r", URL: "https://a.example/r", Error: "no title", RawType: "text/html", Raw: []byte("<p>"), Crawl: 3}
		b.must(b.PutQuarantine(t.Context(), q))
		b.clock.add(time.Hour)
		q.Error, q.Crawl = "no employer", 4
		b.must(b.PutQuarantine(t.Context(), q))
		q.FirstAt, q.LastAt, q.Times, q.Listed = first, b.clock.Now(), 2, true
		b.must(b.PutQuarantine(t.Context(), store.Quarantined{Source: "b", URL: "https://b.example/x"}))
		got, err := b.Quarantine(t.Context(), 10)
		b.must(err)
		if len(got) != 2 || got[0].Size == 0 || got[1].Size != 0 {
			t.Fatalf("got %+v, want the sizes of two", got)
		}
		q.Size = got[0].Size
		if d := cmp.Diff(q, got[0]); d != "" {
			t.Errorf("want, got:\n%s", d)
		}
		b.readAgain(q.URL)
		if got, err := b.Quarantine(t.Context(), 10); err != nil || len(got) != 1 {
			t.Errorf("%d left (%v), want 1", len(got), err)
		}
	})

	t.Run("listed page by page, fetched whole, dropped", func(t *testing.T) {
		b := newBench(t, open)
		for i := range 5 {
			b.must(b.PutQuarantine(t.Context(), store.Quarantined{Source: "a", URL: fmt.Sprint("u", i/2), Reference: fmt.Sprint(i), Raw: []byte{byte(i)}}))
		}
		b.must(b.PutQuarantine(t.Context(), store.Quarantined{Source: "b", URL: "u", Reference: "5"}))
		walk := func(source string) (refs string) {
			var last *store.Quarantined
			for {
				qs, err := b.QuarantineList(t.Context(), source, last, 2)
				b.must(err)
				if len(qs) == 0 {
					return refs
				}
				for _, q := range qs {
					refs += q.Reference
					if q.Raw != nil {
						t.Error("a list brings what was fetched")
					}
				}
				last = &qs[len(qs)-1]
			}
		}
		if a, all := walk("a"), walk(""); a != "01234" || all != "012345" {
			t.Errorf("listed %q of a and %q in all", a, all)
		}
		qs, err := b.QuarantineList(t.Context(), "a", nil, 10)
		b.must(err)
		whole, err := b.QuarantinedWhole(t.Context(), qs[3])
		if err != nil || len(whole.Raw) != 1 || whole.Raw[0] != 3 || whole.ID() != qs[3].ID() || whole.ID() == qs[2].ID() {
			t.Errorf("whole: %+v (%v)", whole, err)
		}
		b.must(b.StillQuarantined(t.Context(), qs[3], "no employer either"))
		if whole, err := b.QuarantinedWhole(t.Context(), qs[3]); err != nil || whole.Error != "no employer either" || whole.Times != 1 {
			t.Errorf("still quarantined: %+v (%v)", whole, err)
		}
		b.must(b.PutQuarantine(t.Context(), store.Quarantined{Source: "a", URL: qs[0].URL, Reference: qs[0].Reference}))
		for i, want := range []bool{false, true} { // the first was met again since
			if done, err := b.DropQuarantined(t.Context(), qs[i]); err != nil || done != want {
				t.Errorf("entry %d: dropped %v (%v), want %v", i, done, err, want)
			}
		}
		if got := walk("a"); got != "0234" {
			t.Errorf("left are %q", got)
		}
		if _, err := b.QuarantinedWhole(t.Context(), qs[1]); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("what was dropped: %v, want ErrNotFound", err)
		}
	})

	t.Run("what a whole crawl did not meet any more is not listed", func(t *testing.T) {
		b := newBench(t, open)
		l := b.lease("a")
		put := func(url string) {
			b.must(b.PutQuarantine(t.Context(), store.Quarantined{Source: "a", URL: url, Crawl: l.Crawl}))
		}
		listed := func() (n int) {
			h, err := b.SourceHealth(t.Context())
			b.must(err)
			qs, err := b.QuarantineList(t.Context(), "a", nil, 10)
			b.must(err)
			for _, q := range qs {
				if q.Listed {
					n++
				}
			}
			if h[0].Quarantined != n {
				t.Errorf("the source has %d quarantined, the list %d", h[0].Quarantined, n)
			}
			return n
		}
		put("x")
		put("y")
		for i, step := range []struct {
			end  store.CrawlEnd
			want int
		}{
			{store.CrawlEnd{Complete: true}, 2},
			{store.CrawlEnd{}, 2},                              // which may have missed one
			{store.CrawlEnd{Complete: true, Partial: true}, 2}, // as a feed does
			{store.CrawlEnd{Complete: true}, 1},
		} {
			if i > 0 {
				l = b.next(l)
				put("x")
			}
			b.must(b.EndCrawl(t.Context(), l, step.end))
			if got := listed(); got != step.want {
				t.Errorf("after crawl %d: %d listed, want %d", i+1, got, step.want)
			}
		}
	})

	t.Run("a site that breaks wholly fills no disk", func(t *testing.T) {
		b := newBench(t, open)
		for i := range 503 {
			b.must(b.PutQuarantine(t.Context(), store.Quarantined{Source: "a", URL: fmt.Sprintf("u%03d", i), Raw: []byte("<p>")}))
		}
		b.must(b.PutQuarantine(t.Context(), store.Quarantined{Source: "a", URL: "u000", Raw: []byte("<p>")})) // keeps its place
		b.must(b.PutQuarantine(t.Context(), store.Quarantined{Source: "b", URL: "u", Raw: make([]byte, 8<<20+1)}))
		qs, err := b.QuarantineList(t.Context(), "", nil, 1000)
		b.must(err)
		kept := 0
		for _, q := range qs {
			if q.Size > 0 {
				kept++
			}
		}
		if len(qs) != 504 || kept != 500 || qs[0].Size == 0 || qs[503].Size != 0 {
			t.Errorf("%d entries, of %d what was fetched is kept", len(qs), kept)
		}
	})
}
