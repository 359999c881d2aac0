package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

func postgres() *engine {
	return &engine{
		name: "PostgreSQL", dialect: goose.DialectPostgres, migrations: "migrations/postgres",
		rowLocks: true,
		adding:   "INSERT ",
		snapshot: sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
		connect:  connectPostgres,
		measure:  measurePostgres,
		again:    lostToAnother,
	}
}

// The codes of PostgreSQL that are told apart.
const (
	codeSerialization  = "40001"
	codeDeadlock       = "40P01"
	codeNoDatabase     = "3D000"
	codeNoSchema       = "3F000"
	codeTooMany        = "53300"
	codeWrongPassword  = "28P01"
	codeNotAllowed     = "28000"
	codeNoPrivilege    = "42501"
	codeCannotConnect  = "57P03" // it is starting up, or shutting down
	oldestPostgres     = 130000
	connectTimeout     = 10 * time.Second
	connectionLifetime = 30 * time.Minute
	connectionIdle     = 5 * time.Minute
)

// lostToAnother reports whether a transaction was ended for another's sake.
func lostToAnother(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == codeSerialization || e.Code == codeDeadlock)
}

// sessionDefaults are what every connection asks for where the URL does not say
// otherwise. Whoever falls asleep within a transaction loses it before those who
// wait for its locks give up.
var sessionDefaults = map[string]string{
	"application_name":                    "sendwatch",
	"statement_timeout":                   "60s",
	"lock_timeout":                        "30s",
	"idle_in_transaction_session_timeout": "15s",
	"tcp_keepalives_idle":                 "60",
	"tcp_keepalives_interval":             "10",
	"tcp_keepalives_count":                "3",
	// Compiling costs more than our statements do.
	"jit": "off",
}

// parsePostgres reads a URL. Its errors show nothing of it: it holds a password.
func parsePostgres(address string) (*pgx.ConnConfig, error) {
	if !strings.HasPrefix(address, "postgres://") && !strings.HasPrefix(address, "postgresql://") {
		return nil, errors.New("the database's address must begin with postgres:// (or be empty, for SQLite)")
	}
	c, err := pgx.ParseConfig(address)
	var file *fs.PathError
	switch {
	case errors.As(err, &file): // a certificate, or a file of passwords
		return nil, fmt.Errorf("the database's address names a file: %w", file)
	case err != nil:
		return nil, errors.New("the database's address cannot be read: it looks like postgres://user:password@host:5432/name?sslmode=require, and special characters in a password are percent-encoded")
	}
	for name, value := range sessionDefaults {
		if _, ok := c.RuntimeParams[name]; !ok && !strings.Contains(c.RuntimeParams["options"], name) {
			c.RuntimeParams[name] = value
		}
	}
	// What the transactions are written for, whatever the server's own default is.
	c.RuntimeParams["default_transaction_isolation"] = "read committed"
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = connectTimeout
	}
	c.DialFunc = (&net.Dialer{Timeout: c.ConnectTimeout,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: time.Minute, Interval: 10 * time.Second, Count: 3}}).DialContext
	return c, nil
}

// connectPostgres opens the two pools, of which one can only read.
func connectPostgres(ctx context.Context, e *engine, o Options) (write, read *sql.DB, err error) {
	c, err := parsePostgres(o.URL)
	if err != nil {
		return nil, nil, err
	}
	if err := migratePostgres(ctx, e, c); err != nil {
		return nil, nil, fmt.Errorf("PostgreSQL at %s: %w", placeOf(c), explain(c, err))
	}
	return openPostgres(c, o.Writers, nil), openPostgres(c, o.Readers, map[string]string{"default_transaction_read_only": "on"}), nil
}

func openPostgres(c *pgx.ConnConfig, connections int, params map[string]string) *sql.DB {
	own := c.Copy()
	maps.Copy(own.RuntimeParams, params)
	db := sql.OpenDB(postgresConnector{stdlib.GetConnector(*own)})
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	db.SetConnMaxLifetime(connectionLifetime)
	db.SetConnMaxIdleTime(connectionIdle)
	return db
}

