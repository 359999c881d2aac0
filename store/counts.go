package store

import (
	"context"
	"fmt"
)

// Counts is how much the store holds.
type Counts struct {
	// Postings are adverts, Vacancies the jobs behind them, Open those that are
	// open now.
	Postings, Vacancies, Open int
	// Subscriptions are the active ones; Alerts what was ever owed, Told what
	// of it was told.
	Subscriptions, Alerts, Told int
}

// Counts counts what the store holds now.
func (s *Store) Counts(ctx context.Context) (c Counts, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT
		(SELECT count(*) FROM posting), (SELECT count(*) FROM vacancy), (SELECT count(*) FROM vacancy WHERE state = 'open'),
		(SELECT count(*) FROM subscription WHERE state = 'active'),
		(SELECT count(*) FROM ledger), (SELECT count(*) FROM ledger WHERE told_at IS NOT NULL)`).
		Scan(&c.Postings, &c.Vacancies, &c.Open, &c.Subscriptions, &c.Alerts, &c.Told)
	if err != nil {
		return Counts{}, fmt.Errorf("store: counts: %w", err)
	}
	return c, nil
}
