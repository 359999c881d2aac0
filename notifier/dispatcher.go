package notifier

import (
	"context"
	"io"
	"log/slog"
	"time"

	"github.com/sendwatch/sendwatch/notifier/email"
)

// Sender hands messages to a mail server.
type Sender interface {
	// Send returns when the server has taken the message, or an error; an
	// *email.SendError says whether to try again.
	Send(ctx context.Context, m *email.Message) error
	// CloseIdle ends a batch: connections that nothing uses are closed.
	CloseIdle()
}

// DispatcherOptions configures a Dispatcher.
type DispatcherOptions struct {
	Store    Outbox
	Renderer *email.Renderer
	Sender   Sender
	Links    Links
	Now      func() time.Time
	// Jitter returns a number in [0, 1); it spreads retries.
	Jitter func() float64
	Log    *slog.Logger
	// Lease is how long one message may take from claim to mark; zero means
	// fifteen minutes. Sending is given up before it runs out.
	Lease time.Duration
	// Workers is how many messages are sent at a time; zero means four.
	Workers int
}

// Dispatcher sends what is due.
type Dispatcher struct{ o DispatcherOptions }

// NewDispatcher makes a Dispatcher.
func NewDispatcher(o DispatcherOptions) *Dispatcher { return &Dispatcher{o: o} }

// Delivered counts what one Deliver did, in messages.
type Delivered struct {
	Sent, Retried, Dropped int
	// Confirmations counts the confirmations among Sent.
	Confirmations int
}

// Deliver sends all that is due now and returns.
func (d *Dispatcher) Deliver(ctx context.Context) (Delivered, error) { return Delivered{}, nil }

// Preview writes what Deliver would send, and sends nothing.
func (d *Dispatcher) Preview(ctx context.Context, w io.Writer) error { return nil }
