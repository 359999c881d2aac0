package pay

import (
	"regexp"
	"strings"
)

// role is what an amount is in the advert.
type role int

const (
	salary role = iota
	// allowance is money beside the pay.
	allowance
	// component is a part of an amount that is printed as a whole.
	component
	// basic is a rate without the holiday pay that is printed beside it.
	basic
	// aside is money that is no pay: a fee, a voucher, a referral.
	aside
)

// quote is one amount or range while it is being read.
type quote struct {
	span
	role  role
	unit  string
	basis string
	note  string
	kind  string
	// cutFrom is set where the words before it say that it was cut pro rata
	// from the amount before.
	cutFrom bool
	// proRata is set where the amount itself is called pro rata.
	proRata bool
}

var (
	extraWord  = `(?:allowance|supplement|weighting|bonus(?:es)?|tlr|honorarium|incentive|retention payment|welcome payment)`
	extraLeft  = regexp.MustCompile(`\b` + extraWord + `s?\b\s*(?:\([^)]*\)?\s*)?(?:payments? )?(?:of|is|:|worth|=|currently|up to|\s)*$`)
	extraRight = regexp.MustCompile(`^\W{0,3}(?:(?:per annum|p\.?a\.?|a year|annual|pro rata)\W+)?(?:\w[\w-]*\s+){0,3}` + extraWord + `s?\b|^[^;]{0,20}paid as an? (?:bonus|allowance)`)
	included   = regexp.MustCompile(`\b(?:incl?|including|inclusive of|includes)\b`)
	asideCue   = regexp.MustCompile(`\bsleep|\brefer|recommend|voucher|relocation|\bfees?\b|\bgym\b|pension|expenses|mileage|\bcpd\b|\bote\b|service award|attendance award|worth of|\bbudget|\bexpenses\b|win up to`)
	madeUp     = regexp.MustCompile(`made up of|compris|consist|of which|broken down`)
	basicLeft  = regexp.MustCompile(`\bbasic(?: (?:rate|pay))?(?: of)?\s*[:=-]?\s*$`)
	basicRight = regexp.MustCompile(`^\W*basic\b`)
	holidayHas = regexp.MustCompile(`^\W*(?:is |being |of |for )?(?:accrued )?holiday`)
	sentence   = regexp.MustCompile(`\n|\.\s`)

	fromLead  = regexp.MustCompile(`(?:\bfrom|\bminimum(?: of)?|\bstart(?:s|ing)? (?:at|from|on)|\bat least)\s*:?\s*$`)
	startLead = regexp.MustCompile(`\bstarting\s+(?:\w+\s+)?(?:salary|wage|rate|pay)\b`)
	fromAfter = regexp.MustCompile(`^(?:\+(?:\s|$)|\s*(?:to start|and above|upwards|minimum))`)
	upToLead  = regexp.MustCompile(`(?:\bup to|\bmaximum(?: of)?)\s*(?:a maximum of )?\s*:?\s*$`)
)

// findQuotes reads every amount of the pay text.
func findQuotes(lower string, agency bool) []quote {
	found := spans(lower, amounts(lower))
	ctx := contexts(lower, found)
	quotes := make([]quote, len(found))
	parts := false
	for i, s := range found {
		q := quote{span: s}
		between := ctx[i].far
		parts = madeUp.MatchString(between) || parts && !sentence.MatchString(between)
		q.role, q.kind = roleOf(q, ctx[i], parts && i > 0)
		q.unit = unitFor(lower, q, ctx[i], agency)
		q.note = noteOf(lower, q, ctx[i])
		lead := lastText(ctx[i].left)
		q.cutFrom = i > 0 && strings.Contains(lead, "pro rata")
		q.proRata = strings.Contains(adjacent(ctx[i].right), "pro rata")
		quotes[i] = q
	}
	shareUnits(quotes)
	readBases(quotes, ctx)
	return merge(quotes)
}

