package email

import (
	"sync"
	"time"
	_ "time/tzdata" // Europe/London on machines without a zone database
)

// London is the zone that people read dates in and daily messages leave by.
var London = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil { // cannot happen: the database is linked in
		return time.UTC
	}
	return zone
})

// day names t's date in London, as "Friday 4 December 2026".
func day(t time.Time) string { return t.In(London()).Format("Monday 2 January 2006") }

// closing says when an advert closes: the day, and the time when it is not the
// end of the day.
func closing(t time.Time) string {
	local := t.In(London())
	switch {
	case local.Hour() == 23 && local.Minute() == 59:
		return day(t)
	case local.Hour() == 0 && local.Minute() == 0:
		// Midnight belongs to the day that it ends.
		return day(t.Add(-time.Minute)) + " at midnight"
	default:
		return day(t) + " at " + local.Format("15:04")
	}
}

// daysUntil counts midnights in London between now and t: 0 is today.
func daysUntil(now, t time.Time) int {
	from, to := now.In(London()), t.Add(-time.Second).In(London())
	a := time.Date(from.Year(), from.Month(), from.Day(), 12, 0, 0, 0, time.UTC)
	b := time.Date(to.Year(), to.Month(), to.Day(), 12, 0, 0, 0, time.UTC)
	return int(b.Sub(a).Hours() / 24)
}

// inDays says how near a closing date is.
func inDays(n int) string {
	switch {
	case n < 0:
		return ""
	case n == 0:
		return "today"
	case n == 1:
		return "tomorrow"
	default:
		return "in " + count(n, "day", "days")
	}
}
