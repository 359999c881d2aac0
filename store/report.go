package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// ErrFull says that no more reports are taken in until some are decided.
var ErrFull = errors.New("too many reports wait for a decision")

// The bounds of what strangers may make the store keep.
const (
	mostReports        = 5000
	mostVacancyReports = 20
)

// ReportState is where a report stands.
type ReportState string

// A report waits until the operator approves or rejects it.
const (
	ReportWaiting  ReportState = "waiting"
	ReportApproved ReportState = "approved"
	ReportRejected ReportState = "rejected"
)

// What a report may be about.
const (
	ReportMistake = "mistake"
	ReportRemove  = "remove"
)

// Report is what a visitor says of a vacancy. Who said it is not kept: the answer is
// read under the report's id, which only its sender has seen.
type Report struct {
	ID      string `json:"id"`
	Vacancy string `json:"vacancy"`
	// About is ReportMistake or ReportRemove; Text is what the visitor wrote.
	About string      `json:"about"`
	Text  string      `json:"text,omitempty"`
	State ReportState `json:"state"`
	// Answer is what the operator says to it.
	Answer    string     `json:"answer,omitempty"`
	At        time.Time  `json:"at"`
	DecidedAt *time.Time `json:"decided_at,omitempty"`
}

// PutReport keeps a new report and returns its id. It returns ErrFull when too many
// wait already, of one vacancy or in all.
func (s *Store) PutReport(ctx context.Context, r Report) (id string, err error) {
	id = s.newID()
	err = s.inTx(ctx, func(tx *txn) error {
		var waiting, same int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*), COUNT(CASE WHEN vacancy = $1 THEN 1 END) FROM report WHERE state = $2`,
			r.Vacancy, string(ReportWaiting)).Scan(&waiting, &same); err != nil {
			return err
		}
		if waiting >= mostReports || same >= mostVacancyReports {
			return ErrFull
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO report (id, vacancy, about, text, state, answer, at) VALUES ($1, $2, $3, $4, $5, '', $6)`,
			id, r.Vacancy, r.About, r.Text, string(ReportWaiting), ms(s.now()))
		return err
	})
	if err != nil {
		return "", fmt.Errorf("store: report of %s: %w", r.Vacancy, err)
	}
	return id, nil
}

// Report returns one report, or ErrNotFound.
func (s *Store) Report(ctx context.Context, id string) (Report, error) {
	rs, err := reports(ctx, s.read, `WHERE id = $1`, id)
	if err == nil && len(rs) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Report{}, fmt.Errorf("store: report %s: %w", id, err)
	}
	return rs[0], nil
}

// Reports returns up to limit reports in a state, the oldest first.
func (s *Store) Reports(ctx context.Context, state ReportState, limit int) ([]Report, error) {
	rs, err := reports(ctx, s.read, `WHERE state = $1 ORDER BY at, id LIMIT $2`, string(state), limit)
	if err != nil {
		return nil, fmt.Errorf("store: reports: %w", err)
	}
	return rs, nil
}

func reports(ctx context.Context, q querier, where string, args ...any) ([]Report, error) {
	return all(ctx, q, func(r *sql.Rows) (x Report, err error) {
		var at int64
		var decided sql.NullInt64
		err = r.Scan(&x.ID, &x.Vacancy, &x.About, &x.Text, &x.State, &x.Answer, &at, &decided)
		x.At, x.DecidedAt = fromMS(at), fromNullMS(decided)
		return x, err
	}, `SELECT id, vacancy, about, text, state, answer, at, decided_at FROM report `+where, args...)
}

// DecideReport says what became of a report that waits; ErrNotFound when none does
// under this id.
func (s *Store) DecideReport(ctx context.Context, id string, state ReportState, answer string) error {
	err := s.inTx(ctx, func(tx *txn) error {
		n, err := exec(ctx, tx, `UPDATE report SET state = $1, answer = $2, decided_at = $3 WHERE id = $4 AND state = $5`,
			string(state), answer, ms(s.now()), id, string(ReportWaiting))
		if err == nil && n == 0 {
			err = ErrNotFound
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("store: decide report %s: %w", id, err)
	}
	return nil
}
