package ingest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/store"
)

const (
	// longestLinger is how long an advert that is ready waits for others: what shares a
	// commit shares its cost and the pages of the database that it writes. Of a quick
	// site some 200 come together so, and without it less than ten.
	longestLinger = 50 * time.Millisecond
	// mostHands is how many items of one crawl are prepared at once, and mostLookedUp
	// how many of them one hand takes together.
	mostHands, mostLookedUp = 4, 16
	// longestWrite ends a transaction early: none may last 100 ms.
	longestWrite = 40 * time.Millisecond
	// touchBatch is how many adverts that are as they were are written at once.
	touchBatch = 200
)

// sink takes in what one crawl finds. Several hands prepare items beside each other
// and the crawl; one keeper writes them, in the order in which they were told. It
// lingers a moment before it writes what is ready by then in one transaction: an
// advert of a slow site is stored as it comes, and those of a quick one share their
// commits.
type sink struct {
	*crawl
	// An item is put in both: a hand takes it from todo, the keeper from order.
	todo, order chan *intake
	// room is for what is under way. Each item takes enough of it that the channels
	// always have a place for one more.
	room  *room
	hands sync.WaitGroup
	end   sync.Once
	// ended is closed when nothing more will be told.
	ended chan struct{}

	// These are the keeper's, and its heir's once it has ended.
	waiting    *intake // taken from order before it was ready
	touches    []store.Touch
	unreadable int
	counts     Report
	// later is what the end of the crawl decides on; see putOff.
	later      []*arrival
	laterBytes int

	mu sync.Mutex
	// failed is the first error that was ours: the store's or a lost lease.
	failed error
}

// newSink returns a sink whose hands and keeper are at work until ctx ends. It must
// be drained.
func (c *crawl) newSink(ctx context.Context) *sink {
	s := &sink{crawl: c, todo: make(chan *intake, mostUnderWay), order: make(chan *intake, mostUnderWay),
		room: newRoom(), ended: make(chan struct{})}
	for range min(runtime.GOMAXPROCS(0), mostHands) {
		s.hands.Go(func() { s.prepareAll(ctx) })
	}
	s.hands.Go(func() { s.keepAll(ctx) })
	return s
}

// Found implements crawler.Sink. It waits for room and no longer: the error may be
// an earlier item's.
func (s *sink) Found(ctx context.Context, f crawler.Found) error {
	it := &intake{found: f, weight: weightOf(&f), ready: make(chan struct{})}
	if err := s.room.take(ctx, it.weight); err != nil {
		return err
	}
	if err := s.failure(); err != nil {
		s.room.giveBack(it.weight)
		return err
	}
	s.order <- it
	s.todo <- it
	return nil
}

// drain waits until everything that was taken in is stored, or dropped because
// something failed, and returns that.
func (s *sink) drain() error {
	s.end.Do(func() {
		close(s.ended)
		close(s.todo)
		close(s.order)
		s.hands.Wait()
	})
	return s.failure()
}

// errAbandoned means that the crawl broke down.
var errAbandoned = errors.New("the crawl was abandoned")

// abandon drops what is not stored yet.
func (s *sink) abandon() {
	s.fail(errAbandoned)
	_ = s.drain() // it says what we said
}

func (s *sink) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failed
}

func (s *sink) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil {
		s.failed = err
	}
}

// prepareAll prepares items until there are no more.
func (s *sink) prepareAll(ctx context.Context) {
	for it := range s.todo {
		some := s.andMore(it)
		unknown := s.lookUp(ctx, some)
		for _, it := range some {
			if it.err = cmp.Or(s.failure(), unknown); it.err == nil {
				it.err = s.prepare(ctx, it)
			}
			close(it.ready)
		}
	}
}

// andMore returns an item with those that wait already, as many as are looked up
// together.
func (s *sink) andMore(it *intake) []*intake {
	some := []*intake{it}
	for len(some) < mostLookedUp {
		select {
		case it, ok := <-s.todo:
			if !ok {
				return some
			}
			some = append(some, it)
		default:
			return some
		}
	}
	return some
}

// keepAll writes items, in their order, until there are no more. After a failure it
// drops them.
func (s *sink) keepAll(ctx context.Context) {
	for batch := s.together(ctx); len(batch) > 0; batch = s.together(ctx) {
		if s.failure() == nil {
			if err := s.keepTogether(ctx, batch); err != nil {
				s.fail(err)
			}
		}
		for _, it := range batch {
			s.room.giveBack(it.weight)
		}
	}
}

// together returns items that are ready, one after the other; it waits for the first
// of them, and lingers then. At the end there are none.
func (s *sink) together(ctx context.Context) (batch []*intake) {
	for len(batch) < mostUnderWay {
		it := s.waiting
		s.waiting = nil
		if it == nil && len(batch) == 0 {
			it = <-s.order
		} else if it == nil {
			select {
			case it = <-s.order:
			default:
			}
		}
		if it == nil {
			break
		}
		if len(batch) == 0 {
			<-it.ready
			s.linger(ctx)
		}
		select {
		case <-it.ready:
			batch = append(batch, it)
		default:
			s.waiting = it
			return batch
		}
	}
	return batch
}

