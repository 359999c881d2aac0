package searchtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/changelog"
	"github.com/sendwatch/sendwatch/search"
)

func updates(d *desk) {
	d.put(d.vacancy("a", titled("Mentor"), contract("permanent")), d.vacancy("b"))
	d.put(d.vacancy("a", titled("Tutor"), contract("temporary")))
	d.count(2)
	d.finds("the old words", asking("mentor"))
	d.finds("the new words", asking("tutor"), "a")
	d.finds("the old contract", sendwatch.Criteria{Contracts: []string{"permanent"}})
	d.finds("the new contract", sendwatch.Criteria{Contracts: []string{"temporary"}}, "a")

	d.remove("a", "never-there")
	d.count(1)
	d.finds("what is left", sendwatch.Criteria{}, "b")
	d.remove("a")
	d.put(d.vacancy("a", titled("Tutor")))
	d.finds("what came back", asking("tutor"), "a")

	d.apply(search.Batch{Put: []*sendwatch.Vacancy{d.vacancy("c")}, Delete: []string{"c", "b"}})
	d.finds("put and deleted at once", sendwatch.Criteria{}, "a", "c")
}

func cursor(d *desk) {
	d.stands(0)
	d.put(d.vacancy("a"))
	d.stands(1)
	d.apply(search.Batch{})
	d.stands(2)
	if err := d.index.Apply(d.Context(), search.Batch{Cursor: 1 << 60}); err != nil {
		d.Fatal(err)
	}
	d.stands(1 << 60)
	d.count(1)
}

func largeBatch(d *desk) {
	n := 2*search.MaxBatch + 7
	var vs []*sendwatch.Vacancy
	var some []string
	for i := range n {
		vs = append(vs, d.vacancy(fmt.Sprintf("v%05d", i)))
		if i%2 == 0 {
			some = append(some, vs[i].ID)
		}
	}
	d.put(vs...)
	d.count(n)
	d.stands(1)
	// Half of them are deleted and put again by the same batch.
	d.apply(search.Batch{Put: vs[:n/2], Delete: some})
	d.stands(2)
	left := n / 2
	for i := n / 2; i < n; i++ {
		left += i % 2
	}
	d.count(left)
}

func reset(d *desk) {
	d.put(d.vacancy("a"), d.vacancy("b"))
	if _, err := d.index.Vocabulary(d.Context()); err != nil {
		d.Fatal(err)
	}
	if err := d.index.Reset(d.Context()); err != nil {
		d.Fatalf("Reset: %v", err)
	}
	empty(d)
	d.put(d.vacancy("c"))
	d.finds("after a reset", sendwatch.Criteria{}, "c")
}

// records is the truth that an index derives from.
type records struct {
	vacancies map[string]*sendwatch.Vacancy
	aliases   map[string]string
	head      int64
	fail      error
	// beforePage is called before each page of OpenVacancies.
	beforePage func()
}

func (r *records) Vacancies(_ context.Context, ids []string) ([]*sendwatch.Vacancy, error) {
	var found []*sendwatch.Vacancy
	for _, id := range ids {
		if other, ok := r.aliases[id]; ok {
			id = other
		}
		if v, ok := r.vacancies[id]; ok {
			found = append(found, v)
		}
	}
	slices.Reverse(found) // any order
	return found, r.fail
}

func (r *records) OpenVacancies(_ context.Context, after string, limit int) ([]*sendwatch.Vacancy, error) {
	if r.beforePage != nil {
		r.beforePage()
	}
	var page []*sendwatch.Vacancy
	for _, v := range r.vacancies {
		if v.ID > after && v.State == sendwatch.VacancyOpen {
			page = append(page, v)
		}
	}
	slices.SortFunc(page, func(a, b *sendwatch.Vacancy) int { return strings.Compare(a.ID, b.ID) })
	return page[:min(len(page), limit)], r.fail
}

