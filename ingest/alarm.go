package ingest

import (
	"fmt"
	"slices"
	"time"

	"github.com/sendwatch/sendwatch/store"
)

// The kinds of alarm. A field that went missing has a kind of its own: AlarmLost
// and the field's name. An alarm closes nothing and keeps nothing open; it asks for
// an operator's eye.
const (
	AlarmStale      = "stale"      // no healthy crawl for too long
	AlarmShrunk     = "shrunk"     // the list stays much shorter than it was
	AlarmGrown      = "grown"      // the list is ten times as long as usual
	AlarmSilent     = "silent"     // nothing new for far longer than usual
	AlarmUnreadable = "unreadable" // too many adverts cannot be read
	AlarmLost       = "lost-"
)

// The rules of judgement. An alarm must mean something: a source of a few adverts,
// a holiday or one bad night raises none.
const (
	// staleAfter is the least time without a healthy crawl that is too long;
	// staleMisses is how many crawls by its schedule a source must have missed.
	staleAfter  = 24 * time.Hour
	staleMisses = 3
	// inARow is how many crawls in a row must have shrunk, or have met too many
	// adverts that cannot be read: one may have met the site at a bad moment.
	inARow = 2
	// Too many cannot be read when these are as many, and more than one of so many
	// that are listed; below one of twice as many they are few again.
	unreadableLeast, unreadableShare = 3, 10
	// A list has grown suspiciously when it is so many times the median of at least
	// three and at most twenty healthy crawls before, and by so many adverts: a
	// selector or a pattern that now takes everything. Below half of that, or when
	// the median has followed, it is usual.
	grownTimes, grownMore   = 10, 40
	grownLeast, grownCrawls = 3, 20
	// A source is silent after a school week without anything new, and after four
	// times the gap below which nine of ten of its gaps stay; ten of them tell.
	silentLeast             = 5 * schoolDay
	silentTimes, silentGaps = 4, 10
)

// docket is what a source is judged by.
type docket struct {
	store.History
	now time.Time
	// every is the time between two crawls by schedule; zero when it is not known,
	// and then nothing new is stale.
	every time.Duration
}

// judge returns the alarms that are on.
func (d *docket) judge() (on []store.Alarm) {
	for _, rule := range []func() *store.Alarm{d.stale, d.shrunk, d.grown, d.silent, d.unreadable} {
		if a := rule(); a != nil {
			on = append(on, *a)
		}
	}
	for _, field := range fieldNames {
		if a := d.lost(field); a != nil {
			on = append(on, *a)
		}
	}
	return on
}

// last returns the newest alarm of a kind; the zero Alarm when there was none.
func (d *docket) last(kind string) (a store.Alarm, on bool) {
	for _, a := range d.Alarms {
		if a.Kind == kind {
			return a, a.On()
		}
	}
	return store.Alarm{}, false
}

func alarm(kind string, usual int, format string, args ...any) *store.Alarm {
	return &store.Alarm{Kind: kind, Usual: usual, Says: fmt.Sprintf(format, args...)}
}

// stale: the age of the last success.
func (d *docket) stale() *store.Alarm {
	_, was := d.last(AlarmStale)
	since := d.LastHealthy
	if since.IsZero() {
		since = d.AddedAt
	}
	if since.IsZero() { // known from before that was kept, and never healthy
		since = d.LastCrawl
	}
	missed := d.every > 0 && d.now.Sub(since) > max(staleAfter, staleMisses*d.every)
	if since.IsZero() || !missed && (!was || d.Healthy) {
		return nil
	}
	why := map[string]string{
		"": "it was not crawled", faultStopped: "its last crawl was stopped", faultFailed: "its last crawl could not be done",
		faultIncomplete: "its last crawl did not reach the end", faultUnreadable: "most of its adverts cannot be read", faultShrunk: "its list is much shorter than usual",
	}[d.Fault]
	if d.LastHealthy.IsZero() {
		return alarm(AlarmStale, 0, "never crawled in health since it was added %s ago: %s", span(d.now.Sub(since)), why)
	}
	return alarm(AlarmStale, 0, "no healthy crawl for %s: %s", span(d.now.Sub(since)), why)
}

