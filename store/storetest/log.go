package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

func testChangeLog(t *testing.T, open Open) {
	t.Run("starts empty", func(t *testing.T) {
		b := newBench(t, open)
		head, err := b.Head(t.Context())
		b.must(err)
		cs, err := b.Changes(t.Context(), 0, 10)
		b.must(err)
		if head != 0 || len(cs) != 0 {
			t.Errorf("head %d and %d changes, want none", head, len(cs))
		}
	})

	t.Run("keeps what a change says", func(t *testing.T) {
		b := newBench(t, open)
		want := sendwatch.Change{Seq: 1, Event: sendwatch.VacancyChanged, Vacancy: "v", Fields: []string{"pay", "title"}, Cause: sendwatch.CauseRenormalise, At: b.clock.Now()}
		b.must(b.Write(t.Context(), func(tx *store.Tx) error { return tx.Append(t.Context(), want) }))
		cs, err := b.Changes(t.Context(), 0, 10)
		b.must(err)
		if len(cs) != 1 || !slices.Equal(cs[0].Fields, want.Fields) || cs[0].Event != want.Event || cs[0].Cause != want.Cause || cs[0].Seq != 1 || !cs[0].At.Equal(want.At) {
			t.Errorf("got %+v, want %+v", cs, want)
		}
	})

	t.Run("what is rolled back or appends nothing leaves no gap", func(t *testing.T) {
		b := newBench(t, open)
		b.must(b.appendChange(t.Context(), "a"))
		boom := errors.New("boom")
		err := b.Write(t.Context(), func(tx *store.Tx) error {
			if err := tx.Append(t.Context(), sendwatch.Change{Event: sendwatch.VacancyChanged, Vacancy: "lost"}); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Fatalf("got %v, want %v", err, boom)
		}
		b.must(b.Write(t.Context(), func(*store.Tx) error { return nil }))
		b.must(b.Write(t.Context(), func(tx *store.Tx) error {
			for _, v := range []string{"b", "c"} {
				if err := tx.Append(t.Context(), sendwatch.Change{Event: sendwatch.VacancyChanged, Vacancy: v}); err != nil {
					return err
				}
			}
			return nil
		}))
		checkDense(t, b, 3)
	})

	t.Run("eight writers against a reader", func(t *testing.T) { eightWriters(t, open) })

	t.Run("a cursor moves only from where it is", func(t *testing.T) {
		b := newBench(t, open)
		b.must(b.Owe(t.Context(), store.Owed{Reader: "match", From: 0, To: 5}))
		err := b.Owe(t.Context(), store.Owed{Reader: "match", From: 0, To: 7})
		if !errors.Is(err, store.ErrCursorMoved) {
			t.Errorf("got %v, want ErrCursorMoved", err)
		}
		if at, err := b.Cursor(t.Context(), "match"); err != nil || at != 5 {
			t.Errorf("cursor at %d (%v), want 5", at, err)
		}
		if at, err := b.Cursor(t.Context(), "another"); err != nil || at != 0 {
			t.Errorf("an unknown reader stands at %d (%v), want 0", at, err)
		}
	})
}

func checkDense(t *testing.T, b *bench, want int) {
	t.Helper()
	cs, err := b.Changes(t.Context(), 0, want+10)
	b.must(err)
	head, err := b.Head(t.Context())
	b.must(err)
	if len(cs) != want || head != int64(want) {
		t.Fatalf("%d changes and head %d, want %d", len(cs), head, want)
	}
	for i, c := range cs {
		if c.Seq != int64(i+1) {
			t.Fatalf("change %d has number %d", i+1, c.Seq)
		}
	}
}

// eightWriters is the measured trap behind the log's form: with a plain serial
// column a reader that follows the highest number it saw loses what commits late.
// Four of the writers are a second process's.
func eightWriters(t *testing.T, open Open) {
	const writers, each = 8, 60
	b := newBench(t, open)
	second := open(t, b.opts)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()

	seen := make(chan []int64, 1)
	go func() {
		var got []int64
		var at int64
		for len(got) < writers*each && ctx.Err() == nil {
			cs, err := b.Changes(ctx, at, 50)
			if err != nil {
				t.Error(err)
				break
			}
			for _, c := range cs {
				got = append(got, c.Seq)
				at = c.Seq
			}
		}
		seen <- got
	}()

	var wg sync.WaitGroup
	for w := range writers {
		s := b.Store
		if w%2 == 1 {
			s = second
		}
		wg.Go(func() {
			for i := range each {
				err := s.Write(ctx, func(tx *store.Tx) error {
					if i%5 == 4 { // some append twice, as a uniting does
						if err := tx.Append(ctx, sendwatch.Change{Event: sendwatch.VacancyUnited, Vacancy: "x"}); err != nil {
							return err
						}
					}
					if i%5 == 3 {
						return nil
					}
					return tx.Append(ctx, sendwatch.Change{Event: sendwatch.VacancyChanged, Vacancy: fmt.Sprint(w, "-", i)})
				})
				if err != nil {
					t.Errorf("writer %d: %v", w, err)
					cancel()
					return
				}
			}
		})
	}
	wg.Wait()
	got := <-seen
	want := make([]int64, writers*each)
	for i := range want {
		want[i] = int64(i + 1)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the reader saw %d changes, not each of %d in order", len(got), len(want))
	}
}
