package normalise

import (
	"strings"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/pay"
)

// london is where closing dates without a zone are meant. The program carries
// its own time zone data; without any, dates are read as UTC.
var london = func() *time.Location {
	l, err := time.LoadLocation("Europe/London")
	if err != nil {
		return time.UTC
	}
	return l
}()

// closes is the moment the advert closes: as the page states it, else as its
// text does. Nil when nobody says.
func closes(a *advert, o *pay.Offer) *time.Time {
	stated := strings.TrimSpace(a.posting.Closes)
	if stated == "" {
		stated = strings.TrimSpace(a.posting.DatesText)
	}
	if at, ok := moment(stated); ok {
		return &at
	}
	if o.Closes != nil {
		if at, ok := moment(*o.Closes); ok {
			return &at
		}
	}
	return nil
}

// moment reads a moment or a date; a date means the end of that day.
func moment(s string) (time.Time, bool) {
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return at.UTC(), true
	}
	for _, form := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"} {
		if at, err := time.ParseInLocation(form, s, london); err == nil {
			return at.UTC(), true
		}
	}
	if at, err := time.ParseInLocation("2006-01-02", s, london); err == nil {
		end := time.Date(at.Year(), at.Month(), at.Day(), 23, 59, 59, 0, london)
		return end.UTC(), true
	}
	return time.Time{}, false
}

// ClosingDay is the last day on which one may apply, as "2006-01-02" in
// Europe/London; midnight belongs to the day before. Empty when nobody says.
func ClosingDay(r *sendwatch.Reading) string {
	if r.ClosesAt == nil {
		return ""
	}
	return r.ClosesAt.Add(-time.Second).In(london).Format("2006-01-02")
}
