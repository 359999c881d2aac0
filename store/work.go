package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"
)

// The kinds of work.
const (
	workSource       = "source"
	workHost         = "host"
	workReader       = "reader"
	workDigest       = "digest"
	workConfirmation = "confirmation"
	workNotice       = "notice"
)

// Lease is a claim on one piece of work until a moment. Its token fences: once
// another has taken the work over, what is reported under it is refused.
type Lease struct {
	// Kind is source, host, reader, digest, confirmation or notice; ID is the source's id,
	// the host's name, and so on.
	Kind, ID string
	Token    string
	// Attempts counts the claims since the work was last done.
	Attempts int
	Until    time.Time
	// Crawl is the number of the crawl that a source's lease allows, counted from 1.
	Crawl int64
}

// mostDeaths is how often a message may be claimed and left by processes that died
// before it is no longer freed early: it may be what kills them, and then its long
// lease spaces the deaths.
const mostDeaths = 3

// token mints the token of a lease.
func (s *Store) token() string {
	if s.holder == "" {
		return s.newID()
	}
	return s.holder + "." + s.newID()
}

// ReleaseHolder frees what a process held that is known to be dead, and returns how
// much that was: nobody need wait for its leases to run out. The claims stay
// counted.
func (s *Store) ReleaseHolder(ctx context.Context, holder string) (n int, err error) {
	err = s.inTx(ctx, func(tx *txn) error {
		freed, err := exec(ctx, tx, `UPDATE work SET lease_until = 0, token = ''
			WHERE (kind, id) IN (SELECT kind, id FROM work
				WHERE lease_until > $1 AND substr(token, 1, $2) = $3 AND (kind IN ($4, $5, $6) OR attempts <= $7)
				ORDER BY kind, id`+tx.locks("UPDATE")+`)`,
			ms(s.now()), len(holder)+1, holder+".", workSource, workHost, workReader, mostDeaths)
		n = int(freed)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("store: release what %s held: %w", holder, err)
	}
	return n, nil
}

// LeasedError says until when somebody else holds the work. It is an [ErrLeased].
type LeasedError struct {
	Kind, ID string
	Until    time.Time
}

// Error implements error.
func (e *LeasedError) Error() string {
	return fmt.Sprintf("%s %s is leased by another until %s", e.Kind, e.ID, e.Until.Format(time.RFC3339))
}

// Is reports whether target is ErrLeased.
func (e *LeasedError) Is(target error) bool { return target == ErrLeased }

// addWork puts a piece of work down, unless it is there.
func addWork(ctx context.Context, tx *txn, kind, id string, due int64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO work (kind, id, due_at, attempts, lease_until, token) VALUES ($1, $2, $3, 0, 0, '')
		ON CONFLICT (kind, id) DO NOTHING`, kind, id, due)
	return err
}

// claimNext claims the piece of work that has been due for longest, and reports
// whether there was one. Together with claimNamed it is the one way to claim.
func (s *Store) claimNext(ctx context.Context, tx *txn, kind string, lease time.Duration) (Lease, bool, error) {
	now := s.now()
	l := Lease{Kind: kind, Token: s.token(), Until: now.Add(lease)}
	err := tx.QueryRowContext(ctx, `UPDATE work SET lease_until = $1, token = $2, attempts = attempts + 1
		WHERE kind = $3 AND id = (
			SELECT id FROM work WHERE kind = $3 AND due_at <= $4 AND lease_until <= $4 ORDER BY due_at, id LIMIT 1`+tx.locks("UPDATE SKIP LOCKED")+`)
		RETURNING id, attempts`, ms(l.Until), l.Token, kind, ms(now)).Scan(&l.ID, &l.Attempts)
	if errors.Is(err, sql.ErrNoRows) {
		return Lease{}, false, nil
	}
	return l, err == nil, err
}

// claimNamed claims one piece of work, due or, when even is set, not due yet.
func (s *Store) claimNamed(ctx context.Context, tx *txn, kind, id string, lease time.Duration, even bool) (Lease, error) {
	for {
		l, err := s.tryNamed(ctx, tx, kind, id, lease, even)
		if !errors.Is(err, errFreed) {
			return l, err
		}
	}
}

// errFreed says that somebody held the work when it was to be claimed, and does not
// any more.
var errFreed = errors.New("freed meanwhile")

func (s *Store) tryNamed(ctx context.Context, tx *txn, kind, id string, lease time.Duration, even bool) (Lease, error) {
	now := s.now()
	l := Lease{Kind: kind, ID: id, Token: s.token(), Until: now.Add(lease)}
	latest := ms(now)
	if even {
		latest = math.MaxInt64
	}
	err := tx.QueryRowContext(ctx, `UPDATE work SET lease_until = $1, token = $2, attempts = attempts + 1
		WHERE kind = $3 AND id = $4 AND lease_until <= $5 AND due_at <= $6 RETURNING attempts`,
		ms(l.Until), l.Token, kind, id, ms(now), latest).Scan(&l.Attempts)
	if !errors.Is(err, sql.ErrNoRows) {
		return l, err
	}
	var due, until int64
	err = tx.QueryRowContext(ctx, `SELECT due_at, lease_until FROM work WHERE kind = $1 AND id = $2`, kind, id).Scan(&due, &until)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Lease{}, ErrNotFound
	case err != nil:
		return Lease{}, err
	case until > ms(now):
		return Lease{}, &LeasedError{Kind: kind, ID: id, Until: fromMS(until)}
	case due <= latest:
		return Lease{}, errFreed
	}
	return Lease{}, ErrNotDue
}

// holds checks, within a transaction, that a lease was not taken over, and keeps
// it from being taken over until the transaction ends. A lease that merely ran out
// still holds: nobody else has begun.
func holds(ctx context.Context, tx *txn, l Lease) error {
	var token string
	err := tx.QueryRowContext(ctx, `SELECT token FROM work WHERE kind = $1 AND id = $2`+tx.locks("SHARE"), l.Kind, l.ID).Scan(&token)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if l.Token == "" || token != l.Token {
		return fmt.Errorf("%s %s: %w", l.Kind, l.ID, ErrLeaseLost)
	}
	return nil
}

// putBack ends a lease: the work is due again at due, with attempts as given.
func putBack(ctx context.Context, tx *txn, l Lease, due time.Time, attempts int) error {
	n, err := exec(ctx, tx, `UPDATE work SET due_at = $1, attempts = $2, lease_until = 0, token = '' WHERE kind = $3 AND id = $4 AND token = $5`,
		ms(due), attempts, l.Kind, l.ID, l.Token)
	return fenced(l, n, err)
}

// fenced turns a statement that changed nothing, for its lease was lost, into an
// error.
func fenced(l Lease, changed int64, err error) error {
	if err != nil {
		return err
	}
	if changed == 0 || l.Token == "" {
		return fmt.Errorf("%s %s: %w", l.Kind, l.ID, ErrLeaseLost)
	}
	return nil
}

// endWork takes a piece of work away: it is done, or never will be.
func endWork(ctx context.Context, tx *txn, l Lease) error {
	n, err := exec(ctx, tx, `DELETE FROM work WHERE kind = $1 AND id = $2 AND token = $3`, l.Kind, l.ID, l.Token)
	return fenced(l, n, err)
}

// RenewLease lengthens a lease to lease from now. ErrLeaseLost means that another
// has the work now, and that ours must stop.
func (s *Store) RenewLease(ctx context.Context, l Lease, lease time.Duration) (Lease, error) {
	until := s.now().Add(lease)
	err := s.inTx(ctx, func(tx *txn) error {
		n, err := exec(ctx, tx, `UPDATE work SET lease_until = $1 WHERE kind = $2 AND id = $3 AND token = $4`, ms(until), l.Kind, l.ID, l.Token)
		if err == nil && (n == 0 || l.Token == "") {
			err = ErrLeaseLost
		}
		return err
	})
	if err != nil {
		return l, fmt.Errorf("store: renew %s %s: %w", l.Kind, l.ID, err)
	}
	l.Until = until
	return l, nil
}

// ReleaseLease gives work back untouched: it is due as it was before the claim.
func (s *Store) ReleaseLease(ctx context.Context, l Lease) error {
	err := s.inTx(ctx, func(tx *txn) error {
		n, err := exec(ctx, tx, `UPDATE work SET attempts = attempts - 1, lease_until = 0, token = '' WHERE kind = $1 AND id = $2 AND token = $3`,
			l.Kind, l.ID, l.Token)
		if err == nil && (n == 0 || l.Token == "") {
			err = ErrLeaseLost
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("store: release %s %s: %w", l.Kind, l.ID, err)
	}
	return nil
}
