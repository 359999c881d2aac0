package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"
)

// Crawl is what one crawl yielded.
type Crawl struct {
	// Crawl is its number.
	Crawl   int64
	EndedAt time.Time
	CrawlEnd
}

func putCrawl(ctx context.Context, tx *txn, l Lease, e CrawlEnd, now int64) error {
	fields := ""
	if len(e.Fields) > 0 {
		var err error
		if fields, err = toJSON(e.Fields); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO crawl (source, crawl, ended_at, complete, partial, healthy, listed, unreadable, fault, fresh, counted, fields, note, report)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		l.ID, l.Crawl, now, flag(e.Complete), flag(e.Partial), flag(e.Healthy), e.Listed, e.Unreadable, e.Fault, e.New, e.Counted, fields, e.Note, e.Report)
	return err
}

// ReportCrawl keeps the report of a crawl anew, under its lease: what it closed is
// known only after its verdict.
func (s *Store) ReportCrawl(ctx context.Context, l Lease, report string) error {
	err := s.inTx(ctx, func(tx *txn) error {
		if err := holds(ctx, tx, l); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE crawl SET report = $1 WHERE source = $2 AND crawl = $3`, report, l.ID, l.Crawl)
		return err
	})
	if err != nil {
		return fmt.Errorf("store: report of crawl %d of %s: %w", l.Crawl, l.ID, err)
	}
	return nil
}

// Crawls returns up to limit of the newest crawls of a source, newest first. Their
// trend and lists are not kept.
func (s *Store) Crawls(ctx context.Context, source string, limit int) ([]Crawl, error) {
	cs, err := all(ctx, s.read, func(r *sql.Rows) (c Crawl, err error) {
		var ended int64
		var fields string
		err = r.Scan(&c.Crawl, &ended, &c.Complete, &c.Partial, &c.Healthy, &c.Listed, &c.Unreadable, &c.Fault, &c.New, &c.Counted, &fields, &c.Note, &c.Report)
		c.EndedAt = fromMS(ended)
		if err == nil && fields != "" {
			err = json.Unmarshal([]byte(fields), &c.Fields)
		}
		return c, err
	}, `SELECT crawl, ended_at, complete, partial, healthy, listed, unreadable, fault, fresh, counted, fields, note, report
		FROM crawl WHERE source = $1 ORDER BY crawl DESC LIMIT $2`, source, limit)
	if err != nil {
		return nil, fmt.Errorf("store: crawls of %s: %w", source, err)
	}
	return cs, nil
}

// pruneHealth lets go of crawls, ended alarms and notices. Crawls that brought
// nothing new go after a tenth of the time: they are most of them. The newest of a
// source always stays, for it says how the source is.
func (s *Store) pruneHealth(ctx context.Context, keep time.Duration) (total int, err error) {
	now := s.now()
	old, idle := ms(now.Add(-keep)), ms(now.Add(-keep/10))
	for _, step := range []struct {
		query string
		args  []any
	}{
		{`DELETE FROM crawl WHERE (source, crawl) IN (
			SELECT c.source, c.crawl FROM crawl c WHERE c.ended_at < $1 AND (c.ended_at < $3 OR (c.fresh = 0 AND c.counted = 0))
				AND c.crawl < (SELECT MAX(n.crawl) FROM crawl n WHERE n.source = c.source)
			LIMIT $2` + s.locks("UPDATE OF c SKIP LOCKED") + `)`, []any{idle, pruneBatch, old}},
		{`DELETE FROM alarm WHERE (source, kind) IN (
			SELECT source, kind FROM alarm WHERE ended_at < $1 LIMIT $2` + s.locks("UPDATE SKIP LOCKED") + `)`, []any{old, pruneBatch}},
		{`DELETE FROM notice WHERE id IN (
			SELECT id FROM notice WHERE ended_at < $1 LIMIT $2` + s.locks("UPDATE SKIP LOCKED") + `)`, []any{old, pruneBatch}},
	} {
		n, err := s.pruneAll(ctx, step.query, step.args...)
		if total += n; err != nil {
			return total, err
		}
	}
	return total, nil
}