func roleOf(q quote, c context, part bool) (role, string) {
	near, lead := adjacent(c.right), lastText(c.left)
	touching := ""
	if len(c.right) > 0 && !c.right[0].sep {
		touching = c.right[0].text
	}
	if part || holidayHas.MatchString(touching) {
		return component, ""
	}
	if basicLeft.MatchString(lead) && q.hi < 1000 || basicRight.MatchString(touching) && q.hi < 1000 {
		return basic, ""
	}
	if q.hi > 12_000 {
		return salary, ""
	}
	switch {
	case extraLeft.MatchString(lead) && !included.MatchString(lead):
		return allowance, allowanceKind(lead)
	case extraRight.MatchString(near) && !included.MatchString(firstWords(near)):
		return allowance, allowanceKind(near)
	case asideCue.MatchString(lead) || asideCue.MatchString(firstWords(touching)):
		return aside, ""
	}
	return salary, ""
}

// firstWords is the start of a piece: far enough for a noun with its adjectives.
func firstWords(s string) string { return s[:min(len(s), 40)] }

// allowanceKind names an allowance after the words beside it.
func allowanceKind(words string) string {
	switch {
	case strings.Contains(words, "sen") || strings.Contains(words, "special"):
		return "sen"
	case strings.Contains(words, "fringe"):
		return "fringe"
	case strings.Contains(words, "weighting") || strings.Contains(words, "london"):
		return "london"
	case strings.Contains(words, "tlr"):
		return "tlr"
	}
	return "other"
}

func unitFor(lower string, q quote, c context, agency bool) string {
	for k, r := range c.right {
		if k == 3 {
			break
		}
		if u := unitIn(r.text, q.lo); u != "" {
			return u
		}
	}
	for k := len(c.left) - 1; k >= 0 && k >= len(c.left)-2; k-- {
		if u := unitIn(c.left[k].text, q.lo); u != "" {
			return u
		}
	}
	return unitBySize(q.lo, strings.Contains(lower[q.start:q.end], "."), agency)
}

// shareUnits lets a small amount without a unit take that of its neighbour:
// "£12.97 or £13.40 per hour", "£89.24 per day (basic £77.90)".
func shareUnits(quotes []quote) {
	take := func(q *quote, from quote) {
		size, known := unitSize[from.unit]
		if q.unit == "" && known && from.unit != perYear && q.lo >= size[0] && q.lo <= size[1] {
			q.unit = from.unit
		}
	}
	for i := range quotes {
		if i > 0 {
			take(&quotes[i], quotes[i-1])
		}
		if i+1 < len(quotes) {
			take(&quotes[i], quotes[i+1])
		}
		if quotes[i].role == basic && i > 0 {
			quotes[i].unit = quotes[i-1].unit
		}
	}
}

func noteOf(lower string, q quote, c context) string {
	lead := lower[max(0, q.start-30):q.start]
	switch {
	case q.ranged && q.lo != q.hi:
		return "range"
	case q.ranged:
		return "exact"
	case upToLead.MatchString(lead):
		return "up_to"
	case fromLead.MatchString(lead), fromAfter.MatchString(lower[q.end:min(len(lower), q.end+14)]):
		return "from"
	case startLead.MatchString(c.far[max(0, len(c.far)-90):]):
		return "from"
	}
	return "exact"
}

// merge drops a quote that repeats an earlier one, and keeps the basis that
// either of them states.
func merge(quotes []quote) []quote {
	var kept []quote
next:
	for _, q := range quotes {
		for i := range kept {
			k := &kept[i]
			if k.role != q.role || k.unit != q.unit || k.lo != q.lo || k.hi != q.hi {
				continue
			}
			if k.basis == "" || q.basis == "" || k.basis == q.basis {
				if k.basis == "" {
					k.basis = q.basis
				}
				k.proRata = k.proRata || q.proRata
				continue next
			}
		}
		kept = append(kept, q)
	}
	return kept
}

// public gives a quote its printed form.
func (q quote) public() Quote {
	out := Quote{Unit: q.unit, Basis: q.basis, Note: q.note}
	if out.Basis == "" {
		out.Basis = basisUnstated
	}
	lo, hi := q.lo, q.hi
	if q.note != "up_to" {
		out.Min = &lo
	}
	if q.note != "from" {
		out.Max = &hi
	}
	return out
}
