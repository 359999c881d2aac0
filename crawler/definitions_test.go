package crawler_test

import (
	"testing"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/crawler"
)

// TestBuiltInDefinitionsCompile holds that what the configuration accepts of its own
// files, the crawler accepts too.
func TestBuiltInDefinitionsCompile(t *testing.T) {
	kinds := map[string]bool{}
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
			kinds[s.Kind] = true
			src := crawler.Source{ID: s.ID, Kind: s.Kind, URL: s.URL, Discover: crawler.Discover(s.Discover), Fields: s.Fields, EmployerKind: sendwatch.EmployerKind(s.EmployerKind), Notice: s.Notice}
			if err := src.Check(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for _, kind := range []string{crawler.KindTeachingVacancies, crawler.KindJobPosting, crawler.KindHTML, crawler.KindBroadbean, crawler.KindVacancyPoster, crawler.KindVentrus, crawler.KindFusion} {
		if !kinds[kind] {
			t.Errorf("no file shows a source of kind %s", kind)
		}
	}
}
