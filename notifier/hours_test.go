package notifier

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	sendwatch "github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/notifier/email"
)

func TestNextHour(t *testing.T) {
	utc := func(s string) time.Time {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	tests := []struct {
		name      string
		frequency sendwatch.Frequency
		now, want string
	}{
		{"instant", sendwatch.Instant, "2026-11-21T01:30:00Z", "2026-11-21T01:30:00Z"},
		{"before breakfast", sendwatch.Daily, "2026-11-21T06:00:00Z", "2026-11-21T07:30:00Z"},
		{"on the minute", sendwatch.Daily, "2026-11-21T07:30:00Z", "2026-11-21T07:30:00Z"},
		{"a moment late", sendwatch.Daily, "2026-11-21T07:30:00.001Z", "2026-11-22T07:30:00Z"},
		{"in summer", sendwatch.Daily, "2026-07-01T12:00:00Z", "2026-07-02T06:30:00Z"},
		{"late in the evening in summer, when it is tomorrow in London", sendwatch.Daily, "2026-07-01T23:30:00Z", "2026-07-02T06:30:00Z"},
		// Clocks go forward on 28 March 2027 at 01:00 UTC.
		{"the evening before spring", sendwatch.Daily, "2027-03-27T20:00:00Z", "2027-03-28T06:30:00Z"},
		{"the hour that spring leaves out", sendwatch.Daily, "2027-03-28T00:59:59Z", "2027-03-28T06:30:00Z"},
		{"spring morning", sendwatch.Daily, "2027-03-28T06:31:00Z", "2027-03-29T06:30:00Z"},
		{"weekly over spring", sendwatch.Weekly, "2027-03-22T07:31:00Z", "2027-03-29T06:30:00Z"},
		// Clocks go back on 25 October 2026 at 01:00 UTC.
		{"the evening before autumn", sendwatch.Daily, "2026-10-24T20:00:00Z", "2026-10-25T07:30:00Z"},
		{"the hour that autumn repeats", sendwatch.Daily, "2026-10-25T01:30:00Z", "2026-10-25T07:30:00Z"},
		{"weekly over autumn", sendwatch.Weekly, "2026-10-19T06:31:00Z", "2026-10-26T07:30:00Z"},
		{"weekly on Monday before breakfast", sendwatch.Weekly, "2026-11-23T07:00:00Z", "2026-11-23T07:30:00Z"},
		{"weekly on Sunday", sendwatch.Weekly, "2026-11-22T23:00:00Z", "2026-11-23T07:30:00Z"},
		{"weekly over New Year", sendwatch.Weekly, "2026-12-30T12:00:00Z", "2027-01-04T07:30:00Z"},
		{"unknown is daily", "hourly", "2026-11-21T08:00:00Z", "2026-11-22T07:30:00Z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := NextHour(tt.frequency, utc(tt.now)); !got.Equal(utc(tt.want)) || got.Location() != time.UTC {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestNextHourIsTheNextMorning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(rapid.Int64Range(1_700_000_000, 2_000_000_000).Draw(t, "now"), 0)
		weekly := rapid.Bool().Draw(t, "weekly")
		frequency, most := sendwatch.Daily, 25*time.Hour
		if weekly {
			frequency, most = sendwatch.Weekly, 7*24*time.Hour+time.Hour
		}
		got := NextHour(frequency, now)
		local := got.In(email.London())
		if local.Hour() != 7 || local.Minute() != 30 || (weekly && local.Weekday() != time.Monday) {
			t.Fatalf("%s from %s is %s", frequency, now, local)
		}
		if wait := got.Sub(now); wait < 0 || wait > most {
			t.Fatalf("%s from %s waits %s", frequency, now, wait)
		}
	})
}

func TestBackOff(t *testing.T) {
	for attempt, want := range map[int]time.Duration{
		0: time.Minute, 1: time.Minute, 2: 2 * time.Minute, 5: 16 * time.Minute, 9: 256 * time.Minute, 10: 6 * time.Hour, 1000: 6 * time.Hour,
	} {
		if got := backOff(attempt, 0.5); got != want {
			t.Errorf("after attempt %d: got %s, want %s", attempt, got, want)
		}
		if low, high := backOff(attempt, 0), backOff(attempt, 0.999); low >= want || high <= want || high >= 2*low {
			t.Errorf("after attempt %d: jitter gives %s to %s around %s", attempt, low, high, want)
		}
	}
}
