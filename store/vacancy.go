package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/sendwatch/sendwatch"
)

// perQuery bounds how many values one IN list holds.
const perQuery = 500

// Vacancy returns a vacancy by its id or by an alias of it.
func (s *Store) Vacancy(ctx context.Context, id string) (*sendwatch.Vacancy, error) {
	vs, err := s.Vacancies(ctx, []string{id})
	if err == nil && len(vs) == 0 {
		err = fmt.Errorf("store: vacancy %s: %w", id, ErrNotFound)
	}
	if err != nil {
		return nil, err
	}
	return vs[0], nil
}

// Vacancies returns those of the given vacancies that exist, each once, in any
// order; aliases are followed.
func (s *Store) Vacancies(ctx context.Context, ids []string) ([]*sendwatch.Vacancy, error) {
	var out []*sendwatch.Vacancy
	seen := map[string]bool{}
	for len(ids) > 0 {
		n := min(len(ids), perQuery)
		in, args := list(1, ids[:n])
		ids = ids[n:]
		vs, err := s.readVacancies(ctx, `WHERE id IN (`+in+`) OR id IN (SELECT vacancy FROM alias WHERE id IN (`+in+`))`, args...)
		if err != nil {
			return nil, fmt.Errorf("store: vacancies: %w", err)
		}
		for _, v := range vs {
			if !seen[v.ID] {
				seen[v.ID] = true
				out = append(out, v)
			}
		}
	}
	return out, nil
}

// OpenVacancies returns up to limit open vacancies with an id above after, by id.
func (s *Store) OpenVacancies(ctx context.Context, after string, limit int) ([]*sendwatch.Vacancy, error) {
	vs, err := s.readVacancies(ctx, `WHERE state = $1 AND id > $2 ORDER BY id LIMIT $3`, string(sendwatch.VacancyOpen), after, limit)
	if err != nil {
		return nil, fmt.Errorf("store: open vacancies: %w", err)
	}
	return vs, nil
}

// readVacancies loads vacancies as they were at one moment: between two queries a
// posting might have passed from one to another.
func (s *Store) readVacancies(ctx context.Context, where string, args ...any) (vs []*sendwatch.Vacancy, err error) {
	err = s.inSnapshot(ctx, func(q querier) (err error) {
		vs, err = s.vacancies(ctx, q, where, args...)
		return err
	})
	return vs, err
}

// vacancies loads vacancies with their sightings and aliases.
func (s *Store) vacancies(ctx context.Context, q querier, where string, args ...any) ([]*sendwatch.Vacancy, error) {
	vs, err := all(ctx, q, s.scanVacancy, `SELECT id, state, first_seen, changed_at, closed_at, data, body FROM vacancy `+where, args...)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*sendwatch.Vacancy, len(vs))
	ids := make([]string, 0, len(vs))
	for _, v := range vs {
		byID[v.ID] = v
		ids = append(ids, v.ID)
	}
	for len(ids) > 0 {
		n := min(len(ids), perQuery)
		in, args := list(1, ids[:n])
		ids = ids[n:]
		if err := addSightings(ctx, q, byID, in, args); err != nil {
			return nil, err
		}
		if err := addAliases(ctx, q, byID, in, args); err != nil {
			return nil, err
		}
	}
	return vs, nil
}

func (s *Store) scanVacancy(r *sql.Rows) (*sendwatch.Vacancy, error) {
	v := &sendwatch.Vacancy{}
	var id, state, data string
	var first, changed int64
	var closed sql.NullInt64
	var body []byte
	if err := r.Scan(&id, &state, &first, &changed, &closed, &data, &body); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(data), v); err != nil {
		return nil, fmt.Errorf("vacancy %s: %w", id, err)
	}
	var k kept
	if err := s.unpackJSON(body, &k); err != nil {
		return nil, fmt.Errorf("body of vacancy %s: %w", id, err)
	}
	k.restore(&v.Reading)
	v.ID, v.State = id, sendwatch.VacancyState(state)
	v.FirstSeen, v.ChangedAt, v.ClosedAt = fromMS(first), fromMS(changed), fromNullMS(closed)
	v.LastSeen = v.FirstSeen
	v.Sightings, v.Aliases = nil, nil
	return v, nil
}

// addSightings fills in where and when vacancies were seen: a sighting is what a
// posting says of that, unless it is hidden.
func addSightings(ctx context.Context, q querier, byID map[string]*sendwatch.Vacancy, in string, args []any) error {
	_, err := all(ctx, q, func(r *sql.Rows) (struct{}, error) {
		var g sendwatch.Sighting
		var id string
		var first, last int64
		if err := r.Scan(&id, &g.Source, &g.Reference, &g.URL, &first, &last, &g.Open); err != nil {
			return struct{}{}, err
		}
		g.FirstSeen, g.LastSeen = fromMS(first), fromMS(last)
		v := byID[id]
		v.Sightings = append(v.Sightings, g)
		if g.LastSeen.After(v.LastSeen) {
			v.LastSeen = g.LastSeen
		}
		return struct{}{}, nil
	}, `SELECT vacancy, source, reference, url, first_seen, last_seen, open FROM posting WHERE vacancy IN (`+in+`) AND removed = '' ORDER BY first_seen, source, reference`, args...)
	return err
}

