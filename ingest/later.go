package ingest

import "context"

// What is put off to the end of a crawl, at most.
const (
	mostLater      = 500
	mostLaterBytes = 32 << 20
)

// putOff puts an advert off to the end of the crawl: only then it can be told
// whether it has replaced one that was there before. A kill until then loses
// nothing, since its page's validators go with it.
func (s *sink) putOff(e entry) {
	if a, ok := e.(*arrival); ok {
		s.later = append(s.later, a)
		s.laterBytes += a.packed.Size()
	}
}

// decideNow has an advert decided on at once where too many are put off already.
func (s *sink) decideNow(e entry) {
	if a, ok := e.(*arrival); ok && !a.late {
		a.late = len(s.later) >= mostLater || s.laterBytes >= mostLaterBytes
	}
}

// recordPutOff records what was put off. whole says that the crawl has met everything
// that is there: only then what it has not met is gone.
func (s *sink) recordPutOff(ctx context.Context, whole bool) error {
	entries := make([]entry, len(s.later))
	for i, a := range s.later {
		a.late, a.whole = true, whole
		entries[i] = a
	}
	s.later, s.laterBytes = nil, 0
	return s.record(ctx, entries)
}
