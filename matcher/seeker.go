package matcher

import (
	"fmt"
	"slices"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/place"
)

// seeker is a candidate made ready to be matched with many vacancies.
type seeker struct {
	c    *sendwatch.Candidate
	home *place.Place // nil when none is given
	// has holds every concept that the candidate meets, whatever years are asked;
	// maybe every concept that what is not said might meet; towards every one that
	// is being worked towards.
	has, maybe, towards bitset
	// years is the longest single entry of experience that meets a concept.
	years map[int]float64
}

// bitset is a set of concept numbers.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) add(i int) { b[i/64] |= 1 << (i % 64) }

func (b bitset) join(c bitset) {
	for i := range c {
		b[i] |= c[i]
	}
}

func (b bitset) has(i int) bool { return i >= 0 && b[i/64]&(1<<(i%64)) != 0 }

func (m *Matcher) seeker(c *sendwatch.Candidate) (*seeker, error) {
	k := &seeker{c: c, has: m.meeting(c.Holds...), maybe: m.meeting(c.NotSaid...), towards: m.meeting(c.WorkingTowards...), years: make(map[int]float64)}
	if c.HomePostcode != "" {
		home, err := m.Gazetteer.Find(c.HomePostcode)
		if err != nil {
			return nil, fmt.Errorf("home: %w", err)
		}
		k.home = home
	}
	if c.Drives {
		k.has.join(m.meeting(drivingLicence))
	}
	for _, e := range c.Experience {
		meets := m.meeting(e.ID)
		k.has.join(meets)
		for i := range m.satisfied {
			if meets.has(i) {
				k.years[i] = max(k.years[i], e.Years)
			}
		}
	}
	return k, nil
}

// meeting is the set of concepts that any of the held ones meets. An id that the
// taxonomy lacks meets nothing.
func (m *Matcher) meeting(held ...string) bitset {
	out := newBitset(len(m.satisfied))
	for _, id := range held {
		if i, ok := m.number[id]; ok {
			out.join(m.satisfied[i])
		}
	}
	return out
}

// drivingLicence is what a candidate who drives holds.
const drivingLicence = "driving-licence"

// meets reports whether the candidate meets one ask, its years included.
func (k *seeker) meets(a *ask) bool {
	return k.has.has(a.number) && (a.years == 0 || k.years[a.number] >= a.years)
}

// refuses reports whether the candidate refuses something.
func (k *seeker) refuses(what string) bool { return slices.Contains(k.c.Refuses, what) }

// refuseCourses is the refusal of any further qualification.
const refuseCourses = "further-qualifications"

// standing is how a candidate stands to a demand.
type standing int

const (
	met standing = iota
	unmet
	unsaid   // what the candidate did not say might meet it
	untested // of a kind that is not tested
)

// stand judges one demand. The ask is the one that meets it, or else the first.
func (k *seeker) stand(d *demand) (standing, *ask) {
	if d.choice != nil {
		how := k.chooses(d.choice)
		at := slices.IndexFunc(d.asks, func(a ask) bool { return how == met && k.meets(&a) })
		if at < 0 && how == met && d.willing {
			return met, nil
		}
		return how, &d.asks[max(at, 0)]
	}
	for i := range d.asks {
		if k.meets(&d.asks[i]) {
			return met, &d.asks[i]
		}
	}
	first := &d.asks[0]
	switch {
	case d.untested:
		return untested, first
	case d.willing && !k.refuses(refuseCourses):
		return met, nil
	case slices.ContainsFunc(d.asks, func(a ask) bool { return k.maybe.has(a.number) }):
		return unsaid, first
	}
	return unmet, first
}
