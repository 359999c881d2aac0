package search_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/sendwatch/sendwatch/search"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// node is an engine whose health a test decides. What it answers tells who
// answered, and how far it had come: the Total is its cursor.
type node struct {
	search.Index // nothing else is asked of it
	name         string

	mu     sync.Mutex
	cursor int64
	fail   error
	hangs  bool
	asked  int // searches and vocabularies
	looked int // cursors
	seen   []seen
}

func (n *node) set(change func(*node)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	change(n)
}

// counts says how often a node was asked, how often looked at, and where it was
// seen to stand.
func (n *node) counts() (asked, looked int, stood []seen) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.asked, n.looked, n.seen
}

// answer waits or fails as the test wants.
func (n *node) answer(ctx context.Context) (int64, error) {
	n.mu.Lock()
	cursor, fail, hangs := n.cursor, n.fail, n.hangs
	n.mu.Unlock()
	if hangs {
		<-ctx.Done()
		return 0, fmt.Errorf("ask %s: %w", n.name, ctx.Err())
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	return cursor, fail
}

func (n *node) Search(ctx context.Context, q search.Query) (search.Result, error) {
	n.set(func(n *node) { n.asked++ })
	if _, err := q.Normalised(); err != nil {
		return search.Result{}, err
	}
	cursor, err := n.answer(ctx)
	if err != nil {
		// As a server's client would, it quotes what was asked.
		return search.Result{}, fmt.Errorf("POST /search %q: %w", q.Words, err)
	}
	return search.Result{Total: int(cursor), Hits: []search.Hit{{ID: n.name}}}, nil
}

func (n *node) Vocabulary(ctx context.Context) (map[string]int, error) {
	n.set(func(n *node) { n.asked++ })
	cursor, err := n.answer(ctx)
	return map[string]int{n.name: int(cursor)}, err
}

func (n *node) Cursor(ctx context.Context) (int64, error) {
	cursor, err := n.answer(ctx)
	n.set(func(n *node) {
		n.looked++
		if err == nil {
			n.seen = append(n.seen, seen{time.Now(), int(cursor)})
		}
	})
	return cursor, err
}

// seen is where a node was seen to stand.
type seen struct {
	at     time.Time
	cursor int
}

var errDown = errors.New("connection refused")

// relayed is a Relay before nodes, and the log that it writes.
type relayed struct {
	*search.Relay
	t     *testing.T
	nodes []*node
	spare *node
	log   bytes.Buffer
}

// relay puts a Relay before n nodes and a spare that all stand at 10.
func relay(t *testing.T, n int) *relayed {
	r := &relayed{t: t, spare: &node{name: "spare", cursor: 10}}
	o := search.RelayOptions{
		Spare: search.Engine{Name: "spare", Index: r.spare},
		Now:   time.Now, Log: slog.New(slog.NewTextHandler(&r.log, nil)),
	}
	for i := range n {
		r.nodes = append(r.nodes, &node{name: fmt.Sprintf("node-%d", i+1), cursor: 10})
		o.Engines = append(o.Engines, search.Engine{Name: r.nodes[i].name, Index: r.nodes[i]})
	}
	r.Relay = search.NewRelay(o)
	return r
}

// answers checks who answers a search, in how long, and whether that is called a
// fallback.
func (r *relayed) answers(when string, took time.Duration, want ...string) {
	r.t.Helper()
	start := time.Now()
	res, err := r.Search(r.t.Context(), search.Query{Words: "secret words"})
	if err != nil {
		r.t.Errorf("%s: %v", when, err)
		return
	}
	if !slices.Contains(want, res.Hits[0].ID) || res.Fallback != (res.Hits[0].ID == "spare" && len(r.nodes) > 0) {
		r.t.Errorf("%s: %s answered, fallback %v; want any of %v", when, res.Hits[0].ID, res.Fallback, want)
	}
	if got := time.Since(start); got != took {
		r.t.Errorf("%s: took %v, want %v", when, got, took)
	}
}

// watched runs a test in a bubble of its own time, with Watch running.
func watched(t *testing.T, nodes int, test func(r *relayed)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := relay(t, nodes)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { r.Watch(ctx); close(done) }()
		synctest.Wait()
		test(r)
		stop()
		<-done
	})
}

