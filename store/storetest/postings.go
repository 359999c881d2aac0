package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

// lease claims a source for a crawl.
func (b *bench) lease(source string) store.Lease {
	b.t.Helper()
	b.must(b.EnsureSources(b.t.Context(), []string{source}))
	l, err := b.ClaimSource(b.t.Context(), source, time.Hour, true)
	b.must(err)
	return l
}

// next ends a crawl's lease and claims the source for the next.
func (b *bench) next(l store.Lease) store.Lease {
	b.t.Helper()
	b.must(b.FinishSource(b.t.Context(), l, b.clock.Now()))
	b.clock.add(time.Minute)
	return b.lease(l.ID)
}

// sample is a posting with something in every part of it.
func (b *bench) sample(l store.Lease, reference, vacancy string) *store.Posting {
	closes := b.clock.Now().Add(30 * 24 * time.Hour)
	return &store.Posting{Source: l.ID, Reference: reference, Vacancy: vacancy, URL: "https://a.example/" + reference, ItemURL: "https://a.example/i/" + reference,
		Kind: "html", Hash: "h1", Open: true, FirstSeen: b.clock.Now(), LastSeen: b.clock.Now(), LastCrawl: l.Crawl,
		Content: &sendwatch.Posting{Source: l.ID, Reference: reference, Title: "Teaching assistant", BodyHTML: "<p>Support.</p>"},
		Reading: sendwatch.Reading{Title: "Teaching assistant", Kind: sendwatch.KindVacancy, Needs: []string{"semh"}, ClosesAt: &closes,
			Body: "Support.", Terms: []string{"support"}, Fingerprint: "f-" + reference, Rules: 3},
		Keys: []store.Key{{Kind: "url", Value: reference}}}
}

func (b *bench) put(p *store.Posting) {
	b.t.Helper()
	b.must(b.Write(b.t.Context(), func(tx *store.Tx) error { return tx.PutPosting(b.t.Context(), p) }))
}

// fetched adds to a posting what was fetched for it.
func (b *bench) fetched(p *store.Posting, kind, raw string) *store.Posting {
	b.t.Helper()
	content, err := json.Marshal(p.Content)
	b.must(err)
	packed, err := b.Pack(store.Bulk{Content: content, Reading: &p.Reading, Raw: []byte(raw), RawType: kind})
	b.must(err)
	p.Packed = packed
	return p
}

// readAgain says of an address at source a that its advert could be read.
func (b *bench) readAgain(url string) {
	b.t.Helper()
	b.must(b.Write(b.t.Context(), func(tx *store.Tx) error {
		tx.ClearQuarantine("a", url)
		return nil
	}))
}

