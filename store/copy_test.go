package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
	"github.com/sendwatch/sendwatch/store/storetest"
)

// engines gives the options of an empty database of each engine.
func engines() map[string]func(t *testing.T) store.Options {
	return map[string]func(t *testing.T) store.Options{
		"SQLite": func(t *testing.T) store.Options { return options(filepath.Join(t.TempDir(), "s.db")) },
		"PostgreSQL": func(t *testing.T) store.Options {
			o := options("")
			o.URL = storetest.Postgres(t)
			return o
		},
	}
}

// fill puts something into every table: leased, frozen, sent and waiting.
func fill(t *testing.T, s *store.Store) {
	t.Helper()
	ctx, now := t.Context(), time.Now()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.EnsureSources(ctx, []string{"a", "b"}))
	l, err := s.ClaimSource(ctx, "a", time.Hour, true)
	must(err)
	_, err = s.Reserve(ctx, "a.example", time.Second)
	must(err)
	must(s.PutRobots(ctx, "https://a.example", []byte("User-agent: *\x00"), 200, now))
	must(s.PutQuarantine(ctx, store.Quarantined{Source: "a", URL: "u", Error: "no title", Raw: []byte{0, 255}}))
	for i := range 150 {
		id := fmt.Sprintf("v%03d", i)
		r := sendwatch.Reading{Title: "Teaching assistant", Kind: sendwatch.KindVacancy, Body: strings.Repeat("Support. ", i), Terms: []string{"support"}}
		content := &sendwatch.Posting{Title: "Lehrkr\xe4fte"}
		encoded, err := json.Marshal(content)
		must(err)
		packed, err := s.Pack(store.Bulk{Content: encoded, Reading: &r, Raw: []byte("<p>"), RawType: "text/html"})
		must(err)
		must(s.Write(ctx, func(tx *store.Tx) error {
			return errors.Join(
				tx.PutPosting(ctx, &store.Posting{Source: "a", Reference: id, Vacancy: id, URL: "u", Open: true, FirstSeen: now, LastSeen: now, LastCrawl: 1,
					Content: content, Reading: r, Packed: packed, Keys: []store.Key{{Kind: "url", Value: id}, {Kind: "text", Value: "é"}}}),
				tx.PutVacancy(ctx, &sendwatch.Vacancy{ID: id, Reading: r, State: sendwatch.VacancyOpen, FirstSeen: now, ChangedAt: now}),
				tx.PutVacancyKeys(ctx, id, []string{"of " + id, "of all"}),
				tx.Append(ctx, sendwatch.Change{Event: sendwatch.VacancyCreated, Vacancy: id, Cause: sendwatch.CauseCrawl}))
		}))
	}
	must(s.Write(ctx, func(tx *store.Tx) error { return tx.Unite(ctx, "v000", "v149") }))
	must(s.Write(ctx, func(tx *store.Tx) error {
		return tx.PutTurn(ctx, "a", "v001", sendwatch.Turn{At: now, Event: sendwatch.TurnChanged, Fields: []string{"pay", "title"}})
	}))
	must(s.EndCrawl(ctx, l, store.CrawlEnd{Complete: true, Healthy: true, Lists: []store.Page{{URL: "list", ETag: "e"}}}))

	var alerts []sendwatch.Alert
	for i, email := range []string{"ann@example.org", "bob@example.org", "cat@example.org"} {
		sub, err := s.Subscribe(ctx, store.Signup{Email: email, Frequency: sendwatch.Daily, Confirmed: true, Consent: store.Consent{Wording: "Tell me.", At: now}})
		must(err)
		alerts = append(alerts, sendwatch.Alert{Person: sub.Person, Vacancy: "v000", Event: sendwatch.EventNew, Subscriptions: []string{sub.ID}, DueAt: now.Add(time.Duration(i-5) * time.Second)})
	}
	must(s.Owe(ctx, store.Owed{Reader: "match", To: 7, Alerts: alerts}))
	for range 2 {
		d, err := s.ClaimDigest(ctx, time.Hour)
		must(err)
		if d.Person == alerts[0].Person {
			must(s.DigestSent(ctx, d.ID, d.Token))
		}
	}
	_, err = s.Subscribe(ctx, store.Signup{Email: "dan@example.org", Criteria: sendwatch.Criteria{Words: "semh"}})
	must(err)
	_, err = s.PutEmployers(ctx, []store.RegisterEntry{{Employer: sendwatch.Employer{URN: "900001", Name: "Larch School"}, NameKey: "larch school"}}, now)
	must(err)
	must(s.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Remove(ctx, store.Removal{Subject: "u"}, []store.Key{{Kind: store.KeyURL, Value: "u"}})
		return err
	}))
	_, err = s.PutReport(ctx, store.Report{Vacancy: "v001", Text: "The pay is wrong."})
	must(err)
	must(s.Suppress(ctx, "eve@example.org", "bounce"))
	_, _, err = s.SetAlarms(ctx, "b", []store.Alarm{{Kind: "stale", Says: "no crawl"}})
	must(err)
	_, err = s.ClaimNotice(ctx, time.Hour)
	must(err)
	must(s.AddAccess(ctx, store.Access{Name: "jo", Role: store.RoleOperator}, store.Token{Secret: "a token", Kind: store.TokenKey}))
}

