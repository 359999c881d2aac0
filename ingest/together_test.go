package ingest_test

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/store"
	"github.com/sendwatch/sendwatch/store/storetest"
)

var togetherRounds = flag.Int("together", 10, "how many rounds TestTogetherIsAsOneByOne has, of -rapid.checks")

// TestTogetherIsAsOneByOne: adverts that are ready together are taken in as if each
// had come alone, down to the last byte of what is stored.
func TestTogetherIsAsOneByOne(t *testing.T) {
	for name, address := range map[string]func(t *testing.T) (driver string, o store.Options){
		"SQLite": func(t *testing.T) (string, store.Options) {
			return "sqlite", store.Options{Path: filepath.Join(t.TempDir(), "s.db")}
		},
		"PostgreSQL": func(t *testing.T) (string, store.Options) {
			return "pgx", store.Options{URL: storetest.Postgres(t)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			together, apart := newTaker(t, address), newTaker(t, address)
			apart.apart = true
			round := 0
			rapid.Check(t, func(rt *rapid.T) {
				if round++; round > *togetherRounds {
					return
				}
				together.forget()
				apart.forget()
				for range rapid.IntRange(2, 4).Draw(rt, "steps") {
					do := drawStep(rt)
					for _, k := range []*taker{together, apart} {
						if err := do(t.Context(), k); err != nil {
							rt.Fatal(err)
						}
					}
				}
				for table, want := range apart.dump() {
					if d := cmp.Diff(want, together.dump()[table]); d != "" {
						rt.Errorf("%s: one by one, together:\n%s", table, d)
					}
				}
			})
		})
	}
}

// taker is an Ingest over a store whose tables can be read whole.
type taker struct {
	*ingest.Ingest
	t      *testing.T
	tables *sql.DB
	names  []string
	apart  bool
	minted int
	now    time.Time
}

