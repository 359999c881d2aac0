package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

func testForesight(t *testing.T, open Open) {
	key := func(kind, value string) store.Key { return store.Key{Kind: kind, Value: value} }

	t.Run("what is foreseen is answered the same", func(t *testing.T) {
		b := newBench(t, open)
		l := b.lease("a")
		old, young := b.sample(l, "old", "v1"), b.sample(l, "young", "v2")
		old.Keys, young.Keys = []store.Key{key("url", "x"), key("like", "y")}, []store.Key{key("url", "z"), key("like", "y\x00")}
		b.put(old)
		b.vacancy("v1")
		b.must(b.Write(t.Context(), func(tx *store.Tx) error {
			if _, err := tx.Remove(t.Context(), store.Removal{Subject: "it"}, []store.Key{store.PostingKey("a", "third")}); err != nil {
				return err
			}
			return tx.PutVacancyKeys(t.Context(), "v1", []string{"k1"})
		}))
		third := b.sample(l, "third", "v3")
		ask := func(foreseen bool) (answers []string) {
			var undo = errors.New("undo")
			err := b.Write(t.Context(), func(tx *store.Tx) error {
				ctx := t.Context()
				say := func(what any, err error) {
					answers = append(answers, fmt.Sprint(what, errors.Is(err, store.ErrNotFound)))
				}
				if foreseen {
					b.must(tx.Foresee(ctx, store.Foreseen{Postings: []*store.Posting{old, young, third},
						Keys: slices.Concat(old.Keys, young.Keys, third.Keys), VacancyKeys: []string{"k1", "k2"}}))
				}
				for range 2 {
					for _, p := range []*store.Posting{old, young, third} {
						got, err := tx.Posting(ctx, "a", p.Reference)
						say(got != nil, err)
						kin, err := tx.Kin(ctx, "b", "q", p.Keys[:1], time.Time{})
						say(kin, err)
					}
					kin, err := tx.KinByAny(ctx, "b", "q", "like", []string{"y", "y\x00"}, 9)
					say(len(kin), err)
					ids, err := tx.VacanciesByKeys(ctx, []string{"k1", "k2"}, 9)
					say(ids, err)
					// And now that they are there:
					for _, p := range []*store.Posting{young, third} {
						b.must(tx.PutPosting(ctx, p))
						say(p.Removed != "", nil)
					}
					b.must(tx.PutVacancyKeys(ctx, "v2", []string{"k2"}))
				}
				return undo
			})
			if !errors.Is(err, undo) {
				t.Fatal(err)
			}
			return answers
		}
		if d := cmp.Diff(ask(false), ask(true)); d != "" {
			t.Errorf("asked, foreseen:\n%s", d)
		}
	})

	t.Run("newcomers are all there", func(t *testing.T) {
		b := newBench(t, open)
		l := b.lease("a")
		const many = 150 // more than one statement adds
		b.must(b.Write(t.Context(), func(tx *store.Tx) error {
			for i := range many {
				p := b.sample(l, fmt.Sprintf("r%03d", i), fmt.Sprintf("v%03d", i))
				if _, err := tx.Posting(t.Context(), "a", p.Reference); !errors.Is(err, store.ErrNotFound) {
					return err
				}
				b.must(tx.PutPosting(t.Context(), p))
				b.must(tx.BeginVacancy(&sendwatch.Vacancy{ID: p.Vacancy, State: sendwatch.VacancyOpen, FirstSeen: p.FirstSeen, ChangedAt: p.FirstSeen, Reading: p.Reading}))
				b.must(tx.PutVacancyKeys(t.Context(), p.Vacancy, []string{"k" + p.Reference}))
			}
			return nil
		}))
		vs, err := b.OpenVacancies(t.Context(), "", many+1)
		b.must(err)
		if len(vs) != many {
			t.Fatalf("%d vacancies, want %d", len(vs), many)
		}
		b.must(b.Write(t.Context(), func(tx *store.Tx) error {
			for i, v := range vs {
				ref := fmt.Sprintf("r%03d", i)
				kin, err := tx.Kin(t.Context(), "b", "q", []store.Key{key("url", ref)}, time.Time{})
				b.must(err)
				ids, err := tx.VacanciesByKeys(t.Context(), []string{"k" + ref}, 9)
				b.must(err)
				if len(kin) != 1 || kin[0].Vacancy != v.ID || !slices.Equal(ids, []string{v.ID}) || len(v.Sightings) != 1 || v.Sightings[0].Reference != ref {
					t.Errorf("%s: kin %+v, by key %v, sightings %+v", v.ID, kin, ids, v.Sightings)
				}
			}
			return nil
		}))
	})

	t.Run("what cannot be added is not passed over", func(t *testing.T) {
		b := newBench(t, open)
		b.vacancy("v")
		for name, then := range map[string]func(*store.Tx){
			"at the end":       func(*store.Tx) {},
			"before a row":     func(tx *store.Tx) { _ = tx.Holds(t.Context(), store.Lease{}) },
			"before many rows": func(tx *store.Tx) { _, _ = tx.Postings(t.Context(), "v") },
		} {
			err := b.Write(t.Context(), func(tx *store.Tx) error {
				b.must(tx.BeginVacancy(&sendwatch.Vacancy{ID: "w", State: sendwatch.VacancyOpen}))
				b.must(tx.BeginVacancy(&sendwatch.Vacancy{ID: "v", State: sendwatch.VacancyOpen})) // which there is
				then(tx)
				return tx.Append(t.Context(), sendwatch.Change{Event: sendwatch.VacancyCreated, Vacancy: "w"})
			})
			if err == nil {
				t.Errorf("%s: a vacancy began twice", name)
			}
			if vs, e := b.OpenVacancies(t.Context(), "", 9); e != nil || len(vs) != 1 {
				t.Errorf("%s: %d vacancies (%v), want the one of before", name, len(vs), e)
			}
			if head, e := b.Head(t.Context()); e != nil || head != 0 {
				t.Errorf("%s: the log is at %d (%v)", name, head, e)
			}
		}
	})
}
