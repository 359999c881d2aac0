package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sendwatch/sendwatch"
)

// RegisterEntry is a school with the form of its name that names are compared in.
type RegisterEntry struct {
	sendwatch.Employer
	NameKey string
}

// Registered counts what PutEmployers changed.
type Registered struct{ New, Changed int }

// PutEmployers keeps entries of the register, in one transaction. What is known
// already by its URN is replaced; at is when the import began that they belong to.
func (s *Store) PutEmployers(ctx context.Context, entries []RegisterEntry, at time.Time) (done Registered, err error) {
	entries = slices.Clone(entries)
	// In one order, so that two imports never wait in a circle; of a number that
	// stands there twice the last counts.
	slices.SortStableFunc(entries, func(a, b RegisterEntry) int { return strings.Compare(a.URN, b.URN) })
	entries = lastOfEach(entries)
	err = s.inTx(ctx, func(tx *txn) error {
		done = Registered{}
		had, err := contents(ctx, tx, entries)
		if err != nil {
			return err
		}
		rows := make([][]any, 0, len(entries))
		for i := range entries {
			e := &entries[i]
			content, err := json.Marshal(e.Employer)
			if err != nil {
				return err
			}
			switch old, ok := had[e.URN]; {
			case !ok:
				done.New++
			case old != string(content):
				done.Changed++
			}
			rows = append(rows, []any{e.URN, e.NameKey, e.Postcode, string(content), ms(at)})
		}
		return insertRows(ctx, tx, `INSERT INTO employer (urn, name_key, postcode, content, imported_at) VALUES`,
			` ON CONFLICT (urn) DO UPDATE SET name_key = excluded.name_key, postcode = excluded.postcode, content = excluded.content, imported_at = excluded.imported_at`, rows)
	})
	if err != nil {
		return Registered{}, fmt.Errorf("store: put employers: %w", err)
	}
	return done, nil
}

func lastOfEach(entries []RegisterEntry) []RegisterEntry {
	out := entries[:0]
	for i := range entries {
		if i+1 == len(entries) || entries[i+1].URN != entries[i].URN {
			out = append(out, entries[i])
		}
	}
	return out
}

// contents are the rows that entries replace, by URN.
func contents(ctx context.Context, tx *txn, entries []RegisterEntry) (map[string]string, error) {
	had := make(map[string]string, len(entries))
	for chunk := range slices.Chunk(entries, perQuery) {
		urns := make([]string, len(chunk))
		for i := range chunk {
			urns[i] = chunk[i].URN
		}
		in, args := list(1, urns)
		pairs, err := all(ctx, tx, func(r *sql.Rows) (p [2]string, err error) {
			err = r.Scan(&p[0], &p[1])
			return p, err
		}, `SELECT urn, content FROM employer WHERE urn IN (`+in+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, p := range pairs {
			had[p[0]] = p[1]
		}
	}
	return had, nil
}

// DropEmployers removes up to limit entries that no import has seen since a
// moment, and returns how many.
func (s *Store) DropEmployers(ctx context.Context, since time.Time, limit int) (n int, err error) {
	err = s.inTx(ctx, func(tx *txn) error {
		dropped, err := exec(ctx, tx, `DELETE FROM employer WHERE urn IN (SELECT urn FROM employer WHERE imported_at < $1 ORDER BY urn LIMIT $2)`, ms(since), limit)
		n = int(dropped)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("store: drop employers: %w", err)
	}
	return n, nil
}

// Employer returns the entry of a URN; ErrNotFound when there is none.
func (s *Store) Employer(ctx context.Context, urn string) (sendwatch.Employer, error) {
	var content string
	err := s.read.QueryRowContext(ctx, `SELECT content FROM employer WHERE urn = $1`, urn).Scan(&content)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	if err != nil {
		return sendwatch.Employer{}, fmt.Errorf("store: employer %s: %w", shortKey(urn), err)
	}
	return employerOf(content)
}

// mostAlike caps how many entries EmployersLike returns: the commonest name has
// some hundred.
const mostAlike = 500

// EmployersLike returns the entries that have a name, by its key, or stand at a
// postcode, sorted by URN. Empty means neither.
func (s *Store) EmployersLike(ctx context.Context, nameKey, postcode string) ([]sendwatch.Employer, error) {
	es, err := all(ctx, s.read, scanEmployer, `SELECT content FROM employer
		WHERE (name_key = $1 AND name_key <> '') OR (postcode = $2 AND postcode <> '') ORDER BY urn LIMIT $3`, nameKey, postcode, mostAlike)
	if err != nil {
		return nil, fmt.Errorf("store: employers: %w", err)
	}
	return es, nil
}

// Employers returns a page of the register, sorted by URN, after the given one.
func (s *Store) Employers(ctx context.Context, after string, limit int) ([]sendwatch.Employer, error) {
	es, err := all(ctx, s.read, scanEmployer, `SELECT content FROM employer WHERE urn > $1 ORDER BY urn LIMIT $2`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("store: employers after %s: %w", after, err)
	}
	return es, nil
}

// EmployerCount is how many entries the register has.
func (s *Store) EmployerCount(ctx context.Context) (int, error) {
	n, err := count(ctx, s.read, "employer")
	if err != nil {
		return 0, fmt.Errorf("store: employers: %w", err)
	}
	return n, nil
}

func scanEmployer(r *sql.Rows) (sendwatch.Employer, error) {
	content, err := scanString(r)
	if err != nil {
		return sendwatch.Employer{}, err
	}
	return employerOf(content)
}

func employerOf(content string) (e sendwatch.Employer, err error) {
	return e, json.Unmarshal([]byte(content), &e)
}

// Outdate marks up to limit readings as old, so that they are made again, and
// returns how many. It ends with none.
func (s *Store) Outdate(ctx context.Context, limit int) (n int, err error) {
	err = s.Write(ctx, func(tx *Tx) error {
		marked, err := exec(ctx, tx.tx, `UPDATE posting SET rules = 0 WHERE rules > 0 AND (source, reference) IN
			(SELECT source, reference FROM posting WHERE rules > 0 ORDER BY rules, source, reference LIMIT $1)`, limit)
		n = int(marked)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("store: outdate readings: %w", err)
	}
	return n, nil
}
