package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/store"
)

// TestTheDeadAreTold checks that a process that lives keeps what it leased, and that
// what a dead one held is free at once.
func TestTheDeadAreTold(t *testing.T) {
	dir := t.TempDir()
	open := func(holder string) *store.Store {
		s, err := store.Open(t.Context(), store.Options{Path: filepath.Join(dir, "sendwatch.db"), Now: time.Now, NewID: newID, Holder: holder})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() }) // it was only read from at the end
		return s
	}
	here, err := announce(dir, "first")
	if err != nil {
		t.Fatal(err)
	}
	first, second := open("first"), open("second")
	if err := first.EnsureSources(t.Context(), []string{"a"}); err != nil {
		t.Fatal(err)
	}
	if _, err := first.ClaimSource(t.Context(), "a", time.Hour, true); err != nil {
		t.Fatal(err)
	}
	if n, err := buryDead(t.Context(), dir, second); n != 0 || err != nil {
		t.Errorf("freed %d, %v, while the first lives", n, err)
	}
	// A kill closes the file and leaves it there.
	if err := here.lock.Close(); err != nil {
		t.Fatal(err)
	}
	if n, err := buryDead(t.Context(), dir, second); n != 1 || err != nil {
		t.Errorf("freed %d, %v, want 1", n, err)
	}
	if _, err := second.ClaimSource(t.Context(), "a", time.Hour, true); err != nil {
		t.Errorf("the source is not free: %v", err)
	}
	left, err := os.ReadDir(filepath.Join(dir, presenceFolder))
	if err != nil || len(left) != 0 {
		t.Errorf("%d files are left, %v", len(left), err)
	}
}
