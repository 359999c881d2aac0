package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

func testWork(t *testing.T, open Open) {
	t.Run("a source is leased to one", func(t *testing.T) {
		b := newBench(t, open)
		b.must(b.EnsureSources(t.Context(), []string{"a"}))
		l, err := b.ClaimSource(t.Context(), "a", time.Minute, false)
		b.must(err)
		if l.Crawl != 1 || l.Token == "" {
			t.Errorf("lease %+v, want crawl 1 and a token", l)
		}
		var held *store.LeasedError
		if _, err := b.ClaimSource(t.Context(), "a", time.Minute, true); !errors.Is(err, store.ErrLeased) || !errors.As(err, &held) || !held.Until.Equal(l.Until) {
			t.Errorf("second claim: %v, want ErrLeased until %v", err, l.Until)
		}
		if _, err := b.ClaimSource(t.Context(), "nobody", time.Minute, true); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("unknown source: %v, want ErrNotFound", err)
		}
	})

	t.Run("what a dead process held is free", func(t *testing.T) {
		b := newBench(t, open)
		b.must(b.EnsureSources(t.Context(), []string{"a", "b"}))
		o := b.opts
		o.Holder = "dead"
		dead := open(t, o)
		lost, err := dead.ClaimSource(t.Context(), "a", time.Minute, false)
		b.must(err)
		o.Holder = "deadalive" // the beginning of a name is not the name
		kept, err := open(t, o).ClaimSource(t.Context(), "b", time.Minute, false)
		b.must(err)

		if n, err := b.ReleaseHolder(t.Context(), "dead"); n != 1 || err != nil {
			t.Errorf("released %d, %v, want 1", n, err)
		}
		taken, err := b.ClaimSource(t.Context(), "a", time.Minute, false)
		if err != nil || taken.Attempts != 2 {
			t.Errorf("claim of what was freed: %+v, %v, want the second attempt", taken, err)
		}
		if _, err := dead.RenewLease(t.Context(), lost, time.Minute); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("the dead renews its lease: %v, want ErrLeaseLost", err)
		}
		if _, err := b.RenewLease(t.Context(), kept, time.Minute); err != nil {
			t.Errorf("the lease of one that lives: %v", err)
		}
	})

	t.Run("a message that was held at three deaths is left to its lease", func(t *testing.T) {
		b := newBench(t, open)
		sub := b.person("a@people.example")
		b.vacancy("v")
		b.must(b.Owe(t.Context(), store.Owed{Reader: "match", Alerts: []sendwatch.Alert{
			{Person: sub.Person, Vacancy: "v", Event: sendwatch.EventNew, DueAt: b.clock.Now(), Subscriptions: []string{sub.ID}},
		}}))
		o := b.opts
		o.Holder = "dead"
		dead := open(t, o)
		for death := 1; death <= 4; death++ {
			d, err := dead.ClaimDigest(t.Context(), time.Hour)
			b.must(err)
			if d == nil || d.Attempts != death {
				t.Fatalf("claim %d: %+v", death, d)
			}
			want := 1
			if death > 3 {
				want = 0
			}
			if n, err := b.ReleaseHolder(t.Context(), "dead"); n != want || err != nil {
				t.Errorf("after death %d: released %d, %v, want %d", death, n, err, want)
			}
		}
	})

	t.Run("due times", func(t *testing.T) {
		b := newBench(t, open)
		b.must(b.EnsureSources(t.Context(), []string{"a", "b"}))
		l, err := b.ClaimSource(t.Context(), "a", time.Minute, false)
		b.must(err)
		b.must(b.FinishSource(t.Context(), l, b.clock.Now().Add(time.Hour)))
		if _, err := b.ClaimSource(t.Context(), "a", time.Minute, false); !errors.Is(err, store.ErrNotDue) {
			t.Errorf("claim before its time: %v, want ErrNotDue", err)
		}
		if due, err := b.DueSources(t.Context()); err != nil || !slices.Equal(due, []string{"b"}) {
			t.Errorf("due %v (%v), want b", due, err)
		}
		l, err = b.ClaimSource(t.Context(), "a", time.Minute, true)
		b.must(err)
		b.must(b.ReleaseLease(t.Context(), l))
		b.must(b.EnsureSources(t.Context(), []string{"a"})) // does not make it due
		b.clock.add(time.Hour)
		if due, err := b.DueSources(t.Context()); err != nil || !slices.Equal(due, []string{"b", "a"}) {
			t.Errorf("due %v (%v), want b, a", due, err)
		}
	})

	t.Run("a lost lease is fenced", func(t *testing.T) {
		b := newBench(t, open)
		b.must(b.EnsureSources(t.Context(), []string{"a"}))
		old, err := b.ClaimSource(t.Context(), "a", time.Minute, false)
		b.must(err)
		b.clock.add(30 * time.Second)
		old, err = b.RenewLease(t.Context(), old, time.Minute)
		b.must(err)
		b.clock.add(59 * time.Second)
		if _, err := b.ClaimSource(t.Context(), "a", time.Minute, false); !errors.Is(err, store.ErrLeased) {
			t.Errorf("claim under a renewed lease: %v, want ErrLeased", err)
		}
		b.clock.add(2 * time.Second)
		fresh, err := b.ClaimSource(t.Context(), "a", time.Minute, false)
		b.must(err)
		if fresh.Crawl != old.Crawl+1 || fresh.Attempts != 2 {
			t.Errorf("second lease %+v, want crawl %d, attempt 2", fresh, old.Crawl+1)
		}
		for name, err := range map[string]error{
			"renew":   second(b.RenewLease(t.Context(), old, time.Minute)),
			"release": b.ReleaseLease(t.Context(), old),
			"finish":  b.FinishSource(t.Context(), old, b.clock.Now()),
			"touch":   b.Touch(t.Context(), old, nil),
			"end":     b.EndCrawl(t.Context(), old, store.CrawlEnd{}),
			"write":   b.Write(t.Context(), func(tx *store.Tx) error { return tx.Holds(t.Context(), old) }),
			"none":    b.FinishSource(t.Context(), store.Lease{Kind: old.Kind, ID: old.ID}, b.clock.Now()),
		} {
			if !errors.Is(err, store.ErrLeaseLost) {
				t.Errorf("%s under a lost lease: %v, want ErrLeaseLost", name, err)
			}
		}
		b.must(b.FinishSource(t.Context(), fresh, b.clock.Now()))
	})

	t.Run("a lease that merely ran out still counts", func(t *testing.T) {
		b := newBench(t, open)
		b.must(b.EnsureSources(t.Context(), []string{"a"}))
		l, err := b.ClaimSource(t.Context(), "a", time.Minute, false)
		b.must(err)
		b.clock.add(time.Hour)
		b.must(b.FinishSource(t.Context(), l, b.clock.Now()))
	})

	t.Run("many claim at once", func(t *testing.T) {
		b := newBench(t, open)
		other := open(t, b.opts)
		var ids []string
		for i := range 20 {
			ids = append(ids, fmt.Sprintf("s%02d", i))
		}
		b.must(b.EnsureSources(t.Context(), ids))
		var mu sync.Mutex
		var claimed []string
		var wg sync.WaitGroup
		for w := range 8 {
			s := b.Store
			if w%2 == 1 {
				s = other
			}
			wg.Go(func() {
				for _, id := range ids {
					if _, err := s.ClaimSource(t.Context(), id, time.Minute, false); err == nil {
						mu.Lock()
						claimed = append(claimed, id)
						mu.Unlock()
					} else if !errors.Is(err, store.ErrLeased) {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		slices.Sort(claimed)
		if !slices.Equal(claimed, ids) {
			t.Errorf("claimed %v, want each once", claimed)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func testHosts(t *testing.T, open Open) {
	t.Run("moments are booked one after another", func(t *testing.T) {
		b := newBench(t, open)
		start := b.clock.Now()
		for i := range 4 {
			at, err := b.Reserve(t.Context(), "h", 2*time.Second)
			b.must(err)
			if want := start.Add(time.Duration(i) * 2 * time.Second); !at.Equal(want) {
				t.Errorf("booking %d at %v, want %v", i, at, want)
			}
		}
		if at, err := b.Reserve(t.Context(), "h", 0); err != nil || !at.Equal(start.Add(8*time.Second)) {
			t.Errorf("a free booking at %v (%v), want after the others", at, err)
		}
		if at, err := b.Reserve(t.Context(), "elsewhere", 0); err != nil || !at.Equal(start) {
			t.Errorf("another host at %v (%v), want now", at, err)
		}
		b.clock.add(time.Hour)
		if at, err := b.Reserve(t.Context(), "h", time.Second); err != nil || !at.Equal(b.clock.Now()) {
			t.Errorf("after a rest at %v (%v), want now", at, err)
		}
	})

	t.Run("a pace is learnt and forgotten", func(t *testing.T) {
		b := newBench(t, open)
		expect := func(host string, want time.Duration) {
			t.Helper()
			if got, err := b.Pace(t.Context(), host); err != nil || got != want {
				t.Errorf("the pace of %s is %v (%v), want %v", host, got, err, want)
			}
		}
		expect("h", 0)
		b.must(b.SetPace(t.Context(), "h", 1500*time.Microsecond))
		expect("h", 2*time.Millisecond)
		expect("elsewhere", 0)
		if at, err := b.Reserve(t.Context(), "h", time.Minute); err != nil || !at.Equal(b.clock.Now()) {
			t.Errorf("a pace books nothing: booked at %v (%v), want now", at, err)
		}
		b.must(b.SetPace(t.Context(), "h", 0))
		expect("h", 0)
		if at, err := b.Reserve(t.Context(), "h", 0); err != nil || !at.Equal(b.clock.Now().Add(time.Minute)) {
			t.Errorf("a pace leaves bookings alone: booked at %v (%v), want in a minute", at, err)
		}
	})

	t.Run("robots", func(t *testing.T) {
		b := newBench(t, open)
		if _, _, at, err := b.Robots(t.Context(), "https://a.example"); err != nil || !at.IsZero() {
			t.Errorf("unknown origin: %v, %v", at, err)
		}
		b.must(b.PutRobots(t.Context(), "https://a.example", []byte("x"), 500, b.clock.Now()))
		b.clock.add(time.Hour)
		b.must(b.PutRobots(t.Context(), "https://a.example", []byte("User-agent: *"), 200, b.clock.Now()))
		body, status, at, err := b.Robots(t.Context(), "https://a.example")
		if err != nil || string(body) != "User-agent: *" || status != 200 || !at.Equal(b.clock.Now()) {
			t.Errorf("got %q %d %v %v", body, status, at, err)
		}
	})

	t.Run("a host is leased to one", func(t *testing.T) {
		b := newBench(t, open)
		l, err := b.ClaimHost(t.Context(), "h", time.Minute)
		b.must(err)
		if _, err := b.ClaimHost(t.Context(), "h", time.Minute); !errors.Is(err, store.ErrLeased) {
			t.Errorf("got %v, want ErrLeased", err)
		}
		b.must(b.ReleaseLease(t.Context(), l))
		_, err = b.ClaimHost(t.Context(), "h", time.Minute)
		b.must(err)
	})
}

func testReaders(t *testing.T, open Open) {
	b := newBench(t, open)
	o := b.opts
	o.Holder = "dead"
	dead := open(t, o)
	l, err := dead.ClaimReader(t.Context(), "match", time.Minute)
	b.must(err)
	var held *store.LeasedError
	if _, err := b.ClaimReader(t.Context(), "match", time.Minute); !errors.As(err, &held) || !held.Until.Equal(l.Until) {
		t.Errorf("a second follower: %v, want until when it is leased", err)
	}
	if _, err := b.ClaimReader(t.Context(), "index:bleve", time.Minute); err != nil {
		t.Errorf("another reader: %v", err)
	}
	for range 4 { // a reader is freed however often its process dies
		if n, err := b.ReleaseHolder(t.Context(), "dead"); n != 1 || err != nil {
			t.Errorf("released %d, %v, want 1", n, err)
		}
		if _, err := dead.RenewLease(t.Context(), l, time.Minute); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("the dead renews its lease: %v, want ErrLeaseLost", err)
		}
		l, err = dead.ClaimReader(t.Context(), "match", time.Minute)
		b.must(err)
	}
	b.must(dead.ReleaseLease(t.Context(), l))
	l, err = b.ClaimReader(t.Context(), "match", time.Minute)
	b.must(err)
	b.clock.add(2 * time.Minute)
	if _, err := dead.ClaimReader(t.Context(), "match", time.Minute); err != nil {
		t.Errorf("after the lease ran out: %v", err)
	}
	if err := b.ReleaseLease(t.Context(), l); !errors.Is(err, store.ErrLeaseLost) {
		t.Errorf("released by who lost it: %v, want ErrLeaseLost", err)
	}
}
