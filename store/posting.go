package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/sendwatch/sendwatch"
)

// Key is something by which a posting may be recognised as another one's job:
// a kind, as "url" or "fingerprint", and a value.
type Key struct{ Kind, Value string }

// Posting is one advertisement as the store keeps it.
type Posting struct {
	Source, Reference string
	// Vacancy is the job it advertises.
	Vacancy string
	// URL is where people read it; ItemURL is the address that its lists name.
	URL, ItemURL string
	// Kind is the kind of its source.
	Kind string
	// Content is the advert as extracted; Hash tells whether it changed.
	Content *sendwatch.Posting
	Hash    string
	Reading sendwatch.Reading
	Keys    []Key
	// Packed, when it is set, is Content and Reading made ready by [Store.Pack], with
	// what was fetched. It is not read back.
	Packed *Packed

	Open bool
	// Closing says why it is to be closed, as one of the Closed constants; empty
	// when it is not.
	Closing             string
	Missed              int
	FirstSeen, LastSeen time.Time
	LastCrawl           int64
	ClosedAt            *time.Time
	// Removed names the removal that hides it; empty when none does. It follows from
	// the keys: [Tx.PutPosting] does not take it from here.
	Removed string
}

// PostingBrief is what a crawl must know of a posting before it reads it again.
type PostingBrief struct {
	Reference, Vacancy, Hash string
	Rules                    int
	Open                     bool
	ClosesAt                 *time.Time
}

// PostingBriefs returns the briefs of those of a source's references that are known,
// by the reference as it was asked for.
func (s *Store) PostingBriefs(ctx context.Context, source string, references []string) (map[string]PostingBrief, error) {
	keys := make([]string, len(references))
	for i, r := range references {
		keys[i] = shortKey(r)
	}
	stored := make(map[string]PostingBrief, len(references))
	if err := eachPart(keys, func(in string, args []any) error {
		bs, err := all(ctx, s.read, scanBrief, postingBrief+`WHERE source = $1 AND reference IN (`+in+`)`, append([]any{source}, args...)...)
		for _, b := range bs {
			stored[b.Reference] = b
		}
		return err
	}); err != nil {
		return nil, fmt.Errorf("store: %d postings of %s: %w", len(references), source, err)
	}
	found := make(map[string]PostingBrief, len(stored))
	for i, r := range references {
		if b, ok := stored[keys[i]]; ok {
			found[r] = b
		}
	}
	return found, nil
}

// References are those of a source's postings at a moment.
type References map[string]struct{}

// Has reports whether there was a posting of a reference.
func (r References) Has(reference string) bool {
	_, ok := r[shortKey(reference)]
	return ok
}

// References returns those of a source. Who holds its lease knows by them what is
// new without asking: nobody else adds to them.
func (s *Store) References(ctx context.Context, source string) (References, error) {
	rs, err := all(ctx, s.read, scanString, `SELECT reference FROM posting WHERE source = $1`, source)
	if err != nil {
		return nil, fmt.Errorf("store: references of %s: %w", source, err)
	}
	out := make(References, len(rs))
	for _, r := range rs {
		out[r] = struct{}{}
	}
	return out, nil
}

// PostingBriefsAt returns the briefs of every posting that a source's lists name by
// an address.
func (s *Store) PostingBriefsAt(ctx context.Context, source, itemURL string) ([]PostingBrief, error) {
	bs, err := all(ctx, s.read, scanBrief, postingBrief+`WHERE source = $1 AND item_url = $2 ORDER BY reference`, source, shortKey(itemURL))
	if err != nil {
		return nil, fmt.Errorf("store: postings of %s at %s: %w", source, itemURL, err)
	}
	return bs, nil
}

const postingBrief = `SELECT reference, vacancy, hash, rules, open, closes_at FROM posting `

func scanBrief(r *sql.Rows) (b PostingBrief, err error) {
	var closes sql.NullInt64
	err = r.Scan(&b.Reference, &b.Vacancy, &b.Hash, &b.Rules, &b.Open, &closes)
	b.ClosesAt = fromNullMS(closes)
	return b, err
}

// Touch says that a posting was met as it is: seen unchanged, or gone.
type Touch struct {
	Reference string
	// Page holds the validators to commit with it, if any.
	Page Page
	Gone bool
	// Checked says that no list names it and that its own page was asked for in vain:
	// nothing follows from that.
	Checked bool
	// Absent says so of a page that answered without it. When that has happened this
	// many times in a row, it counts as gone; zero is no absence.
	Absent int
}

