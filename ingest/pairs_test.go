package ingest_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/normalise"
	"github.com/sendwatch/sendwatch/store"
)

// TestPairsToJudge crawls recorded adverts, day by day, and writes pairs of postings
// for a person to judge: 100 that were joined and 100 that nearly were. It runs when
// SENDWATCH_ADVERTS names the control address of a server of recorded adverts, whose
// next three ports are the national service, a board of agencies with structured
// data, and the same board without; SENDWATCH_SEED draws the pairs, and
// SENDWATCH_PAIRS names the file to write.
func TestPairsToJudge(t *testing.T) {
	control := os.Getenv("SENDWATCH_ADVERTS")
	if control == "" {
		t.Skip("SENDWATCH_ADVERTS names no recorded adverts")
	}
	seed, err := strconv.ParseUint(cmp.Or(os.Getenv("SENDWATCH_SEED"), "1"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t)
	b.now = time.Now().Add(-10 * 24 * time.Hour)
	b.opts.Normaliser, b.opts.Rules = load(t), normalise.Rules
	client := fetch.New(fetch.Options{Contact: "mailto:operator@example.org", Hosts: b.store, Now: time.Now, Backoff: time.Millisecond})
	defer client.Close()
	b.opts.Crawler = crawler.New(crawler.Options{Client: client, Now: b.Now})
	in := ingest.New(b.opts)
	for day := range 10 {
		recordedDay(t, control, day+1)
		for _, src := range recordedSources(t, control) {
			r, err := in.Crawl(t.Context(), src, time.Hour, true)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("day %d %s: listed %d, new %d, changed %d, closed %d, reopened %d, %.1f s, %s", day+1, src.ID, r.Listed, r.New, r.Changed, r.Closed, r.Reopened, r.Seconds, r.Note)
		}
		b.pass(24 * time.Hour)
	}
	all := everyPosting(t, b)
	rng := rand.New(rand.NewPCG(seed, 0))
	joined, nearly := pairsOf(rng, all)
	t.Logf("%d postings in %d vacancies; %d joined pairs, %d nearly joined; seed %d", len(all), vacanciesOf(all), len(joined), len(nearly), seed)
	links(t, b)
	out := "joined\n" + listPairs(rng, joined) + "nearly joined\n" + listPairs(rng, nearly)
	if err := os.WriteFile(cmp.Or(os.Getenv("SENDWATCH_PAIRS"), t.TempDir()+"/pairs.txt"), []byte(out), 0o600); err != nil {
		t.Fatal(err)
	}
}

func recordedDay(t *testing.T, control string, day int) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("%s/day/%d", control, day), nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
}

func recordedSources(t *testing.T, control string) []crawler.Source {
	t.Helper()
	u, err := url.Parse(control)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	at := func(n int) string { return fmt.Sprintf("http://%s:%d", u.Hostname(), port+n) }
	fact := func(name string) string { return "table.facts tr:contains('" + name + "') td" }
	return []crawler.Source{
		{ID: "teaching", Kind: crawler.KindTeachingVacancies, URL: at(1), AllowPrivate: true},
		{ID: "agency", Kind: crawler.KindJobPosting, URL: at(2), AllowPrivate: true, EmployerKind: sendwatch.EmployerAgency,
			Discover: crawler.Discover{Sitemap: "/sitemap.xml", Match: "^/job/"}},
		{ID: "plain", Kind: crawler.KindHTML, URL: at(3), AllowPrivate: true, EmployerKind: sendwatch.EmployerAgency,
			Discover: crawler.Discover{Listing: "/vacancies", Item: "li.vacancy-card a.title", Next: "a.next"},
			Fields: map[string]string{"title": "h1.vacancy-title", "employer": fact("Advertiser"), "location": fact("Location"), "pay": fact("Salary"),
				"contract": fact("Contract"), "posted": fact("Posted"), "body": ".body"}},
	}
}

