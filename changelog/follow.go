package changelog

import (
	"context"
	"log/slog"
	"time"
)

// Options tune Follow. Zero values take the defaults.
type Options struct {
	Batch int
	Poll  time.Duration
	Wake  <-chan struct{}
	Log   *slog.Logger
}

func CatchUp(ctx context.Context, log Log, r Reader, batch int) error { return nil }

func Follow(ctx context.Context, log Log, r Reader, o Options) error { <-ctx.Done(); return ctx.Err() }
