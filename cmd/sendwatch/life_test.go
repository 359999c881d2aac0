package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/internal/jobsite/mailsink"
)

var lifeSeed = flag.Uint64("lifeseed", 1, "seed of TestLife and TestLifeRecorded")

// TestLife takes the fictional sites through days, faults and amendments drawn by a
// seed, and after every crawl compares each listing's life with the specification.
func TestLife(t *testing.T) {
	t.Parallel()
	b := newBoard(t, mailsink.Options{}, nil)
	l := newLives(b, newFictional(b.World), *lifeSeed, lastDay)
	b.with(func(_ context.Context, a *app) {
		l.within = a
		l.play(0)
	})
}

// TestLifeRecorded does so with recorded adverts of three sites, and kills crawls.
func TestLifeRecorded(t *testing.T) {
	f := newRecorded(t, nextPort())
	b := newBoard(t, mailsink.Options{}, func(c *configs.Config) { c.Sources = f.definitions() })
	newLives(b, f, *lifeSeed, f.today).play(4)
}

// lives compares what the program keeps with the specification.
type lives struct {
	*board
	feed    feed
	rand    *rand.Rand
	lastDay time.Time
	spec    map[string]*source
	took    time.Duration // the longest crawl
	// within is the program within the test; nil runs it as processes, which may be
	// killed.
	within *app

	// What happened.
	crawls, unhealthy, kills, amended, compared int
	told                                        map[string]int
}

func newLives(b *board, f feed, seed uint64, lastDay time.Time) *lives {
	b.t.Helper()
	b.t.Logf("seed %d (again: -lifeseed %d)", seed, seed)
	l := &lives{board: b, feed: f, rand: rand.New(rand.NewPCG(seed, 1)), lastDay: lastDay, spec: map[string]*source{}, took: time.Second, told: map[string]int{}}
	for _, site := range f.names() {
		l.spec[site] = newSource()
	}
	l.at(1, 4)
	b.subscribe([]subscriptionLine{{Email: "everything@people.example", Frequency: sendwatch.Instant,
		Consent: &consentLine{Wording: "Email me every vacancy.", At: lastDay}}})
	b.must("match")
	return l
}

// at moves the clock to some minutes after an hour of a day; days may pass after the
// last.
func (l *lives) at(day, hour int) {
	at := l.lastDay.AddDate(0, 0, day-l.feed.days()).Truncate(24 * time.Hour).Add(time.Duration(hour)*time.Hour + 7*time.Minute)
	l.ahead = time.Until(at)
}

// play goes through the days, and some after the last, so that closing dates pass.
func (l *lives) play(kills int) {
	l.t.Helper()
	faults := l.feed.faults()
	last := l.feed.days() + 9
	for day := 1; day <= last && !l.t.Failed(); day++ {
		shown := min(day, l.feed.days())
		if skip := l.rand.IntN(5) == 0 || day > l.feed.days() && l.rand.IntN(3) > 0; skip && day > 1 && day < last-1 {
			continue // nobody crawls today
		}
		if l.rand.IntN(3) == 0 || day == last {
			l.at(day, 5)
			l.feed.move(shown, "")
			l.feed.amend(l.rand, l.now())
			l.amended++
		}
		for hour := 5; hour < 22 && !l.t.Failed(); hour += 4 + l.rand.IntN(16) {
			fault := ""
			if l.rand.IntN(3) == 0 && day < last-1 {
				fault = faults[l.rand.IntN(len(faults))]
			}
			if fault == "slow" { // takes a minute: one is enough
				faults = faults[:len(faults)-1]
			}
			l.feed.move(shown, fault)
			l.at(day, hour)
			l.crawl(fault, fault == "" && l.kills < kills && l.rand.IntN(3) == 0)
			l.compare(fmt.Sprintf("day %d, %d:07, fault %q", day, hour, fault))
			l.match()
		}
	}
	if l.t.Failed() {
		return
	}
	l.repostsAreOne()
	l.newDatesAreTold()
	l.storeIsRight()
	open, closed := 0, map[string]int{}
	for _, s := range l.spec {
		for _, of := range s.lives {
			if of[0].open {
				open++
			}
			for _, turn := range strings.Split(of[0].turns, ", ") {
				closed[turn]++
			}
		}
	}
	l.t.Logf("%d crawls of %d sites, %d verdicts unhealthy, %d kills, adverts amended %d times; %d lives compared; in the end %d open; turns %v; told %v",
		l.crawls, len(l.spec), l.unhealthy, l.kills, l.amended, l.compared, open, closed, l.told)
	for _, turn := range []string{"changed", "closed missing", "reopened"} {
		if closed[turn] == 0 {
			l.t.Errorf("no advert has %s in these days: they prove little", turn)
		}
	}
}

