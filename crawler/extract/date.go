package extract

import (
	"regexp"
	"strings"
	"sync"
	"time"
)

// withZone and without are the layouts that dates on vacancy pages come in. Two
// numbers before a year are day and month, as everybody in Britain writes them.
var (
	withZone = []string{
		time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04Z0700", "2006-01-02 15:04:05 Z0700",
		"2006-01-02 15:04:05Z07:00", time.RFC1123Z, time.RFC1123, "2 Jan 2006 15:04:05 MST",
	}
	without = []string{
		"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "2006/01/02", "20060102",
		"2/1/2006 15:04:05", "2/1/2006 15:04", "2/1/2006", "2-1-2006", "2.1.2006", "2/1/06",
		"2 January 2006 15:04", "2 Jan 2006 15:04", "2 January 2006 3:04pm", "2 January 2006 3pm", "2 Jan 2006 3:04pm", "2 Jan 2006 3pm",
		"2 January 2006", "2 Jan 2006", "January 2 2006", "Jan 2 2006",
	}
)

var (
	weekday = regexp.MustCompile(`(?i)\b(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?\b`)
	ordinal = regexp.MustCompile(`(?i)\b([0-9]{1,2})(st|nd|rd|th)\b`)
	meridic = regexp.MustCompile(`(?i)([0-9])\s*(am|pm)\b`)
	noise   = regexp.MustCompile(`(?i)\b(at|on|of|by)\b|\bmidnight\b`)
	fallen  = regexp.MustCompile(`\.[0-9]+`)
	noon    = regexp.MustCompile(`(?i)\b(12\s*)?noon\b`)
)

// Day reads a date in any form that vacancy pages use and returns "YYYY-MM-DD",
// or empty when it is none.
func Day(s string) string {
	t, _, ok := parseDate(s)
	if !ok {
		return ""
	}
	return t.Format(time.DateOnly)
}

// Moment reads a closing moment and returns RFC 3339, or "YYYY-MM-DD" when only a
// day is stated; empty when it is neither. A time without a zone is London's.
// Midnight is how a bare date is often rendered, and is read as the day.
func Moment(s string) string {
	t, timed, ok := parseDate(s)
	switch {
	case !ok:
		return ""
	case !timed, t.Hour() == 0 && t.Minute() == 0:
		return t.Format(time.DateOnly)
	}
	return t.Format(time.RFC3339)
}

// Past reports whether a moment as Moment writes it lies before now. A day is
// past when it has ended in London.
func Past(moment string, now time.Time) bool {
	if t, err := time.Parse(time.RFC3339, moment); err == nil {
		return now.After(t)
	}
	t, err := time.ParseInLocation(time.DateOnly, moment, london())
	return err == nil && !now.Before(t.AddDate(0, 0, 1))
}

func parseDate(s string) (t time.Time, timed, ok bool) {
	s = squash(s)
	if s == "" || len(s) > 80 {
		return time.Time{}, false, false
	}
	if t, err := time.ParseInLocation(time.DateOnly, s, london()); err == nil { // as nearly all data has it
		return t, false, inReason(t)
	}
	if t, ok := firstLayout(fallen.ReplaceAllString(s, ""), withZone, time.UTC); ok {
		return t, true, inReason(t)
	}
	s = ordinal.ReplaceAllString(weekday.ReplaceAllString(s, ""), "$1")
	s = meridic.ReplaceAllStringFunc(noon.ReplaceAllString(s, "12:00"), func(m string) string {
		return strings.ToLower(strings.ReplaceAll(m, " ", ""))
	})
	s = squash(strings.ReplaceAll(noise.ReplaceAllString(s, " "), ",", " "))
	for _, candidate := range []string{s, fallen.ReplaceAllString(s, "")} {
		if t, ok := firstLayout(candidate, without, london()); ok {
			return t, t.Hour() != 0 || t.Minute() != 0, inReason(t)
		}
	}
	return time.Time{}, false, false
}

func firstLayout(s string, layouts []string, zone *time.Location) (time.Time, bool) {
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// inReason refuses the dates that forms write for "none", such as year 1 or 9999.
func inReason(t time.Time) bool { return t.Year() >= 1990 && t.Year() <= 2100 }

// london is the zone of British closing times. Where the machine has no zone data
// it is UTC, an hour late in summer at most.
var london = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		return time.UTC
	}
	return zone
})
