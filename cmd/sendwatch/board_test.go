package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/internal/jobsite"
	"github.com/sendwatch/sendwatch/internal/jobsite/mailsink"
	"github.com/sendwatch/sendwatch/store"
	"github.com/sendwatch/sendwatch/web"
)

// lastDay is noon of the last day of a board's world: a Friday, so that its first
// day is a Monday, when weekly messages leave.
var lastDay = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// board is a world of job sites with its own mail server and clock, and the program
// pointed at them.
type board struct {
	t *testing.T
	*jobsite.World
	sink   *mailsink.Sink
	others []*mailsink.Sink // mail servers beside it
	config string           // the configuration file
	data   string           // the data folder
	url    string           // the PostgreSQL database; empty for SQLite in the data folder
	ahead  time.Duration
	logs   bytes.Buffer // standard error of every run
}

// newBoard starts a board on the world's first day, with a change to its
// configuration.
func newBoard(t *testing.T, sinkOptions mailsink.Options, change func(*configs.Config)) *board {
	t.Helper()
	b := &board{t: t}
	world, err := jobsite.Start(func() time.Time { return lastDay })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(world.Close)
	b.World = world
	b.open(sinkOptions, change)
	return b
}

// open gives the board a new data folder and a new mail server, and goes back to
// the first day.
func (b *board) open(sinkOptions mailsink.Options, change func(*configs.Config)) {
	b.t.Helper()
	dir := b.t.TempDir()
	b.sink, b.data, b.config = b.openSink(sinkOptions), filepath.Join(dir, "data"), filepath.Join(dir, "sendwatch.yaml")
	if err := writeConfig(b.config, b.World, b.sink, change); err != nil {
		b.t.Fatal(err)
	}
	b.day(1, 5)
}

// openSink starts a mail server.
func (b *board) openSink(o mailsink.Options) *mailsink.Sink {
	b.t.Helper()
	o.Now = b.now
	sink, err := mailsink.Start(o)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() {
		if err := sink.Close(); err != nil {
			b.t.Error(err)
		}
	})
	return sink
}

// writeConfig writes a configuration that crawls the world and mails to the sink.
// The data folder stands beside the file.
func writeConfig(path string, world *jobsite.World, sink *mailsink.Sink, change func(*configs.Config)) error {
	cfg, err := configs.Load("", func(string) string { return "" })
	if err != nil {
		return err
	}
	cfg.DataDir = filepath.Join(filepath.Dir(path), "data")
	cfg.Sources = world.Sources()
	cfg.SMTP.Host, cfg.SMTP.Port = "127.0.0.1", sink.Port()
	if change != nil {
		change(cfg)
	}
	text, err := yaml.Marshal(cfg)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}

// day moves world and clock to an hour of a day; a day after the last one leaves
// the world as it is.
func (b *board) day(day, hour int) {
	b.SetDay(day)
	at := lastDay.AddDate(0, 0, day-jobsite.Days).Truncate(24 * time.Hour).Add(time.Duration(hour) * time.Hour)
	b.ahead = time.Until(at)
}

func (b *board) now() time.Time { return time.Now().Add(b.ahead) }

// run runs a command within the test and returns what it printed and its exit code.
func (b *board) run(args ...string) (string, int) {
	b.t.Helper()
	var out bytes.Buffer
	code := run(b.t.Context(), append([]string{"--config", b.config}, args...),
		streams{in: strings.NewReader(""), out: &out, err: &b.logs, getenv: func(string) string { return "" }, now: b.now})
	return out.String(), code
}

// must runs a command that has to succeed.
func (b *board) must(args ...string) string {
	b.t.Helper()
	before := b.logs.Len()
	out, code := b.run(args...)
	if code != exitFine {
		b.t.Fatalf("sendwatch %s: exit %d\n%s%s", strings.Join(args, " "), code, out, b.logs.String()[before:])
	}
	return out
}

// subscribe imports subscriptions, confirmed.
func (b *board) subscribe(lines []subscriptionLine) {
	b.t.Helper()
	var text bytes.Buffer
	for _, l := range lines {
		if err := json.NewEncoder(&text).Encode(l); err != nil {
			b.t.Fatal(err)
		}
	}
	file := filepath.Join(b.t.TempDir(), "people.jsonl")
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.must("subscriptions", "import", "--confirmed", file)
}