func addAliases(ctx context.Context, q querier, byID map[string]*sendwatch.Vacancy, in string, args []any) error {
	_, err := all(ctx, q, func(r *sql.Rows) (struct{}, error) {
		var id, alias string
		err := r.Scan(&alias, &id)
		if err == nil {
			byID[id].Aliases = append(byID[id].Aliases, alias)
		}
		return struct{}{}, err
	}, `SELECT id, vacancy FROM alias WHERE vacancy IN (`+in+`) ORDER BY id`, args...)
	return err
}

// Vacancy returns a vacancy by its id or by an alias of it.
func (t *Tx) Vacancy(ctx context.Context, id string) (*sendwatch.Vacancy, error) {
	vs, err := t.s.vacancies(ctx, t.tx, `WHERE id = $1 OR id IN (SELECT vacancy FROM alias WHERE id = $1)`, id)
	if err == nil && len(vs) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("vacancy %s: %w", id, err)
	}
	return vs[0], nil
}

// PutVacancy keeps a vacancy. Its sightings and aliases follow from its postings
// and from [Tx.Unite]; they are not taken from v.
func (t *Tx) PutVacancy(ctx context.Context, v *sendwatch.Vacancy) error {
	row, err := t.s.vacancyRow(v)
	if err == nil {
		err = insertSome(ctx, t.tx, `INSERT `+intoVacancy, onSameVacancy, [][]any{row})
	}
	if err != nil {
		return fmt.Errorf("put vacancy %s: %w", v.ID, err)
	}
	return nil
}

// BeginVacancy keeps a vacancy as PutVacancy does whose id was minted for it: nothing
// is known by that id yet.
func (t *Tx) BeginVacancy(v *sendwatch.Vacancy) error {
	row, err := t.s.vacancyRow(v)
	if err != nil {
		return fmt.Errorf("begin vacancy %s: %w", v.ID, err)
	}
	if t.begun == nil {
		t.begun = map[string]bool{}
	}
	t.begun[v.ID] = true
	n := t.tx.waiting()
	n.vacancies = append(n.vacancies, row)
	return nil
}

const (
	intoVacancy   = `INTO vacancy (id, state, first_seen, changed_at, closed_at, data, body) VALUES`
	onSameVacancy = ` ON CONFLICT (id) DO UPDATE SET state = excluded.state, first_seen = excluded.first_seen, changed_at = excluded.changed_at,
			closed_at = excluded.closed_at, data = excluded.data, body = excluded.body`
)

func (s *Store) vacancyRow(v *sendwatch.Vacancy) ([]any, error) {
	bare := *v
	bare.Sightings, bare.Aliases = nil, nil
	data, err := toJSON(bare)
	if err != nil {
		return nil, err
	}
	body, err := s.packJSON(keep(&v.Reading))
	if err != nil {
		return nil, err
	}
	return []any{v.ID, string(v.State), ms(v.FirstSeen), ms(v.ChangedAt), nullMS(v.ClosedAt), data, body}, nil
}

// Unite makes younger an alias of older: its postings, its own aliases and what
// people are owed or were told of it pass to older. The caller appends what
// readers must know and keeps older's new reading.
func (t *Tx) Unite(ctx context.Context, older, younger string) error {
	if older == younger {
		return errors.New("a vacancy cannot be united with itself")
	}
	if err := lockOut(ctx, t.tx, true); err != nil {
		return fmt.Errorf("unite %s with %s: %w", younger, older, err)
	}
	for _, q := range []string{
		`UPDATE posting SET vacancy = $1 WHERE vacancy = $2`,
		`UPDATE alias SET vacancy = $1 WHERE vacancy = $2`,
		`INSERT INTO alias (vacancy, id) VALUES ($1, $2)`,
	} {
		if _, err := t.tx.ExecContext(ctx, q, older, younger); err != nil {
			return fmt.Errorf("unite %s with %s: %w", younger, older, err)
		}
	}
	for _, q := range []string{`DELETE FROM vacancy WHERE id = $1`, `DELETE FROM vacancy_key WHERE vacancy = $1`} {
		if _, err := t.tx.ExecContext(ctx, q, younger); err != nil {
			return fmt.Errorf("unite %s with %s: %w", younger, older, err)
		}
	}
	if err := uniteLedger(ctx, t.tx, older, younger); err != nil {
		return fmt.Errorf("unite ledger of %s with %s: %w", younger, older, err)
	}
	return nil
}
