package main

import (
	"bufio"
	"flag"
	"fmt"
	"hash/fnv"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gocolly/colly/v2"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/normalise"
	"github.com/sendwatch/sendwatch/store/storetest"
)

var (
	crawlPages  = flag.Int("pages", 20_000, "how many pages the site of BenchmarkCrawl has")
	crawlRounds = flag.Int("rounds", 3, "how often BenchmarkCrawl has each crawler crawl, in turn")
	crawlListen = flag.String("site", "127.0.0.1:0", "where the site of BenchmarkCrawl listens")
	crawlHold   = flag.Duration("hold", 0, "how long the site of BenchmarkCrawl stays afterwards, for another crawler to be measured on it")
	crawlOnly   = flag.String("crawlers", "", "which crawlers BenchmarkCrawl measures, by parts of their names; all when empty")
)

// BenchmarkCrawl crawls a site on this machine, in a process of its own, without a
// pace: with the whole of this program but the understanding of adverts (fetch,
// extract, commit), with the understanding, again when nothing has changed, and
// with bare colly, which fetches pages and follows their links. They take turns.
//
//	go test ./cmd/sendwatch -run '^$' -bench 'Crawl$' -benchtime 1x -timeout 30m
//
// With -site and -hold another crawler can be measured on the same site afterwards.
func BenchmarkCrawl(b *testing.B) {
	collectLater(os.Getenv)
	site := startSite(b)
	crawlers := []struct {
		name  string
		crawl func(b *testing.B, site string) time.Duration
	}{
		{"colly-one-at-a-time", func(b *testing.B, site string) time.Duration { return crawlWithColly(b, site, 1) }},
		{"colly-16-at-a-time", func(b *testing.B, site string) time.Duration { return crawlWithColly(b, site, 16) }},
		{"sendwatch", func(b *testing.B, site string) time.Duration { return newCrawlBench(b, site, "").unread(b) }},
		{"sendwatch-unchanged", func(b *testing.B, site string) time.Duration { return newCrawlBench(b, site, "").unchanged(b) }},
		{"sendwatch-understanding", func(b *testing.B, site string) time.Duration { return newCrawlBench(b, site, "").whole(b) }},
		{"sendwatch-PostgreSQL", func(b *testing.B, site string) time.Duration {
			return newCrawlBench(b, site, storetest.Postgres(b)).unread(b)
		}},
	}
	for b.Loop() {
		took := map[string][]float64{}
		for range *crawlRounds {
			for _, c := range crawlers {
				if *crawlOnly != "" && !slices.ContainsFunc(strings.Split(*crawlOnly, ","), func(part string) bool { return part == c.name }) {
					continue
				}
				b.Run(c.name, func(b *testing.B) {
					began := ownCPU(b)
					pages := float64(*crawlPages) / c.crawl(b, site).Seconds()
					b.ReportMetric(float64((ownCPU(b)-began).Microseconds())/float64(*crawlPages), "CPU-µs/page")
					took[c.name] = append(took[c.name], pages)
					b.ReportMetric(pages, "pages/s")
					b.ReportMetric(0, "ns/op")
				})
			}
		}
		for name, rates := range took {
			slices.Sort(rates)
			b.Logf("%s: %.0f pages/s, middle of %.0f", name, rates[len(rates)/2], rates)
		}
	}
	if *crawlHold > 0 {
		b.Logf("the site stays at %s for %v", site, *crawlHold)
		select {
		case <-b.Context().Done():
		case <-time.After(*crawlHold):
		}
	}
}

// ownCPU is how much of the processors' time this process has had.
func ownCPU(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// startSite starts the site as a process and returns its address.
func startSite(b *testing.B) string {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), siteProgram, strconv.Itoa(*crawlPages), *crawlListen)
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// crawlWithColly follows the site's links from its first page, with so many
// requests at a time, and checks that it saw every page.
func crawlWithColly(b *testing.B, site string, parallel int) time.Duration {
	b.Helper()
	c := colly.NewCollector(colly.Async(parallel > 1))
	if err := c.Limit(&colly.LimitRule{DomainGlob: "*", Parallelism: parallel}); err != nil {
		b.Fatal(err)
	}
	var mu sync.Mutex
	pages := 0
	c.OnResponse(func(r *colly.Response) {
		mu.Lock()
		defer mu.Unlock()
		if strings.Contains(r.Request.URL.Path, "/job/") && r.StatusCode == http.StatusOK {
			pages++
		}
	})
	c.OnHTML("a[href^='/job/']", func(e *colly.HTMLElement) {
		_ = e.Request.Visit(e.Attr("href")) // each page is linked to once
	})
	started := time.Now()
	if err := c.Visit(site + "/job/0"); err != nil {
		b.Fatal(err)
	}
	c.Wait()
	took := time.Since(started)
	if pages != *crawlPages {
		b.Fatalf("colly saw %d pages of %d", pages, *crawlPages)
	}
	return took
}

