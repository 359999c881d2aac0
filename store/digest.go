package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sendwatch/sendwatch"
)

// The states of a digest and of a confirmation.
const (
	stateFrozen  = "frozen"
	stateQueued  = "queued"
	stateSent    = "sent"
	stateDropped = "dropped"
)

// ClaimDigest leases the next message to send, or returns nil when none is due.
// A digest whose lease ran out, or whose retry is due, comes first and exactly as
// it was frozen; otherwise one person's due alerts are frozen into a new one, with
// a new Message-ID. Only alerts of open vacancies, to people who are confirmed and
// not suppressed, are frozen; a person has one unsent digest at a time.
func (s *Store) ClaimDigest(ctx context.Context, lease time.Duration) (d *sendwatch.Digest, err error) {
	for again := true; again && d == nil && err == nil; {
		d, again, err = s.retakeDigest(ctx, lease)
	}
	for again := true; again && d == nil && err == nil; {
		d, again, err = s.freezeDigest(ctx, lease)
	}
	if err != nil {
		return nil, fmt.Errorf("store: claim digest: %w", err)
	}
	return d, nil
}

// retakeDigest claims a digest that exists. One that nobody may receive any more
// is dropped, and again is set: there may be another.
func (s *Store) retakeDigest(ctx context.Context, lease time.Duration) (d *sendwatch.Digest, again bool, err error) {
	err = s.inTx(ctx, func(tx *txn) error {
		d, again = nil, false
		l, ok, err := s.claimNext(ctx, tx, workDigest, lease)
		if err != nil || !ok {
			return err
		}
		found := sendwatch.Digest{ID: l.ID, Attempts: l.Attempts, Token: l.Token}
		var alerts string
		var at int64
		var may bool
		err = tx.QueryRowContext(ctx, `SELECT d.person, d.message_id, d.alerts, d.at,
				EXISTS (SELECT 1 FROM subscriber p JOIN subscription n ON n.person = p.person AND n.state = $2 WHERE p.person = d.person AND `+mayBeTold+`)
			FROM digest d WHERE d.id = $1`, l.ID, string(sendwatch.Active)).Scan(&found.Person, &found.MessageID, &alerts, &at, &may)
		if err != nil {
			return notFound(err)
		}
		if !may {
			again = true
			return endDigest(ctx, tx, l, stateDropped, "nobody to send it to any more", ms(s.now()))
		}
		found.At = fromMS(at)
		d = &found
		return json.Unmarshal([]byte(alerts), &d.Alerts)
	})
	return d, again, err
}

// MostAlerts is how many alerts one digest carries. What is beyond stays owed and
// makes the next digest, so that every alert stands in some message.
const MostAlerts = 60

// dueAlerts selects the alerts that may be told now. CROSS JOIN keeps SQLite from
// beginning with all open vacancies.
const dueAlerts = ` FROM ledger l CROSS JOIN vacancy v CROSS JOIN subscriber p
	WHERE v.id = l.vacancy AND v.state = $1 AND p.person = l.person
	AND l.digest = '' AND l.told_at IS NULL AND l.due_at <= $2 AND ` + mayBeTold + `
	AND NOT EXISTS (SELECT 1 FROM digest f WHERE f.person = l.person AND f.state = 'frozen')`

// freezeDigest freezes what one person is owed. When somebody else was there first,
// again is set: there may be another person.
func (s *Store) freezeDigest(ctx context.Context, lease time.Duration) (d *sendwatch.Digest, again bool, err error) {
	err = s.inTx(ctx, func(tx *txn) error {
		d, again = nil, false
		now := s.now()
		person, err := nextOwed(ctx, tx, ms(now))
		if err != nil || person == "" {
			return err
		}
		// The person is ours now; what was due when we looked may be frozen already.
		alerts, err := all(ctx, tx, scanAlert, `SELECT l.alert`+dueAlerts+` AND l.person = $3`, string(sendwatch.VacancyOpen), ms(now), person)
		if again = len(alerts) == 0; err != nil || again {
			return err
		}
		sortAlerts(alerts)
		alerts = alerts[:min(len(alerts), MostAlerts)]
		d = &sendwatch.Digest{ID: s.newID(), Person: person, MessageID: s.messageID(), Alerts: alerts, At: fromMS(ms(now))}
		return s.keepDigest(ctx, tx, d, lease)
	})
	if err != nil {
		return nil, false, err
	}
	return d, again, nil
}

// nextOwed locks the person who has waited longest and whom nobody else is serving,
// or, when others serve everybody who waits, waits for one of them: it may have
// been no claim. The person is empty when nothing is due.
func nextOwed(ctx context.Context, tx *txn, now int64) (person string, err error) {
	query := `SELECT l.person` + dueAlerts + ` ORDER BY l.due_at LIMIT 1`
	for _, mode := range []string{"NO KEY UPDATE OF p SKIP LOCKED", "NO KEY UPDATE OF p"} {
		err = tx.QueryRowContext(ctx, query+tx.locks(mode), string(sendwatch.VacancyOpen), now).Scan(&person)
		if !errors.Is(err, sql.ErrNoRows) || !tx.rowLocks {
			break
		}
	}
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return person, err
}

