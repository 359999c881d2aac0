package meilitest_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"github.com/meilisearch/meilisearch-go"

	"github.com/sendwatch/sendwatch/internal/meilitest"
)

// TestTasks lists tasks page by page and by what they are, and deletes them.
func TestTasks(t *testing.T) {
	s := meilitest.Start(t, meilitest.Options{})
	client := meilisearch.New(s.URL(), meilisearch.WithAPIKey(s.Key()))
	defer client.Close()
	for _, w := range []struct{ method, path, body string }{
		{http.MethodPost, "/indexes", `{"uid": "a"}`},
		{http.MethodPost, "/indexes", `{"uid": "a"}`},
		{http.MethodPost, "/indexes/b/documents?customMetadata=mine", `[{"id": 1}]`},
		{http.MethodDelete, "/indexes/b/documents/1", ""},
		{http.MethodPatch, "/indexes/a/settings", `{"stopWords": ["the"]}`},
	} {
		enqueue(t, s, w.method, w.path, w.body)
		if err := s.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		name string
		q    meilisearch.TasksQuery
		want []int64
		next int64
	}{
		{"all", meilisearch.TasksQuery{}, []int64{4, 3, 2, 1, 0}, 0},
		{"a page", meilisearch.TasksQuery{Limit: 2}, []int64{4, 3}, 2},
		{"the next", meilisearch.TasksQuery{Limit: 2, From: 2}, []int64{2, 1}, 0},
		{"failed", meilisearch.TasksQuery{Statuses: []meilisearch.TaskStatus{meilisearch.TaskStatusFailed}}, []int64{1}, 0},
		{"of an index", meilisearch.TasksQuery{IndexUIDS: []string{"b"}}, []int64{3, 2}, 0},
		{"of a type", meilisearch.TasksQuery{Types: []meilisearch.TaskType{meilisearch.TaskTypeIndexCreation}}, []int64{1, 0}, 0},
		{"by number", meilisearch.TasksQuery{UIDS: []int64{4, 2}}, []int64{4, 2}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			res, err := client.GetTasks(&test.q)
			if err != nil {
				t.Fatal(err)
			}
			var got []int64
			for _, task := range res.Results {
				got = append(got, task.UID)
			}
			if !slices.Equal(got, test.want) || res.Next != test.next {
				t.Errorf("tasks %v, next %d", got, res.Next)
			}
		})
	}
	// The client library forgets to ask for the other way round.
	res, err := get(t, s, "/tasks?limit=2&reverse=true")
	if err != nil {
		t.Fatal(err)
	}
	var turned struct {
		Results []struct{ UID int64 }
		Next    int64
	}
	if err := json.Unmarshal(res.body, &turned); err != nil || len(turned.Results) != 2 || turned.Results[0].UID != 0 || turned.Next != 2 {
		t.Errorf("the other way round: %+v, %v", turned, err)
	}
	if got := task(t, s, 1); got.Error.Code != "index_already_exists" || got.Status != meilisearch.TaskStatusFailed {
		t.Errorf("%+v", got)
	}
	if got := task(t, s, 2); got.CustomMetadata != "mine" {
		t.Errorf("metadata %q", got.CustomMetadata)
	}

	enqueue(t, s, http.MethodDelete, "/tasks?uids=4,1,77", "")
	if err := s.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := task(t, s, 5); got.Details.MatchedTasks != 2 || got.Details.DeletedTasks != 2 {
		t.Errorf("details %+v", got.Details)
	}
	res, err = get(t, s, "/tasks/4")
	if status, code := code(t, res, err); status != http.StatusNotFound || code != "task_not_found" {
		t.Errorf("%d %s", status, code)
	}
	if uid := enqueue(t, s, http.MethodPost, "/indexes", `{"uid": "c"}`); uid != 6 {
		t.Errorf("numbers go on at %d", uid)
	}
}

// TestSwap is told by the tasks of before, which follow the content they were
// sent for.
func TestSwap(t *testing.T) {
	s := meilitest.Start(t, meilitest.Options{})
	s.Hold()
	enqueue(t, s, http.MethodPost, "/indexes/a/documents", `[{"id": 1}]`)
	enqueue(t, s, http.MethodPost, "/indexes/b/documents", `[{"id": 2}, {"id": 3}]`)
	enqueue(t, s, http.MethodPost, "/swap-indexes", `[{"indexes": ["a", "b"]}]`)
	enqueue(t, s, http.MethodPost, "/indexes/a/documents", `[{"id": 4}]`)
	s.Release()
	if err := s.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	for uid, want := range []string{"b", "a", "", "a"} {
		if got := task(t, s, int64(uid)); got.IndexUID != want || got.Status != meilisearch.TaskStatusSucceeded {
			t.Errorf("task %d is %s, of %q", uid, got.Status, got.IndexUID)
		}
	}
	if a, b := s.Documents("a"), s.Documents("b"); a != 3 || b != 1 {
		t.Errorf("%d and %d documents", a, b)
	}
}

// TestCompressed takes bodies that the client has compressed, and no more of
// them than of others.
func TestCompressed(t *testing.T) {
	s := meilitest.Start(t, meilitest.Options{MaxPayload: 1000})
	client := meilisearch.New(s.URL(), meilisearch.WithAPIKey(s.Key()), meilisearch.WithContentEncoding(meilisearch.GzipEncoding, meilisearch.BestCompression))
	defer client.Close()
	for _, test := range []struct {
		name string
		n    int
		ok   bool
	}{{"small", 10, true}, {"large once it is read", 5000, false}} {
		t.Run(test.name, func(t *testing.T) {
			_, err := client.Index("a").AddDocuments([]map[string]any{{"id": 1, "text": string(make([]byte, test.n))}}, nil)
			if (err == nil) != test.ok {
				t.Errorf("error %v", err)
			}
		})
	}
	if err := s.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := s.Documents("a"); n != 1 {
		t.Errorf("%d documents", n)
	}
}
