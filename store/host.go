package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Robots returns the last robots.txt of an origin, the status it came with and
// when; a zero time means that nothing is known.
func (s *Store) Robots(ctx context.Context, origin string) (body []byte, status int, at time.Time, err error) {
	var n int64
	err = s.read.QueryRowContext(ctx, `SELECT body, status, at FROM robots WHERE origin = $1`, origin).Scan(&body, &status, &n)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, 0, time.Time{}, nil
	}
	if err != nil {
		return nil, 0, time.Time{}, fmt.Errorf("store: robots of %s: %w", origin, err)
	}
	return body, status, fromMS(n), nil
}

// PutRobots keeps a robots.txt.
func (s *Store) PutRobots(ctx context.Context, origin string, body []byte, status int, at time.Time) error {
	err := s.inTx(ctx, func(tx *txn) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO robots (origin, body, status, at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (origin) DO UPDATE SET body = excluded.body, status = excluded.status, at = excluded.at`, origin, body, status, ms(at))
		return err
	})
	if err != nil {
		return fmt.Errorf("store: put robots of %s: %w", origin, err)
	}
	return nil
}

// Reserve books the next free moment of a host and returns it; the host's next
// free moment after that is gap later. It never waits. A gap that is no whole
// number of milliseconds is rounded up.
func (s *Store) Reserve(ctx context.Context, host string, gap time.Duration) (time.Time, error) {
	now := s.now()
	if gap <= 0 {
		// Nothing is booked, but others' bookings count.
		var next int64
		err := s.read.QueryRowContext(ctx, `SELECT next_at FROM host WHERE host = $1`, host).Scan(&next)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return time.Time{}, fmt.Errorf("store: reserve %s: %w", host, err)
		}
		if next > ms(now) {
			return fromMS(next), nil
		}
		return now, nil
	}
	step := int64((gap + time.Millisecond - 1) / time.Millisecond)
	var next int64
	err := s.inTx(ctx, func(tx *txn) error {
		return tx.QueryRowContext(ctx, `INSERT INTO host (host, next_at) VALUES ($1, CAST($2 AS bigint) + $3)
			ON CONFLICT (host) DO UPDATE SET next_at = CASE WHEN host.next_at > $2 THEN host.next_at ELSE $2 END + $3
			RETURNING next_at`, host, ms(now), step).Scan(&next)
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("store: reserve %s: %w", host, err)
	}
	return fromMS(next - step), nil
}

// Pace returns the least time from the end of one request to a host to the
// beginning of the next, as its answers have taught; 0 when they ask for none.
func (s *Store) Pace(ctx context.Context, host string) (time.Duration, error) {
	var pace int64
	err := s.read.QueryRowContext(ctx, `SELECT pace FROM host WHERE host = $1`, host).Scan(&pace)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("store: pace of %s: %w", host, err)
	}
	return time.Duration(pace) * time.Millisecond, nil
}

// SetPace keeps a host's pace, for every process. A pace that is no whole number
// of milliseconds is rounded up. What is booked with the host stays booked.
func (s *Store) SetPace(ctx context.Context, host string, pace time.Duration) error {
	err := s.inTx(ctx, func(tx *txn) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO host (host, next_at, pace) VALUES ($1, 0, $2)
			ON CONFLICT (host) DO UPDATE SET pace = excluded.pace`, host, int64((pace+time.Millisecond-1)/time.Millisecond))
		return err
	})
	if err != nil {
		return fmt.Errorf("store: set the pace of %s: %w", host, err)
	}
	return nil
}
