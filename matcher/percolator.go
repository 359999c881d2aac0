package matcher

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"github.com/sendwatch/sendwatch"
)

// Percolator holds subscriptions and finds those that a vacancy fits. Each is
// filed under the few keys of which any vacancy that it can fit has one, so that
// most subscriptions are never looked at. It is safe for one writer and many
// readers.
type Percolator struct {
	m *Matcher

	mu    sync.RWMutex
	held  map[string]*filed
	byKey map[key]map[string]*filed
}

// filed is a held subscription and where it is filed.
type filed struct {
	watch
	keys []key
}

// Hit is one subscription that a vacancy fits.
type Hit struct {
	Subscription *sendwatch.Subscription
	Match        sendwatch.Match
}

// NewPercolator makes an empty Percolator.
func NewPercolator(m *Matcher) *Percolator {
	return &Percolator{m: m, held: make(map[string]*filed), byKey: make(map[key]map[string]*filed)}
}

// Put adds a subscription, or replaces the one of its id. It must not be changed
// afterwards. An error, as of Match, means that it cannot be understood; it is then
// not held, nor is what it was to replace.
func (p *Percolator) Put(s *sendwatch.Subscription) error {
	w, err := p.m.resolve(s)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.remove(s.ID)
	if err != nil {
		return fmt.Errorf("hold subscription %s: %w", s.ID, err)
	}
	f := &filed{watch: *w, keys: w.keys()}
	p.held[s.ID] = f
	for _, k := range f.keys {
		if p.byKey[k] == nil {
			p.byKey[k] = make(map[string]*filed)
		}
		p.byKey[k][s.ID] = f
	}
	return nil
}

// Remove forgets a subscription; one that is not held is no error.
func (p *Percolator) Remove(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.remove(id)
}

func (p *Percolator) remove(id string) {
	f, ok := p.held[id]
	if !ok {
		return
	}
	delete(p.held, id)
	for _, k := range f.keys {
		delete(p.byKey[k], id)
		if len(p.byKey[k]) == 0 {
			delete(p.byKey, k)
		}
	}
}

// Len is the number of subscriptions held.
func (p *Percolator) Len() int {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return len(p.held)
}

// Percolate finds the subscriptions that v fits, strong or possible, by id. The
// hits are those of Match, for every subscription held.
func (p *Percolator) Percolate(v *sendwatch.Vacancy) []Hit {
	o := p.m.offer(v)
	if !(&Filter{}).Accepts(&o.attributes) {
		return nil
	}
	var hits []Hit
	for _, f := range p.candidates(o) {
		if match := f.match(o); match.Fit != sendwatch.FitNo {
			hits = append(hits, Hit{Subscription: f.s, Match: match})
		}
	}
	return hits
}

// candidates are the subscriptions filed under any key of the vacancy whose filter
// accepts it, by id.
func (p *Percolator) candidates(o *offer) []*filed {
	p.mu.RLock()
	defer p.mu.RUnlock()
	var found []*filed
	for _, k := range vacancyKeys(&o.attributes) {
		for _, f := range p.byKey[k] {
			if f.filter.Accepts(&o.attributes) {
				found = append(found, f)
			}
		}
	}
	slices.SortFunc(found, func(a, b *filed) int { return cmp.Compare(a.s.ID, b.s.ID) })
	return slices.Compact(found)
}