func TestRelayTakesTurns(t *testing.T) {
	watched(t, 3, func(r *relayed) {
		for range 9 {
			r.answers("all are well", 0, "node-1", "node-2", "node-3")
		}
		for _, n := range r.nodes {
			if asked, _, _ := n.counts(); asked != 4 { // one of them when it was first looked at
				t.Errorf("%s was asked %d times, want 4", n.name, asked)
			}
		}
		if asked, _, _ := r.spare.counts(); asked != 0 {
			t.Errorf("the spare was asked %d times", asked)
		}
	})
}

func TestRelayWithoutEngines(t *testing.T) {
	watched(t, 0, func(r *relayed) { r.answers("nothing is configured", 0, "spare") })
}

// TestRelayUnwatched holds that a command that asks once needs no Watch.
func TestRelayUnwatched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := relay(t, 2)
		r.nodes[0].hangs = true
		r.answers("the first search looks", 1500*time.Millisecond, "node-2")
		r.answers("the second does not", 0, "node-2")
	})
}

func TestRelayBreaksTheCircuit(t *testing.T) {
	for name, harm := range map[string]struct {
		do   func(*node)
		wait time.Duration
	}{
		"refuses": {func(n *node) { n.fail = errDown }, 0},
		"hangs":   {func(n *node) { n.hangs = true }, 1500 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			watched(t, 1, func(r *relayed) {
				r.nodes[0].set(harm.do)
				r.answers("at first", harm.wait, "spare")
				_, before, _ := r.nodes[0].counts()
				for range 20 {
					r.answers("then", 0, "spare")
					time.Sleep(time.Second)
				}
				if _, looked, _ := r.nodes[0].counts(); looked-before < 2 || looked-before > 4 {
					t.Errorf("it was looked at %d times in 20 seconds, want every 5 or so", looked-before)
				}
				time.Sleep(100 * time.Millisecond) // not when Watch looks
				r.nodes[0].set(func(n *node) { n.fail, n.hangs = nil, false })
				r.answers("before it was looked at", 0, "spare")
				time.Sleep(8 * time.Second)
				r.answers("once it was seen to be well", 0, "node-1")
			})
		})
	}
}

func TestRelayAsksTheNext(t *testing.T) {
	watched(t, 2, func(r *relayed) {
		r.nodes[0].set(func(n *node) { n.fail = errDown })
		for range 4 {
			r.answers("one is down", 0, "node-2")
		}
	})
}

// TestRelayWaitsForContent holds that what is empty, or not caught up after an
// outage, is not asked.
func TestRelayWaitsForContent(t *testing.T) {
	watched(t, 1, func(r *relayed) {
		n := r.nodes[0]
		n.set(func(n *node) { n.fail = errDown })
		r.answers("down", 0, "spare")
		r.spare.set(func(n *node) { n.cursor = 50 })
		n.set(func(n *node) { n.fail, n.cursor = nil, 49 })
		time.Sleep(time.Hour)
		r.answers("one change behind", 0, "spare")
		n.set(func(n *node) { n.cursor = 50 })
		time.Sleep(6 * time.Second)
		r.answers("caught up", 0, "node-1")
		n.set(func(n *node) { n.cursor = 0 })
		time.Sleep(2 * time.Second)
		r.answers("emptied", 0, "spare")
	})
	synctest.Test(t, func(t *testing.T) {
		r := relay(t, 1)
		r.nodes[0].cursor, r.spare.cursor = 0, 0
		r.answers("a new engine of a new system", 0, "spare")
	})
}

