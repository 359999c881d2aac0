package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Alarm says that something about a source wants an operator's eye. A source has at
// most one of a kind. What the kinds are, and when one is on, is ingest's to judge.
type Alarm struct {
	Source, Kind string
	// Says is what is wrong, in plain words and without addresses.
	Says string
	// Usual is what it is measured against, in the kind's own unit.
	Usual int
	// Since is when it was raised, SeenAt when it was last found to be on.
	Since, SeenAt time.Time
	// ToldAt is when the operator was last told of it, EndedAt when it ended; zero
	// when that was not.
	ToldAt, EndedAt time.Time
}

// On reports whether the alarm is on.
func (a Alarm) On() bool { return a.EndedAt.IsZero() }

const alarmColumns = `SELECT source, kind, says, usual, since, seen_at, told_at, COALESCE(ended_at, 0) FROM alarm `

func scanAlarm(r *sql.Rows) (a Alarm, err error) {
	var since, seen, told, ended int64
	err = r.Scan(&a.Source, &a.Kind, &a.Says, &a.Usual, &since, &seen, &told, &ended)
	a.Since, a.SeenAt, a.ToldAt, a.EndedAt = fromMS(since), fromMS(seen), fromMS(told), fromMS(ended)
	return a, err
}

// Alarms returns the alarms that are on, of one source or, when it is empty, of
// all, by source and kind.
func (s *Store) Alarms(ctx context.Context, source string) ([]Alarm, error) {
	as, err := all(ctx, s.read, scanAlarm, alarmColumns+`WHERE ended_at IS NULL AND (source = $1 OR $1 = '') ORDER BY source, kind`, source)
	if err != nil {
		return nil, fmt.Errorf("store: alarms: %w", err)
	}
	return as, nil
}

// History is what a source is judged by.
type History struct {
	SourceHealth
	// Crawls are the newest, newest first.
	Crawls []Crawl
	// Alarms are those that are on and those that ended, by kind.
	Alarms []Alarm
}

// History returns a source's history with up to limit crawls, or ErrNotFound.
func (s *Store) History(ctx context.Context, source string, limit int) (h History, err error) {
	of, err := s.sourceHealth(ctx, source)
	if err == nil && (len(of) == 0 || source == "") {
		err = ErrNotFound
	}
	if err == nil {
		h.SourceHealth = of[0]
		h.Crawls, err = s.Crawls(ctx, source, limit)
	}
	if err == nil {
		h.Alarms, err = all(ctx, s.read, scanAlarm, alarmColumns+`WHERE source = $1 ORDER BY kind`, source)
	}
	if err != nil {
		return History{}, fmt.Errorf("store: history of %s: %w", source, err)
	}
	return h, nil
}

// SetAlarms makes the given alarms of a source those that are on, and returns which
// of them were raised and which others ended by that. Of the given ones Kind, Says
// and Usual count.
func (s *Store) SetAlarms(ctx context.Context, source string, on []Alarm) (raised, ended []Alarm, err error) {
	err = s.inTx(ctx, func(tx *txn) error {
		raised, ended = nil, nil
		known, err := all(ctx, tx, scanAlarm, alarmColumns+`WHERE source = $1 ORDER BY kind`+tx.locks("UPDATE"), source)
		if err != nil {
			return err
		}
		now := fromMS(ms(s.now()))
		was := map[string]Alarm{}
		for _, a := range known {
			was[a.Kind] = a
		}
		wanted := map[string]bool{}
		for _, a := range on {
			wanted[a.Kind] = true
			old, found := was[a.Kind]
			a.Source, a.Since, a.SeenAt, a.ToldAt = source, now, now, old.ToldAt
			if found && old.On() {
				a.Since = old.Since
			} else {
				raised = append(raised, a)
			}
			if err := putAlarm(ctx, tx, a); err != nil {
				return err
			}
		}
		for _, a := range known {
			if wanted[a.Kind] || !a.On() {
				continue
			}
			a.EndedAt = now
			ended = append(ended, a)
			if _, err := tx.ExecContext(ctx, `UPDATE alarm SET ended_at = $1 WHERE source = $2 AND kind = $3`, ms(now), source, a.Kind); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("store: alarms of %s: %w", source, err)
	}
	return raised, ended, nil
}

func putAlarm(ctx context.Context, tx *txn, a Alarm) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO alarm (source, kind, says, usual, since, seen_at, told_at) VALUES ($1, $2, $3, $4, $5, $6, 0)
		ON CONFLICT (source, kind) DO UPDATE SET says = excluded.says, usual = excluded.usual, since = excluded.since, seen_at = excluded.seen_at, ended_at = NULL`,
		a.Source, a.Kind, a.Says, a.Usual, ms(a.Since), ms(a.SeenAt))
	return err
}
