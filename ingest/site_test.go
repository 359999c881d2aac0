package ingest_test

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/normalise"
	"github.com/sendwatch/sendwatch/store"
)

// site is a fictional job site at the crawler's seam: it remembers by the pages it
// is given, as the real crawler does.
type site struct {
	adverts map[string]advert
	// broken adverts are listed and cannot be read; gone ones are listed and say
	// that they are closed.
	broken, gone map[string]bool
	incomplete   bool
	// partial sites list the latest only, as a feed does; dropped are the adverts whose
	// pages still stand, absent those whose pages have become others, and asked the
	// references of those that a crawl asked for.
	partial bool
	dropped map[string]advert
	absent  map[string]bool
	asked   []string
	// after is called when n adverts of a crawl were handed over.
	after func(n int)
}

type advert struct{ title, employer, town, body, closes, url, sameAs, pay, hours string }

func (a advert) etag() string { return fmt.Sprintf("%x", fmt.Sprint(a)) }

func newSite(refs ...string) *site {
	s := &site{adverts: map[string]advert{}, broken: map[string]bool{}, gone: map[string]bool{}, absent: map[string]bool{}}
	for _, r := range refs {
		s.adverts[r] = advert{title: "Teaching assistant", employer: "Oak School", town: "Reading", body: "Advert " + r}
	}
	return s
}

// Crawl implements ingest.Crawler.
func (s *site) Crawl(ctx context.Context, src crawler.Source, known crawler.Known, sink crawler.Sink) (crawler.Report, error) {
	rep := crawler.Report{Complete: !s.incomplete, Partial: s.partial}
	list := crawler.Page{URL: src.URL + "/jobs", ETag: fmt.Sprint(len(s.adverts))}
	for i, ref := range slices.Sorted(maps.Keys(s.adverts)) {
		f, err := s.find(ctx, src, known, ref)
		if err != nil {
			return rep, err
		}
		rep.Listed++
		switch f.State {
		case crawler.Read:
			rep.Fetched++
		case crawler.NotModified:
			rep.NotModified++
		case crawler.Unreadable:
			rep.Quarantined++
		}
		list.Items = append(list.Items, crawler.Item{URL: f.URL})
		if err := sink.Found(ctx, f); err != nil {
			return crawler.Report{}, err
		}
		if s.after != nil {
			s.after(i + 1)
		}
		if err := ctx.Err(); err != nil {
			rep.Complete = false
			return rep, err
		}
	}
	rep.Lists = []crawler.Page{list}
	if !s.partial {
		return rep, nil
	}
	return rep, s.askUnlisted(ctx, src, known, sink)
}

