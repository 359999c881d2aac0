package main

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/sendwatch/sendwatch/internal/jobsite"
)

// visits keeps what the sites saw: who asked for what, in order.
type visits struct {
	mu    sync.Mutex
	sites map[string][]jobsite.Visit
	agent map[string]int // requests by who asked
}

func watch(w *jobsite.World) *visits {
	v := &visits{sites: map[string][]jobsite.Visit{}, agent: map[string]int{}}
	w.Watch(func(one jobsite.Visit) {
		v.mu.Lock()
		defer v.mu.Unlock()
		one.Agent, _, _ = strings.Cut(one.Agent, " ")
		v.sites[one.Site] = append(v.sites[one.Site], one)
		v.agent[one.Agent]++
	})
	return v
}

// by counts the requests of one process.
func (v *visits) by(agent string) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.agent[agent]
}

// entries are the pages with which a crawl of each site begins.
var entries = map[string]string{
	jobsite.National: "/sitemap.xml", jobsite.Agency: "/sitemap.xml", jobsite.Council: "/vacancies", jobsite.School: "/join-us",
}

// takeTurns checks that crawls of a site follow each other: when another process
// asks than the one before, it begins a crawl, and it asks to the end of it before
// the former comes back. It returns how often each process began one, by agent and
// site.
func (v *visits) takeTurns(t *testing.T) map[[2]string]int {
	t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	begun := map[[2]string]int{}
	for site, list := range v.sites {
		for i, one := range list {
			entry := one.Path == entries[site]
			if entry {
				begun[[2]string{one.Agent, site}]++
			}
			if i > 0 && list[i-1].Agent != one.Agent && !entry && one.Path != "/robots.txt" {
				t.Errorf("%s: %s asks for %s in the middle of a crawl by %s", site, one.Agent, one.Path, list[i-1].Agent)
			}
		}
	}
	return begun
}

// audit is a record that the database keeps, in its own order, of the leases on
// sources: who was given a source for which due time, and what became of it.
type audit struct {
	b *board
	// dead are the holders that are no more.
	dead map[string]death
}

// death is the end of a process.
type death struct {
	agent string
	// alive is the newest entry of the record when the process still lived.
	alive  int64
	killed bool
}

// newAudit begins the record. The store's tables must be there.
func newAudit(b *board) *audit {
	b.t.Helper()
	db := b.database()
	defer func() { _ = db.Close() }() // the statement was answered
	_, err := db.ExecContext(b.t.Context(), `
		CREATE TABLE audit (n bigserial PRIMARY KEY, tx bigint, source text, due bigint, next bigint, before text, after text, crawl bigint);
		CREATE FUNCTION audit_work() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			INSERT INTO audit (tx, source, due, next, before, after) VALUES (txid_current(), NEW.id, OLD.due_at, NEW.due_at, OLD.token, NEW.token);
			RETURN NULL;
		END $$;
		CREATE TRIGGER audit_work AFTER UPDATE ON work FOR EACH ROW WHEN (NEW.kind = 'source' AND OLD.token <> NEW.token) EXECUTE FUNCTION audit_work();
		CREATE FUNCTION audit_source() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			UPDATE audit SET crawl = NEW.crawl WHERE tx = txid_current() AND source = NEW.id;
			RETURN NULL;
		END $$;
		CREATE TRIGGER audit_source AFTER UPDATE ON source FOR EACH ROW WHEN (OLD.crawl <> NEW.crawl) EXECUTE FUNCTION audit_source();`)
	if err != nil {
		b.t.Fatal(err)
	}
	return &audit{b: b, dead: map[string]death{}}
}

// last is the number of the newest entry.
func (a *audit) last() (n int64) {
	a.b.t.Helper()
	db := a.b.database()
	defer func() { _ = db.Close() }() // read only
	if err := db.QueryRowContext(a.b.t.Context(), `SELECT COALESCE(MAX(n), 0) FROM audit`).Scan(&n); err != nil {
		a.b.t.Fatal(err)
	}
	return n
}

// attempt is one lease of a source.
type attempt struct {
	source, token string
	crawl, due    int64
	// end is the entry that ended it, and next the due time then; zero while it runs.
	end, next int64
	// taken: another took it over; otherwise it was given back, or freed.
	taken bool
	// ended and complete: its crawl's closing transaction was made, and says so.
	ended, complete bool
}

