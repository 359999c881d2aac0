package main

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/internal/jobsite"
	"github.com/sendwatch/sendwatch/internal/jobsite/mailsink"
	"github.com/sendwatch/sendwatch/internal/meilitest"
	"github.com/sendwatch/sendwatch/search/embedded"
	"github.com/sendwatch/sendwatch/search/meili"
	"github.com/sendwatch/sendwatch/search/searchtest"
	"github.com/sendwatch/sendwatch/store"
)

var (
	agreeDatabase = flag.String("database", "", "a copy of a sendwatch.db, whose vacancies TestEnginesAgree compares the engines over")
	agreeQueries  = flag.Int("queries", 60, "how many queries TestEnginesAgree asks")
	agreeSeed     = flag.Uint64("agree-seed", 1, "makes other queries for TestEnginesAgree")
)

// TestEnginesAgree asks the embedded index and Meilisearch the same, over what was
// read of whole adverts: each must find what the filter accepts, in the order that
// is promised. Without -database the adverts are those of the fictional sites; the
// server is that of TEST_MEILISEARCH_URL, or the tests' own.
func TestEnginesAgree(t *testing.T) {
	t.Parallel()
	b := newBoard(t, mailsink.Options{}, nil)
	if *agreeDatabase == "" {
		for day := 1; day <= jobsite.Days; day++ {
			b.day(day, 5)
			b.must("crawl")
		}
	} else {
		b.takeDatabase(*agreeDatabase)
	}
	url, key, name := os.Getenv("TEST_MEILISEARCH_URL"), os.Getenv("TEST_MEILISEARCH_KEY"), "Meilisearch"
	if url == "" {
		server := meilitest.Start(t, meilitest.Options{})
		url, key, name = server.URL(), server.Key(), "Meilisearch as documented"
	}
	b.with(func(ctx context.Context, a *app) {
		own, err := embedded.Open(ctx, embedded.Options{Dir: t.TempDir(), Matcher: a.matcher, Terms: a.terms})
		if err != nil {
			t.Fatal(err)
		}
		a.onClose(own.Close)
		node, err := meili.Open(ctx, meili.Options{URL: url, Key: key, Name: "agree-" + newID(), Matcher: a.matcher, Terms: a.terms, Now: b.now})
		if err != nil {
			t.Fatal(err)
		}
		a.onClose(node.Close)
		a.onClose(func() error { return node.Reset(context.WithoutCancel(ctx)) })
		got := searchtest.Agree(t, searchtest.AgreeOptions{
			A: own, NameA: "bleve", B: node, NameB: name, Vacancies: b.everyVacancy(),
			Queries: *agreeQueries, Seed: *agreeSeed, Floor: 1,
		})
		t.Logf("%+v", got)
	})
}

// takeDatabase copies a database into the board's data folder.
func (b *board) takeDatabase(path string) {
	b.t.Helper()
	data, err := os.ReadFile(path)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(b.file()), 0o700)
	}
	if err == nil {
		err = os.WriteFile(b.file(), data, 0o600)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// everyVacancy gives every vacancy of the store, the closed ones as if they were
// still open: an index is indifferent to it, and there are more to compare.
func (b *board) everyVacancy() (out []*sendwatch.Vacancy) {
	b.t.Helper()
	db := b.database()
	defer func() { _ = db.Close() }() // it was only read
	var ids []string
	for _, row := range b.rows(db, `SELECT id, state FROM vacancy ORDER BY id`) {
		ids = append(ids, row[0])
	}
	b.read(func(ctx context.Context, s *store.Store) {
		var err error
		if out, err = s.Vacancies(ctx, ids); err != nil {
			b.t.Fatal(err)
		}
	})
	for _, v := range out {
		v.State = sendwatch.VacancyOpen
	}
	return out
}
