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

// school is an entry of the register.
func school(urn, key, postcode string) store.RegisterEntry {
	low := 4
	return store.RegisterEntry{NameKey: key, Employer: sendwatch.Employer{URN: urn, Name: "The " + key, Postcode: postcode, LowAge: &low, Needs: []string{"SEMH"}}}
}

func testEmployers(t *testing.T, open Open) {
	urns := func(es []sendwatch.Employer) (out []string) {
		for _, e := range es {
			out = append(out, e.URN)
		}
		return out
	}

	t.Run("an import twice is an import once", func(t *testing.T) {
		b := newBench(t, open)
		entries := []store.RegisterEntry{school("900002", "elm school", "LS6 2QA"), school("900001", "larch school", "RG41 2AB")}
		first, err := b.PutEmployers(t.Context(), entries, b.clock.Now())
		b.must(err)
		b.clock.add(time.Hour)
		entries[0].Trust = "Riverside Trust"
		second, err := b.PutEmployers(t.Context(), entries, b.clock.Now())
		b.must(err)
		if first != (store.Registered{New: 2}) || second != (store.Registered{Changed: 1}) {
			t.Errorf("first %+v, second %+v", first, second)
		}
		got, err := b.Employer(t.Context(), "900002")
		b.must(err)
		if d := cmp.Diff(entries[0].Employer, got); d != "" {
			t.Errorf("want, got:\n%s", d)
		}
		if n, err := b.EmployerCount(t.Context()); err != nil || n != 2 {
			t.Errorf("%d entries (%v), want 2", n, err)
		}
		if _, err := b.Employer(t.Context(), "900003"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("unknown employer: %v, want ErrNotFound", err)
		}
	})

	t.Run("of a number that stands twice the last counts", func(t *testing.T) {
		b := newBench(t, open)
		done, err := b.PutEmployers(t.Context(), []store.RegisterEntry{school("900001", "old", ""), school("900001", "new", "")}, b.clock.Now())
		b.must(err)
		got, err := b.Employer(t.Context(), "900001")
		if done.New != 1 || got.Name != "The new" || err != nil {
			t.Errorf("%+v, %q (%v)", done, got.Name, err)
		}
	})

	t.Run("looked up by name or postcode", func(t *testing.T) {
		b := newBench(t, open)
		_, err := b.PutEmployers(t.Context(), []store.RegisterEntry{
			school("900003", "elm school", "LS6 2QA"), school("900001", "larch school", "RG41 2AB"), school("900002", "elm school", ""), school("900004", "", "RG41 2AB"),
		}, b.clock.Now())
		b.must(err)
		for _, tt := range []struct {
			key, postcode string
			want          []string
		}{
			{"elm school", "", []string{"900002", "900003"}},
			{"", "RG41 2AB", []string{"900001", "900004"}},
			{"elm school", "RG41 2AB", []string{"900001", "900002", "900003", "900004"}},
			{"", "", nil},
			{"oak", "M1 1AA", nil},
		} {
			got, err := b.EmployersLike(t.Context(), tt.key, tt.postcode)
			b.must(err)
			if !slices.Equal(urns(got), tt.want) {
				t.Errorf("like %q at %q: %v, want %v", tt.key, tt.postcode, urns(got), tt.want)
			}
		}
	})

	t.Run("in pages, and dropped when no import sees them", func(t *testing.T) {
		b := newBench(t, open)
		var entries []store.RegisterEntry
		for i := range 150 {
			entries = append(entries, school(fmt.Sprintf("9%05d", i), "school", "LS6 2QA"))
		}
		_, err := b.PutEmployers(t.Context(), entries, b.clock.Now())
		b.must(err)
		b.clock.add(time.Hour)
		_, err = b.PutEmployers(t.Context(), entries[:100], b.clock.Now())
		b.must(err)
		var dropped []int
		for {
			n, err := b.DropEmployers(t.Context(), b.clock.Now(), 30)
			b.must(err)
			dropped = append(dropped, n)
			if n < 30 {
				break
			}
		}
		page, err := b.Employers(t.Context(), "900097", 10)
		b.must(err)
		if !slices.Equal(dropped, []int{30, 20}) || !slices.Equal(urns(page), []string{"900098", "900099"}) {
			t.Errorf("dropped %v, the last page is %v", dropped, urns(page))
		}
	})

	t.Run("readings are outdated in pieces", func(t *testing.T) {
		b := newBench(t, open)
		for i := range 5 {
			b.must(b.Write(t.Context(), func(tx *store.Tx) error {
				return tx.PutPosting(t.Context(), &store.Posting{Source: "a", Reference: fmt.Sprint(i), Vacancy: fmt.Sprint(i), Open: true, FirstSeen: b.clock.Now(),
					LastSeen: b.clock.Now(), Content: &sendwatch.Posting{}, Reading: sendwatch.Reading{Rules: 2}})
			}))
		}
		head, err := b.Head(t.Context())
		b.must(err)
		var marked []int
		for {
			n, err := b.Outdate(t.Context(), 2)
			b.must(err)
			if n == 0 {
				break
			}
			marked = append(marked, n)
		}
		old, err := b.OldReadings(t.Context(), 1, 10)
		b.must(err)
		after, err := b.Head(t.Context())
		b.must(err)
		if !slices.Equal(marked, []int{2, 2, 1}) || len(old) != 5 || old[0].Reading.Rules != 0 || after != head {
			t.Errorf("marked %v, %d old readings, the head went from %d to %d", marked, len(old), head, after)
		}
	})
}
