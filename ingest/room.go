package ingest

import (
	"context"
	"sync/atomic"

	"golang.org/x/sync/semaphore"

	"github.com/sendwatch/sendwatch/crawler"
)

const (
	// mostUnderWay is how many items of one crawl may be between being told and
	// being stored, and roomUnderWay how many bytes their pages and documents may
	// take meanwhile; one that is larger goes alone.
	mostUnderWay = 512
	roomUnderWay = 8 << 20
)

// room is what the items of one crawl take up that are under way.
type room struct {
	free  *semaphore.Weighted
	taken atomic.Int64
	// crowded holds a word that half of the room was taken.
	crowded chan struct{}
}

func newRoom() *room {
	return &room{free: semaphore.NewWeighted(roomUnderWay), crowded: make(chan struct{}, 1)}
}

// take waits for room.
func (r *room) take(ctx context.Context, n int64) error {
	if err := r.free.Acquire(ctx, n); err != nil {
		return err
	}
	if r.taken.Add(n) >= roomUnderWay/2 {
		r.say()
	}
	return nil
}

func (r *room) giveBack(n int64) {
	r.taken.Add(-n)
	r.free.Release(n)
}

// half is received from once half of the room is taken.
func (r *room) half() <-chan struct{} {
	select {
	case <-r.crowded: // said of items that are stored by now
	default:
	}
	if r.taken.Load() >= roomUnderWay/2 {
		r.say()
	}
	return r.crowded
}

func (r *room) say() {
	select {
	case r.crowded <- struct{}{}:
	default: // it is said
	}
}

// weightOf is how much room an item takes.
func weightOf(f *crawler.Found) int64 {
	n := len(f.Raw)
	for i := range f.Attachments {
		n += len(f.Attachments[i].Body)
	}
	return int64(min(max(n, roomUnderWay/mostUnderWay), roomUnderWay))
}
