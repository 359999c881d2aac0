package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/searchtest"
	"github.com/sendwatch/sendwatch/store/storetest"
)

// benchAdverts is how many adverts BenchmarkEngines crawls, each of about 3 KB.
var benchAdverts = flag.Int("adverts", 2000, "how many adverts BenchmarkEngines crawls")

// BenchmarkEngines takes adverts from a site on this machine through crawl, store
// and index, and then searches: each store with the embedded index, and each index
// with SQLite. PostgreSQL and Meilisearch are those of TEST_POSTGRES_URL and
// TEST_MEILISEARCH_URL. One engine a process gives honest memory figures:
//
//	go test ./cmd/sendwatch -run '^$' -bench 'Engines/SQLite_bleve' -benchtime 1x
func BenchmarkEngines(b *testing.B) {
	for _, c := range []struct{ name, postgres, meilisearch string }{
		{name: "SQLite_bleve"},
		{name: "PostgreSQL_bleve", postgres: "TEST_POSTGRES_URL"},
		{name: "SQLite_Meilisearch", meilisearch: "TEST_MEILISEARCH_URL"},
		{name: "PostgreSQL_Meilisearch", postgres: "TEST_POSTGRES_URL", meilisearch: "TEST_MEILISEARCH_URL"},
	} {
		b.Run(c.name, func(b *testing.B) {
			for _, need := range []string{c.postgres, c.meilisearch} {
				if need != "" && os.Getenv(need) == "" {
					b.Skipf("%s names no server", need)
				}
			}
			site := newBulletin(b, *benchAdverts)
			for b.Loop() {
				measureEngines(b, site, c.postgres != "", c.meilisearch != "")
			}
		})
	}
}

// measureEngines carries the bulletin's adverts through one pair of engines.
func measureEngines(b *testing.B, site *bulletin, postgres, meilisearch bool) {
	a := openEngines(b, site, postgres, meilisearch)
	crawled := time.Now()
	reports, err := a.crawl(b.Context(), a.cfg.Sources, true)
	if err != nil || len(reports) != 1 || reports[0].New != len(site.adverts) {
		b.Fatalf("crawl: %+v, %v", reports, err)
	}
	seconds := time.Since(crawled).Seconds()
	b.ReportMetric(float64(len(site.adverts))/seconds, "stored/s")
	indexed := time.Now()
	if err := a.indexOnce(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(len(site.adverts))/time.Since(indexed).Seconds(), "indexed/s")
	b.ReportMetric(float64(len(site.adverts))/(seconds+time.Since(indexed).Seconds()), "crawl-to-index/s")
	took := searches(b, a)
	b.ReportMetric(took[len(took)/2], "search-p50-ms")
	b.ReportMetric(took[len(took)*95/100], "search-p95-ms")
	runtime.GC()
	b.ReportMetric(residentMB(b, "VmRSS:"), "MB-resident")
	b.ReportMetric(residentMB(b, "VmHWM:"), "MB-peak")
	if err := a.close(); err != nil {
		b.Fatal(err)
	}
}

