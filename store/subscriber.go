package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/sendwatch/sendwatch"
)

// Consent is what a person agreed to, word for word, and when.
type Consent struct {
	Wording string    `json:"wording"`
	At      time.Time `json:"at"`
}

// Subscriber is the person behind subscriptions. Nothing that is matched knows the
// address.
type Subscriber struct {
	Person, Email string
	// Consent is the one given when the person became known, or came back.
	Consent   Consent
	CreatedAt time.Time
	// ConfirmedAt is nil until the address proved to be the person's own.
	ConfirmedAt *time.Time
	// UnsubscribedAt is nil unless the person left.
	UnsubscribedAt *time.Time
}

// Signup is one request to be told.
type Signup struct {
	Email     string
	Frequency sendwatch.Frequency
	Criteria  sendwatch.Criteria
	Candidate *sendwatch.Candidate
	Consent   Consent
	// Confirmed says that an operator holds the person's recorded consent; without
	// it the subscription waits for a confirmation, which is queued.
	Confirmed bool
}

const subscriberColumns = `SELECT person, email, wording, consent_at, created_at, confirmed_at, unsubscribed_at FROM subscriber `

func subscriber(ctx context.Context, q querier, where, value string) (p Subscriber, err error) {
	var consent, created int64
	var confirmed, left sql.NullInt64
	err = q.QueryRowContext(ctx, subscriberColumns+where, value).
		Scan(&p.Person, &p.Email, &p.Consent.Wording, &consent, &created, &confirmed, &left)
	p.Consent.At, p.CreatedAt = fromMS(consent), fromMS(created)
	p.ConfirmedAt, p.UnsubscribedAt = fromNullMS(confirmed), fromNullMS(left)
	return p, notFound(err)
}

// Subscriber returns a person, or ErrNotFound.
func (s *Store) Subscriber(ctx context.Context, person string) (Subscriber, error) {
	p, err := subscriber(ctx, s.read, `WHERE person = $1`, person)
	if err != nil {
		return Subscriber{}, fmt.Errorf("store: subscriber %s: %w", person, err)
	}
	return p, nil
}

// SubscriberByEmail returns the person of an address, or ErrNotFound. Capitals and
// surrounding space do not count.
func (s *Store) SubscriberByEmail(ctx context.Context, email string) (Subscriber, error) {
	p, err := subscriber(ctx, s.read, `WHERE address = $1`, addressKey(email))
	if err != nil {
		return Subscriber{}, fmt.Errorf("store: subscriber by address: %w", err)
	}
	return p, nil
}

// Subscribe keeps a subscription and, if need be, its person. The same request of
// the same person a second time gives the subscription that is there. A
// suppressed address gives ErrSuppressed.
func (s *Store) Subscribe(ctx context.Context, in Signup) (sendwatch.Subscription, error) {
	var sub sendwatch.Subscription
	err := s.Write(ctx, func(t *Tx) error {
		if yes, err := suppressed(ctx, t.tx, addressKey(in.Email)); err != nil || yes {
			return errors.Join(err, wordIf(yes, ErrSuppressed))
		}
		person, err := t.ensurePerson(ctx, in)
		if err != nil {
			return err
		}
		if sub, err = t.addSubscription(ctx, person, in); err != nil {
			return err
		}
		if in.Confirmed {
			return t.confirm(ctx, person, sendwatch.CauseOperator)
		}
		if sub.State == sendwatch.Unconfirmed {
			return s.queueConfirmation(ctx, t.tx, person)
		}
		return nil
	})
	if err != nil {
		return sendwatch.Subscription{}, fmt.Errorf("store: subscribe: %w", err)
	}
	if in.Confirmed && sub.State == sendwatch.Unconfirmed {
		sub.State = sendwatch.Active
	}
	return sub, nil
}

func wordIf(yes bool, err error) error {
	if yes {
		return err
	}
	return nil
}

