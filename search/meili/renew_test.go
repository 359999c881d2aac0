package meili_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/internal/meilitest"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/meili"
)

func renew(t *testing.T, x *meili.Index) search.Renewal {
	t.Helper()
	r, err := x.Renew(t.Context())
	if err != nil {
		t.Fatalf("Renew: %v", err)
	}
	return r
}

// fill applies batches of a renewal, the cursor with the last.
func fill(t *testing.T, r search.Renewal, cursor int64, ids ...string) {
	t.Helper()
	for i, id := range ids {
		b := search.Batch{Put: vacancies(t, 1, id)}
		if i == len(ids)-1 {
			b.Cursor = cursor
		}
		if err := r.Apply(t.Context(), b); err != nil {
			t.Fatalf("Apply: %v", err)
		}
	}
}

func commit(t *testing.T, r search.Renewal) {
	t.Helper()
	if err := r.Commit(t.Context()); err != nil {
		t.Fatalf("Commit: %v", err)
	}
}

// spoken counts the vacancies that have the employer's name, as all have.
func spoken(t *testing.T, x *meili.Index) int {
	t.Helper()
	words, err := x.Vocabulary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return words["elmbrook"]
}

func TestRenew(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		x := opened(t, options(t, s))
		apply(t, x, search.Batch{Put: vacancies(t, 1, "old"), Cursor: 5})
		if n := spoken(t, x); n != 1 {
			t.Errorf("a word of all vacancies stands in %d, want 1", n)
		}
		r := renew(t, x)
		fill(t, r, 9, "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l")
		stands(t, x, 1, 5) // nothing of it is seen
		apply(t, x, search.Batch{Put: vacancies(t, 1, "older"), Cursor: 6})
		stands(t, x, 2, 6)
		commit(t, r)
		stands(t, x, 12, 9)
		if n := spoken(t, x); n != 12 {
			t.Errorf("a word of all vacancies stands in %d, want 12", n)
		}
		if _, err := raw(t, s).GetIndexWithContext(t.Context(), x.UID()+"-next"); err == nil {
			t.Error("the old index is left behind")
		}
		apply(t, x, search.Batch{Delete: []string{"a"}, Cursor: 10})
		stands(t, x, 11, 10)
	})
}

func TestRenewWithoutAnIndex(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		x := opened(t, options(t, s))
		r := renew(t, x)
		fill(t, r, 3, "a")
		commit(t, r)
		stands(t, x, 1, 3)
	})
}

func TestARenewalCutShort(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		x := opened(t, options(t, s))
		apply(t, x, search.Batch{Put: vacancies(t, 1, "old"), Cursor: 5})
		left := renew(t, x)
		fill(t, left, 8, "left", "behind")

		r := renew(t, x)
		for what, err := range map[string]error{
			"Apply":  left.Apply(t.Context(), search.Batch{Put: vacancies(t, 1, "late")}),
			"Commit": left.Commit(t.Context()),
		} {
			if err == nil || !strings.Contains(err.Error(), "another rebuild") {
				t.Errorf("%s of a renewal that was overtaken: %v", what, err)
			}
		}
		if err := left.Discard(t.Context()); err != nil {
			t.Errorf("Discard of a renewal that was overtaken: %v", err)
		}
		fill(t, r, 9, "a")
		commit(t, r)
		stands(t, x, 1, 9)

		if err := renew(t, x).Discard(t.Context()); err != nil {
			t.Errorf("Discard: %v", err)
		}
		stands(t, x, 1, 9)
	})
}

