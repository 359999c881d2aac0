package crawler_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/crawler"
)

// builtIn are the definitions of configs/sources, as the command makes sources of them.
func builtIn(t *testing.T) map[string]crawler.Source {
	t.Helper()
	out := map[string]crawler.Source{}
	for _, name := range configs.BuiltInSources() {
		cfg, err := configs.Load("", func(key string) string {
			if key == "SENDWATCH_SOURCE_FILES" {
				return `["` + name + `"]`
			}
			return ""
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range cfg.Sources {
			out[s.ID] = crawler.Source{ID: s.ID, Kind: s.Kind, URL: s.URL, Discover: crawler.Discover(s.Discover), Fields: s.Fields, EmployerKind: sendwatch.EmployerKind(s.EmployerKind), Notice: s.Notice}
		}
	}
	return out
}

// TestBuiltInDefinitionsCompile holds that what the configuration accepts of its own
// files, the crawler accepts too.
func TestBuiltInDefinitionsCompile(t *testing.T) {
	kinds := map[string]bool{}
	for id, src := range builtIn(t) {
		kinds[src.Kind] = true
		if err := src.Check(); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	for _, kind := range []string{crawler.KindTeachingVacancies, crawler.KindJobPosting, crawler.KindHTML, crawler.KindBroadbean, crawler.KindVacancyPoster, crawler.KindVentrus, crawler.KindFusion} {
		if !kinds[kind] {
			t.Errorf("no file shows a source of kind %s", kind)
		}
	}
}

// TestBuiltInDefinitionsCrawl crawls a fictional twin of the site that each definition
// is for. Each reads the whole of its site, and every record carries the notice.
func TestBuiltInDefinitionsCrawl(t *testing.T) {
	seen := map[string]bool{}
	for id, src := range builtIn(t) {
		t.Run(id, func(t *testing.T) {
			twin := id
			if strings.HasPrefix(id, "school-site-") {
				twin = "school-site"
			}
			text, err := os.ReadFile(filepath.Join("testdata/twins", twin+".txtar"))
			if err != nil {
				t.Fatalf("the definition has no twin: %v", err)
			}
			seen[twin+".txtar"] = true
			archive := parseArchive(text)
			s := newSite(t, archive)
			src.ID, src.URL, src.AllowPrivate = "board", s.URL, true
			m := newMemory()
			r, err := crawl(t, src, m)
			if err != nil || !r.Complete || r.Quarantined > 0 {
				t.Errorf("%+v, %v", r, err)
			}
			var out strings.Builder
			for _, f := range m.found {
				if f.Posting == nil || f.Posting.Notice == "" {
					t.Errorf("%s: %v, and no notice", f.URL, f.State)
					continue
				}
				f.Posting.Source, f.Posting.Notice, f.Posting.URL = "", f.Posting.Notice[:min(len(f.Posting.Notice), 24)], ""
				line, err := json.Marshal(f.Posting)
				if err != nil {
					t.Fatal(err)
				}
				fmt.Fprintf(&out, "%s\n", line)
			}
			want := archive.file("want " + id)
			if *update {
				want.data = []byte(out.String())
				if err := os.WriteFile(filepath.Join("testdata/twins", twin+".txtar"), archive.format(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(want.data), out.String()); diff != "" || out.Len() == 0 {
				t.Errorf("postings (-want +got):\n%s", diff)
			}
		})
	}
	twins, err := filepath.Glob("testdata/twins/*.txtar")
	if err != nil || len(twins) != len(seen) {
		t.Errorf("%d twins for %d definitions, %v", len(twins), len(seen), err)
	}
}
