package main

import (
	"context"
	"flag"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/internal/jobsite"
)

var (
	kills    = flag.Int("kills", 4, "how often TestKillNine kills the program")
	killSeed = flag.Uint64("seed", 0, "seed of TestKillNine; zero takes one from the clock")
)

// killsARound is how many kills one data folder has to bear.
const killsARound = 10

// TestKillNine kills `sendwatch run-once` with SIGKILL at random moments of its
// work, while the world's days pass and people subscribe, and starts it again at
// once. In the end everything that matches is told, nothing is told twice but what
// was in flight at a kill, and store, index and sites agree.
func TestKillNine(t *testing.T) {
	t.Parallel()
	seed := *killSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d (again: -kills %d -seed %d)", seed, *kills, seed)
	k := newKiller(t, rand.New(rand.NewPCG(seed, 0)))
	for left := *kills; left > 0 && !t.Failed(); left -= killsARound {
		k.round(min(left, killsARound))
	}
	t.Logf("%d kills (%v) in %d runs; %d letters; %d messages were in flight at a kill, %d of them came twice",
		k.killed, k.stages, k.runs, k.sent, k.inFlight, k.repeats)
}

// killer runs a witness's program and kills it.
type killer struct {
	*witness
	rand *rand.Rand
	mail gate

	// What happened, over all rounds.
	killed, runs int
	stages       map[string]int
}

func newKiller(t *testing.T, r *rand.Rand) *killer {
	t.Helper()
	k := &killer{rand: r, stages: map[string]int{}}
	k.witness = newWitness(newReplay(newBoard(t, k.mail.options(), nil)))
	return k
}

// round kills n times on a new data folder, and then checks it.
func (k *killer) round(n int) {
	k.t.Helper()
	k.open(k.mail.options(), nil)
	k.forget()
	first := len(k.people)
	k.subscribe(k.people)
	for done, tries := 0, 0; done < n; tries++ {
		if tries == 5*n+10 {
			k.t.Fatalf("%d runs and only %d of them could be killed", tries, done)
		}
		k.day(1+done*jobsite.Days/n, 5)
		k.ahead += time.Duration(tries) * time.Minute
		if tries > 0 {
			k.somebodyNew(k.rand)
		}
		if k.runAndKill() {
			done++
			k.takeStock("")
		}
	}
	k.SetDay(jobsite.Days)
	k.runOnce() // at once: what the dead held must not keep it waiting
	k.nothingIsHeld()
	k.day(jobsite.Days, 12)
	for site, rep := range k.runOnce() {
		if live := len(k.Live(site)); rep.Listed != live || !rep.Healthy {
			k.t.Errorf("%s: listed %d, healthy %v (%s), want %d", site, rep.Listed, rep.Healthy, rep.Note, live)
		}
	}
	k.ahead += time.Hour // a message that saw several deaths waits for its lease
	k.must("deliver")
	k.check()
	k.people = k.people[:first]
}

// runAndKill runs the program as a process and kills it at a random moment. It
// reports false when the program was done before that.
func (k *killer) runAndKill() bool {
	k.t.Helper()
	k.runs++
	log := &logWatch{}
	cmd := exec.Command("sendwatch", "--config", k.config, "run-once")
	cmd.Env = append(os.Environ(), clockEnv+"="+k.ahead.String())
	cmd.Stderr = log
	stage, now := k.plan(log)
	defer k.mail.release()
	return k.killWhen(cmd, log, stage, now)
}

// killWhen runs a program and kills it once now holds. It reports false when the
// program was done before that.
func (k *killer) killWhen(cmd *exec.Cmd, log *logWatch, stage string, now func() bool) bool {
	k.t.Helper()
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			if err != nil {
				k.t.Fatalf("run-once: %v\n%s", err, log.String())
			}
			return false
		case <-tick.C:
			if !now() {
				continue
			}
			if err := cmd.Process.Kill(); err != nil {
				continue // it has just ended
			}
			if err := <-ended; err == nil {
				return false
			}
			k.killed++
			k.stages[stage]++
			return true
		}
	}
}

