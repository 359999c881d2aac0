package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/store"
)

func (b *bench) ready(status int, want readiness) {
	b.t.Helper()
	a := b.get("/readyz").is(status)
	var got readiness
	if err := json.Unmarshal(a.Body.Bytes(), &got); err != nil {
		b.t.Fatalf("%v: %s", err, a.Body)
	}
	if d := cmp.Diff(want, got); d != "" {
		b.t.Errorf("want, got:\n%s", d)
	}
}

func TestReady(t *testing.T) {
	var engines func(context.Context) ([]search.EngineState, error)
	b := newBenchWith(t, func(o *Options) {
		o.Engines = func(ctx context.Context) ([]search.EngineState, error) { return engines(ctx) }
	})
	state := func(states ...search.EngineState) {
		engines = func(context.Context) ([]search.EngineState, error) { return states, nil }
	}
	db, tables := readyCheck{Name: "database", OK: true}, readyCheck{Name: "migrations", OK: true}
	unready := func(says string) readiness {
		return readiness{Checks: []readyCheck{db, tables, {Name: "search", Says: says}}}
	}
	well := readiness{Ready: true, Checks: []readyCheck{db, tables, {Name: "search", OK: true}}}

	state(search.EngineState{Name: "one", Well: true})
	b.ready(http.StatusOK, well)
	err := b.store.Write(t.Context(), func(tx *store.Tx) error {
		for range readyLag + 1 {
			if err := tx.Append(t.Context(), sendwatch.Change{Event: sendwatch.VacancyChanged, Vacancy: "v", Cause: sendwatch.CauseCrawl}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b.ready(http.StatusServiceUnavailable, unready("the index is 5001 changes behind"))
	state(search.EngineState{Name: "one", Well: true, Cursor: 1}, search.EngineState{Name: "two", Cursor: readyLag})
	b.ready(http.StatusOK, well)
	state(search.EngineState{Name: "two", Reason: "down", Error: "hushhush", Cursor: readyLag})
	b.ready(http.StatusServiceUnavailable, unready("no engine is well"))
	engines = func(context.Context) ([]search.EngineState, error) { return nil, errors.New("hushhush") }
	b.ready(http.StatusServiceUnavailable, unready("no engine says how it is"))
}

func TestNotReadyWithoutDatabase(t *testing.T) {
	b := newBenchWith(t, func(o *Options) { o.Store = closedStore(t, o.Now) })
	b.ready(http.StatusServiceUnavailable, readiness{Checks: []readyCheck{{Name: "database", Says: "it does not answer"}}})
}
