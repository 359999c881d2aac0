package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/sendwatch/sendwatch/internal/jobsite"
	"github.com/sendwatch/sendwatch/internal/jobsite/mailsink"
)

var update = flag.Bool("update", false, "rewrite what the scripts compare with")

// TestScripts runs the program as its user does. Each script has a world of job
// sites and a mail server of its own, $SENDWATCH_CONFIG points at them, and there
// are these commands beside the usual ones:
//
//	exits N COMMAND...      runs a command that has to exit with N
//	day N                   moves the world to a day
//	letters N               checks how many emails were taken in all
//	pick FILE KEY...        prints the values at the keys ("pay.scp") of each line of
//	                        JSON in a file, or in stdout, one line each
//	replace FILE OLD NEW    replaces a text in a file
//	first NAME FILE KEY     sets an environment variable to the value at the key of the
//	                        first line
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"), UpdateScripts: *update, RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: setUpScript,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "day": moveDay, "letters": countLetters, "pick": pick, "first": first, "replace": replaceText,
		},
	})
}

// scriptWorld is what a script's own commands work on.
type scriptWorld struct {
	world *jobsite.World
	sink  *mailsink.Sink
}

type worldKey struct{}

func setUpScript(e *testscript.Env) error {
	started := time.Now() // the adverts keep their dates, also past midnight
	world, err := jobsite.Start(func() time.Time { return started })
	if err != nil {
		return err
	}
	e.Defer(world.Close)
	sink, err := mailsink.Start(mailsink.Options{Now: time.Now})
	if err != nil {
		return err
	}
	e.Defer(func() {
		if err := sink.Close(); err != nil {
			e.T().Fatal(err)
		}
	})
	config := filepath.Join(e.WorkDir, "sendwatch.yaml")
	if err := writeConfig(config, world, sink, nil); err != nil {
		return err
	}
	e.Setenv("SENDWATCH_CONFIG", config)
	e.Setenv("COUNCIL", world.URL(jobsite.Council))
	e.Values[worldKey{}] = &scriptWorld{world, sink}
	return nil
}

func need(ts *testscript.TestScript, neg bool, args []string, n int, usage string) {
	if neg || len(args) < n {
		ts.Fatalf("usage: %s", usage)
	}
}

func number(ts *testscript.TestScript, s string) int {
	n, err := strconv.Atoi(s)
	ts.Check(err)
	return n
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 2, "exits N COMMAND...")
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	var ended *exec.ExitError
	switch {
	case errors.As(err, &ended):
		got = ended.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if want := number(ts, args[0]); got != want {
		ts.Fatalf("exit %d, want %d", got, want)
	}
}

func moveDay(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 1, "day N")
	ts.Value(worldKey{}).(*scriptWorld).world.SetDay(number(ts, args[0]))
}

func countLetters(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 1, "letters N")
	if got, want := ts.Value(worldKey{}).(*scriptWorld).sink.Taken(), number(ts, args[0]); got != want {
		ts.Fatalf("%d emails were taken, want %d", got, want)
	}
}

func pick(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 2, "pick FILE KEY...")
	for _, line := range jsonLines(ts, args[0]) {
		var row []string
		for _, key := range args[1:] {
			row = append(row, value(ts, line, key))
		}
		fmt.Fprintln(ts.Stdout(), strings.Join(row, " "))
	}
}

func first(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 3, "first NAME FILE KEY")
	lines := jsonLines(ts, args[1])
	if len(lines) == 0 {
		ts.Fatalf("%s holds no JSON", args[1])
	}
	ts.Setenv(args[0], strings.Trim(value(ts, lines[0], args[2]), `"`))
}

func replaceText(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 3, "replace FILE OLD NEW")
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.ReplaceAll(text, args[1], args[2])), 0o600))
}

// jsonLines are the JSON values of a file.
func jsonLines(ts *testscript.TestScript, file string) (out []any) {
	d := json.NewDecoder(strings.NewReader(ts.ReadFile(file)))
	for {
		var v any
		err := d.Decode(&v)
		if errors.Is(err, io.EOF) {
			return out
		}
		ts.Check(err)
		out = append(out, v)
	}
}

// value is what stands at a path of keys and positions, as JSON; "-" where there is
// no such key.
func value(ts *testscript.TestScript, v any, path string) string {
	for key := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			var ok bool
			if v, ok = x[key]; !ok {
				return "-"
			}
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(x) {
				return "-"
			}
			v = x[i]
		default:
			return "-"
		}
	}
	b, err := json.Marshal(v)
	ts.Check(err)
	return string(b)
}
