package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// clockEnv moves the clock of the program when it runs as a process of a test: a
// duration to add to the time.
const clockEnv = "SENDWATCH_TEST_CLOCK"

// TestMain runs the tests or, when the binary is called "sendwatch", the program:
// scripts and kills need it as a process of its own. So it is with the site of
// BenchmarkCrawl. During the tests both names are on the path.
func TestMain(m *testing.M) {
	switch filepath.Base(os.Args[0]) {
	case "sendwatch":
		os.Exit(program())
	case siteProgram:
		os.Exit(serveSite(os.Args[1:]))
	}
	os.Exit(tests(m))
}

// program is main with a clock that can be moved.
func program() int {
	moved, err := time.ParseDuration(os.Getenv(clockEnv))
	if err != nil {
		moved = 0
	}
	now := func() time.Time { return time.Now().Add(moved) }
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return run(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv, now: now})
}

// tests runs the tests and then looks for goroutines that they left behind.
func tests(m *testing.M) int {
	bin, err := os.MkdirTemp("", "sendwatch-bin-")
	if err == nil {
		defer func() { _ = os.RemoveAll(bin) }()
		err = putOnPath(bin)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.Run()
	if code != 0 {
		return code
	}
	if err := goleak.Find(
		goleak.IgnoreTopFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker"), // bleve's own, for as long as the process
	); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func putOnPath(bin string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	for _, name := range []string{"sendwatch", siteProgram} {
		if err := os.Symlink(self, filepath.Join(bin, name)); err != nil {
			return err
		}
	}
	return os.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
}
