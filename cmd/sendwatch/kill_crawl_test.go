package main

import (
	"context"
	"flag"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/store"
)

var crawlKills = flag.Int("crawlkills", 2, "how often TestKillCrawl kills the program")

// TestKillCrawl kills `sendwatch run-once` with SIGKILL while it crawls: at the first
// commits, among the adverts, right after the last of them and in the closing
// transactions; the days pass meanwhile. What was accepted stays, validators vouch for
// nothing that is not stored, and in the end the store shows what the sites do and
// nobody was told of anything twice. The adverts are recorded ones where there are any.
func TestKillCrawl(t *testing.T) {
	t.Parallel()
	seed := *killSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d (again: -crawlkills %d -seed %d)", seed, *crawlKills, seed)
	k := &crawlKiller{killer: newKiller(t, rand.New(rand.NewPCG(seed, 2)))}
	k.feed = newFictional(k.World)
	last := lastDay
	if os.Getenv(recordedEnv) != "" {
		f := newRecorded(t, nextPort())
		k.feed, last = f, f.today
	}
	k.lives = &lives{board: k.board, feed: k.feed, lastDay: last}
	for left := *crawlKills; left > 0 && !t.Failed(); left -= killsARound {
		k.round(min(left, killsARound))
	}
	t.Logf("%d kills (%v) in %d runs; %d letters; %d postings accepted by the kills, %d in the end",
		k.killed, k.stages, k.runs, k.sent, k.kept, k.compared)
}

// crawlKiller kills crawls of a feed.
type crawlKiller struct {
	*killer
	feed  feed
	lives *lives
	// most is how many requests a whole run of a day has made, and kept how many
	// postings were accepted at kills.
	most, kept int
	compared   int
}

// round kills n crawls on a new data folder, and then checks it.
func (k *crawlKiller) round(n int) {
	k.t.Helper()
	k.open(k.mail.options(), func(c *configs.Config) { c.Sources = k.feed.definitions() })
	k.forget()
	k.subscribe(k.people)
	for done, tries := 0, 0; done < n; tries++ {
		if tries == 5*n+10 {
			k.t.Fatalf("%d runs and only %d of them could be killed", tries, done)
		}
		day := 1 + done*k.feed.days()/n
		k.feed.move(day, "")
		k.lives.at(day, 5)
		k.ahead += time.Duration(tries) * time.Minute
		if k.runAndKillCrawl() {
			done++
			k.takeStock("")
			k.nothingIsVouchedFor()
		}
	}
	k.kept += len(k.accepted)
	last := k.feed.days()
	for hour := 6; hour <= 12; hour += 3 { // what vanished is missed twice
		k.feed.move(last, "")
		k.lives.at(last, hour)
		k.must("run-once")
	}
	k.ahead += time.Hour
	k.must("deliver")
	k.fileIsWhole()
	k.storeIsWhole()
	k.nothingIsVouchedFor()
	k.storeShowsTheSites()
	k.readersAgree()
	letters := k.lettersOnce()
	if _, recorded := k.feed.(*recorded); recorded {
		k.noVacancyIsToldTwice(letters)
	} else {
		k.nobodyIsToldTwice(letters)
	}
	k.everyMatchIsTold(letters)
}

// noVacancyIsToldTwice checks that no vacancy, under the id that it has now, was told
// twice to one person.
func (k *crawlKiller) noVacancyIsToldTwice(letters []letter) {
	k.t.Helper()
	times := map[[2]string]int{}
	k.read(func(ctx context.Context, s *store.Store) {
		for _, l := range letters {
			for _, id := range l.vacancies {
				v, err := s.Vacancy(ctx, id) // its id may have become another's alias
				if err != nil {
					k.t.Fatal(err)
				}
				times[[2]string{l.to, v.ID}]++
			}
		}
	})
	for what, n := range times {
		if n > 1 {
			k.t.Errorf("%s was told %d times of %s", what[0], n, what[1])
		}
	}
}

// runAndKillCrawl runs the program and kills it in its crawl. It reports false when
// the crawl was over before that.
func (k *crawlKiller) runAndKillCrawl() bool {
	k.t.Helper()
	k.runs++
	log := &logWatch{}
	cmd := exec.Command("sendwatch", "--config", k.config, "run-once")
	cmd.Env = append(os.Environ(), clockEnv+"="+k.ahead.String())
	cmd.Stderr = log
	stage, now := k.planCrawl(log)
	before := k.feed.asked()
	if k.killWhen(cmd, log, stage, now) {
		return true
	}
	k.most = max(k.most, k.feed.asked()-before)
	return false
}

