package extract

import (
	"testing"
	"time"
)

func TestDates(t *testing.T) {
	tests := []struct{ in, day, moment string }{
		{"2026-11-09", "2026-11-09", "2026-11-09"},
		{"2026-09-11T12:00:00+01:00", "2026-09-11", "2026-09-11T12:00:00+01:00"},
		{"2026-09-11T12:00:00.000Z", "2026-09-11", "2026-09-11T12:00:00Z"},
		{"2026-09-12T23:59:00+0100", "2026-09-12", "2026-09-12T23:59:00+01:00"},
		{"2026-07-02T12:00:00", "2026-07-02", "2026-07-02T12:00:00+01:00"}, // London, summer
		{"2026-10-02 12:00:00", "2026-10-02", "2026-10-02T12:00:00+01:00"},
		{"2026-12-02 17:30", "2026-12-02", "2026-12-02T17:30:00Z"},
		{"2026-12-01T00:00:00", "2026-12-01", "2026-12-01"},
		{"2026-12-01T00:00:00Z", "2026-12-01", "2026-12-01"},
		{"09/11/2026", "2026-11-09", "2026-11-09"},
		{"1/2/2026", "2026-02-01", "2026-02-01"},
		{"01/10/2026 12:00:00", "2026-10-01", "2026-10-01T12:00:00+01:00"},
		{"9.11.2026", "2026-11-09", "2026-11-09"},
		{"9 November 2026", "2026-11-09", "2026-11-09"},
		{"Monday 9th November 2026 at 12 noon", "2026-11-09", "2026-11-09T12:00:00Z"},
		{"Mon, 9 Nov 2026 at 5.00", "", ""},
		{"9 Nov 2026, 9 am", "2026-11-09", "2026-11-09T09:00:00Z"},
		{"Mon, 09 Nov 2026 10:00:00 GMT", "2026-11-09", "2026-11-09T10:00:00Z"},
		{"20261109", "2026-11-09", "2026-11-09"},
		{"", "", ""}, {"ongoing", "", ""}, {"31/02/2026", "", ""}, {"0001-01-01T00:00:00Z", "", ""}, {"9999-12-31", "", ""}, {"13/13/2026", "", ""},
	}
	for _, tt := range tests {
		if got := Day(tt.in); got != tt.day {
			t.Errorf("Day(%q) = %q, want %q", tt.in, got, tt.day)
		}
		if got := Moment(tt.in); got != tt.moment {
			t.Errorf("Moment(%q) = %q, want %q", tt.in, got, tt.moment)
		}
	}
}

func TestPast(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	tests := []struct {
		moment, now string
		want        bool
	}{
		{"2026-07-10", "2026-07-10T22:59:00Z", false}, // 23:59 in London
		{"2026-07-10", "2026-07-10T23:00:00Z", true},
		{"2026-12-10", "2026-12-10T23:59:00Z", false},
		{"2026-12-10T12:00:00+00:00", "2026-12-10T12:00:01Z", true},
		{"2026-12-10T12:00:00+00:00", "2026-12-10T11:59:00Z", false},
		{"", "2026-12-10T12:00:00Z", false}, {"soon", "2026-12-10T12:00:00Z", false},
	}
	for _, tt := range tests {
		if got := Past(tt.moment, at(tt.now)); got != tt.want {
			t.Errorf("Past(%q, %s) = %v, want %v", tt.moment, tt.now, got, tt.want)
		}
	}
}

func FuzzDates(f *testing.F) {
	f.Add("Monday 9th November 2026 at 12 noon")
	f.Add("99/99/9999")
	f.Add("12 12 12 12am am")
	f.Fuzz(func(t *testing.T, s string) {
		day, moment := Day(s), Moment(s)
		if (day == "") != (moment == "") {
			t.Errorf("%q: day %q, moment %q", s, day, moment)
		}
		if day != "" && Day(day) != day {
			t.Errorf("%q: %q does not read back", s, day)
		}
		if moment != "" && Moment(moment) != moment {
			t.Errorf("%q: %q does not read back", s, moment)
		}
	})
}