// askUnlisted asks for what the list has dropped, as the real crawler does.
func (s *site) askUnlisted(ctx context.Context, src crawler.Source, known crawler.Known, sink crawler.Sink) error {
	items, err := known.Unlisted(ctx, src.ID)
	if err != nil {
		return err
	}
	for _, item := range items {
		if _, listed := s.adverts[item.Reference]; listed {
			continue
		}
		s.asked = append(s.asked, item.Reference)
		f, err := s.find(ctx, src, known, item.Reference)
		if err != nil {
			return err
		}
		f.Unlisted, f.Absent = true, s.absent[item.Reference]
		if err := sink.Found(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

func (s *site) find(ctx context.Context, src crawler.Source, known crawler.Known, ref string) (crawler.Found, error) {
	a, listed := s.adverts[ref]
	if !listed {
		a = s.dropped[ref]
	}
	f := crawler.Found{URL: src.URL + "/job/" + ref, Raw: []byte("<h1>" + a.title + "</h1>"), RawType: "text/html"}
	if a.url != "" {
		f.URL = a.url
	}
	switch {
	case s.gone[ref]:
		f.State = crawler.Gone
		return f, nil
	case s.broken[ref], s.absent[ref]:
		f.State, f.Err = crawler.Unreadable, fmt.Errorf("no title")
		return f, nil
	}
	pages, err := known.Pages(ctx, src.ID, []string{f.URL})
	if err != nil {
		return f, err
	}
	f.Reference = ref
	if pages[f.URL].ETag == a.etag() {
		f.State = crawler.NotModified
		return f, nil
	}
	f.State = crawler.Read
	f.Page = crawler.Page{URL: f.URL, ETag: a.etag(), Items: []crawler.Item{{URL: f.URL, Reference: ref}}}
	f.Posting = &sendwatch.Posting{Reference: ref, URL: f.URL, Title: a.title, Employer: a.employer, EmployerKind: src.EmployerKind, Location: a.town, BodyText: a.body, Closes: a.closes,
		PayText: a.pay, HoursText: a.hours}
	if a.sameAs != "" {
		f.Posting.SameAs = []string{a.sameAs}
	}
	return f, nil
}

// reader is a small normaliser at its seam.
type reader struct {
	// suffix is added to titles, as newer rules would.
	suffix string
	panics bool
}

// Employ implements ingest.Normaliser: it takes the school of the employer's name.
func (reader) Employ(r *sendwatch.Reading, in normalise.Register) {
	if es := in.Like(normalise.NameKey(r.Employer), ""); len(es) == 1 {
		r.EmployerURN, r.School = es[0].URN, &es[0]
	}
}

// Read implements ingest.Normaliser.
func (r reader) Read(p *sendwatch.Posting) sendwatch.Reading {
	if r.panics {
		panic("no such advert")
	}
	out := sendwatch.Reading{Title: p.Title + r.suffix, Employer: p.Employer, EmployerKind: p.EmployerKind, Location: p.Location,
		Kind: sendwatch.KindVacancy, Scope: sendwatch.ScopeIn, Body: p.BodyText, Terms: strings.Fields(p.BodyText),
		Fingerprint: strings.Join([]string{p.Employer, p.Location, p.BodyText}, "|")}
	if t, err := time.Parse(time.RFC3339, p.Closes); err == nil {
		out.ClosesAt = &t
	}
	return out
}

var minted atomic.Int64

func mint() string { return fmt.Sprintf("id-%08d", minted.Add(1)) }

// bench is a store, a clock and an Ingest over fictional sites.
type bench struct {
	*ingest.Ingest
	t     *testing.T
	store *store.Store
	opts  ingest.Options
	sites map[string]*site
	mu    sync.Mutex
	now   time.Time
}

// Crawl dispatches to the site of a source.
func (b *bench) crawlSite(ctx context.Context, src crawler.Source, known crawler.Known, sink crawler.Sink) (crawler.Report, error) {
	return b.sites[src.ID].Crawl(ctx, src, known, sink)
}

type crawlerFunc func(context.Context, crawler.Source, crawler.Known, crawler.Sink) (crawler.Report, error)

func (f crawlerFunc) Crawl(ctx context.Context, src crawler.Source, known crawler.Known, sink crawler.Sink) (crawler.Report, error) {
	return f(ctx, src, known, sink)
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, sites: map[string]*site{}, now: time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)}
	st, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "s.db"), Now: b.Now, NewID: mint})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	b.store = st
	b.opts = ingest.Options{Store: st, Normaliser: reader{}, Crawler: crawlerFunc(b.crawlSite), Now: b.Now, NewID: mint, Rules: 1}
	b.Ingest = ingest.New(b.opts)
	return b
}

func (b *bench) Now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(time.Millisecond) // things happen one after another
	return b.now
}

func (b *bench) pass(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

func (b *bench) source(id string) crawler.Source {
	return crawler.Source{ID: id, Kind: crawler.KindHTML, URL: "https://" + id + ".example"}
}

// crawl crawls a source and fails the test on an error.
func (b *bench) crawl(id string) ingest.Report {
	b.t.Helper()
	r, err := b.Crawl(b.t.Context(), b.source(id), time.Hour, true)
	if err != nil {
		b.t.Fatal(err)
	}
	b.pass(time.Minute)
	return r
}

// open returns the open vacancies by id.
func (b *bench) open() []*sendwatch.Vacancy {
	b.t.Helper()
	vs, err := b.store.OpenVacancies(b.t.Context(), "", 1000)
	if err != nil {
		b.t.Fatal(err)
	}
	return vs
}

// log returns the events after a number.
func (b *bench) log(after int64) []string {
	b.t.Helper()
	cs, err := b.store.Changes(b.t.Context(), after, 1000)
	if err != nil {
		b.t.Fatal(err)
	}
	var out []string
	for _, c := range cs {
		out = append(out, strings.TrimSpace(string(c.Event)+" "+strings.Join(c.Fields, ",")))
	}
	return out
}

// vacancyOf is the id of the vacancy whose body reads so, open or not.
func (b *bench) vacancyOf(body string) string {
	b.t.Helper()
	cs, err := b.store.Changes(b.t.Context(), 0, 1000)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range cs {
		if v, err := b.store.Vacancy(b.t.Context(), c.Vacancy); err == nil && v.Body == body {
			return v.ID
		}
	}
	b.t.Fatalf("no vacancy reads %q", body)
	return ""
}

func (b *bench) head() int64 {
	b.t.Helper()
	n, err := b.store.Head(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

func (b *bench) wantLog(after int64, want ...string) {
	b.t.Helper()
	if got := b.log(after); !slices.Equal(got, want) {
		b.t.Errorf("the log says %q, want %q", got, want)
	}
}

func (b *bench) wantOpen(n int) {
	b.t.Helper()
	if got := len(b.open()); got != n {
		b.t.Errorf("%d vacancies are open, want %d", got, n)
	}
}

// waitOpen waits until so many vacancies are stored: what was handed over is stored a
// little later.
func (b *bench) waitOpen(n int) {
	b.t.Helper()
	for len(b.open()) < n {
		if err := b.t.Context().Err(); err != nil {
			b.t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
}
