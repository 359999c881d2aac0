package main

import (
	"context"
	"time"

	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/ingest"
)

// watchPulse is how often the clock is asked what has gone stale.
const watchPulse = 10 * time.Minute

// watch reviews the alarms of the sources that nobody crawled lately. It needs no
// crawler: a process that only delivers tells of one that ought to crawl.
func (a *app) watch(ctx context.Context) error {
	return ingest.New(ingest.Options{Store: a.store, Now: a.now, Log: a.log}).Watch(ctx, watched(a.cfg, a.now()))
}

// watched are the configured sources and how often they are crawled.
func watched(cfg *configs.Config, now time.Time) []ingest.Watched {
	var out []ingest.Watched
	for _, s := range cfg.Sources {
		if !s.Disabled {
			out = append(out, ingest.Watched{Source: s.ID, Every: longestGap(s.Every, now)})
		}
	}
	return out
}

// longestGap is the longest time between two crawls by a schedule: over a weekend,
// for one that keeps to working days.
func longestGap(every string, now time.Time) (longest time.Duration) {
	const beats = 14
	schedule, err := configs.ParseEvery(every)
	if err != nil { // cannot be: the configuration is sound
		return 0
	}
	at := schedule.Next(now)
	for range beats {
		next := schedule.Next(at)
		at, longest = next, max(longest, next.Sub(at))
	}
	return longest
}
