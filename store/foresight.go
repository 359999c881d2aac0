package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// Foreseen is what a transaction of the log is about to ask one by one.
type Foreseen struct {
	// Postings will be looked up and put: of each Source, Reference, Keys and Content
	// are read.
	Postings []*Posting
	// Keys are those that kin will be looked up by, VacancyKeys those that vacancies
	// will.
	Keys        []Key
	VacancyKeys []string
}

// Foresee asks in a few statements what there is of all that. What there is not, as
// is usual of new adverts, then need not be asked one by one: the answers are the same
// as without.
func (t *Tx) Foresee(ctx context.Context, f Foreseen) error {
	var postings, keys, removalKeys, vacancyKeys []pair
	for _, p := range f.Postings {
		postings = append(postings, pairOf(p.Source, p.Reference))
	}
	for _, k := range f.Keys {
		keys = append(keys, pairOf(k.Kind, k.Value))
	}
	for _, k := range f.VacancyKeys {
		vacancyKeys = append(vacancyKeys, pairOf("", k))
	}
	some, err := t.removes(ctx)
	if err != nil {
		return fmt.Errorf("foresee: %w", err)
	}
	if some {
		for _, p := range f.Postings {
			for _, k := range hidingKeys(p) {
				removalKeys = append(removalKeys, pairOf(k.Kind, k.Value))
			}
		}
	}
	for _, x := range []struct {
		absent *absent
		asked  []pair
		among  string
	}{
		{&t.absent.postings, postings, `posting x WHERE x.source = a AND x.reference = b`},
		{&t.absent.keys, keys, `posting_key x WHERE x.kind = a AND x.value = b`},
		{&t.absent.removalKeys, removalKeys, `removal_key x WHERE x.kind = a AND x.value = b`},
		{&t.absent.vacancyKeys, vacancyKeys, `vacancy_key x WHERE x.value = b`},
	} {
		if err := x.absent.ask(ctx, t.tx, x.asked, x.among); err != nil {
			return fmt.Errorf("foresee: %w", err)
		}
	}
	return nil
}

// pair names a row, or a few that are alike, as they are stored: by two texts.
type pair struct{ a, b string }

func pairOf(a, b string) pair { return pair{cleanText(a), shortKey(b)} }

// absent are rows that are known not to be there. Only transactions of the log add
// such rows, so nobody else can while one of them runs; what it adds itself it notes.
type absent map[pair]bool

func (x *absent) add(p pair) {
	if *x == nil {
		*x = absent{}
	}
	(*x)[p] = true
}

// ask finds out which of the rows are not there.
func (x *absent) ask(ctx context.Context, tx *txn, asked []pair, among string) error {
	for part := range slices.Chunk(asked, perQuery) {
		values := make([]string, 0, 2*len(part))
		for _, p := range part {
			values = append(values, p.a, p.b)
		}
		rows, args := rowList(1, 2, values)
		there, err := all(ctx, tx, func(r *sql.Rows) (p pair, err error) {
			err = r.Scan(&p.a, &p.b)
			return p, err
		}, `WITH asked (a, b) AS (VALUES `+rows+`) SELECT a, b FROM asked WHERE EXISTS (SELECT 1 FROM `+among+`)`, args...)
		if err != nil {
			return err
		}
		for _, p := range part {
			x.add(p)
		}
		for _, p := range there {
			delete(*x, p)
		}
	}
	return nil
}