// Touch records what a crawl met unchanged, in a transaction that appends nothing.
// A posting that is gone is only noted: the closing transaction decides. Validators
// of a posting that is not kept are not remembered. What the log's transactions are
// just writing is touched after them, one by one.
func (s *Store) Touch(ctx context.Context, l Lease, touches []Touch) error {
	var later []Touch
	err := s.inTx(ctx, func(tx *txn) (err error) {
		if err := holds(ctx, tx, l); err != nil {
			return err
		}
		now := touches
		if now, later, err = freeToTouch(ctx, tx, l.ID, now); err != nil {
			return err
		}
		return s.touch(ctx, tx, l, now)
	})
	for _, t := range later {
		if err != nil {
			break
		}
		err = s.inTx(ctx, func(tx *txn) error {
			if err := holds(ctx, tx, l); err != nil {
				return err
			}
			return s.touch(ctx, tx, l, []Touch{t})
		})
	}
	if err != nil {
		return fmt.Errorf("store: touch %d postings of %s: %w", len(touches), l.ID, err)
	}
	return nil
}

// freeToTouch locks what nobody else has locked, and tells it from the rest: to hold
// some postings and wait for others would be to wait in a circle with who does the
// same in another order.
func freeToTouch(ctx context.Context, tx *txn, source string, touches []Touch) (now, later []Touch, err error) {
	if !tx.rowLocks {
		return touches, nil, nil
	}
	free := make(map[string]bool, len(touches))
	err = eachPart(references(touches), func(in string, args []any) error {
		got, err := all(ctx, tx, scanString, `SELECT reference FROM posting WHERE source = $1 AND reference IN (`+in+`)`+tx.locks("NO KEY UPDATE SKIP LOCKED"),
			append([]any{source}, args...)...)
		for _, ref := range got {
			free[ref] = true
		}
		return err
	})
	for _, t := range touches {
		if free[shortKey(t.Reference)] {
			now = append(now, t)
		} else {
			later = append(later, t)
		}
	}
	return now, later, err
}

func references(touches []Touch) []string {
	refs := make([]string, len(touches))
	for i, t := range touches {
		refs[i] = shortKey(t.Reference)
	}
	return refs
}

