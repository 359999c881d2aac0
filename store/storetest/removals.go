package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

// remove keeps a removal with keys and puts postings again, as ingest does.
func (b *bench) remove(r store.Removal, keys []store.Key, again ...*store.Posting) (id string) {
	b.t.Helper()
	b.must(b.Write(b.t.Context(), func(tx *store.Tx) (err error) {
		if id, err = tx.Remove(b.t.Context(), r, keys); err != nil {
			return err
		}
		for _, p := range again {
			if err := tx.PutPosting(b.t.Context(), p); err != nil {
				return err
			}
		}
		return nil
	}))
	return id
}

func testRemovals(t *testing.T, open Open) {
	t.Run("a posting is hidden by any of its keys, whenever it is put", func(t *testing.T) {
		for name, key := range map[string]store.Key{
			"posting":     store.PostingKey("a", "r"),
			"address":     {Kind: store.KeyURL, Value: "r"},
			"title at it": store.AdvertKey("r", "  teaching  ASSISTANT"),
			"text":        {Kind: "fingerprint", Value: "same"},
		} {
			t.Run(name, func(t *testing.T) {
				b := newBench(t, open)
				l := b.lease("a")
				p, other := b.sample(l, "r", "v"), b.sample(l, "s", "v")
				p.Keys = append(p.Keys, store.Key{Kind: "fingerprint", Value: "same"})
				b.vacancy("v")
				b.put(other)
				id := b.remove(store.Removal{}, []store.Key{key})
				b.put(p) // first met after it was asked away
				b.put(p)
				got, err := b.Postings(t.Context(), "v")
				b.must(err)
				if len(got) != 2 || got[0].Removed != id || got[1].Removed != "" {
					t.Fatalf("hidden by %q and %q, want the first by %q", got[0].Removed, got[1].Removed, id)
				}
				v, err := b.Vacancy(t.Context(), "v")
				b.must(err)
				if len(v.Sightings) != 1 || v.Sightings[0].Reference != "s" {
					t.Errorf("seen at %+v, want the other alone", v.Sightings)
				}
			})
		}
	})

	t.Run("another title at the address stays", func(t *testing.T) {
		b := newBench(t, open)
		b.remove(store.Removal{}, []store.Key{store.AdvertKey("r", "Cook"), store.PostingKey("b", "r"), store.PostingKey("a", "s")})
		b.put(b.sample(b.lease("a"), "r", "v"))
		if got, err := b.Postings(t.Context(), "v"); err != nil || got[0].Removed != "" {
			t.Errorf("hidden by %q (%v)", got[0].Removed, err)
		}
	})

	t.Run("lifting gives back what it hid, and no more", func(t *testing.T) {
		b := newBench(t, open)
		l := b.lease("a")
		p, q := b.sample(l, "p", "v"), b.sample(l, "q", "w")
		first := b.remove(store.Removal{Vacancy: "v", Subject: "Teaching assistant", Reason: "asked by the school", Reposts: true},
			[]store.Key{store.PostingKey("a", "p"), store.PostingKey("a", "q")}, p, q)
		b.clock.add(time.Minute)
		second := b.remove(store.Removal{Subject: "the same again"}, []store.Key{store.PostingKey("a", "q")}, q)
		rs, err := b.Removals(t.Context())
		b.must(err)
		want := []store.Removal{
			{ID: second, Subject: "the same again", At: b.clock.Now()},
			{ID: first, Vacancy: "v", Subject: "Teaching assistant", Reason: "asked by the school", Reposts: true, At: b.clock.Now().Add(-time.Minute)},
		}
		if d := cmp.Diff(want, rs); d != "" {
			t.Errorf("want, got:\n%s", d)
		}
		b.must(b.Write(t.Context(), func(tx *store.Tx) error {
			hidden, err := tx.Lift(t.Context(), first)
			if len(hidden) != 2 {
				t.Errorf("%d postings given back, want 2", len(hidden))
			}
			for _, p := range hidden {
				if err := tx.PutPosting(t.Context(), p); err != nil {
					return err
				}
			}
			return err
		}))
		for vacancy, removal := range map[string]string{"v": "", "w": second} {
			if got, err := b.Postings(t.Context(), vacancy); err != nil || got[0].Removed != removal {
				t.Errorf("%s is hidden by %q (%v), want %q", vacancy, got[0].Removed, err, removal)
			}
		}
		err = b.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.Lift(t.Context(), first); return err })
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("lifted twice: %v, want ErrNotFound", err)
		}
	})

	t.Run("a removed vacancy is not open", func(t *testing.T) {
		b := newBench(t, open)
		b.vacancy("v")
		sub := b.person("ann@example.org")
		b.owe(b.alert(sub, "v", sendwatch.EventNew))
		b.must(b.Write(t.Context(), func(tx *store.Tx) error {
			v, err := tx.Vacancy(t.Context(), "v")
			if err != nil {
				return err
			}
			v.State, v.ClosedAt = sendwatch.VacancyRemoved, ptr(b.clock.Now())
			return tx.PutVacancy(t.Context(), v)
		}))
		if vs, err := b.OpenVacancies(t.Context(), "", 10); err != nil || len(vs) != 0 {
			t.Errorf("%d are open (%v), want none", len(vs), err)
		}
		b.noDigest("what was owed is removed")
	})
}

