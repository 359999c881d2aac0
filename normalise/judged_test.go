package normalise_test

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// judged is an invented advert and what a careful reader says of it; what the
// reader leaves out is not compared.
type judged struct {
	Posting sendwatch.Posting `json:"posting"`
	Want    struct {
		Kind    *sendwatch.Kind  `json:"kind"`
		Scope   *sendwatch.Scope `json:"scope"`
		Role    *string          `json:"role"`
		Setting *string          `json:"setting"`
		Needs   []string         `json:"needs"`
		Phases  []string         `json:"phases"`
		Duties  []sendwatch.Duty `json:"duties"`
		// Facts, where told, are compared by the fields that the reader fills.
		Facts *struct {
			Support []sendwatch.Support     `json:"support"`
			Entry   *sendwatch.Entry        `json:"entry"`
			Driver  *sendwatch.Driver       `json:"driver"`
			PaidBy  *sendwatch.EmployerKind `json:"paid_by"`
			Client  *string                 `json:"client"`
		} `json:"facts"`
		// Asks are concepts that are asked for, and at what level.
		Asks map[string]taxonomy.Level `json:"asks"`
		// AsksNot are concepts that only an offer names.
		AsksNot []string `json:"asks_not"`
	} `json:"want"`
}

// TestJudged reads adverts whose titles lie, neighbours of support work, and
// offers that look like duties, and compares with a person's judgement. The
// file is written by hand: there is no -update for it.
func TestJudged(t *testing.T) {
	data, err := os.ReadFile("testdata/judged.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []judged
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	n := normaliser(t)
	for _, j := range all {
		t.Run(j.Posting.Reference, func(t *testing.T) {
			r := n.Read(&j.Posting)
			same(t, "kind", j.Want.Kind, r.Kind)
			same(t, "scope", j.Want.Scope, r.Scope)
			same(t, "role", j.Want.Role, r.Role)
			same(t, "setting", j.Want.Setting, r.Setting)
			sameSet(t, "needs", j.Want.Needs, r.Needs)
			sameSet(t, "phases", j.Want.Phases, r.Phases)
			sameSet(t, "duties", j.Want.Duties, r.Duties)
			if want := j.Want.Facts; want != nil {
				sameSet(t, "support", want.Support, r.Support)
				same(t, "entry", want.Entry, r.Entry)
				same(t, "driver", want.Driver, r.Driver)
				same(t, "payer", want.PaidBy, r.PaidBy)
				same(t, "client", want.Client, r.Client)
			}
			asked := map[string]taxonomy.Level{}
			for _, q := range r.Requirements {
				asked[q.ID] = q.Level
				if slices.Contains(j.Want.AsksNot, q.ID) {
					t.Errorf("%s is read as asked for: %q", q.ID, q.Evidence)
				}
			}
			for id, level := range j.Want.Asks {
				if asked[id] != level {
					t.Errorf("%s: asked as %q, want %q", id, asked[id], level)
				}
			}
		})
	}
}

func same[T comparable](t *testing.T, what string, want *T, got T) {
	t.Helper()
	if want != nil && *want != got {
		t.Errorf("%s: got %v, want %v", what, got, *want)
	}
}

// sameSet compares without order; a nil want is not compared, an empty one is.
func sameSet[T ~string](t *testing.T, what string, want, got []T) {
	t.Helper()
	if want == nil {
		return
	}
	if diff := cmp.Diff(want, got, cmpopts.SortSlices(func(a, b T) bool { return a < b }), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