// eachPart calls fn with the list, numbered from $2, of so many values at a time.
func eachPart(values []string, fn func(in string, args []any) error) error {
	for len(values) > 0 {
		n := min(len(values), perQuery)
		in, args := list(2, values[:n])
		values = values[n:]
		if err := fn(in, args); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) touch(ctx context.Context, tx *txn, l Lease, touches []Touch) error {
	var gone, seen []Touch
	for _, t := range touches {
		switch {
		case t.Checked || t.Absent > 0:
			if err := s.touchAbsent(ctx, tx, l, t); err != nil {
				return err
			}
		case t.Gone:
			gone = append(gone, t)
		default:
			seen = append(seen, t)
		}
	}
	if err := eachPart(references(gone), func(in string, args []any) error {
		_, err := tx.ExecContext(ctx, fmt.Sprintf(`UPDATE posting SET last_crawl = $%d, gone_crawl = $%[1]d WHERE source = $1 AND reference IN (%s)`, len(args)+2, in),
			slices.Concat([]any{l.ID}, args, []any{l.Crawl})...)
		return err
	}); err != nil {
		return err
	}
	kept := map[string]bool{}
	if err := eachPart(references(seen), func(in string, args []any) error {
		n := len(args) + 2
		refs, err := all(ctx, tx, scanString, fmt.Sprintf(`UPDATE posting SET last_seen = $%d, last_crawl = $%d, missed = 0, closing = ''
			WHERE source = $1 AND reference IN (%s) RETURNING reference`, n, n+1, in),
			slices.Concat([]any{l.ID}, args, []any{ms(s.now()), l.Crawl})...)
		for _, ref := range refs {
			kept[ref] = true
		}
		return err
	}); err != nil {
		return err
	}
	var pages []Page
	for _, t := range seen {
		if kept[shortKey(t.Reference)] {
			pages = append(pages, t.Page)
		}
	}
	return putPages(ctx, tx, l.ID, pages...)
}

// touchAbsent notes that a posting was looked for in vain.
func (s *Store) touchAbsent(ctx context.Context, tx *txn, l Lease, t Touch) error {
	_, err := tx.ExecContext(ctx, `UPDATE posting SET checked_at = $1, last_crawl = $2,
			missed = missed + CASE WHEN $3 > 0 THEN 1 ELSE 0 END,
			gone_crawl = CASE WHEN $3 > 0 AND missed + 1 >= $3 THEN $2 ELSE gone_crawl END
		WHERE source = $4 AND reference = $5`, ms(s.now()), l.Crawl, t.Absent, l.ID, shortKey(t.Reference))
	return err
}

// Unlisted returns up to limit open postings of a source that were neither seen nor
// looked for since a moment, those longest ago first, as the items that they were.
func (s *Store) Unlisted(ctx context.Context, source string, since time.Time, limit int) ([]Item, error) {
	items, err := all(ctx, s.read, func(r *sql.Rows) (i Item, err error) {
		err = r.Scan(&i.URL, &i.Reference)
		return i, err
	}, `SELECT item_url, reference FROM posting WHERE source = $1 AND open = 1 AND last_seen < $2 AND checked_at < $2
		ORDER BY CASE WHEN checked_at > last_seen THEN checked_at ELSE last_seen END, reference LIMIT $3`, source, ms(since), limit)
	if err != nil {
		return nil, fmt.Errorf("store: unlisted postings of %s: %w", source, err)
	}
	return items, nil
}

const postingColumns = `SELECT p.source, p.reference, p.vacancy, p.url, p.item_url, p.kind, p.hash, p.open, p.closing, p.missed,
	p.first_seen, p.last_seen, p.last_crawl, p.closed_at, p.removed, p.rules, b.content, b.reading
	FROM posting p JOIN posting_body b ON b.source = p.source AND b.reference = p.reference `

func (s *Store) scanPosting(r *sql.Rows) (*Posting, error) {
	p := &Posting{Content: &sendwatch.Posting{}}
	var first, last int64
	var closed sql.NullInt64
	var rules int
	var content, reading []byte
	err := r.Scan(&p.Source, &p.Reference, &p.Vacancy, &p.URL, &p.ItemURL, &p.Kind, &p.Hash, &p.Open, &p.Closing, &p.Missed,
		&first, &last, &p.LastCrawl, &closed, &p.Removed, &rules, &content, &reading)
	if err != nil {
		return nil, err
	}
	p.FirstSeen, p.LastSeen, p.ClosedAt = fromMS(first), fromMS(last), fromNullMS(closed)
	if err := s.unpackJSON(content, p.Content); err != nil {
		return nil, fmt.Errorf("content of %s %s: %w", p.Source, p.Reference, err)
	}
	if p.Reading, err = s.unpackReading(reading); err != nil {
		return nil, fmt.Errorf("posting %s %s: %w", p.Source, p.Reference, err)
	}
	p.Reading.Rules = rules // the reading's own are older than what Outdate said of them
	return p, nil
}

// Postings returns every posting of a vacancy, without their keys.
func (s *Store) Postings(ctx context.Context, vacancy string) ([]*Posting, error) {
	ps, err := s.postings(ctx, s.read, vacancy)
	if err != nil {
		return nil, fmt.Errorf("store: postings of %s: %w", vacancy, err)
	}
	return ps, nil
}

func (s *Store) postings(ctx context.Context, q querier, vacancy string) ([]*Posting, error) {
	return all(ctx, q, s.scanPosting, postingColumns+`WHERE p.vacancy = $1 ORDER BY p.first_seen, p.source, p.reference`, vacancy)
}

// OldReadings returns up to limit postings whose reading was made by rules older
// than rules.
func (s *Store) OldReadings(ctx context.Context, rules, limit int) ([]*Posting, error) {
	ps, err := all(ctx, s.read, s.scanPosting, postingColumns+`WHERE p.rules < $1 ORDER BY p.rules, p.source, p.reference LIMIT $2`, rules, limit)
	if err != nil {
		return nil, fmt.Errorf("store: old readings: %w", err)
	}
	return ps, nil
}

// Marked is a posting that is marked for closing.
type Marked struct{ Source, Reference, Vacancy, Why string }

// MarkedForClosing returns up to limit postings that are marked, of one source or,
// when source is empty, of all.
func (s *Store) MarkedForClosing(ctx context.Context, source string, limit int) ([]Marked, error) {
	marked, err := all(ctx, s.read, func(r *sql.Rows) (m Marked, err error) {
		err = r.Scan(&m.Source, &m.Reference, &m.Vacancy, &m.Why)
		return m, err
	}, `SELECT source, reference, vacancy, closing FROM posting
		WHERE closing <> '' AND open = 1 AND ($1 = '' OR source = $1) ORDER BY source, reference LIMIT $2`, source, limit)
	if err != nil {
		return nil, fmt.Errorf("store: postings marked for closing: %w", err)
	}
	return marked, nil
}

// Raw returns what was fetched for a posting and its media type; nil once it was
// pruned.
func (s *Store) Raw(ctx context.Context, source, reference string) ([]byte, string, error) {
	var raw []byte
	var kind string
	err := s.read.QueryRowContext(ctx, `SELECT raw, raw_type FROM posting_body WHERE source = $1 AND reference = $2`, source, shortKey(reference)).Scan(&raw, &kind)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	if err == nil {
		raw, err = s.unpack(raw)
	}
	if err != nil {
		return nil, "", fmt.Errorf("store: raw of %s %s: %w", source, reference, err)
	}
	return raw, kind, nil
}