func dump(t *testing.T, s *store.Store) map[string][]string {
	t.Helper()
	d, err := store.Dump(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestCopy(t *testing.T) {
	for from, source := range engines() {
		for to, target := range engines() {
			t.Run(from+" to "+to, func(t *testing.T) {
				old, fresh := open(t, source(t)), open(t, target(t))
				fill(t, old)
				before := dump(t, old)
				for table, rows := range before {
					if len(rows) == 0 {
						t.Errorf("nothing is in %s: fill it, or its copy is not tested", table)
					}
				}

				progress := map[string]int{}
				got, err := store.Copy(t.Context(), store.CopyOptions{From: old, To: fresh, Progress: func(table string, done, total int) {
					if done < progress[table] || done > total {
						t.Errorf("%s: %d of %d after %d", table, done, total, progress[table])
					}
					progress[table] = done
				}})
				if err != nil {
					t.Fatal(err)
				}
				total := 0
				for _, c := range got.Tables {
					if c.Rows != len(before[c.Name]) || progress[c.Name] != c.Rows {
						t.Errorf("%s: %d rows copied and %d shown, want %d", c.Name, c.Rows, progress[c.Name], len(before[c.Name]))
					}
					total += c.Rows
				}
				if got.Rows != total {
					t.Errorf("%d rows in all, want %d", got.Rows, total)
				}
				after := dump(t, fresh)
				if n := len(before["work"]); len(after["work"]) != n || n != 5 { // two sources, a digest, a confirmation and a notice
					t.Errorf("work %q, copied as %q", before["work"], after["work"])
				}
				delete(before, "work") // whose leases end: goesOn claims it
				delete(after, "work")
				if d := cmp.Diff(before, after); d != "" {
					t.Errorf("original, copy:\n%s", d)
				}
				goesOn(t, old, fresh)

				if _, err := store.Copy(t.Context(), store.CopyOptions{From: old, To: fresh}); !errors.Is(err, store.ErrNotEmpty) {
					t.Errorf("copied again: %v, want ErrNotEmpty", err)
				}
			})
		}
	}
}

// goesOn does on a copy what its original was about to do.
func goesOn(t *testing.T, old, s *store.Store) {
	t.Helper()
	ctx := t.Context()
	head, err := old.Head(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Write(ctx, func(tx *store.Tx) error {
		return tx.Append(ctx, sendwatch.Change{Event: sendwatch.VacancyChanged, Vacancy: "v001"})
	}); err != nil {
		t.Fatal(err)
	}
	if cs, err := s.Changes(ctx, head, 10); err != nil || len(cs) != 1 || cs[0].Seq != head+1 {
		t.Errorf("after %d the log goes on with %+v (%v)", head, cs, err)
	}
	if l, err := s.ClaimSource(ctx, "a", time.Minute, true); err != nil || l.Crawl != 2 {
		t.Errorf("a source that was leased: %+v (%v), want its second crawl", l, err)
	}
	data := func(email string) store.PersonData {
		p, err := s.SubscriberByEmail(ctx, email)
		if err != nil {
			t.Fatal(err)
		}
		d, err := s.ExportPerson(ctx, p.Person)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	bob := data("bob@example.org")
	retaken, err := s.ClaimDigest(ctx, time.Minute)
	if err != nil || retaken == nil || retaken.Person != bob.Person || retaken.MessageID != bob.Messages[0].MessageID || retaken.Attempts != 2 {
		t.Fatalf("the digest in flight: %+v (%v), want it again as it was", retaken, err)
	}
	if err := s.DigestSent(ctx, retaken.ID, retaken.Token); err != nil {
		t.Error(err)
	}
	cat := data("cat@example.org")
	if d, err := s.ClaimDigest(ctx, time.Minute); err != nil || d == nil || d.Person != cat.Person {
		t.Errorf("what was owed: %+v (%v)", d, err)
	}
	if c, err := s.ClaimConfirmation(ctx, time.Minute); err != nil || c == nil || c.Email != "dan@example.org" {
		t.Errorf("the confirmation: %+v (%v)", c, err)
	}
	if at, err := s.Cursor(ctx, "match"); err != nil || at != 7 {
		t.Errorf("the cursor is at %d (%v), want 7", at, err)
	}
	if err := s.Owe(ctx, store.Owed{Reader: "match", From: 7, To: 8, Alerts: []sendwatch.Alert{
		{Person: cat.Person, Vacancy: "v149", Event: "pay:1", Subscriptions: []string{cat.Subscriptions[0].ID}, DueAt: time.Now()}}}); err != nil {
		t.Error(err)
	}
	if es, err := s.LedgerEvents(ctx, cat.Person, "v000"); err != nil || !slices.Contains(es, "pay:1") {
		t.Errorf("events %v (%v): an alias was lost", es, err)
	}
	if v, err := s.Vacancy(ctx, "v149"); err != nil || v.ID != "v000" || len(v.Sightings) != 2 {
		t.Errorf("vacancy %+v (%v), want v000 with two sightings", v, err)
	}
}

func TestACopyThatIsBrokenOffLeavesNothing(t *testing.T) {
	for name, target := range engines() {
		t.Run(name, func(t *testing.T) {
			old, fresh := open(t, options(filepath.Join(t.TempDir(), "old.db"))), open(t, target(t))
			fill(t, old)
			empty := dump(t, fresh)
			ctx, cancel := context.WithCancel(t.Context())
			_, err := store.Copy(ctx, store.CopyOptions{From: old, To: fresh, Progress: func(table string, done, _ int) {
				if table == "posting_body" && done > 0 {
					cancel()
				}
			}})
			if err == nil {
				t.Fatal("it went on")
			}
			if d := cmp.Diff(empty, dump(t, fresh)); d != "" {
				t.Errorf("it left something:\n%s", d)
			}
			if _, err := store.Copy(t.Context(), store.CopyOptions{From: old, To: fresh}); err != nil {
				t.Errorf("a second time: %v", err)
			}
		})
	}
}

// A store that was filled before texts were cleaned and keys kept short is copied
// all the same, and what is in it is found.
func TestCopyOfOldRows(t *testing.T) {
	for name, target := range engines() {
		t.Run(name, func(t *testing.T) {
			old, fresh := open(t, options(filepath.Join(t.TempDir(), "old.db"))), open(t, target(t))
			long := strings.Repeat("x", 50_000)
			for _, q := range []string{
				`INSERT INTO quarantine VALUES ('a', 'u' || char(0) || '` + long + `', CAST(x'61ff' AS text), 'no' || char(0), '', NULL, 1, 1, 1, 1)`,
				`INSERT INTO page VALUES ('a', '` + long + `#v1', 'e', '', '[]', '')`,
			} {
				if err := store.Sabotage(t.Context(), old, q); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := store.Copy(t.Context(), store.CopyOptions{From: old, To: fresh}); err != nil {
				t.Fatal(err)
			}
			qs, err := fresh.Quarantine(t.Context(), 10)
			if err != nil || len(qs) != 1 || qs[0].Error != "no\ufffd" || qs[0].Reference != "a\ufffd" {
				t.Errorf("quarantine %+v (%v)", qs, err)
			}
			if p, err := fresh.Page(t.Context(), "a", long+"#v1"); err != nil || p.ETag != "e" {
				t.Errorf("page %+v (%v)", p, err)
			}
		})
	}
}

func TestEveryTableIsCopied(t *testing.T) {
	columns, _, err := store.Schema(t.Context(), open(t, options(filepath.Join(t.TempDir(), "s.db"))))
	if err != nil {
		t.Fatal(err)
	}
	var tables []string
	for _, c := range columns {
		table, _, _ := strings.Cut(c, ".")
		tables = append(tables, table)
	}
	if want := slices.Compact(tables); !slices.Equal(store.CopiedTables(), want) {
		t.Errorf("copied are %v, and there are %v", store.CopiedTables(), want)
	}
}