func (r *records) Head(context.Context) (int64, error) { return r.head, nil }

func keep(vs ...*sendwatch.Vacancy) *records {
	r := &records{vacancies: map[string]*sendwatch.Vacancy{}, aliases: map[string]string{}}
	for _, v := range vs {
		r.vacancies[v.ID] = v
	}
	return r
}

// changes makes rows of the log that follow seq.
func changes(seq int64, ids ...string) []sendwatch.Change {
	var out []sendwatch.Change
	for _, id := range ids {
		seq++
		// The event is not what the reader goes by: it reads what is true now.
		out = append(out, sendwatch.Change{Seq: seq, Event: sendwatch.VacancyChanged, Vacancy: id})
	}
	return out
}

func indexer(d *desk) {
	r := keep(
		d.vacancy("open"),
		d.vacancy("adjacent", func(v *sendwatch.Vacancy) { v.Scope = sendwatch.ScopeAdjacent }),
		d.vacancy("description", func(v *sendwatch.Vacancy) { v.Kind = sendwatch.KindRoleDescription }),
		d.vacancy("closed", func(v *sendwatch.Vacancy) { v.State = sendwatch.VacancyClosed }),
		d.vacancy("elder"),
	)
	r.aliases["younger"] = "elder"
	x := search.NewIndexer(search.IndexerOptions{Engine: "test", Index: d.index, Vacancies: r})
	if x.Name() != "index:test" {
		d.Errorf("the reader is called %q", x.Name())
	}
	apply := func(from int64, cs []sendwatch.Change) {
		d.Helper()
		if err := x.Apply(d.Context(), from, cs); err != nil {
			d.Fatalf("Apply from %d: %v", from, err)
		}
	}
	// The index knows the younger of two vacancies before they are united.
	d.put(d.vacancy("younger"))
	first := changes(1, "open", "adjacent", "description", "closed", "gone", "open", "younger")
	first = append(first, sendwatch.Change{Seq: 9, Event: sendwatch.SubscriptionCreated, Subscription: "s"})
	apply(1, first)
	d.stands(9)
	d.finds("what may be shown", sendwatch.Criteria{}, "open", "elder")
	d.count(3) // the adjacent one is kept

	r.vacancies["open"].State = sendwatch.VacancyClosed
	r.vacancies["closed"].State = sendwatch.VacancyOpen
	delete(r.vacancies, "adjacent")
	apply(9, changes(9, "closed", "open", "adjacent"))
	d.finds("what may be shown now", sendwatch.Criteria{}, "closed", "elder")
	d.count(2)
	d.stands(12)
}

func moved(d *desk) {
	r := keep(d.vacancy("a"))
	x := search.NewIndexer(search.IndexerOptions{Engine: "test", Index: d.index, Vacancies: r})
	if err := x.Apply(d.Context(), 5, changes(5, "a")); !errors.Is(err, changelog.ErrCursorMoved) {
		d.Errorf("Apply from 5 at 0: %v, want %v", err, changelog.ErrCursorMoved)
	}
	r.fail = errors.New("no database")
	if err := x.Apply(d.Context(), 0, changes(0, "a")); !errors.Is(err, r.fail) {
		d.Errorf("Apply without a database: %v, want %v", err, r.fail)
	}
	d.count(0)
	d.stands(0)
}

// indexerFills holds that an Indexer that can read the store fills an empty index
// from there.
func indexerFills(d *desk) {
	r := keep(d.vacancy("a"), d.vacancy("b"), d.vacancy("closed", func(v *sendwatch.Vacancy) { v.State = sendwatch.VacancyClosed }))
	r.head = 9
	x := search.NewIndexer(search.IndexerOptions{Engine: "test", Index: d.index, Vacancies: r, From: r})
	apply := func(from int64, cs []sendwatch.Change) {
		d.Helper()
		if err := x.Apply(d.Context(), from, cs); err != nil {
			d.Fatalf("Apply from %d: %v", from, err)
		}
	}
	apply(0, changes(0, "a"))
	d.finds("filled", sendwatch.Criteria{}, "a", "b")
	d.stands(9)
	r.vacancies["a"].State, r.vacancies["closed"].State = sendwatch.VacancyClosed, sendwatch.VacancyOpen
	r.head = 11
	apply(9, changes(9, "a", "closed"))
	d.finds("brought up to date", sendwatch.Criteria{}, "b", "closed")
	d.stands(11)
}

