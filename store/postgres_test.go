package store_test

import (
	"context"
	"io/fs"
	"net"
	"net/url"
	"os"
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

const secret = "pa55:w@rd/?#"

// An error says what to do, and never the password: not in any spelling.
func TestOpenOfAnAddressRefuses(t *testing.T) {
	server := storetest.Postgres(t)
	with := func(change func(*url.URL)) string {
		u, err := url.Parse(server)
		if err != nil {
			t.Fatal(err)
		}
		u.User = url.UserPassword(u.User.Username(), secret)
		change(u)
		return u.String()
	}
	silent, err := net.Listen("tcp", "127.0.0.1:0") // listens, and never answers
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = gone.Close()
	own := func(u *url.URL) {
		s, _ := url.Parse(server)
		u.User = s.User
	}

	for name, c := range map[string]struct{ address, want string }{
		"another database system": {"mysql://u:" + url.QueryEscape(secret) + "@h/d", "must begin with postgres://"},
		"no address":              {"postgres://u:" + secret + "@h:port/d", "looks like"},
		"nobody there":            {with(func(u *url.URL) { u.Host = gone.Addr().String() }), "cannot be reached"},
		"nobody answers":          {with(func(u *url.URL) { u.Host = silent.Addr().String(); u.RawQuery = "sslmode=disable&connect_timeout=1" }), "cannot be reached"},
		"unknown host":            {with(func(u *url.URL) { u.Host = "db.invalid" }), "cannot be reached"},
		"wrong user":              {with(func(u *url.URL) { u.User = url.UserPassword("nobody", secret) }), "let user"},
		"no database":             {with(func(u *url.URL) { own(u); u.Path = "/missing" }), "there is no database"},
		"no schema":               {with(func(u *url.URL) { own(u); u.RawQuery += "&search_path=missing" }), "search_path"},
		"no certificate":          {with(func(u *url.URL) { u.RawQuery = "sslmode=verify-full&sslrootcert=/missing/root.crt" }), "root.crt"},
	} {
		t.Run(name, func(t *testing.T) {
			o := options("")
			o.URL = c.address
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			s, err := store.Open(ctx, o)
			if err == nil {
				t.Fatal(s.Close())
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
			for _, said := range []string{secret, "pa55", "w@rd", url.QueryEscape(secret), url.PathEscape(secret), url.UserPassword("", secret).String()} {
				if strings.Contains(err.Error(), said) {
					t.Errorf("it tells the password: %v", err)
				}
			}
		})
	}
}

func TestTheAddressIsHonoured(t *testing.T) {
	server := storetest.Postgres(t)
	one, two := options(""), options("")
	one.URL, two.URL = storetest.PostgresSchema(t, server), storetest.PostgresSchema(t, server)
	a, b := open(t, one), open(t, two)
	if err := a.EnsureSources(t.Context(), []string{"a"}); err != nil {
		t.Fatal(err)
	}
	if due, err := b.DueSources(t.Context()); err != nil || len(due) != 0 {
		t.Errorf("another schema has %v (%v)", due, err)
	}
}

// Whoever reads cannot write by mistake, and nobody holds the log for ever.
func TestSessions(t *testing.T) {
	o := options("")
	o.URL = storetest.Postgres(t)
	s := open(t, o)
	settings, err := store.Settings(t.Context(), s, "application_name", "default_transaction_isolation", "default_transaction_read_only",
		"idle_in_transaction_session_timeout", "lock_timeout", "statement_timeout")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"sendwatch", "read committed", "off on", "15s", "30s", "1min"}
	if d := cmp.Diff(want, settings); d != "" {
		t.Errorf("want, got:\n%s", d)
	}
	o.URL += "&statement_timeout=5s&application_name=crawler&options=-c%20lock_timeout%3D7s"
	if settings, err = store.Settings(t.Context(), open(t, o), "statement_timeout", "application_name", "lock_timeout"); err != nil || !slices.Equal(settings, []string{"5s", "crawler", "7s"}) {
		t.Errorf("what the address asks for: %v (%v)", settings, err)
	}
}

// The two schemas are one: migrations in pairs, the same tables and columns. On
// PostgreSQL every text sorts as bytes, as on SQLite.
func TestTheSchemasAreOne(t *testing.T) {
	numbers := func(engine string) (out []string) {
		files, err := fs.Glob(os.DirFS("migrations"), engine+"/*.sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			out = append(out, filepath.Base(f))
		}
		return out
	}
	if lite, post := numbers("sqlite"), numbers("postgres"); !slices.Equal(lite, post) || len(lite) == 0 {
		t.Errorf("migrations %v for SQLite and %v for PostgreSQL", lite, post)
	}
	o := options("")
	o.URL = storetest.Postgres(t)
	lite, _, err := store.Schema(t.Context(), open(t, options(filepath.Join(t.TempDir(), "s.db"))))
	if err != nil {
		t.Fatal(err)
	}
	post, collations, err := store.Schema(t.Context(), open(t, o))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(lite, post); d != "" || len(post) < 100 {
		t.Errorf("%d columns; SQLite, PostgreSQL:\n%s", len(post), d)
	}
	for column, collation := range collations {
		if collation != "" && collation != "C" {
			t.Errorf("%s is collated by %s", column, collation)
		}
	}
}

// Texts that sort otherwise in English.
func TestPagesGoByBytes(t *testing.T) {
	ids := []string{"B", "_", "a", "a-b", "aB", "ab", "b", "é", "中"}
	for name, empty := range engines() {
		t.Run(name, func(t *testing.T) {
			s := open(t, empty(t))
			for _, id := range slices.Backward(ids) {
				if err := s.Write(t.Context(), func(tx *store.Tx) error {
					return tx.PutVacancy(t.Context(), &sendwatch.Vacancy{ID: id, State: sendwatch.VacancyOpen})
				}); err != nil {
					t.Fatal(err)
				}
			}
			var got []string
			for after := ""; ; after = got[len(got)-1] {
				vs, err := s.OpenVacancies(t.Context(), after, 2)
				if err != nil {
					t.Fatal(err)
				}
				if len(vs) == 0 {
					break
				}
				for _, v := range vs {
					got = append(got, v.ID)
				}
			}
			if !slices.Equal(got, ids) {
				t.Errorf("in the order %q, want %q", got, ids)
			}
		})
	}
}

func TestHealth(t *testing.T) {
	for name, empty := range engines() {
		t.Run(name, func(t *testing.T) {
			s := open(t, empty(t))
			fill(t, s)
			h, err := s.Health(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if h.Engine != name || h.Version == "" || h.Bytes < 10_000 || h.Migration != h.KnownMigration || h.Migration == 0 {
				t.Errorf("%+v", h)
			}
			if h.Head != 153 || !slices.Equal(h.Readers, []store.ReaderHealth{{Name: "match", Cursor: 7, Lag: 146}}) {
				t.Errorf("the log: %+v, want 153 changes and a reader that has seen 7", h)
			}
			if len(h.Due) != 2 || h.Due[0].Kind != "confirmation" || h.Due[0].Count != 1 || time.Since(h.Due[0].Oldest) > time.Hour || h.Due[1].Kind != "source" || !h.Due[1].Oldest.IsZero() {
				t.Errorf("due: %+v, want a confirmation and the source that was never crawled", h.Due)
			}
			if name == "PostgreSQL" && (h.Connections < 1 || h.MostConnections < h.Connections || h.ClockAhead.Abs() > time.Hour) {
				t.Errorf("%+v", h)
			}
		})
	}
}
