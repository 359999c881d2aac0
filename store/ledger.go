package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
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
		if err := lockOut(ctx, tx, false); err != nil {
			return err
		}
		if err := moveCursor(ctx, tx, reader, from, to); err != nil {
			return err
		}
		people := make([]string, len(alerts))
		for i, a := range alerts {
			people[i] = a.Person
		}
		if err := lockPeople(ctx, tx, people); err != nil {
			return err
		}
		wanted, err := wantedOf(ctx, tx, alerts)
		if err != nil {
			return err
		}
		return s.oweAll(ctx, tx, wanted)
	})
	if err != nil {
		return fmt.Errorf("store: owe %d alerts: %w", len(alerts), err)
	}
	return nil
}

// wantedOf leaves of alerts what may be told, of vacancies by their present names.
func wantedOf(ctx context.Context, tx *txn, alerts []sendwatch.Alert) ([]sendwatch.Alert, error) {
	listening, err := activeOf(ctx, tx, alerts)
	if err != nil {
		return nil, err
	}
	older, err := aliasesOf(ctx, tx, alerts)
	if err != nil {
		return nil, err
	}
	var out []sendwatch.Alert
	for _, a := range alerts {
		a.Subscriptions = slices.DeleteFunc(slices.Clone(a.Subscriptions), func(id string) bool { return listening[id] != a.Person })
		if len(a.Subscriptions) == 0 {
			continue
		}
		if v, ok := older[a.Vacancy]; ok {
			a.Vacancy = v
		}
		out = append(out, a)
	}
	return out, nil
}

// aliasesOf returns the older vacancy of every id that became an alias while the
// reader worked.
func aliasesOf(ctx context.Context, tx *txn, alerts []sendwatch.Alert) (map[string]string, error) {
	ids := make([]string, len(alerts))
	for i, a := range alerts {
		ids[i] = a.Vacancy
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	older := map[string]string{}
	for len(ids) > 0 {
		n := min(len(ids), perQuery)
		in, args := list(1, ids[:n])
		ids = ids[n:]
		_, err := all(ctx, tx, func(r *sql.Rows) (struct{}, error) {
			var id, vacancy string
			err := r.Scan(&id, &vacancy)
			older[id] = vacancy
			return struct{}{}, err
		}, `SELECT id, vacancy FROM alias WHERE id IN (`+in+`)`, args...)
		if err != nil {
			return nil, err
		}
	}
	return older, nil
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

// ledgerKey is the key of a row.
type ledgerKey struct {
	person, vacancy string
	event           sendwatch.AlertEvent
}

func keyOf(a sendwatch.Alert) ledgerKey { return ledgerKey{a.Person, a.Vacancy, a.Event} }

// ledgerAt returns the rows of keys that exist.
func ledgerAt(ctx context.Context, tx *txn, keys []ledgerKey) (map[ledgerKey]ledgerRow, error) {
	rows := make(map[ledgerKey]ledgerRow, len(keys))
	for len(keys) > 0 {
		n := min(len(keys), perQuery)
		values := make([]string, 0, 3*n)
		for _, k := range keys[:n] {
			values = append(values, k.person, k.vacancy, string(k.event))
		}
		in, args := rowList(1, 3, values)
		keys = keys[n:]
		_, err := all(ctx, tx, func(r *sql.Rows) (struct{}, error) {
			var row ledgerRow
			var k ledgerKey
			var text string
			if err := r.Scan(&k.person, &k.vacancy, &k.event, &text, &row.owed, &row.digest, &row.told); err != nil {
				return struct{}{}, err
			}
			err := json.Unmarshal([]byte(text), &row.alert)
			rows[k] = row
			return struct{}{}, err
		}, `SELECT l.person, l.vacancy, l.event, l.alert, l.owed_at, l.digest, l.told_at FROM (VALUES `+in+`) k CROSS JOIN ledger l
			WHERE l.person = k.column1 AND l.vacancy = k.column2 AND l.event = k.column3`, args...)
		if err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// putLedger writes rows of different keys.
func putLedger(ctx context.Context, tx *txn, rows ...ledgerRow) error {
	values := make([][]any, len(rows))
	for i, row := range rows {
		a := row.alert
		text, err := toJSON(a)
		if err != nil {
			return err
		}
		values[i] = []any{a.Person, a.Vacancy, string(a.Event), text, ms(a.DueAt), row.owed, row.digest, row.told}
	}
	return insertRows(ctx, tx, `INSERT INTO ledger (person, vacancy, event, alert, due_at, owed_at, digest, told_at) VALUES`, `
		ON CONFLICT (person, vacancy, event) DO UPDATE SET alert = excluded.alert, due_at = excluded.due_at, digest = excluded.digest, told_at = excluded.told_at`, values)
}

// oweAll enters alerts, or unites them with what is owed already. The people are
// locked, so nobody else changes what is unsettled.
func (s *Store) oweAll(ctx context.Context, tx *txn, alerts []sendwatch.Alert) error {
	keys := make([]ledgerKey, len(alerts))
	for i, a := range alerts {
		keys[i] = keyOf(a)
	}
	rows, err := ledgerAt(ctx, tx, keys)
	if err != nil {
		return err
	}
	changed := map[ledgerKey]bool{}
	for i, a := range alerts {
		row, there := rows[keys[i]]
		switch {
		case !there:
			row = ledgerRow{alert: a, owed: ms(s.now())}
		case row.settled():
			continue
		default:
			row.alert = uniteAlerts(row.alert, a)
		}
		rows[keys[i]] = row
		changed[keys[i]] = true
	}
	var out []ledgerRow
	for _, k := range slices.SortedFunc(maps.Keys(changed), compareKeys) {
		out = append(out, rows[k])
	}
	return putLedger(ctx, tx, out...)
}

func compareKeys(a, b ledgerKey) int {
	return cmp.Or(cmp.Compare(a.person, b.person), cmp.Compare(a.vacancy, b.vacancy), cmp.Compare(a.event, b.event))
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
