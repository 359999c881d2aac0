package pay

import (
	"math"
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
	// bracketed is set where a bracket opens right before the amount.
	bracketed bool
	// proRata is set where the words after it call the amount pro rata.
	proRata bool
	// umbrella is set where the rate is one before an umbrella company's costs.
	umbrella bool
}

var (
	extraWord  = `(?:allowance|supplement|weighting|fringe|bonus(?:es)?|tlr(?: ?\d[a-c]?)?|golden hello|honorarium|incentive|retention payment|welcome payment)`
	extraLeft  = compile(`\b` + extraWord + `s?\b\s*(?:\([^)]*\)?\s*)?(?:payments? )?(?:of|is|:|worth|=|currently|up to|\s)*$`)
	extraRight = compile(`^\W{0,3}(?:(?:per annum|p\.?a\.?|a year|annual|pro rata)\W+)?(?:\w[\w-]*\s+){0,3}` + extraWord + `s?\b|^[^;]{0,20}paid as an? (?:bonus|allowance)`)
	included   = compile(`\b(?:incl?|including|inclusive of|includes)\b`)
	asideCue   = compile(`\bsleep|\brefer|recommend|voucher|relocation|\bfees?\b|\bgym\b|pension|expenses|mileage|\bcpd\b|\bote\b|service award|attendance award|worth of|\bbudget|\bwin\b`)
	madeUp     = compile(`made up of|compris|consist|of which|broken down`)
	basicLeft  = compile(`\bbasic(?: (?:rate|pay))?(?: of)?\s*[:=-]?\s*$`)
	basicRight = compile(`^\W*basic\b`)
	holidayHas = compile(`^\W*(?:is |being |of |for )?(?:accrued )?holiday`)
	senWord    = compile(`\bsend?\d?\b|\bspecial (?:educational )?needs`)
	// senLead is a teacher's SEN allowance by its point alone: "plus SEN point 1".
	senLead    = compile(`^send?(?: (?:spine )?(?:points?|pt|range))? ?\d?$`)
	payLead    = compile(`\b(?:pay|rate|salary)\b[^.\n]{0,12}$`)
	bonusLead  = compile(`\bote\b|\bbonus(?:es)?\b[^.]{0,24}$`)
	umbrella   = compile(`\bumbrella\b`)
	noUmbrella = compile(`\b(?:no|not|non)[ -]umbrella`)
	// holidayLead introduces the holiday part of a split rate.
	holidayLead = compile(`\bholiday(?: pay)?(?: of)?\s*:?\s*$`)
	sentence    = compile(`\n|\.\s`)

	fromLead  = compile(`(?:\bfrom|\bminimum(?: of)?|\bstart(?:s|ing)? (?:at|from|on)|\bat least|\bno(?:t|thing)? less than|\bupwards of)\s*:?\s*$`)
	startLead = compile(`\b(?:starting|commencing|initial)\s+(?:\w+\s+)?(?:salary|wage|rate|pay)\b`)
	fromAfter = compile(`^(?:\+(?:\s|$)|\s*(?:to start|and above|upwards|minimum))`)
	upToLead  = compile(`(?:\bup to|\bmaximum(?: of)?)\s*(?:a maximum of )?\s*:?\s*$`)
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
		q.unit = unitFor(q, ctx[i])
		q.note = noteOf(lower, q, ctx[i])
		lead := lastText(ctx[i].left)
		q.cutFrom = i > 0 && strings.Contains(lead, "pro rata")
		q.bracketed = opened(ctx[i])
		near := adjacent(ctx[i].right)
		q.proRata = strings.Contains(near, "pro rata") && !notProRata.MatchString(near)
		q.umbrella = umbrella.MatchString(near) && !noUmbrella.MatchString(near)
		quotes[i] = q
	}
	findBasics(quotes)
	for i := range quotes {
		settleUnit(lower, quotes, ctx, i, agency)
	}
	readBases(quotes, ctx)
	return merge(quotes)
}

func roleOf(q quote, c context, part bool) (role, string) {
	near, lead := adjacent(c.right), lastText(c.left)
	touching := ""
	if len(c.right) > 0 && !c.right[0].sep {
		touching = c.right[0].text
	}
	if part || holidayHas.MatchString(touching) || holidayLead.MatchString(lead) && !included.MatchString(lead) {
		return component, ""
	}
	if basicLeft.MatchString(lead) && q.hi < 1000 || basicRight.MatchString(touching) && q.hi < 1000 {
		return basic, ""
	}
	if bonusLead.MatchString(lead) && explicitBasis(near, false) != basisActual {
		return allowance, "other"
	}
	if q.hi > 12_000 {
		return salary, ""
	}
	switch {
	case extraLeft.MatchString(lead) && included.MatchString(lead):
		return component, ""
	case extraLeft.MatchString(lead):
		return allowance, allowanceKind(lead)
	case extraRight.MatchString(near) && !included.MatchString(firstWords(near)):
		return allowance, allowanceKind(near)
	case q.lo >= 1000 && senLead.MatchString(lead):
		return allowance, "sen"
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
	case senWord.MatchString(words):
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

// unitFor is the unit that the words beside an amount name; empty when none do.
func unitFor(q quote, c context) string {
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
	if q.role == allowance {
		// Allowances are yearly unless another unit is named.
		return perYear
	}
	return ""
}

// settleUnit gives an amount without a unit that of its neighbours: "£12.97 or
// £13.40 per hour", "£89.24 per day (basic £77.90)", "£78 + £11 holiday pay per
// day"; else the one that its size tells.
func settleUnit(lower string, quotes []quote, ctx []context, i int, agency bool) {
	q := &quotes[i]
	for _, k := range []int{i - 1, i + 1, i + 2} {
		if q.role == basic && k >= 0 && k < len(quotes) && quotes[k].role == salary && quotes[k].unit != "" {
			q.unit = quotes[k].unit
			break
		}
	}
	for k := i + 1; q.unit == "" && k < len(quotes) && quotes[k].role == component; k++ {
		q.unit = unitFor(*q, context{right: ctx[k].right})
	}
	for _, k := range []int{i - 1, i + 1} {
		if k < 0 || k >= len(quotes) || q.unit != "" || quotes[k].role != salary || quotes[k].unit == perYear {
			continue
		}
		if size, known := unitSize[quotes[k].unit]; known && q.lo >= size[0] && q.lo <= size[1] {
			q.unit = quotes[k].unit
		}
	}
	if q.unit == "" && q.role != component {
		dayRates := agency && (q.ranged || payLead.MatchString(lower[max(0, q.start-24):q.start]))
		q.unit = unitBySize(q.lo, strings.Contains(lower[q.start:q.end], "."), dayRates)
	}
}

// findBasics marks the first of two parts that add up to the amount before or
// after them, where the second is holiday pay: "£90 per day (£78.57 plus £11.43
// holiday pay)".
func findBasics(quotes []quote) {
	for i := 0; i+1 < len(quotes); i++ {
		part, rest := &quotes[i], quotes[i+1]
		for _, k := range []int{i - 1, i + 2} {
			if k >= 0 && k < len(quotes) && rest.role == component && part.role == salary && part.lo < 1000 &&
				math.Abs(part.lo+rest.lo-quotes[k].lo) < 0.02 {
				part.role = basic
			}
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
	case fromLead.MatchString(lead) && !proRataOf.MatchString(lead), fromAfter.MatchString(lower[q.end:min(len(lower), q.end+14)]):
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
