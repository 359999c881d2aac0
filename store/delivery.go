package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Deliveries is how the telling goes.
type Deliveries struct {
	// Owed counts the alerts that stand in no message yet, Due those of them that may
	// be told by now, and OldestDue since when the first of those has been due.
	Owed, Due int
	OldestDue time.Time
	// Frozen counts the messages that are being sent or wait for another try.
	Frozen int
	// Since is from when on messages that ended are counted.
	Since time.Time
	// Sent are the messages that were sent since then, LastSent when the last was.
	Sent     int
	LastSent time.Time
	// Dropped are those that were given up since then, by reason, most first.
	Dropped []Tally
	// Suppressed are the addresses that may not be written to, by reason, most first.
	Suppressed []Tally
}

// Tally counts what has one reason.
type Tally struct {
	Why   string
	Count int
}

func scanTally(r *sql.Rows) (t Tally, err error) {
	err = r.Scan(&t.Why, &t.Count)
	return t, err
}

// mostTallies bounds how many reasons are told apart.
const mostTallies = 20

// Deliveries says how the telling goes, and of messages that ended how it went since
// a moment.
func (s *Store) Deliveries(ctx context.Context, since time.Time) (d Deliveries, err error) {
	d.Since = since
	err = s.inSnapshot(ctx, func(q querier) (err error) {
		var oldest, last int64
		now := ms(s.now())
		err = q.QueryRowContext(ctx, `SELECT
			(SELECT COUNT(*) FROM ledger WHERE digest = '' AND told_at IS NULL),
			(SELECT COUNT(*) FROM ledger WHERE digest = '' AND told_at IS NULL AND due_at <= $1),
			(SELECT COALESCE(MIN(due_at), 0) FROM ledger WHERE digest = '' AND told_at IS NULL AND due_at <= $1),
			(SELECT COUNT(*) FROM digest WHERE state = 'frozen')`, now).Scan(&d.Owed, &d.Due, &oldest, &d.Frozen)
		if err != nil {
			return err
		}
		const ended = `(SELECT state, note, ended_at FROM digest WHERE ended_at IS NOT NULL AND ended_at >= $1
			UNION ALL SELECT state, note, ended_at FROM confirmation WHERE ended_at IS NOT NULL AND ended_at >= $1) m`
		err = q.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(MAX(ended_at), 0) FROM `+ended+` WHERE state = $2`, ms(since), stateSent).Scan(&d.Sent, &last)
		if err != nil {
			return err
		}
		d.OldestDue, d.LastSent = fromMS(oldest), fromMS(last)
		d.Dropped, err = all(ctx, q, scanTally, `SELECT note, COUNT(*) FROM `+ended+` WHERE state = $2 GROUP BY note ORDER BY COUNT(*) DESC, note LIMIT $3`,
			ms(since), stateDropped, mostTallies)
		if err != nil {
			return err
		}
		d.Suppressed, err = all(ctx, q, scanTally, `SELECT reason, COUNT(*) FROM suppression GROUP BY reason ORDER BY COUNT(*) DESC, reason LIMIT $1`, mostTallies)
		return err
	})
	if err != nil {
		return Deliveries{}, fmt.Errorf("store: deliveries: %w", err)
	}
	return d, nil
}

// Mailing is a message that will be sent, unless something comes between. It names a
// person and never an address.
type Mailing struct {
	// Kind is digest for one that is frozen, confirmation, or owed for alerts that
	// stand in no message yet.
	Kind, Person string
	DueAt        time.Time
	// Alerts is how many it tells; zero for a confirmation.
	Alerts int
	// Attempts counts the tries so far, Note is what the last one met.
	Attempts int
	Note     string
}

// NextMailings returns up to limit of the messages that are to be sent next, the
// most urgent first.
func (s *Store) NextMailings(ctx context.Context, limit int) ([]Mailing, error) {
	out, err := all(ctx, s.read, func(r *sql.Rows) (m Mailing, err error) {
		var due int64
		err = r.Scan(&m.Kind, &m.Person, &due, &m.Alerts, &m.Attempts, &m.Note)
		m.DueAt = fromMS(due)
		return m, err
	}, `SELECT * FROM (SELECT 'digest' AS kind, d.person, w.due_at AS due,
				(SELECT COUNT(*) FROM ledger l WHERE l.digest = d.id AND l.digest <> '') AS alerts, w.attempts, d.note
			FROM work w JOIN digest d ON d.id = w.id WHERE w.kind = 'digest' ORDER BY w.due_at LIMIT $1) a
		UNION ALL SELECT * FROM (SELECT 'confirmation', c.person, w.due_at, 0, w.attempts, c.note
			FROM work w JOIN confirmation c ON c.id = w.id WHERE w.kind = 'confirmation' ORDER BY w.due_at LIMIT $1) b
		UNION ALL SELECT * FROM (SELECT 'owed', person, MIN(due_at), COUNT(*), 0, ''
			FROM ledger WHERE digest = '' AND told_at IS NULL GROUP BY person ORDER BY MIN(due_at) LIMIT $1) c
		ORDER BY 3, 2, 1 LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("store: next mailings: %w", err)
	}
	return out, nil
}

// Leases returns what is leased now, by kind and id. Their tokens are not told.
func (s *Store) Leases(ctx context.Context) ([]Lease, error) {
	out, err := all(ctx, s.read, func(r *sql.Rows) (l Lease, err error) {
		var until int64
		err = r.Scan(&l.Kind, &l.ID, &l.Attempts, &until)
		l.Until = fromMS(until)
		return l, err
	}, `SELECT kind, id, attempts, lease_until FROM work WHERE lease_until > $1 ORDER BY kind, id`, ms(s.now()))
	if err != nil {
		return nil, fmt.Errorf("store: leases: %w", err)
	}
	return out, nil
}
