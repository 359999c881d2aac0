package notifier

import (
	"context"
	"time"

	sendwatch "github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

// Ledger is what Owing needs of the store: what changed, whom it may concern,
// and the one transaction in which alerts are owed.
type Ledger interface {
	// Cursor is the number of the last change that the reader has applied.
	Cursor(ctx context.Context, reader string) (int64, error)
	// Changes returns up to limit changes with a number above after, in order.
	Changes(ctx context.Context, after int64, limit int) ([]sendwatch.Change, error)
	// Owe writes alerts and moves the reader's cursor, both or neither; it
	// returns store.ErrCursorMoved when the cursor is not where it was. Alerts
	// that the ledger holds already are united; told ones stay as they are, and
	// those of people who may not be written to are left out. From and To may be
	// equal.
	Owe(ctx context.Context, owed store.Owed) error
	// Told gives, by person, the `new` row of a vacancy, told or still owed.
	Told(ctx context.Context, vacancy string) (map[string]store.Told, error)
	// Vacancies returns those that exist, in any order, aliases followed.
	Vacancies(ctx context.Context, ids []string) ([]*sendwatch.Vacancy, error)
	// OpenVacancies pages through the live vacancies by id.
	OpenVacancies(ctx context.Context, after string, limit int) ([]*sendwatch.Vacancy, error)
	// Subscription returns store.ErrNotFound for one that was erased.
	Subscription(ctx context.Context, id string) (sendwatch.Subscription, error)
	// Subscriptions pages through the active ones by id.
	Subscriptions(ctx context.Context, after string, limit int) ([]sendwatch.Subscription, error)
}

// Outbox is what Dispatcher needs of the store: work that is due, under leases.
// The methods that report an outcome return store.ErrLeaseLost when the token
// is no longer the claim's.
type Outbox interface {
	// ClaimDigest returns nil when nothing is due.
	ClaimDigest(ctx context.Context, lease time.Duration) (*sendwatch.Digest, error)
	DigestSent(ctx context.Context, id, token string) error
	DigestRetry(ctx context.Context, id, token string, at time.Time, why string) error
	DigestDropped(ctx context.Context, id, token, why string) error
	// DueDigests shows what would be claimed, and claims nothing.
	DueDigests(ctx context.Context) ([]sendwatch.Digest, error)

	// ClaimConfirmation returns nil when nothing is due.
	ClaimConfirmation(ctx context.Context, lease time.Duration) (*store.Confirmation, error)
	ConfirmationSent(ctx context.Context, id, token string) error
	ConfirmationRetry(ctx context.Context, id, token string, at time.Time, why string) error
	ConfirmationDropped(ctx context.Context, id, token, why string) error
	// DueConfirmations shows what would be claimed, and claims nothing.
	DueConfirmations(ctx context.Context) ([]store.Confirmation, error)

	// ClaimNotice returns nil when the operator is to be told of nothing now.
	ClaimNotice(ctx context.Context, lease time.Duration) (*store.Notice, error)
	NoticeSent(ctx context.Context, id, token string) error
	NoticeRetry(ctx context.Context, id, token string, at time.Time, why string) error
	NoticeDropped(ctx context.Context, id, token, why string) error
	// DueNotice shows what would be claimed, and claims nothing.
	DueNotice(ctx context.Context) (*store.Notice, error)

	Vacancies(ctx context.Context, ids []string) ([]*sendwatch.Vacancy, error)
	// LedgerEvents lists what a person was told or is owed of a vacancy.
	LedgerEvents(ctx context.Context, person, vacancy string) ([]sendwatch.AlertEvent, error)
	PersonSubscriptions(ctx context.Context, person string) ([]sendwatch.Subscription, error)
	// Subscriber returns store.ErrNotFound for a person who was erased.
	Subscriber(ctx context.Context, person string) (store.Subscriber, error)
	Suppressed(ctx context.Context, email string) (bool, error)
	// Suppress stops every message to an address from now on.
	Suppress(ctx context.Context, email, reason string) error
}

// Store is all of it: what *store.Store gives.
type Store interface {
	Ledger
	Outbox
}
