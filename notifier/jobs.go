package notifier

import (
	"context"
	"errors"
	"fmt"
	"time"

	sendwatch "github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/notifier/email"
	"github.com/sendwatch/sendwatch/store"
)

// The kinds of message, for logs.
const (
	kindDigest       = "digest"
	kindConfirmation = "confirmation"
	kindNotice       = "notice"
)

// digestJob is a claimed digest.
type digestJob struct {
	d *Dispatcher
	g *sendwatch.Digest
}

func (d *Dispatcher) nextDigest(ctx context.Context) (job, error) {
	g, err := d.o.Store.ClaimDigest(ctx, d.o.Lease)
	if err != nil || g == nil {
		return nil, err
	}
	return &digestJob{d: d, g: g}, nil
}

func (j *digestJob) about() about {
	return about{kind: kindDigest, id: j.g.ID, person: j.g.Person, attempts: j.g.Attempts, since: j.g.At}
}

func (j *digestJob) compose(ctx context.Context) (*email.Message, error) {
	to, err := j.d.address(ctx, j.g.Person)
	if err != nil {
		return nil, err
	}
	m, err := j.d.compose(ctx, j.g, to)
	if errors.Is(err, email.ErrEmpty) {
		return nil, &dropError{"every post in it has closed"}
	}
	return m, err
}

func (j *digestJob) sent(ctx context.Context) error {
	return j.d.o.Store.DigestSent(ctx, j.g.ID, j.g.Token)
}

func (j *digestJob) retry(ctx context.Context, at time.Time, why string) error {
	return j.d.o.Store.DigestRetry(ctx, j.g.ID, j.g.Token, at, why)
}

func (j *digestJob) drop(ctx context.Context, why string) error {
	return j.d.o.Store.DigestDropped(ctx, j.g.ID, j.g.Token, why)
}

// address finds where to write to a person, or says why nobody may.
func (d *Dispatcher) address(ctx context.Context, person string) (string, error) {
	s, err := d.o.Store.Subscriber(ctx, person)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return "", &dropError{"the person is gone"}
	case err != nil:
		return "", err
	case s.ConfirmedAt == nil:
		return "", &dropError{"the address is not confirmed"}
	case s.UnsubscribedAt != nil:
		return "", &dropError{"the person has unsubscribed"}
	}
	return s.Email, d.notSuppressed(ctx, s.Email)
}

// notSuppressed asks again, at the last moment.
func (d *Dispatcher) notSuppressed(ctx context.Context, address string) error {
	suppressed, err := d.o.Store.Suppressed(ctx, address)
	if err == nil && suppressed {
		return &dropError{"the address is suppressed"}
	}
	return err
}

// confirmationJob is a claimed confirmation.
type confirmationJob struct {
	d *Dispatcher
	c *store.Confirmation
}

func (d *Dispatcher) nextConfirmation(ctx context.Context) (job, error) {
	c, err := d.o.Store.ClaimConfirmation(ctx, d.o.Lease)
	if err != nil || c == nil {
		return nil, err
	}
	return &confirmationJob{d: d, c: c}, nil
}

func (j *confirmationJob) about() about {
	return about{kind: kindConfirmation, id: j.c.ID, person: j.c.Person, attempts: j.c.Attempts, since: j.c.At}
}

func (j *confirmationJob) compose(ctx context.Context) (*email.Message, error) {
	if err := j.d.notSuppressed(ctx, j.c.Email); err != nil {
		return nil, err
	}
	return j.d.composeConfirmation(ctx, j.c)
}

func (j *confirmationJob) sent(ctx context.Context) error {
	return j.d.o.Store.ConfirmationSent(ctx, j.c.ID, j.c.Token)
}

func (j *confirmationJob) retry(ctx context.Context, at time.Time, why string) error {
	return j.d.o.Store.ConfirmationRetry(ctx, j.c.ID, j.c.Token, at, why)
}

func (j *confirmationJob) drop(ctx context.Context, why string) error {
	return j.d.o.Store.ConfirmationDropped(ctx, j.c.ID, j.c.Token, why)
}

// composeConfirmation renders the message that asks a person to confirm.
func (d *Dispatcher) composeConfirmation(ctx context.Context, c *store.Confirmation) (*email.Message, error) {
	subscriptions, err := d.o.Store.PersonSubscriptions(ctx, c.Person)
	if err != nil {
		return nil, fmt.Errorf("confirmation %s: %w", c.ID, err)
	}
	message := email.Confirmation{MessageID: c.MessageID, To: c.Email, URL: d.o.Links.Confirm(c.Person)}
	for _, s := range subscriptions {
		if s.State == sendwatch.Unconfirmed {
			message.Asked = append(message.Asked, email.Asked{
				What: d.o.Renderer.Asked(s.Criteria, s.Candidate), Frequency: s.Frequency,
			})
		}
	}
	if len(message.Asked) == 0 {
		return nil, &dropError{"nothing waits to be confirmed"}
	}
	return d.o.Renderer.Confirmation(message)
}