// crawlBench is the program over a new store, and the site as its only source.
type crawlBench struct {
	*app
	source crawler.Source
}

func newCrawlBench(b *testing.B, site, postgres string) *crawlBench {
	b.Helper()
	set := map[string]string{"SENDWATCH_DATA_DIR": filepath.Join(b.TempDir(), "data"), "SENDWATCH_DATABASE_URL": postgres}
	cfg, err := configs.Load("", func(key string) string { return set[key] })
	if err != nil {
		b.Fatal(err)
	}
	a, err := newApp(b.Context(), cfg, slog.New(slog.DiscardHandler), time.Now)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := a.close(); err != nil {
			b.Error(err)
		}
	})
	return &crawlBench{a, crawler.Source{ID: "site", Kind: crawler.KindJobPosting, URL: site, AllowPrivate: true, MaxPages: 2 * *crawlPages}}
}

// ingest is the program's own, with another normaliser.
func (c *crawlBench) ingest(n ingest.Normaliser) *ingest.Ingest {
	in := c.app.ingest()
	in.Normaliser = n
	return in
}

// crawl crawls once and checks what came of it.
func (c *crawlBench) crawl(b *testing.B, n ingest.Normaliser, check func(ingest.Report) bool) time.Duration {
	b.Helper()
	in := c.ingest(n)
	started := time.Now()
	r, err := in.Crawl(b.Context(), c.source, time.Second, true)
	took := time.Since(started)
	if err != nil || !r.Healthy || r.Listed != *crawlPages || !check(r) {
		b.Fatalf("%+v, %v", r, err)
	}
	return took
}

// unread crawls without understanding, and checks that every page's record is
// stored as the page says it.
func (c *crawlBench) unread(b *testing.B) time.Duration {
	b.Helper()
	took := c.crawl(b, shallow{}, func(r ingest.Report) bool { return r.New == *crawlPages })
	c.check(b)
	b.ReportMetric(residentMB(b, "VmHWM:"), "MB-peak")
	return took
}

// whole crawls with the understanding of adverts.
func (c *crawlBench) whole(b *testing.B) time.Duration {
	b.Helper()
	took := c.crawl(b, c.normaliser, func(r ingest.Report) bool { return r.New == *crawlPages })
	c.check(b)
	return took
}

// unchanged crawls twice; the second time every page says that it is as it was.
func (c *crawlBench) unchanged(b *testing.B) time.Duration {
	b.Helper()
	c.crawl(b, shallow{}, func(r ingest.Report) bool { return r.New == *crawlPages })
	return c.crawl(b, shallow{}, func(r ingest.Report) bool {
		b.ReportMetric(float64(r.Bytes)/1024, "KB")
		return r.NotModified == *crawlPages && r.New+r.Changed == 0
	})
}

// check reads what is stored.
func (c *crawlBench) check(b *testing.B) {
	b.Helper()
	seen := map[string]bool{}
	for last := ""; ; {
		vs, err := c.store.OpenVacancies(b.Context(), last, 500)
		if err != nil {
			b.Fatal(err)
		}
		for _, v := range vs {
			u, err := url.Parse(v.Sightings[0].URL)
			if err != nil {
				b.Fatal(err)
			}
			i, err := strconv.Atoi(strings.TrimPrefix(u.Path, "/job/"))
			if err != nil || v.Title != linkedTitle(i) {
				b.Fatalf("the record of %s is titled %q (%v)", u, v.Title, err)
			}
			seen[u.Path] = true
			last = v.ID
		}
		if len(vs) == 0 {
			break
		}
	}
	if len(seen) != *crawlPages {
		b.Fatalf("%d records of %d are stored", len(seen), *crawlPages)
	}
}

// shallow is a normaliser that understands nothing: the advert's own fields are its
// reading, which leaves the text where the advert has it, and a digest of the text is
// what it is recognised by.
type shallow struct{}

// Employ implements ingest.Normaliser.
func (shallow) Employ(*sendwatch.Reading, normalise.Register) {}

// Read implements ingest.Normaliser.
func (shallow) Read(p *sendwatch.Posting) sendwatch.Reading {
	h := fnv.New64a()
	fmt.Fprint(h, p.Employer, p.Location, p.BodyHTML, p.BodyText)
	return sendwatch.Reading{Title: p.Title, Employer: p.Employer, Location: p.Location, Kind: sendwatch.KindVacancy, Scope: sendwatch.ScopeIn,
		Fingerprint: strconv.FormatUint(h.Sum64(), 16)}
}
