package main

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// verdict is what a check comes to.
type verdict string

// The verdicts: nothing to do, something to look into, something that does not work.
const (
	verdictOK   verdict = "ok"
	verdictWarn verdict = "warn"
	verdictFail verdict = "fail"
)

// finding is one thing that a check found.
type finding struct {
	Check   string  `json:"check"`
	Verdict verdict `json:"verdict"`
	Says    string  `json:"says"`
	// Do is what the operator can do about it.
	Do      string  `json:"do,omitempty"`
	Seconds float64 `json:"seconds"`
}

func fine(format string, args ...any) finding {
	return finding{Verdict: verdictOK, Says: fmt.Sprintf(format, args...)}
}

func warn(do, format string, args ...any) finding {
	return finding{Verdict: verdictWarn, Do: do, Says: fmt.Sprintf(format, args...)}
}

func fail(do, format string, args ...any) finding {
	return finding{Verdict: verdictFail, Do: do, Says: fmt.Sprintf(format, args...)}
}

// check looks at one thing. Its findings bear its name unless they have their own.
type check struct {
	name string
	look func(ctx context.Context) []finding
}

// examination is how checks are run.
type examination struct {
	now func() time.Time
	// patience bounds each check.
	patience time.Duration
}

// examine runs all checks at once and returns their findings in the order of the
// checks. One that neither ends nor heeds its context is left behind.
func (e examination) examine(ctx context.Context, checks []check) []finding {
	found := make([][]finding, len(checks))
	var wg sync.WaitGroup
	for i, c := range checks {
		wg.Go(func() { found[i] = e.one(ctx, c) })
	}
	wg.Wait()
	var out []finding
	for _, f := range found {
		out = append(out, f...)
	}
	return out
}

func (e examination) one(ctx context.Context, c check) []finding {
	began := e.now()
	ctx, cancel := context.WithTimeout(ctx, e.patience)
	defer cancel()
	done := make(chan []finding, 1)
	go func() { done <- c.look(ctx) }()
	var found []finding
	select {
	case found = <-done:
	case <-ctx.Done():
		// It may have ended at the same moment, or be about to say what kept it.
		select {
		case found = <-done:
		case <-time.After(e.patience / 10):
			found = []finding{fail("look for what is slow there: a disk, a network, a server that says nothing", "no answer within %s", e.patience)}
		}
	}
	took := e.now().Sub(began).Seconds()
	for i := range found {
		if found[i].Check == "" {
			found[i].Check = c.name
		}
		found[i].Seconds = took
	}
	return found
}
