package notifier

import (
	"context"
	"log/slog"
	"time"

	sendwatch "github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/matcher"
)

// OwingOptions configures an Owing.
type OwingOptions struct {
	Store   Ledger
	Matcher *matcher.Matcher
	Now     func() time.Time
	Log     *slog.Logger
}

// Owing is the change log's reader "match": it turns changes into alerts.
type Owing struct{ o OwingOptions }

// NewOwing makes an Owing that holds no subscription yet; see Load.
func NewOwing(o OwingOptions) *Owing { return &Owing{o: o} }

// Name is "match".
func (w *Owing) Name() string { return "match" }

// Cursor is the number of the last change applied.
func (w *Owing) Cursor(ctx context.Context) (int64, error) { return 0, nil }

// Load fills the percolator from the active subscriptions.
func (w *Owing) Load(ctx context.Context) error { return nil }

// Apply owes what follows from changes and moves the cursor.
func (w *Owing) Apply(ctx context.Context, from int64, changes []sendwatch.Change) error { return nil }
