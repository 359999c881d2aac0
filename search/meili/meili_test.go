package meili_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/meilisearch/meilisearch-go"
	"go.uber.org/goleak"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/internal/meilitest"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/meili"
	"github.com/sendwatch/sendwatch/search/searchtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// server is where a test's indexes are: a fake of its own, or a real server that
// others use as well.
type server struct{ url, key string }

func fake(t testing.TB, o meilitest.Options) (*meilitest.Server, server) {
	t.Helper()
	s := meilitest.Start(t, o)
	return s, server{s.URL(), s.Key()}
}

// realServer is the one of TEST_MEILISEARCH_URL.
func realServer(t testing.TB) server {
	t.Helper()
	s := server{os.Getenv("TEST_MEILISEARCH_URL"), os.Getenv("TEST_MEILISEARCH_KEY")}
	if s.url == "" {
		t.Skip("TEST_MEILISEARCH_URL names no Meilisearch server")
	}
	return s
}

// onBoth runs a test against the fake, and against a real server if there is one.
func onBoth(t *testing.T, test func(t *testing.T, s server)) {
	t.Run("fake", func(t *testing.T) {
		_, s := fake(t, meilitest.Options{})
		test(t, s)
	})
	t.Run("real", func(t *testing.T) { test(t, realServer(t)) })
}

// options are those of an index that nobody else has.
func options(t testing.TB, s server) meili.Options {
	t.Helper()
	k := searchtest.NewKit(t)
	return meili.Options{
		URL: s.url, Key: s.key, Name: "test-" + strings.ToLower(rand.Text()),
		Matcher: k.Matcher, Terms: k.Terms, Now: time.Now,
		// Generous, since a busy machine is no failure of ours.
		Timeout: time.Minute, TaskTimeout: 5 * time.Minute,
	}
}

// opened opens an index, and deletes it when the test ends.
func opened(t testing.TB, o meili.Options) *meili.Index {
	t.Helper()
	x, err := meili.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		closed(t, x)
		client := raw(t, server{o.URL, o.Key})
		for _, uid := range []string{x.UID(), x.UID() + "-next"} {
			// A test may have stopped the server, or have left no index.
			_, _ = client.DeleteIndexWithContext(context.Background(), uid)
		}
	})
	return x
}

func closed(t testing.TB, x *meili.Index) {
	t.Helper()
	if err := x.Close(); err != nil {
		t.Error(err)
	}
}

// raw is a client of the library, for what others do to an index.
func raw(t testing.TB, s server) meilisearch.ServiceManager {
	t.Helper()
	return meilisearch.New(s.url, meilisearch.WithAPIKey(s.key), meilisearch.DisableRetries(),
		meilisearch.WithCustomClient(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}))
}

// done waits until a task of a raw client has succeeded.
func done(t testing.TB, client meilisearch.ServiceManager, info *meilisearch.TaskInfo, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	task, err := client.WaitForTaskWithContext(t.Context(), info.TaskUID, 5*time.Millisecond)
	if err != nil || task.Status != meilisearch.TaskStatusSucceeded {
		t.Fatalf("task %+v: %v", task, err)
	}
}

func apply(t testing.TB, x search.Index, b search.Batch) {
	t.Helper()
	if err := x.Apply(t.Context(), b); err != nil {
		t.Fatalf("Apply: %v", err)
	}
}

// stands checks how much an index holds and where it stands.
func stands(t testing.TB, x search.Index, count int, cursor int64) {
	t.Helper()
	n, err := x.Count(t.Context())
	at, err2 := x.Cursor(t.Context())
	if err != nil || err2 != nil || n != count || at != cursor {
		t.Errorf("%d vacancies (%v) at %d (%v), want %d at %d", n, err, at, err2, count, cursor)
	}
}

// vacancies generates some of them.
func vacancies(t testing.TB, seed uint64, ids ...string) []*sendwatch.Vacancy {
	t.Helper()
	g, err := searchtest.NewGenerator(searchtest.NewKit(t), seed, 40)
	if err != nil {
		t.Fatal(err)
	}
	var out []*sendwatch.Vacancy
	for _, id := range ids {
		v := g.Vacancy(id, 25)
		v.State, v.Kind, v.Scope = sendwatch.VacancyOpen, sendwatch.KindVacancy, sendwatch.ScopeIn
		out = append(out, v)
	}
	return out
}

func TestIndex(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		searchtest.Run(t, func(t *testing.T) search.Index { return opened(t, options(t, s)) })
	})
}