// ensurePerson returns the person of an address. One who left and comes back must
// confirm again.
func (t *Tx) ensurePerson(ctx context.Context, in Signup) (string, error) {
	var person string
	err := t.tx.QueryRowContext(ctx, `INSERT INTO subscriber (person, email, address, wording, consent_at, created_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (address) DO UPDATE SET
			wording = CASE WHEN subscriber.unsubscribed_at IS NULL THEN subscriber.wording ELSE excluded.wording END,
			consent_at = CASE WHEN subscriber.unsubscribed_at IS NULL THEN subscriber.consent_at ELSE excluded.consent_at END,
			confirmed_at = CASE WHEN subscriber.unsubscribed_at IS NULL THEN subscriber.confirmed_at ELSE NULL END,
			unsubscribed_at = NULL
		RETURNING person`,
		t.s.newID(), in.Email, addressKey(in.Email), in.Consent.Wording, ms(in.Consent.At), ms(t.s.now())).Scan(&person)
	return person, err
}

// Confirm makes a person's unconfirmed subscriptions active. To confirm twice is
// harmless; ErrNotFound means that the person was erased or has left.
func (s *Store) Confirm(ctx context.Context, person string) error {
	err := s.Write(ctx, func(t *Tx) error { return t.confirm(ctx, person, sendwatch.CausePerson) })
	if err != nil {
		return fmt.Errorf("store: confirm %s: %w", person, err)
	}
	return nil
}

func (t *Tx) confirm(ctx context.Context, person string, cause sendwatch.Cause) error {
	now := ms(t.s.now())
	n, err := exec(ctx, t.tx, `UPDATE subscriber SET confirmed_at = COALESCE(confirmed_at, $1) WHERE person = $2 AND unsubscribed_at IS NULL`, now, person)
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrNotFound
	}
	ids, err := all(ctx, t.tx, scanString, `UPDATE subscription SET state = $1, changed_at = $2 WHERE person = $3 AND state = $4 RETURNING id`,
		string(sendwatch.Active), now, person, string(sendwatch.Unconfirmed))
	if err != nil {
		return err
	}
	return t.appendEach(ctx, sendwatch.SubscriptionCreated, cause, ids)
}

// appendEach appends a change of each subscription. An engine returns rows in any
// order; the log's is that of their ids.
func (t *Tx) appendEach(ctx context.Context, event sendwatch.Event, cause sendwatch.Cause, ids []string) error {
	slices.Sort(ids)
	for _, id := range ids {
		if err := t.Append(ctx, sendwatch.Change{Event: event, Subscription: id, Cause: cause}); err != nil {
			return err
		}
	}
	return nil
}

// Unsubscribe ends everything a person asked for and drops what the person is
// owed. The person stays known, as somebody who left. To unsubscribe twice, or
// when erased, is harmless.
func (s *Store) Unsubscribe(ctx context.Context, person string) error {
	err := s.Write(ctx, func(t *Tx) error {
		now := ms(s.now())
		if err := lockPerson(ctx, t.tx, person); err != nil {
			return err
		}
		if _, err := t.tx.ExecContext(ctx, `UPDATE subscriber SET unsubscribed_at = COALESCE(unsubscribed_at, $1) WHERE person = $2`, now, person); err != nil {
			return err
		}
		ids, err := all(ctx, t.tx, scanString, `UPDATE subscription SET state = $1, changed_at = $2 WHERE person = $3 AND state <> $1 RETURNING id`,
			string(sendwatch.Ended), now, person)
		if err != nil {
			return err
		}
		if err := t.appendEach(ctx, sendwatch.SubscriptionErased, sendwatch.CausePerson, ids); err != nil {
			return err
		}
		return dropPerson(ctx, t.tx, person, "unsubscribed", now)
	})
	if err != nil {
		return fmt.Errorf("store: unsubscribe %s: %w", person, err)
	}
	return nil
}

// dropPerson drops what a person is owed and every message that is not sent yet. The
// person is locked.
func dropPerson(ctx context.Context, tx *txn, person, why string, now int64) error {
	messages := []struct{ kind, table, state string }{
		{workConfirmation, "confirmation", stateQueued},
		{workDigest, "digest", stateFrozen},
	}
	for _, m := range messages {
		if _, err := tx.ExecContext(ctx, `DELETE FROM work WHERE kind = $1 AND id IN (SELECT id FROM `+m.table+` WHERE person = $2)`, m.kind, person); err != nil {
			return err
		}
	}
	for _, m := range messages {
		if _, err := tx.ExecContext(ctx, `UPDATE `+m.table+` SET state = $1, note = $2, ended_at = $3 WHERE person = $4 AND state = $5`,
			stateDropped, why, now, person, m.state); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM ledger WHERE person = $1 AND told_at IS NULL`, person)
	return err
}
