package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/sendwatch/sendwatch"
)

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
	// Who is just marking a digest as sent comes before, or finds the rows moved.
	if err := lockLedger(ctx, tx, younger, older); err != nil {
		return err
	}
	from, err := all(ctx, tx, func(r *sql.Rows) (k ledgerKey, err error) {
		k.vacancy = younger
		err = r.Scan(&k.person, &k.event)
		return k, err
	}, `SELECT person, event FROM ledger WHERE vacancy = $1 ORDER BY person, event`, younger)
	if err != nil {
		return err
	}
	to := slices.Clone(from)
	for i := range to {
		to[i].vacancy = older
	}
	rows, err := ledgerAt(ctx, tx, slices.Concat(from, to))
	if err != nil {
		return err
	}
	var out []ledgerRow
	for i := range from {
		moved, ok := rows[from[i]]
		if !ok {
			continue // pruned this moment
		}
		moved.alert.Vacancy = older
		if stays, there := rows[to[i]]; there {
			moved = uniteRows(stays, moved)
		}
		out = append(out, moved)
	}
	if err := putLedger(ctx, tx, out...); err != nil {
		return err
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

// CopyLedger gives a vacancy what people were told, or are just being told, of
// another, out of which it has come: nobody hears of it as new who knows it as
// that. What is only owed stays with the other.
func (t *Tx) CopyLedger(ctx context.Context, from, to string) error {
	if err := copyLedger(ctx, t.tx, from, to); err != nil {
		return fmt.Errorf("copy ledger of %s to %s: %w", from, to, err)
	}
	return nil
}

// lockLedger keeps others away from what the people of two vacancies are owed, and
// from the digests that tell of the first.
func lockLedger(ctx context.Context, tx *txn, first, second string) error {
	people, err := all(ctx, tx, scanString, `SELECT DISTINCT person FROM ledger WHERE vacancy IN ($1, $2)`, first, second)
	if err != nil {
		return err
	}
	if err := lockPeople(ctx, tx, people); err != nil {
		return err
	}
	_, err = all(ctx, tx, scanString, `SELECT id FROM digest WHERE id IN (SELECT digest FROM ledger WHERE vacancy = $1 AND digest <> '') ORDER BY id`+
		tx.locks("NO KEY UPDATE"), first)
	return err
}

func copyLedger(ctx context.Context, tx *txn, from, to string) error {
	// Who is just marking a digest as sent comes before, or marks the copies too.
	if err := lockLedger(ctx, tx, from, from); err != nil {
		return err
	}
	keys, err := all(ctx, tx, func(r *sql.Rows) (k ledgerKey, err error) {
		k.vacancy = from
		err = r.Scan(&k.person, &k.event)
		return k, err
	}, `SELECT person, event FROM ledger WHERE vacancy = $1 AND (told_at IS NOT NULL OR digest <> '') ORDER BY person, event`, from)
	if err != nil {
		return err
	}
	rows, err := ledgerAt(ctx, tx, keys)
	if err != nil {
		return err
	}
	var out []ledgerRow
	for _, k := range keys {
		row, ok := rows[k]
		if !ok {
			continue // pruned this moment
		}
		row.alert.Vacancy = to
		out = append(out, row)
	}
	return putLedger(ctx, tx, out...)
}