func testPostings(t *testing.T, open Open) {
	t.Run("a posting comes back whole", func(t *testing.T) {
		b := newBench(t, open)
		want := b.sample(b.lease("a"), "r", "v")
		b.put(want)
		got, err := b.Postings(t.Context(), "v")
		b.must(err)
		want.Keys = nil // keys are asked for by value
		if d := cmp.Diff([]*store.Posting{want}, got); d != "" {
			t.Errorf("want, got:\n%s", d)
		}
		b.must(b.Write(t.Context(), func(tx *store.Tx) error {
			one, err := tx.Posting(t.Context(), "a", "r")
			if d := cmp.Diff(want, one); d != "" {
				t.Errorf("in a transaction: %s", d)
			}
			if _, e := tx.Posting(t.Context(), "a", "none"); !errors.Is(e, store.ErrNotFound) {
				t.Errorf("unknown posting: %v, want ErrNotFound", e)
			}
			return err
		}))
	})

	t.Run("briefs by reference and by address", func(t *testing.T) {
		b := newBench(t, open)
		l := b.lease("a")
		p, q := b.sample(l, "r", "v"), b.sample(l, "s", "w")
		q.ItemURL = p.ItemURL
		b.put(p)
		b.put(q)
		bs, err := b.PostingBriefs(t.Context(), "a", []string{"s", "none", "r"})
		b.must(err)
		if got := bs["s"]; len(bs) != 2 || got.Reference != "s" || got.Vacancy != "w" || got.Hash != "h1" || got.Rules != 3 || !got.Open || got.ClosesAt == nil {
			t.Errorf("by reference: %+v", bs)
		}
		if refs, err := b.References(t.Context(), "a"); err != nil || len(refs) != 2 || !refs.Has("s") || !refs.Has("r") || refs.Has("none") {
			t.Errorf("references: %v (%v), want r and s", refs, err)
		}
		if at, err := b.PostingBriefsAt(t.Context(), "a", p.ItemURL); err != nil || len(at) != 2 {
			t.Errorf("by address: %+v (%v), want both", at, err)
		}
		if bs, err = b.PostingBriefs(t.Context(), "elsewhere", []string{"s"}); err != nil || len(bs) != 0 {
			t.Errorf("at another source: %+v (%v), want none", bs, err)
		}
		if bs, err = b.PostingBriefs(t.Context(), "a", nil); err != nil || len(bs) != 0 {
			t.Errorf("of nothing: %+v (%v), want none", bs, err)
		}
	})

	t.Run("kin share a key", func(t *testing.T) {
		b := newBench(t, open)
		l, m := b.lease("a"), b.lease("b")
		key := store.Key{Kind: "fingerprint", Value: "x"}
		p, q, r := b.sample(l, "p", "v"), b.sample(m, "q", "w"), b.sample(m, "r", "u")
		p.Keys, q.Keys, r.Keys = []store.Key{key}, []store.Key{key}, []store.Key{{Kind: "url", Value: "x"}}
		q.Open, q.ClosedAt = false, ptr(b.clock.Now())
		for _, x := range []*store.Posting{p, q, r} {
			b.put(x)
		}
		kin := func() (out []store.Kin) {
			b.must(b.Write(t.Context(), func(tx *store.Tx) (err error) {
				out, err = tx.Kin(t.Context(), "a", "p", []store.Key{key}, time.Time{})
				return err
			}))
			return out
		}
		want := []store.Kin{{Key: key, Source: "b", Reference: "q", Vacancy: "w", ClosedAt: q.ClosedAt, LastCrawl: q.LastCrawl}}
		if d := cmp.Diff(want, kin()); d != "" {
			t.Errorf("want, got:\n%s", d)
		}
		q.Keys = nil
		b.put(q) // its text changed: it is no kin any more
		if got := kin(); len(got) != 0 {
			t.Errorf("got %+v, want none", got)
		}
	})

	t.Run("raw", func(t *testing.T) {
		b := newBench(t, open)
		p := b.sample(b.lease("a"), "r", "v")
		b.put(b.fetched(p, "text/html", "<p>"))
		p.Packed = nil
		b.put(p) // a new reading leaves what was fetched
		if raw, kind, err := b.Raw(t.Context(), "a", "r"); err != nil || string(raw) != "<p>" || kind != "text/html" {
			t.Errorf("got %q %q %v", raw, kind, err)
		}
		if _, _, err := b.Raw(t.Context(), "a", "none"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %v, want ErrNotFound", err)
		}
	})

	t.Run("old readings", func(t *testing.T) {
		b := newBench(t, open)
		l := b.lease("a")
		for i := range 5 {
			p := b.sample(l, fmt.Sprint("r", i), "v")
			p.Reading.Rules = i
			b.put(p)
		}
		ps, err := b.OldReadings(t.Context(), 3, 2)
		if err != nil || len(ps) != 2 || ps[0].Reference != "r0" || ps[1].Reference != "r1" {
			t.Errorf("got %v (%v), want the two oldest", ps, err)
		}
	})

	t.Run("pages", func(t *testing.T) {
		b := newBench(t, open)
		want := store.Page{URL: "https://a.example/jobs#v1", ETag: `"e"`, LastModified: "Mon", Items: []store.Item{{URL: "u", Reference: "r"}}, Next: "n"}
		put := func(p store.Page) {
			b.must(b.Write(t.Context(), func(tx *store.Tx) error {
				tx.PutPage("a", p)
				return nil
			}))
		}
		put(store.Page{URL: want.URL, ETag: "old"})
		put(want)
		put(store.Page{}) // no page
		if got, err := b.Page(t.Context(), "a", want.URL); err != nil || !cmp.Equal(got, want) {
			t.Errorf("got %+v (%v), want %+v", got, err, want)
		}
		if got, err := b.Page(t.Context(), "b", want.URL); err != nil || got.URL != "" {
			t.Errorf("at another source: %+v (%v), want nothing", got, err)
		}
		var urls []string
		for i := range 600 {
			urls = append(urls, fmt.Sprint("https://a.example/none", i))
		}
		long := store.Page{URL: "https://a.example/" + strings.Repeat("long", 300) + "#v1", ETag: `"l"`, Items: []store.Item{}}
		put(long)
		ps, err := b.Pages(t.Context(), "a", append(urls, long.URL, want.URL))
		slices.SortFunc(ps, func(x, y store.Page) int { return strings.Compare(x.URL, y.URL) })
		if diff := cmp.Diff([]store.Page{want, long}, ps); err != nil || diff != "" {
			t.Errorf("several pages (%v), want, got:\n%s", err, diff)
		}
		put(store.Page{URL: "https://a.example/jobs2"})
		b.must(b.ForgetPage(t.Context(), "a", "https://a.example/jobs"))
		if got, err := b.Page(t.Context(), "a", want.URL); err != nil || got.URL != "" {
			t.Errorf("a forgotten page: %+v (%v), want nothing", got, err)
		}
		if got, err := b.Page(t.Context(), "a", "https://a.example/jobs2"); err != nil || got.URL == "" {
			t.Errorf("its neighbour was forgotten too (%v)", err)
		}
	})
}