// TestRelayLeavesWhatFallsBehind holds that a reader that stands still takes its
// engine out, and that one that is merely a little late does not.
func TestRelayLeavesWhatFallsBehind(t *testing.T) {
	watched(t, 2, func(r *relayed) {
		for i := range 300 {
			r.spare.set(func(n *node) { n.cursor += 10 })
			r.nodes[0].set(func(n *node) { n.cursor = r.spare.cursor - min(200, r.spare.cursor-10) }) // 20 s late
			if i == 40 {
				synctest.Wait()
				if s := r.State()[1]; s.Well || s.Reason != "is behind" || s.Cursor != 10 {
					t.Errorf("what stands still is %+v", s)
				}
			}
			time.Sleep(time.Second)
		}
		for range 4 {
			r.answers("one stands still, one is late", 0, "node-1")
		}
	})
}

// TestRelayCatchesUpWithAMovingLog holds that an engine comes back although the
// log never stands still.
func TestRelayCatchesUpWithAMovingLog(t *testing.T) {
	watched(t, 1, func(r *relayed) {
		r.nodes[0].set(func(n *node) { n.fail = errDown })
		r.answers("down", 0, "spare")
		r.nodes[0].set(func(n *node) { n.fail = nil })
		for range 20 {
			r.nodes[0].set(func(n *node) { n.cursor = r.spare.cursor })
			r.spare.set(func(n *node) { n.cursor += 10 })
			time.Sleep(time.Second)
		}
		r.answers("up", 0, "node-1")
	})
}

func TestRelayReturnsTheAskersErrors(t *testing.T) {
	watched(t, 1, func(r *relayed) {
		for _, test := range []struct {
			q    search.Query
			want error
		}{
			{search.Query{Sort: "fame"}, search.ErrBadQuery},
			{search.Query{Sort: search.SortDistance}, search.ErrNoHome},
		} {
			if _, err := r.Search(r.t.Context(), test.q); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		}
		r.nodes[0].set(func(n *node) { n.hangs = true })
		ctx, cancel := context.WithTimeout(r.t.Context(), time.Second)
		defer cancel()
		if _, err := r.Search(ctx, search.Query{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("an asker who is gone: %v", err)
		}
		if asked, _, _ := r.spare.counts(); asked > 0 {
			t.Error("the spare was asked for nobody")
		}
		if s := r.State()[0]; !s.Well {
			t.Errorf("the engine suffers for it: %+v", s)
		}
	})
}

func TestRelayWithoutAnybody(t *testing.T) {
	watched(t, 2, func(r *relayed) {
		for _, n := range append(r.nodes, r.spare) {
			n.set(func(n *node) { n.fail = errDown })
		}
		_, err := r.Search(r.t.Context(), search.Query{Words: "secret words"})
		if !errors.Is(err, errDown) {
			t.Errorf("got %v, want what the spare said", err)
		}
		for _, name := range []string{"spare", "node-1", "node-2"} {
			if err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%v does not name %s", err, name)
			}
		}
		// One that failed a moment ago is asked before nobody is.
		r.nodes[1].set(func(n *node) { n.fail = nil })
		r.answers("one is back", 0, "node-2")
	})
}

func TestRelayVocabulary(t *testing.T) {
	watched(t, 1, func(r *relayed) {
		r.nodes[0].set(func(n *node) { n.fail = errDown })
		words, err := r.Vocabulary(r.t.Context())
		if err != nil || words["spare"] != 10 {
			t.Errorf("got %v, %v, want the spare's", words, err)
		}
	})
}

func TestRelayTellsOfChangesOnce(t *testing.T) {
	watched(t, 1, func(r *relayed) {
		start := time.Now()
		if s := r.State(); len(s) != 2 || !s[0].Well || s[0].Name != "node-1" || s[0].Spare || !s[1].Spare || !s[1].Well || s[1].Cursor != 10 {
			t.Errorf("at first: %+v", s)
		}
		for range 3 {
			time.Sleep(time.Minute)
			down := time.Now()
			r.nodes[0].set(func(n *node) { n.fail = errDown })
			for range 100 {
				r.answers("down", 0, "spare")
				time.Sleep(time.Second)
			}
			if s := r.State()[0]; s.Well || !s.Since.Equal(down) || s.Reason != "does not answer" || s.Error != errDown.Error() {
				t.Errorf("when down: %+v", s)
			}
			r.nodes[0].set(func(n *node) { n.fail = nil })
			time.Sleep(time.Minute)
			if s := r.State()[0]; !s.Well || !s.Since.After(start) || s.Reason != "" || s.Error != "" {
				t.Errorf("when back: %+v", s)
			}
		}
		if log := r.log.String(); strings.Count(log, "search engine out") != 3 || strings.Count(log, "search engine back") != 3 || strings.Count(log, "\n") != 6 {
			t.Errorf("three outages are told as:\n%s", log)
		}
		if strings.Contains(r.log.String(), "secret") {
			t.Errorf("the log tells what was asked:\n%s", r.log.String())
		}
	})
}

