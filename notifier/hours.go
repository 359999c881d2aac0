package notifier

import (
	"time"

	sendwatch "github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/notifier/email"
)

// The hour at which daily and weekly messages may leave, in London: before the
// school day, and far from the hour that clock changes repeat or leave out.
const (
	morningHour   = 7
	morningMinute = 30
)

// NextHour is when an alert that is owed now may be told, in UTC: at once for
// instant, at the next 07:30 in London for daily, at the next Monday's for
// weekly. An unknown frequency counts as daily.
func NextHour(f sendwatch.Frequency, now time.Time) time.Time {
	if f == sendwatch.Instant {
		return now.UTC()
	}
	local := now.In(email.London())
	for ahead := 0; ; ahead++ {
		morning := time.Date(local.Year(), local.Month(), local.Day()+ahead,
			morningHour, morningMinute, 0, 0, email.London())
		if morning.Before(now) || (f == sendwatch.Weekly && morning.Weekday() != time.Monday) {
			continue
		}
		return morning.UTC()
	}
}
