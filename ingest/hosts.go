package ingest

import (
	"context"
	"sync"
)

// hostLocks lets the crawls of one process take turns at a host; the host's lease
// does so between processes.
type hostLocks struct {
	mu    sync.Mutex
	locks map[string]chan struct{}
}

func newHostLocks() *hostLocks { return &hostLocks{locks: map[string]chan struct{}{}} }

// lock waits for a host and returns how to let it go.
func (h *hostLocks) lock(ctx context.Context, host string) (unlock func(), err error) {
	h.mu.Lock()
	c, ok := h.locks[host]
	if !ok {
		c = make(chan struct{}, 1)
		h.locks[host] = c
	}
	h.mu.Unlock()
	select {
	case c <- struct{}{}:
		return func() { <-c }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
