package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/store"
)

func testLikeness(t *testing.T, open Open) {
	t.Run("postings that share any key of a kind", func(t *testing.T) {
		b := newBench(t, open)
		l := b.lease("a")
		like := func(values ...string) (keys []store.Key) {
			for _, v := range values {
				keys = append(keys, store.Key{Kind: "like", Value: v})
			}
			return keys
		}
		for i := range 30 {
			p := b.sample(l, fmt.Sprintf("r%02d", i), fmt.Sprint("v", i))
			p.Keys = append(like("x", "y"), store.Key{Kind: "url", Value: "z"})
			b.put(p)
		}
		kin := func(limit int, values ...string) (out []store.Kin) {
			b.must(b.Write(t.Context(), func(tx *store.Tx) (err error) {
				out, err = tx.KinByAny(t.Context(), "a", "r00", "like", values, limit)
				return err
			}))
			return out
		}
		if got := kin(100, "x", "y", "none"); len(got) != 29 || got[0].Vacancy == "" || !got[0].Open {
			t.Errorf("%d kin, first %+v; want each of the others once", len(got), got[:1])
		}
		if got := kin(10, "x", "y"); len(got) != 10 {
			t.Errorf("%d kin, want no more than 10", len(got))
		}
		if got := slices.Concat(kin(10, "z"), kin(10)); len(got) != 0 {
			t.Errorf("%+v, want none: the key is of another kind, or there is none", got)
		}
		b.must(b.Write(t.Context(), func(tx *store.Tx) error { return tx.DropKeys(t.Context(), "a", "r01", "like") }))
		if got := kin(100, "x"); len(got) != 28 {
			t.Errorf("%d kin after one of them dropped its keys, want 28", len(got))
		}
	})

	t.Run("kin that closed long ago are left out, and the newest count", func(t *testing.T) {
		b := newBench(t, open)
		l := b.lease("a")
		key := store.Key{Kind: "fingerprint", Value: "x"}
		for i := range 120 {
			p := b.sample(l, fmt.Sprintf("r%03d", i), "v")
			p.Keys, p.Open, p.ClosedAt = []store.Key{key}, false, ptr(b.clock.Now())
			b.put(p)
			b.clock.add(24 * time.Hour)
		}
		b.must(b.Write(t.Context(), func(tx *store.Tx) error {
			all, err := tx.Kin(t.Context(), "b", "q", []store.Key{key}, time.Time{})
			if len(all) != 100 || all[99].Reference != "r119" || all[0].Reference != "r020" {
				t.Errorf("%d kin, from %s to %s; want the newest hundred", len(all), all[0].Reference, all[len(all)-1].Reference)
			}
			if err != nil {
				return err
			}
			recent, err := tx.Kin(t.Context(), "b", "q", []store.Key{key}, b.clock.Now().Add(-10*24*time.Hour))
			if len(recent) != 10 || recent[0].Reference != "r110" {
				t.Errorf("%d kin of ten days, want 10", len(recent))
			}
			return err
		}))
	})

	t.Run("vacancies by keys", func(t *testing.T) {
		b := newBench(t, open)
		var ids []string
		for i := range 8 {
			ids = append(ids, fmt.Sprint("v", i))
			b.vacancy(ids[i])
		}
		put := func(id string, keys ...string) {
			b.must(b.Write(t.Context(), func(tx *store.Tx) error { return tx.PutVacancyKeys(t.Context(), id, keys) }))
		}
		find := func(most int, keys ...string) (out []string) {
			b.must(b.Write(t.Context(), func(tx *store.Tx) (err error) {
				out, err = tx.VacanciesByKeys(t.Context(), keys, most)
				return err
			}))
			return out
		}
		for _, id := range ids {
			put(id, "common", "of "+id)
		}
		put("v1", "common", "rare", "rare")
		put("v2", "common", "rare")
		if got := find(4, "common", "rare", "of v3", "of v1", "none"); !slices.Equal(got, []string{"v1", "v2", "v3"}) {
			t.Errorf("found %v, want v1, v2 and v3: the common key tells nothing and the old ones are gone", got)
		}
		if got := find(8, "common"); !slices.Equal(got, ids) {
			t.Errorf("found %v, want all", got)
		}
		var many []string
		for i := range 100 {
			many = append(many, fmt.Sprint("none ", i))
		}
		if got := find(4, append(many, "rare")...); !slices.Equal(got, []string{"v1", "v2"}) {
			t.Errorf("found %v, want v1 and v2", got)
		}
		b.must(b.Write(t.Context(), func(tx *store.Tx) error {
			vs, err := tx.Vacancies(t.Context(), []string{"v2", "none", "v1", "v2"})
			if len(vs) != 2 || vs[0].ID != "v1" || vs[1].ID != "v2" {
				t.Errorf("%d vacancies, want v1 and v2", len(vs))
			}
			return err
		}))
		b.must(b.Write(t.Context(), func(tx *store.Tx) error { return tx.Unite(t.Context(), "v1", "v2") }))
		if got := find(4, "rare"); !slices.Equal(got, []string{"v1"}) {
			t.Errorf("found %v, want v1: v2 is no more", got)
		}
	})

	t.Run("one vacancy becomes two", func(t *testing.T) {
		b := newBench(t, open)
		b.vacancy("old")
		b.vacancy("new")
		told, frozen, owed := b.person("a@example.org"), b.person("b@example.org"), b.person("c@example.org")
		b.owe(b.alert(told, "old", "new"))
		d := b.claim()
		b.must(b.DigestSent(t.Context(), d.ID, d.Token))
		b.owe(b.alert(frozen, "old", "new"))
		d = b.claim()
		b.owe(b.alert(owed, "old", "new"))
		b.must(b.Write(t.Context(), func(tx *store.Tx) error { return tx.CopyLedger(t.Context(), "old", "new") }))
		b.must(b.DigestSent(t.Context(), d.ID, d.Token))
		for _, id := range []string{"old", "new"} {
			rows, err := b.Told(t.Context(), id)
			b.must(err)
			if rows[told.Person].ToldAt == nil || rows[frozen.Person].ToldAt == nil || rows[frozen.Person].Alert.Vacancy != id {
				t.Errorf("%s: %+v, want both told of it", id, rows)
			}
			if _, there := rows[owed.Person]; there != (id == "old") {
				t.Errorf("%s: what is only owed is owed of the old one alone", id)
			}
		}
		b.owe(b.alert(told, "new", "new"), b.alert(owed, "new", "new"))
		if got := b.claim(); got.Person != owed.Person || len(got.Alerts) != 2 {
			t.Errorf("claimed %+v, want both for who was told of neither", got)
		}
		b.noDigest("the others know")
	})
}
