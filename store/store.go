package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// What callers tell apart.
var (
	// ErrNotFound: there is no such row.
	ErrNotFound = errors.New("not found")
	// ErrLeased: somebody else holds the lease; see [LeasedError].
	ErrLeased = errors.New("leased by another")
	// ErrNotDue: the work is not due yet.
	ErrNotDue = errors.New("not due yet")
	// ErrLeaseLost: the lease was taken over, or the work ended without us.
	// Nothing of what was asked was done.
	ErrLeaseLost = errors.New("lease lost")
	// ErrCursorMoved: a reader's cursor is not where the batch began. Nothing of
	// the batch was kept.
	ErrCursorMoved = errors.New("cursor moved by another")
	// ErrSuppressed: the address may not be written to.
	ErrSuppressed = errors.New("address is suppressed")
	// ErrNotEmpty: a store that another is to be copied into holds something already.
	ErrNotEmpty = errors.New("the target is not empty")
)

// Options are what a Store needs.
type Options struct {
	// Path is SQLite's file; its folder must exist.
	Path string
	// URL is the address of a PostgreSQL database, as postgres://user@host/name; its
	// search_path is honoured. Empty means SQLite.
	URL string
	// Now is the clock.
	Now func() time.Time
	// NewID mints an identifier that nobody else mints: letters, digits and
	// hyphens, safe in a URL and in a Message-ID.
	NewID func() string
	// MailHost is what stands after the @ of a Message-ID; empty means
	// "sendwatch.invalid".
	MailHost string
	// Readers is the number of connections that only read; zero means 4.
	Readers int
	// Writers is the number of connections that write to PostgreSQL; zero means 4.
	// To SQLite it is always one.
	Writers int
	// Holder, when set, names this process in the leases it takes, so that another
	// may free them when it knows that this one is dead; see ReleaseHolder. Letters
	// and digits, different for every process.
	Holder string
}

// Store is the database. It is safe for concurrent use, also by several processes:
// with SQLite on one machine, with PostgreSQL on any.
type Store struct {
	*engine
	write *sql.DB
	read  *sql.DB
	now   func() time.Time
	newID func() string
	host  string
	// holder begins the tokens of our leases.
	holder string
	*packer
}

// connections is how many a pool has when nobody says.
const connections = 4

// Open opens the database, makes it if it is missing, and brings its tables up to
// date.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Now == nil || o.NewID == nil {
		return nil, errors.New("store: open: Now and NewID are needed")
	}
	if o.MailHost == "" {
		o.MailHost = "sendwatch.invalid"
	}
	if o.Readers <= 0 {
		o.Readers = connections
	}
	if o.Writers <= 0 {
		o.Writers = connections
	}
	s := &Store{engine: engineFor(o), now: o.Now, newID: o.NewID, host: o.MailHost, holder: o.Holder}
	var err error
	if s.packer, err = newPacker(); err != nil {
		return nil, fmt.Errorf("store: open: %w", err)
	}
	if s.write, s.read, err = s.connect(ctx, s.engine, o); err != nil {
		return nil, fmt.Errorf("store: open: %w", err)
	}
	return s, nil
}

// Close closes the database. Nothing may be under way.
func (s *Store) Close() error {
	s.end()
	return errors.Join(s.read.Close(), s.write.Close())
}

// querier is what reads: a pool or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// txn is a writing transaction, with what its engine says differently.
type txn struct {
	*sql.Tx
	*engine
	// newcomers wait to be written; unsettled is why they could not be.
	newcomers *newcomers
	unsettled error
}

// mostTries is how often a transaction is run that loses to others, as by a
// deadlock. The order of locks (locks.go) is there to make that never.
const mostTries = 5

// inTx runs fn in one writing transaction, and again when it lost to another one;
// what fn leaves behind must be that of its last run alone. fn must read
// through tx: SQLite's writing pool has one connection, and a read beside it would
// wait for ever.
func (s *Store) inTx(ctx context.Context, fn func(tx *txn) error) error {
	for try := 1; ; try++ {
		err := s.inOneTx(ctx, fn)
		if err == nil || try == mostTries || ctx.Err() != nil || !s.again(err) {
			return err
		}
	}
}