// shrunk: the list stays much shorter than it was. That nothing is closed by it is
// the verdict's doing; this tells of it when it lasts.
func (d *docket) shrunk() *store.Alarm {
	_, on := d.last(AlarmShrunk)
	whole := slices.DeleteFunc(slices.Clone(d.Crawls), func(c store.Crawl) bool { return !c.Complete })
	if len(whole) == 0 || whole[0].Healthy {
		return nil
	}
	if !on {
		for i := range inARow {
			if i >= len(whole) || whole[i].Fault != faultShrunk {
				return nil
			}
		}
	}
	return alarm(AlarmShrunk, d.Usual, "lists %d adverts where it usually lists %d; nothing is closed until it has stayed so for a day", whole[0].Listed, d.Usual)
}

// grown: the list is many times as long as usual.
func (d *docket) grown() *store.Alarm {
	a, on := d.last(AlarmGrown)
	var listed []int // by healthy crawls, newest first
	for _, c := range d.Crawls {
		if c.Healthy && len(listed) <= grownCrawls {
			listed = append(listed, c.Listed)
		}
	}
	if len(listed) <= grownLeast {
		return nil
	}
	n, before := listed[0], slices.Sorted(slices.Values(listed[1:]))
	usual := before[len(before)/2]
	switch {
	case n >= grownTimes*usual && n-usual >= grownMore:
	case on && n >= grownTimes/2*a.Usual && usual*2 <= n:
		usual = a.Usual
	default:
		return nil
	}
	return alarm(AlarmGrown, usual, "lists %d adverts where it usually lists %d", n, usual)
}

// silent: a source that brings something new often has brought nothing for long. A
// site that shows an old copy of itself for ever looks healthy in every other way.
func (d *docket) silent() *store.Alarm {
	var arrivals []time.Time // newest first
	for _, c := range d.Crawls {
		if c.New > 0 {
			arrivals = append(arrivals, c.EndedAt)
		}
	}
	var gaps []int
	for i := 1; i < len(arrivals); i++ {
		if gap := schoolDays(arrivals[i], arrivals[i-1]); gap > 0 {
			gaps = append(gaps, gap)
		}
	}
	if len(gaps) < silentGaps {
		return nil
	}
	slices.Sort(gaps)
	usual := gaps[(len(gaps)*9-1)/10]
	// While it cannot be crawled, nobody knows whether it is silent.
	quiet := schoolDays(arrivals[0], d.LastHealthy)
	if quiet < max(silentLeast, silentTimes*usual) {
		return nil
	}
	return alarm(AlarmSilent, usual, "nothing new for %s, since %s; usually something comes within %s",
		inSchoolDays(quiet), arrivals[0].Format("2 January"), inSchoolDays(usual))
}

func inSchoolDays(tenths int) string {
	if tenths < 2*schoolDay {
		return "a school day"
	}
	return fmt.Sprintf("%d school days", tenths/schoolDay)
}

// unreadable: too many of the adverts that are listed cannot be read.
func (d *docket) unreadable() *store.Alarm {
	_, on := d.last(AlarmUnreadable)
	many := func(c store.Crawl, share int) bool {
		return c.Unreadable >= unreadableLeast && c.Unreadable*share > c.Listed
	}
	listing := slices.DeleteFunc(slices.Clone(d.Crawls), func(c store.Crawl) bool { return c.Listed == 0 })
	if len(listing) == 0 {
		return nil
	}
	if on && !many(listing[0], 2*unreadableShare) {
		return nil
	}
	for i := range inARow {
		if !on && (i >= len(listing) || !many(listing[i], unreadableShare)) {
			return nil
		}
	}
	return alarm(AlarmUnreadable, 0, "%d of the %d adverts that it lists cannot be read", listing[0].Unreadable, listing[0].Listed)
}

// span writes a length of time as people say it.
func span(d time.Duration) string {
	if d < 48*time.Hour {
		return fmt.Sprintf("%d hours", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}
