package meilitest_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"github.com/sendwatch/sendwatch/internal/meilitest"
)

// answer is a reply that has been read.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// get asks for something without the client library, which repeats requests.
func get(t *testing.T, s *meilitest.Server, path string) (answer, error) {
	t.Helper()
	return send(t, s, http.MethodGet, path, s.Key(), "")
}

func send(t *testing.T, s *meilitest.Server, method, path, key, body string) (answer, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Header, text}, err
}

// code is the status of a reply and the code of its error.
func code(t *testing.T, a answer, err error) (int, string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var e struct{ Code string }
	if len(a.body) > 0 {
		if err := json.Unmarshal(a.body, &e); err != nil {
			t.Fatal(err)
		}
	}
	return a.status, e.Code
}

// enqueue sends a write and gives its task's number.
func enqueue(t *testing.T, s *meilitest.Server, method, path, body string) int64 {
	t.Helper()
	a, err := send(t, s, method, path, s.Key(), body)
	if err != nil {
		t.Fatal(err)
	}
	var summary struct{ TaskUID int64 }
	if err := json.Unmarshal(a.body, &summary); err != nil || a.status >= 300 {
		t.Fatalf("%s %s: %d, %v", method, path, a.status, err)
	}
	return summary.TaskUID
}

// task reads how a task stands.
func task(t *testing.T, s *meilitest.Server, uid int64) *meilisearch.Task {
	t.Helper()
	client := meilisearch.New(s.URL(), meilisearch.WithAPIKey(s.Key()))
	defer client.Close()
	got, err := client.GetTaskWithContext(t.Context(), uid)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestStopAndStart(t *testing.T) {
	s := meilitest.Start(t, meilitest.Options{})
	url := s.URL()
	enqueue(t, s, http.MethodPost, "/indexes/a/documents", `[{"id": 1}]`)
	if err := s.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Hold()
	waiting := enqueue(t, s, http.MethodPost, "/indexes/a/documents", `[{"id": 2}]`)
	s.Stop()
	s.Stop()
	s.Release()
	if _, err := get(t, s, "/health"); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("a stopped server answers with %v", err)
	}
	if n := s.Documents("a"); n != 1 {
		t.Errorf("a stopped server works: %d documents", n)
	}
	s.Start()
	s.Start()
	if s.URL() != url {
		t.Errorf("it is at %s now, not at %s", s.URL(), url)
	}
	if err := s.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := task(t, s, waiting); got.Status != meilisearch.TaskStatusSucceeded {
		t.Errorf("the task that waited is %s", got.Status)
	}
	if n := s.Documents("a"); n != 2 {
		t.Errorf("%d documents", n)
	}
}

func TestUnavailable(t *testing.T) {
	s := meilitest.Start(t, meilitest.Options{})
	s.Unavailable(2)
	for range 2 {
		res, err := get(t, s, "/health")
		if err != nil {
			t.Fatal(err)
		}
		if after := res.header.Get("Retry-After"); after != "10" {
			t.Errorf("Retry-After is %q", after)
		}
		if status, code := code(t, res, nil); status != http.StatusServiceUnavailable || code != "too_many_search_requests" {
			t.Errorf("%d %s", status, code)
		}
	}
	res, err := get(t, s, "/health")
	if status, _ := code(t, res, err); status != http.StatusOK {
		t.Errorf("the third request: %d", status)
	}
	if n := s.Requests(); n != 3 {
		t.Errorf("%d requests were counted", n)
	}
}

// TestCut loses a reply in the middle, and not what was asked for.
func TestCut(t *testing.T) {
	s := meilitest.Start(t, meilitest.Options{})
	s.Cut(1)
	if _, err := send(t, s, http.MethodPost, "/indexes/a/documents", s.Key(), `[{"id": 1}]`); err == nil {
		t.Error("the reply came whole")
	}
	if err := s.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := s.Documents("a"); n != 1 {
		t.Errorf("%d documents", n)
	}
}

// TestSlow gives a caller up that does not wait.
func TestSlow(t *testing.T) {
	s := meilitest.Start(t, meilitest.Options{})
	s.Slow(time.Hour)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	client := meilisearch.New(s.URL(), meilisearch.WithAPIKey(s.Key()), meilisearch.DisableRetries())
	defer client.Close()
	if _, err := client.HealthWithContext(ctx); err == nil {
		t.Error("it answered")
	}
	s.Slow(0)
	if !client.IsHealthy() {
		t.Error("it is slow still")
	}
}

// TestHold keeps tasks waiting, seen as enqueued and without effect, and lets
// them be cancelled.
func TestHold(t *testing.T) {
	s := meilitest.Start(t, meilitest.Options{})
	s.Hold()
	first := enqueue(t, s, http.MethodPost, "/indexes/a/documents", `[{"id": 1}]`)
	second := enqueue(t, s, http.MethodPatch, "/indexes/a/settings", `{"stopWords": ["the"]}`)
	if got := task(t, s, first); got.Status != meilisearch.TaskStatusEnqueued || s.Documents("a") != -1 {
		t.Errorf("a held task is %s", got.Status)
	}
	canceler := enqueue(t, s, http.MethodPost, "/tasks/cancel?uids=1", "")
	s.Release()
	if err := s.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := task(t, s, first); got.Status != meilisearch.TaskStatusSucceeded {
		t.Errorf("the first is %s", got.Status)
	}
	if got := task(t, s, second); got.Status != meilisearch.TaskStatusCanceled || got.CanceledBy != canceler {
		t.Errorf("the second is %s by %d", got.Status, got.CanceledBy)
	}
	if got := task(t, s, canceler); got.Details.MatchedTasks != 1 || got.Details.CanceledTasks != 1 {
		t.Errorf("the cancelation tells %+v", got.Details)
	}
}

