package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch"
)

// PutVacancyKeys keeps what a vacancy's copies by others are looked up by, in place
// of what was kept.
func (t *Tx) PutVacancyKeys(ctx context.Context, vacancy string, keys []string) error {
	rows := make([][]any, len(keys))
	for i, k := range keys {
		key := pairOf("", k)
		delete(t.absent.vacancyKeys, key)
		rows[i] = []any{key.b, vacancy}
	}
	if t.begun[vacancy] { // it has none
		delete(t.begun, vacancy)
		n := t.tx.waiting()
		n.vacancyKeys = append(n.vacancyKeys, rows...)
		return nil
	}
	if _, err := t.tx.ExecContext(ctx, `DELETE FROM vacancy_key WHERE vacancy = $1`, vacancy); err != nil {
		return fmt.Errorf("put keys of %s: %w", vacancy, err)
	}
	if err := insertRows(ctx, t.tx, `INSERT `+intoVacancyKey, onSameVacancyKey, rows); err != nil {
		return fmt.Errorf("put keys of %s: %w", vacancy, err)
	}
	return nil
}

const (
	intoVacancyKey   = `INTO vacancy_key (value, vacancy) VALUES`
	onSameVacancyKey = ` ON CONFLICT (value, vacancy) DO NOTHING`
)

// keysEach is how many keys one query looks up.
const keysEach = 32

// VacanciesByKeys returns the ids of the vacancies that have any of the keys. A key
// that more than `most` of them have tells nothing apart and finds none.
func (t *Tx) VacanciesByKeys(ctx context.Context, keys []string, most int) ([]string, error) {
	found := map[string][]string{}
	keys = slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return t.absent.vacancyKeys[pairOf("", k)] })
	for part := range slices.Chunk(keys, keysEach) {
		short := make([]string, len(part))
		for i, k := range part {
			short[i] = shortKey(k)
		}
		_, args := list(1, short) // a repeated key finds a vacancy twice
		one := make([]string, len(args))
		for i := range args {
			one[i] = fmt.Sprintf(`SELECT value, vacancy FROM (SELECT value, vacancy FROM vacancy_key WHERE value = $%d LIMIT $%d) k%[1]d`, i+1, len(args)+1)
		}
		_, err := all(ctx, t.tx, func(r *sql.Rows) (struct{}, error) {
			var value, id string
			err := r.Scan(&value, &id)
			if !slices.Contains(found[value], id) {
				found[value] = append(found[value], id)
			}
			return struct{}{}, err
		}, strings.Join(one, ` UNION ALL `), append(args, most+1)...)
		if err != nil {
			return nil, fmt.Errorf("vacancies by keys: %w", err)
		}
	}
	var ids []string
	for _, of := range found {
		if len(of) <= most {
			ids = append(ids, of...)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// Vacancies returns those of the vacancies that exist, by id; aliases are followed.
func (t *Tx) Vacancies(ctx context.Context, ids []string) ([]*sendwatch.Vacancy, error) {
	byID := map[string]*sendwatch.Vacancy{}
	for part := range slices.Chunk(ids, perQuery) {
		in, args := list(1, part)
		vs, err := t.s.vacancies(ctx, t.tx, `WHERE id IN (`+in+`) OR id IN (SELECT vacancy FROM alias WHERE id IN (`+in+`))`, args...)
		if err != nil {
			return nil, fmt.Errorf("vacancies: %w", err)
		}
		for _, v := range vs {
			byID[v.ID] = v
		}
	}
	out := make([]*sendwatch.Vacancy, 0, len(byID))
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		out = append(out, byID[id])
	}
	return out, nil
}
