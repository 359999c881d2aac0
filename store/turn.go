package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/sendwatch/sendwatch"
)

// mostTurns bounds the history of one posting: some adverts change with every crawl.
const mostTurns = 40

// PutTurn adds to the history of a posting. What came before the newest mostTurns is
// forgotten.
func (t *Tx) PutTurn(ctx context.Context, source, reference string, turn sendwatch.Turn) error {
	reference = shortKey(reference)
	_, err := t.tx.ExecContext(ctx, `INSERT INTO posting_turn (source, reference, at, event, why, fields, seen) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (source, reference, at, event) DO NOTHING`,
		source, reference, ms(turn.At), string(turn.Event), turn.Why, strings.Join(turn.Fields, ","), ms(turn.LastSeen))
	if err == nil {
		_, err = t.tx.ExecContext(ctx, `DELETE FROM posting_turn WHERE source = $1 AND reference = $2 AND at < (
			SELECT at FROM posting_turn WHERE source = $1 AND reference = $2 ORDER BY at DESC LIMIT 1 OFFSET $3)`, source, reference, mostTurns-1)
	}
	if err != nil {
		return fmt.Errorf("put turn of %s of %s: %w", reference, source, err)
	}
	return nil
}

// Sightings returns where a vacancy was seen, each with its history.
func (s *Store) Sightings(ctx context.Context, vacancy string) (out []sendwatch.Sighting, err error) {
	err = s.inSnapshot(ctx, func(q querier) error {
		v := &sendwatch.Vacancy{}
		in, args := list(1, []string{vacancy})
		if err := addSightings(ctx, q, map[string]*sendwatch.Vacancy{vacancy: v}, in, args); err != nil {
			return err
		}
		out = v.Sightings
		return addTurns(ctx, q, vacancy, out)
	})
	if err != nil {
		return nil, fmt.Errorf("store: sightings of %s: %w", vacancy, err)
	}
	return out, nil
}

func addTurns(ctx context.Context, q querier, vacancy string, sightings []sendwatch.Sighting) error {
	type key struct{ source, reference string }
	at := make(map[key]*sendwatch.Sighting, len(sightings))
	for i := range sightings {
		at[key{sightings[i].Source, sightings[i].Reference}] = &sightings[i]
	}
	_, err := all(ctx, q, func(r *sql.Rows) (struct{}, error) {
		var k key
		var turn sendwatch.Turn
		var when, seen int64
		var fields string
		if err := r.Scan(&k.source, &k.reference, &when, &turn.Event, &turn.Why, &fields, &seen); err != nil {
			return struct{}{}, err
		}
		turn.At, turn.LastSeen = fromMS(when), fromMS(seen)
		if fields != "" {
			turn.Fields = strings.Split(fields, ",")
		}
		if g := at[k]; g != nil {
			g.History = append(g.History, turn)
		}
		return struct{}{}, nil
	}, `SELECT t.source, t.reference, t.at, t.event, t.why, t.fields, t.seen
		FROM posting p JOIN posting_turn t ON t.source = p.source AND t.reference = p.reference
		WHERE p.vacancy = $1 ORDER BY t.source, t.reference, t.at, t.event`, vacancy)
	return err
}
