package changelog

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// ErrTurnLost is what Keep returns, wrapped or plain, when another process has the
// turn now.
var ErrTurnLost = errors.New("changelog: turn lost to another process")

// Turn says which of several processes follows for a reader. It saves the others
// the work; that nothing is derived twice is the cursor's doing, so a turn may be a
// lease that runs out. [Follow] calls one method at a time.
//
// A lease of three times [Options].Keep or more makes a turn, as
//
//	func (t *turn) Take(ctx context.Context) (bool, error) {
//		l, err := t.store.ClaimReader(ctx, t.reader, turnLease)
//		if errors.Is(err, store.ErrLeased) {
//			return false, nil
//		}
//		t.lease = l
//		return err == nil, err
//	}
//
//	func (t *turn) Keep(ctx context.Context) error {
//		l, err := t.store.RenewLease(ctx, t.lease, turnLease)
//		if errors.Is(err, store.ErrLeaseLost) {
//			return changelog.ErrTurnLost
//		}
//		t.lease = l
//		return err
//	}
//
//	func (t *turn) Leave(ctx context.Context) error { return t.store.ReleaseLease(ctx, t.lease) }
type Turn interface {
	// Take asks for the turn and reports whether it is ours now.
	Take(ctx context.Context) (bool, error)
	// Keep lengthens the turn. After ErrTurnLost it is over; after any other error
	// it goes on, and Keep is called again.
	Keep(ctx context.Context) error
	// Leave ends the turn, so that another may take it at once.
	Leave(ctx context.Context) error
}

const (
	defaultKeep = 5 * time.Second
	// leaveWithin bounds how long a turn is being left after the context ended.
	leaveWithin = 5 * time.Second
)

// followInTurn follows whenever it has the turn.
func followInTurn(ctx context.Context, log Log, r Reader, o Options) error {
	for {
		if err := waitForTurn(ctx, r, o); err != nil {
			return err
		}
		o.Log.LogAttrs(ctx, slog.LevelDebug, "reader has the turn", slog.String("reader", r.Name()))
		followWhileKept(ctx, log, r, o)
		if err := ctx.Err(); err != nil {
			return err
		}
		o.Log.LogAttrs(ctx, slog.LevelInfo, "another process follows now", slog.String("reader", r.Name()))
	}
}

// waitForTurn asks for the turn until it is ours. It returns ctx's error only.
func waitForTurn(ctx context.Context, r Reader, o Options) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	backOff := firstBackOff
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
		}
		ours, err := o.Turn.Take(ctx)
		switch {
		case ctx.Err() != nil:
			if ours {
				leave(ctx, r, o)
			}
			return ctx.Err()
		case err != nil:
			o.Log.LogAttrs(ctx, slog.LevelError, "reader cannot ask for the turn", slog.String("reader", r.Name()),
				slog.String("error", err.Error()), slog.Duration("again_in", backOff))
			timer.Reset(backOff)
			backOff = min(2*backOff, lastBackOff)
		case ours:
			return nil
		default:
			timer.Reset(o.Poll)
			backOff = firstBackOff
		}
	}
}

// followWhileKept follows until ctx ends or the turn is lost.
func followWhileKept(ctx context.Context, log Log, r Reader, o Options) {
	within, end := context.WithCancel(ctx)
	kept := make(chan bool, 1)
	go func() {
		defer end()
		kept <- keep(within, r, o)
	}()
	_ = follow(within, log, r, o) // it returns within's error, and no other
	end()
	if <-kept {
		leave(ctx, r, o)
	}
}

// keep keeps the turn until ctx ends, and reports whether it is still ours.
func keep(ctx context.Context, r Reader, o Options) bool {
	beat := time.NewTicker(o.Keep)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return true
		case <-beat.C:
		}
		err := o.Turn.Keep(ctx)
		if errors.Is(err, ErrTurnLost) {
			return false
		}
		if err != nil && ctx.Err() == nil {
			o.Log.LogAttrs(ctx, slog.LevelWarn, "reader cannot keep the turn", slog.String("reader", r.Name()), slog.String("error", err.Error()))
		}
	}
}

func leave(ctx context.Context, r Reader, o Options) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveWithin)
	defer cancel()
	if err := o.Turn.Leave(ctx); err != nil {
		o.Log.LogAttrs(ctx, slog.LevelWarn, "reader cannot leave the turn; others wait until it runs out", slog.String("reader", r.Name()), slog.String("error", err.Error()))
	}
}