// TestWaitEnds gives up with its context.
func TestWaitEnds(t *testing.T) {
	s := meilitest.Start(t, meilitest.Options{})
	s.Hold()
	enqueue(t, s, http.MethodPost, "/indexes/a/documents", `[{"id": 1}]`)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
}

func TestFailNext(t *testing.T) {
	s := meilitest.Start(t, meilitest.Options{})
	s.FailNext("no_space_left_on_device")
	first := enqueue(t, s, http.MethodPost, "/indexes/a/documents", `[{"id": 1}]`)
	if err := s.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	second := enqueue(t, s, http.MethodPost, "/indexes/a/documents", `[{"id": 1}]`)
	if err := s.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := task(t, s, first); got.Status != meilisearch.TaskStatusFailed || got.Error.Code != "no_space_left_on_device" || got.Error.Type != "system" {
		t.Errorf("the first is %s: %+v", got.Status, got.Error)
	}
	if got := task(t, s, second); got.Status != meilisearch.TaskStatusSucceeded {
		t.Errorf("the second is %s", got.Status)
	}
}

func TestForget(t *testing.T) {
	s := meilitest.Start(t, meilitest.Options{})
	enqueue(t, s, http.MethodPost, "/indexes/a/documents", `[{"id": 1}]`)
	if err := s.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Forget()
	s.Version("1.99.0")
	res, err := get(t, s, "/indexes/a")
	if status, code := code(t, res, err); status != http.StatusNotFound || code != "index_not_found" {
		t.Errorf("%d %s", status, code)
	}
	if uid := enqueue(t, s, http.MethodPost, "/indexes", `{"uid": "a"}`); uid != 0 {
		t.Errorf("tasks begin at %d", uid)
	}
	client := meilisearch.New(s.URL(), meilisearch.WithAPIKey(s.Key()))
	defer client.Close()
	if v, err := client.Version(); err != nil || v.PkgVersion != "1.99.0" {
		t.Errorf("version %+v, %v", v, err)
	}
}

// TestInterrupted loses data and stops in the middle of work, whenever that is.
func TestInterrupted(t *testing.T) {
	s := meilitest.Start(t, meilitest.Options{})
	for i := range 60 {
		for range 3 {
			enqueue(t, s, http.MethodPost, "/indexes/a/documents", `[{"id": 1}]`)
		}
		if i%3 == 0 {
			s.Stop()
			s.Start()
		} else {
			s.Forget()
		}
	}
	enqueue(t, s, http.MethodPost, "/indexes/a/documents", `[{"id": 1}]`)
	if err := s.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := s.Documents("a"); n != 1 {
		t.Errorf("%d documents", n)
	}
}

// TestBatch does tasks for one index together: a bad id spoils its own task, and
// a place that is none all of them.
func TestBatch(t *testing.T) {
	s := meilitest.Start(t, meilitest.Options{})
	enqueue(t, s, http.MethodPatch, "/indexes/a/settings", `{"filterableAttributes": ["_geo"]}`)
	if err := s.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, bad, code string
		failed, left    int
	}{
		{"a bad id", `[{"id": "a b"}]`, "invalid_document_id", 1, 2},
		{"a bad place", `[{"id": 9, "_geo": {"lat": 1}}]`, "invalid_document_geo_field", 3, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			enqueue(t, s, http.MethodDelete, "/indexes/a/documents", "")
			if err := s.Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			s.Hold()
			var uids []int64
			for _, body := range []string{`[{"id": 1}]`, test.bad, `[{"id": 3}]`} {
				uids = append(uids, enqueue(t, s, http.MethodPost, "/indexes/a/documents", body))
			}
			s.Release()
			if err := s.Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			failed := 0
			for _, uid := range uids {
				if got := task(t, s, uid); got.Status == meilisearch.TaskStatusFailed {
					failed++
					if got.Error.Code != test.code || got.Details.IndexedDocuments != 0 {
						t.Errorf("task %d: %+v, %+v", uid, got.Error, got.Details)
					}
				}
			}
			if failed != test.failed || s.Documents("a") != test.left {
				t.Errorf("%d tasks failed and %d documents are left", failed, s.Documents("a"))
			}
		})
	}
}

// TestClock stamps what happens with the time that is given.
func TestClock(t *testing.T) {
	now := time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)
	s := meilitest.Start(t, meilitest.Options{Now: func() time.Time { return now }})
	uid := enqueue(t, s, http.MethodPost, "/indexes", `{"uid": "a"}`)
	if err := s.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := task(t, s, uid)
	if !got.EnqueuedAt.Equal(now) || !got.FinishedAt.Equal(now) || got.Duration != "PT0S" {
		t.Errorf("%v to %v in %s", got.EnqueuedAt, got.FinishedAt, got.Duration)
	}
}
