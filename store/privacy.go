package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/sendwatch/sendwatch"
)

// PersonData is everything that is kept about one person.
type PersonData struct {
	Person         string                   `json:"person"`
	Email          string                   `json:"email"`
	Consent        Consent                  `json:"consent"`
	CreatedAt      time.Time                `json:"created_at"`
	ConfirmedAt    *time.Time               `json:"confirmed_at,omitempty"`
	UnsubscribedAt *time.Time               `json:"unsubscribed_at,omitempty"`
	Suppressed     bool                     `json:"suppressed"`
	Subscriptions  []sendwatch.Subscription `json:"subscriptions"`
	Alerts         []PersonAlert            `json:"alerts"`
	Messages       []PersonMessage          `json:"messages"`
}

// PersonAlert is one row of the ledger.
type PersonAlert struct {
	sendwatch.Alert
	ToldAt *time.Time `json:"told_at,omitempty"`
}

// PersonMessage is one message that was made for a person.
type PersonMessage struct {
	MessageID string    `json:"message_id"`
	Kind      string    `json:"kind"`
	State     string    `json:"state"`
	At        time.Time `json:"at"`
}

// ExportPerson returns everything that is kept about a person, or ErrNotFound.
func (s *Store) ExportPerson(ctx context.Context, person string) (PersonData, error) {
	var d PersonData
	err := s.inSnapshot(ctx, func(q querier) (err error) {
		d, err = exportPerson(ctx, q, person)
		return err
	})
	if err != nil {
		return PersonData{}, fmt.Errorf("store: export person %s: %w", person, err)
	}
	return d, nil
}

func exportPerson(ctx context.Context, q querier, person string) (d PersonData, err error) {
	p, err := subscriber(ctx, q, `WHERE person = $1`, person)
	if err != nil {
		return d, err
	}
	d = PersonData{Person: p.Person, Email: p.Email, Consent: p.Consent, CreatedAt: p.CreatedAt, ConfirmedAt: p.ConfirmedAt, UnsubscribedAt: p.UnsubscribedAt}
	if d.Suppressed, err = suppressed(ctx, q, addressKey(p.Email)); err != nil {
		return d, err
	}
	if d.Subscriptions, err = personSubscriptions(ctx, q, person); err != nil {
		return d, err
	}
	d.Alerts, err = all(ctx, q, func(r *sql.Rows) (a PersonAlert, err error) {
		var text string
		var told sql.NullInt64
		if err = r.Scan(&text, &told); err == nil {
			err = json.Unmarshal([]byte(text), &a.Alert)
		}
		a.ToldAt = fromNullMS(told)
		return a, err
	}, `SELECT alert, told_at FROM ledger WHERE person = $1 ORDER BY owed_at, vacancy, event`, person)
	if err != nil {
		return d, err
	}
	d.Messages, err = all(ctx, q, func(r *sql.Rows) (m PersonMessage, err error) {
		var at int64
		err = r.Scan(&m.MessageID, &m.Kind, &m.State, &at)
		m.At = fromMS(at)
		return m, err
	}, `SELECT message_id, 'digest', state, at FROM digest WHERE person = $1
		UNION ALL SELECT message_id, 'confirmation', state, at FROM confirmation WHERE person = $1 ORDER BY 4, 1`, person)
	return d, err
}

// ErasePerson forgets a person: address, consent, subscriptions, ledger and
// messages. What stays is the digest of a suppressed address. To erase somebody
// unknown is harmless.
func (s *Store) ErasePerson(ctx context.Context, person string) error {
	if err := s.Write(ctx, func(t *Tx) error { return t.erase(ctx, person) }); err != nil {
		return fmt.Errorf("store: erase person %s: %w", person, err)
	}
	return nil
}

func (t *Tx) erase(ctx context.Context, person string) error {
	if err := lockPerson(ctx, t.tx, person); err != nil {
		return err
	}
	ids, err := all(ctx, t.tx, scanString, `DELETE FROM subscription WHERE person = $1 RETURNING id`, person)
	if err != nil {
		return err
	}
	if err := t.appendEach(ctx, sendwatch.SubscriptionErased, sendwatch.CausePerson, ids); err != nil {
		return err
	}
	if err := dropPerson(ctx, t.tx, person, "erased", ms(t.s.now())); err != nil {
		return err
	}
	for _, table := range []string{"confirmation", "digest", "ledger", "subscriber"} {
		if _, err := t.tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE person = $1`, person); err != nil {
			return err
		}
	}
	return nil
}