// TestKilledAroundTheSwap holds that the index is the old one or the new one, and
// that the next renewal tidies up.
func TestKilledAroundTheSwap(t *testing.T) {
	s, at := fake(t, meilitest.Options{})
	x := opened(t, options(t, at))
	apply(t, x, search.Batch{Put: vacancies(t, 1, "old"), Cursor: 5})

	// The process dies while the swap waits; the server carries it out.
	r := renew(t, x)
	fill(t, r, 9, "a", "b")
	if err := s.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	s.Hold()
	result := make(chan error, 1)
	go func() { result <- r.Commit(ctx) }()
	client := raw(t, at)
	for waiting := int64(0); waiting == 0; {
		select {
		case err := <-result:
			t.Fatalf("Commit ended before its swap: %v", err)
		default:
		}
		stats, err := client.GetTasksWithContext(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, task := range stats.Results {
			if task.Type == "indexSwap" {
				waiting++
			}
		}
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-result; !errors.Is(err, context.Canceled) {
		t.Errorf("Commit: %v, want %v", err, context.Canceled)
	}
	stands(t, x, 1, 5)
	s.Release()
	if err := s.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	stands(t, x, 2, 9)
	if n := s.Documents(x.UID() + "-next"); n != 2 {
		t.Errorf("beside it stand %d documents, want the old index with its cursor", n)
	}

	// The swap fails: the old index stays, and the renewal may be committed again.
	r = renew(t, x)
	fill(t, r, 12, "c")
	if err := s.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.FailNext("internal")
	err := r.Commit(t.Context())
	temporary(t, "a swap that fails", err, true)
	stands(t, x, 2, 9)
	commit(t, r)
	stands(t, x, 1, 12)
	if n := s.Documents(x.UID() + "-next"); n != -1 {
		t.Errorf("%d documents are left behind", n)
	}
}

func TestATaskOfARenewalThatFails(t *testing.T) {
	s, at := fake(t, meilitest.Options{})
	x := opened(t, options(t, at))
	apply(t, x, search.Batch{Put: vacancies(t, 1, "old"), Cursor: 5})
	r := renew(t, x)
	s.FailNext("internal")
	fill(t, r, 9, "a", "b", "c")
	temporary(t, "a renewal that lost a batch", r.Commit(t.Context()), true)
	stands(t, x, 1, 5)
}

// TestAKeyForOurIndexesOnly holds that the least key will do: it may not ask for
// the version, nor see a swap.
func TestAKeyForOurIndexesOnly(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		o := options(t, s)
		o.Key = boundKey(t, s, o.Name, "search", "documents.*", "indexes.*", "settings.*", "tasks.*", "stats.get")
		x, err := meili.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _, _ = raw(t, s).DeleteIndexWithContext(context.Background(), x.UID()) })
		defer closed(t, x)
		apply(t, x, search.Batch{Put: vacancies(t, 1, "old"), Cursor: 5})
		r := renew(t, x)
		fill(t, r, 9, "a", "b")
		commit(t, r)
		stands(t, x, 2, 9)
		h, err := x.Check(t.Context())
		if err != nil || len(h.Lacks) > 0 || h.Version != "" || h.Documents != 2 {
			t.Errorf("Check: %+v, %v", h, err)
		}
	})
}

func TestIndexesOfOtherLayouts(t *testing.T) {
	_, at := fake(t, meilitest.Options{Now: time.Now})
	o := options(t, at)
	client := raw(t, at)
	stale, other := o.Name+"-0123456789ab", o.Name+"-else"
	for _, uid := range []string{stale, other} {
		info, err := client.CreateIndexWithContext(t.Context(), index(uid))
		done(t, client, info, err)
	}
	for _, test := range []struct {
		later time.Duration
		want  string
	}{{0, "[" + stale + "]"}, {8 * 24 * time.Hour, "[]"}} {
		o.Now = func() time.Time { return time.Now().Add(test.later) }
		x := opened(t, o)
		r := renew(t, x)
		fill(t, r, 1, "a")
		commit(t, r)
		h, err := x.Check(t.Context())
		if err != nil || fmt.Sprint(h.Others) != test.want {
			t.Errorf("after %s there are %v (%v), want %s", test.later, h.Others, err, test.want)
		}
	}
	if _, err := client.GetIndexWithContext(t.Context(), other); err != nil {
		t.Errorf("an index that is not ours was touched: %v", err)
	}
}
