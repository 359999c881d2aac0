package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
	"github.com/sendwatch/sendwatch/store/storetest"
)

// bench runs a benchmark on both engines.
func bench(b *testing.B, run func(*testing.B, *store.Store)) {
	for name, address := range map[string]func() store.Options{
		"SQLite": func() store.Options { return options(filepath.Join(b.TempDir(), "s.db")) },
		"PostgreSQL": func() store.Options {
			o := options("")
			o.URL = storetest.Postgres(b)
			return o
		},
	} {
		b.Run(name, func(b *testing.B) {
			s, err := store.Open(b.Context(), address())
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() {
				if err := s.Close(); err != nil {
					b.Error(err)
				}
			})
			run(b, s)
		})
	}
}

func BenchmarkAppend(b *testing.B) {
	bench(b, func(b *testing.B, s *store.Store) {
		for b.Loop() {
			if err := s.Write(b.Context(), func(tx *store.Tx) error {
				return tx.Append(b.Context(), sendwatch.Change{Event: sendwatch.VacancyChanged, Vacancy: "v", Cause: sendwatch.CauseCrawl})
			}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// advert is a posting of the usual size.
func advert(source string, n int) *store.Posting {
	id, now := fmt.Sprintf("v%07d", n), time.Now()
	body := strings.Repeat("You will support pupils with social, emotional and mental health needs. ", 40)
	return &store.Posting{Source: source, Reference: id, Vacancy: id, URL: "https://a.example/" + id, ItemURL: "https://a.example/" + id, Kind: "html", Hash: id,
		Open: true, FirstSeen: now, LastSeen: now, LastCrawl: 1,
		Content: &sendwatch.Posting{Source: source, Reference: id, Title: "Teaching assistant", BodyHTML: body},
		Reading: sendwatch.Reading{Title: "Teaching assistant", Kind: sendwatch.KindVacancy, Body: body, Terms: strings.Fields(body), Fingerprint: id, Rules: 1},
		Keys:    []store.Key{{Kind: "url", Value: id}, {Kind: "reference", Value: id}, {Kind: "fingerprint", Value: id}}}
}

// record takes an advert in as ingest does.
func record(ctx context.Context, s *store.Store, l store.Lease, p *store.Posting) error {
	content, err := json.Marshal(p.Content)
	if err != nil {
		return err
	}
	packed, err := s.Pack(store.Bulk{Content: content, Reading: &p.Reading, Raw: []byte(p.Content.BodyHTML), RawType: "text/html"})
	if err != nil {
		return err
	}
	p.Packed = packed
	return s.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Holds(ctx, l); err != nil {
			return err
		}
		if _, err := tx.Posting(ctx, p.Source, p.Reference); !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if _, err := tx.Kin(ctx, p.Source, p.Reference, p.Keys, time.Time{}); err != nil {
			return err
		}
		if err := tx.PutPosting(ctx, p); err != nil {
			return err
		}
		tx.PutPage(p.Source, store.Page{URL: p.URL, ETag: "e"})
		tx.ClearQuarantine(p.Source, p.URL)
		if _, err := tx.Postings(ctx, p.Vacancy); err != nil {
			return err
		}
		return errors.Join(
			tx.PutVacancy(ctx, &sendwatch.Vacancy{ID: p.Vacancy, Reading: p.Reading, State: sendwatch.VacancyOpen, FirstSeen: p.FirstSeen, ChangedAt: p.FirstSeen}),
			tx.Append(ctx, sendwatch.Change{Event: sendwatch.VacancyCreated, Vacancy: p.Vacancy, Cause: sendwatch.CauseCrawl}))
	})
}

func crawl(b *testing.B, s *store.Store) store.Lease {
	if err := s.EnsureSources(b.Context(), []string{"a"}); err != nil {
		b.Fatal(err)
	}
	l, err := s.ClaimSource(b.Context(), "a", time.Hour, true)
	if err != nil {
		b.Fatal(err)
	}
	return l
}

func BenchmarkRecordPosting(b *testing.B) {
	bench(b, func(b *testing.B, s *store.Store) {
		l := crawl(b, s)
		n := 0
		for b.Loop() {
			n++
			if err := record(b.Context(), s, l, advert("a", n)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkTouch200(b *testing.B) {
	bench(b, func(b *testing.B, s *store.Store) {
		l := crawl(b, s)
		var touches []store.Touch
		for n := range 200 {
			p := advert("a", n)
			if err := record(b.Context(), s, l, p); err != nil {
				b.Fatal(err)
			}
			touches = append(touches, store.Touch{Reference: p.Reference, Page: store.Page{URL: p.URL, ETag: "e"}})
		}
		for b.Loop() {
			if err := s.Touch(b.Context(), l, touches); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkOwe500(b *testing.B) {
	bench(b, func(b *testing.B, s *store.Store) {
		subs := subscribe(b, s, 500)
		n := int64(0)
		for b.Loop() {
			n++
			if err := s.Owe(b.Context(), store.Owed{Reader: "match", From: n - 1, To: n, Alerts: alertsOf(subs, fmt.Sprint("v", n))}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func subscribe(b *testing.B, s *store.Store, n int) []sendwatch.Subscription {
	var subs []sendwatch.Subscription
	for i := range n {
		sub, err := s.Subscribe(b.Context(), store.Signup{Email: fmt.Sprintf("p%d@example.org", i), Frequency: sendwatch.Instant, Confirmed: true})
		if err != nil {
			b.Fatal(err)
		}
		subs = append(subs, sub)
	}
	return subs
}

func alertsOf(subs []sendwatch.Subscription, vacancy string) []sendwatch.Alert {
	var out []sendwatch.Alert
	for _, sub := range subs {
		out = append(out, sendwatch.Alert{Person: sub.Person, Vacancy: vacancy, Event: sendwatch.EventNew, Fit: sendwatch.FitStrong, Why: "It fits what you hold.",
			Reasons: []sendwatch.Reason{{Field: "role", Text: "Teaching assistant"}}, Subscriptions: []string{sub.ID}, DueAt: time.Now()})
	}
	return out
}

// BenchmarkDigest freezes, claims and marks one digest of ten alerts.
func BenchmarkDigest(b *testing.B) {
	bench(b, func(b *testing.B, s *store.Store) {
		subs := subscribe(b, s, 500)
		at, left := int64(0), 0
		for b.Loop() {
			if left == 0 {
				b.StopTimer()
				for range 10 {
					v := fmt.Sprint("v", at)
					if err := s.Write(b.Context(), func(tx *store.Tx) error {
						return tx.PutVacancy(b.Context(), &sendwatch.Vacancy{ID: v, State: sendwatch.VacancyOpen})
					}); err != nil {
						b.Fatal(err)
					}
					if err := s.Owe(b.Context(), store.Owed{Reader: "match", From: at, To: at + 1, Alerts: alertsOf(subs, v)}); err != nil {
						b.Fatal(err)
					}
					at++
				}
				left = len(subs)
				b.StartTimer()
			}
			left--
			d, err := s.ClaimDigest(b.Context(), time.Hour)
			if err != nil || d == nil || len(d.Alerts) != 10 {
				b.Fatalf("%+v (%v)", d, err)
			}
			if err := s.DigestSent(b.Context(), d.ID, d.Token); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkEndCrawl20000 closes a crawl that missed all of 20,000 postings.
func BenchmarkEndCrawl20000(b *testing.B) {
	bench(b, func(b *testing.B, s *store.Store) {
		if err := s.EnsureSources(b.Context(), []string{"a"}); err != nil {
			b.Fatal(err)
		}
		if err := store.Sabotage(b.Context(), s, `INSERT INTO posting (source, reference, vacancy, url, item_url, kind, hash, rules, open, missed, closing,
				first_seen, last_seen, last_crawl, gone_crawl) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
			SELECT 'a', 'r' || i, 'v' || i, 'https://a.example/' || i, 'https://a.example/' || i, 'html', 'h', 1, 1, 0, '', 1, 1, 0, 0 FROM n`); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			b.StopTimer()
			if err := store.Sabotage(b.Context(), s, `UPDATE posting SET missed = 0, closing = ''`); err != nil {
				b.Fatal(err)
			}
			l, err := s.ClaimSource(b.Context(), "a", time.Nanosecond, true)
			if err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			if err := s.EndCrawl(b.Context(), l, store.CrawlEnd{Complete: true, Healthy: true, CloseAfter: 1}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkListPage(b *testing.B) {
	bench(b, func(b *testing.B, s *store.Store) {
		l := crawl(b, s)
		for n := range 600 {
			if err := record(b.Context(), s, l, advert("a", n)); err != nil {
				b.Fatal(err)
			}
		}
		for b.Loop() {
			if vs, err := s.OpenVacancies(b.Context(), "v0000200", 50); err != nil || len(vs) != 50 {
				b.Fatal(len(vs), err)
			}
		}
	})
}

func BenchmarkCopy(b *testing.B) {
	rows := 0
	for b.Loop() {
		b.StopTimer()
		old, err := store.Open(b.Context(), options(filepath.Join(b.TempDir(), "s.db")))
		if err != nil {
			b.Fatal(err)
		}
		l := crawl(b, old)
		for n := range 2000 {
			if err := record(b.Context(), old, l, advert("a", n)); err != nil {
				b.Fatal(err)
			}
		}
		o := options("")
		o.URL = storetest.Postgres(b)
		fresh, err := store.Open(b.Context(), o)
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		got, err := store.Copy(b.Context(), store.CopyOptions{From: old, To: fresh})
		b.StopTimer()
		if err := errors.Join(err, old.Close(), fresh.Close()); err != nil {
			b.Fatal(err)
		}
		rows += got.Rows
		b.StartTimer()
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}
