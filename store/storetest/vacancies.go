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

func testVacancies(t *testing.T, open Open) {
	t.Run("a vacancy comes back whole", func(t *testing.T) {
		b := newBench(t, open)
		l := b.lease("a")
		p := b.sample(l, "r", "v")
		b.put(p)
		b.clock.add(time.Hour)
		want := &sendwatch.Vacancy{ID: "v", Reading: p.Reading, State: sendwatch.VacancyOpen, FirstSeen: p.FirstSeen, LastSeen: b.clock.Now(), ChangedAt: b.clock.Now(),
			PossiblySame: []string{"w"}}
		b.must(b.Write(t.Context(), func(tx *store.Tx) error { return tx.PutVacancy(t.Context(), want) }))
		b.must(b.Touch(t.Context(), l, []store.Touch{{Reference: "r"}}))
		want.Sightings = []sendwatch.Sighting{{Source: "a", Reference: "r", URL: p.URL, FirstSeen: p.FirstSeen, LastSeen: b.clock.Now(), Open: true}}
		got, err := b.Vacancy(t.Context(), "v")
		b.must(err)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("want, got:\n%s", d)
		}
		if _, err := b.Vacancy(t.Context(), "none"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("unknown vacancy: %v, want ErrNotFound", err)
		}
	})

	t.Run("pages of open vacancies", func(t *testing.T) {
		b := newBench(t, open)
		var ids []string
		for i := range 25 {
			ids = append(ids, fmt.Sprintf("v%02d", i))
			b.vacancy(ids[i])
		}
		b.must(b.Write(t.Context(), func(tx *store.Tx) error {
			v, err := tx.Vacancy(t.Context(), "v03")
			if err != nil {
				return err
			}
			v.State, v.ClosedAt = sendwatch.VacancyClosed, ptr(b.clock.Now())
			return tx.PutVacancy(t.Context(), v)
		}))
		var got []string
		for after := ""; ; {
			vs, err := b.OpenVacancies(t.Context(), after, 10)
			b.must(err)
			if len(vs) == 0 {
				break
			}
			for _, v := range vs {
				got = append(got, v.ID)
			}
			after = got[len(got)-1]
		}
		if want := slices.Delete(slices.Clone(ids), 3, 4); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})

	t.Run("many by id", func(t *testing.T) {
		b := newBench(t, open)
		var ids []string
		for i := range 1200 {
			ids = append(ids, fmt.Sprintf("none%d", i))
		}
		b.vacancy("v")
		ids = append(ids, "v", "v")
		if vs, err := b.Vacancies(t.Context(), ids); err != nil || len(vs) != 1 {
			t.Errorf("%d found (%v), want 1", len(vs), err)
		}
	})

	t.Run("uniting", func(t *testing.T) {
		b := newBench(t, open)
		l := b.lease("a")
		for _, id := range []string{"old", "young", "youngest"} {
			b.vacancy(id)
			b.put(b.sample(l, "r-"+id, id))
		}
		unite := func(older, younger string) error {
			return b.Write(t.Context(), func(tx *store.Tx) error { return tx.Unite(t.Context(), older, younger) })
		}
		b.must(unite("young", "youngest"))
		b.must(unite("old", "young"))
		for _, id := range []string{"old", "young", "youngest"} {
			v, err := b.Vacancy(t.Context(), id)
			if err != nil || v.ID != "old" || len(v.Sightings) != 3 || !slices.Equal(v.Aliases, []string{"young", "youngest"}) {
				t.Errorf("%s gives %+v (%v), want old with 3 sightings and 2 aliases", id, v, err)
			}
		}
		if vs, err := b.Vacancies(t.Context(), []string{"old", "young", "youngest"}); err != nil || len(vs) != 1 {
			t.Errorf("%d vacancies by three names (%v), want 1", len(vs), err)
		}
		if err := unite("old", "old"); err == nil {
			t.Error("a vacancy was united with itself")
		}
	})
}
