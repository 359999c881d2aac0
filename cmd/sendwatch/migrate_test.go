package main

import (
	"bytes"
	"crypto/sha256"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/internal/jobsite"
	"github.com/sendwatch/sendwatch/internal/jobsite/mailsink"
	"github.com/sendwatch/sendwatch/store/storetest"
)

// TestMigrate plays the world's first days on SQLite, moves everything, and plays the
// others on PostgreSQL: as if nothing had happened, nobody is told anything twice,
// and nobody misses anything.
func TestMigrate(t *testing.T) {
	t.Parallel()
	address := storetest.Postgres(t)
	w := newWitness(newReplay(newBoard(t, mailsink.Options{}, nil)))
	w.subscribe(w.people)
	for day := 1; day <= jobsite.Days; day++ {
		if day == 3 {
			w.moveTo(address)
		}
		w.day(day, 5)
		w.everyListingIsRead(w.runOnce())
		w.noteDue()
		w.day(day, 12)
		w.runOnce() // what went today is closed by its second absence
	}
	w.runOnce()
	w.storeIsWhole()
	w.nobodyIsToldTwice(w.letters())
	w.toldIsDue(w.letters())
	w.onlyLiveListingsAreOpen()
}

// moveTo moves the board's store, and checks that it is all there and that nothing
// works on the old one by mistake.
func (w *witness) moveTo(address string) {
	w.t.Helper()
	before, file := w.contents(), w.sum()
	secret := filepath.Join(w.t.TempDir(), "database_url")
	if err := os.WriteFile(secret, []byte(address+"\n"), 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.refusedWhileBusy(secret)
	out := w.must("migrate", "--to", secret)
	for _, want := range []string{"TABLE", "change_log", "posting_body", "total"} {
		if !strings.Contains(out, want) {
			w.t.Errorf("migrate does not print %q:\n%s", want, out)
		}
	}
	if u, err := url.Parse(address); err != nil || u.User == nil {
		w.t.Fatalf("%v; the address holds no user", err)
	} else if password, ok := u.User.Password(); ok && password != u.User.Username() && strings.Contains(w.logs.String(), password) {
		w.t.Error("migrate prints the password")
	}
	if w.sum() != file {
		w.t.Error("the SQLite file has changed")
	}
	if out, code := w.run("run-once"); code != exitFailed || !strings.Contains(w.logs.String(), "was moved to the PostgreSQL database") {
		w.t.Errorf("run-once on the old store: exit %d\n%s", code, out)
	}
	if err := writeConfig(w.config, w.World, w.sink, func(c *configs.Config) { c.DatabaseURL = address }); err != nil {
		w.t.Fatal(err)
	}
	w.url = address
	if after := w.contents(); !slices.Equal(after, before) {
		w.t.Errorf("the store held %v and holds %v", before, after)
	}
	if out, code := w.run("migrate"); code != exitFailed || !strings.Contains(w.logs.String(), "the target is not empty") {
		w.t.Errorf("a second migrate: exit %d\n%s", code, out)
	}
}

// refusedWhileBusy checks that nothing is moved while another process lives, and that
// none starts while something is moved.
func (w *witness) refusedWhileBusy(to string) {
	w.t.Helper()
	other, err := announce(w.data, "other")
	if err != nil {
		w.t.Fatal(err)
	}
	if out, code := w.run("migrate", "--to", to); code != exitFailed || !strings.Contains(w.logs.String(), "a sendwatch works on") {
		w.t.Errorf("migrate beside another process: exit %d\n%s", code, out)
	}
	if err := other.leave(); err != nil {
		w.t.Fatal(err)
	}
	m, err := beginMove(w.data)
	if err != nil {
		w.t.Fatal(err)
	}
	if out, code := w.run("run-once"); code != exitFailed || !strings.Contains(w.logs.String(), "is being moved") {
		w.t.Errorf("run-once while the store moves: exit %d\n%s", code, out)
	}
	if err := m.end(); err != nil {
		w.t.Fatal(err)
	}
}

// contents are what both engines say of what the store holds.
func (w *witness) contents() (out []string) {
	w.t.Helper()
	db := w.database()
	defer func() { _ = db.Close() }() // read only
	for _, question := range []string{
		`SELECT seq, event || vacancy || subscription || fields || cause FROM change_log ORDER BY seq`,
		`SELECT id, state || data FROM vacancy ORDER BY id`,
		`SELECT source, reference || vacancy || hash FROM posting ORDER BY source, reference`,
		`SELECT person, vacancy || event || alert || digest || COALESCE(told_at, 0) FROM ledger ORDER BY person, vacancy, event`,
		`SELECT person, email || COALESCE(confirmed_at, 0) FROM subscriber ORDER BY person`,
		`SELECT name, seq FROM reader ORDER BY name`,
		`SELECT kind || id, due_at FROM work ORDER BY kind, id`,
	} {
		var rows []string
		for _, row := range w.rows(db, question) {
			rows = append(rows, row[0]+" "+row[1])
		}
		slices.Sort(rows) // engines put texts in different orders
		out = append(out, rows...)
	}
	return out
}

func (w *witness) sum() [sha256.Size]byte {
	w.t.Helper()
	b, err := os.ReadFile(w.file())
	if err != nil {
		w.t.Fatal(err)
	}
	return sha256.Sum256(b)
}

// TestProgress holds that a log has a line for every table, and a sign of life from
// one that takes long.
func TestProgress(t *testing.T) {
	var log bytes.Buffer
	now := lastDay
	p := (&env{log: logger(&log, false), streams: streams{err: &log, now: func() time.Time { return now }}}).progress()
	p.report("empty", 0, 0)
	p.report("empty", 0, 0)
	for done := range 31 {
		p.report("long", done, 30)
		now = now.Add(time.Second)
	}
	p.end()
	var lines []string
	for line := range strings.Lines(log.String()) {
		_, what, _ := strings.Cut(strings.TrimSpace(line), "msg=")
		lines = append(lines, what)
	}
	want := []string{"moved table=empty rows=0", "moving table=long rows=10 of=30", "moving table=long rows=20 of=30", "moved table=long rows=30"}
	if !slices.Equal(lines, want) {
		t.Errorf("the log says %q, want %q", lines, want)
	}
}
