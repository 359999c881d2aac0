package meili_test

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/meili"
	"github.com/sendwatch/sendwatch/search/searchtest"
)

var tests atomic.Int64

// TestRealServer runs the suite against the server of TEST_MEILISEARCH_URL.
func TestRealServer(t *testing.T) {
	url := os.Getenv("TEST_MEILISEARCH_URL")
	if url == "" {
		t.Skip("TEST_MEILISEARCH_URL names no server")
	}
	searchtest.Run(t, func(t *testing.T) search.Index {
		k := searchtest.NewKit(t)
		x, err := meili.Open(t.Context(), meili.Options{
			URL: url, Key: os.Getenv("TEST_MEILISEARCH_KEY"), Name: fmt.Sprintf("test-%d-%d", os.Getpid(), tests.Add(1)),
			Matcher: k.Matcher, Terms: k.Terms, Now: time.Now, Timeout: 20 * time.Second,
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := x.Reset(context.Background()); err != nil {
				t.Error(err)
			}
			_ = x.Close()
		})
		return x
	})
}
