package storetest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

// damage is text as no database should have to take it: a NUL, bytes that are no
// UTF-8, and half a character.
const (
	damage  = "a\x00b\xff\xfec\xe2\x82"
	cleaned = "a\ufffdb\ufffd\ufffdc\ufffd\ufffd"
)

// testHostile writes what nobody should write into every text that a posting, its
// page or a person reaches, and reads the same cleaned text back on every engine.
func testHostile(t *testing.T, open Open) {
	t.Run("text that is no text", func(t *testing.T) {
		b := newBench(t, open)
		l := b.lease("a")
		p := b.sample(l, "r"+damage, "v")
		p.URL, p.ItemURL, p.Kind, p.Hash = "u"+damage, "i"+damage, "k"+damage, "h"+damage
		p.Content.Title, p.Content.BodyHTML = damage, damage
		p.Reading.Title, p.Reading.Body, p.Reading.Fingerprint, p.Reading.Terms = damage, damage, damage, []string{damage}
		p.Keys = []store.Key{{Kind: "url" + damage, Value: damage}}
		page := store.Page{URL: "p" + damage, ETag: damage, LastModified: damage, Items: []store.Item{{URL: damage, Reference: damage}}, Next: damage}
		b.must(b.Write(t.Context(), func(tx *store.Tx) error {
			tx.PutPage("a", page)
			return errors.Join(tx.PutPosting(t.Context(), b.fetched(p, "text/"+damage, damage)),
				tx.PutVacancy(t.Context(), &sendwatch.Vacancy{ID: "v", State: sendwatch.VacancyOpen, Reading: p.Reading, PossiblySame: []string{damage}}),
				tx.Append(t.Context(), sendwatch.Change{Event: sendwatch.VacancyCreated, Vacancy: "v", Fields: []string{damage}, Cause: damage}))
		}))
		same := func(what, got, want string) {
			t.Helper()
			if got != want {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
		}

		got, err := b.Postings(t.Context(), "v")
		b.must(err)
		if len(got) != 1 {
			t.Fatalf("%d postings, want 1", len(got))
		}
		same("reference", got[0].Reference, "r"+cleaned)
		same("url", got[0].URL, "u"+cleaned)
		same("address in lists", got[0].ItemURL, "i"+cleaned)
		same("kind", got[0].Kind, "k"+cleaned)
		same("hash", got[0].Hash, "h"+cleaned)
		jsonCleaned := strings.Replace(cleaned, "\ufffd", "\x00", 1) // JSON can say NUL
		same("title", got[0].Content.Title, jsonCleaned)
		same("body", got[0].Reading.Body, jsonCleaned)
		if bs, err := b.PostingBriefs(t.Context(), "a", []string{p.Reference}); err != nil || bs[p.Reference].Vacancy != p.Vacancy {
			t.Errorf("by the reference as it came: %v (%v), want one", bs, err)
		}
		if bs, err := b.PostingBriefsAt(t.Context(), "a", p.ItemURL); err != nil || len(bs) != 1 {
			t.Errorf("by the address as it came: %v (%v), want one", bs, err)
		}
		raw, kind, err := b.Raw(t.Context(), "a", p.Reference)
		b.must(err)
		same("raw", string(raw), damage) // bytes stay bytes
		same("kind of raw", kind, "text/"+cleaned)
		back, err := b.Page(t.Context(), "a", page.URL)
		b.must(err)
		same("etag", back.ETag, cleaned)
		same("last modified", back.LastModified, cleaned)
		same("next", back.Next, cleaned)
		same("item", back.Items[0].URL, jsonCleaned)
		b.must(b.ForgetPage(t.Context(), "a", page.URL))
		cs, err := b.Changes(t.Context(), 0, 10)
		b.must(err)
		same("fields", cs[0].Fields[0], jsonCleaned)
		b.must(b.Write(t.Context(), func(tx *store.Tx) error {
			kin, err := tx.Kin(t.Context(), "elsewhere", "x", p.Keys, time.Time{})
			if len(kin) != 1 {
				t.Errorf("%d kin by a damaged key, want 1", len(kin))
			}
			return err
		}))

		b.must(b.Touch(t.Context(), l, []store.Touch{{Reference: p.Reference, Page: page}, {Reference: damage, Gone: true}}))
		b.must(b.PutQuarantine(t.Context(), store.Quarantined{Source: "a", Reference: damage, URL: "q" + damage, Error: damage, RawType: damage, Raw: []byte(damage)}))
		qs, err := b.Quarantine(t.Context(), 10)
		b.must(err)
		same("quarantined", qs[0].URL+qs[0].Reference+qs[0].Error+qs[0].RawType, "q"+cleaned+cleaned+cleaned+cleaned)
		b.readAgain("q" + damage)
		if qs, err := b.Quarantine(t.Context(), 10); err != nil || len(qs) != 0 {
			t.Errorf("%d still quarantined (%v)", len(qs), err)
		}
		b.must(b.EndCrawl(t.Context(), l, store.CrawlEnd{Complete: true, Healthy: true, Note: damage, Report: damage, Lists: []store.Page{page}}))
		hs, err := b.SourceHealth(t.Context())
		b.must(err)
		same("note", hs[0].Note, cleaned)
		b.must(b.PutRobots(t.Context(), "https://"+damage, []byte(damage), 200, b.clock.Now()))
		body, _, _, err := b.Robots(t.Context(), "https://"+damage)
		b.must(err)
		same("robots.txt", string(body), damage)
		_, err = b.Reserve(t.Context(), damage, time.Second)
		b.must(err)
	})

	t.Run("what people type", func(t *testing.T) {
		b := newBench(t, open)
		in := store.Signup{Email: "ann" + damage + "@example.org", Frequency: sendwatch.Daily, Criteria: sendwatch.Criteria{Words: damage},
			Candidate: &sendwatch.Candidate{Summary: damage}, Consent: store.Consent{Wording: damage, At: b.clock.Now()}}
		one, err := b.Subscribe(t.Context(), in)
		b.must(err)
		again, err := b.Subscribe(t.Context(), in)
		b.must(err)
		if one.ID != again.ID {
			t.Error("the same damaged request was kept twice")
		}
		p, err := b.SubscriberByEmail(t.Context(), in.Email)
		if err != nil || p.Email != "ann"+cleaned+"@example.org" || p.Consent.Wording != cleaned {
			t.Errorf("%+v (%v), want its text cleaned", p, err)
		}
		c, err := b.ClaimConfirmation(t.Context(), time.Minute)
		b.must(err)
		b.must(b.ConfirmationRetry(t.Context(), c.ID, c.Token, b.clock.Now(), "451 "+damage))
		b.must(b.Suppress(t.Context(), "bob@example.org", damage))
		b.must(b.Confirm(t.Context(), one.Person))
		b.vacancy("v")
		a := b.alert(one, "v", "new")
		a.Why, a.Reasons[0].Text = damage, damage
		b.owe(a)
		d := b.claim()
		if want := strings.Replace(cleaned, "\ufffd", "\x00", 1); d.Alerts[0].Why != want {
			t.Errorf("why %q, want %q", d.Alerts[0].Why, want)
		}
		b.must(b.DigestDropped(t.Context(), d.ID, d.Token, "550 "+damage))
	})

	t.Run("keys longer than an index takes", func(t *testing.T) {
		b := newBench(t, open)
		l := b.lease("a")
		// Not the same over and over: an index would compress that.
		var long strings.Builder
		for long.Len() < 20_000 {
			long.WriteString(mint())
		}
		end := func(s string) string { return long.String() + s } // they differ only at their ends
		for _, x := range []string{"1", "2"} {
			p := b.sample(l, end(x), "v"+x)
			p.URL, p.ItemURL = end(x), end("i"+x)
			p.Keys = []store.Key{{Kind: "url", Value: end(x)}}
			b.put(p)
			b.must(b.PutQuarantine(t.Context(), store.Quarantined{Source: "a", URL: end(x), Reference: end(x)}))
			b.must(b.Touch(t.Context(), l, []store.Touch{{Reference: end(x), Page: store.Page{URL: end(x) + "#v1", ETag: x}}}))
		}
		for _, x := range []string{"1", "2"} {
			bs := must(b.PostingBriefsAt(t.Context(), "a", end("i"+x)))
			if len(bs) != 1 || bs[0].Vacancy != "v"+x {
				t.Fatalf("by a long address: %d found, want that of v%s alone", len(bs), x)
			}
			given := bs[0].Reference
			for _, r := range []string{end(x), given} {
				if !must(b.References(t.Context(), "a")).Has(r) {
					t.Errorf("the long reference %.9q… is not among those there are", r)
				}
				if got := must(b.PostingBriefs(t.Context(), "a", []string{end(x), given}))[r]; got.Vacancy != "v"+x {
					t.Errorf("by the long reference %.9q… as it came or was given: that of %q, want v%s", r, got.Vacancy, x)
				}
			}
			if got := must(b.Page(t.Context(), "a", end(x)+"#v1")); got.ETag != x {
				t.Errorf("page %s: etag %q", x, got.ETag)
			}
		}
		b.must(b.ForgetPage(t.Context(), "a", end("1")))
		if one, two := must(b.Page(t.Context(), "a", end("1")+"#v1")), must(b.Page(t.Context(), "a", end("2")+"#v1")); one.ETag != "" || two.ETag != "2" {
			t.Errorf("forgot the first of two long addresses: %q, %q", one.ETag, two.ETag)
		}
		if ps := must(b.Postings(t.Context(), "v1")); len(ps) != 1 || ps[0].URL != end("1") {
			t.Error("the address that people read it at is not whole")
		}
		if qs := must(b.Quarantine(t.Context(), 10)); len(qs) != 2 {
			t.Errorf("%d quarantined, want 2", len(qs))
		}
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