func newTaker(t *testing.T, address func(*testing.T) (string, store.Options)) *taker {
	t.Helper()
	k := &taker{t: t}
	driver, o := address(t)
	now := func() time.Time { return k.now }
	mint := func() string {
		k.minted++
		return fmt.Sprintf("id-%06d", k.minted)
	}
	o.Now, o.NewID = now, mint
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	tables := `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY 1`
	if driver == "sqlite" {
		tables = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1`
	}
	if k.tables, err = sql.Open(driver, o.URL+o.Path); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, c := range []interface{ Close() error }{k.tables, s} {
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		}
	})
	for _, row := range k.rows(tables) {
		if name := row[0].(string); !strings.HasPrefix(name, "goose_") {
			k.names = append(k.names, name)
		}
	}
	k.Ingest = ingest.New(ingest.Options{Store: s, Normaliser: load(t), Now: now, NewID: mint, Rules: 1})
	return k
}

func (k *taker) rows(query string) (out [][]any) {
	k.t.Helper()
	rows, err := k.tables.QueryContext(k.t.Context(), query)
	if err != nil {
		k.t.Fatal(err)
	}
	defer func() {
		if err := rows.Close(); err != nil {
			k.t.Error(err)
		}
	}()
	columns, err := rows.Columns()
	for err == nil && rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		err = rows.Scan(into...)
		out = append(out, values)
	}
	if err == nil {
		err = rows.Err()
	}
	if err != nil {
		k.t.Fatal(err)
	}
	return out
}

// dump is all that is stored.
func (k *taker) dump() map[string][]string {
	out := map[string][]string{}
	for _, name := range k.names {
		for _, row := range k.rows("SELECT * FROM " + name) {
			out[name] = append(out[name], fmt.Sprintf("%q", row))
		}
		slices.Sort(out[name])
	}
	return out
}

// forget empties the store.
func (k *taker) forget() {
	k.now, k.minted = time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC), 0
	for _, name := range k.names {
		statement := "DELETE FROM " + name
		if name == "log_head" {
			statement = "UPDATE log_head SET seq = 0"
		}
		if _, err := k.tables.ExecContext(k.t.Context(), statement); err != nil {
			k.t.Fatal(err)
		}
	}
}

// drawStep draws what happens next: a crawl, a removal, or days in which nothing does.
func drawStep(rt *rapid.T) func(context.Context, *taker) error {
	switch rapid.IntRange(0, 9).Draw(rt, "step") {
	case 0:
		days := rapid.SampledFrom([]int{1, 12, 70}).Draw(rt, "days")
		return func(_ context.Context, k *taker) error {
			k.now = k.now.AddDate(0, 0, days)
			return nil
		}
	case 1, 2:
		o := ingest.RemoveOptions{URL: drawAddress(rt, "oak"), Reposts: rapid.Bool().Draw(rt, "reposts")}
		return func(ctx context.Context, k *taker) error {
			_, err := k.Remove(ctx, o)
			return err
		}
	}
	return drawCrawl(rt)
}

// drawCrawl draws a crawl of a source, whose adverts come in batches.
func drawCrawl(rt *rapid.T) func(context.Context, *taker) error {
	source := rapid.SampledFrom([]string{"oak", "elm", "board"}).Draw(rt, "source")
	batches := rapid.SliceOfN(rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) crawler.Found { return drawAdvert(rt, source) }), 1, 8), 1, 3).Draw(rt, "batches")
	return func(ctx context.Context, k *taker) error {
		t, err := k.Take(ctx, crawler.Source{ID: source, Kind: crawler.KindHTML, URL: "https://" + source + ".example"})
		if err != nil {
			return err
		}
		take, listed := t.Together, 0
		if k.apart {
			take = t.Apart
		}
		for _, found := range batches {
			listed += len(found)
			if err := take(ctx, found); err != nil {
				return err
			}
		}
		if _, err := t.End(ctx, listed, k.apart); err != nil {
			return err
		}
		k.now = k.now.Add(time.Minute)
		return nil
	}
}

// drawAddress draws one of few addresses at a source, each of which several adverts
// may have.
func drawAddress(rt *rapid.T, source string) string {
	return fmt.Sprintf("https://%s.example/job/%d", source, rapid.IntRange(0, 3).Draw(rt, "address"))
}

// drawAdvert draws an advert that has something in common with most others.
func drawAdvert(rt *rapid.T, source string) crawler.Found {
	one := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(rt, label) }
	p := &sendwatch.Posting{URL: drawAddress(rt, source), Location: "Wokingham, RG41 2AB",
		Reference: one("reference", "a", "b", "c", "d", "e", "72f7ce83-2355-4579-8375-be6905161fc2", "72f7ce83-2355-4579-8375-be6905161fc2-2"),
		Title:     one("title", "SEN Teaching Assistant", "SEN Teaching Assistant Level 3", "Learning Mentor"),
		BodyText:  one("text", orchard, harbour, orchard+"Interviews will be on 30 September.", orchard[:330]+" ... read more", orchard+harbour+template, "In short."),
		Closes:    one("closing date", "", "2026-08-20", "2026-09-20", "2026-09-27"),
		PayText:   one("pay", "", "£23,000 a year")}
	p.Employer, p.EmployerKind = one("school", "Orchard House School", "Harbour School"), sendwatch.EmployerSchool
	if source == "board" && rapid.Bool().Draw(rt, "by an agency") {
		p.Employer, p.EmployerKind = "Bright Bridge Recruitment", sendwatch.EmployerAgency
		p.BodyText += " The post is at Orchard House School."
	}
	if rapid.IntRange(0, 4).Draw(rt, "also elsewhere") == 0 {
		p.SameAs = []string{drawAddress(rt, one("elsewhere", "oak", "elm"))}
	}
	return crawler.Found{State: crawler.Read, Reference: p.Reference, URL: p.URL, Posting: p, Raw: []byte(p.BodyText), RawType: "text/plain",
		Page: crawler.Page{URL: p.URL, ETag: p.Reference + p.Title}}
}