// crawl crawls every site once, as a process that may be killed on the way, and takes
// the specification along.
func (l *lives) crawl(fault string, kill bool) {
	l.t.Helper()
	l.crawls++
	before := l.verdicts()
	from := l.now()
	reports, killed := l.runCrawl(kill)
	at := span{from, l.now()}
	after := l.verdicts()
	inText := l.closingDates()
	for site, s := range l.spec {
		listed := l.feed.listed(site)
		for i := range listed {
			if l.feed.datesInText(site) {
				listed[i].closes = inText[[2]string{site, listed[i].ref}]
			}
		}
		v := visit{at: at, listed: listed, broken: fault == "e500" || fault == "slow", cut: killed,
			dated: l.feed.dated(site), ownWord: l.feed.ownWord(site)}
		if testing.Verbose() && l.within == nil {
			l.t.Logf("%v %s %q: %d listed, killed %v, verdict %v", at.from.Format("2 15:04"), site, fault, len(v.listed), killed, after[site] > before[site])
		}
		healthy := s.crawl(v, after[site] > before[site])
		if !healthy {
			l.unhealthy++
		}
		if r, ok := reports[site]; !killed && (!ok || r.Healthy != healthy) {
			l.t.Errorf("%s: the crawl's verdict is healthy %v (%s), want %v", site, r.Healthy, r.Note, healthy)
		}
	}
}

// closingDates are the closing dates that were read of adverts, by site and reference.
// What a text says is for others to judge; that it is heeded is compared here.
func (l *lives) closingDates() map[[2]string]time.Time {
	l.t.Helper()
	db := l.database()
	defer func() { _ = db.Close() }() // read only
	out := map[[2]string]time.Time{}
	for _, row := range l.rows(db, `SELECT source || char(10) || url, closes_at FROM posting WHERE closes_at IS NOT NULL`) {
		site, url, _ := strings.Cut(row[0], "\n")
		at, err := strconv.ParseInt(row[1], 10, 64)
		if err != nil {
			l.t.Fatal(err)
		}
		out[[2]string{site, reference(l.t, url)}] = time.UnixMilli(at).UTC()
	}
	return out
}

// runCrawl runs the crawl and returns its reports, and whether it was killed.
func (l *lives) runCrawl(kill bool) (map[string]ingest.Report, bool) {
	l.t.Helper()
	if l.within != nil {
		reports, err := l.within.crawl(l.t.Context(), l.within.cfg.Sources, true)
		if err != nil {
			l.t.Fatal(err)
		}
		return bySource(reports), false
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.Command("sendwatch", "--config", l.config, "crawl", "--json")
	cmd.Env = append(os.Environ(), clockEnv+"="+l.ahead.String())
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	started := time.Now()
	if err := cmd.Start(); err != nil {
		l.t.Fatal(err)
	}
	if kill {
		time.AfterFunc(time.Duration(l.rand.Int64N(int64(l.took))), func() { _ = cmd.Process.Kill() }) // unless it has ended
	}
	err := cmd.Wait()
	if kill && err != nil && cmd.ProcessState.ExitCode() == -1 {
		l.kills++
		return nil, true
	}
	if err != nil {
		l.t.Fatalf("crawl: %v\n%s", err, stderr.String())
	}
	if took := time.Since(started); !kill && took < time.Minute {
		l.took = max(took, time.Second)
	}
	var reports []ingest.Report
	for d := json.NewDecoder(&stdout); d.More(); {
		var r ingest.Report
		if err := d.Decode(&r); err != nil {
			l.t.Fatal(err)
		}
		reports = append(reports, r)
	}
	return bySource(reports), false
}

func bySource(reports []ingest.Report) map[string]ingest.Report {
	out := map[string]ingest.Report{}
	for _, r := range reports {
		out[r.Source] = r
	}
	return out
}

// match has the ledger follow.
func (l *lives) match() {
	l.t.Helper()
	if l.within == nil {
		l.must("match")
	} else if err := l.within.matchOnce(l.t.Context()); err != nil {
		l.t.Fatal(err)
	}
}

// verdicts counts the crawls of each source on which a verdict was kept.
func (l *lives) verdicts() map[string]int {
	l.t.Helper()
	db := l.database()
	defer func() { _ = db.Close() }() // read only
	out := map[string]int{}
	for _, row := range l.rows(db, `SELECT source, COUNT(*) FROM crawl GROUP BY source`) {
		n, err := strconv.Atoi(row[1])
		if err != nil {
			l.t.Fatal(err)
		}
		out[row[0]] = n
	}
	return out
}

// compare compares every listing with the specification.
func (l *lives) compare(when string) {
	l.t.Helper()
	rows := l.listings()
	for site, s := range l.spec {
		l.compared += len(rows[site])
		wrong := s.observe(rows[site])
		for _, w := range wrong[:min(len(wrong), 5)] {
			l.t.Errorf("%s, %s: %s", when, site, w)
		}
		if more := len(wrong) - 5; more > 0 {
			l.t.Errorf("%s, %s: and %d more", when, site, more)
		}
	}
}

// listings are the postings by site and by what the site calls them: the end of their
// address.
func (l *lives) listings() map[string]map[string]*listingRow {
	l.t.Helper()
	db := l.database()
	defer func() { _ = db.Close() }() // read only
	out := map[string]map[string]*listingRow{}
	names := map[[2]string]*listingRow{}
	rows, err := db.QueryContext(l.t.Context(), `SELECT source, reference, url, open, first_seen, last_seen, COALESCE(closed_at, 0) FROM posting`)
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }() // rows.Err is asked
	for rows.Next() {
		var site, ref, url string
		var r listingRow
		var first, last, closed int64
		if err := rows.Scan(&site, &ref, &url, &r.open, &first, &last, &closed); err != nil {
			l.t.Fatal(err)
		}
		r.first, r.last, r.closed = time.UnixMilli(first), time.UnixMilli(last), time.UnixMilli(closed)
		if out[site] == nil {
			out[site] = map[string]*listingRow{}
		}
		out[site][reference(l.t, url)], names[[2]string{site, ref}] = &r, &r
	}
	if err := rows.Err(); err != nil {
		l.t.Fatal(err)
	}
	for _, row := range l.rows(db, `SELECT source || char(10) || reference, TRIM(event || ' ' || why) FROM posting_turn ORDER BY source, reference, at, event`) {
		site, ref, _ := strings.Cut(row[0], "\n")
		r := names[[2]string{site, ref}]
		r.turns = strings.TrimPrefix(r.turns+", "+row[1], ", ")
	}
	return out
}

