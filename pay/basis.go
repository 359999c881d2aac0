package pay

import (
	"strings"
)

// The bases of a quote.
const (
	basisFTE      = "fte"
	basisActual   = "actual"
	basisUnstated = "unstated"
)

var (
	basisCue = compile(`(\b[fw]\.?t\.?e\b|\bwhole[\s-]?time[\s-]equivalent|\bfull[\s-]?time[\s-]+(?:salary )?equivalent|\bfull[ -]?time ?[/ ] ?(?:full|whole)[ -]?year|\b(?:full[ -]?time|ft|whole[ -]?time) (?:annual |base )?(?:salary|rate|pay|figure)|^full[ -]?time\b|\bfor full[ -]?time\b)` +
		`|(\bactual\b|\bequat(?:es|ing|ed) to|\bworks out (?:at|as)|\b(?:at|for|based (?:up)?on)(?: an?)? [\d.]+ ?-?(?:hours?|hrs?)|\bcombined (?:annual |total )?(?:salary|pay)\b|=$)`)
	fractionBefore = compile(`(?:%\s*of\s*(?:an?\s*)?|\b[01]?\.\d+\s*)$`)
	fractionAfter  = compile(`^\s*[:=]?\s*0?\.\d`)
	// partOfFull after an amount is what it is paid for: "(0.77 FTE)".
	partOfFull = compile(`^\W*(?:per annum|p\.?a\.?)?\W*0?\.\d+ (?:of )?(?:an? )?f\.?t\.?e\b`)
	// actualPromise is a sentence about an actual salary that it does not name.
	actualPromise = compile(`^actual (?:\w+ )?(?:salary|pay|amount)s? (?:will|to be|depend|may|would|can|is (?:dep|pro|cal)|calculated|pro rata|tbc)`)

	// wholeWeek is the hours of a full-time week: they do not cut a salary.
	wholeWeek = compile(`\b(?:3[7-9]|4\d)(?:\.\d+)? ?-?h`)
	// leadFull before an amount is the working pattern; after it, the basis.
	leadFull = compile(`^full[ -]?time$`)

	notProRata   = compile(`\b(?:not|isn't|non)[ -]pro rata`)
	proRataOf    = compile(`pro rata (?:of|from)\s*$`)
	proRataLeft  = compile(`pro rata\b[^.;]{0,48}$`)
	formulaRight = compile(`^\s*[x*]\s*[\d.]`)
	orAfter      = compile(`\bor\s*$`)
	endsProRata  = compile(`pro rata[\s:-]*$`)
)

// explicitBasis looks for a word that names the basis: the first in what
// follows an amount, the last in what stands before it.
func explicitBasis(piece string, last bool) string {
	found := ""
	for _, m := range basisCue.FindAllStringSubmatchIndex(piece, 16) {
		basis := basisActual
		if m[2] >= 0 {
			basis = basisFTE
			if fractionBefore.MatchString(piece[:m[0]]) || fractionAfter.MatchString(piece[m[1]:]) {
				continue
			}
			if last && leadFull.MatchString(piece[m[0]:m[1]]) {
				continue
			}
		} else if !last && actualPromise.MatchString(piece[m[0]:]) || wholeWeek.MatchString(piece[m[0]:m[1]]) {
			continue
		}
		if found = basis; !last {
			break
		}
	}
	return found
}

// readBases sets the basis of every yearly and monthly quote.
func readBases(quotes []quote, ctx []context) {
	for i := range quotes {
		if u := quotes[i].unit; u != perYear && u != perMonth {
			continue
		}
		quotes[i].basis = basisOf(quotes, ctx, i)
	}
	settleProRata(quotes)
	for i := 1; i < len(quotes); i++ {
		if q := &quotes[i]; q.basis == "" && q.unit == quotes[i-1].unit && orAfter.MatchString(ctx[i].far) {
			q.basis = quotes[i-1].basis
		}
	}
	for i := range quotes {
		q := &quotes[i]
		if q.basis != "" || i == 0 || quotes[i-1].basis != basisActual || q.unit != perMonth || !opened(ctx[i]) {
			continue
		}
		// "= £16,628 per year (£1,385 per month)": the same money by the month.
		q.basis = basisActual
	}
}

