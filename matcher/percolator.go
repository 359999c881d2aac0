package matcher

import "github.com/sendwatch/sendwatch"

// Percolator holds subscriptions and finds those that a vacancy fits.
type Percolator struct{ m *Matcher }

// Hit is one subscription that a vacancy fits.
type Hit struct {
	Subscription *sendwatch.Subscription
	Match        sendwatch.Match
}

// NewPercolator makes an empty Percolator.
func NewPercolator(m *Matcher) *Percolator { return &Percolator{m: m} }

// Put adds or replaces a subscription.
func (p *Percolator) Put(s *sendwatch.Subscription) error { return nil }

// Remove forgets a subscription.
func (p *Percolator) Remove(id string) {}

// Percolate finds the subscriptions that v fits, strong or possible.
func (p *Percolator) Percolate(v *sendwatch.Vacancy) []Hit { return nil }

// Len is the number of subscriptions held.
func (p *Percolator) Len() int { return 0 }
