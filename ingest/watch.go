package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/sendwatch/sendwatch/store"
)

// historyCrawls is how many crawls back a source is judged.
const historyCrawls = 800

// reviewed is how long the review at the end of a healthy crawl is good for: until
// then the clock alone changes nothing.
const reviewed = time.Hour

// Watched is a source that is to be crawled, and how often.
type Watched struct {
	Source string
	// Every is the longest time between two crawls by its schedule.
	Every time.Duration
}

// Watch reviews the alarms of sources that were not crawled in health lately: only
// the clock tells of a source that nobody crawls. It ends those of sources that are not
// watched any more.
func (in *Ingest) Watch(ctx context.Context, list []Watched) error {
	health, err := in.Store.SourceHealth(ctx)
	if err != nil {
		return fmt.Errorf("watch: %w", err)
	}
	every := map[string]time.Duration{}
	for _, w := range list {
		every[w.Source] = w.Every
	}
	on, err := in.Store.Alarms(ctx, "")
	if err != nil {
		return fmt.Errorf("watch: %w", err)
	}
	alarmed := map[string]bool{}
	for _, a := range on {
		alarmed[a.Source] = true
	}
	var errs []error
	for _, h := range health {
		gap, watched := every[h.Source]
		switch {
		case watched && in.Now().Sub(h.LastHealthy) > reviewed:
			errs = append(errs, in.review(ctx, h.Source, gap))
		case !watched && alarmed[h.Source]:
			errs = append(errs, in.settle(ctx, h.Source, nil))
		}
	}
	return errors.Join(errs...)
}

// reviewSafely reviews a source after its crawl. That its alarms could not be kept
// is no fault of the crawl, and the next review makes up for it.
func (in *Ingest) reviewSafely(ctx context.Context, source string) {
	if err := in.review(ctx, source, 0); err != nil {
		in.Log.LogAttrs(ctx, slog.LevelError, "alarms not reviewed", slog.String("source", source), slog.String("error", err.Error()))
	}
}

// review judges a source by its history and keeps the alarms that are on.
func (in *Ingest) review(ctx context.Context, source string, every time.Duration) error {
	h, err := in.Store.History(ctx, source, historyCrawls)
	if err != nil {
		return fmt.Errorf("review: %w", err)
	}
	d := docket{History: h, now: in.Now(), every: every}
	on := d.judge()
	quiet := len(on) == 0
	for _, a := range h.Alarms {
		quiet = quiet && !a.On()
	}
	if quiet { // which is how nearly every review ends
		return nil
	}
	return in.settle(ctx, source, on)
}

// settle makes the alarms of a source those that are on, and logs what that changes.
func (in *Ingest) settle(ctx context.Context, source string, on []store.Alarm) error {
	raised, ended, err := in.Store.SetAlarms(ctx, source, on)
	if err != nil {
		return fmt.Errorf("review: %w", err)
	}
	for _, a := range raised {
		in.Log.LogAttrs(ctx, slog.LevelWarn, "alarm", slog.String("source", source), slog.String("kind", a.Kind), slog.String("says", a.Says))
	}
	for _, a := range ended {
		in.Log.LogAttrs(ctx, slog.LevelInfo, "alarm ended", slog.String("source", source), slog.String("kind", a.Kind), slog.Time("since", a.Since))
	}
	return nil
}
