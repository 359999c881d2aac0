package notifier

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sendwatch/sendwatch/notifier/email"
	"github.com/sendwatch/sendwatch/store"
)

// The defaults of a Dispatcher.
const (
	DefaultLease   = 15 * time.Minute
	DefaultWorkers = 4
)

// markTimeout bounds the note of an outcome, which is made even when the
// dispatcher is told to stop: else what was sent would be sent again.
const markTimeout = 30 * time.Second

// lastWord is how long a message under way may still take once the run is told
// to stop.
const lastWord = 10 * time.Second

// Sender hands messages to a mail server.
type Sender interface {
	// Send returns when the server has taken the message, or an error; an
	// *email.SendError says whether to try again. It returns when ctx ends.
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
	// Jitter returns a number in [0, 1); it spreads retries. Nil spreads nothing.
	Jitter func() float64
	Log    *slog.Logger
	// Lease is how long one message may take from claim to mark; zero means
	// DefaultLease. Sending is given four fifths of it, so that a lease outlasts
	// whatever an SMTP server does.
	Lease time.Duration
	// Workers is how many messages are sent at a time; zero means DefaultWorkers.
	Workers int
	// Operator is who is told of alarms; empty tells nobody. Advice says what to do
	// about one of a kind, and may be nil.
	Operator string
	Advice   func(kind string) string
}

// Dispatcher sends what is due. It is safe for concurrent use, and several
// processes may run one each: leases keep them apart.
type Dispatcher struct{ o DispatcherOptions }