func everyPosting(t *testing.T, b *bench) []*store.Posting {
	t.Helper()
	ps, err := b.store.OldReadings(t.Context(), normalise.Rules+1, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	return ps
}

func vacanciesOf(ps []*store.Posting) int {
	ids := map[string]bool{}
	for _, p := range ps {
		ids[p.Vacancy] = true
	}
	return len(ids)
}

type pair struct {
	a, b               *store.Posting
	jaccard, contained float64
}

const (
	// mostNearly is how many of the closest pairs that were not joined are drawn from.
	mostNearly = 300
	// pairsEach is how many pairs of one kind a vacancy is in, at most.
	pairsEach = 2
)

// pairsOf finds pairs of postings of one vacancy and the closest pairs of two,
// leaving out what one board copies from the other, and no vacancy in more pairs
// than a few.
func pairsOf(rng *rand.Rand, ps []*store.Posting) (joined, nearly []pair) {
	ps = slices.DeleteFunc(slices.Clone(ps), func(p *store.Posting) bool { return p.Source == "plain" })
	rng.Shuffle(len(ps), func(i, j int) { ps[i], ps[j] = ps[j], ps[i] })
	words := make([]normalise.Wording, len(ps))
	looks := make([][]string, len(ps))
	for i, p := range ps {
		words[i] = normalise.OwnWording(&p.Reading)
		looks[i] = append(words[i].Bands(2), p.Reading.Employer)
	}
	for i, a := range ps {
		for j, b := range ps[:i] {
			if !slices.ContainsFunc(looks[i], func(k string) bool { return slices.Contains(looks[j], k) }) && a.Vacancy != b.Vacancy {
				continue
			}
			x := pair{a: a, b: b}
			x.jaccard, x.contained = words[i].Alike(words[j])
			if a.Vacancy == b.Vacancy {
				joined = append(joined, x)
			} else {
				nearly = append(nearly, x)
			}
		}
	}
	slices.SortStableFunc(nearly, func(x, y pair) int { return cmp.Compare(closeness(y), closeness(x)) })
	joined, nearly = thinned(joined), thinned(nearly)
	return joined, nearly[:min(len(nearly), mostNearly)]
}

// thinned leaves each vacancy in a few pairs.
func thinned(pairs []pair) (out []pair) {
	times := map[string]int{}
	for _, x := range pairs {
		if times[x.a.Vacancy] < pairsEach && times[x.b.Vacancy] < pairsEach {
			times[x.a.Vacancy]++
			times[x.b.Vacancy]++
			out = append(out, x)
		}
	}
	return out
}

// closeness is the part of the text that a pair has in common, and as much again
// for each of employer, title and place.
func closeness(x pair) float64 {
	c := x.contained
	a, b := &x.a.Reading, &x.b.Reading
	if a.Employer == b.Employer {
		c++
	}
	if normalise.TitleCore(a) == normalise.TitleCore(b) {
		c++
	}
	if normalise.Town(a) == normalise.Town(b) {
		c++
	}
	return c
}

// listPairs draws 100 pairs and writes them, each with all that tells them apart.
func listPairs(rng *rand.Rand, pairs []pair) string {
	pairs = slices.Clone(pairs)
	rng.Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
	var out strings.Builder
	for i, x := range pairs[:min(len(pairs), 100)] {
		_, why := ingest.WhyAlike(&x.a.Reading, &x.b.Reading)
		if f := x.a.Reading.Fingerprint; f != "" && f == x.b.Reading.Fingerprint {
			why = "fingerprint"
		}
		fmt.Fprintf(&out, "#%d jaccard %.2f contained %.2f %s\n", i+1, x.jaccard, x.contained, why)
		for _, p := range []*store.Posting{x.a, x.b} {
			r := &p.Reading
			fmt.Fprintf(&out, "  %s %s | %s | %s | %s | closes %s | seen %s to %s | role %s | %s | %s\n    %s\n", p.Source, p.Reference, r.Title, r.Employer, r.Location,
				normalise.ClosingDay(r), p.FirstSeen.Format("2 Jan"), p.LastSeen.Format("2 Jan"), r.Role, p.Content.PayText, p.Content.ContractText, strings.ReplaceAll(r.Body, "\n", " / "))
		}
	}
	return out.String()
}

// links logs how many vacancies are possibly the same.
func links(t *testing.T, b *bench) {
	t.Helper()
	for _, v := range b.open() {
		for _, id := range v.PossiblySame {
			o, err := b.store.Vacancy(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("possibly the same: %q of %s in %s and %q of %s in %s", v.Title, v.Employer, v.Location, o.Title, o.Employer, o.Location)
		}
	}
}
