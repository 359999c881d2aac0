package matcher

import (
	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/taxonomy"
	"github.com/sendwatch/sendwatch/terms"
)

// Options is what a Matcher knows of the world.
type Options struct {
	Taxonomy  *taxonomy.Taxonomy
	Gazetteer *place.Gazetteer
	Terms     *terms.Analyser
}

// Matcher is the specification of what fits.
type Matcher struct{ o Options }

// New makes a Matcher.
func New(o Options) *Matcher { return &Matcher{o: o} }

// Match tells how well a vacancy fits a subscription.
func (m *Matcher) Match(s *sendwatch.Subscription, v *sendwatch.Vacancy) (sendwatch.Match, error) {
	return sendwatch.Match{}, nil
}

// Candidate tells how well a vacancy fits a candidate.
func (m *Matcher) Candidate(c *sendwatch.Candidate, v *sendwatch.Vacancy) (sendwatch.Match, error) {
	return sendwatch.Match{}, nil
}