// TestRelayProperty lets engines fail, hang, stand still and be emptied, and holds
// what a Relay promises.
func TestRelayProperty(t *testing.T) {
	fallbacks, answered := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		nodes := rapid.IntRange(1, 3).Draw(rt, "nodes")
		// What happens is drawn before the bubble, which a rapid.T may not enter.
		type event struct {
			node, kind int
			pause      time.Duration
		}
		events := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) event {
			return event{
				rapid.IntRange(0, nodes).Draw(t, "node"), rapid.IntRange(0, 5).Draw(t, "kind"),
				time.Duration(rapid.IntRange(0, 60_000).Draw(t, "pause")) * time.Millisecond,
			}
		}), 1, 40).Draw(rt, "events")
		watched(t, nodes, func(r *relayed) {
			h := &history{r: r}
			for _, e := range events {
				n := r.spare
				if e.node < nodes {
					n = r.nodes[e.node]
				}
				n.set(func(n *node) {
					switch e.kind {
					case 0:
						n.fail = errDown
					case 1:
						n.hangs = n != r.spare
					case 2, 3:
						n.fail, n.hangs = nil, false
					case 4:
						h.stuck = n // its reader stands still until the next event of the kind
					case 5:
						if n != r.spare {
							n.cursor, h.emptied = 0, time.Now()
						}
					}
				})
				for end := time.Now().Add(e.pause); time.Now().Before(end); {
					time.Sleep(700 * time.Millisecond)
					h.grow()
					h.ask(t)
				}
			}
			fallbacks += h.fallbacks
			answered += h.answered
		})
	})
	if fallbacks == 0 || fallbacks == answered {
		t.Errorf("%d of %d answers were fallbacks: the test tests nothing", fallbacks, answered)
	}
}

// history is what the engines went through.
type history struct {
	r       *relayed
	stuck   *node
	emptied time.Time // the last time that a node lost all it had

	answered, fallbacks int
}

// grow adds a change, which all engines but the stuck one take in.
func (h *history) grow() {
	var head int64
	h.r.spare.set(func(n *node) { n.cursor++; head = n.cursor })
	for _, n := range h.r.nodes {
		n.set(func(n *node) {
			if n != h.stuck && n.fail == nil && !n.hangs {
				n.cursor = head
			}
		})
	}
}

// ask asks once, and compares the answer with what the spare was seen to hold.
func (h *history) ask(t *testing.T) {
	const (
		round = time.Second + 1500*time.Millisecond
		bound = 30*time.Second + round
	)
	able := h.r.spare.fail == nil
	for _, n := range h.r.nodes {
		able = able || n.fail == nil && !n.hangs && n.cursor >= h.r.spare.cursor
	}
	res, err := h.r.Search(h.r.t.Context(), search.Query{})
	if err != nil {
		if able {
			t.Errorf("nobody answered, though somebody could: %v", err)
		}
		return
	}
	h.answered++
	if res.Fallback {
		h.fallbacks++
		return
	}
	now := time.Now()
	if res.Total == 0 && now.Sub(h.emptied) <= round {
		return // not looked at since
	}
	_, _, stood := h.r.spare.counts()
	for _, s := range stood {
		if now.Sub(s.at) > bound && res.Total < s.cursor {
			t.Errorf("%s answers as of %d, but the spare was at %d %v ago", res.Hits[0].ID, res.Total, s.cursor, now.Sub(s.at))
		}
	}
}
