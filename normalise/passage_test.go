package normalise

import (
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/document"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/taxonomy"
)

func TestSentences(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"", nil},
		{"One. Two? Three!", []string{"One.", "Two?", "Three!"}},
		{"Help pupils, e.g. Year 2. Be kind", []string{"Help pupils, e.g. Year 2.", "Be kind"}},
		{"£25.50 an hour. 3.5 days", []string{"£25.50 an hour.", "3.5 days"}},
		{"You will help pupils.Support staff", []string{"You will help pupils.", "Support staff"}},
		{"Ends mid. word", []string{"Ends mid. word"}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, sentences(tt.text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
}

func TestLabelled(t *testing.T) {
	tests := []struct{ text, label, value string }{
		{"Salary: Scale 3", "salary", "Scale 3"},
		{"Hours of Work:  30", "hours of work", "30"},
		{"Start Date - ASAP", "start date", "ASAP"},
		{"We meet at 9:15 every day and again in the afternoon at 3:15", "we meet at 9", "15 every day and again in the afternoon at 3:15"},
		{"No label here", "", ""},
	}
	for _, tt := range tests {
		label, value := labelled(tt.text)
		if label != tt.label || value != tt.value {
			t.Errorf("%q: got %q %q, want %q %q", tt.text, label, value, tt.label, tt.value)
		}
	}
}

// Items that complete a sentence are part of it and are not read again.
func TestListsCompleteASentence(t *testing.T) {
	known, err := taxonomy.Load(os.DirFS("../configs"))
	if err != nil {
		t.Fatal(err)
	}
	d := document.FromHTML("<p>We welcome people of every age to our team and with backgrounds in:</p><ul><li>youth work</li><li>play work;</li></ul><p>The school is small.</p>")
	var got []string
	for _, p := range passages(known, d) {
		got = append(got, p.text)
	}
	want := []string{"We welcome people of every age to our team and with backgrounds in: youth work or play work", "The school is small."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("passages (-want +got):\n%s", diff)
	}
}

func TestCloses(t *testing.T) {
	day := "2026-11-30"
	tests := []struct {
		name          string
		closes, dates string
		offer         *string
		want          string
	}{
		{"nobody says", "", "", nil, ""},
		{"moment with a zone", "2026-07-01T12:00:00+01:00", "", nil, "2026-07-01T11:00:00Z"},
		{"moment without one, in summer", "2026-07-01T12:00", "", nil, "2026-07-01T11:00:00Z"},
		{"date in summer", "2026-07-01", "", nil, "2026-07-01T22:59:59Z"},
		{"date in winter", "2026-12-01", "", nil, "2026-12-01T23:59:59Z"},
		{"dates field that is a date", "", "2026-12-01", nil, "2026-12-01T23:59:59Z"},
		{"read from the text", "", "closing soon", &day, "2026-11-30T23:59:59Z"},
		{"page before text", "2026-12-01", "", &day, "2026-12-01T23:59:59Z"},
		{"no date", "soon", "", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			if at := closes(&advert{posting: &sendwatch.Posting{Closes: tt.closes, DatesText: tt.dates}}, &pay.Offer{Closes: tt.offer}); at != nil {
				got = at.Format(time.RFC3339)
			}
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestSentencesRunOn(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"Come to our schoolYou will help in class", []string{"Come to our school", "You will help in class"}},
		{"Keen on SENReliable and kind", []string{"Keen on SEN", "Reliable and kind"}},
		{"Trained in TeamTeach by McKay on LinkedIn with SENCOs", []string{"Trained in TeamTeach by McKay on LinkedIn with SENCOs"}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, sentences(tt.text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
}
