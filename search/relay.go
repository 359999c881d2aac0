package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// Engine is an Index with a name that people know it by.
type Engine struct {
	Name  string
	Index Index
}

// RelayOptions is what a Relay works with. Zero durations take the defaults.
type RelayOptions struct {
	// Engines are those that are configured, as the nodes of a search server.
	// They take turns.
	Engines []Engine
	// Spare answers when none of them can: the index of this machine.
	Spare Engine
	Now   func() time.Time
	// Log hears once when an engine goes and once when it is back; nil keeps
	// quiet. What people ask is never logged.
	Log *slog.Logger
	// Timeout is how long a page waits for one engine; default 1.5 seconds. The
	// whole of a search may take ten times as long.
	Timeout time.Duration
	// Interval is how often Watch looks at the engines; default one second.
	Interval time.Duration
	// Retry is how long an engine that failed is left alone before it is looked
	// at again; default 5 seconds.
	Retry time.Duration
	// MaxLag is how old the content of an engine may get, beside that of the
	// others, before it is not asked any more; default 30 seconds.
	MaxLag time.Duration
}

// The defaults of RelayOptions.
const (
	defaultTimeout  = 1500 * time.Millisecond
	defaultInterval = time.Second
	defaultRetry    = 5 * time.Second
	defaultMaxLag   = 30 * time.Second
)

// Relay asks one of several engines: the configured ones in turn while they are
// well, and else the spare. An engine that fails a search, or does not answer it
// in time, is not asked again until it was seen to answer and to have caught
// up; its reader, which runs elsewhere, does the catching up.
//
// What a Relay promises: a search is answered when the spare can answer it, or
// any engine that is up to date. And while Watch runs, what a configured engine
// says is no older than what the spare was seen to hold MaxLag and one round of
// looking before, a round being an Interval and a Timeout at most: so an outage
// brings nothing back that was gone. What loses its content at once is found out
// within a round. The spare is as old as its own reader lets it become.
//
// It is safe for concurrent use, and starts no goroutine that outlives a call.
type Relay struct {
	o       RelayOptions
	engines []*member
	spare   *member
	turn    atomic.Uint64
	// checked is set once the engines were looked at; first is held meanwhile.
	checked atomic.Bool
	first   sync.Mutex

	// mu guards what follows and the state of every member.
	mu    sync.Mutex
	marks []mark
}

var _ Asker = (*Relay)(nil)

// wholeTakes is how many times as long the whole of a search may take as a page.
const wholeTakes = 10

// NewRelay makes a Relay. Its engines are looked at when it is first asked.
func NewRelay(o RelayOptions) *Relay {
	for _, d := range []struct {
		option  *time.Duration
		unasked time.Duration
	}{
		{&o.Timeout, defaultTimeout}, {&o.Interval, defaultInterval}, {&o.Retry, defaultRetry}, {&o.MaxLag, defaultMaxLag},
	} {
		if *d.option <= 0 {
			*d.option = d.unasked
		}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	now := o.Now()
	r := &Relay{o: o, spare: newMember(o.Spare, now)}
	for _, e := range o.Engines {
		r.engines = append(r.engines, newMember(e, now))
	}
	return r
}

// Search answers a query. Its Result says whether the spare had to.
func (r *Relay) Search(ctx context.Context, q Query) (Result, error) {
	limit := r.o.Timeout
	if q.Whole {
		limit *= wholeTakes
	}
	res, by, err := ask(ctx, r, limit, func(ctx context.Context, x Index) (Result, error) { return x.Search(ctx, q) })
	res.Fallback = by == r.spare && len(r.engines) > 0
	return res, err
}

// Vocabulary is that of the engine whose turn it is.
func (r *Relay) Vocabulary(ctx context.Context) (map[string]int, error) {
	words, _, err := ask(ctx, r, r.o.Timeout, func(ctx context.Context, x Index) (map[string]int, error) { return x.Vocabulary(ctx) })
	return words, err
}

// ask puts a question to the engines that are well, then to the spare, and at
// last to whatever engine turns out to be well again. It says who answered.
func ask[T any](ctx context.Context, r *Relay, limit time.Duration, question func(context.Context, Index) (T, error)) (T, *member, error) {
	r.checkFirst(ctx)
	asked := make(map[*member]bool)
	for _, e := range r.inTurn() {
		asked[e] = true
		if answer, err := askEngine(ctx, r, e, limit, question); settled(ctx, err) {
			return answer, e, err
		}
	}
	answer, failed := question(ctx, r.spare.Index)
	if settled(ctx, failed) {
		return answer, r.spare, failed
	}
	for _, e := range r.engines {
		if asked[e] || !r.look(ctx, e) {
			continue
		}
		if answer, err := askEngine(ctx, r, e, limit, question); settled(ctx, err) {
			return answer, e, err
		}
	}
	var none T
	failed = fmt.Errorf("search: %s, which answers for all others: %w", r.spare.Name, failed)
	return none, nil, errors.Join(append([]error{failed}, r.complaints()...)...)
}

// askEngine puts a question to one engine, and notes when it fails.
func askEngine[T any](ctx context.Context, r *Relay, e *member, limit time.Duration, question func(context.Context, Index) (T, error)) (T, error) {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	answer, err := question(limited, e.Index)
	if !settled(ctx, err) {
		// The error may quote what was asked, so it is not kept. The next look
		// at the engine brings one that can be shown.
		r.fail(e, reasonOf(err), nil)
	}
	return answer, err
}

// settled reports whether an engine's word is the last one: an answer, an error
// of the asker's own, or an asker who has gone, which says nothing about the
// engine.
func settled(ctx context.Context, err error) bool {
	return err == nil || errors.Is(err, ErrBadQuery) || errors.Is(err, ErrNoHome) || ctx.Err() != nil
}

// inTurn lists the engines that are well, another first each time.
func (r *Relay) inTurn() []*member {
	r.mu.Lock()
	defer r.mu.Unlock()
	var well []*member
	for _, e := range r.engines {
		if e.well {
			well = append(well, e)
		}
	}
	if len(well) < 2 {
		return well
	}
	i := int(r.turn.Add(1) % uint64(len(well)))
	return append(append([]*member(nil), well[i:]...), well[:i]...)
}
