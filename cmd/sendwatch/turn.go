package main

import (
	"context"
	"errors"
	"time"

	"github.com/sendwatch/sendwatch/changelog"
	"github.com/sendwatch/sendwatch/store"
)

// turnLease is how long a process keeps a reader to itself without a sign of life:
// how long the others wait after a kill on another machine. It is renewed every
// five seconds.
const turnLease = 20 * time.Second

// turn is a reader's turn as a lease of the store: of several processes on one
// database, one at a time does what must be done once.
type turn struct {
	store  *store.Store
	reader string
	lease  store.Lease
}

var _ changelog.Turn = (*turn)(nil)

// Take claims the reader, and reports whether nobody else has it.
func (t *turn) Take(ctx context.Context) (bool, error) {
	l, err := t.store.ClaimReader(ctx, t.reader, turnLease)
	if errors.Is(err, store.ErrLeased) {
		return false, nil
	}
	t.lease = l
	return err == nil, err
}

// Keep renews the lease.
func (t *turn) Keep(ctx context.Context) error {
	l, err := t.store.RenewLease(ctx, t.lease, turnLease)
	if errors.Is(err, store.ErrLeaseLost) {
		return changelog.ErrTurnLost
	}
	t.lease = l
	return err
}

// Leave gives the reader back.
func (t *turn) Leave(ctx context.Context) error {
	err := t.store.ReleaseLease(ctx, t.lease)
	if errors.Is(err, store.ErrLeaseLost) {
		return nil // another has it, which is all that leaving is for
	}
	return err
}
