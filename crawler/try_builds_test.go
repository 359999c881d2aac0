package crawler_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// TestTryBuilds tries little sites of many builds, each from several of its pages.
// The proposals are as wanted, and each is whole: used as it stands, it reads every
// advert of the site.
func TestTryBuilds(t *testing.T) {
	files, err := filepath.Glob("testdata/builds/*.txtar")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d builds: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			archive := parseArchive(text)
			s := newSite(t, archive)
			adverts := strings.Split(strings.TrimSpace(string(archive.file("adverts").data)), "\n")
			var out strings.Builder
			for path := range strings.FieldsSeq(string(archive.file("tries").data)) {
				s.asked = nil
				got, err := newCrawler(t, fetch.Options{}).Try(t.Context(), s.URL+path, crawler.TryOptions{AllowPrivate: true})
				if err != nil {
					t.Fatalf("%s: %v", path, err)
				}
				if len(s.asked) > 40 {
					t.Errorf("%s: %d requests", path, len(s.asked))
				}
				fmt.Fprintf(&out, "%s is %s\n%s", path, got.Data, proposalOf(t, &got))
				if got.Source.Kind == "" {
					if adverts[0] != "" {
						t.Errorf("%s: nothing is proposed", path)
					}
					continue
				}
				got.Source.ID = "board"
				if titles := titlesOf(t, got.Source); !slices.Equal(titles, slices.Sorted(slices.Values(adverts))) {
					t.Errorf("%s: the proposal reads %q, want %q", path, titles, adverts)
				}
			}
			want := archive.file("want")
			got := strings.ReplaceAll(out.String(), s.URL, "")
			if *update {
				want.data = []byte(got)
				if err := os.WriteFile(file, archive.format(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(want.data), got); diff != "" {
				t.Errorf("proposals (-want +got):\n%s", diff)
			}
		})
	}
}

// proposalOf is what a trial proposes, and what it read.
func proposalOf(t *testing.T, got *crawler.Trial) string {
	t.Helper()
	var b strings.Builder
	if got.Source.Kind != "" {
		discover, err := json.Marshal(got.Source.Discover)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "  %s %s %s\n", got.Source.Kind, got.Source.EmployerKind, strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\\`, `\`).Replace(string(discover)))
	}
	for _, f := range got.Fields {
		if f.Read > 0 || got.Source.Fields[f.Name] != "" {
			fmt.Fprintf(&b, "  %s %d/%d by %s: %s\n", f.Name, f.Read, f.Of, strings.Trim(got.Source.Fields[f.Name]+" ", " "), f.Example)
		}
	}
	for _, note := range got.Notes {
		fmt.Fprintf(&b, "  note: %s\n", note)
	}
	return b.String()
}

// titlesOf are the titles of what a source reads, in order.
func titlesOf(t *testing.T, src crawler.Source) []string {
	t.Helper()
	m := newMemory()
	r, err := crawl(t, src, m)
	if err != nil || !r.Complete || r.Quarantined > 0 {
		t.Errorf("the proposal crawls: %+v, %v", r, err)
	}
	var titles []string
	for _, f := range m.found {
		if f.Posting != nil {
			titles = append(titles, f.Posting.Title)
		}
	}
	slices.Sort(titles)
	return titles
}
