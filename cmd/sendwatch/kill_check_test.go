package main

import (
	"context"
	"maps"
	"slices"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/internal/jobsite"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/store"
)

// check looks at a round after its last run.
func (k *killer) check() {
	k.t.Helper()
	k.databaseIsWhole()
	k.everyListingIsOpen()
	k.onlyLiveListingsAreOpen()
	k.readersAgree()
	letters := k.lettersOnce()
	k.nobodyIsToldTwice(letters)
	k.everyMatchIsTold(letters)
}

// databaseIsWhole checks the file, and that nothing accepted was lost.
func (k *killer) databaseIsWhole() {
	k.t.Helper()
	db := k.database()
	defer func() { _ = db.Close() }() // read only
	if got := k.rows(db, `SELECT integrity_check, '' FROM pragma_integrity_check`); len(got) != 1 || got[0][0] != "ok" {
		k.t.Errorf("integrity_check says %v", got)
	}
	if got := k.rows(db, `SELECT "table", rowid FROM pragma_foreign_key_check`); len(got) > 0 {
		k.t.Errorf("foreign_key_check says %v", got)
	}
	kept := k.postings(db)
	for l := range k.accepted {
		if !kept[l] {
			k.t.Errorf("posting %v was accepted before a kill and is lost", l)
		}
	}
}

func (k *killer) everyListingIsOpen() {
	k.t.Helper()
	open := k.openListings()
	for _, site := range jobsite.Sites() {
		for _, ref := range k.Live(site) {
			if !open[site][ref] {
				k.t.Errorf("%s: %s is live and not open in the store", site, ref)
			}
		}
	}
}

// readersAgree compares the cursors of index and matcher with the head of the log,
// and what the index holds with what is open in the store.
func (k *killer) readersAgree() {
	k.t.Helper()
	k.with(func(ctx context.Context, a *app) {
		head, err := a.store.Head(ctx)
		if err != nil {
			k.t.Fatal(err)
		}
		matched, err := a.store.Cursor(ctx, "match")
		if err != nil || matched != head {
			k.t.Errorf("the matcher stands at %d of %d, %v", matched, head, err)
		}
		ix, err := a.openIndex(ctx)
		if err != nil {
			k.t.Fatal(err)
		}
		if indexed, err := ix.Cursor(ctx); err != nil || indexed != head {
			k.t.Errorf("the index stands at %d of %d, %v", indexed, head, err)
		}
		k.indexHolds(ctx, a, ix)
	})
}

func (k *killer) indexHolds(ctx context.Context, a *app, ix search.Index) {
	k.t.Helper()
	all, err := a.matcher.Compile(sendwatch.Criteria{})
	if err != nil {
		k.t.Fatal(err)
	}
	var shown int
	var want []string
	open, err := a.store.OpenVacancies(ctx, "", 10_000)
	if err != nil {
		k.t.Fatal(err)
	}
	for _, v := range open {
		if !v.Announceable() {
			continue
		}
		shown++
		if attributes := a.matcher.Attributes(v); all.Accepts(&attributes) {
			want = append(want, v.ID)
		}
	}
	if n, err := ix.Count(ctx); err != nil || n != shown {
		k.t.Errorf("the index holds %d vacancies, %v, want %d", n, err, shown)
	}
	found, err := ix.Search(ctx, search.Query{Filter: all, Page: 1, PerPage: 1000})
	if err != nil {
		k.t.Fatal(err)
	}
	var got []string
	for _, h := range found.Hits {
		got = append(got, h.ID)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		k.t.Errorf("the index finds %v, and open in the store are %v", got, want)
	}
}

// lettersOnce takes repeats away: a message may come again once for each kill that
// met it in flight, and is then the same message.
func (k *killer) lettersOnce() []letter {
	k.t.Helper()
	times := map[string]int{}
	var out []letter
	for _, l := range k.letters() {
		k.sent++
		if times[l.id]++; times[l.id] == 1 {
			out = append(out, l)
			continue
		}
		k.repeats++
		first := out[slices.IndexFunc(out, func(o letter) bool { return o.id == l.id })]
		// What has closed since is left out of a repeat.
		news := slices.ContainsFunc(l.vacancies, func(id string) bool { return !slices.Contains(first.vacancies, id) })
		if first.to != l.to || news {
			k.t.Errorf("message %s comes again as another: %s %v, then %s %v", l.id, first.to, first.vacancies, l.to, l.vacancies)
		}
	}
	for id, n := range times {
		if n > 1+k.flying[id] {
			k.t.Errorf("message %s came %d times and was in flight at %d kills", id, n, k.flying[id])
		}
	}
	return out
}

// everyMatchIsTold checks that everybody has heard of all that is open and matches.
func (k *killer) everyMatchIsTold(letters []letter) {
	k.t.Helper()
	told := map[string]map[string]bool{}
	k.read(func(ctx context.Context, s *store.Store) {
		for _, l := range letters {
			if told[l.to] == nil {
				told[l.to] = map[string]bool{}
			}
			for _, id := range l.vacancies {
				v, err := s.Vacancy(ctx, id) // its id may have become another's alias
				if err != nil {
					k.t.Fatal(err)
				}
				told[l.to][v.ID] = true
			}
		}
	})
	open := k.openVacancies()
	for _, p := range k.people {
		for _, id := range k.specified(p, open) {
			if !told[p.Email][id] {
				k.t.Errorf("%s was never told of %s", p.Email, k.title(id))
			}
		}
	}
	if len(told) < 8 {
		k.t.Errorf("only %v were told of anything", slices.Collect(maps.Keys(told)))
	}
}
