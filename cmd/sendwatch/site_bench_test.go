package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/changelog"
	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/searchtest"
	"github.com/sendwatch/sendwatch/store"
	"golang.org/x/sync/errgroup"
)

var (
	benchPosts  = flag.Int("posts", 20_000, "how many vacancies BenchmarkSite shows, each of about 3 KB")
	benchWrites = flag.Int("writes", 20, "how many vacancies a second change while BenchmarkSite is asked")
)

// sitePosts keeps the vacancies of all runs of BenchmarkSite.
var sitePosts searchtest.Corpus

// BenchmarkSite asks the site over HTTP, one request after another, what people and
// programs ask, while vacancies change and are indexed:
//
//	go test ./cmd/sendwatch -run '^$' -bench Site -benchtime 3000x
//
// Each kind of request is reported for itself; "apis" are searches of
// the API with all facets, "pages" all that people see.
func BenchmarkSite(b *testing.B) {
	cfg, err := configs.Load("", func(key string) string {
		return map[string]string{"SENDWATCH_DATA_DIR": filepath.Join(b.TempDir(), "data")}[key]
	})
	if err != nil {
		b.Fatal(err)
	}
	cfg.Site.Limits = configs.Limits{}
	a, err := newApp(b.Context(), cfg, slog.New(slog.DiscardHandler), time.Now)
	if err != nil {
		b.Fatal(err)
	}
	posts := sitePosts.Vacancies(b, *benchPosts)
	for chunk := range slices.Chunk(posts, 200) {
		publish(b.Context(), b, a, sendwatch.VacancyCreated, chunk...)
	}
	asker, _, err := a.openEngines(b.Context()) // which fills the index
	if err != nil {
		b.Fatal(err)
	}
	site, err := a.site(asker, serveOptions{engines: a.engineStates(nil)}, make(chan struct{}, 1))
	if err != nil {
		b.Fatal(err)
	}
	srv := httptest.NewServer(site)
	ctx, stop := context.WithCancel(b.Context())
	g, ctx := errgroup.WithContext(ctx)
	a.follow(ctx, g, a.indexer(search.Engine{Name: ownEngine, Index: a.engines.own}), changelog.Options{})
	g.Go(func() error { return keepChanging(ctx, b, a, posts) })

	askSite(b, srv, posts)

	stop()
	srv.Close()
	if err := g.Wait(); err != nil && b.Context().Err() == nil && ctx.Err() == nil {
		b.Error(err)
	}
	if err := a.close(); err != nil {
		b.Error(err)
	}
}