// keepDigest writes a new digest down, marks its rows as frozen, and leases it.
func (s *Store) keepDigest(ctx context.Context, tx *txn, d *sendwatch.Digest, lease time.Duration) error {
	text, err := toJSON(d.Alerts)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO digest (id, person, message_id, alerts, state, note, at) VALUES ($1, $2, $3, $4, $5, '', $6)`,
		d.ID, d.Person, d.MessageID, text, stateFrozen, ms(d.At)); err != nil {
		return err
	}
	keys := make([]string, 0, 2*len(d.Alerts))
	for _, a := range d.Alerts {
		keys = append(keys, a.Vacancy, string(a.Event))
	}
	in, args := rowList(3, 2, keys)
	if _, err := tx.ExecContext(ctx, `UPDATE ledger SET digest = $1 WHERE person = $2 AND (vacancy, event) IN (VALUES `+in+`)`,
		append([]any{d.ID, d.Person}, args...)...); err != nil {
		return err
	}
	if err := addWork(ctx, tx, workDigest, d.ID, ms(d.At)); err != nil {
		return err
	}
	l, err := s.claimNamed(ctx, tx, workDigest, d.ID, lease, true)
	d.Token, d.Attempts = l.Token, l.Attempts
	return err
}

func scanAlert(r *sql.Rows) (a sendwatch.Alert, err error) {
	var text string
	if err = r.Scan(&text); err == nil {
		err = json.Unmarshal([]byte(text), &a)
	}
	return a, err
}

// sortAlerts puts what is new first, then the strong fits, then the better scores.
func sortAlerts(alerts []sendwatch.Alert) {
	rank := func(b bool) int { return 1 - flag(b) }
	slices.SortFunc(alerts, func(a, b sendwatch.Alert) int {
		return cmp.Or(
			cmp.Compare(rank(a.Event == sendwatch.EventNew), rank(b.Event == sendwatch.EventNew)),
			cmp.Compare(rank(a.Fit == sendwatch.FitStrong), rank(b.Fit == sendwatch.FitStrong)),
			cmp.Compare(b.Score, a.Score),
			strings.Compare(a.Vacancy, b.Vacancy),
			strings.Compare(string(a.Event), string(b.Event)))
	})
}

func (s *Store) messageID() string { return "<" + s.newID() + "@" + s.host + ">" }

// DigestSent marks a digest and its alerts as told. ErrLeaseLost means that another
// claim has it now.
func (s *Store) DigestSent(ctx context.Context, id, token string) error {
	err := s.inTx(ctx, func(tx *txn) error {
		now := ms(s.now())
		if err := endDigest(ctx, tx, Lease{Kind: workDigest, ID: id, Token: token}, stateSent, "", now); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE ledger SET told_at = $1 WHERE digest = $2 AND told_at IS NULL`, now, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("store: digest sent: %w", err)
	}
	return nil
}

// DigestRetry gives a digest back, to be sent again, as it is, at a later moment.
func (s *Store) DigestRetry(ctx context.Context, id, token string, at time.Time, why string) error {
	err := s.inTx(ctx, func(tx *txn) error {
		if err := retryWork(ctx, tx, Lease{Kind: workDigest, ID: id, Token: token}, at); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE digest SET note = $1 WHERE id = $2`, why, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("store: digest retry: %w", err)
	}
	return nil
}

// DigestDropped gives a digest up. Its alerts are not told again.
func (s *Store) DigestDropped(ctx context.Context, id, token, why string) error {
	err := s.inTx(ctx, func(tx *txn) error {
		return endDigest(ctx, tx, Lease{Kind: workDigest, ID: id, Token: token}, stateDropped, why, ms(s.now()))
	})
	if err != nil {
		return fmt.Errorf("store: digest dropped: %w", err)
	}
	return nil
}

func endDigest(ctx context.Context, tx *txn, l Lease, state, note string, now int64) error {
	if err := endWork(ctx, tx, l); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE digest SET state = $1, note = $2, ended_at = $3 WHERE id = $4`, state, note, now, l.ID)
	return err
}

// retryWork ends a lease and keeps the count of attempts.
func retryWork(ctx context.Context, tx *txn, l Lease, at time.Time) error {
	n, err := exec(ctx, tx, `UPDATE work SET due_at = $1, lease_until = 0, token = '' WHERE kind = $2 AND id = $3 AND token = $4`,
		ms(at), l.Kind, l.ID, l.Token)
	return fenced(l, n, err)
}

// DueDigests shows what would be sent now, and claims nothing: the frozen digests
// that are due, and, without an id, those that would be frozen.
func (s *Store) DueDigests(ctx context.Context) ([]sendwatch.Digest, error) {
	now := ms(s.now())
	var out []sendwatch.Digest
	var alerts []sendwatch.Alert
	err := s.inSnapshot(ctx, func(q querier) (err error) {
		out, err = all(ctx, q, func(r *sql.Rows) (d sendwatch.Digest, err error) {
			var alerts string
			var at int64
			if err = r.Scan(&d.ID, &d.Person, &d.MessageID, &alerts, &at, &d.Attempts); err == nil {
				err = json.Unmarshal([]byte(alerts), &d.Alerts)
			}
			d.At = fromMS(at)
			return d, err
		}, `SELECT d.id, d.person, d.message_id, d.alerts, d.at, w.attempts FROM digest d JOIN work w ON w.kind = $1 AND w.id = d.id
			WHERE w.due_at <= $2 AND w.lease_until <= $2 ORDER BY w.due_at, d.id`, workDigest, now)
		if err != nil {
			return err
		}
		alerts, err = all(ctx, q, scanAlert, `SELECT l.alert`+dueAlerts+` ORDER BY l.person`, string(sendwatch.VacancyOpen), now)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: due digests: %w", err)
	}
	for len(alerts) > 0 {
		person := alerts[0].Person
		n := slices.IndexFunc(alerts, func(a sendwatch.Alert) bool { return a.Person != person })
		if n < 0 {
			n = len(alerts)
		}
		mine := slices.Clone(alerts[:n])
		sortAlerts(mine)
		out = append(out, sendwatch.Digest{Person: person, Alerts: mine, At: fromMS(now)})
		alerts = alerts[n:]
	}
	return out, nil
}
