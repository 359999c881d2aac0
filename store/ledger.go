package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/sendwatch/sendwatch"
)

// oweBatch is how many alerts one transaction takes: about 20 ms of writing.
const oweBatch = 500

// Owed is what a reader derived from the changes after From up to To.
type Owed struct {
	Reader   string
	From, To int64
	Alerts   []sendwatch.Alert
}

// Owe writes alerts into the ledger and moves the reader's cursor. Where a row of
// the same person, vacancy and event is still only owed, reasons and subscriptions
// are united and the earlier hour counts; rows that are told, or frozen into a
// digest, stay as they are. What nobody may be told any more (the person is gone,
// has unsubscribed or is suppressed, or no subscription of the alert is active) is
// left out.
//
// Many alerts take several transactions, the cursor moving in the last: a kill
// in between owes the first ones twice, which is the same as once.
func (s *Store) Owe(ctx context.Context, o Owed) error {
	alerts := o.Alerts
	for len(alerts) > oweBatch {
		if err := s.owe(ctx, o.Reader, o.From, o.From, alerts[:oweBatch]); err != nil {
			return err
		}
		alerts = alerts[oweBatch:]
	}
	return s.owe(ctx, o.Reader, o.From, o.To, alerts)
}

func (s *Store) owe(ctx context.Context, reader string, from, to int64, alerts []sendwatch.Alert) error {
	err := s.inTx(ctx, func(tx *txn) error {
		if err := moveCursor(ctx, tx, reader, from, to); err != nil {
			return err
		}
		listening, err := activeOf(ctx, tx, alerts)
		if err != nil {
			return err
		}
		for _, a := range alerts {
			a.Subscriptions = slices.DeleteFunc(slices.Clone(a.Subscriptions), func(id string) bool { return listening[id] != a.Person })
			if len(a.Subscriptions) == 0 {
				continue
			}
			if err := s.oweOne(ctx, tx, a); err != nil {
				return fmt.Errorf("alert of %s: %w", a.Vacancy, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store: owe %d alerts: %w", len(alerts), err)
	}
	return nil
}

// activeOf returns, by subscription, the person of every active subscription that
// the alerts name and whose person may be written to.
func activeOf(ctx context.Context, tx *txn, alerts []sendwatch.Alert) (map[string]string, error) {
	wanted := map[string]bool{}
	var ids []string
	for _, a := range alerts {
		for _, id := range a.Subscriptions {
			if !wanted[id] {
				wanted[id] = true
				ids = append(ids, id)
			}
		}
	}
	active := make(map[string]string, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), perQuery)
		in, args := list(2, ids[:n])
		ids = ids[n:]
		_, err := all(ctx, tx, func(r *sql.Rows) (struct{}, error) {
			var id, person string
			err := r.Scan(&id, &person)
			active[id] = person
			return struct{}{}, err
		}, `SELECT n.id, n.person FROM subscription n JOIN subscriber p ON p.person = n.person
			WHERE n.state = $1 AND n.id IN (`+in+`) AND `+mayBeTold, append([]any{string(sendwatch.Active)}, args...)...)
		if err != nil {
			return nil, err
		}
	}
	return active, nil
}

// mayBeTold holds for the subscribers p that may be written to.
const mayBeTold = `p.confirmed_at IS NOT NULL AND p.unsubscribed_at IS NULL
	AND NOT EXISTS (SELECT 1 FROM suppression x WHERE x.address = p.address)`

// ledgerRow is a row of the ledger as it stands.
type ledgerRow struct {
	alert  sendwatch.Alert
	owed   int64
	digest string
	told   sql.NullInt64
}

func (r ledgerRow) settled() bool { return r.told.Valid || r.digest != "" }

func ledgerAt(ctx context.Context, tx *txn, person, vacancy string, event sendwatch.AlertEvent) (ledgerRow, bool, error) {
	var row ledgerRow
	var text string
	err := tx.QueryRowContext(ctx, `SELECT alert, owed_at, digest, told_at FROM ledger WHERE person = $1 AND vacancy = $2 AND event = $3`,
		person, vacancy, string(event)).Scan(&text, &row.owed, &row.digest, &row.told)
	if errors.Is(err, sql.ErrNoRows) {
		return row, false, nil
	}
	if err != nil {
		return row, false, err
	}
	return row, true, json.Unmarshal([]byte(text), &row.alert)
}

func putLedger(ctx context.Context, tx *txn, row ledgerRow) error {
	a := row.alert
	text, err := toJSON(a)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO ledger (person, vacancy, event, alert, due_at, owed_at, digest, told_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (person, vacancy, event) DO UPDATE SET alert = excluded.alert, due_at = excluded.due_at, digest = excluded.digest, told_at = excluded.told_at`,
		a.Person, a.Vacancy, string(a.Event), text, ms(a.DueAt), row.owed, row.digest, row.told)
	return err
}

func (s *Store) oweOne(ctx context.Context, tx *txn, a sendwatch.Alert) error {
	// An id that became an alias while the reader worked names the older vacancy.
	err := tx.QueryRowContext(ctx, `SELECT vacancy FROM alias WHERE id = $1`, a.Vacancy).Scan(&a.Vacancy)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	row, there, err := ledgerAt(ctx, tx, a.Person, a.Vacancy, a.Event)
	if err != nil {
		return err
	}
	if !there {
		return putLedger(ctx, tx, ledgerRow{alert: a, owed: ms(s.now())})
	}
	if row.settled() {
		return nil
	}
	row.alert = uniteAlerts(row.alert, a)
	return putLedger(ctx, tx, row)
}

// uniteAlerts makes one alert of two about one thing: the reasons and
// subscriptions of both, the better fit with its score and its sentence, the
// earlier hour.
func uniteAlerts(a, b sendwatch.Alert) sendwatch.Alert {
	out := a
	if better(b, a) {
		out.Fit, out.Score, out.Why, out.Miles = b.Fit, b.Score, b.Why, b.Miles
	}
	out.Reasons = slices.Clone(a.Reasons)
	for _, r := range b.Reasons {
		if !slices.Contains(out.Reasons, r) {
			out.Reasons = append(out.Reasons, r)
		}
	}
	out.Subscriptions = append(slices.Clone(a.Subscriptions), b.Subscriptions...)
	slices.Sort(out.Subscriptions)
	out.Subscriptions = slices.Compact(out.Subscriptions)
	if b.DueAt.Before(a.DueAt) {
		out.DueAt = b.DueAt
	}
	return out
}

func better(a, b sendwatch.Alert) bool {
	if (a.Fit == sendwatch.FitStrong) != (b.Fit == sendwatch.FitStrong) {
		return a.Fit == sendwatch.FitStrong
	}
	return a.Score > b.Score
}

// uniteLedger passes the rows of one vacancy to an older one. Of two rows that
// become one, the told wins, then the one in a digest; two that are only owed unite.
func uniteLedger(ctx context.Context, tx *txn, older, younger string) error {
	keys, err := all(ctx, tx, func(r *sql.Rows) (k [2]string, err error) {
		err = r.Scan(&k[0], &k[1])
		return k, err
	}, `SELECT person, event FROM ledger WHERE vacancy = $1 ORDER BY person, event`, younger)
	if err != nil {
		return err
	}
	for _, k := range keys {
		person, event := k[0], sendwatch.AlertEvent(k[1])
		moved, _, err := ledgerAt(ctx, tx, person, younger, event)
		if err != nil {
			return err
		}
		stays, there, err := ledgerAt(ctx, tx, person, older, event)
		if err != nil {
			return err
		}
		moved.alert.Vacancy = older
		result := moved
		if there {
			result = uniteRows(stays, moved)
		}
		if err := putLedger(ctx, tx, result); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM ledger WHERE vacancy = $1`, younger)
	return err
}

func uniteRows(a, b ledgerRow) ledgerRow {
	switch {
	case a.told.Valid:
		return a
	case b.told.Valid:
		return b
	case a.digest != "":
		return a
	case b.digest != "":
		return b
	}
	a.alert = uniteAlerts(a.alert, b.alert)
	return a
}

// LedgerEvents lists what a person was told or is owed of a vacancy, oldest first.
func (s *Store) LedgerEvents(ctx context.Context, person, vacancy string) ([]sendwatch.AlertEvent, error) {
	es, err := all(ctx, s.read, func(r *sql.Rows) (e sendwatch.AlertEvent, err error) {
		err = r.Scan(&e)
		return e, err
	}, `SELECT event FROM ledger WHERE person = $1 AND vacancy IN ($2, COALESCE((SELECT vacancy FROM alias WHERE id = $2), $2)) ORDER BY owed_at, event`,
		person, vacancy)
	if err != nil {
		return nil, fmt.Errorf("store: ledger of %s: %w", vacancy, err)
	}
	return es, nil
}

// Told is a person's `new` row of a vacancy.
type Told struct {
	Alert sendwatch.Alert
	// ToldAt is nil while it is only owed.
	ToldAt *time.Time
}

// Told gives, by person, the `new` rows of a vacancy, told or still owed.
func (s *Store) Told(ctx context.Context, vacancy string) (map[string]Told, error) {
	out := map[string]Told{}
	_, err := all(ctx, s.read, func(r *sql.Rows) (struct{}, error) {
		var text string
		var at sql.NullInt64
		if err := r.Scan(&text, &at); err != nil {
			return struct{}{}, err
		}
		t := Told{ToldAt: fromNullMS(at)}
		if err := json.Unmarshal([]byte(text), &t.Alert); err != nil {
			return struct{}{}, err
		}
		out[t.Alert.Person] = t
		return struct{}{}, nil
	}, `SELECT alert, told_at FROM ledger WHERE event = $1 AND vacancy IN ($2, COALESCE((SELECT vacancy FROM alias WHERE id = $2), $2))`,
		string(sendwatch.EventNew), vacancy)
	if err != nil {
		return nil, fmt.Errorf("store: told of %s: %w", vacancy, err)
	}
	return out, nil
}

// dropOwed takes a subscription out of what its person is owed; a row that no
// other subscription asked for goes.
func dropOwed(ctx context.Context, tx *txn, person, subscription string) error {
	alerts, err := all(ctx, tx, func(r *sql.Rows) (row ledgerRow, err error) {
		var text string
		if err = r.Scan(&text, &row.owed); err == nil {
			err = json.Unmarshal([]byte(text), &row.alert)
		}
		return row, err
	}, `SELECT alert, owed_at FROM ledger WHERE person = $1 AND digest = '' AND told_at IS NULL`, person)
	if err != nil {
		return err
	}
	for _, row := range alerts {
		if !slices.Contains(row.alert.Subscriptions, subscription) {
			continue
		}
		row.alert.Subscriptions = slices.DeleteFunc(row.alert.Subscriptions, func(id string) bool { return id == subscription })
		if len(row.alert.Subscriptions) > 0 {
			err = putLedger(ctx, tx, row)
		} else {
			_, err = tx.ExecContext(ctx, `DELETE FROM ledger WHERE person = $1 AND vacancy = $2 AND event = $3`,
				row.alert.Person, row.alert.Vacancy, string(row.alert.Event))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
