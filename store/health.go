package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
)

// Health is how the database does.
type Health struct {
	// Engine is SQLite or PostgreSQL, Version the library's or the server's.
	Engine, Version string
	// Migration is the number of the newest migration that the tables have had, and
	// KnownMigration of the newest that this program knows.
	Migration, KnownMigration int64
	// Bytes is the size of the whole database.
	Bytes int64
	// ClockAhead is how far the server's clock is before ours; PostgreSQL only.
	ClockAhead time.Duration
	// Connections is how many the server serves, whosever they are, and
	// MostConnections how many it will; PostgreSQL only.
	Connections, MostConnections int
	// Head is the number of the newest change.
	Head int64
	// Readers are those that keep their cursor in the store, by name.
	Readers []ReaderHealth
	// Due is the work that is due and that nobody holds, by kind.
	Due []DueWork
	// Latency is how long the server took to answer a trivial question.
	Latency time.Duration
}

// ReaderHealth is where a reader of the change log stands.
type ReaderHealth struct {
	Name   string
	Cursor int64
	// Lag is how many changes it has not seen.
	Lag int64
}

// DueWork is what waits to be done.
type DueWork struct {
	// Kind is source, digest or confirmation.
	Kind  string
	Count int
	// Oldest is since when the first of it has been due; zero for a source that was
	// never crawled.
	Oldest time.Time
}

// Health looks at the database. It is cheap enough to be asked every few seconds.
func (s *Store) Health(ctx context.Context) (Health, error) {
	h, err := s.health(ctx)
	if err != nil {
		return Health{}, fmt.Errorf("store: health: %w", err)
	}
	return h, nil
}

func (s *Store) health(ctx context.Context) (Health, error) {
	h := Health{Engine: s.name}
	files, err := fs.Glob(migrations, s.migrations+"/*.sql") // sorted: their names begin with their numbers
	if err != nil {
		return h, err
	}
	if h.KnownMigration, err = goose.NumericComponent(files[len(files)-1]); err != nil {
		return h, err
	}
	asked := s.now()
	if err := s.read.QueryRowContext(ctx, `SELECT seq FROM log_head WHERE id = 1`).Scan(&h.Head); err != nil {
		return h, err
	}
	h.Latency = s.now().Sub(asked)
	if err := s.read.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version`).Scan(&h.Migration); err != nil {
		return h, err
	}
	if err := s.measure(ctx, s, &h); err != nil {
		return h, err
	}
	h.Readers, err = all(ctx, s.read, func(r *sql.Rows) (x ReaderHealth, err error) {
		err = r.Scan(&x.Name, &x.Cursor)
		x.Lag = max(0, h.Head-x.Cursor) // it may have moved since we asked for the head
		return x, err
	}, `SELECT name, seq FROM reader ORDER BY name`)
	if err != nil {
		return h, err
	}
	h.Due, err = all(ctx, s.read, func(r *sql.Rows) (d DueWork, err error) {
		var oldest int64
		err = r.Scan(&d.Kind, &d.Count, &oldest)
		d.Oldest = fromMS(oldest)
		return d, err
	}, `SELECT kind, COUNT(*), MIN(due_at) FROM work WHERE kind IN ($1, $2, $3) AND due_at <= $4 AND lease_until <= $4 GROUP BY kind ORDER BY kind`,
		workConfirmation, workDigest, workSource, ms(s.now()))
	return h, err
}

// measureSQLite fills in what SQLite alone can say.
func measureSQLite(ctx context.Context, s *Store, h *Health) error {
	return s.read.QueryRowContext(ctx, `SELECT sqlite_version(), page_count * page_size FROM pragma_page_count(), pragma_page_size()`).Scan(&h.Version, &h.Bytes)
}

// measurePostgres fills in what PostgreSQL alone can say.
func measurePostgres(ctx context.Context, s *Store, h *Health) error {
	asked := s.now()
	var clock int64
	err := s.read.QueryRowContext(ctx, `SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint), current_setting('server_version'),
		pg_database_size(current_database()), CAST(current_setting('max_connections') AS bigint),
		(SELECT COUNT(*) FROM pg_stat_activity WHERE backend_type = 'client backend')`).
		Scan(&clock, &h.Version, &h.Bytes, &h.MostConnections, &h.Connections)
	answered := s.now()
	h.ClockAhead = fromMS(clock).Sub(asked.Add(answered.Sub(asked) / 2))
	return err
}
