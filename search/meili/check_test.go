package meili_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"github.com/sendwatch/sendwatch/internal/meilitest"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/meili"
)

func index(uid string) *meilisearch.IndexConfig {
	return &meilisearch.IndexConfig{Uid: uid, PrimaryKey: "id"}
}

// boundKey makes a key that gives some rights on the indexes of a name only.
func boundKey(t *testing.T, s server, name string, actions ...string) string {
	t.Helper()
	client := raw(t, s)
	key, err := client.CreateKeyWithContext(t.Context(), &meilisearch.Key{Name: name, Actions: actions, Indexes: []string{name + "-*"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = client.DeleteKeyWithContext(context.Background(), key.UID) })
	return key.Key
}

func check(t *testing.T, x *meili.Index) meili.Health {
	t.Helper()
	h, err := x.Check(t.Context())
	if err != nil {
		t.Fatalf("Check: %v", err)
	}
	return h
}

// complains checks that a complaint says something, or that none does.
func complains(t *testing.T, h meili.Health, want string) {
	t.Helper()
	all := h.Complaints(time.Now())
	if want == "" && len(all) > 0 || !strings.Contains(strings.Join(all, "\n"), want) {
		t.Errorf("complaints %q, want %q", all, want)
	}
}

func TestCheck(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		x := opened(t, options(t, s))
		h := check(t, x)
		if h.Index != x.UID() || h.Exists || h.Documents != 0 || h.Cursor != 0 {
			t.Errorf("of a new index: %+v", h)
		}
		complains(t, h, "has not been filled")
		apply(t, x, search.Batch{Put: vacancies(t, 1, "a", "b"), Cursor: 8})
		h = check(t, x)
		if !h.Exists || h.Documents != 2 || h.Cursor != 8 || h.DatabaseSize == 0 || h.Version == "" || h.Waiting != 0 || h.LastFailure != nil {
			t.Errorf("of a filled index: %+v", h)
		}
		complains(t, h, "")
	})
}

func TestCheckSeesAlteredSettings(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		x := opened(t, options(t, s))
		apply(t, x, search.Batch{Cursor: 1})
		client := raw(t, s)
		info, err := client.Index(x.UID()).UpdateRankingRulesWithContext(t.Context(), &[]string{"words", "sort"})
		done(t, client, info, err)
		info, err = client.Index(x.UID()).UpdateStopWordsWithContext(t.Context(), &[]string{"the"})
		done(t, client, info, err)
		h := check(t, x)
		if !slices.Equal(h.Altered, []string{"rankingRules", "stopWords"}) {
			t.Errorf("altered: %v", h.Altered)
		}
		complains(t, h, "rebuild the index")
	})
}

func TestCheckSeesWhatTheKeyLacks(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		o := options(t, s)
		o.Key = boundKey(t, s, o.Name, "search", "documents.get", "tasks.get")
		x, err := meili.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		defer closed(t, x)
		h := check(t, x)
		want := []string{
			"documents.add", "documents.delete", "indexes.get", "indexes.create", "indexes.delete", "indexes.swap",
			"settings.get", "settings.update", "tasks.delete", "stats.get",
		}
		if !slices.Equal(h.Lacks, want) {
			t.Errorf("the key lacks %v, want %v", h.Lacks, want)
		}
		complains(t, h, "does not allow documents.add")
		err = x.Apply(t.Context(), search.Batch{Cursor: 1})
		temporary(t, "a batch that the key does not allow", err, false)
		// To look has changed nothing: no task was begun.
		full, err := meili.Open(t.Context(), meili.Options{
			URL: o.URL, Key: s.key, Name: o.Name, Matcher: o.Matcher, Terms: o.Terms, Now: o.Now, Timeout: o.Timeout,
		})
		if err != nil {
			t.Fatal(err)
		}
		defer closed(t, full)
		if h := check(t, full); h.Waiting != 0 || h.LastFailure != nil || h.Exists {
			t.Errorf("after a look: %+v", h)
		}
	})
}

func TestCheckSeesTheQueue(t *testing.T) {
	s, at := fake(t, meilitest.Options{Version: "1.97.3"})
	x := opened(t, options(t, at))
	apply(t, x, search.Batch{Cursor: 1})
	s.FailNext("no_space_left_on_device")
	if err := x.Apply(t.Context(), search.Batch{Cursor: 2}); err == nil {
		t.Fatal("a failed task is a success")
	}
	s.Hold()
	client := raw(t, at)
	if _, err := client.Index(x.UID()).DeleteDocumentWithContext(t.Context(), "a", nil); err != nil {
		t.Fatal(err)
	}
	h := check(t, x)
	if h.Waiting != 1 || h.Oldest == nil || h.LastFailure == nil || h.LastFailure.Code != "no_space_left_on_device" || h.LastFailure.Message == "" {
		t.Errorf("Check: %+v", h)
	}
	complains(t, h, "A task has waited since") // the fake's clock stands in the past
	complains(t, h, "newer than 1.50")
	s.Release()
	s.Stop()
	_, err := x.Check(t.Context())
	temporary(t, "a look at a stopped server", err, true)
}
