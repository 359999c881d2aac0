package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Notice is the message that tells the operator of alarms. Like a digest it is
// frozen, with its Message-ID, when it is first claimed.
type Notice struct {
	ID, MessageID string
	Lines         []NoticeLine
	Attempts      int
	// Token fences the lease under which this claim may report back.
	Token string
	At    time.Time
}

// NoticeLine is one alarm in a notice.
type NoticeLine struct {
	Source string    `json:"source"`
	Kind   string    `json:"kind"`
	Says   string    `json:"says"`
	State  string    `json:"state"`
	Since  time.Time `json:"since"`
}

// The states of a line.
const (
	NoticeNew   = "new"   // told for the first time since it was raised
	NoticeStill = "still" // told before, and on
	NoticeOver  = "over"  // told before, and ended
)

const (
	// noticeEvery is the least time between two notices: the operator gets one
	// message a day at most, so an alarm that comes and goes stands in one at most.
	noticeEvery = 24 * time.Hour
	// noticeAgain is when an alarm that is still on is told again.
	noticeAgain = 7 * 24 * time.Hour
	// noticeMost is how many lines one notice carries; what is beyond waits.
	noticeMost = 200
	// noticeWork is the one piece of work of its kind: its due time is when the next
	// notice may be claimed.
	noticeWork = "operator"
)

// untold selects the alarms that the operator is to be told of: raised and not told
// since, told and ended since, or told long ago and still on.
const untold = alarmColumns + `WHERE (ended_at IS NULL AND (told_at < since OR told_at <= $1)) OR (ended_at IS NOT NULL AND told_at >= since AND told_at <= ended_at)
	ORDER BY source, kind LIMIT $2`

func (s *Store) untold(ctx context.Context, q querier) ([]NoticeLine, error) {
	as, err := all(ctx, q, scanAlarm, untold, ms(s.now().Add(-noticeAgain)), noticeMost)
	if err != nil {
		return nil, err
	}
	var out []NoticeLine
	for _, a := range as {
		l := NoticeLine{Source: a.Source, Kind: a.Kind, Says: a.Says, Since: a.Since, State: NoticeStill}
		switch {
		case !a.On():
			l.State = NoticeOver
		case a.ToldAt.Before(a.Since):
			l.State = NoticeNew
		}
		out = append(out, l)
	}
	return out, nil
}

// ClaimNotice leases the notice to send, or returns nil when there is nothing to
// tell or it is too soon. One that was not sent comes first and exactly as it was
// frozen.
func (s *Store) ClaimNotice(ctx context.Context, lease time.Duration) (n *Notice, err error) {
	wanted, err := s.DueNotice(ctx) // most of the time there is nothing to write
	if err == nil && wanted == nil {
		return nil, nil
	}
	if err == nil {
		err = s.inTx(ctx, func(tx *txn) (err error) {
			n, err = s.claimNotice(ctx, tx, lease)
			return err
		})
	}
	if err != nil {
		return nil, fmt.Errorf("store: claim notice: %w", err)
	}
	return n, nil
}

func (s *Store) claimNotice(ctx context.Context, tx *txn, lease time.Duration) (*Notice, error) {
	if err := addWork(ctx, tx, workNotice, noticeWork, 0); err != nil {
		return nil, err
	}
	l, err := s.claimNamed(ctx, tx, workNotice, noticeWork, lease, false)
	if errors.Is(err, ErrNotDue) || errors.Is(err, ErrLeased) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	n, err := frozenNotice(ctx, tx)
	if err == nil && n == nil {
		n, err = s.freezeNotice(ctx, tx)
	}
	if err != nil {
		return nil, err
	}
	if n == nil { // somebody else was there first
		return nil, putBack(ctx, tx, l, s.now(), 0)
	}
	n.Token, n.Attempts = l.Token, l.Attempts
	return n, nil
}