func ptr[T any](v T) *T { return &v }

func testCrawls(t *testing.T, open Open) {
	marked := func(b *bench, source string) (out []string) {
		ms, err := b.MarkedForClosing(b.t.Context(), source, 10)
		b.must(err)
		for _, m := range ms {
			out = append(out, m.Reference+" "+m.Why)
		}
		return out
	}
	healthy := store.CrawlEnd{Complete: true, Healthy: true, CloseAfter: 2}

	t.Run("what is missing, gone or expired is marked by a healthy crawl only", func(t *testing.T) {
		b := newBench(t, open)
		l := b.lease("a")
		for _, r := range []string{"seen", "gone", "missing", "expired"} {
			p := b.sample(l, r, "v-"+r)
			if r == "expired" {
				p.Reading.ClosesAt = ptr(b.clock.Now().Add(time.Minute))
			}
			b.put(p)
		}
		b.must(b.EndCrawl(t.Context(), l, healthy))
		for i, step := range []struct {
			end  store.CrawlEnd
			want []string
		}{
			{store.CrawlEnd{Complete: true}, nil},
			{store.CrawlEnd{Healthy: true}, nil},
			{healthy, []string{"expired expired", "gone gone"}},
			{healthy, []string{"expired expired", "gone gone", "missing missing"}},
		} {
			l = b.next(l)
			b.must(b.Touch(t.Context(), l, []store.Touch{{Reference: "seen"}, {Reference: "gone", Gone: true}, {Reference: "unknown"}}))
			b.must(b.EndCrawl(t.Context(), l, step.end))
			if got := marked(b, "a"); !slices.Equal(got, step.want) {
				t.Errorf("crawl %d marked %q, want %q", i+2, got, step.want)
			}
		}
		if got := marked(b, "b"); got != nil {
			t.Errorf("another source has %q marked", got)
		}
		if got := marked(b, ""); len(got) != 3 {
			t.Errorf("all sources have %q marked, want 3", got)
		}
		b.must(b.Write(t.Context(), func(tx *store.Tx) error {
			for _, want := range []bool{true, false} {
				if done, err := tx.ClosePosting(t.Context(), "a", "missing"); err != nil || done != want {
					t.Errorf("closed %v (%v), want %v", done, err, want)
				}
			}
			return nil
		}))
		b.must(b.Touch(t.Context(), l, []store.Touch{{Reference: "gone"}})) // seen after all
		if got := marked(b, "a"); !slices.Equal(got, []string{"expired expired"}) {
			t.Errorf("left are %q", got)
		}
	})

	t.Run("validators", func(t *testing.T) {
		b := newBench(t, open)
		l := b.lease("a")
		b.put(b.sample(l, "r", "v"))
		page := func(url string) store.Page { return store.Page{URL: url, ETag: "e"} }
		known := func(url string) bool {
			p, err := b.Page(t.Context(), "a", url)
			b.must(err)
			return p.ETag != ""
		}
		b.must(b.Touch(t.Context(), l, []store.Touch{{Reference: "r", Page: page("r")}, {Reference: "unknown", Page: page("unknown")}}))
		if !known("r") || known("unknown") {
			t.Error("validators are kept with a posting that is kept, and with no other")
		}
		end := healthy
		end.Lists = []store.Page{page("list")}
		end.Complete = false
		b.must(b.EndCrawl(t.Context(), l, end))
		if known("list") {
			t.Error("an incomplete crawl's list is remembered")
		}
		l = b.next(l)
		end.Complete = true
		b.must(b.EndCrawl(t.Context(), l, end))
		if !known("list") {
			t.Error("a complete crawl's list is not remembered")
		}
	})

	t.Run("expired postings of every source", func(t *testing.T) {
		b := newBench(t, open)
		l := b.lease("a")
		for i := range 5 {
			p := b.sample(l, fmt.Sprint("r", i), "v")
			p.Reading.ClosesAt = ptr(b.clock.Now().Add(time.Duration(i-2) * time.Hour))
			b.put(p)
		}
		for _, want := range []int{2, 1, 0} {
			if n, err := b.MarkExpired(t.Context(), 2); err != nil || n != want {
				t.Errorf("marked %d (%v), want %d", n, err, want)
			}
		}
	})

	t.Run("health and trend", func(t *testing.T) {
		b := newBench(t, open)
		began := b.clock.Now()
		l := b.lease("a")
		b.put(b.sample(l, "r", "v"))
		end := healthy
		end.Listed, end.Trend = 7, store.Trend{Usual: 7}
		b.must(b.EndCrawl(t.Context(), l, end))
		good := b.clock.Now()
		l = b.next(l)
		bad := store.CrawlEnd{Complete: true, Listed: 1, Note: "lists 1", Trend: store.Trend{Usual: 7, ShrunkListed: 1, ShrunkTimes: 1, ShrunkSince: b.clock.Now(), Failures: 1}}
		b.must(b.EndCrawl(t.Context(), l, bad))
		if got, err := b.Trend(t.Context(), "a"); err != nil || got != bad.Trend {
			t.Errorf("trend %+v (%v), want %+v", got, err, bad.Trend)
		}
		due := b.clock.Now().Add(time.Hour)
		b.must(b.FinishSource(t.Context(), l, due))
		b.must(b.EnsureSources(t.Context(), []string{"never"}))
		want := []store.SourceHealth{
			{Source: "a", Note: "lists 1", Listed: 1, Usual: 7, Open: 1, Failures: 1, AddedAt: began, LastCrawl: b.clock.Now(), LastHealthy: good, Next: due},
			{Source: "never", AddedAt: b.clock.Now()}}
		got, err := b.SourceHealth(t.Context())
		b.must(err)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("want, got:\n%s", d)
		}
		if _, err := b.Trend(t.Context(), "unknown"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("trend of an unknown source: %v, want ErrNotFound", err)
		}
	})
}
