package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/sendwatch/sendwatch"
)

// Changes returns up to limit changes with a number above after, in order.
func (s *Store) Changes(ctx context.Context, after int64, limit int) ([]sendwatch.Change, error) {
	cs, err := all(ctx, s.read, scanChange,
		`SELECT seq, event, vacancy, subscription, fields, cause, at FROM change_log WHERE seq > $1 ORDER BY seq LIMIT $2`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("store: changes after %d: %w", after, err)
	}
	return cs, nil
}

func scanChange(r *sql.Rows) (c sendwatch.Change, err error) {
	var fields string
	var at int64
	if err := r.Scan(&c.Seq, &c.Event, &c.Vacancy, &c.Subscription, &fields, &c.Cause, &at); err != nil {
		return c, err
	}
	c.At = fromMS(at)
	return c, json.Unmarshal([]byte(fields), &c.Fields)
}

// Head returns the number of the newest change, 0 when there is none.
func (s *Store) Head(ctx context.Context) (seq int64, err error) {
	if err := s.read.QueryRowContext(ctx, `SELECT seq FROM log_head WHERE id = 1`).Scan(&seq); err != nil {
		return 0, fmt.Errorf("store: head of the change log: %w", err)
	}
	return seq, nil
}

// Cursor returns where a reader stands, 0 at first.
func (s *Store) Cursor(ctx context.Context, reader string) (seq int64, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT seq FROM reader WHERE name = $1`, reader).Scan(&seq)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("store: cursor of %s: %w", reader, err)
	}
	return seq, nil
}

// moveCursor moves a reader's cursor within the transaction of what it derived.
func moveCursor(ctx context.Context, tx *txn, reader string, from, to int64) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO reader (name, seq) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING`, reader); err != nil {
		return err
	}
	n, err := exec(ctx, tx, `UPDATE reader SET seq = $1 WHERE name = $2 AND seq = $3`, to, reader, from)
	if err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("%s is not at %d: %w", reader, from, ErrCursorMoved)
	}
	return nil
}

// Tx is a transaction that may append to the change log. It holds the log's head
// from its first statement on, so one such transaction runs at a time and its
// decisions (which vacancy a posting belongs to) cannot race another's.
type Tx struct {
	s  *Store
	tx *txn
	// first is the number of the first change that the transaction may append.
	first int64
	late  late
	// absent is what is known not to be there, removing whether there are removals at
	// all, once that was asked, and begun the vacancies that began here.
	absent   struct{ postings, keys, removalKeys, vacancyKeys absent }
	removing *bool
	begun    map[string]bool
}

// Write runs fn in a transaction that holds the head of the change log. What takes
// time (fetching, normalising) belongs before it: no transaction may last 100 ms.
// Should PostgreSQL end the transaction for another's sake, fn runs again: what it
// leaves behind must be that of its last run alone.
func (s *Store) Write(ctx context.Context, fn func(*Tx) error) error {
	return s.inTx(ctx, func(tx *txn) error {
		t := &Tx{s: s, tx: tx}
		if err := t.takeHead(ctx); err != nil {
			return err
		}
		if err := fn(t); err != nil {
			return err
		}
		if err := t.late.write(ctx, tx, t.first); err != nil {
			return err
		}
		return t.leaveHead(ctx)
	})
}

// takeHead waits for the head of the log and takes a number, as if one change were
// to be appended.
func (t *Tx) takeHead(ctx context.Context) error {
	err := t.tx.QueryRowContext(ctx, `UPDATE log_head SET seq = seq + 1 WHERE id = 1 RETURNING seq`).Scan(&t.first)
	if err != nil {
		return fmt.Errorf("take the head of the change log: %w", err)
	}
	return nil
}

// leaveHead corrects the head where not just one change was appended: the log has
// no gaps.
func (t *Tx) leaveHead(ctx context.Context) error {
	n := int64(len(t.late.changes))
	if n == 1 {
		return nil
	}
	if _, err := t.tx.ExecContext(ctx, `UPDATE log_head SET seq = $1 WHERE id = 1`, t.first-1+n); err != nil {
		return fmt.Errorf("leave the head of the change log: %w", err)
	}
	return nil
}

// Append adds a change. Its number is the log's to give; its time is now.
func (t *Tx) Append(_ context.Context, c sendwatch.Change) error {
	if c.Fields == nil {
		c.Fields = []string{}
	}
	fields, err := toJSON(c.Fields)
	if err != nil {
		return fmt.Errorf("append %s: %w", c.Event, err)
	}
	t.late.changes = append(t.late.changes, []any{nil, string(c.Event), c.Vacancy, c.Subscription, fields, string(c.Cause), ms(t.s.now())})
	return nil
}
