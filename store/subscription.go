package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/sendwatch/sendwatch"
)

const subscriptionColumns = `SELECT id, person, frequency, criteria, candidate, state, created_at, changed_at FROM subscription `

func scanSubscription(r *sql.Rows) (n sendwatch.Subscription, err error) {
	var criteria, candidate string
	var created, changed int64
	if err = r.Scan(&n.ID, &n.Person, &n.Frequency, &criteria, &candidate, &n.State, &created, &changed); err != nil {
		return n, err
	}
	n.CreatedAt, n.ChangedAt = fromMS(created), fromMS(changed)
	if err = json.Unmarshal([]byte(criteria), &n.Criteria); err != nil {
		return n, fmt.Errorf("criteria of %s: %w", n.ID, err)
	}
	if err = json.Unmarshal([]byte(candidate), &n.Candidate); err != nil {
		return n, fmt.Errorf("candidate of %s: %w", n.ID, err)
	}
	return n, nil
}

// Subscription returns one subscription, whatever its state, or ErrNotFound.
func (s *Store) Subscription(ctx context.Context, id string) (sendwatch.Subscription, error) {
	n, err := subscription(ctx, s.read, id)
	if err != nil {
		return n, fmt.Errorf("store: subscription %s: %w", id, err)
	}
	return n, nil
}

func subscription(ctx context.Context, q querier, id string) (sendwatch.Subscription, error) {
	ns, err := all(ctx, q, scanSubscription, subscriptionColumns+`WHERE id = $1`, id)
	if err != nil {
		return sendwatch.Subscription{}, err
	}
	if len(ns) == 0 {
		return sendwatch.Subscription{}, ErrNotFound
	}
	return ns[0], nil
}

// Subscriptions returns up to limit active subscriptions with an id above after,
// by id.
func (s *Store) Subscriptions(ctx context.Context, after string, limit int) ([]sendwatch.Subscription, error) {
	ns, err := all(ctx, s.read, scanSubscription, subscriptionColumns+`WHERE state = $1 AND id > $2 ORDER BY id LIMIT $3`,
		string(sendwatch.Active), after, limit)
	if err != nil {
		return nil, fmt.Errorf("store: subscriptions: %w", err)
	}
	return ns, nil
}

// PersonSubscriptions returns a person's subscriptions in every state, oldest first.
func (s *Store) PersonSubscriptions(ctx context.Context, person string) ([]sendwatch.Subscription, error) {
	ns, err := personSubscriptions(ctx, s.read, person)
	if err != nil {
		return nil, fmt.Errorf("store: subscriptions of %s: %w", person, err)
	}
	return ns, nil
}

func personSubscriptions(ctx context.Context, q querier, person string) ([]sendwatch.Subscription, error) {
	return all(ctx, q, scanSubscription, subscriptionColumns+`WHERE person = $1 ORDER BY created_at, id`, person)
}