// search runs `sendwatch search --json` for criteria and returns the ids found.
func (b *board) search(args ...string) []string {
	b.t.Helper()
	var ids []string
	for page := 1; ; page++ {
		var answer web.Answer
		out := b.must(append([]string{"search", "--json", "--as-typed", "--per-page=100", fmt.Sprintf("--page=%d", page)}, args...)...)
		if err := json.Unmarshal([]byte(out), &answer); err != nil {
			b.t.Fatal(err)
		}
		for _, h := range answer.Hits {
			ids = append(ids, h.ID)
		}
		if len(answer.Hits) == 0 || len(ids) >= answer.Total {
			return ids
		}
	}
}

// read opens the store alone.
func (b *board) read(fn func(ctx context.Context, s *store.Store)) {
	b.t.Helper()
	s, err := store.Open(b.t.Context(), store.Options{Path: b.file(), URL: b.url, Now: b.now, NewID: newID})
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			b.t.Error(err)
		}
	}()
	fn(b.t.Context(), s)
}

// file is SQLite's.
func (b *board) file() string { return filepath.Join(b.data, "sendwatch.db") }

// database opens the store's database for questions that the store has no answer to.
func (b *board) database() *sql.DB {
	b.t.Helper()
	driver, name := "sqlite", "file:"+b.file()
	if b.url != "" {
		driver, name = "pgx", b.url
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		b.t.Fatal(err)
	}
	return db
}

// rows are the rows of a query for two values, as text.
func (b *board) rows(db *sql.DB, query string, args ...any) (out [][2]string) {
	b.t.Helper()
	rows, err := db.QueryContext(b.t.Context(), query, args...)
	if err != nil {
		b.t.Fatalf("%v\n%s", err, query)
	}
	defer func() { _ = rows.Close() }() // rows.Err is asked
	for rows.Next() {
		var row [2]string
		if err := rows.Scan(&row[0], &row[1]); err != nil {
			b.t.Fatal(err)
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		b.t.Fatal(err)
	}
	return out
}

// with puts the program together within the test, as a command would.
func (b *board) with(fn func(ctx context.Context, a *app)) {
	b.t.Helper()
	e := &env{ctx: b.t.Context(), cli: &cli{Config: b.config}, log: logger(&b.logs, false),
		streams: streams{err: &b.logs, getenv: func(string) string { return "" }, now: b.now}}
	err := e.withApp(func(a *app) error {
		fn(e.ctx, a)
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// letter is one email, as far as the tests care.
type letter struct {
	id, to    string
	vacancies []string // ids, each once
	message   mailsink.Message
}

var vacancyLink = regexp.MustCompile(`/vacancies/([A-Za-z0-9-]+)`)

// letters are the emails taken so far, oldest first.
func (b *board) letters() []letter {
	b.t.Helper()
	messages := b.sink.Messages()
	for _, s := range b.others {
		messages = append(messages, s.Messages()...)
	}
	slices.SortStableFunc(messages, func(x, y mailsink.Message) int { return x.At.Compare(y.At) })
	var out []letter
	for _, m := range messages {
		l := letter{id: m.Header("Message-ID"), message: m}
		to, err := mail.ParseAddress(m.Header("To"))
		if err != nil || l.id == "" {
			b.t.Fatalf("message %d has Message-ID %q and To %q", m.Number, l.id, m.Header("To"))
		}
		l.to = to.Address
		for _, found := range vacancyLink.FindAllStringSubmatch(m.Text(), -1) {
			if !slices.Contains(l.vacancies, found[1]) {
				l.vacancies = append(l.vacancies, found[1])
			}
		}
		out = append(out, l)
	}
	return out
}

// people are the subscriptions of the demo's invented people, some of them less
// often, and the last one to every vacancy in scope.
func people(t *testing.T) []subscriptionLine {
	t.Helper()
	var out []subscriptionLine
	for line := range bytes.Lines(jobsite.People) {
		var l subscriptionLine
		if err := decode(line, &l); err != nil {
			t.Fatal(err)
		}
		out = append(out, l)
	}
	return out
}
