package changelog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Defaults of [Options], and the bounds of the back-off after an error.
const (
	defaultBatch = 200
	defaultPoll  = time.Second
	firstBackOff = 500 * time.Millisecond
	lastBackOff  = 15 * time.Second
)

// Options tune [Follow]. Zero values take the defaults.
type Options struct {
	// Batch is how many changes are applied at once; default 200.
	Batch int
	// Poll is how often the log is looked at when nothing wakes the reader;
	// default one second.
	Poll time.Duration
	// Wake, when not nil, says that there may be something new.
	Wake <-chan struct{}
	// Turn, when not nil, lets one process at a time follow. The others ask for the
	// turn every Poll, and so take over within that time when it is left.
	Turn Turn
	// Keep is how often the turn is kept; default five seconds.
	Keep time.Duration
	// Log may be nil: nothing is logged then.
	Log *slog.Logger
}

// CatchUp applies changes until the cursor has reached the head seen at the start,
// whoever moved it there: when another process applies a batch first, CatchUp goes
// on from where that one left off. It returns the first other error. A batch of 0
// or less means the default.
func CatchUp(ctx context.Context, log Log, r Reader, batch int) error {
	if batch <= 0 {
		batch = defaultBatch
	}
	head, err := log.Head(ctx)
	if err != nil {
		return fmt.Errorf("catch up %s: %w", r.Name(), err)
	}
	for {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("catch up %s: %w", r.Name(), err)
		}
		from, err := r.Cursor(ctx)
		if err != nil {
			return fmt.Errorf("catch up %s: %w", r.Name(), err)
		}
		if from >= head {
			return nil
		}
		if err := step(ctx, log, r, from, batch); err != nil {
			return fmt.Errorf("catch up %s from %d: %w", r.Name(), from, err)
		}
	}
}

// step applies one batch. That another applied it first is no error.
func step(ctx context.Context, log Log, r Reader, from int64, batch int) error {
	changes, err := log.Changes(ctx, from, batch)
	if err != nil {
		return err
	}
	if len(changes) == 0 {
		// The head says that there is more: the log has lost its end, as after a
		// restore of an older copy. Nothing will come of asking again.
		return errors.New("the change log ends before its head")
	}
	err = r.Apply(ctx, from, changes)
	if err == nil || errors.Is(err, ErrCursorMoved) {
		return nil
	}
	// Readers may say in their own words that they lost the race; what counts is
	// where the cursor is now.
	if now, e := r.Cursor(ctx); e == nil && now > from {
		return nil
	}
	return err
}

// Follow applies changes as they come, until ctx ends; then it returns ctx's error.
// Any other error is logged and tried again, after half a second at first and a
// quarter of a minute at most. With a turn it stands by while another process has
// it; [CatchUp] needs none.
func Follow(ctx context.Context, log Log, r Reader, o Options) error {
	if o.Poll <= 0 {
		o.Poll = defaultPoll
	}
	if o.Keep <= 0 {
		o.Keep = defaultKeep
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Turn != nil {
		return followInTurn(ctx, log, r, o)
	}
	return follow(ctx, log, r, o)
}

func follow(ctx context.Context, log Log, r Reader, o Options) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	wake, backOff := o.Wake, firstBackOff
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
		case _, open := <-wake:
			if !open {
				wake = nil
				continue
			}
		}
		err := CatchUp(ctx, log, r, o.Batch)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			o.Log.LogAttrs(ctx, slog.LevelError, "reader stands still", slog.String("reader", r.Name()),
				slog.String("error", err.Error()), slog.Duration("again_in", backOff))
			timer.Reset(backOff)
			wake = nil // what wakes us must not hurry a reader that is failing
			backOff = min(2*backOff, lastBackOff)
			continue
		}
		wake, backOff = o.Wake, firstBackOff
		timer.Reset(o.Poll)
	}
}
