package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"unicode/utf8"

	"github.com/pressly/goose/v3"
)

// engine is everything that the engines say differently.
type engine struct {
	name    string
	dialect goose.Dialect
	// migrations is the folder of its migrations.
	migrations string
	// rowLocks says that writers run beside each other and must lock the rows that
	// they decide by. SQLite has one writer at a time, so there is nothing to lock.
	rowLocks bool
	// adding begins a statement that adds rows, in a transaction that ends if it fails.
	adding string
	// snapshot makes a transaction see one state of the database throughout.
	snapshot sql.TxOptions
	// connect brings the tables up to date and opens the two pools.
	connect func(ctx context.Context, e *engine, o Options) (write, read *sql.DB, err error)
	// measure fills in what this engine alone can say of its health.
	measure func(ctx context.Context, s *Store, h *Health) error
	// again reports whether a transaction failed only because of another one, so
	// that it may run again.
	again func(err error) bool
}

// engineFor picks the engine that the options ask for.
func engineFor(o Options) *engine {
	if o.URL != "" {
		return postgres()
	}
	return sqlite()
}

// locks ends a SELECT with the row locks that it takes, in PostgreSQL's words, as
// "NO KEY UPDATE SKIP LOCKED".
func (e *engine) locks(mode string) string {
	if !e.rowLocks {
		return ""
	}
	return " FOR " + mode
}

//go:embed migrations/*/*.sql
var migrations embed.FS

// migrate brings the tables up to date.
func (e *engine) migrate(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migrations, e.migrations)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(e.dialect, db, files)
	if err == nil {
		_, err = p.Up(ctx)
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// checkArgument prepares an argument for either driver. Texts are cleaned here, at
// the border, since what postings hold is hostile and PostgreSQL refuses what is no
// text: what is written, and what is looked for, is the same on both engines.
func checkArgument(v *driver.NamedValue) (err error) {
	if v.Value, err = driver.DefaultParameterConverter.ConvertValue(v.Value); err != nil {
		return err
	}
	if s, ok := v.Value.(string); ok {
		v.Value = cleanText(s)
	}
	return nil
}

// cleanText puts U+FFFD in the place of every byte that is no UTF-8 and of every
// NUL, as encoding/json does with the former.
func cleanText(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r == 0 {
			return utf8.RuneError
		}
		return r
	}, s)
}
