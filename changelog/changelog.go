package changelog

import (
	"context"
	"errors"

	"github.com/sendwatch/sendwatch"
)

// ErrCursorMoved is what Apply returns, wrapped or plain, when the cursor is no
// longer where the batch began: another process has applied it. Nothing of the
// batch is then kept.
var ErrCursorMoved = errors.New("changelog: cursor moved by another reader")

// Log is the change log as a reader sees it.
type Log interface {
	// Changes returns up to limit changes with a number above after, in order.
	Changes(ctx context.Context, after int64, limit int) ([]sendwatch.Change, error)
	// Head returns the number of the newest change, 0 when there is none.
	Head(ctx context.Context) (int64, error)
}

// Reader derives something from the log.
type Reader interface {
	// Name identifies the reader, as "match" or "index:embedded".
	Name() string
	// Cursor returns the number of the last change applied, 0 at first.
	Cursor(ctx context.Context) (int64, error)
	// Apply derives what follows from changes and moves the cursor from `from` to
	// the number of the last change, both or neither. It returns ErrCursorMoved
	// when the cursor is not at `from`. Changes are never empty. To apply the same
	// changes twice must be harmless.
	Apply(ctx context.Context, from int64, changes []sendwatch.Change) error
}
