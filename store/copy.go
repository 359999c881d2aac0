package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// CopyOptions say what Copy copies.
type CopyOptions struct {
	// From is read as it is at one moment; what is written to it afterwards is not
	// copied. To must be empty. Their engines may be any.
	From, To *Store
	// Progress, when not nil, is told how many rows of a table are copied.
	Progress func(table string, done, total int)
}

// Copied counts the rows that were copied.
type Copied struct {
	Tables []CopiedTable
	Rows   int
}

// CopiedTable counts those of one table.
type CopiedTable struct {
	Name string
	Rows int
}

// copiedTables are all tables, the small ones first: what is wrong shows early.
var copiedTables = []string{
	"log_head", "reader", "access", "access_token", "suppression", "employer", "subscriber", "subscription", "source", "host", "robots", "work", "alias", "crawl", "confirmation", "alarm", "notice",
	"change_log", "removal", "removal_key", "report", "digest", "ledger", "page", "quarantine", "vacancy", "posting", "posting_key", "vacancy_key", "posting_body",
	"posting_turn",
}

// copiedKeys are the columns whose texts are kept short, in a store that was filled
// before they were.
var copiedKeys = map[string]func(string) string{
	"page.url": pageKey, "quarantine.url": shortKey, "quarantine.reference": shortKey, "posting.reference": shortKey, "posting.item_url": shortKey,
	"posting_body.reference": shortKey, "posting_key.value": shortKey, "posting_key.reference": shortKey, "removal_key.value": shortKey,
	"posting_turn.reference": shortKey,
}

// Copy copies everything into an empty store, in one transaction: a kill leaves the
// target empty. The change log goes on with the numbers that it had; leases do not
// outlive the copy. Text that PostgreSQL would refuse is cleaned on the way.
func Copy(ctx context.Context, o CopyOptions) (Copied, error) {
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	var out Copied
	err := o.From.inSnapshot(ctx, func(from querier) error {
		return o.To.inTx(ctx, func(tx *txn) (err error) {
			if err := o.From.unhurried(ctx, from); err != nil {
				return err
			}
			if err := o.To.unhurried(ctx, tx); err != nil {
				return err
			}
			out, err = copyAll(ctx, from, tx, o.Progress)
			return err
		})
	})
	if err != nil {
		return Copied{}, fmt.Errorf("store: copy from %s to %s: %w", o.From.name, o.To.name, err)
	}
	if o.To.rowLocks { // else the first questions are planned for empty tables
		if _, err := o.To.write.ExecContext(ctx, `ANALYZE`); err != nil {
			return out, fmt.Errorf("store: copied; look at the copy's sizes: %w", err)
		}
	}
	return out, nil
}

// unhurried lets a transaction last as long as it takes.
func (e *engine) unhurried(ctx context.Context, q querier) error {
	if !e.rowLocks {
		return nil
	}
	_, err := all(ctx, q, scanString, `SELECT set_config(name, '0', true) FROM pg_settings
		WHERE name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`)
	return err
}

func copyAll(ctx context.Context, from querier, to *txn, progress func(string, int, int)) (out Copied, err error) {
	if to.rowLocks { // nobody else fills it meanwhile
		if _, err := to.ExecContext(ctx, `LOCK TABLE `+strings.Join(copiedTables, ", ")+` IN EXCLUSIVE MODE`); err != nil {
			return out, err
		}
	}
	if err := checkEmpty(ctx, to); err != nil {
		return out, err
	}
	if _, err := to.ExecContext(ctx, `DELETE FROM log_head`); err != nil {
		return out, err
	}
	for _, table := range copiedTables {
		n, err := copyTable(ctx, from, to, table, progress)
		if err != nil {
			return out, fmt.Errorf("table %s: %w", table, err)
		}
		out.Tables = append(out.Tables, CopiedTable{table, n})
		out.Rows += n
	}
	_, err = to.ExecContext(ctx, `UPDATE work SET lease_until = 0, token = ''`)
	return out, err
}

// checkEmpty finds what a store holds beyond what it was made with.
func checkEmpty(ctx context.Context, q querier) error {
	for _, table := range copiedTables {
		where := ""
		if table == "log_head" {
			where = " WHERE seq > 0"
		}
		n, err := count(ctx, q, table+where)
		if err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("%w: there is a store in it already (table %s has %d rows); name a new database", ErrNotEmpty, table, n)
		}
	}
	return nil
}

func count(ctx context.Context, q querier, from string, args ...any) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT COUNT(*) FROM `+from, args...).Scan(&n)
	return n, err
}

// copyTable copies one table, and counts what arrived.
func copyTable(ctx context.Context, from querier, to *txn, table string, progress func(string, int, int)) (arrived int, err error) {
	total, err := count(ctx, from, table)
	if err != nil {
		return 0, err
	}
	progress(table, 0, total)
	rows, err := from.QueryContext(ctx, `SELECT * FROM `+table)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	before := `INSERT INTO ` + table + ` (` + strings.Join(columns, ", ") + `) VALUES`
	var batch [][]any
	done, bytes := 0, 0
	write := func() error {
		err := insertRows(ctx, to, before, "", batch)
		done += len(batch)
		batch, bytes = nil, 0
		progress(table, done, total)
		return err
	}
	for rows.Next() {
		row, size, err := readRow(rows, table, columns)
		if err != nil {
			return 0, err
		}
		batch = append(batch, row)
		if bytes += size; len(batch) == copyRows || bytes >= copyBytes {
			if err := write(); err != nil {
				return 0, err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	if err := write(); err != nil {
		return 0, err
	}
	if arrived, err = count(ctx, to, table); err == nil && arrived != total {
		err = fmt.Errorf("%d rows were read and %d arrived", total, arrived)
	}
	return arrived, err
}

// Of how much is read before it is written.
const (
	copyRows  = 256
	copyBytes = 4 << 20
)

// readRow reads a row, its keys made short, and says about how many bytes it has.
func readRow(rows *sql.Rows, table string, columns []string) (row []any, size int, err error) {
	row = make([]any, len(columns))
	into := make([]any, len(columns))
	for i := range row {
		into[i] = &row[i]
	}
	if err := rows.Scan(into...); err != nil {
		return nil, 0, err
	}
	for i, v := range row {
		switch v := v.(type) {
		case string:
			size += len(v)
			if short := copiedKeys[table+"."+columns[i]]; short != nil {
				row[i] = short(v)
			}
		case []byte:
			size += len(v)
		}
	}
	return row, size, nil
}
