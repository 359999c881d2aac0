package changelog_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/changelog"
	"github.com/sendwatch/sendwatch/store"
)

// stick is a turn that several processes share: a lease that runs out.
type stick struct {
	mu     sync.Mutex
	lease  time.Duration
	holder *hand
	until  time.Time
}

// hand is one process's hold on a stick.
type hand struct {
	*stick
	down  error // what the stick answers, when it cannot be reached
	tried int
}

func (s *stick) hand() *hand { return &hand{stick: s} }

func (h *hand) Take(context.Context) (bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tried++
	if h.down != nil {
		return false, h.down
	}
	if h.holder != nil && time.Now().Before(h.until) {
		return false, nil
	}
	h.holder, h.until = h, time.Now().Add(h.lease)
	return true, nil
}

func (h *hand) Keep(context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.down != nil {
		return h.down
	}
	if h.holder != h {
		return changelog.ErrTurnLost
	}
	h.until = time.Now().Add(h.lease)
	return nil
}

func (h *hand) Leave(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.holder == h {
		h.holder = nil
	}
	return ctx.Err() // it must be left although the process ends
}

func (h *hand) tries() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.tried
}

func (h *hand) set(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.down = err
}

// process is one that follows for a reader shared with others.
type process struct {
	*shared
	by     *roll
	name   string
	cancel context.CancelFunc
	done   chan error
}

func (p *process) Apply(ctx context.Context, from int64, changes []sendwatch.Change) error {
	if err := p.shared.Apply(ctx, from, changes); err != nil {
		return err
	}
	p.by.add(p.name)
	return nil
}

// roll is who applied the batches, in order.
type roll struct {
	mu    sync.Mutex
	names []string
}

func (r *roll) add(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.names = append(r.names, name)
}

func (r *roll) all() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.names)
}

func start(t *testing.T, name string, log changelog.Log, r *shared, by *roll, turn changelog.Turn) *process {
	ctx, cancel := context.WithCancel(t.Context())
	p := &process{shared: r, by: by, name: name, cancel: cancel, done: make(chan error, 1)}
	go func() { p.done <- changelog.Follow(ctx, log, p, changelog.Options{Turn: turn}) }()
	synctest.Wait()
	return p
}

func (p *process) stop(t *testing.T) {
	t.Helper()
	p.cancel()
	if err := <-p.done; !errors.Is(err, context.Canceled) {
		t.Errorf("Follow of %s ended with %v", p.name, err)
	}
}

func TestOneFollowsAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, r, turn := &memory{}, &shared{}, &stick{lease: 15 * time.Second}
		var by roll
		a := start(t, "a", log, r, &by, turn.hand())
		b := start(t, "b", log, r, &by, turn.hand())
		for range 60 {
			log.add(1)
			time.Sleep(time.Second)
		}
		synctest.Wait()
		if got := slices.Compact(by.all()); !slices.Equal(got, []string{"a"}) || len(r.numbers()) != 60 {
			t.Errorf("%d changes applied by %v, want 60 by a alone", len(r.numbers()), got)
		}

		a.stop(t)
		log.add(1)
		time.Sleep(time.Second) // a turn that is left is taken at the next look
		synctest.Wait()
		if got := slices.Compact(by.all()); !slices.Equal(got, []string{"a", "b"}) {
			t.Errorf("after a left: %v follow, want a, then b", got)
		}
		b.stop(t)
	})
}

func TestATurnThatRanOutIsTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, r, turn := &memory{}, &shared{}, &stick{lease: 15 * time.Second}
		if ok, err := turn.hand().Take(t.Context()); !ok || err != nil { // by one that is killed
			t.Fatal(ok, err)
		}
		var by roll
		b := start(t, "b", log, r, &by, turn.hand())
		log.add(1)
		time.Sleep(14 * time.Second)
		synctest.Wait()
		if len(by.all()) != 0 {
			t.Error("followed while another has the turn")
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if len(by.all()) != 1 {
			t.Error("the turn of the dead was not taken")
		}
		b.stop(t)
	})
}

func TestWhoLosesTheTurnStandsBy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, r, turn := &memory{}, &shared{}, &stick{lease: 15 * time.Second}
		var by roll
		mine := turn.hand()
		a := start(t, "a", log, r, &by, mine)
		mine.set(errors.New("the database is away"))
		time.Sleep(10 * time.Second) // its turn goes on: only who is told so has lost it
		log.add(1)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if len(by.all()) != 1 {
			t.Error("a turn that could not be kept once ended at once")
		}
		time.Sleep(10 * time.Second)
		if ok, _ := turn.hand().Take(t.Context()); !ok {
			t.Fatal("the turn did not run out")
		}
		mine.set(nil)
		time.Sleep(5 * time.Second) // now it learns of it
		log.add(1)
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if len(by.all()) != 1 {
			t.Error("it followed on after it lost the turn")
		}
		time.Sleep(10 * time.Second) // the other's runs out in turn
		synctest.Wait()
		if len(by.all()) != 2 {
			t.Errorf("%d batches applied, want a second one when it has the turn again", len(by.all()))
		}
		a.stop(t)
	})
}

func TestAskingForTheTurnBacksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, r, turn := &memory{}, &shared{}, &stick{lease: time.Minute}
		log.add(1)
		mine := turn.hand()
		mine.set(errors.New("the database is away"))
		var by roll
		a := start(t, "a", log, r, &by, mine)
		time.Sleep(time.Hour)
		synctest.Wait()
		if n := mine.tries(); n < 240 || n > 250 {
			t.Errorf("asked %d times in an hour, want about four times a minute", n)
		}
		mine.set(nil)
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(by.all()) != 1 {
			t.Error("it did not recover")
		}
		a.stop(t)
	})
}

// leaseTurn is a turn made of a store's lease, as the command makes it.
type leaseTurn struct {
	store  *store.Store
	reader string
	lease  store.Lease
}

const turnLease = 15 * time.Second

func (t *leaseTurn) Take(ctx context.Context) (bool, error) {
	l, err := t.store.ClaimReader(ctx, t.reader, turnLease)
	if errors.Is(err, store.ErrLeased) {
		return false, nil
	}
	t.lease = l
	return err == nil, err
}

func (t *leaseTurn) Keep(ctx context.Context) error {
	l, err := t.store.RenewLease(ctx, t.lease, turnLease)
	if errors.Is(err, store.ErrLeaseLost) {
		return changelog.ErrTurnLost
	}
	t.lease = l
	return err
}

func (t *leaseTurn) Leave(ctx context.Context) error { return t.store.ReleaseLease(ctx, t.lease) }

func TestALeaseOfAStoreIsATurn(t *testing.T) {
	n := 0
	s, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "s.db"), Now: time.Now,
		NewID: func() string { n++; return "id" + strconv.Itoa(n) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	one, two := &leaseTurn{store: s, reader: "match"}, &leaseTurn{store: s, reader: "match"}
	take := func(turn *leaseTurn, want bool) {
		t.Helper()
		if ok, err := turn.Take(t.Context()); ok != want || err != nil {
			t.Fatalf("took the turn: %v (%v), want %v", ok, err, want)
		}
	}
	take(one, true)
	take(two, false)
	if err := one.Keep(t.Context()); err != nil {
		t.Error(err)
	}
	if err := two.Keep(t.Context()); !errors.Is(err, changelog.ErrTurnLost) {
		t.Errorf("kept by who has it not: %v, want ErrTurnLost", err)
	}
	if err := one.Leave(t.Context()); err != nil {
		t.Error(err)
	}
	take(two, true)
}
