package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// EnsureSources makes the sources known; new ones are due at once. Sources that
// are no longer configured keep their history.
func (s *Store) EnsureSources(ctx context.Context, ids []string) error {
	ids = slices.Clone(ids)
	slices.Sort(ids) // two processes that start at once do it in one order
	err := s.inTx(ctx, func(tx *txn) error {
		for _, id := range ids {
			if _, err := tx.ExecContext(ctx, `INSERT INTO source (id, crawl, usual, shrunk_listed, shrunk_times, shrunk_since, failures, last_healthy_at, added_at)
				VALUES ($1, 0, 0, 0, 0, 0, 0, 0, $2) ON CONFLICT (id) DO NOTHING`, id, ms(s.now())); err != nil {
				return err
			}
			if err := addWork(ctx, tx, workSource, id, 0); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store: ensure sources: %w", err)
	}
	return nil
}

// DueSources returns the ids of the sources that are due and that nobody holds,
// longest due first.
func (s *Store) DueSources(ctx context.Context) ([]string, error) {
	ids, err := all(ctx, s.read, scanString,
		`SELECT id FROM work WHERE kind = $1 AND due_at <= $2 AND lease_until <= $2 ORDER BY due_at, id`, workSource, ms(s.now()))
	if err != nil {
		return nil, fmt.Errorf("store: due sources: %w", err)
	}
	return ids, nil
}

// ClaimSource leases a source for a new crawl and numbers that crawl. It returns
// ErrLeased while another crawls it, ErrNotDue before its time unless evenIfNotDue
// is set, and ErrNotFound for a source that was never ensured.
func (s *Store) ClaimSource(ctx context.Context, id string, lease time.Duration, evenIfNotDue bool) (Lease, error) {
	var l Lease
	err := s.inTx(ctx, func(tx *txn) (err error) {
		if l, err = s.claimNamed(ctx, tx, workSource, id, lease, evenIfNotDue); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `UPDATE source SET crawl = crawl + 1 WHERE id = $1 RETURNING crawl`, id).Scan(&l.Crawl)
	})
	if err != nil {
		return Lease{}, fmt.Errorf("store: claim source %s: %w", id, err)
	}
	return l, nil
}

// ClaimHost leases a host, so that one crawl at a time visits it.
func (s *Store) ClaimHost(ctx context.Context, host string, lease time.Duration) (Lease, error) {
	return s.claimAlways(ctx, workHost, host, lease)
}

// ClaimReader leases a reader of the change log, so that one process at a time
// follows for it. That is a matter of thrift: what keeps the readers' work right is
// that a cursor moves only from where it is.
func (s *Store) ClaimReader(ctx context.Context, name string, lease time.Duration) (Lease, error) {
	return s.claimAlways(ctx, workReader, name, lease)
}

// claimAlways claims work that is never due and always wanted. It is put down by
// whoever asks for it first.
func (s *Store) claimAlways(ctx context.Context, kind, id string, lease time.Duration) (Lease, error) {
	var l Lease
	err := s.inTx(ctx, func(tx *txn) (err error) {
		if err := addWork(ctx, tx, kind, id, 0); err != nil {
			return err
		}
		l, err = s.claimNamed(ctx, tx, kind, id, lease, true)
		return err
	})
	if err != nil {
		return Lease{}, fmt.Errorf("store: claim %s %s: %w", kind, id, err)
	}
	return l, nil
}

// FinishSource ends a source's lease: the crawl is over, the next one is due at due.
func (s *Store) FinishSource(ctx context.Context, l Lease, due time.Time) error {
	err := s.inTx(ctx, func(tx *txn) error { return putBack(ctx, tx, l, due, 0) })
	if err != nil {
		return fmt.Errorf("store: finish source %s: %w", l.ID, err)
	}
	return nil
}

// Trend is how much a source lists, from crawl to crawl. Its judgement is
// ingest's; the store only keeps it.
type Trend struct {
	// Usual is how many adverts the last healthy crawl listed.
	Usual int
	// ShrunkListed is how many the last suspiciously small crawl listed, and
	// ShrunkTimes how many such crawls in a row listed just that many.
	ShrunkListed, ShrunkTimes int
	// ShrunkSince is when the first of those was; zero when there is none.
	ShrunkSince time.Time
	// Failures counts unhealthy crawls in a row.
	Failures int
}

// Trend returns a source's trend.
func (s *Store) Trend(ctx context.Context, source string) (t Trend, err error) {
	var since int64
	err = s.read.QueryRowContext(ctx, `SELECT usual, shrunk_listed, shrunk_times, shrunk_since, failures FROM source WHERE id = $1`, source).
		Scan(&t.Usual, &t.ShrunkListed, &t.ShrunkTimes, &since, &t.Failures)
	if err != nil {
		return t, fmt.Errorf("store: trend of %s: %w", source, notFound(err))
	}
	t.ShrunkSince = fromMS(since)
	return t, nil
}

// CrawlEnd is the verdict on a crawl.
type CrawlEnd struct {
	Complete, Healthy bool
	// Partial says that its lists name only part of what is live, as a feed does.
	Partial            bool
	Listed, Unreadable int
	// Fault names in a word why it was not healthy.
	Fault string
	// New counts the adverts met for the first time, Counted those whose words were
	// new, and Fields how many of the latter carried each field.
	New, Counted int
	Fields       map[string]int
	// Note says in plain words what was wrong; Report is the crawl's report as JSON.
	Note, Report string
	Trend        Trend
	// Lists are the list pages whose validators may be remembered now.
	Lists []Page
	// CloseAfter is how many complete healthy crawls in a row must miss a posting
	// before it is marked for closing; zero for a crawl whose lists name only part
	// of what is live, which misses nothing.
	CloseAfter int
}

// EndCrawl closes a crawl under its lease. When the crawl was complete and healthy
// it first marks for closing, slice by slice, what was gone, what was missing often
// enough, and what is past its closing date; [Store.MarkedForClosing] finds the
// marked. The last transaction keeps the verdict and the lists. A kill in between
// leaves the marks of some: they come of a crawl that was whole. The lease stays.
func (s *Store) EndCrawl(ctx context.Context, l Lease, e CrawlEnd) error {
	var err error
	if e.Complete && e.Healthy {
		err = s.markForClosing(ctx, l, e.CloseAfter)
	}
	if err == nil {
		err = s.inTx(ctx, func(tx *txn) error { return s.keepVerdict(ctx, tx, l, e) })
	}
	if err != nil {
		return fmt.Errorf("store: end crawl %d of %s: %w", l.Crawl, l.ID, err)
	}
	return nil
}

func (s *Store) keepVerdict(ctx context.Context, tx *txn, l Lease, e CrawlEnd) error {
	if err := holds(ctx, tx, l); err != nil {
		return err
	}
	now := ms(s.now())
	if err := putCrawl(ctx, tx, l, e, now); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE source SET usual = $1, shrunk_listed = $2, shrunk_times = $3, shrunk_since = $4, failures = $5 WHERE id = $6`,
		e.Trend.Usual, e.Trend.ShrunkListed, e.Trend.ShrunkTimes, ms(e.Trend.ShrunkSince), e.Trend.Failures, l.ID); err != nil {
		return err
	}
	if !e.Complete || !e.Healthy {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `UPDATE source SET last_healthy_at = $1 WHERE id = $2`, now, l.ID); err != nil {
		return err
	}
	return putPages(ctx, tx, l.ID, e.Lists...)
}

// Why a posting is closed.
const (
	ClosedMissing = "missing" // not listed any more
	ClosedGone    = "gone"    // its page says so
	ClosedExpired = "expired" // its closing date has passed
	// ClosedUnwatched: its source is not configured any more.
	ClosedUnwatched = "unwatched"
)

// markSlice is how many postings one transaction marks: some 20 ms of writing.
const markSlice = 500

func (s *Store) markForClosing(ctx context.Context, l Lease, after int) error {
	now := ms(s.now())
	var slice []string
	for first := true; first || len(slice) == markSlice; first = false {
		beyond := `reference >= $4`
		last := ""
		if !first {
			beyond, last = `reference > $4`, slice[len(slice)-1]
		}
		// Beside the log's transactions, which write postings in an order of their
		// own, it could wait in a circle with one of them; among them it cannot.
		err := s.Write(ctx, func(t *Tx) (err error) {
			tx := t.tx
			if err := holds(ctx, tx, l); err != nil {
				return err
			}
			slice, err = all(ctx, tx, scanString, `SELECT reference FROM posting WHERE source = $1 AND open = 1 AND `+beyond+`
				AND (last_crawl < $2 OR gone_crawl = $2 OR closes_at <= $3) ORDER BY reference LIMIT $5`,
				l.ID, l.Crawl, now, last, markSlice)
			if err != nil || len(slice) == 0 {
				return err
			}
			return markRange(ctx, tx, l, after, now, slice[0], slice[len(slice)-1])
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// markRange marks the postings from one reference to another, each for the first
// reason that holds.
func markRange(ctx context.Context, tx *txn, l Lease, after int, now int64, from, to string) error {
	_, err := tx.ExecContext(ctx, `UPDATE posting SET
			missed = missed + CASE WHEN last_crawl < $2 AND $6 > 0 THEN 1 ELSE 0 END,
			closing = CASE
				WHEN closing <> '' THEN closing
				WHEN gone_crawl = $2 THEN $7
				WHEN closes_at <= $3 THEN $8
				WHEN last_crawl < $2 AND $6 > 0 AND missed + 1 >= $6 THEN $9
				ELSE '' END
		WHERE source = $1 AND open = 1 AND reference >= $4 AND reference <= $5 AND (last_crawl < $2 OR gone_crawl = $2 OR closes_at <= $3)`,
		l.ID, l.Crawl, now, from, to, after, ClosedGone, ClosedExpired, ClosedMissing)
	return err
}

// MarkExpired marks for closing up to limit postings of any source that are past
// their closing date, and returns how many it marked.
func (s *Store) MarkExpired(ctx context.Context, limit int) (int, error) {
	var n int64
	err := s.inTx(ctx, func(tx *txn) (err error) {
		n, err = exec(ctx, tx, `UPDATE posting SET closing = $1 WHERE (source, reference) IN (
			SELECT source, reference FROM posting WHERE open = 1 AND closes_at IS NOT NULL AND closes_at <= $2 AND closing = ''
			ORDER BY source, reference LIMIT $3`+tx.locks("UPDATE SKIP LOCKED")+`)`,
			ClosedExpired, ms(s.now()), limit)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("store: mark expired postings: %w", err)
	}
	return int(n), nil
}

// MarkUnwatched marks for closing up to limit postings, not seen since a moment, of
// sources that are not among those watched. It returns how many it marked.
func (s *Store) MarkUnwatched(ctx context.Context, watched []string, since time.Time, limit int) (int, error) {
	isWatched := make(map[string]bool, len(watched))
	for _, id := range watched {
		isWatched[id] = true
	}
	known, err := all(ctx, s.read, scanString, `SELECT id FROM source ORDER BY id`)
	total := 0
	for _, id := range known {
		if err != nil || total >= limit {
			break
		}
		if isWatched[id] {
			continue
		}
		err = s.inTx(ctx, func(tx *txn) error {
			n, err := exec(ctx, tx, `UPDATE posting SET closing = $1 WHERE (source, reference) IN (
				SELECT source, reference FROM posting WHERE source = $2 AND open = 1 AND last_seen < $3 AND closing = ''
				ORDER BY reference LIMIT $4`+tx.locks("UPDATE SKIP LOCKED")+`)`, ClosedUnwatched, id, ms(since), limit-total)
			total += int(n)
			return err
		})
	}
	if err != nil {
		return total, fmt.Errorf("store: mark postings of sources that are not watched: %w", err)
	}
	return total, nil
}

// SourceHealth is how a source does.
type SourceHealth struct {
	Source string
	// Healthy is the verdict on the last crawl that ended, Note its explanation.
	Healthy bool
	Note    string
	// Fault names in a word why it was not.
	Fault string
	// Listed is what the last crawl listed, Usual what the last healthy one did,
	// Open how many of its postings are open.
	Listed, Usual, Open int
	// Quarantined is how many of its adverts are listed and cannot be read.
	Quarantined int
	// Failures counts unhealthy crawls in a row.
	Failures int
	// AddedAt is since when it is known; zero for one that was known before that was
	// kept. LastCrawl, LastHealthy and Next are zero when there was none.
	AddedAt, LastCrawl, LastHealthy, Next time.Time
}

// SourceHealth returns the health of every source, by id.
func (s *Store) SourceHealth(ctx context.Context) ([]SourceHealth, error) {
	hs, err := s.sourceHealth(ctx, "")
	if err != nil {
		return nil, fmt.Errorf("store: source health: %w", err)
	}
	return hs, nil
}

// sourceHealth is the health of one source or, when it is empty, of all.
func (s *Store) sourceHealth(ctx context.Context, source string) ([]SourceHealth, error) {
	return all(ctx, s.read, func(r *sql.Rows) (h SourceHealth, err error) {
		var crawled, healthy, due, added int64
		err = r.Scan(&h.Source, &h.Healthy, &h.Note, &h.Fault, &h.Listed, &h.Usual, &h.Failures, &crawled, &healthy, &due, &added, &h.Open, &h.Quarantined)
		h.LastCrawl, h.LastHealthy, h.Next, h.AddedAt = fromMS(crawled), fromMS(healthy), fromMS(due), fromMS(added)
		return h, err
	}, `SELECT s.id, COALESCE(c.healthy, 0), COALESCE(c.note, ''), COALESCE(c.fault, ''), COALESCE(c.listed, 0), s.usual, s.failures,
			COALESCE(c.ended_at, 0), s.last_healthy_at, COALESCE(w.due_at, 0), s.added_at,
			(SELECT COUNT(*) FROM posting p WHERE p.source = s.id AND p.open = 1),
			(SELECT COUNT(*) FROM quarantine q WHERE q.source = s.id AND q.crawl >= `+lastWhole+`)
		FROM source s
		LEFT JOIN crawl c ON c.source = s.id AND c.crawl = (SELECT MAX(crawl) FROM crawl WHERE source = s.id)
		LEFT JOIN work w ON w.kind = $1 AND w.id = s.id
		WHERE s.id = $2 OR $2 = ''
		ORDER BY s.id`, workSource, source)
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