// addSubscription adds what was asked, or returns the live subscription of the
// person that asks exactly that.
func (t *Tx) addSubscription(ctx context.Context, person string, in Signup) (sendwatch.Subscription, error) {
	now := t.s.now()
	n := sendwatch.Subscription{ID: t.s.newID(), Person: person, Frequency: in.Frequency, Criteria: in.Criteria, Candidate: in.Candidate,
		State: sendwatch.Unconfirmed, CreatedAt: fromMS(ms(now)), ChangedAt: fromMS(ms(now))}
	criteria, err := toJSON(n.Criteria)
	if err != nil {
		return n, err
	}
	candidate, err := toJSON(n.Candidate)
	if err != nil {
		return n, err
	}
	same, err := all(ctx, t.tx, scanSubscription, subscriptionColumns+`WHERE person = $1 AND state <> $2 AND frequency = $3 AND criteria = $4 AND candidate = $5 ORDER BY created_at LIMIT 1`,
		person, string(sendwatch.Ended), string(n.Frequency), criteria, candidate)
	if err != nil {
		return n, err
	}
	if len(same) > 0 {
		return same[0], nil
	}
	_, err = t.tx.ExecContext(ctx, `INSERT INTO subscription (id, person, frequency, criteria, candidate, state, wording, consent_at, created_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
		n.ID, person, string(n.Frequency), criteria, candidate, string(n.State), in.Consent.Wording, ms(in.Consent.At), ms(now))
	return n, err
}

// EditSubscription replaces what a subscription asks (frequency, criteria,
// candidate). What was owed by the old criteria is dropped; the change makes the
// reader match the live vacancies again.
func (s *Store) EditSubscription(ctx context.Context, n sendwatch.Subscription) error {
	err := s.Write(ctx, func(t *Tx) error {
		criteria, err := toJSON(n.Criteria)
		if err != nil {
			return err
		}
		candidate, err := toJSON(n.Candidate)
		if err != nil {
			return err
		}
		old, err := subscription(ctx, t.tx, n.ID)
		if err != nil {
			return err
		}
		if err := lockPerson(ctx, t.tx, old.Person); err != nil {
			return err
		}
		if _, err := t.tx.ExecContext(ctx, `UPDATE subscription SET frequency = $1, criteria = $2, candidate = $3, changed_at = $4 WHERE id = $5`,
			string(n.Frequency), criteria, candidate, ms(s.now()), n.ID); err != nil {
			return err
		}
		if old.State != sendwatch.Active {
			return nil
		}
		if err := dropOwed(ctx, t.tx, old.Person, old.ID); err != nil {
			return err
		}
		return t.Append(ctx, sendwatch.Change{Event: sendwatch.SubscriptionChanged, Subscription: n.ID, Cause: sendwatch.CausePerson})
	})
	if err != nil {
		return fmt.Errorf("store: edit subscription %s: %w", n.ID, err)
	}
	return nil
}

// PauseSubscription stops an active subscription until it is resumed, and drops
// what it is owed. In any other state it does nothing.
func (s *Store) PauseSubscription(ctx context.Context, id string) error {
	return s.turn(ctx, id, sendwatch.Paused, sendwatch.SubscriptionPaused, sendwatch.Active)
}

// ResumeSubscription makes a paused subscription active. In any other state it
// does nothing.
func (s *Store) ResumeSubscription(ctx context.Context, id string) error {
	return s.turn(ctx, id, sendwatch.Active, sendwatch.SubscriptionChanged, sendwatch.Paused)
}

// EndSubscription ends a subscription for good, and drops what it is owed.
func (s *Store) EndSubscription(ctx context.Context, id string) error {
	return s.turn(ctx, id, sendwatch.Ended, sendwatch.SubscriptionErased, sendwatch.Unconfirmed, sendwatch.Active, sendwatch.Paused)
}

// turn moves a subscription from one of the given states to another.
func (s *Store) turn(ctx context.Context, id string, to sendwatch.SubscriptionState, event sendwatch.Event, from ...sendwatch.SubscriptionState) error {
	err := s.Write(ctx, func(t *Tx) error {
		n, err := subscription(ctx, t.tx, id)
		if err != nil {
			return err
		}
		moves := false
		for _, f := range from {
			moves = moves || n.State == f
		}
		if !moves {
			return nil
		}
		if err := lockPerson(ctx, t.tx, n.Person); err != nil {
			return err
		}
		if _, err := t.tx.ExecContext(ctx, `UPDATE subscription SET state = $1, changed_at = $2 WHERE id = $3`, string(to), ms(s.now()), id); err != nil {
			return err
		}
		if to != sendwatch.Active {
			if err := dropOwed(ctx, t.tx, n.Person, id); err != nil {
				return err
			}
		}
		return t.Append(ctx, sendwatch.Change{Event: event, Subscription: id, Cause: sendwatch.CausePerson})
	})
	if err != nil {
		return fmt.Errorf("store: turn subscription %s to %s: %w", id, to, err)
	}
	return nil
}
