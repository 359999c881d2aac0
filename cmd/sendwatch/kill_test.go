package main

import (
	"database/sql"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/internal/jobsite"
	"github.com/sendwatch/sendwatch/internal/jobsite/mailsink"
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

// killer is a replay whose runs are killed.
type killer struct {
	*replay
	rand *rand.Rand

	// What happened, over all rounds.
	killed, runs, sent, inFlight, repeats int
	stages                                map[string]int

	// Of the round: what was seen in the store at kills, and how often each message
	// was claimed and not marked as sent when the program died. The server may have
	// taken it, or may take it yet from what the program wrote before it died.
	accepted map[listing]bool
	flying   map[string]int

	mu sync.Mutex
	// atMail counts down the steps of mail conversations; at zero, reached is closed,
	// and the conversation stands still until dead is closed.
	atMail        int
	reached, dead chan struct{}
}

// listing is a posting's key.
type listing struct{ source, reference string }

func newKiller(t *testing.T, r *rand.Rand) *killer {
	t.Helper()
	k := &killer{rand: r, stages: map[string]int{}}
	k.replay = newReplay(newBoard(t, k.sinkOptions(), nil))
	for i := range k.people {
		k.people[i].Frequency = sendwatch.Instant
	}
	for _, c := range []sendwatch.Criteria{
		{}, {Words: "autism"}, {Words: "behaviour"}, {Needs: []string{"semh"}}, {Needs: []string{"asd"}}, {MinHourly: 13},
		{Near: "Wokingham", WithinMiles: 20}, {Near: "Newcastle upon Tyne", WithinMiles: 40}, {Near: "Birmingham", WithinMiles: 40},
		{Refuses: []string{"agency"}}, {Near: "B15", WithinMiles: 30}, {Words: "one to one"}, {Roles: []string{"hlta"}}, {Near: "Leeds", WithinMiles: 100},
	} {
		k.people = append(k.people, k.person(c))
	}
	return k
}

// person makes up a subscription.
func (k *killer) person(c sendwatch.Criteria) subscriptionLine {
	return subscriptionLine{Email: fmt.Sprintf("p%d@people.example", len(k.people)), Frequency: sendwatch.Instant, Criteria: c,
		Consent: &consentLine{Wording: "Email me the vacancies that match this search.", At: lastDay}}
}

// round kills n times on a new data folder, and then checks it.
func (k *killer) round(n int) {
	k.t.Helper()
	k.open(k.sinkOptions(), nil)
	k.accepted, k.flying = map[listing]bool{}, map[string]int{}
	first := len(k.people)
	k.subscribe(k.people)
	for done, tries := 0, 0; done < n; tries++ {
		if tries == 5*n+10 {
			k.t.Fatalf("%d runs and only %d of them could be killed", tries, done)
		}
		k.day(1+done*jobsite.Days/n, 5)
		k.ahead += time.Duration(tries) * time.Minute
		if tries > 0 { // somebody new, so that there is something to match and to send
			p := k.person(k.people[8+k.rand.IntN(first-8)].Criteria)
			k.people = append(k.people, p)
			k.subscribe([]subscriptionLine{p})
		}
		if k.runAndKill() {
			done++
			k.takeStock()
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
	dead := make(chan struct{})
	k.mu.Lock()
	k.dead = dead
	k.mu.Unlock()
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	defer close(dead)
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
	k.mu.Lock()
	k.atMail, k.reached = 0, make(chan struct{})
	k.mu.Unlock()
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
		reached := k.reached
		k.mu.Lock()
		k.atMail = 1 + k.rand.IntN(16)
		k.mu.Unlock()
		return "deliver", func() bool {
			select {
			case <-reached:
				return true
			default:
				return false
			}
		}
	}
}

// sinkOptions let the mail server hold a conversation at the step of a kill.
func (k *killer) sinkOptions() mailsink.Options {
	return mailsink.Options{Keep: 10_000, Answer: func(mailsink.Step, string) error {
		k.mu.Lock()
		dead, hold := k.dead, false
		if k.atMail > 0 {
			if k.atMail--; k.atMail == 0 {
				close(k.reached)
				hold = true
			}
		}
		k.mu.Unlock()
		if hold {
			<-dead
		}
		return nil
	}}
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

// takeStock notes, after a kill, what the store has accepted and what was in flight.
func (k *killer) takeStock() {
	k.t.Helper()
	if _, err := os.Stat(filepath.Join(k.data, "sendwatch.db")); err != nil {
		k.t.Fatal(err)
	}
	db := k.database()
	defer func() { _ = db.Close() }() // read only
	for l := range k.postings(db) {
		k.accepted[l] = true
	}
	for _, row := range k.rows(db, `SELECT d.message_id, '' FROM digest d JOIN work w ON w.kind = 'digest' AND w.id = d.id
		WHERE d.state = 'frozen' AND w.token <> ''`) {
		k.flying[row[0]]++
		k.inFlight++
	}
}

func (k *killer) database() *sql.DB {
	k.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(k.data, "sendwatch.db"))
	if err != nil {
		k.t.Fatal(err)
	}
	return db
}

// rows are the rows of a query for two texts.
func (k *killer) rows(db *sql.DB, query string) (out [][2]string) {
	k.t.Helper()
	rows, err := db.QueryContext(k.t.Context(), query)
	if err != nil {
		k.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }() // rows.Err is asked
	for rows.Next() {
		var row [2]string
		if err := rows.Scan(&row[0], &row[1]); err != nil {
			k.t.Fatal(err)
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		k.t.Fatal(err)
	}
	return out
}

func (k *killer) postings(db *sql.DB) map[listing]bool {
	k.t.Helper()
	out := map[listing]bool{}
	for _, row := range k.rows(db, `SELECT source, reference FROM posting`) {
		out[listing{row[0], row[1]}] = true
	}
	return out
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
