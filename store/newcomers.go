package store

import (
	"context"
	"database/sql"
	"fmt"
)

// newcomers are the rows of postings and vacancies that a transaction adds. They wait
// for each other, so that one statement writes many of them, and no longer than until
// the next statement: whatever is asked finds them, or stands before them.
type newcomers struct {
	postings, bodies, keys, vacancies, vacancyKeys [][]any
}

// mostWaiting is how many postings wait for each other.
const mostWaiting = rowsPerInsert

func (n *newcomers) write(ctx context.Context, tx *txn) error {
	for _, x := range []struct {
		what, into, onSame string
		rows               [][]any
	}{
		{"postings", intoPosting, ``, n.postings},
		{"bodies of postings", intoBody, ``, n.bodies},
		{"keys of postings", intoKey, onSameKey, n.keys},
		{"vacancies", intoVacancy, ``, n.vacancies},
		{"keys of vacancies", intoVacancyKey, onSameVacancyKey, n.vacancyKeys},
	} {
		if err := insertRows(ctx, tx, tx.adding+x.into, x.onSame, x.rows); err != nil {
			return fmt.Errorf("add %d %s: %w", len(x.rows), x.what, err)
		}
	}
	return nil
}

// settle writes the newcomers. A transaction that could not is not committed, whatever
// becomes of the error.
func (tx *txn) settle(ctx context.Context) error {
	if tx.newcomers == nil {
		return tx.unsettled
	}
	n := tx.newcomers
	tx.newcomers = nil // to write them takes statements too
	if err := n.write(ctx, tx); err != nil && tx.unsettled == nil {
		tx.unsettled = err
	}
	return tx.unsettled
}

// waiting are the newcomers that wait.
func (tx *txn) waiting() *newcomers {
	if tx.newcomers == nil {
		tx.newcomers = &newcomers{}
	}
	return tx.newcomers
}

// ExecContext runs a statement after the newcomers are written.
func (tx *txn) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := tx.settle(ctx); err != nil {
		return nil, err
	}
	return tx.Tx.ExecContext(ctx, query, args...)
}

// QueryContext asks after the newcomers are written.
func (tx *txn) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := tx.settle(ctx); err != nil {
		return nil, err
	}
	return tx.Tx.QueryContext(ctx, query, args...)
}

// QueryRowContext asks for one row after the newcomers are written. Should that fail,
// the answer is worth nothing, and the transaction says so at its end.
func (tx *txn) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	_ = tx.settle(ctx)
	return tx.Tx.QueryRowContext(ctx, query, args...)
}
