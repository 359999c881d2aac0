package pay

import (
	"strings"
)

// span is one amount or one range of amounts at lower[start:end].
type span struct {
	lo, hi     float64
	ranged     bool
	start, end int
}

var (
	rangeGapPattern = compile(`^\s*(?:fte|p\.?a\.?|p\.?h\.?|p\.?d\.?|\)|annually|(?:per|an?|/)\s?(?:annum|year|hour|hr|day|week|month))?\s*` +
		`(?:-+|to|up to|,? ?rising to|through to)\s*` +
		`(?:(?:njc|scp|(?:scale|spine|spinal(?: column)?) points?|points?|pt|sp)\.?\s?\d*[a-z]?\s*[-:=(]?\s*)?$`)
	andGap      = compile(`^\s*and\s*$`)
	betweenLead = compile(`between\s*$`)
)

// rangeGap says whether the text between two amounts makes them a range.
func rangeGap(gap string) bool {
	return len(gap) < 60 && rangeGapPattern.MatchString(gap)
}

// spans joins amounts into ranges.
func spans(lower string, found []amount) []span {
	var out []span
	for i := 0; i < len(found); i++ {
		a := found[i]
		s := span{lo: a.value, hi: a.value, start: a.start, end: a.end}
		if i+1 < len(found) && joins(lower, &a, found[i+1]) {
			s.lo, s.hi, s.end, s.ranged = a.value, found[i+1].value, found[i+1].end, true
			i++
		}
		out = append(out, s)
	}
	return out
}

// joins says whether two neighbouring amounts are the ends of one range, and
// gives the first the "k" that only the second carries ("£22-25k").
func joins(lower string, a *amount, b amount) bool {
	if b.start < a.end {
		return false
	}
	gap := lower[a.end:b.start]
	lo := a.value
	if b.kilo && !a.kilo && lo < 1000 {
		lo *= 1000
	}
	if lo < 200 && b.grouped && b.value >= 10_000 && lo*1000 <= b.value {
		// "£27-28,000": the thousands stand only once.
		lo *= 1000
	}
	if !rangeOf(gap, lo, b.value, lower[max(0, a.start-12):a.start], a.gbp && !b.pound, lower[b.end:]) {
		return false
	}
	a.value = lo
	return true
}

func rangeOf(gap string, lo, hi float64, lead string, gbpPair bool, rest string) bool {
	switch {
	case hi > 8*lo && !(lo >= 10_000 && hi < 12*lo && rangeGap(gap)):
		// A digit typed too many makes a top of some ten times the bottom.
		return false
	case rangeGap(gap):
		if hi >= lo {
			return true
		}
		// A top just under its bottom is a slip; one far under is another figure.
		return hi >= 0.7*lo && strings.Trim(gap, " -to") == "" && !basisAhead.MatchString(rest)
	case andGap.MatchString(gap):
		return hi > lo && (betweenLead.MatchString(lead) || hi <= 2*lo)
	case strings.TrimSpace(gap) == "":
		// A dash that was lost on the way: "£50,000£65,000", "£17.00 £19.00".
		return hi > lo && hi <= 3*lo && (gap == "" || gbpPair || hi <= 2*lo)
	}
	return false
}

var basisAhead = compile(`^\s*(?:per annum|pa)?\s*\(?actual`)
