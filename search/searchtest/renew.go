package searchtest

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
)

// renewable is the index, if it can be renewed; the test is skipped otherwise.
func (d *desk) renewable() search.Renewable {
	x, ok := d.index.(search.Renewable)
	if !ok {
		d.Skip("this engine cannot be filled beside itself")
	}
	return x
}

// renew begins a renewal.
func (d *desk) renew(x search.Renewable) search.Renewal {
	d.Helper()
	r, err := x.Renew(d.Context())
	if err != nil {
		d.Fatalf("Renew: %v", err)
	}
	return r
}

// must fails the test when a step of a renewal fails.
func (d *desk) must(step string, err error) {
	d.Helper()
	if err != nil {
		d.Fatalf("%s: %v", step, err)
	}
}

// whole checks that the index has these vacancies, all in all, and this cursor.
func (d *desk) whole(when string, cursor int64, ids ...string) {
	d.Helper()
	d.finds(when, sendwatch.Criteria{}, ids...)
	d.count(len(ids))
	d.stands(cursor)
	words, err := d.index.Vocabulary(d.Context())
	if err != nil {
		d.Errorf("%s: Vocabulary: %v", when, err)
	}
	for _, id := range ids {
		if words["word"+id] == 0 {
			d.Errorf("%s: the vocabulary lacks the word of %s", when, id)
		}
	}
}

// worded makes vacancies each with a word of its own. Their ids hold a digit, so
// that nobody takes the word of one for a misspelling of another's.
func (d *desk) worded(ids ...string) []*sendwatch.Vacancy {
	var vs []*sendwatch.Vacancy
	for _, id := range ids {
		vs = append(vs, d.vacancy(id, bodied("word"+id)))
	}
	return vs
}

// renewals holds that nobody sees a renewal before its Commit, and nothing else
// after it.
func renewals(d *desk) {
	x := d.renewable()
	d.put(d.worded("a1", "b1")...)
	r := d.renew(x)
	d.whole("begun", 1, "a1", "b1")
	d.must("Apply", r.Apply(d.Context(), search.Batch{Put: d.worded("b1", "c1")}))
	d.must("Apply", r.Apply(d.Context(), search.Batch{Put: d.worded("d1")}))
	d.must("Apply", r.Apply(d.Context(), search.Batch{Cursor: 70}))
	d.whole("filled", 1, "a1", "b1")
	d.put(d.worded("e1")...) // its reader goes on meanwhile
	d.whole("put meanwhile", 2, "a1", "b1", "e1")
	d.must("Commit", r.Commit(d.Context()))
	d.whole("committed", 70, "b1", "c1", "d1")
	d.finds("an old word", asking("worda1"))

	d.must("Apply", x.Apply(d.Context(), search.Batch{Put: d.worded("f1"), Delete: []string{"b1"}, Cursor: 71}))
	d.whole("put since", 71, "c1", "d1", "f1")
}

// renewalsLeft holds that what a renewal leaves, however it ends, is in nobody's way.
func renewalsLeft(d *desk) {
	x := d.renewable()
	d.put(d.worded("a1")...)

	r := d.renew(x)
	d.must("Apply", r.Apply(d.Context(), search.Batch{Put: d.worded("b1"), Cursor: 70}))
	d.must("Discard", r.Discard(d.Context()))
	d.whole("discarded", 1, "a1")

	left := d.renew(x)
	d.must("Apply", left.Apply(d.Context(), search.Batch{Put: d.worded("c1"), Cursor: 71}))

	r = d.renew(x)
	d.must("Apply", r.Apply(d.Context(), search.Batch{Put: d.worded("d1"), Cursor: 72}))
	d.whole("after one that was left", 1, "a1")
	d.must("Commit", r.Commit(d.Context()))
	d.whole("committed after one that was left", 72, "d1")

	r = d.renew(x)
	d.must("Apply", r.Apply(d.Context(), search.Batch{Cursor: 73}))
	d.must("Commit", r.Commit(d.Context()))
	d.whole("renewed with nothing", 73)
}

// rebuildUnseen holds that searches during a rebuild see the old content, whole,
// and those after one that was cut short too.
func rebuildUnseen(d *desk) {
	d.renewable()
	d.put(d.worded("old1", "old2")...)
	r := keep()
	r.head = 77
	for i := range search.MaxBatch + 20 {
		v := d.vacancy(fmt.Sprintf("v%04d", i))
		r.vacancies[v.ID] = v
	}
	ids := slices.Sorted(maps.Keys(r.vacancies))
	pages := 0
	r.beforePage = func() {
		pages++
		d.whole(fmt.Sprintf("before page %d", pages), 1, "old1", "old2")
		if pages == 2 {
			r.fail = errors.New("no database")
		}
	}
	o := search.RebuildOptions{Index: d.index, From: r}
	if err := search.Rebuild(d.Context(), o); !errors.Is(err, r.fail) {
		d.Errorf("Rebuild without a database: %v, want %v", err, r.fail)
	}
	d.whole("cut short", 1, "old1", "old2")
	r.fail = nil
	d.must("Rebuild", search.Rebuild(d.Context(), o))
	d.count(len(ids))
	d.stands(77)
	d.finds("an old word", asking("wordold1"))
}