func (s *Store) inOneTx(ctx context.Context, fn func(tx *txn) error) error {
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = conn.Close() }() // it goes back to the pool
	// The end of ctx ends a statement and the transaction with it, but not a commit that
	// has begun: whoever asked would not know whether it was made.
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	own := &txn{Tx: tx, engine: s.engine}
	err = fn(own)
	if err == nil {
		err = own.settle(ctx)
	}
	if err := cmp.Or(own.unsettled, err, ctx.Err()); err != nil {
		if e := tx.Rollback(); e != nil && !errors.Is(e, sql.ErrTxDone) && ctx.Err() == nil {
			return errors.Join(err, fmt.Errorf("roll back: %w", e))
		}
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// inSnapshot reads in several queries what must agree: none of them sees what was
// committed after the first began.
func (s *Store) inSnapshot(ctx context.Context, fn func(q querier) error) error {
	tx, err := s.read.BeginTx(ctx, &s.snapshot)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	return errors.Join(fn(tx), tx.Rollback())
}

// all collects the rows of a query.
func all[T any](ctx context.Context, q querier, scan func(*sql.Rows) (T, error), query string, args ...any) (out []T, err error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// exec runs a statement and returns how many rows it changed.
func exec(ctx context.Context, tx *txn, query string, args ...any) (int64, error) {
	r, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// list returns "$from, …" and the values as arguments. It repeats the last value up
// to a power of two, so that there are few texts of a query to keep prepared.
func list(from int, values []string) (string, []any) {
	return rowList(from, 1, values)
}

// rowList is list for rows of several values, one after the other: "($1, $2), …".
func rowList(from, width int, values []string) (string, []any) {
	size := width
	for size < len(values) {
		size *= 2
	}
	var b []byte
	args := make([]any, size)
	for i := range size {
		if width > 1 && i%width == 0 {
			b = append(b, '(')
		}
		b = strconv.AppendInt(append(b, '$'), int64(from+i), 10)
		last := width > 1 && i%width == width-1
		if last {
			b = append(b, ')')
		}
		if i < size-1 {
			b = append(b, ", "...)
		}
		if from := i; from < len(values) {
			args[i] = values[from]
		} else {
			args[i] = values[len(values)-width+i%width]
		}
	}
	return string(b), args
}

// rowsPerInsert bounds how many rows one statement writes.
const rowsPerInsert = 64

// insertRows runs before, "($1, $2), …" for as many rows, and after, in as few
// statements as may be. The numbers of rows are powers of two, so that there are few
// texts to keep prepared.
func insertRows(ctx context.Context, tx *txn, before, after string, rows [][]any) error {
	for size := rowsPerInsert; len(rows) > 0; size /= 2 {
		for len(rows) >= size {
			if err := insertSome(ctx, tx, before, after, rows[:size]); err != nil {
				return err
			}
			rows = rows[size:]
		}
	}
	return nil
}

func insertSome(ctx context.Context, tx *txn, before, after string, rows [][]any) error {
	text := append(make([]byte, 0, len(before)+len(after)+6*len(rows)*len(rows[0])), before...)
	args := make([]any, 0, len(rows)*len(rows[0]))
	for i, row := range rows {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(text, " ("...)
		for j := range row {
			if j > 0 {
				text = append(text, ", "...)
			}
			text = strconv.AppendInt(append(text, '$'), int64(len(args)+j+1), 10)
		}
		text = append(text, ')')
		args = append(args, row...)
	}
	_, err := tx.ExecContext(ctx, string(append(text, after...)), args...)
	return err
}

// scanString reads a row of one text column.
func scanString(r *sql.Rows) (s string, err error) {
	err = r.Scan(&s)
	return s, err
}
