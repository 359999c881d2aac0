package main

import (
	"crypto/rand"
	"flag"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/internal/jobsite"
	"github.com/sendwatch/sendwatch/internal/jobsite/mailsink"
	"github.com/sendwatch/sendwatch/store/storetest"
)

var (
	severalKills   = flag.Int("several-kills", 4, "how often TestSeveralProcesses strikes")
	severalMinutes = flag.Float64("minutes", 0, "how long TestSeveralProcesses strikes, in place of a number")
	severalSeed    = flag.Uint64("several-seed", 0, "seed of TestSeveralProcesses; zero takes one from the clock")
)

// TestSeveralProcesses lets three processes share one PostgreSQL, kills them with
// SIGKILL, stops them with SIGTERM and starts them again at random moments, while
// the world's days pass and people subscribe. In the end every source was crawled
// once a round, nothing is lost, everybody is told what matches, nothing is told
// twice but what was in flight at a kill, and each process's index is what the
// store says.
func TestSeveralProcesses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		roles []string
	}{
		{"each does everything", []string{everything, everything, everything}},
		{"a site and two workers", []string{"web", "crawl,match,deliver", "crawl,match,deliver"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if inShort() && tt.roles[0] == everything {
				t.Skip("there is little time: this runs with Meilisearch, or with -minutes")
			}
			s := newSeveral(t, severalOptions{roles: tt.roles})
			s.days()
			s.check()
		})
	}
}

// everything is every role.
const everything = "web,crawl,match,deliver"

type severalOptions struct {
	roles  []string // of each process
	change func(*configs.Config)
}

// several is a witness of processes that share one database.
type several struct {
	*witness
	rand   *mathrand.Rand
	procs  []*process
	audit  *audit
	visits *visits
	server *searchServer // nil without Meilisearch

	kills, stops int
	stages       map[string]int
	// interrupted counts the messages that a stop broke off.
	interrupted int
}

func newSeveral(t *testing.T, o severalOptions) *several {
	t.Helper()
	address := storetest.Postgres(t)
	seed := *severalSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d (again: -several-kills %d -minutes %g -several-seed %d)", seed, *severalKills, *severalMinutes, seed)
	key := filepath.Join(t.TempDir(), "signing.key")
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	if err := os.WriteFile(key, secret, 0o600); err != nil {
		t.Fatal(err)
	}
	change := func(c *configs.Config) {
		c.DatabaseURL, c.SigningKeyFile, c.Site.Listen = address, key, "127.0.0.1:0"
		if o.change != nil {
			o.change(c)
		}
	}
	b := newBoard(t, mailsink.Options{Keep: 10_000}, change)
	b.url = address
	b.ahead = time.Until(lastDay) // the clock does not jump while processes run
	s := &several{witness: newWitness(newReplay(b)), rand: mathrand.New(mathrand.NewPCG(seed, 0)), visits: watch(b.World), stages: map[string]int{}}
	s.subscribe(s.people)
	s.audit = newAudit(b)
	for i, roles := range o.roles {
		s.add(fmt.Sprintf("p%d", i+1), roles, change)
	}
	t.Cleanup(s.leaveNobody)
	return s
}

// add makes a process, and does not start it yet.
func (s *several) add(name, roles string, change func(*configs.Config)) {
	s.t.Helper()
	dir := s.t.TempDir()
	p := &process{t: s.t, name: name, roles: roles, known: map[string]bool{}, data: filepath.Join(dir, "data"), config: filepath.Join(dir, "sendwatch.yaml")}
	sink := s.openSink(p.mail.options())
	s.others = append(s.others, sink)
	if err := writeConfig(p.config, s.World, sink, change); err != nil {
		s.t.Fatal(err)
	}
	s.procs = append(s.procs, p)
}

// leaveNobody ends what a test that failed has left, and prints what it said.
func (s *several) leaveNobody() {
	for _, p := range s.procs {
		p.mail.release()
		if p.up() {
			_ = p.cmd.Process.Kill() // it may have ended
			<-p.ended
			p.bury()
		}
		if s.t.Failed() {
			s.t.Logf("what %s said:\n%s", p.name, p.text.String())
		}
	}
}

func (s *several) start(p *process) { p.start(s.ahead) }

// days plays the world's days, with strikes on each of them.
func (s *several) days() {
	s.t.Helper()
	for _, p := range s.procs {
		s.start(p)
	}
	for i, day := range playedDays() {
		s.SetDay(day)
		if day == 3 {
			s.serverGoes()
		}
		s.strikes(i)
		if day == 3 {
			s.serverComes()
		}
		s.calm()
		s.expect()
		if day == 3 {
			s.leave("hal@people.example")
		}
	}
}

// inShort reports whether there is little time, as in every run of the tests.
func inShort() bool { return *severalMinutes == 0 && *severalKills < 10 }

// playedDays are the world's days or, when there is little time, some of them.
func playedDays() []int {
	if inShort() {
		return []int{1, 3, jobsite.Days}
	}
	return []int{1, 2, 3, 4, jobsite.Days}
}

// strikes hits the processes on the ith day, as often or as long as the flags say.
func (s *several) strikes(i int) {
	s.t.Helper()
	days := len(playedDays())
	share := *severalKills*(i+1)/days - *severalKills*i/days
	until := time.Now().Add(time.Duration(*severalMinutes * float64(time.Minute) / float64(days)))
	for n := 0; *severalMinutes > 0 && time.Now().Before(until) || *severalMinutes == 0 && n < share; n++ {
		s.somebodyNew(s.rand)
		s.strike()
	}
}