// publish writes vacancies, each with an advert, in one transaction.
func publish(ctx context.Context, b *testing.B, a *app, event sendwatch.Event, vs ...*sendwatch.Vacancy) {
	b.Helper()
	err := a.store.Write(ctx, func(tx *store.Tx) error {
		for _, v := range vs {
			if err := tx.PutVacancy(ctx, v); err != nil {
				return err
			}
			p := &store.Posting{
				Source: "board", Reference: v.ID, Vacancy: v.ID, URL: "https://board.example/" + v.ID,
				Content: &sendwatch.Posting{Reference: v.ID, Title: v.Title}, Reading: v.Reading, Open: true, FirstSeen: v.FirstSeen, LastSeen: v.FirstSeen,
			}
			if err := tx.PutPosting(ctx, p); err != nil {
				return err
			}
			if err := tx.Append(ctx, sendwatch.Change{Event: event, Vacancy: v.ID, Cause: sendwatch.CauseCrawl}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil && ctx.Err() == nil {
		b.Error(err)
	}
}

// keepChanging changes one vacancy after another, so many a second.
func keepChanging(ctx context.Context, b *testing.B, a *app, posts []*sendwatch.Vacancy) error {
	if *benchWrites <= 0 {
		return nil
	}
	tick := time.NewTicker(time.Second / time.Duration(*benchWrites))
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			v := *posts[i%len(posts)]
			v.Employer, v.ChangedAt = fmt.Sprintf("Elmbrook School %d", i), time.Now()
			publish(ctx, b, a, sendwatch.VacancyChanged, &v)
		}
	}
}

// siteAsk is one of the ways in which the site is asked, so often in a hundred.
type siteAsk struct {
	kind, name string
	share      int
	of         func(r *rand.Rand) string
}

// siteAsks are what people and programs ask of a site.
func siteAsks(posts []*sendwatch.Vacancy) []siteAsk {
	words := strings.Fields("autism behaviour pupils support groups mentor school trauma phonics reading therapy sensory communication")
	pick := func(r *rand.Rand, of ...string) string { return of[r.IntN(len(of))] }
	search := func(path string, q url.Values) string { return path + "?" + q.Encode() }
	filters := func(r *rand.Rand) url.Values {
		return url.Values{
			"q": {pick(r, words...)}, "phase": {pick(r, "primary", "secondary")}, "min_hourly": {pick(r, "12", "13", "14")}, "refuse": {pick(r, "agency", "personal-care")},
		}
	}
	near := func(r *rand.Rand) url.Values {
		return url.Values{"q": {pick(r, words...)}, "near": {pick(r, "Leeds", "Bath", "York")}, "within": {pick(r, "10", "15", "20")}, "sort": {pick(r, "distance", "newest")}}
	}
	phrase := func(r *rand.Rand) url.Values {
		return url.Values{"q": {`"` + pick(r, words...) + " " + pick(r, words...) + `"`}}
	}
	typed := func(r *rand.Rand) url.Values {
		return url.Values{"q": {pick(r, words...) + " " + pick(r, words...)}, "page": {pick(r, "1", "1", "2", "5")}}
	}
	const page, api = "/", "/api/v1/vacancies"
	return []siteAsk{
		{"page", "first", 10, func(*rand.Rand) string { return page }},
		{"page", "words", 15, func(r *rand.Rand) string { return search(page, typed(r)) }},
		{"page", "filters", 10, func(r *rand.Rand) string { return search(page, filters(r)) }},
		{"page", "near", 10, func(r *rand.Rand) string { return search(page, near(r)) }},
		{"page", "phrase", 5, func(r *rand.Rand) string { return search(page, phrase(r)) }},
		{"page", "vacancy", 20, func(r *rand.Rand) string { return "/vacancies/" + posts[r.IntN(len(posts))].ID }},
		{"api", "everything", 4, func(*rand.Rand) string { return api }},
		{"api", "words", 6, func(r *rand.Rand) string { return search(api, typed(r)) }},
		{"api", "filters", 10, func(r *rand.Rand) string { return search(api, filters(r)) }},
		{"api", "near", 6, func(r *rand.Rand) string { return search(api, near(r)) }},
		{"api", "phrase", 2, func(r *rand.Rand) string { return search(api, phrase(r)) }},
		{"feed", "feed", 2, func(r *rand.Rand) string { return search("/feeds/vacancies.atom", filters(r)) }},
	}
}

// askSite asks one request after another and reports how long they took.
func askSite(b *testing.B, srv *httptest.Server, posts []*sendwatch.Vacancy) {
	b.Helper()
	var deck []siteAsk
	for _, a := range siteAsks(posts) {
		deck = append(deck, slices.Repeat([]siteAsk{a}, a.share)...)
	}
	r := rand.New(rand.NewPCG(20261122, 1))
	took := map[string][]time.Duration{}
	for b.Loop() {
		a := deck[r.IntN(len(deck))]
		target := srv.URL + a.of(r)
		began := time.Now()
		resp, err := srv.Client().Get(target)
		if err != nil {
			b.Fatal(err)
		}
		_, err = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close() // it was read
		if err != nil || resp.StatusCode != http.StatusOK {
			b.Fatalf("%s: %s, %v", target, resp.Status, err)
		}
		d := time.Since(began)
		took[a.kind+"s"] = append(took[a.kind+"s"], d)
		took[a.kind+":"+a.name] = append(took[a.kind+":"+a.name], d)
	}
	for name, ds := range took {
		slices.Sort(ds)
		for _, share := range []int{50, 95} {
			ms := float64(ds[(len(ds)-1)*share/100]) / float64(time.Millisecond)
			b.ReportMetric(ms, fmt.Sprintf("ms-p%d-%s", share, name))
		}
	}
}
