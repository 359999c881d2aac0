package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/sendwatch/sendwatch/store"
	"github.com/sendwatch/sendwatch/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestSQLite(t *testing.T) {
	var mu sync.Mutex
	folders := map[*testing.T]string{}
	storetest.Run(t, func(t *testing.T, o store.Options) *store.Store {
		t.Helper()
		mu.Lock()
		if folders[t] == "" {
			folders[t] = t.TempDir()
		}
		o.Path = filepath.Join(folders[t], "sendwatch.db")
		mu.Unlock()
		return open(t, o)
	})
}

func TestPostgres(t *testing.T) {
	address := storetest.Postgres(t)
	var mu sync.Mutex
	schemas := map[*testing.T]string{}
	storetest.Run(t, func(t *testing.T, o store.Options) *store.Store {
		t.Helper()
		mu.Lock()
		if schemas[t] == "" {
			schemas[t] = storetest.PostgresSchema(t, address)
		}
		o.URL = schemas[t]
		mu.Unlock()
		return open(t, o)
	})
}

func open(t *testing.T, o store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func options(path string) store.Options {
	n := 0
	return store.Options{Path: path, Now: time.Now, NewID: func() string { n++; return fmt.Sprint("id", n) }}
}

func TestOpenRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*store.Options)
		want   string
	}{
		"no path":   {func(o *store.Options) { o.Path = "" }, "no path"},
		"no clock":  {func(o *store.Options) { o.Now = nil }, "Now and NewID"},
		"no folder": {func(o *store.Options) { o.Path = filepath.Join(o.Path, "missing", "s.db") }, "open"},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(filepath.Join(t.TempDir(), "s.db"))
			c.change(&o)
			s, err := store.Open(t.Context(), o)
			if err == nil {
				t.Error(s.Close())
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

func TestPathsWithOddCharacters(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b?c#d%20e.db")
	open(t, options(path))
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

func TestWhatIsCommittedIsThereAfterReopening(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	s, err := store.Open(t.Context(), options(path))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.EnsureSources(t.Context(), []string{"a"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if due, err := open(t, options(path)).DueSources(t.Context()); err != nil || len(due) != 1 {
		t.Errorf("after reopening: %v (%v)", due, err)
	}
}

func TestSeveralProcessesMayOpenAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() { open(t, options(path)) })
	}
	wg.Wait()
}

func TestACancelledContextEndsAWrite(t *testing.T) {
	s := open(t, options(filepath.Join(t.TempDir(), "s.db")))
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Write(ctx, func(*store.Tx) error { cancel(); return ctx.Err() })
	if err == nil {
		t.Error("the write was kept")
	}
	if head, err := s.Head(t.Context()); err != nil || head != 0 {
		t.Errorf("head %d (%v), want 0", head, err)
	}
}