func (a *attempt) holder() string {
	holder, _, _ := strings.Cut(a.token, ".")
	return holder
}

// finished: the source was given back with a later due time.
func (a *attempt) finished() bool { return !a.taken && a.next > a.due }

// attempts reads the record, by source and in order.
func (a *audit) attempts() map[string][]*attempt {
	t := a.b.t
	t.Helper()
	db := a.b.database()
	defer func() { _ = db.Close() }() // read only
	ended := map[string]bool{}
	for _, row := range a.b.rows(db, `SELECT source || ' ' || crawl, complete FROM crawl`) {
		ended[row[0]] = row[1] == "1"
	}
	rows, err := db.QueryContext(t.Context(), `SELECT n, source, due, next, before, after, COALESCE(crawl, 0) FROM audit ORDER BY n`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }() // rows.Err is asked
	out := map[string][]*attempt{}
	for rows.Next() {
		var n, due, next, crawl int64
		var source, before, after string
		if err := rows.Scan(&n, &source, &due, &next, &before, &after, &crawl); err != nil {
			t.Fatal(err)
		}
		list := out[source]
		if before != "" {
			if len(list) == 0 || list[len(list)-1].token != before || list[len(list)-1].end > 0 {
				t.Fatalf("%s: entry %d ends a lease that was not the last", source, n)
			}
			last := list[len(list)-1]
			last.end, last.next, last.taken = n, next, after != ""
		}
		if after != "" {
			done, is := ended[fmt.Sprintf("%s %d", source, crawl)]
			out[source] = append(list, &attempt{source: source, token: after, crawl: crawl, due: due, ended: is, complete: done})
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// onceARound checks the rule of the schedule. A source's due time is its round, and
// for each round
//
//   - one process at a time holds the source, and crawls are numbered 1, 2, 3, …;
//   - the round is over when a crawl gives the source back with a later due time,
//     and nobody is given it for that round again;
//   - a crawl that did not get that far belongs to a process that died meanwhile,
//     or was never begun, since the site's host was not free;
//   - so more than one complete crawl in a round means that a kill came between a
//     crawl's closing transaction and the next due time;
//   - and what the dead held was taken away from them after their death.
func (a *audit) onceARound() (rounds, again int) {
	t := a.b.t
	t.Helper()
	for source, list := range a.attempts() {
		for i, one := range list {
			dead, died := a.dead[one.holder()]
			if one.crawl != int64(i+1) {
				t.Errorf("%s: crawl %d comes as number %d", source, one.crawl, i+1)
			}
			if i > 0 {
				before := list[i-1]
				if one.due < before.due || before.finished() && one.due != before.next || !before.finished() && one.due != before.due {
					t.Errorf("%s: crawl %d was due at %d, and %d at %d", source, before.crawl, before.due, one.crawl, one.due)
				}
			}
			switch {
			case one.end == 0 && i < len(list)-1:
				t.Errorf("%s: crawls %d and %d at once", source, one.crawl, one.crawl+1)
			case one.end == 0:
				t.Errorf("%s: crawl %d still holds it", source, one.crawl)
			case one.finished():
				rounds++
				if !one.ended {
					t.Errorf("%s: crawl %d gave it back without a closing transaction", source, one.crawl)
				}
			case one.ended && !dead.killed:
				t.Errorf("%s: crawl %d has ended, was not killed, and the source is due as before", source, one.crawl)
			case one.ended:
				again++
			case one.taken && !died:
				t.Errorf("%s: crawl %d was taken from %s, which lives", source, one.crawl, one.holder())
			case died && one.taken && one.end <= dead.alive:
				t.Errorf("%s: crawl %d was taken from %s before its death", source, one.crawl, dead.agent)
			}
		}
	}
	return rounds, again
}

// noMoreThanLeased compares what the sites saw with the leases: nobody begins a
// crawl that it was not given.
func (a *audit) noMoreThanLeased(begun map[[2]string]int) {
	a.b.t.Helper()
	given := map[[2]string]int{}
	for source, list := range a.attempts() {
		for _, one := range list {
			given[[2]string{a.dead[one.holder()].agent, source}]++
		}
	}
	for who, n := range begun {
		if n > given[who] {
			a.b.t.Errorf("%s began %d crawls of %s and was given %d", who[0], n, who[1], given[who])
		}
	}
}
