package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Confirmation is the message that asks a person to confirm an address.
type Confirmation struct {
	ID, Person, Email string
	// MessageID stays the same from try to try.
	MessageID string
	Attempts  int
	// Token fences the lease under which this claim may report back.
	Token string
	At    time.Time
}

// confirmEvery is the least time between two confirmations to one address: nobody
// may have a stranger's mailbox filled.
const confirmEvery = 24 * time.Hour

// queueConfirmation queues a confirmation, unless one is queued or was sent within
// a day and still serves. One link confirms everything unconfirmed.
func (s *Store) queueConfirmation(ctx context.Context, tx *txn, person string) error {
	var at int64
	var state string
	err := tx.QueryRowContext(ctx, `SELECT state, COALESCE(ended_at, at) FROM confirmation WHERE person = $1 AND state <> $2 ORDER BY at DESC, id LIMIT 1`+tx.locks("NO KEY UPDATE"),
		person, stateDropped).Scan(&state, &at)
	now := s.now()
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return err
	case state == stateQueued, now.Before(fromMS(at).Add(confirmEvery)):
		return nil
	}
	id := s.newID()
	if _, err := tx.ExecContext(ctx, `INSERT INTO confirmation (id, person, message_id, state, note, at) VALUES ($1, $2, $3, $4, '', $5)`,
		id, person, s.messageID(), stateQueued, ms(now)); err != nil {
		return err
	}
	return addWork(ctx, tx, workConfirmation, id, ms(now))
}

const confirmationColumns = `SELECT c.id, c.person, p.email, c.message_id, c.at, w.attempts, w.token
	FROM confirmation c JOIN subscriber p ON p.person = c.person JOIN work w ON w.kind = 'confirmation' AND w.id = c.id `

// stillWanted holds for the confirmations c that something waits for.
const stillWanted = `p.unsubscribed_at IS NULL
	AND EXISTS (SELECT 1 FROM subscription n WHERE n.person = c.person AND n.state = 'unconfirmed')
	AND NOT EXISTS (SELECT 1 FROM suppression x WHERE x.address = p.address)`

func scanConfirmation(r *sql.Rows) (c Confirmation, err error) {
	var at int64
	err = r.Scan(&c.ID, &c.Person, &c.Email, &c.MessageID, &at, &c.Attempts, &c.Token)
	c.At = fromMS(at)
	return c, err
}

// ClaimConfirmation leases the next confirmation to send, or returns nil when none
// is due. One that nothing waits for any more is dropped.
func (s *Store) ClaimConfirmation(ctx context.Context, lease time.Duration) (c *Confirmation, err error) {
	for again := true; again && c == nil && err == nil; {
		c, again, err = s.claimConfirmation(ctx, lease)
	}
	if err != nil {
		return nil, fmt.Errorf("store: claim confirmation: %w", err)
	}
	return c, nil
}

// claimConfirmation claims one. When it dropped it instead, again is set.
func (s *Store) claimConfirmation(ctx context.Context, lease time.Duration) (c *Confirmation, again bool, err error) {
	err = s.inTx(ctx, func(tx *txn) error {
		c, again = nil, false
		l, ok, err := s.claimNext(ctx, tx, workConfirmation, lease)
		if err != nil || !ok {
			return err
		}
		// Who asks just now either finds it queued, and we find the request, or finds
		// it dropped and queues another.
		if _, err := all(ctx, tx, scanString, `SELECT id FROM confirmation WHERE id = $1`+tx.locks("NO KEY UPDATE"), l.ID); err != nil {
			return err
		}
		cs, err := all(ctx, tx, scanConfirmation, confirmationColumns+`WHERE c.id = $1 AND `+stillWanted, l.ID)
		if err != nil {
			return err
		}
		if len(cs) > 0 {
			c = &cs[0]
			return nil
		}
		again = true
		return endConfirmation(ctx, tx, l, stateDropped, "nothing waits for it", ms(s.now()))
	})
	return c, again, err
}

// DueConfirmations shows what would be claimed, and claims nothing.
func (s *Store) DueConfirmations(ctx context.Context) ([]Confirmation, error) {
	cs, err := all(ctx, s.read, scanConfirmation, confirmationColumns+`WHERE w.due_at <= $1 AND w.lease_until <= $1 AND `+stillWanted+` ORDER BY w.due_at, c.id`,
		ms(s.now()))
	if err != nil {
		return nil, fmt.Errorf("store: due confirmations: %w", err)
	}
	return cs, nil
}

// ConfirmationSent marks a confirmation as sent.
func (s *Store) ConfirmationSent(ctx context.Context, id, token string) error {
	err := s.inTx(ctx, func(tx *txn) error {
		return endConfirmation(ctx, tx, Lease{Kind: workConfirmation, ID: id, Token: token}, stateSent, "", ms(s.now()))
	})
	if err != nil {
		return fmt.Errorf("store: confirmation sent: %w", err)
	}
	return nil
}

// ConfirmationRetry gives a confirmation back, to be sent at a later moment.
func (s *Store) ConfirmationRetry(ctx context.Context, id, token string, at time.Time, why string) error {
	err := s.inTx(ctx, func(tx *txn) error {
		if err := retryWork(ctx, tx, Lease{Kind: workConfirmation, ID: id, Token: token}, at); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE confirmation SET note = $1 WHERE id = $2`, why, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("store: confirmation retry: %w", err)
	}
	return nil
}

// ConfirmationDropped gives a confirmation up.
func (s *Store) ConfirmationDropped(ctx context.Context, id, token, why string) error {
	err := s.inTx(ctx, func(tx *txn) error {
		return endConfirmation(ctx, tx, Lease{Kind: workConfirmation, ID: id, Token: token}, stateDropped, why, ms(s.now()))
	})
	if err != nil {
		return fmt.Errorf("store: confirmation dropped: %w", err)
	}
	return nil
}

func endConfirmation(ctx context.Context, tx *txn, l Lease, state, note string, now int64) error {
	if err := endWork(ctx, tx, l); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE confirmation SET state = $1, note = $2, ended_at = $3 WHERE id = $4`, state, note, now, l.ID)
	return err
}