// strike hits one process or all of them. One that was hit mostly starts again soon,
// and sometimes only after the next strike.
func (s *several) strike() {
	s.t.Helper()
	standing := slices.DeleteFunc(slices.Clone(s.procs), func(p *process) bool { return !p.up() })
	switch one := standing[s.rand.IntN(len(standing))]; s.rand.IntN(8) {
	case 0:
		s.stages["all at once"]++
		s.pause(1500)
		for _, p := range standing {
			s.kill(p)
		}
	case 1, 2:
		s.stages["stop"]++
		s.pause(1500)
		s.stop(one)
	default:
		s.stages[s.await(one)]++
		s.kill(one)
		one.mail.release()
	}
	s.pause(500)
	rest := len(s.procs) - 1 // so many may stay down
	for _, p := range s.procs {
		switch {
		case p.up():
		case rest > 0 && s.rand.IntN(4) == 0:
			rest--
		default:
			s.start(p)
		}
	}
}

// pause waits for up to so many milliseconds.
func (s *several) pause(most int) {
	time.Sleep(time.Duration(s.rand.IntN(most)) * time.Millisecond)
}

// await waits for the moment of a kill and names it: any moment after a while, a step
// of a crawl, or a step of a conversation with the mail server. A process that has
// nothing to do then is hit anyway.
func (s *several) await(p *process) (stage string) {
	s.t.Helper()
	var now func() bool
	switch s.rand.IntN(5) {
	case 0:
		s.pause(1500)
		return "any"
	case 1, 2:
		stage = "crawl"
		n := s.visits.by(p.agent()) + 1 + s.rand.IntN(60)
		now = func() bool { return s.visits.by(p.agent()) >= n }
	default:
		stage = "deliver"
		now = closed(p.mail.hold(1 + s.rand.IntN(8)))
	}
	for deadline := time.Now().Add(6 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if now() {
			return stage
		}
	}
	return "any"
}

func (s *several) kill(p *process) {
	s.t.Helper()
	alive := s.audit.last()
	p.kill()
	s.kills++
	s.audit.dead[p.holder] = death{agent: p.agent(), alive: alive, killed: true}
	if p.holder != "" {
		s.takeStock(p.holder)
	}
}

// stop stops a process, which must not leave anything that another has to wait for.
func (s *several) stop(p *process) {
	s.t.Helper()
	alive := s.audit.last()
	p.stop()
	s.stops++
	s.audit.dead[p.holder] = death{agent: p.agent(), alive: alive}
	db := s.database()
	defer func() { _ = db.Close() }() // read only
	if held := s.rows(db, `SELECT kind, id FROM work WHERE token LIKE $1`, p.holder+"_%"); len(held) > 0 {
		s.t.Errorf("%s was stopped and still holds %v", p.name, held)
	}
	for _, row := range s.rows(db, `SELECT message_id, note FROM digest WHERE state = 'frozen' AND note <> ''`) {
		s.flying[row[0]]++
		s.interrupted++
	}
}

// allUp starts who is down.
func (s *several) allUp() {
	s.t.Helper()
	for _, p := range s.procs {
		if !p.up() {
			s.start(p)
		}
	}
}

// calm lets all processes work until the day is wholly taken in: each source was
// crawled often enough that what went is closed, every reader stands at the head,
// and nobody is owed anything but what waits for a long lease.
func (s *several) calm() {
	s.t.Helper()
	s.allUp()
	db := s.database()
	defer func() { _ = db.Close() }() // read only
	from := map[string]string{}
	for _, row := range s.rows(db, `SELECT id, crawl FROM source`) {
		from[row[0]] = row[1]
	}
	s.until(func() string {
		for _, site := range jobsite.Sites() {
			var n int
			err := db.QueryRowContext(s.t.Context(), `SELECT COUNT(*) FROM crawl WHERE source = $1 AND crawl > $2 AND complete = 1 AND healthy = 1`, site, orZero(from[site])).Scan(&n)
			if err != nil {
				s.t.Fatal(err)
			}
			if n < 3 { // two to miss what is gone, and one that began when that was closed
				return fmt.Sprintf("%s was crawled %d times", site, n)
			}
		}
		head := s.head()
		for _, row := range s.rows(db, `SELECT name, seq FROM reader`) {
			if row[1] != fmt.Sprint(head) {
				return fmt.Sprintf("reader %s stands at %s of %d", row[0], row[1], head)
			}
		}
		for _, p := range s.procs {
			var at int64
			if !p.has("web") {
				continue
			}
			if err := p.ask("/control/cursor", &at); err != nil || at < head {
				return fmt.Sprintf("the index of %s stands at %d of %d, %v", p.name, at, head, err)
			}
		}
		if owed := s.rows(db, `SELECT l.person, l.vacancy FROM ledger l JOIN vacancy v ON v.id = l.vacancy AND v.state = 'open'
			LEFT JOIN work w ON w.kind = 'digest' AND w.id = l.digest
			WHERE l.told_at IS NULL AND (w.id IS NULL OR w.attempts <= 3)`); len(owed) > 0 {
			return fmt.Sprintf("%d alerts are owed", len(owed))
		}
		return s.serverLags(head)
	})
}

func orZero(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

// until waits until nothing is missing any more.
func (s *several) until(missing func() string) {
	s.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		for _, p := range s.procs {
			p.alive()
			if p.up() {
				p.learn()
			}
		}
		what := missing()
		if what == "" {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("after %s: %s", patience, what)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
