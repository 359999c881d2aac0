package ingest

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// TestTheKeeperLingers: it waits for company as long as that costs nobody anything.
func TestTheKeeperLingers(t *testing.T) {
	for name, c := range map[string]struct {
		before, meanwhile func(*sink)
		cancelled         bool
		want              time.Duration
	}{
		"alone":                       {want: longestLinger},
		"with a little under way":     {before: taking(roomUnderWay/2 - 1), want: longestLinger},
		"with half of the room taken": {before: taking(roomUnderWay / 2)},
		"while half of it is taken":   {before: taking(1), meanwhile: taking(roomUnderWay/2 - 1), want: time.Millisecond},
		"after half of it was taken":  {before: func(s *sink) { taking(roomUnderWay)(s); s.room.giveBack(roomUnderWay) }, want: longestLinger},
		"at the end":                  {before: func(s *sink) { close(s.ended) }},
		"until the end":               {meanwhile: func(s *sink) { close(s.ended) }, want: time.Millisecond},
		"when told to stop":           {cancelled: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &sink{room: newRoom(), ended: make(chan struct{})}
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if c.before != nil {
					c.before(s)
				}
				if c.meanwhile != nil {
					time.AfterFunc(time.Millisecond, func() { c.meanwhile(s) })
				}
				if c.cancelled {
					cancel()
				}
				started := time.Now()
				s.linger(ctx)
				if took := time.Since(started); took != c.want {
					t.Errorf("it lingered for %v, want %v", took, c.want)
				}
			})
		})
	}
}

func taking(n int64) func(*sink) {
	return func(s *sink) {
		if err := s.room.take(context.Background(), n); err != nil {
			panic(err)
		}
	}
}
