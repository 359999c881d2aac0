package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net/url"
	"path/filepath"

	"github.com/pressly/goose/v3"
	moderncsqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

func sqlite() *engine {
	return &engine{
		name: "SQLite", dialect: goose.DialectSQLite3, migrations: "migrations/sqlite",
		// Of a statement that may be undone alone SQLite keeps what each page was, in a
		// file; this one leaves what it has done.
		adding:   "INSERT OR FAIL ",
		snapshot: sql.TxOptions{ReadOnly: true},
		connect:  connectSQLite,
		measure:  measureSQLite,
		again:    stayedBusy,
	}
}

const (
	// writerPragmas: WAL lets readers read while one writes; FULL keeps what was
	// committed through a power cut; the wait is for other processes. In 8 MB of cache
	// the pages that a transaction changes wait for its end: of 2, what 200 adverts
	// change is written to the log twice (108 µs of a processor an advert against 122).
	// Fewer checkpoints and pages of 8 KB were measured, and brought nothing.
	writerPragmas = "_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=cache_size(-8000)&_txlock=immediate"
	// readerPragmas: a reader can not write by mistake.
	readerPragmas = "_pragma=busy_timeout(5000)&_pragma=query_only(1)"
	// migrateTries: processes that start at once may find the same migration undone; who
	// comes second finds it done when it looks again, and may come second to the next.
	// Each try that is lost is a migration that another has made.
	migrateTries = 30
)

// stayedBusy reports whether other processes wrote for as long as one waits. They do
// not take turns, so on a laden machine one of them may go without.
func stayedBusy(err error) bool {
	var e *moderncsqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_BUSY
}

// connectSQLite opens the two pools. The writing pool has one connection whose
// transactions begin immediate: deferred ones fail as busy when they turn from
// reading to writing (measured: 349 of 400, against none of 400).
func connectSQLite(ctx context.Context, e *engine, o Options) (write, read *sql.DB, err error) {
	if o.Path == "" {
		return nil, nil, errors.New("no path to a database")
	}
	abs, err := filepath.Abs(o.Path)
	if err != nil {
		return nil, nil, err
	}
	file := "file:" + (&url.URL{Path: abs}).EscapedPath()
	if write, err = openSQLite(file+"?"+writerPragmas, 1); err != nil {
		return nil, nil, err
	}
	for try := 1; ; try++ {
		err := e.migrate(ctx, write)
		if err == nil {
			break
		}
		if try == migrateTries || ctx.Err() != nil {
			return nil, nil, errors.Join(err, write.Close())
		}
	}
	if read, err = openSQLite(file+"?"+readerPragmas, o.Readers); err != nil {
		return nil, nil, errors.Join(err, write.Close())
	}
	return write, read, nil
}

func openSQLite(dsn string, connections int) (*sql.DB, error) {
	c, err := moderncsqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(sqliteConnector{c})
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// sqliteConnector opens connections that keep their statements prepared. To parse a
// statement costs several times what most of ours take to run.
type sqliteConnector struct{ driver.Connector }

// Connect implements driver.Connector.
func (c sqliteConnector) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	conn, ok := inner.(sqliteDriverConn)
	if !ok {
		return nil, errors.Join(errors.New("the SQLite driver lacks a part of database/sql/driver"), inner.Close())
	}
	return &sqliteConn{sqliteDriverConn: conn, prepared: map[string]driver.Stmt{}}, nil
}

// sqliteDriverConn is what the driver's connections can do.
type sqliteDriverConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// mostPrepared bounds the statements that one connection keeps. Ours are far fewer;
// what is beyond runs unprepared.
const mostPrepared = 400

// sqliteConn is a connection with its prepared statements. As database/sql has it,
// nobody else uses a connection at the same time.
type sqliteConn struct {
	sqliteDriverConn
	// prepared holds the statements that are not running.
	prepared map[string]driver.Stmt
}

// CheckNamedValue implements driver.NamedValueChecker.
func (c *sqliteConn) CheckNamedValue(v *driver.NamedValue) error { return checkArgument(v) }

// take takes a statement out of the prepared ones, or prepares it: while one runs,
// the same text may be asked again.
func (c *sqliteConn) take(ctx context.Context, query string) (driver.Stmt, error) {
	if s, ok := c.prepared[query]; ok {
		delete(c.prepared, query)
		return s, nil
	}
	return c.PrepareContext(ctx, unnumbered(query))
}

func (c *sqliteConn) giveBack(query string, s driver.Stmt) error {
	if _, ok := c.prepared[query]; ok || len(c.prepared) >= mostPrepared {
		return s.Close()
	}
	c.prepared[query] = s
	return nil
}

// ExecContext implements driver.ExecerContext.
func (c *sqliteConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	r, err := s.(driver.StmtExecContext).ExecContext(ctx, args)
	return r, errors.Join(err, c.giveBack(query, s))
}

// QueryContext implements driver.QueryerContext.
func (c *sqliteConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	r, err := s.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, c.giveBack(query, s))
	}
	return &sqliteRows{Rows: r, close: func() error { return c.giveBack(query, s) }}, nil
}

// Close closes the statements with their connection.
func (c *sqliteConn) Close() error {
	var err error
	for _, s := range c.prepared {
		err = errors.Join(err, s.Close())
	}
	return errors.Join(err, c.sqliteDriverConn.Close())
}

// sqliteRows gives its statement back when it is closed.
type sqliteRows struct {
	driver.Rows
	close func() error
}

// Close implements driver.Rows.
func (r *sqliteRows) Close() error { return errors.Join(r.Rows.Close(), r.close()) }
