package search_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/changelog"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/searchtest"
)

// truth is a store with a change log.
type truth struct {
	vacancies []*sendwatch.Vacancy // sorted by id
	rows      []sendwatch.Change
	fail      error
	// loaded counts the vacancies loaded by id, and filled the pages of open ones.
	loaded, filled int
}

// newTruth has n vacancies, each of which has changed twice.
func newTruth(t *testing.T, n int) *truth {
	t.Helper()
	g, err := searchtest.NewGenerator(searchtest.NewKit(t), 3, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := &truth{}
	for i := range n {
		v := g.Vacancy(fmt.Sprintf("v%04d", i), 5)
		v.State, v.Kind, v.Scope = sendwatch.VacancyOpen, sendwatch.KindVacancy, sendwatch.ScopeIn
		s.vacancies = append(s.vacancies, v)
		s.change(v.ID)
		s.change(v.ID)
	}
	return s
}

func (s *truth) change(id string) {
	s.rows = append(s.rows, sendwatch.Change{Seq: int64(len(s.rows) + 1), Event: sendwatch.VacancyChanged, Vacancy: id})
}

func (s *truth) Head(context.Context) (int64, error) { return int64(len(s.rows)), s.fail }

func (s *truth) Changes(_ context.Context, after int64, limit int) ([]sendwatch.Change, error) {
	rest := s.rows[min(int(after), len(s.rows)):]
	return slices.Clone(rest[:min(limit, len(rest))]), s.fail
}

func (s *truth) Vacancies(_ context.Context, ids []string) ([]*sendwatch.Vacancy, error) {
	var out []*sendwatch.Vacancy
	for _, v := range s.vacancies {
		if slices.Contains(ids, v.ID) {
			out = append(out, v)
			s.loaded++
		}
	}
	return out, s.fail
}

func (s *truth) OpenVacancies(_ context.Context, after string, limit int) ([]*sendwatch.Vacancy, error) {
	s.filled++
	var out []*sendwatch.Vacancy
	for _, v := range s.vacancies {
		if v.ID > after && len(out) < limit {
			out = append(out, v)
		}
	}
	return out, s.fail
}

// TestIndexerFills holds when an Indexer fills its index, and when it applies
// changes.
func TestIndexerFills(t *testing.T) {
	const n = 30
	for _, test := range []struct {
		name string
		// stands is where the index stands at first.
		stands        int64
		from          bool
		loaded, pages int
		ends          int64
	}{
		{"a new index", 0, true, 0, 2, 2 * n},
		{"a new index, from the log alone", 0, false, n, 0, 2 * n},
		{"one that is almost there", 2*n - 3, true, 2, 0, 2 * n},
		{"one that is there", 2 * n, true, 0, 0, 2 * n},
		{"one beyond the log", 2*n + 1, true, 0, 2, 2 * n},
		{"one beyond the log, from the log alone", 2*n + 1, false, 0, 0, 2*n + 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newTruth(t, n)
			x := searchtest.NewEngine(searchtest.NewKit(t))
			if test.stands > 0 {
				if err := x.Apply(t.Context(), search.Batch{Put: s.vacancies, Cursor: test.stands}); err != nil {
					t.Fatal(err)
				}
			}
			o := search.IndexerOptions{Engine: "test", Index: x, Vacancies: s}
			if test.from {
				o.From = s
			}
			if err := changelog.CatchUp(t.Context(), s, search.NewIndexer(o), 2*n); err != nil {
				t.Fatal(err)
			}
			if s.loaded != test.loaded || s.filled != test.pages {
				t.Errorf("%d vacancies loaded and %d pages read, want %d and %d", s.loaded, s.filled, test.loaded, test.pages)
			}
			count, err := x.Count(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			at, err := x.Cursor(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if count != n || at != test.ends {
				t.Errorf("%d vacancies at %d, want %d at %d", count, at, n, test.ends)
			}
		})
	}
}

// TestIndexerFillsOnceItCan holds that an index that could not be filled is filled
// by the next try.
func TestIndexerFillsOnceItCan(t *testing.T) {
	s := newTruth(t, 5)
	x := searchtest.NewEngine(searchtest.NewKit(t))
	r := search.NewIndexer(search.IndexerOptions{Engine: "test", Index: x, Vacancies: s, From: s})
	s.fail = errors.New("no database")
	if err := r.Apply(t.Context(), 0, s.rows); !errors.Is(err, s.fail) {
		t.Fatalf("got %v, want %v", err, s.fail)
	}
	if at, err := r.Cursor(t.Context()); at != 0 || err != nil {
		t.Fatalf("the cursor is %d, %v, want 0", at, err)
	}
	s.fail = nil
	if err := changelog.CatchUp(t.Context(), s, r, 3); err != nil {
		t.Fatal(err)
	}
	if n, _ := x.Count(t.Context()); n != 5 {
		t.Errorf("%d vacancies, want 5", n)
	}
}

// renewed is an engine that notes what becomes of renewals.
type renewed struct {
	*searchtest.Engine
	commit    error
	discarded int
}

func (x *renewed) Renew(ctx context.Context) (search.Renewal, error) {
	r, err := x.Engine.Renew(ctx)
	return &renewedRenewal{r, x}, err
}

type renewedRenewal struct {
	search.Renewal
	x *renewed
}

func (r *renewedRenewal) Commit(ctx context.Context) error {
	if r.x.commit != nil {
		return r.x.commit
	}
	return r.Renewal.Commit(ctx)
}

func (r *renewedRenewal) Discard(ctx context.Context) error {
	r.x.discarded++
	return ctx.Err()
}

// TestRebuildDiscards holds that a rebuild that fails removes what it began, though
// whoever asked for it has gone.
func TestRebuildDiscards(t *testing.T) {
	s := newTruth(t, 5)
	x := &renewed{Engine: searchtest.NewEngine(searchtest.NewKit(t))}
	ctx, cancel := context.WithCancel(t.Context())
	o := search.RebuildOptions{Index: x, From: s, Progress: func(int) { cancel() }}
	if err := search.Rebuild(ctx, o); !errors.Is(err, context.Canceled) {
		t.Errorf("a rebuild that is stopped: %v", err)
	}
	o.Progress, x.commit = nil, errors.New("no room")
	if err := search.Rebuild(t.Context(), o); !errors.Is(err, x.commit) {
		t.Errorf("a rebuild that cannot be committed: %v", err)
	}
	if x.discarded != 2 {
		t.Errorf("%d of 2 were discarded", x.discarded)
	}
	x.commit = nil
	if err := search.Rebuild(t.Context(), o); err != nil || x.discarded != 2 {
		t.Errorf("a rebuild: %v, and %d were discarded", err, x.discarded-2)
	}
	if n, _ := x.Count(t.Context()); n != 5 {
		t.Errorf("%d vacancies, want 5", n)
	}
}
