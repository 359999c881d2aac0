package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/internal/jobsite/mailsink"
	"github.com/sendwatch/sendwatch/internal/meilitest"
	"github.com/sendwatch/sendwatch/web"
)

// meiliBoard is a board whose program searches with a Meilisearch server.
func meiliBoard(t *testing.T, url, key string) *board {
	t.Helper()
	file := filepath.Join(t.TempDir(), "meilisearch.key")
	if err := os.WriteFile(file, []byte(key+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return newBoard(t, mailsink.Options{}, func(cfg *configs.Config) {
		cfg.Search.MeilisearchURL, cfg.Search.MeilisearchKeyFile = url, file
	})
}

// asked runs a search and gives the answer and what was said beside it.
func (b *board) asked(args ...string) (web.Answer, string) {
	b.t.Helper()
	before := b.logs.Len()
	var a web.Answer
	if err := json.Unmarshal([]byte(b.must(append([]string{"search", "--json"}, args...)...)), &a); err != nil {
		b.t.Fatal(err)
	}
	return a, b.logs.String()[before:]
}

// TestMeilisearch searches through a server that goes away for a day and comes
// back without its data.
func TestMeilisearch(t *testing.T) {
	t.Parallel()
	server := meilitest.Start(t, meilitest.Options{})
	b := meiliBoard(t, server.URL(), server.Key())
	b.must("crawl")
	b.must("index")
	first, _ := b.asked("autism")
	if first.Fallback || first.Total == 0 {
		t.Fatalf("with the server up: fallback %v, %d found", first.Fallback, first.Total)
	}

	server.Stop()
	b.day(2, 5)
	b.must("crawl")
	if _, code := b.run("index"); code != exitFailed {
		t.Errorf("index with the server down: exit %d, want %d: one index is behind", code, exitFailed)
	}
	second, said := b.asked()
	if !second.Fallback || second.Total <= first.Total {
		t.Errorf("with the server down: fallback %v, %d found; want this machine's own index, with the new day in it", second.Fallback, second.Total)
	}
	if !strings.Contains(said, "Meilisearch does not answer yet") || strings.Contains(b.logs.String(), server.Key()) {
		t.Errorf("the server's absence is not told, or its key is:\n%s", said)
	}
	if out := b.must("search", "autism"); out == "" || !strings.Contains(b.logs.String(), "own index did") {
		t.Error("the command line does not say who has answered")
	}

	server.Start()
	if behind, _ := b.asked(); !behind.Fallback || behind.Total != second.Total {
		t.Errorf("back and behind: fallback %v, %d found; want the up-to-date index to answer", behind.Fallback, behind.Total)
	}
	b.must("index")
	third, _ := b.asked()
	if third.Fallback || third.Total != second.Total {
		t.Errorf("back and up to date: fallback %v, %d found, want %d", third.Fallback, third.Total, second.Total)
	}
	if !slices.EqualFunc(second.Hits, third.Hits, func(a, b web.Hit) bool { return a.ID == b.ID }) {
		t.Error("the engines give different pages")
	}

	server.Forget()
	b.must("index")
	if a, _ := b.asked(); a.Fallback || a.Total != third.Total {
		t.Errorf("after the server lost everything: fallback %v, %d found, want %d", a.Fallback, a.Total, third.Total)
	}
	if out := b.must("reindex"); strings.Count(out, "vacancies indexed") != 2 {
		t.Errorf("reindex of both engines says %q", out)
	}
	if out := b.must("reindex", "--engine", "bleve"); !strings.HasPrefix(out, "bleve: ") || strings.Contains(out, "meilisearch") {
		t.Errorf("reindex of one engine says %q", out)
	}
	if _, code := b.run("reindex", "--engine", "solr"); code != exitUsage {
		t.Errorf("reindex of an engine that is not there: exit %d", code)
	}
}

func TestMeilisearchRefusesAWrongKey(t *testing.T) {
	t.Parallel()
	server := meilitest.Start(t, meilitest.Options{})
	b := meiliBoard(t, server.URL(), "not-the-key")
	before := b.logs.Len()
	if _, code := b.run("index"); code != exitFailed {
		t.Errorf("exit %d, want %d", code, exitFailed)
	}
	said := b.logs.String()[before:]
	if !strings.Contains(said, "search.meilisearch_url") || !strings.Contains(said, "invalid_api_key") || strings.Contains(said, "not-the-key") {
		t.Errorf("a wrong key is explained as %q", said)
	}
}
