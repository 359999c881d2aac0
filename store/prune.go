package store

import (
	"context"
	"fmt"
	"time"

	"github.com/sendwatch/sendwatch"
)

// Retention says how long things are kept. A zero duration keeps for ever.
type Retention struct {
	// Raw is how long what was fetched, and the posting's history, outlive its closing.
	Raw time.Duration
	// Ledger is how long the ledger's rows outlive the vacancy's closing.
	Ledger time.Duration
	// Unconfirmed is how long an unconfirmed person is kept.
	Unconfirmed time.Duration
	// Quarantine is how long what could not be read is kept after it was last met.
	Quarantine time.Duration
	// Reports is how long a report is kept after it was decided.
	Reports time.Duration
	// Health is how long what crawls yielded, and alarms and notices that ended, are
	// kept; crawls that brought nothing new for a tenth of it.
	Health time.Duration
}

// Pruned counts what was let go.
type Pruned struct{ Raw, Turns, Ledger, People, Quarantine, Reports, Health, Tokens int }

// pruneBatch is how many rows one transaction lets go.
const pruneBatch = 200

// Prune lets go of what has been kept long enough, in small transactions.
func (s *Store) Prune(ctx context.Context, r Retention) (p Pruned, err error) {
	now := s.now()
	for _, step := range []struct {
		keep  time.Duration
		count *int
		query string
		args  []any
	}{
		{r.Raw, &p.Raw, `UPDATE posting_body SET raw = NULL WHERE (source, reference) IN (
			SELECT p.source, p.reference FROM posting p JOIN posting_body b ON b.source = p.source AND b.reference = p.reference
			WHERE p.closed_at < $1 AND p.open = 0 AND b.raw IS NOT NULL LIMIT $2` + s.locks("UPDATE OF b SKIP LOCKED") + `)`, nil},
		{r.Raw, &p.Turns, `DELETE FROM posting_turn WHERE (source, reference, at, event) IN (
			SELECT t.source, t.reference, t.at, t.event FROM posting_turn t JOIN posting p ON p.source = t.source AND p.reference = t.reference
			WHERE p.closed_at < $1 AND p.open = 0 LIMIT $2` + s.locks("UPDATE OF t SKIP LOCKED") + `)`, nil},
		{r.Ledger, &p.Ledger, `DELETE FROM ledger WHERE (person, vacancy, event) IN (
			SELECT l.person, l.vacancy, l.event FROM ledger l JOIN vacancy v ON v.id = l.vacancy
			WHERE v.state <> $3 AND v.closed_at < $1 LIMIT $2` + s.locks("UPDATE OF l SKIP LOCKED") + `)`, []any{string(sendwatch.VacancyOpen)}},
		{r.Quarantine, &p.Quarantine, `DELETE FROM quarantine WHERE (source, url, reference) IN (
			SELECT source, url, reference FROM quarantine WHERE last_at < $1 LIMIT $2` + s.locks("UPDATE SKIP LOCKED") + `)`, nil},
		{r.Reports, &p.Reports, `DELETE FROM report WHERE id IN (
			SELECT id FROM report WHERE state <> $3 AND decided_at < $1 LIMIT $2` + s.locks("UPDATE SKIP LOCKED") + `)`, []any{string(ReportWaiting)}},
	} {
		if step.keep <= 0 {
			continue
		}
		args := append([]any{ms(now.Add(-step.keep)), pruneBatch}, step.args...)
		if *step.count, err = s.pruneAll(ctx, step.query, args...); err != nil {
			return p, fmt.Errorf("store: prune: %w", err)
		}
	}
	if r.Health > 0 {
		if p.Health, err = s.pruneHealth(ctx, r.Health); err != nil {
			return p, fmt.Errorf("store: prune: %w", err)
		}
	}
	if p.Tokens, err = s.pruneAccess(ctx); err != nil {
		return p, fmt.Errorf("store: prune: %w", err)
	}
	if r.Unconfirmed > 0 {
		p.People, err = s.pruneUnconfirmed(ctx, now.Add(-r.Unconfirmed))
	}
	return p, err
}

// pruneAll repeats a bounded statement until it changes nothing more.
func (s *Store) pruneAll(ctx context.Context, query string, args ...any) (total int, err error) {
	for {
		var n int64
		err := s.inTx(ctx, func(tx *txn) (err error) {
			n, err = exec(ctx, tx, query, args...)
			return err
		})
		total += int(n)
		if err != nil || n < pruneBatch {
			return total, err
		}
	}
}

// neverConfirmed holds for who has asked nothing since a moment and never confirmed.
const neverConfirmed = `confirmed_at IS NULL AND created_at < $1
	AND NOT EXISTS (SELECT 1 FROM subscription n WHERE n.person = subscriber.person AND n.created_at >= $1)`

func (s *Store) pruneUnconfirmed(ctx context.Context, before time.Time) (n int, err error) {
	people, err := all(ctx, s.read, scanString, `SELECT person FROM subscriber WHERE `+neverConfirmed, ms(before))
	if err != nil {
		return 0, fmt.Errorf("store: prune: %w", err)
	}
	for _, person := range people {
		erased := false
		err := s.Write(ctx, func(t *Tx) error {
			// Within the transaction, since the person may have confirmed this moment.
			still, err := all(ctx, t.tx, scanString, `SELECT person FROM subscriber WHERE `+neverConfirmed+` AND person = $2`, ms(before), person)
			if erased = len(still) > 0; err != nil || !erased {
				return err
			}
			return t.erase(ctx, person)
		})
		if err != nil {
			return n, fmt.Errorf("store: prune: %w", err)
		}
		if erased {
			n++
		}
	}
	return n, nil
}
