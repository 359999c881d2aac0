// Command sendwatch watches school and agency job sites for SEMH and SEND
// teaching-assistant vacancies and tells candidates about those that fit.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"
	_ "time/tzdata" // UK hours, wherever the binary runs
)

func main() {
	collectLater(os.Getenv)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv, now: time.Now})
	stop()
	os.Exit(code)
}

// collectLater has garbage collected when the heap has grown to thrice what is in
// use, unless GOGC says otherwise: the taxonomy, the gazetteer and the pay scales are
// there for good, and are gone through every time (a tenth of a quick crawl).
func collectLater(getenv func(string) string) {
	if getenv("GOGC") == "" {
		debug.SetGCPercent(200)
	}
}