// repostsAreOne checks that an advert under a later reference joined its vacancy.
func (l *lives) repostsAreOne() {
	l.t.Helper()
	db := l.database()
	defer func() { _ = db.Close() }() // read only
	vacancy := map[[2]string]string{}
	for _, row := range l.rows(db, `SELECT source || char(10) || url, vacancy FROM posting`) {
		site, url, _ := strings.Cut(row[0], "\n")
		vacancy[[2]string{site, reference(l.t, url)}] = row[1]
	}
	joined := 0
	for site, groups := range l.feed.reposts() {
		for _, refs := range groups {
			ids := map[string]bool{}
			for _, ref := range refs {
				if id := vacancy[[2]string{site, ref}]; id != "" {
					ids[id] = true
				}
			}
			if len(ids) > 1 {
				l.t.Errorf("%s: %v are one advert, and %d vacancies", site, refs, len(ids))
			}
			if len(refs) > 1 && len(ids) == 1 {
				joined++
			}
		}
	}
	if joined == 0 {
		l.t.Error("nothing was re-posted: these days prove little")
	}
}

// newDatesAreTold checks what is owed to a person who asks for everything: each
// vacancy once, and each new closing date of what she had heard of.
func (l *lives) newDatesAreTold() {
	l.t.Helper()
	db := l.database()
	defer func() { _ = db.Close() }() // read only
	owed := map[string][]string{}
	for _, row := range l.rows(db, `SELECT vacancy, event FROM ledger ORDER BY vacancy, event`) {
		kind, _, _ := strings.Cut(row[1], ":")
		l.told[kind]++
		owed[row[0]] = append(owed[row[0]], row[1])
	}
	for _, row := range l.rows(db, `SELECT vacancy, MIN(source || char(10) || url) FROM posting GROUP BY vacancy HAVING COUNT(*) = 1`) {
		site, url, _ := strings.Cut(row[1], "\n")
		of := l.spec[site].lives[reference(l.t, url)]
		if len(of) != 1 || !slices.Contains(owed[row[0]], "new") {
			continue
		}
		var dates []string
		for _, event := range owed[row[0]] {
			if strings.HasPrefix(event, "closes:") {
				dates = append(dates, event)
			}
		}
		if got := strings.Join(dates, ", "); got != of[0].owed {
			l.t.Errorf("%s %s: owed are the dates %q, want %q", site, url, got, of[0].owed)
		}
	}
	if extended := l.told["closes"] > 0 || l.within == nil; l.told["new"] == 0 || !extended { // few recorded posts are in scope
		l.t.Errorf("owed are %v: these days prove little", l.told)
	}
}

// storeIsRight checks that the store does not contradict itself.
func (l *lives) storeIsRight() {
	l.t.Helper()
	db := l.database()
	defer func() { _ = db.Close() }() // read only
	for what, question := range mistakes {
		if got := l.rows(db, question); len(got) > 0 {
			l.t.Errorf("there is %s: %v", what, got)
		}
	}
}