func rebuild(d *desk) {
	r := keep()
	r.head = 77
	for i := range search.MaxBatch + 20 {
		v := d.vacancy(fmt.Sprintf("v%04d", i))
		if i%100 == 0 {
			v.Kind = sendwatch.KindRoleDescription
		}
		r.vacancies[v.ID] = v
	}
	d.put(d.vacancy("stale", titled("Stale")))
	// What happens while pages are read is the reader's to catch up with.
	r.beforePage = func() { r.head = 78 }
	var told []int
	err := search.Rebuild(d.Context(), search.RebuildOptions{Index: d.index, From: r, Progress: func(n int) { told = append(told, n) }})
	if err != nil {
		d.Fatalf("Rebuild: %v", err)
	}
	want := search.MaxBatch + 20 - 6
	d.count(want)
	d.stands(77)
	d.finds("what was there before", asking("stale"))
	if len(told) != 2 || told[1] != want {
		d.Errorf("progress was %v, want two steps up to %d", told, want)
	}
}

func rebuildCutShort(d *desk) {
	d.put(d.vacancy("stale"))
	r := keep(d.vacancy("a"))
	r.head = 9
	r.fail = errors.New("no database")
	if err := search.Rebuild(d.Context(), search.RebuildOptions{Index: d.index, From: r}); !errors.Is(err, r.fail) {
		d.Errorf("Rebuild without a database: %v, want %v", err, r.fail)
	}
	if _, ok := d.index.(search.Renewable); ok {
		d.stands(1)
		d.finds("what was there before", sendwatch.Criteria{}, "stale")
	} else {
		d.stands(0)
	}
	r.fail = nil
	if err := search.Rebuild(d.Context(), search.RebuildOptions{Index: d.index, From: r}); err != nil {
		d.Fatal(err)
	}
	d.stands(9)
	d.finds("at last", sendwatch.Criteria{}, "a")
}

func cancelled(d *desk) {
	ctx, cancel := context.WithCancel(d.Context())
	cancel()
	if err := d.index.Apply(ctx, search.Batch{Put: []*sendwatch.Vacancy{d.vacancy("a")}, Cursor: 3}); !errors.Is(err, context.Canceled) {
		d.Errorf("Apply: %v, want %v", err, context.Canceled)
	}
	if err := d.index.Reset(ctx); !errors.Is(err, context.Canceled) {
		d.Errorf("Reset: %v, want %v", err, context.Canceled)
	}
	d.count(0)
	d.stands(0)
}

// concurrent holds that readers never see half a batch: every batch replaces
// the same ten vacancies.
func concurrent(d *desk) {
	var vs []*sendwatch.Vacancy
	for i := range 10 {
		vs = append(vs, d.vacancy(fmt.Sprintf("v%d", i)))
	}
	d.put(vs...)
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				res, err := d.index.Search(d.Context(), search.Query{Facets: search.Facets(), PerPage: 100})
				if err != nil || res.Total != 10 || len(res.Hits) != 10 {
					d.Errorf("while writing: %d hits of %d, %v, want 10", len(res.Hits), res.Total, err)
					return
				}
				if _, err := d.index.Vocabulary(d.Context()); err != nil {
					d.Errorf("Vocabulary: %v", err)
					return
				}
			}
		})
	}
	for range 20 {
		d.put(vs...)
	}
	close(done)
	wg.Wait()
}