func testReports(t *testing.T, open Open) {
	b := newBench(t, open)
	report := store.Report{Vacancy: "v", About: "remove", Text: "It names my child.\x00"}
	id, err := b.PutReport(t.Context(), report)
	b.must(err)
	want := store.Report{ID: id, Vacancy: "v", About: "remove", Text: "It names my child.\uFFFD", State: store.ReportWaiting, At: b.clock.Now()}
	got, err := b.Report(t.Context(), id)
	b.must(err)
	if want.Text = got.Text; cmp.Diff(want, got) != "" { // SQLite may keep the NUL
		t.Errorf("want, got:\n%s", cmp.Diff(want, got))
	}
	b.clock.add(time.Hour)
	later, err := b.PutReport(t.Context(), store.Report{Vacancy: "w", About: "mistake"})
	b.must(err)
	if rs, err := b.Reports(t.Context(), store.ReportWaiting, 10); err != nil || len(rs) != 2 || rs[0].ID != id || rs[1].ID != later {
		t.Errorf("waiting: %+v (%v), want the older first", rs, err)
	}

	b.must(b.DecideReport(t.Context(), id, store.ReportApproved, "It is gone."))
	got, err = b.Report(t.Context(), id)
	b.must(err)
	if got.State != store.ReportApproved || got.Answer != "It is gone." || got.DecidedAt == nil || !got.DecidedAt.Equal(b.clock.Now()) {
		t.Errorf("decided: %+v", got)
	}
	for _, id := range []string{id, "none"} {
		if err := b.DecideReport(t.Context(), id, store.ReportRejected, ""); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("deciding %s: %v, want ErrNotFound", id, err)
		}
	}
	if _, err := b.Report(t.Context(), "none"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an unknown report: %v, want ErrNotFound", err)
	}

	b.clock.add(91 * 24 * time.Hour)
	if p, err := b.Prune(t.Context(), store.Retention{Reports: 90 * 24 * time.Hour}); err != nil || p.Reports != 1 {
		t.Errorf("pruned %+v (%v), want the decided one", p, err)
	}
	if _, err := b.Report(t.Context(), later); err != nil {
		t.Errorf("what waits is kept: %v", err)
	}

	var full error
	n := 0
	for ; full == nil && n < 100; n++ {
		_, full = b.PutReport(t.Context(), store.Report{Vacancy: "v", Text: fmt.Sprint(n)})
	}
	if !errors.Is(full, store.ErrFull) {
		t.Errorf("%d reports of one vacancy were taken: %v", n, full)
	}
	if _, err := b.PutReport(t.Context(), store.Report{Vacancy: "u"}); err != nil {
		t.Errorf("of another: %v", err)
	}
}
