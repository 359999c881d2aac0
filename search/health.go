package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Why an engine is not asked, in words that follow its name.
const (
	notLookedAt = "has not been looked at yet"
	unanswering = "does not answer"
	slow        = "does not answer in time"
	unfilled    = "is not filled yet"
	behind      = "is behind"
)

func reasonOf(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return slow
	}
	return unanswering
}

// member is an engine and how it is. What may change is guarded by Relay.mu.
type member struct {
	Engine
	well   bool
	cursor int64
	since  time.Time
	reason string
	err    error
	// leave is until when it is left alone.
	leave time.Time
	// failures counts how often it was taken out.
	failures int
	// known is false until it was looked at.
	known bool
}

func newMember(e Engine, now time.Time) *member {
	return &member{Engine: e, since: now, reason: notLookedAt}
}

// EngineState is how an engine is, as far as it was looked at.
type EngineState struct {
	Name string `json:"name"`
	// Spare says that it answers only for the others.
	Spare bool `json:"spare,omitempty"`
	// Well says that it is asked, or may be.
	Well bool `json:"well"`
	// Cursor is the last change of the change log that it was known to hold.
	Cursor int64 `json:"cursor"`
	// Since is when it became well or stopped being so.
	Since time.Time `json:"since"`
	// Reason says why it is not asked, in words that may be shown to anybody.
	Reason string `json:"reason,omitempty"`
	// Error is what it said when it was last looked at in vain, for operators.
	// It never holds what somebody asked.
	Error string `json:"error,omitempty"`
}

// State says how the engines are, the spare last.
func (r *Relay) State() []EngineState {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []EngineState
	for _, e := range append(r.engines[:len(r.engines):len(r.engines)], r.spare) {
		s := EngineState{Name: e.Name, Spare: e == r.spare, Well: e.well, Cursor: e.cursor, Since: e.since, Reason: e.reason}
		if e.err != nil {
			s.Error = e.err.Error()
		}
		out = append(out, s)
	}
	return out
}

