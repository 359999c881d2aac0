package pay

import "math"

// band is an amount from lo to hi; an end that is not known is nil.
type band struct{ lo, hi *float64 }

// times multiplies the bottom and the top by factors of their own.
func (b band) times(lo, hi float64) band {
	return b.each(func(v float64) float64 { return v * lo }, func(v float64) float64 { return v * hi })
}

func (b band) plus(c band) band {
	out := b
	if b.lo != nil && c.lo != nil {
		v := *b.lo + *c.lo
		out.lo = &v
	}
	if b.hi != nil && c.hi != nil {
		v := *b.hi + *c.hi
		out.hi = &v
	}
	return out
}

func (b band) each(lo, hi func(float64) float64) band {
	var out band
	if b.lo != nil {
		v := lo(*b.lo)
		out.lo = &v
	}
	if b.hi != nil {
		v := hi(*b.hi)
		out.hi = &v
	}
	return out
}

// join is the union of two bands: an open end stays open.
func (b band) join(c band) band {
	out := b
	if b.lo == nil || c.lo == nil {
		out.lo = nil
	} else if *c.lo < *b.lo {
		out.lo = c.lo
	}
	if b.hi == nil || c.hi == nil {
		out.hi = nil
	} else if *c.hi > *b.hi {
		out.hi = c.hi
	}
	return out
}

// ends are the ends that are known.
func (b band) ends() []float64 {
	var out []float64
	if b.lo != nil {
		out = append(out, *b.lo)
	}
	if b.hi != nil && (b.lo == nil || *b.hi != *b.lo) {
		out = append(out, *b.hi)
	}
	return out
}

// figure rounds half up, to pounds or to pence, and says how it was reached.
func (b band) figure(pence bool, how string) *Figure {
	unit := 1.0
	if pence {
		unit = 100
	}
	// The small addend undoes what binary fractions take from an exact half.
	round := func(v float64) float64 { return math.Floor(v*unit+0.5+1e-7) / unit }
	r := b.each(round, round)
	if r.lo == nil && r.hi == nil {
		return nil
	}
	return &Figure{Min: r.lo, Max: r.hi, How: how}
}