// linger waits for company: until longestLinger has passed, or half of the room is
// taken, or nothing more will come.
func (s *sink) linger(ctx context.Context) {
	enough := time.NewTimer(longestLinger)
	defer enough.Stop()
	select {
	case <-enough.C:
	case <-s.room.half():
	case <-s.ended:
	case <-ctx.Done():
	}
}

// keepTogether writes items. Touches may wait for more.
func (s *sink) keepTogether(ctx context.Context, batch []*intake) error {
	var entries []entry
	for _, it := range batch {
		if it.err != nil {
			return it.err
		}
		s.counts.Unchanged += it.unchanged
		s.unreadable += it.unreadable
		s.touches = append(s.touches, it.touches...)
		entries = append(entries, it.entries...)
		if it.quarantined == nil && it.forgotten == "" {
			continue
		}
		// What was read before at this address is not to end this quarantine.
		if err := s.record(ctx, entries); err != nil {
			return err
		}
		entries = nil
		if err := s.setAside(ctx, it); err != nil {
			return err
		}
	}
	if err := s.record(ctx, entries); err != nil {
		return err
	}
	if len(s.touches) >= touchBatch {
		return s.flush(ctx)
	}
	return nil
}

// setAside keeps what could not be read, and forgets a page that nothing is known of.
func (s *sink) setAside(ctx context.Context, it *intake) error {
	if it.quarantined != nil {
		return s.Store.PutQuarantine(ctx, *it.quarantined)
	}
	return s.Store.ForgetPage(ctx, s.src.ID, it.forgotten)
}

// record keeps entries, as many in one transaction as there is time for.
func (s *sink) record(ctx context.Context, entries []entry) error {
	for len(entries) > 0 {
		var out []outcome
		err := s.Store.Write(ctx, func(tx *store.Tx) (err error) {
			// So short a transaction is not broken off, and its statements need nobody to
			// watch for that.
			out, err = s.recordSome(context.WithoutCancel(ctx), tx, entries)
			return err
		})
		if err != nil {
			return err
		}
		for i, o := range out {
			if o.putOff {
				s.putOff(entries[i])
				continue
			}
			s.count(o)
		}
		entries = entries[len(out):]
	}
	return nil
}

// recordSome keeps entries until the transaction has taken long enough, and returns
// what came of those.
func (s *sink) recordSome(ctx context.Context, tx *store.Tx, entries []entry) (out []outcome, err error) {
	if err := tx.Holds(ctx, s.lease); err != nil {
		return nil, err
	}
	started := s.Now()
	for i, e := range entries {
		if i%foreseenTogether == 0 {
			if err := foresee(ctx, tx, entries[i:min(i+foreseenTogether, len(entries))]); err != nil {
				return nil, err
			}
		}
		s.decideNow(e)
		o, err := e.record(ctx, s.Ingest, tx)
		if err != nil {
			return nil, err
		}
		if out = append(out, o); s.Now().Sub(started) >= longestWrite {
			break
		}
	}
	return out, nil
}

func (s *sink) count(o outcome) {
	switch {
	case o.isNew:
		s.counts.New++
	case o.reopened:
		s.counts.Reopened++
	default:
		s.counts.Changed++
	}
}

// flush writes what was touched and not written yet.
func (s *sink) flush(ctx context.Context) error {
	if len(s.touches) == 0 {
		return nil
	}
	if err := s.Store.Touch(ctx, s.lease, s.touches); err != nil {
		return err
	}
	s.touches = s.touches[:0]
	return nil
}

// report joins what the crawler counted with what the sink did. The sink is drained
// by then.
func (s *sink) report(site crawler.Report) Report {
	r := s.counts
	r.Source = s.src.ID
	r.Listed, r.Fetched, r.NotModified, r.Quarantined = site.Listed, site.Fetched, site.NotModified, site.Quarantined
	r.Requests, r.Bytes, r.Note = site.Requests, site.Bytes, site.Note
	r.Seconds = s.Now().Sub(s.started).Seconds()
	return r
}

// readSafely normalises a posting. What others wrote may always hold a surprise;
// one advert must not end a crawl.
func (in *Ingest) readSafely(p *sendwatch.Posting) (r sendwatch.Reading, err error) {
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("normalise: %v", x)
		}
	}()
	r = in.Normaliser.Read(p)
	r.Rules = in.Rules
	return r, nil
}

// hashOf tells whether an advert changed: by what was extracted, in its JSON form,
// since the page around it changes with every visit.
func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// past reports whether a closing date has passed.
func past(closes *time.Time, now time.Time) bool { return closes != nil && !closes.After(now) }