// migratePostgres looks at the server and brings the tables up to date, while other
// processes wait. A migration may take longer than anything else does.
func migratePostgres(ctx context.Context, e *engine, c *pgx.ConnConfig) (err error) {
	db := openPostgres(c, 2, map[string]string{"statement_timeout": "0", "lock_timeout": "0", "idle_in_transaction_session_timeout": "0"})
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if err := checkServer(ctx, conn); err != nil {
		return err
	}
	// One store to a schema; each schema has a lock of its own.
	const lock, unlock = `SELECT pg_advisory_lock(hashtext('sendwatch migrations'), hashtext(current_schema()))`,
		`SELECT pg_advisory_unlock(hashtext('sendwatch migrations'), hashtext(current_schema()))`
	if _, err := conn.ExecContext(ctx, lock); err != nil {
		return err
	}
	// The session ends with the pool, and its lock with it, should this fail.
	defer func() {
		_, e := conn.ExecContext(context.WithoutCancel(ctx), unlock)
		err = errors.Join(err, e)
	}()
	return e.migrate(ctx, db)
}

// checkServer refuses what the tables cannot stand on.
func checkServer(ctx context.Context, conn *sql.Conn) error {
	var version int
	var called, encoding string
	var schema sql.NullString
	err := conn.QueryRowContext(ctx, `SELECT current_setting('server_version_num')::bigint, current_setting('server_version'),
		current_setting('server_encoding'), current_schema()`).Scan(&version, &called, &encoding, &schema)
	switch {
	case err != nil:
		return err
	case version < oldestPostgres:
		return fmt.Errorf("the server is version %s; version %d or later is needed", called, oldestPostgres/10000)
	case encoding != "UTF8":
		return fmt.Errorf("the database's encoding is %s; make one with ENCODING 'UTF8'", encoding)
	case !schema.Valid:
		return errors.New("no schema of its search_path exists: create it, or correct search_path in the database's address")
	}
	return nil
}

// placeOf names a server and its database, and nobody's name or password.
func placeOf(c *pgx.ConnConfig) string {
	return net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port))) + "/" + c.Database
}

// explain says what to do about an error of connecting. It never quotes the
// address.
func explain(c *pgx.ConnConfig, err error) error {
	var refused *pgconn.PgError
	var connecting *pgconn.ConnectError
	if errors.As(err, &refused) {
		switch refused.Code {
		case codeNoDatabase:
			return fmt.Errorf("there is no database %q: create it, or correct the database's address: %w", c.Database, refused)
		case codeWrongPassword, codeNotAllowed:
			return fmt.Errorf("it does not let user %q in: check user, password and sslmode of the database's address: %w", c.User, refused)
		case codeTooMany:
			return fmt.Errorf("it has no connection to spare: raise max_connections, or run fewer processes: %w", refused)
		case codeNoPrivilege, codeNoSchema:
			return fmt.Errorf("user %q may not make tables there: GRANT CREATE on the schema, or name another by search_path: %w", c.User, refused)
		case codeCannotConnect:
			return fmt.Errorf("it is starting up or shutting down; try again: %w", refused)
		}
		return refused
	}
	if errors.As(err, &connecting) {
		return fmt.Errorf("it cannot be reached; is it running, and is the database's address right? %w", connecting.Unwrap())
	}
	return err
}

// postgresConnector opens connections that clean their arguments. pgx keeps
// statements prepared by itself.
type postgresConnector struct{ driver.Connector }

// Connect implements driver.Connector.
func (c postgresConnector) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	conn, ok := inner.(*stdlib.Conn)
	if !ok {
		return nil, errors.Join(errors.New("the PostgreSQL driver gave a connection of another kind"), inner.Close())
	}
	return postgresConn{conn}, nil
}

type postgresConn struct{ *stdlib.Conn }

// CheckNamedValue implements driver.NamedValueChecker.
func (postgresConn) CheckNamedValue(v *driver.NamedValue) error { return checkArgument(v) }
