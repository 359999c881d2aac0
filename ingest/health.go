package ingest

import (
	"fmt"
	"time"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/store"
)

const (
	// missesToClose: an advert must be missing from this many complete healthy
	// crawls in a row. One miss is often a list that shifted while it was read.
	missesToClose = 2
	// smallList is the size below which halving says nothing: one of two adverts
	// filled is an ordinary day.
	smallList = 4
	// largeList is the size from which losing three tenths between two crawls is
	// no ordinary day: the recorded boards of 240 to 580 adverts lost at most a tenth.
	largeList = 20
	// shrunkToBelieve is how many complete crawls in a row must list the same
	// smaller number before it is believed.
	shrunkToBelieve = 3
	// firstRetry is how soon an unhealthy source is tried again; it doubles with
	// each failure, up to the source's own interval.
	firstRetry = 5 * time.Minute
)

// verdict is what is made of a crawl.
type verdict struct {
	healthy bool
	note    string
	// fault is one of the faults, empty when healthy.
	fault string
	trend store.Trend
}

// What may be wrong with a crawl, in a word.
const (
	faultStopped    = "stopped"    // it was told to stop
	faultFailed     = "failed"     // it could not begin, or ended in an error of ours
	faultIncomplete = "incomplete" // it did not reach its end
	faultUnreadable = "unreadable" // most adverts could not be read
	faultShrunk     = "shrunk"     // it listed suspiciously few
)

// judge says whether a crawl was healthy and how the source's trend goes on.
func (in *Ingest) judge(t store.Trend, r crawler.Report, failure error) verdict {
	v := verdict{trend: t, note: r.Note}
	switch {
	case failure != nil:
		v.note, v.fault = failure.Error(), faultFailed
		if stopped(failure) {
			v.fault = faultStopped
		}
	case !r.Complete:
		v.fault = faultIncomplete
		if v.note == "" {
			v.note = "the crawl did not reach its end"
		}
	case r.Listed >= smallList && r.Quarantined*2 > r.Listed:
		v.note, v.fault = fmt.Sprintf("%d of %d adverts could not be read", r.Quarantined, r.Listed), faultUnreadable
	case shrunk(t.Usual, r.Listed):
		in.countShrunk(&v.trend, r.Listed)
		v.healthy = v.trend.ShrunkTimes >= shrunkToBelieve && !in.Now().Before(v.trend.ShrunkSince.Add(in.ShrunkFor))
		v.note, v.fault = fmt.Sprintf("lists %d adverts where it usually lists %d", r.Listed, t.Usual), faultShrunk
		if v.healthy {
			v.fault = ""
			v.note += fmt.Sprintf("; believed after %d crawls", v.trend.ShrunkTimes)
		}
	default:
		v.healthy = true
	}
	if !v.healthy {
		v.trend.Failures++
		return v
	}
	v.trend = store.Trend{Usual: r.Listed}
	return v
}

// shrunk reports whether a list is suspiciously small: empty, half or less of a
// small one, seven tenths or less of a larger one. A board loses a few adverts
// between two crawls; one that is cut off while it grows may still list more than
// half of what it did.
func shrunk(usual, listed int) bool {
	switch {
	case usual >= largeList:
		return listed*10 <= usual*7
	case usual >= smallList:
		return listed*2 <= usual
	}
	return usual > 0 && listed == 0
}

func (in *Ingest) countShrunk(t *store.Trend, listed int) {
	if t.ShrunkTimes == 0 || t.ShrunkListed != listed {
		t.ShrunkListed, t.ShrunkTimes, t.ShrunkSince = listed, 0, in.Now()
	}
	t.ShrunkTimes++
}

// nextDue is when a source is crawled next. An interval of a second or less means
// always; an unhealthy source is tried again sooner than its interval, but ever
// less so.
func nextDue(now, started time.Time, every time.Duration, v verdict) time.Time {
	if every <= time.Second {
		return now
	}
	if v.healthy {
		return started.Add(every)
	}
	wait := firstRetry
	for range v.trend.Failures - 1 {
		if wait *= 2; wait >= every {
			break
		}
	}
	return now.Add(min(wait, every))
}