// frozenNotice is the one that was frozen and is neither sent nor given up, or nil.
func frozenNotice(ctx context.Context, q querier) (*Notice, error) {
	var n Notice
	var lines string
	var at int64
	err := q.QueryRowContext(ctx, `SELECT id, message_id, lines, at FROM notice WHERE state = $1 ORDER BY at, id LIMIT 1`, stateFrozen).
		Scan(&n.ID, &n.MessageID, &lines, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	n.At = fromMS(at)
	return &n, json.Unmarshal([]byte(lines), &n.Lines)
}

// freezeNotice freezes what is to be told, which is told by that; nil when there is
// nothing.
func (s *Store) freezeNotice(ctx context.Context, tx *txn) (*Notice, error) {
	lines, err := s.untold(ctx, tx)
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	n := &Notice{ID: s.newID(), MessageID: s.messageID(), Lines: lines, At: fromMS(ms(s.now()))}
	text, err := toJSON(lines)
	if err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO notice (id, message_id, lines, state, note, at) VALUES ($1, $2, $3, $4, '', $5)`,
		n.ID, n.MessageID, text, stateFrozen, ms(n.At)); err != nil {
		return nil, err
	}
	for _, l := range lines {
		// Its end is told after it, even within one millisecond.
		if _, err := tx.ExecContext(ctx, `UPDATE alarm SET told_at = CASE WHEN ended_at >= $1 THEN ended_at + 1 ELSE $1 END WHERE source = $2 AND kind = $3`,
			ms(n.At), l.Source, l.Kind); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// DueNotice shows what would be claimed now, and claims nothing; nil when nothing
// would be.
func (s *Store) DueNotice(ctx context.Context) (*Notice, error) {
	var until int64
	err := s.read.QueryRowContext(ctx, `SELECT CASE WHEN lease_until > due_at THEN lease_until ELSE due_at END FROM work WHERE kind = $1 AND id = $2`, workNotice, noticeWork).
		Scan(&until)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("store: due notice: %w", err)
	}
	if until > ms(s.now()) {
		return nil, nil
	}
	n, err := frozenNotice(ctx, s.read)
	if err != nil {
		return nil, fmt.Errorf("store: due notice: %w", err)
	}
	if n != nil {
		return n, nil
	}
	lines, err := s.untold(ctx, s.read)
	if err != nil {
		return nil, fmt.Errorf("store: due notice: %w", err)
	}
	if len(lines) == 0 {
		return nil, nil
	}
	return &Notice{Lines: lines, At: s.now()}, nil
}

// NoticeSent marks a notice as sent.
func (s *Store) NoticeSent(ctx context.Context, id, token string) error {
	return s.endNotice(ctx, id, token, stateSent, "")
}

// NoticeDropped gives a notice up. What it would have told counts as told.
func (s *Store) NoticeDropped(ctx context.Context, id, token, why string) error {
	return s.endNotice(ctx, id, token, stateDropped, why)
}

func (s *Store) endNotice(ctx context.Context, id, token, state, note string) error {
	err := s.inTx(ctx, func(tx *txn) error {
		now := s.now()
		if err := putBack(ctx, tx, Lease{Kind: workNotice, ID: noticeWork, Token: token}, now.Add(noticeEvery), 0); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE notice SET state = $1, note = $2, ended_at = $3 WHERE id = $4`, state, note, ms(now), id)
		return err
	})
	if err != nil {
		return fmt.Errorf("store: notice %s: %w", state, err)
	}
	return nil
}

// NoticeRetry gives a notice back, to be sent at a later moment.
func (s *Store) NoticeRetry(ctx context.Context, id, token string, at time.Time, why string) error {
	err := s.inTx(ctx, func(tx *txn) error {
		if err := retryWork(ctx, tx, Lease{Kind: workNotice, ID: noticeWork, Token: token}, at); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE notice SET note = $1 WHERE id = $2`, why, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("store: notice retry: %w", err)
	}
	return nil
}