// plan chooses the moment of a kill: some time after the start, after so many
// requests to the sites, some time after the crawl, or at a step of a conversation
// with the mail server.
func (k *killer) plan(log *logWatch) (stage string, now func() bool) {
	asked := k.asked("")
	switch k.rand.IntN(5) {
	case 0:
		at := time.Now().Add(time.Duration(k.rand.IntN(1500)) * time.Millisecond)
		return "any", func() bool { return time.Now().After(at) }
	case 1:
		n := 1 + k.rand.IntN(50)
		return "crawl", func() bool { return k.asked("")-asked >= n }
	case 2:
		after := time.Duration(k.rand.IntN(400)) * time.Millisecond
		return "index-match", func() bool { return log.crawled(len(jobsite.Sites()), after) }
	default:
		return "deliver", closed(k.mail.hold(1 + k.rand.IntN(16)))
	}
}

// closed asks whether a channel is closed.
func closed(c <-chan struct{}) func() bool {
	return func() bool {
		select {
		case <-c:
			return true
		default:
			return false
		}
	}
}

// logWatch keeps a process's log and the moment at which the crawl was over.
type logWatch struct {
	mu   sync.Mutex
	text strings.Builder
	done int
	at   time.Time
}

// Write implements io.Writer.
func (l *logWatch) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := strings.Count(string(p), "msg=crawled"); n > 0 {
		l.done += n
		l.at = time.Now()
	}
	return l.text.Write(p)
}

// String implements fmt.Stringer.
func (l *logWatch) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// crawled reports whether n sources were crawled, and that long ago.
func (l *logWatch) crawled(n int, ago time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.done >= n && time.Since(l.at) >= ago
}

// nothingIsHeld checks that a run after a kill takes over what the dead held: every
// source was crawled, and every message sent but those that saw several deaths.
func (k *killer) nothingIsHeld() {
	k.t.Helper()
	db := k.database()
	defer func() { _ = db.Close() }() // read only
	held := k.rows(db, `SELECT kind, id FROM work WHERE token <> '' AND (kind IN ('source', 'host') OR attempts <= 3)`)
	if len(held) > 0 {
		k.t.Errorf("after a run nobody holds anything, but %v", held)
	}
}

// check looks at a round after its last run.
func (k *killer) check() {
	k.t.Helper()
	k.fileIsWhole()
	k.storeIsWhole()
	k.everyListingIsOpen()
	k.onlyLiveListingsAreOpen()
	k.readersAgree()
	letters := k.lettersOnce()
	k.nobodyIsToldTwice(letters)
	k.everyMatchIsTold(letters)
}

func (k *killer) fileIsWhole() {
	k.t.Helper()
	db := k.database()
	defer func() { _ = db.Close() }() // read only
	if got := k.rows(db, `SELECT integrity_check, '' FROM pragma_integrity_check`); len(got) != 1 || got[0][0] != "ok" {
		k.t.Errorf("integrity_check says %v", got)
	}
	if got := k.rows(db, `SELECT "table", rowid FROM pragma_foreign_key_check`); len(got) > 0 {
		k.t.Errorf("foreign_key_check says %v", got)
	}
}

// readersAgree compares the cursors of index and matcher with the head of the log,
// and what the index holds with what is open in the store.
func (k *killer) readersAgree() {
	k.t.Helper()
	k.with(func(ctx context.Context, a *app) {
		head, err := a.store.Head(ctx)
		if err != nil {
			k.t.Fatal(err)
		}
		matched, err := a.store.Cursor(ctx, "match")
		if err != nil || matched != head {
			k.t.Errorf("the matcher stands at %d of %d, %v", matched, head, err)
		}
		ix, err := a.openIndex(ctx)
		if err != nil {
			k.t.Fatal(err)
		}
		if indexed, err := ix.Cursor(ctx); err != nil || indexed != head {
			k.t.Errorf("the index stands at %d of %d, %v", indexed, head, err)
		}
		k.indexHolds(ctx, ix)
	})
}
