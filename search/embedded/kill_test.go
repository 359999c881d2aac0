package embedded_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/embedded"
)

// dirVariable tells the test's own binary to be the process that is killed,
// and where to write.
const dirVariable = "SENDWATCH_TEST_KILLED_INDEX"

// perBatch is how many vacancies each batch of the killed process adds.
const perBatch = 7

// TestKilled kills a process that writes batch after batch, and holds that
// content and cursor agree and that nothing acknowledged is lost.
func TestKilled(t *testing.T) {
	if dir := os.Getenv(dirVariable); dir != "" {
		writeForEver(t, dir)
		return
	}
	if testing.Short() {
		t.Skip("starts processes")
	}
	dir := t.TempDir()
	rng := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		acknowledged := killAfter(t, dir, 1+rng.IntN(25))
		x, err := embedded.Open(t.Context(), options(t, dir))
		if err != nil {
			t.Fatalf("open after a kill: %v", err)
		}
		at, err := x.Cursor(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if at < acknowledged {
			t.Errorf("the cursor is %d, but %d was acknowledged", at, acknowledged)
		}
		holds(t, x, int(at)*perBatch, at)
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// writeForEver applies batches that go on where the index stands, and says so.
func writeForEver(t *testing.T, dir string) {
	x, err := embedded.Open(t.Context(), options(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	at, err := x.Cursor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for {
		from := int(at) * perBatch
		at++
		apply(t, x, search.Batch{Put: vacancies(t, from, from+perBatch), Cursor: at})
		fmt.Printf("\napplied %d\n", at)
	}
}

// killAfter starts the writer, lets it acknowledge so many batches, kills it,
// and returns the last cursor that it acknowledged.
func killAfter(t *testing.T, dir string, batches int) int64 {
	t.Helper()
	ctx, kill := context.WithCancel(t.Context())
	defer kill()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestKilled$")
	cmd.Env = append(os.Environ(), dirVariable+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	last := int64(-1)
	seen := 0
	lines := bufio.NewScanner(io.LimitReader(out, 1<<20))
	for lines.Scan() {
		n, ok := strings.CutPrefix(lines.Text(), "applied ")
		if !ok {
			continue
		}
		if last, err = strconv.ParseInt(n, 10, 64); err != nil {
			t.Fatal(err)
		}
		if seen++; seen == batches {
			kill()
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the writer ended by itself")
	}
	if seen < batches {
		t.Fatalf("the writer acknowledged %d batches, want %d", seen, batches)
	}
	return last
}
