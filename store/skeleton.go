package store

import (
	"context"
	"errors"
	"time"

	"github.com/sendwatch/sendwatch"
)

var (
	ErrNotFound    = errors.New("not found")
	ErrLeased      = errors.New("leased by another")
	ErrNotDue      = errors.New("not due yet")
	ErrLeaseLost   = errors.New("lease lost")
	ErrCursorMoved = errors.New("cursor moved by another")
	ErrSuppressed  = errors.New("address is suppressed")
)

type Options struct {
	Path     string
	URL      string
	Now      func() time.Time
	NewID    func() string
	MailHost string
}

type Store struct{}

func Open(ctx context.Context, o Options) (*Store, error) { return &Store{}, nil }
func (s *Store) Close() error                             { return nil }

type Item struct{ URL, Reference string }
type Page struct {
	URL, ETag, LastModified string
	Items                   []Item
	Next                    string
}

func (s *Store) Page(ctx context.Context, source, url string) (Page, error) { return Page{}, nil }

func (s *Store) Changes(ctx context.Context, after int64, limit int) ([]sendwatch.Change, error) {
	return nil, nil
}
func (s *Store) Head(ctx context.Context) (int64, error)                  { return 0, nil }
func (s *Store) Cursor(ctx context.Context, reader string) (int64, error) { return 0, nil }

func (s *Store) Vacancy(ctx context.Context, id string) (*sendwatch.Vacancy, error) {
	return nil, ErrNotFound
}
func (s *Store) Vacancies(ctx context.Context, ids []string) ([]*sendwatch.Vacancy, error) {
	return nil, nil
}
func (s *Store) OpenVacancies(ctx context.Context, after string, limit int) ([]*sendwatch.Vacancy, error) {
	return nil, nil
}

type Owed struct {
	Reader   string
	From, To int64
	Alerts   []sendwatch.Alert
}

func (s *Store) Owe(ctx context.Context, o Owed) error { return nil }
func (s *Store) LedgerEvents(ctx context.Context, person, vacancy string) ([]sendwatch.AlertEvent, error) {
	return nil, nil
}

// Told is a person's `new` row of one vacancy; ToldAt is nil while it is only owed.
type Told struct {
	Alert  sendwatch.Alert
	ToldAt *time.Time
}

func (s *Store) Told(ctx context.Context, vacancy string) (map[string]Told, error) { return nil, nil }

func (s *Store) ClaimDigest(ctx context.Context, lease time.Duration) (*sendwatch.Digest, error) {
	return nil, nil
}
func (s *Store) DigestSent(ctx context.Context, id, token string) error { return nil }
func (s *Store) DigestRetry(ctx context.Context, id, token string, at time.Time, why string) error {
	return nil
}
func (s *Store) DigestDropped(ctx context.Context, id, token, why string) error { return nil }
func (s *Store) DueDigests(ctx context.Context) ([]sendwatch.Digest, error)     { return nil, nil }

type Consent struct {
	Wording string
	At      time.Time
}
type Signup struct {
	Email     string
	Frequency sendwatch.Frequency
	Criteria  sendwatch.Criteria
	Candidate *sendwatch.Candidate
	Consent   Consent
	Confirmed bool
}
type Subscriber struct {
	Person, Email               string
	Consent                     Consent
	CreatedAt                   time.Time
	ConfirmedAt, UnsubscribedAt *time.Time
}

func (s *Store) Subscribe(ctx context.Context, in Signup) (sendwatch.Subscription, error) {
	return sendwatch.Subscription{}, nil
}
func (s *Store) Subscriber(ctx context.Context, person string) (Subscriber, error) {
	return Subscriber{}, nil
}
func (s *Store) SubscriberByEmail(ctx context.Context, email string) (Subscriber, error) {
	return Subscriber{}, nil
}

type Confirmation struct {
	ID, Person, Email, MessageID, Token string
	Attempts                            int
	At                                  time.Time
}

func (s *Store) ClaimConfirmation(ctx context.Context, lease time.Duration) (*Confirmation, error) {
	return nil, nil
}
func (s *Store) ConfirmationSent(ctx context.Context, id, token string) error { return nil }
func (s *Store) ConfirmationRetry(ctx context.Context, id, token string, at time.Time, why string) error {
	return nil
}
func (s *Store) ConfirmationDropped(ctx context.Context, id, token, why string) error { return nil }
func (s *Store) DueConfirmations(ctx context.Context) ([]Confirmation, error)         { return nil, nil }

func (s *Store) Confirm(ctx context.Context, person string) error                       { return nil }
func (s *Store) Unsubscribe(ctx context.Context, person string) error                   { return nil }
func (s *Store) EndSubscription(ctx context.Context, id string) error                   { return nil }
func (s *Store) PauseSubscription(ctx context.Context, id string) error                 { return nil }
func (s *Store) ResumeSubscription(ctx context.Context, id string) error                { return nil }
func (s *Store) EditSubscription(ctx context.Context, sub sendwatch.Subscription) error { return nil }
func (s *Store) ErasePerson(ctx context.Context, person string) error                   { return nil }
func (s *Store) Subscription(ctx context.Context, id string) (sendwatch.Subscription, error) {
	return sendwatch.Subscription{}, nil
}
func (s *Store) Subscriptions(ctx context.Context, after string, limit int) ([]sendwatch.Subscription, error) {
	return nil, nil
}
func (s *Store) PersonSubscriptions(ctx context.Context, person string) ([]sendwatch.Subscription, error) {
	return nil, nil
}
func (s *Store) Suppress(ctx context.Context, email, reason string) error   { return nil }
func (s *Store) Suppressed(ctx context.Context, email string) (bool, error) { return false, nil }

type Lease struct {
	Kind, ID, Token string
	Attempts        int
	Until           time.Time
	Crawl           int64
}

func (s *Store) EnsureSources(ctx context.Context, ids []string) error { return nil }
func (s *Store) ClaimSource(ctx context.Context, id string, lease time.Duration, evenIfNotDue bool) (Lease, error) {
	return Lease{}, nil
}
func (s *Store) RenewLease(ctx context.Context, l Lease, lease time.Duration) (Lease, error) {
	return l, nil
}

type SourceHealth struct {
	Source                       string
	Healthy                      bool
	Note                         string
	Listed, Usual, Open          int
	Failures                     int
	LastCrawl, LastHealthy, Next time.Time
}

func (s *Store) SourceHealth(ctx context.Context) ([]SourceHealth, error) { return nil, nil }

type Quarantined struct {
	Source, Reference, URL, Error, RawType string
	Raw                                    []byte
	FirstAt, LastAt                        time.Time
	Times                                  int
}

func (s *Store) Quarantine(ctx context.Context, limit int) ([]Quarantined, error) { return nil, nil }

func (s *Store) Robots(ctx context.Context, origin string) ([]byte, int, time.Time, error) {
	return nil, 0, time.Time{}, nil
}
func (s *Store) PutRobots(ctx context.Context, origin string, body []byte, status int, at time.Time) error {
	return nil
}
func (s *Store) Reserve(ctx context.Context, host string, gap time.Duration) (time.Time, error) {
	return time.Time{}, nil
}