// NewDispatcher makes a Dispatcher.
func NewDispatcher(o DispatcherOptions) *Dispatcher {
	if o.Lease <= 0 {
		o.Lease = DefaultLease
	}
	if o.Workers <= 0 {
		o.Workers = DefaultWorkers
	}
	if o.Jitter == nil {
		o.Jitter = func() float64 { return 0.5 }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Dispatcher{o: o}
}

// Delivered counts what one Deliver did, in messages.
type Delivered struct {
	Sent, Retried, Dropped int
	// Confirmations counts the confirmations among Sent.
	Confirmations int
	// Notices counts the messages to the operator, which are none of the Sent.
	Notices int `json:",omitempty"`
}

// Deliver sends all that is due now, confirmations first and what the operator is to
// know last, and returns what it
// did. When the mail server cannot be reached or refuses the sender, it stops
// after the messages in flight and returns the reason: the rest stays due.
func (d *Dispatcher) Deliver(ctx context.Context) (Delivered, error) {
	run := &delivery{d: d}
	defer d.o.Sender.CloseIdle()
	for _, next := range []func(context.Context) (job, error){d.nextConfirmation, d.nextDigest, d.nextNotice} {
		// No context of the group's own: an error ends the claiming, and leaves the
		// messages in flight to finish.
		var g errgroup.Group
		for range d.o.Workers {
			g.Go(func() error { return run.work(ctx, next) })
		}
		if err := g.Wait(); err != nil {
			return run.total(), err
		}
	}
	return run.total(), ctx.Err()
}

// delivery is one run of Deliver.
type delivery struct {
	d       *Dispatcher
	stopped atomic.Bool
	mu      sync.Mutex
	done    Delivered
}

func (r *delivery) total() Delivered {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.done
}

func (r *delivery) count(add func(*Delivered)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	add(&r.done)
}

// work takes jobs until none is due or the run must end.
func (r *delivery) work(ctx context.Context, next func(context.Context) (job, error)) error {
	for ctx.Err() == nil && !r.stopped.Load() {
		j, err := next(ctx)
		if err == nil && j == nil {
			return nil
		}
		if err == nil {
			err = r.handle(ctx, j)
		}
		if err != nil {
			r.stopped.Store(true)
			return err
		}
	}
	return nil // the caller knows why the run ended
}

// job is one claimed message: a digest or a confirmation.
type job interface {
	about() about
	// compose finds the address and renders. It returns errDrop, wrapped, when
	// there is nothing to send.
	compose(ctx context.Context) (*email.Message, error)
	sent(ctx context.Context) error
	retry(ctx context.Context, at time.Time, why string) error
	drop(ctx context.Context, why string) error
}

// about is what the log says of a job: never an address.
type about struct {
	kind, id, person string
	attempts         int
	since            time.Time
}

// dropError is the reason for which a message is not to be sent at all.
type dropError struct{ why string }

func (e *dropError) Error() string { return e.why }

// handle composes, sends and marks one job. It returns an error only for what
// concerns every other message too.
func (r *delivery) handle(ctx context.Context, j job) error {
	budget, cancel := withLastWord(ctx, r.d.o.Lease/5*4)
	defer cancel()
	m, err := j.compose(budget)
	if err == nil {
		err = r.d.o.Sender.Send(budget, m)
	}
	mark, cancelMark := context.WithTimeout(context.WithoutCancel(ctx), markTimeout)
	defer cancelMark()
	return r.mark(mark, j, m, err, ctx.Err() != nil)
}

// withLastWord gives a job its time. When ctx ends, the job may go on for lastWord:
// a conversation that is broken off may make its message come twice.
func withLastWord(ctx context.Context, most time.Duration) (context.Context, context.CancelFunc) {
	budget, cancel := context.WithTimeout(context.WithoutCancel(ctx), most)
	stop := context.AfterFunc(ctx, func() {
		timer := time.AfterFunc(lastWord, cancel)
		context.AfterFunc(budget, func() { timer.Stop() })
	})
	return budget, func() { stop(); cancel() }
}

// mark notes the outcome of one job in the store, and gives an error when the
// run must end.
func (r *delivery) mark(ctx context.Context, j job, m *email.Message, outcome error, stopping bool) error {
	a := j.about()
	log := r.d.o.Log.With("kind", a.kind, "id", a.id, "person", a.person, "attempt", a.attempts)
	var refused *email.SendError
	answered := errors.As(outcome, &refused)
	var unwanted *dropError

	var err, stop error
	switch {
	case outcome == nil:
		log.Info("message sent", "message_id", m.ID)
		r.countSent(a.kind)
		err = j.sent(ctx)
	case errors.As(outcome, &unwanted):
		log.Info("message dropped", "why", unwanted.why)
		err = r.drop(ctx, j, unwanted.why)
	case answered && refused.Permanent:
		log.Warn("message refused for good", "err", refused, "suppressed", refused.Recipient && a.person != "")
		if refused.Recipient && a.person != "" { // the operator's address is nobody's to suppress
			err = r.d.o.Store.Suppress(ctx, m.To, refused.Error())
		}
		if err == nil {
			err = r.drop(ctx, j, refused.Error())
		}
	case !stopping && r.d.o.Now().Sub(a.since) > giveUpAfter:
		log.Error("message given up", "err", outcome, "since", a.since)
		err = r.drop(ctx, j, "given up: "+outcome.Error())
	default:
		at := r.d.o.Now()
		if !stopping || (answered && refused.Uncertain) {
			at = at.Add(backOff(a.attempts, r.d.o.Jitter()))
		}
		log.Warn("message will be tried again", "err", outcome, "at", at)
		r.count(func(t *Delivered) { t.Retried++ })
		err = j.retry(ctx, at, outcome.Error())
		if answered && concernsAll(refused) {
			stop = fmt.Errorf("deliver: %w", refused)
		}
	}
	if errors.Is(err, store.ErrLeaseLost) {
		log.Warn("lease was lost before the outcome was noted", "err", err)
		err = nil
	}
	if err != nil {
		return fmt.Errorf("deliver: note the outcome of %s %s: %w", a.kind, a.id, err)
	}
	return stop
}

// concernsAll reports whether a failure will meet every other message: the
// server is away, or refuses us, not one message.
func concernsAll(e *email.SendError) bool {
	return e.Step == email.StepConnect || e.Step == email.StepSender
}

func (r *delivery) drop(ctx context.Context, j job, why string) error {
	r.count(func(t *Delivered) { t.Dropped++ })
	return j.drop(ctx, why)
}

func (r *delivery) countSent(kind string) {
	r.count(func(t *Delivered) {
		if kind == kindNotice {
			t.Notices++
			return
		}
		t.Sent++
		if kind == kindConfirmation {
			t.Confirmations++
		}
	})
}