// The provisional bases that a second look at the neighbours settles.
const (
	// proRataAfter is "£X pro rata".
	proRataAfter = "pro rata after"
	// proRataLater is a later sentence that says that pay is pro rata.
	proRataLater = "pro rata later"
)

func basisOf(quotes []quote, ctx []context, i int) string {
	c := ctx[i]
	near, lead := adjacent(c.right), lastText(c.left)
	if formulaRight.MatchString(near) {
		return basisFTE
	}
	if b := explicitBasis(near, false); b != "" {
		return b
	}
	if b := explicitBasis(lead, true); b != "" {
		return b
	}
	for k := len(c.left) - 2; k >= 0 && k >= len(c.left)-4; k-- {
		if c.left[k].bracket {
			continue
		}
		if b := explicitBasis(c.left[k].text, true); b != "" && !strings.Contains(near, "pro rata") {
			return b
		}
	}
	switch {
	case opened(c) && leadFull.MatchString(lead):
		return basisFTE
	case proRataOf.MatchString(lead):
		return basisFTE
	case proRataLeft.MatchString(lead) && !notProRata.MatchString(lead):
		return basisActual
	case opened(c) && i > 0 && endsProRata.MatchString(lastText(ctx[i-1].right)) && quotes[i-1].lo > quotes[i].lo:
		return basisActual
	}
	if partOfFull.MatchString(near) {
		return basisActual
	}
	return proRataRight(c, near)
}

// proRataRight looks for "pro rata" and for a label in all that follows.
func proRataRight(c context, near string) string {
	if strings.Contains(near, "pro rata") && !notProRata.MatchString(near) {
		return proRataAfter
	}
	for k, r := range c.right {
		if b := explicitBasis(r.text, false); b != "" && k < 3 {
			return b
		}
		if strings.Contains(r.text, "pro rata") && !notProRata.MatchString(r.text) {
			if k == 0 {
				return proRataAfter
			}
			return proRataLater
		}
	}
	return ""
}

// opened says whether an amount begins a bracket.
func opened(c context) bool {
	return len(c.left) > 0 && c.left[len(c.left)-1].open
}

// settleProRata decides what "£X pro rata" means. It is the full-time figure,
// unless a larger figure is labelled so, or an hourly rate beside it shows that
// the figure has been cut already.
func settleProRata(quotes []quote) {
	var topFTE, hourly float64
	for _, q := range quotes {
		if q.basis == basisFTE && q.unit == perYear {
			topFTE = max(topFTE, q.lo)
		}
		if q.unit == perHour && hourly == 0 {
			hourly = q.lo
		}
	}
	for i := range quotes {
		q := &quotes[i]
		switch q.basis {
		case proRataAfter:
			cutAlready := hourly > 0 && q.lo < 0.7*hourly*weeksInYear*fullWeek
			if q.bracketed && i > 0 && quotes[i-1].basis == "" && quotes[i-1].unit == q.unit && quotes[i-1].lo > q.lo {
				// "£24,790 (£18,432 pro rata)": what is cut is full time.
				quotes[i-1].basis, cutAlready = basisFTE, true
			}
			if topFTE > 1.005*q.lo || cutAlready {
				q.basis = basisActual
			} else {
				q.basis = basisFTE
			}
		case proRataLater:
			q.basis = basisFTE
			if topFTE > 1.005*q.lo {
				q.basis = ""
			}
		case "":
			// "£26,824 per annum (pro rata £23,663)": what is cut is full time.
			if i+1 == len(quotes) || !quotes[i+1].cutFrom || q.unit != perYear {
				continue
			}
			switch next := quotes[i+1]; {
			case next.basis == basisActual && q.lo > next.lo:
				q.basis = basisFTE
			case next.basis == basisFTE && q.lo < next.lo:
				// "£18,432 (pro rata of £24,790)".
				q.basis = basisActual
			}
		}
	}
}
