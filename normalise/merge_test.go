package normalise_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/normalise"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/taxonomy"
)

func TestMerge(t *testing.T) {
	closing := time.Date(2026, 6, 5, 22, 59, 59, 0, time.UTC)
	permanent, temporary := "permanent", "temporary"
	rate := 95.0
	school := sendwatch.Reading{
		Title: "Learning Mentor", Employer: "Mill Lane School", Scope: sendwatch.ScopeIn, ScopeReason: "named", Role: "learning-mentor",
		Needs: []string{"semh"}, Body: "short", Pay: pay.Offer{UnknownPay: true, Contract: &permanent},
		Place: &place.Place{Name: "Kent", Precision: place.Region}, Terms: []string{"a", "c"}, Notes: []string{"odd"}, Rules: 2,
	}
	agency := sendwatch.Reading{
		Title: "Mentor wanted", Employer: "Bright Harbour", Scope: sendwatch.ScopeAdjacent, Role: "ta", Needs: []string{"asd"}, Setting: "special-school",
		Requirements: []taxonomy.Requirement{{ID: "patience", Level: taxonomy.Essential}}, ClosesAt: &closing, Body: "a much longer text",
		Pay:   pay.Offer{Quoted: []pay.Quote{{Min: &rate, Max: &rate, Unit: "day"}}, Contract: &temporary},
		Place: &place.Place{Postcode: "CT1 1", Lat: 51.3, Lon: 1.1, Precision: place.Sector}, Terms: []string{"b", "c"}, Notes: []string{"odd", "odder"}, Rules: 1,
	}
	got := normalise.Merge([]normalise.Part{{Rank: normalise.Agency, Reading: agency}, {Rank: normalise.OwnSite, Reading: school}})

	want := school
	want.Setting, want.Requirements, want.ClosesAt, want.Place = agency.Setting, agency.Requirements, agency.ClosesAt, agency.Place
	want.Pay = agency.Pay
	want.Pay.Contract = &permanent
	want.Terms, want.Notes, want.Rules = []string{"a", "b", "c"}, []string{"odd", "odder"}, 1
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("merged (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(sendwatch.Reading{}, normalise.Merge(nil)); diff != "" {
		t.Errorf("nothing merged:\n%s", diff)
	}
}

// TestMergeTeaser says that of two equal publishers the longer text is the
// advert.
func TestMergeTeaser(t *testing.T) {
	teaser := sendwatch.Reading{Title: "Mentor", Body: "Click to see", Terms: []string{"a"}}
	whole := sendwatch.Reading{Title: "Learning Mentor", Body: "All that there is to say", Terms: []string{"b"}}
	got := normalise.Merge([]normalise.Part{{Rank: normalise.Board, Reading: teaser}, {Rank: normalise.Board, Reading: whole}})
	if got.Title != whole.Title || got.Body != whole.Body {
		t.Errorf("got %q %q", got.Title, got.Body)
	}
	if len(teaser.Terms) != 1 || len(whole.Terms) != 1 {
		t.Error("a part was changed")
	}
}

// TestMergeNotices says that what every source asks to travel with its records does,
// and is not said twice.
func TestMergeNotices(t *testing.T) {
	part := func(notice string) normalise.Part {
		return normalise.Part{Rank: normalise.Board, Reading: sendwatch.Reading{Notice: notice}}
	}
	got := normalise.Merge([]normalise.Part{part(""), part("Open licence."), part("Ours: ask first."), part("Open licence.")})
	if want := "Open licence. Ours: ask first."; got.Notice != want {
		t.Errorf("got %q, want %q", got.Notice, want)
	}
}
