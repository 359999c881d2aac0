package store

import (
	"context"
	"fmt"
)

// Suppress stops every message to an address from now on. The list holds a digest
// of the address, so that it outlives the person's erasure.
func (s *Store) Suppress(ctx context.Context, email, reason string) error {
	err := s.inTx(ctx, func(tx *txn) error {
		people, err := all(ctx, tx, scanString, `SELECT person FROM subscriber WHERE address = $1`, addressKey(email))
		if err != nil {
			return err
		}
		for _, person := range people {
			if err := lockPerson(ctx, tx, person); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO suppression (address, reason, at) VALUES ($1, $2, $3) ON CONFLICT (address) DO NOTHING`,
			addressKey(email), reason, ms(s.now()))
		return err
	})
	if err != nil {
		return fmt.Errorf("store: suppress: %w", err)
	}
	return nil
}

// Suppressed reports whether an address may not be written to.
func (s *Store) Suppressed(ctx context.Context, email string) (bool, error) {
	yes, err := suppressed(ctx, s.read, addressKey(email))
	if err != nil {
		return false, fmt.Errorf("store: suppressed: %w", err)
	}
	return yes, nil
}

func suppressed(ctx context.Context, q querier, address string) (yes bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM suppression WHERE address = $1)`, address).Scan(&yes)
	return yes, err
}
