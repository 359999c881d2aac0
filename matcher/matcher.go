package matcher

import (
	"errors"
	"fmt"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/taxonomy"
	"github.com/sendwatch/sendwatch/terms"
)

// ErrUnknown says that criteria name something the taxonomy does not have. The
// error that wraps it says which.
var ErrUnknown = errors.New("unknown")

// Options is what a Matcher knows of the world. All are needed.
type Options struct {
	Taxonomy  *taxonomy.Taxonomy
	Gazetteer *place.Gazetteer
	Terms     *terms.Analyser
}

// Matcher is the specification of what fits. It keeps no state between calls and
// is safe for concurrent use.
type Matcher struct {
	Options
	// number gives every concept a bit; satisfied has, for each, the concepts that
	// whoever holds it meets.
	number    map[string]int
	satisfied []bitset
}

// New makes a Matcher.
func New(o Options) *Matcher {
	m := &Matcher{Options: o, number: make(map[string]int)}
	concepts := o.Taxonomy.Concepts()
	for i := range concepts {
		m.number[concepts[i].ID] = i
	}
	m.satisfied = make([]bitset, len(concepts))
	for held := range concepts {
		m.satisfied[held] = newBitset(len(concepts))
		for asked := range concepts {
			if o.Taxonomy.Satisfies(concepts[held].ID, concepts[asked].ID) {
				m.satisfied[held].add(asked)
			}
		}
	}
	return m
}

// Match tells how well a vacancy fits a subscription. Its filter must accept the
// vacancy, else the fit is "no" and BlockedBy names what the filter refused. Then
// a candidate's fit decides. Without a candidate the fit is strong, or possible
// when the pay or hours asked for are not stated.
//
// An error means that the subscription itself cannot be understood: a place
// (place.ErrUnknown) or an id (ErrUnknown) that nobody knows.
func (m *Matcher) Match(s *sendwatch.Subscription, v *sendwatch.Vacancy) (sendwatch.Match, error) {
	w, err := m.resolve(s)
	if err != nil {
		return sendwatch.Match{}, fmt.Errorf("match subscription %s: %w", s.ID, err)
	}
	return w.match(m.offer(v)), nil
}

// Candidate tells how well a vacancy fits a candidate. An error means that the
// candidate's home is not in the gazetteer.
func (m *Matcher) Candidate(c *sendwatch.Candidate, v *sendwatch.Vacancy) (sendwatch.Match, error) {
	k, err := m.seeker(c)
	if err != nil {
		return sendwatch.Match{}, fmt.Errorf("match candidate %s: %w", c.ID, err)
	}
	return k.match(m.offer(v)), nil
}

// watch is a subscription with its criteria and candidate resolved.
type watch struct {
	s      *sendwatch.Subscription
	filter Filter
	seeker *seeker // nil without a candidate
}

func (m *Matcher) resolve(s *sendwatch.Subscription) (*watch, error) {
	f, err := m.Compile(s.Criteria)
	if err != nil {
		return nil, err
	}
	w := &watch{s: s, filter: f}
	if s.Candidate != nil {
		w.seeker, err = m.seeker(s.Candidate)
	}
	return w, err
}

// match is the specification of Match for what is already resolved.
func (w *watch) match(o *offer) sendwatch.Match {
	refused := w.filter.refuses(&o.attributes)
	if w.seeker == nil {
		return w.search(o, refused)
	}
	match := w.seeker.match(o)
	match.Profile = w.s.ID
	if miles := w.filter.nearest(&o.attributes); miles != nil && match.Miles == nil {
		match.Miles = miles
	}
	if len(refused) > 0 {
		return refuse(match, refused)
	}
	return match
}

// search matches by the filter alone.
func (w *watch) search(o *offer, refused []string) sendwatch.Match {
	match := sendwatch.Match{
		Profile: w.s.ID, Vacancy: o.v.ID, Fit: sendwatch.FitStrong,
		Met: []string{}, Unmet: []string{}, Unknown: []string{},
		BlockedBy: w.filter.doubts(&o.attributes),
		Miles:     w.filter.nearest(&o.attributes),
	}
	if len(match.BlockedBy) > 0 {
		match.Fit = sendwatch.FitPossible
	}
	match.Reasons = w.reasons(o, match.Miles)
	match.Why = sentence(match.Reasons)
	match.Score = w.score(match)
	if len(refused) > 0 {
		return refuse(match, refused)
	}
	return match
}

// refuse turns a match into the "no" of a filter.
func refuse(match sendwatch.Match, refused []string) sendwatch.Match {
	match.Fit = sendwatch.FitNo
	match.BlockedBy = refused
	match.Score = scale(sendwatch.FitNo, 0)
	match.Reasons = nil
	match.Why = "Outside the search: " + list(words(refused)) + "."
	return match
}