// Watch looks at the engines until ctx ends. A process that goes on asking a
// Relay runs it, since nothing else brings back an engine that failed.
func (r *Relay) Watch(ctx context.Context) {
	ticker := time.NewTicker(r.o.Interval)
	defer ticker.Stop()
	for {
		r.Check(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// checkFirst looks at the engines when nobody ever has. Searches that come
// meanwhile wait for it.
func (r *Relay) checkFirst(ctx context.Context) {
	if r.checked.Load() {
		return
	}
	r.first.Lock()
	defer r.first.Unlock()
	if !r.checked.Load() {
		r.Check(ctx)
	}
}

// Check looks once at the spare and at every engine that is not left alone.
func (r *Relay) Check(ctx context.Context) {
	r.lookAtSpare(ctx)
	var wg sync.WaitGroup
	for _, e := range r.engines {
		if r.due(e) {
			wg.Go(func() { r.look(ctx, e) })
		}
	}
	wg.Wait()
	if ctx.Err() == nil {
		r.checked.Store(true)
	}
}

func (r *Relay) due(e *member) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return e.well || !r.o.Now().Before(e.leave)
}

// lookAtSpare reads where the spare stands. It is asked whether it is well or not.
func (r *Relay) lookAtSpare(ctx context.Context) {
	cursor, err := r.spare.Index.Cursor(ctx)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		r.fail(r.spare, unanswering, err)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.spare.cursor = cursor
	r.recovered(r.spare)
	r.mark()
}

// look asks an engine where it stands and, when it is not well, to search, and
// reports whether it may be asked.
func (r *Relay) look(ctx context.Context, e *member) bool {
	limited, cancel := context.WithTimeout(ctx, r.o.Timeout)
	defer cancel()
	well, failures := r.standing(e)
	cursor, err := e.Index.Cursor(limited)
	if err == nil && !well {
		_, err = e.Index.Search(limited, Query{Sort: SortNewest, PerPage: 1})
	}
	if ctx.Err() != nil {
		return false
	}
	if err != nil {
		r.fail(e, reasonOf(err), err)
		return false
	}
	return r.judge(e, cursor, failures)
}

func (r *Relay) standing(e *member) (well bool, failures int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return e.well, e.failures
}

// judge decides whether an engine that answers may be asked. An engine that
// failed a search while it was looked at is not judged by that look.
func (r *Relay) judge(e *member, cursor int64, failures int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	e.cursor = cursor
	switch {
	case e.failures != failures:
	case cursor == 0:
		r.failed(e, unfilled, nil)
	case cursor < r.wanted(e):
		r.failed(e, behind, nil)
	default:
		r.recovered(e)
	}
	r.mark()
	return e.well
}

// wanted is how far an engine must have come. One that is well stays so until it
// has fallen MaxLag behind. One that is not must have caught up: but for what
// came since it was looked at last, since a log that grows all the time is never
// caught up with to the last change.
func (r *Relay) wanted(e *member) int64 {
	now := r.o.Now()
	if e.well {
		want, _ := r.newestAt(now.Add(-r.o.MaxLag))
		return want
	}
	if want, known := r.newestAt(now.Add(-min(r.o.Retry, r.o.MaxLag))); known {
		return want
	}
	return r.newest()
}

// fail takes an engine out.
func (r *Relay) fail(e *member, reason string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed(e, reason, err)
}

// failed is fail for who holds mu.
func (r *Relay) failed(e *member, reason string, err error) {
	now := r.o.Now()
	if e.well || !e.known {
		attrs := []slog.Attr{slog.String("engine", e.Name), slog.String("reason", reason), slog.Int64("cursor", e.cursor)}
		if err != nil {
			attrs = append(attrs, slog.String("error", err.Error()))
		}
		r.o.Log.LogAttrs(context.Background(), slog.LevelWarn, "search engine out", attrs...)
		e.since = now
	}
	e.well, e.known, e.reason, e.err = false, true, reason, err
	e.leave = now.Add(r.o.Retry)
	e.failures++
}

// recovered puts an engine back, for who holds mu.
func (r *Relay) recovered(e *member) {
	if e.well {
		return
	}
	now := r.o.Now()
	if e.known {
		r.o.Log.LogAttrs(context.Background(), slog.LevelInfo, "search engine back",
			slog.String("engine", e.Name), slog.Int64("cursor", e.cursor), slog.Duration("after", now.Sub(e.since)))
	}
	e.well, e.known, e.since, e.reason, e.err = true, true, now, "", nil
}

// complaints says of every engine why it is not asked.
func (r *Relay) complaints() []error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []error
	for _, e := range r.engines {
		out = append(out, fmt.Errorf("search: %s %s", e.Name, e.reason))
	}
	return out
}

// mark is where the newest of the engines stood at a time.
type mark struct {
	at     time.Time
	newest int64
}

// newest is how far the furthest has come. The spare and the engines that are
// well tell; while the spare does not answer, what the others were last known
// to hold counts too, since it may have been shown.
func (r *Relay) newest() int64 {
	newest := r.spare.cursor
	for _, e := range r.engines {
		if e.well || !r.spare.well {
			newest = max(newest, e.cursor)
		}
	}
	return newest
}

// mark notes where the newest stands, and forgets what is too old to matter.
func (r *Relay) mark() {
	now, newest := r.o.Now(), r.newest()
	if n := len(r.marks); n > 0 && r.marks[n-1].at.Equal(now) {
		r.marks[n-1].newest = newest
	} else {
		r.marks = append(r.marks, mark{now, newest})
	}
	// One mark older than both spans is kept: it tells where things stood then.
	old := now.Add(-max(r.o.MaxLag, r.o.Retry))
	for len(r.marks) > 1 && !r.marks[1].at.After(old) {
		r.marks = r.marks[1:]
	}
}

// newestAt is where the newest stood at a time; false when nobody looked then.
func (r *Relay) newestAt(at time.Time) (int64, bool) {
	for i := len(r.marks) - 1; i >= 0; i-- {
		if !r.marks[i].at.After(at) {
			return r.marks[i].newest, true
		}
	}
	return 0, false
}
