package meilitest_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/meilisearch/meilisearch-go"
	"go.uber.org/goleak"

	"github.com/sendwatch/sendwatch/internal/meilitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// settle waits for a task of the client's and wants it to have succeeded.
func settle(t *testing.T, client meilisearch.ServiceManager, info *meilisearch.TaskInfo, err error) *meilisearch.Task {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	done, err := client.WaitForTaskWithContext(t.Context(), info.TaskUID, time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if done.Status != meilisearch.TaskStatusSucceeded {
		t.Fatalf("task %d is %s: %+v", done.UID, done.Status, done.Error)
	}
	return done
}

// TestClient drives the whole way of a job index through the client library.
func TestClient(t *testing.T) {
	s := meilitest.Start(t, meilitest.Options{})
	client := meilisearch.New(s.URL(), meilisearch.WithAPIKey(s.Key()))
	defer client.Close()

	if !client.IsHealthy() {
		t.Fatal("not healthy")
	}
	info, err := client.CreateIndex(&meilisearch.IndexConfig{Uid: "posts", PrimaryKey: "id"})
	settle(t, client, info, err)
	posts := client.Index("posts")
	info, err = posts.UpdateSettings(&meilisearch.Settings{
		FilterableAttributes: []string{"role", "hours", "_geo"}, SortableAttributes: []string{"hours", "_geo"},
		TypoTolerance: &meilisearch.TypoTolerance{Enabled: false},
	})
	settle(t, client, info, err)
	info, err = posts.AddDocuments([]map[string]any{
		{"id": "a", "title": "Autism support assistant", "role": "ta", "hours": 30, "_geo": map[string]float64{"lat": 53.8, "lng": -1.55}},
		{"id": "b", "title": "Teaching assistant, SEMH", "role": "ta", "hours": 25, "_geo": map[string]float64{"lat": 51.5, "lng": -0.12}},
		{"id": "c", "title": "Behaviour mentor", "role": "mentor"},
	}, nil)
	done := settle(t, client, info, err)
	if done.Details.ReceivedDocuments != 3 || done.Details.IndexedDocuments != 3 {
		t.Errorf("details %+v", done.Details)
	}

	for _, test := range []struct {
		name  string
		words string
		r     meilisearch.SearchRequest
		want  []string
	}{
		{"everything", "", meilisearch.SearchRequest{}, []string{"a", "b", "c"}},
		{"a word", "assistant", meilisearch.SearchRequest{}, []string{"b", "a"}},
		{"a prefix", "assis", meilisearch.SearchRequest{}, []string{"b", "a"}},
		{"a typo, not forgiven", "asistant", meilisearch.SearchRequest{}, nil},
		{"a filter", "", meilisearch.SearchRequest{Filter: "role = TA AND hours > 26"}, []string{"a"}},
		{"a sort", "", meilisearch.SearchRequest{Sort: []string{"hours:asc"}}, []string{"b", "a", "c"}},
		{"near", "", meilisearch.SearchRequest{Filter: "_geoRadius(53.8, -1.5, 20000)", Sort: []string{"_geoPoint(53.8, -1.5):asc"}}, []string{"a"}},
		{"a page", "", meilisearch.SearchRequest{Page: 2, HitsPerPage: ptr(int64(2))}, []string{"c"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			res, err := posts.Search(test.words, &test.r)
			if err != nil {
				t.Fatal(err)
			}
			var hits []struct {
				ID string `json:"id"`
			}
			if err := res.Hits.DecodeInto(&hits); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, h := range hits {
				got = append(got, h.ID)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func ptr[T any](v T) *T { return &v }