// planCrawl chooses the moment of a kill by what the sites have been asked for, and by
// which of them are closed.
func (k *crawlKiller) planCrawl(log *logWatch) (stage string, now func() bool) {
	before := k.feed.asked()
	asked := func(n int) bool { return k.feed.asked()-before >= n }
	sites := len(k.feed.names())
	switch pause := time.Duration(k.rand.IntN(60)) * time.Millisecond; k.rand.IntN(4) {
	case 0:
		n := 2 + k.rand.IntN(3*sites)
		return "first adverts", after(pause, func() bool { return asked(n) })
	case 1:
		n := 1 + k.rand.IntN(max(k.most, 60))
		return "among the adverts", after(0, func() bool { return asked(n) })
	case 2: // one site is closed, and others are about to be
		n := 1 + k.rand.IntN(sites)
		return "closing", after(pause/4, func() bool { return log.crawled(n, 0) })
	default: // the last request is some time ago: what is left is to be stored
		quiet := 5*time.Millisecond + pause
		count, since := before, time.Now()
		return "after the last request", func() bool {
			if n := k.feed.asked(); n != count {
				count, since = n, time.Now()
			}
			return count > before && time.Since(since) >= quiet
		}
	}
}

// after waits a while once something holds.
func after(pause time.Duration, holds func() bool) func() bool {
	var since time.Time
	return func() bool {
		if since.IsZero() && holds() {
			since = time.Now()
		}
		return !since.IsZero() && time.Since(since) >= pause
	}
}

// nothingIsVouchedFor checks that the pages which are remembered, and will be answered
// by "not modified", name only adverts that are stored. A document's is vouched for by
// what it was read for, and committed with it.
func (k *crawlKiller) nothingIsVouchedFor() {
	k.t.Helper()
	db := k.database()
	defer func() { _ = db.Close() }() // read only
	for what, question := range map[string]string{
		"a page is remembered whose advert is not stored": `SELECT page.url, json_extract(i.value, '$.reference') FROM page, json_each(page.items) i
			WHERE json_extract(i.value, '$.reference') IS NOT NULL AND instr(page.url, '&for=') = 0 AND NOT EXISTS (SELECT 1 FROM posting p
				WHERE p.source = page.source AND p.reference = json_extract(i.value, '$.reference'))`,
		"a list is remembered that names an advert which is not stored": `SELECT page.url, json_extract(i.value, '$.url') FROM page, json_each(page.items) i
			WHERE json_extract(i.value, '$.reference') IS NULL AND NOT EXISTS (SELECT 1 FROM posting p
				WHERE p.source = page.source AND p.item_url = json_extract(i.value, '$.url'))
			AND NOT EXISTS (SELECT 1 FROM page q -- a list may name another
				WHERE q.source = page.source AND instr(q.url, json_extract(i.value, '$.url') || '#') = 1)`,
	} {
		if got := k.rows(db, question); len(got) > 0 {
			k.t.Errorf("%s: %v", what, got[:min(len(got), 5)])
		}
	}
}

// storeShowsTheSites compares what is open in the store with what the sites show, less
// what is over by its own closing date.
func (k *crawlKiller) storeShowsTheSites() {
	k.t.Helper()
	open := map[[2]string]bool{}
	db := k.database()
	defer func() { _ = db.Close() }() // read only
	for _, row := range k.rows(db, `SELECT source || char(10) || url, open FROM posting`) {
		site, url, _ := strings.Cut(row[0], "\n")
		open[[2]string{site, path.Base(url)}] = row[1] == "1"
	}
	closes := k.lives.closingDates()
	for _, site := range k.feed.names() {
		shown := map[string]bool{}
		for _, p := range k.feed.live(site) {
			shown[p.ref] = true
			at := [2]string{site, p.ref}
			isOpen, kept := open[at]
			surely, _ := over(closes[at], span{k.now(), k.now()})
			if k.compared++; !kept || isOpen == surely {
				k.t.Errorf("%s shows %s: it is kept %v, open %v, over %v", site, p.ref, kept, isOpen, surely)
			}
		}
		for at, isOpen := range open {
			if at[0] == site && isOpen && !shown[at[1]] {
				k.t.Errorf("%s: %s is gone and still open", site, at[1])
			}
		}
	}
}
