package changelog_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/changelog"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// memory is a change log in memory.
type memory struct {
	mu   sync.Mutex
	rows []sendwatch.Change
	head int64 // when above the rows', the log has lost its end
}

func (m *memory) add(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for range n {
		m.rows = append(m.rows, sendwatch.Change{Seq: int64(len(m.rows) + 1), Event: sendwatch.VacancyChanged})
	}
}

func (m *memory) Head(context.Context) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return max(m.head, int64(len(m.rows))), nil
}

func (m *memory) Changes(_ context.Context, after int64, limit int) ([]sendwatch.Change, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	rest := m.rows[min(int(after), len(m.rows)):]
	return slices.Clone(rest[:min(limit, len(rest))]), nil
}

// shared is what several readers of one name derive: the numbers, in order.
type shared struct {
	mu     sync.Mutex
	cursor int64
	seen   []int64
	// before runs at the start of Apply, without the lock.
	before func() error
	// quiet makes a lost race an error in the reader's own words.
	quiet bool
}

func (s *shared) Name() string { return "test" }

func (s *shared) Cursor(context.Context) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cursor, nil
}

func (s *shared) Apply(_ context.Context, from int64, changes []sendwatch.Change) error {
	if s.before != nil {
		if err := s.before(); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cursor != from {
		if s.quiet {
			return errors.New("lost the race")
		}
		return changelog.ErrCursorMoved
	}
	for _, c := range changes {
		s.seen = append(s.seen, c.Seq)
	}
	s.cursor = changes[len(changes)-1].Seq
	return nil
}

func (s *shared) numbers() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen)
}

func upTo(n int) []int64 {
	out := make([]int64, n)
	for i := range out {
		out[i] = int64(i + 1)
	}
	return out
}

func TestCatchUpAppliesEverythingOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log, r := &memory{}, &shared{}
		total := 0
		for range rapid.IntRange(1, 5).Draw(t, "rounds") {
			n := rapid.IntRange(0, 40).Draw(t, "changes")
			log.add(n)
			total += n
			if err := changelog.CatchUp(t.Context(), log, r, rapid.IntRange(-1, 9).Draw(t, "batch")); err != nil {
				t.Fatal(err)
			}
			if got, want := r.numbers(), upTo(total); !slices.Equal(got, want) {
				t.Fatalf("applied %v, want %v", got, want)
			}
		}
	})
}

func TestCatchUpStopsAtTheHeadOfTheStart(t *testing.T) {
	log, r := &memory{}, &shared{}
	log.add(10)
	r.before = func() error { log.add(1); return nil } // the log grows as fast as it is read
	if err := changelog.CatchUp(t.Context(), log, r, 5); err != nil {
		t.Fatal(err)
	}
	if got := len(r.numbers()); got < 10 || got > 20 {
		t.Errorf("applied %d changes, want those of the start and little more", got)
	}
}

func TestSeveralReadersOfOneNameApplyEachChangeOnce(t *testing.T) {
	for _, quiet := range []bool{false, true} {
		log, r := &memory{}, &shared{quiet: quiet}
		log.add(2000)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if err := changelog.CatchUp(t.Context(), log, r, 7); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := r.numbers(); !slices.Equal(got, upTo(2000)) {
			t.Errorf("quiet %v: %d changes applied, not each once in order", quiet, len(got))
		}
	}
}

func TestCatchUpReturnsTheReadersError(t *testing.T) {
	log := &memory{}
	log.add(1)
	boom := errors.New("boom")
	if err := changelog.CatchUp(t.Context(), log, &shared{before: func() error { return boom }}, 1); !errors.Is(err, boom) {
		t.Errorf("got %v, want %v", err, boom)
	}
}

func TestCatchUpSaysWhenTheLogLostItsEnd(t *testing.T) {
	log := &memory{head: 5}
	log.add(3)
	if err := changelog.CatchUp(t.Context(), log, &shared{}, 10); err == nil {
		t.Error("no error, though the head promises two changes more")
	}
}

func TestFollow(t *testing.T) {
	t.Run("polls, wakes and ends with its context", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			log, r, wake := &memory{}, &shared{}, make(chan struct{}, 1)
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- changelog.Follow(ctx, log, r, changelog.Options{Poll: time.Hour, Wake: wake}) }()
			synctest.Wait()

			log.add(3)
			synctest.Wait()
			if got := len(r.numbers()); got != 0 {
				t.Errorf("%d changes applied before poll or wake", got)
			}
			wake <- struct{}{}
			synctest.Wait()
			if got := r.numbers(); !slices.Equal(got, upTo(3)) {
				t.Errorf("after the wake: %v, want 3 changes", got)
			}
			log.add(2)
			time.Sleep(time.Hour)
			synctest.Wait()
			if got := r.numbers(); !slices.Equal(got, upTo(5)) {
				t.Errorf("after the poll: %v, want 5 changes", got)
			}
			close(wake) // a closed channel must not make the reader spin
			synctest.Wait()
			cancel()
			if err := <-done; !errors.Is(err, context.Canceled) {
				t.Errorf("Follow ended with %v", err)
			}
		})
	})

	t.Run("backs off and recovers", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			log, wake := &memory{}, make(chan struct{}, 1)
			log.add(1)
			var tries []time.Duration
			start := time.Now()
			r := &shared{before: func() error {
				tries = append(tries, time.Since(start))
				if len(tries) < 5 {
					return errors.New("down")
				}
				return nil
			}}
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- changelog.Follow(ctx, log, r, changelog.Options{Poll: time.Hour, Wake: wake}) }()
			wake <- struct{}{} // does not hurry it
			time.Sleep(10 * time.Minute)
			synctest.Wait()
			if got := r.numbers(); !slices.Equal(got, upTo(1)) {
				t.Errorf("applied %v after recovery, want one change", got)
			}
			want := []time.Duration{0, 500 * time.Millisecond, 1500 * time.Millisecond, 3500 * time.Millisecond, 7500 * time.Millisecond}
			if !slices.Equal(tries, want) {
				t.Errorf("tried at %v, want %v", tries, want)
			}
			cancel()
			<-done
		})
	})
}
