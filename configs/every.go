package configs

import (
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// defaultEvery is how often a source is read when it does not say.
const defaultEvery = "1h"

// Schedule tells when a source is due again.
type Schedule interface {
	// Next returns the first moment after t.
	Next(t time.Time) time.Time
}

// interval is a schedule that repeats at a fixed distance.
type interval time.Duration

func (d interval) Next(t time.Time) time.Time { return t.Add(time.Duration(d)) }

// ParseEvery reads a source's `every`: a duration such as "90m", or a cron
// expression of five fields read in Europe/London. Cron hours between 01:00 and
// 02:00 are refused, because that hour is missing or doubled when clocks change.
func ParseEvery(s string) (Schedule, error) {
	if s == "" {
		s = defaultEvery
	}
	if d, err := time.ParseDuration(s); err == nil {
		if d < time.Second {
			return nil, fmt.Errorf("every %q is shorter than 1s", s)
		}
		return interval(d), nil
	}
	fields := strings.Fields(s)
	if len(fields) != 5 {
		return nil, fmt.Errorf("every %q is neither a duration such as 1h nor a cron expression of five fields", s)
	}
	if fields[1] == "1" || fields[1] == "01" {
		return nil, fmt.Errorf("every %q runs between 01:00 and 02:00, an hour that is missing once a year; choose another", s)
	}
	sched, err := cron.ParseStandard("CRON_TZ=Europe/London " + s)
	if err != nil {
		return nil, fmt.Errorf("every %q: %w", s, err)
	}
	return sched, nil
}
