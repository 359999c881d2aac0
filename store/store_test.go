package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
	"github.com/sendwatch/sendwatch/store/storetest"
)

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
	var n atomic.Int64
	return store.Options{Path: path, Now: time.Now, NewID: func() string { return fmt.Sprint("id", n.Add(1)) }}
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
	for name, empty := range engines() {
		t.Run(name, func(t *testing.T) {
			o := empty(t)
			var wg sync.WaitGroup
			for range 6 {
				wg.Go(func() { open(t, o) })
			}
			wg.Wait()
		})
	}
}

// Who waited for as long as SQLite waits for another process tries again.
func TestAWriterThatWasKeptWaitingTriesAgain(t *testing.T) {
	o := options(filepath.Join(t.TempDir(), "s.db"))
	one, two := open(t, o), open(t, o)
	if err := one.Write(t.Context(), func(*store.Tx) error {
		if err := store.WriteAtOnce(t.Context(), two); err == nil || !store.Again(two, fmt.Errorf("begin: %w", err)) {
			t.Errorf("while another writes: %v, want an error to try again after", err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := store.Sabotage(t.Context(), two, `INSERT INTO missing VALUES (1)`); err == nil || store.Again(two, err) {
		t.Errorf("%v is to be tried again", err)
	}
}

// dieEnv tells a process of this test binary on which database to die.
const dieEnv = "STORE_TEST_DIE"

func TestMain(m *testing.M) {
	if on := os.Getenv(dieEnv); on != "" {
		die(on)
	}
	goleak.VerifyTestMain(m)
}

// die is killed in the middle of a transaction.
func die(on string) {
	o := options(on)
	if strings.HasPrefix(on, "postgres") {
		o.Path, o.URL = "", on
	}
	ctx := context.Background()
	s, err := store.Open(ctx, o)
	if err == nil {
		err = s.Write(ctx, func(tx *store.Tx) error {
			l := store.Lease{Kind: "source", ID: "a"}
			if err := tx.Append(ctx, sendwatch.Change{Event: sendwatch.VacancyCreated, Vacancy: "v"}); err != nil {
				return err
			}
			if err := tx.PutVacancy(ctx, &sendwatch.Vacancy{ID: "v"}); err != nil {
				return err
			}
			if err := tx.Holds(ctx, l); !errors.Is(err, store.ErrLeaseLost) { // it locks what is there
				return err
			}
			p, err := os.FindProcess(os.Getpid())
			if err == nil {
				err = p.Kill()
			}
			if err == nil {
				select {}
			}
			return err
		})
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func TestAKillLeavesNothing(t *testing.T) {
	for name, empty := range engines() {
		t.Run(name, func(t *testing.T) {
			o := empty(t)
			s := open(t, o)
			if err := s.EnsureSources(t.Context(), []string{"a"}); err != nil {
				t.Fatal(err)
			}
			for range 3 {
				child := exec.CommandContext(t.Context(), os.Args[0])
				child.Env = append(os.Environ(), dieEnv+"="+o.Path+o.URL)
				var said strings.Builder
				child.Stderr = &said
				var killed *exec.ExitError
				if err := child.Run(); !errors.As(err, &killed) || killed.Exited() {
					t.Fatalf("it was to be killed, and ended with %v: %s", err, said.String())
				}
				// Nobody waits for the dead.
				if _, err := s.ClaimSource(t.Context(), "a", time.Nanosecond, true); err != nil {
					t.Error(err)
				}
			}
			if err := s.Write(t.Context(), func(tx *store.Tx) error {
				return tx.Append(t.Context(), sendwatch.Change{Event: sendwatch.VacancyCreated, Vacancy: "w"})
			}); err != nil {
				t.Error(err)
			}
			if cs, err := s.Changes(t.Context(), 0, 10); err != nil || len(cs) != 1 || cs[0].Seq != 1 || cs[0].Vacancy != "w" {
				t.Errorf("the log holds %+v (%v), want the one change that was committed", cs, err)
			}
			if _, err := s.Vacancy(t.Context(), "v"); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("a vacancy of the dead: %v, want ErrNotFound", err)
			}
		})
	}
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