// openEngines puts the program together over fresh engines.
func openEngines(b *testing.B, site *bulletin, postgres, meilisearch bool) *app {
	b.Helper()
	set := map[string]string{"SENDWATCH_DATA_DIR": filepath.Join(b.TempDir(), "data")}
	if postgres {
		set["SENDWATCH_DATABASE_URL"] = storetest.Postgres(b)
	}
	if meilisearch {
		set["SENDWATCH_SEARCH_MEILISEARCH_URL"] = os.Getenv("TEST_MEILISEARCH_URL")
		set["SENDWATCH_SEARCH_MEILISEARCH_KEY_FILE"] = filepath.Join(b.TempDir(), "key")
		if err := os.WriteFile(set["SENDWATCH_SEARCH_MEILISEARCH_KEY_FILE"], []byte(os.Getenv("TEST_MEILISEARCH_KEY")), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	cfg, err := configs.Load("", func(key string) string { return set[key] })
	if err != nil {
		b.Fatal(err)
	}
	none := time.Duration(0)
	cfg.Sources = []configs.Source{{
		ID: "bulletin", Kind: configs.KindJobPosting, URL: site.URL, EmployerKind: "agency", Every: "1s", AllowPrivate: true, Delay: &none,
		Discover: configs.Discover{Sitemap: "/sitemap.xml", Match: "^/job/"}, MaxPages: 10 * len(site.adverts),
	}}
	a, err := newApp(b.Context(), cfg, slog.New(slog.DiscardHandler), time.Now)
	if err != nil {
		b.Fatal(err)
	}
	return a
}

// searches asks the mix that people ask, through the service, and returns how long
// each took, in milliseconds, shortest first.
func searches(b *testing.B, a *app) []float64 {
	b.Helper()
	ix, _, err := a.openEngines(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	svc := a.service(ix)
	var took []float64
	for round := range 40 {
		for _, r := range []search.Request{
			{},
			{Criteria: sendwatch.Criteria{Words: "autism"}},
			{Criteria: sendwatch.Criteria{Words: "behaviuor support"}},
			{Criteria: sendwatch.Criteria{Words: `"speech language"`}},
			{Criteria: sendwatch.Criteria{Words: "teaching assistant", Near: "Leeds", WithinMiles: 20}, Sort: search.SortDistance},
			{Criteria: sendwatch.Criteria{MinHourly: 14}, Sort: search.SortPay},
			{Criteria: sendwatch.Criteria{Words: "primary", Contracts: []string{"permanent"}}, Sort: search.SortNewest},
		} {
			r.Facets = search.Facets()
			r.Page = 1 + round%3
			started := time.Now()
			if _, err := svc.Search(b.Context(), r); err != nil {
				b.Fatal(err)
			}
			took = append(took, float64(time.Since(started).Microseconds())/1000)
		}
	}
	slices.Sort(took)
	return took
}

// residentMB reads one line of the process's own status, in megabytes.
func residentMB(b *testing.B, line string) float64 {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Log("memory is measured on Linux only:", err)
		return 0
	}
	_, rest, _ := strings.Cut(string(status), line)
	var kilobytes float64
	if _, err := fmt.Sscan(rest, &kilobytes); err != nil {
		b.Fatal(err)
	}
	return kilobytes / 1024
}

// bulletin is an agency's site of generated adverts.
type bulletin struct {
	*httptest.Server
	adverts []*sendwatch.Vacancy
}

func newBulletin(b *testing.B, n int) *bulletin {
	b.Helper()
	g, err := searchtest.NewGenerator(searchtest.NewKit(b), 7, 12_000)
	if err != nil {
		b.Fatal(err)
	}
	s := &bulletin{}
	for i := range n {
		s.adverts = append(s.adverts, g.Vacancy(fmt.Sprint(i), 400))
	}
	s.Server = httptest.NewServer(s)
	b.Cleanup(s.Close)
	return s
}

// ServeHTTP answers with the sitemap and the adverts' pages.
func (s *bulletin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var i int
	switch _, err := fmt.Sscanf(r.URL.Path, "/job/%d", &i); {
	case r.URL.Path == "/sitemap.xml":
		fmt.Fprint(w, `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
		for i := range s.adverts {
			fmt.Fprintf(w, "<url><loc>%s/job/%d</loc></url>", s.URL, i)
		}
		fmt.Fprint(w, "</urlset>")
	case err == nil && i >= 0 && i < len(s.adverts):
		s.page(w, i)
	default:
		http.NotFound(w, r)
	}
}

// page writes an advert as agencies do, with a JobPosting.
func (s *bulletin) page(w http.ResponseWriter, i int) {
	towns := []string{"Leeds", "Harrogate", "York", "Bath", "Bristol"}
	v := s.adverts[i]
	posting, err := json.Marshal(map[string]any{
		"@context": "https://schema.org", "@type": "JobPosting", "title": "SEN " + v.Title,
		"description": "<p>" + strings.ReplaceAll(html.EscapeString(v.Body), "\n", "</p><p>") + "</p>",
		"datePosted":  "2026-11-02", "validThrough": "2099-12-31", "employmentType": "TEMPORARY",
		"identifier":         map[string]string{"@type": "PropertyValue", "value": fmt.Sprint(i)},
		"hiringOrganization": map[string]string{"@type": "Organization", "name": fmt.Sprintf("Agency %d", i%50)},
		"jobLocation":        map[string]any{"@type": "Place", "address": map[string]string{"@type": "PostalAddress", "addressLocality": towns[i%len(towns)]}},
		"baseSalary": map[string]any{"@type": "MonetaryAmount", "currency": "GBP",
			"value": map[string]any{"@type": "QuantitativeValue", "value": 12 + float64(i%9)/2, "unitText": "HOUR"}},
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	fmt.Fprintf(w, `<!doctype html><title>%s</title><script type="application/ld+json">%s</script><h1>%[1]s</h1>`, html.EscapeString(v.Title), posting)
}
