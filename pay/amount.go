package pay

import (
	"strconv"
	"strings"
)

// amount is one number that stands for money, at lower[start:end].
type amount struct {
	value      float64
	start, end int
	// pound is set where a currency sign or word stands before the number,
	// grouped where it has a thousands comma.
	pound, grouped bool
	// gbp is set where the currency was the word GBP.
	gbp      bool
	decimals int
	kilo     bool
	// money is set once the number is known to be money.
	money bool
}

// maxAmounts bounds the work on a text that is nothing but numbers.
const maxAmounts = 200

// amounts finds the numbers of a text that are money, in order.
func amounts(lower string) []amount {
	all := numbers(lower)
	for i := range all {
		all[i].money = all[i].pound && !stripped(lower, all[i]) || bareMoney(lower, all[i])
	}
	for i := range len(all) - 1 {
		spreadMoney(lower, &all[i], &all[i+1])
	}
	for i := len(all) - 2; i >= 0; i-- {
		spreadMoney(lower, &all[i], &all[i+1])
	}
	kept := all[:0]
	for _, a := range all {
		if a.money {
			kept = append(kept, a)
		}
	}
	return kept
}

// numbers finds the numbers that could be money: not a time, a percentage, an
// ordinal, or part of a code such as "h4".
func numbers(lower string) []amount {
	var found []amount
	for i := 0; i < len(lower) && len(found) < maxAmounts; {
		a, next := scanNumber(lower, i)
		if a != nil {
			found = append(found, *a)
		}
		i = next
	}
	return found
}

// scanNumber reads a number that begins at i, currency included. next is where
// to go on, and is always beyond i.
func scanNumber(s string, i int) (a *amount, next int) {
	start, pound, gbp := i, false, false
	switch {
	case strings.HasPrefix(s[i:], "£"):
		pound = true
		i += len("£")
	case strings.HasPrefix(s[i:], "gbp") && !letterBefore(s, i):
		pound, gbp = true, true
		i += len("gbp")
	case !digit(s, i):
		return nil, i + 1
	}
	if pound {
		for n := 0; n < 2 && i < len(s) && (s[i] == ' ' || s[i] == '£'); n++ {
			i++
		}
		if strings.HasPrefix(s[i:], "£") {
			i += len("£")
		}
		if !digit(s, i) {
			return nil, max(i, start+1)
		}
	}
	n := amount{start: start, pound: pound, gbp: gbp}
	n.end = n.scanDigits(s, i)
	if n.end-i > 14 {
		return nil, n.end
	}
	if !pound && (letterBefore(s, start) || before(s, start) == '.' || before(s, start) == ':' || !n.plainEnd(s)) {
		return nil, n.end
	}
	if pound && strings.HasPrefix(strings.TrimLeft(s[n.end:], " "), "%") {
		return nil, n.end
	}
	return &n, n.end
}

// scanDigits reads digits, groups, decimals and a "k", and returns the end.
func (a *amount) scanDigits(s string, i int) int {
	var b strings.Builder
	j := i
	for digit(s, j) {
		b.WriteByte(s[j])
		j++
	}
	whole := j - i
	for whole <= 3 {
		g := groupAt(s, j, a.pound)
		if g == 0 {
			break
		}
		b.WriteString(s[j+g-3 : j+g])
		j += g
		a.grouped = true
	}
	if j < len(s)-1 && s[j] == '.' && digit(s, j+1) {
		k := j + 1
		for digit(s, k) {
			k++
		}
		a.decimals = k - j - 1
		if a.decimals == 3 && !a.grouped && a.pound && (whole == 2 || whole == 3) {
			// "£50.269": a point typed for the thousands comma.
			b.WriteString(s[j+1 : k])
			a.grouped, a.decimals = true, 0
		} else {
			b.WriteString(s[j:k])
		}
		j = k
	}
	v, err := strconv.ParseFloat(b.String(), 64)
	if err != nil {
		v = 0
	}
	if j < len(s) && s[j] == 'k' && (j+1 == len(s) || !letter(s[j+1])) {
		v *= 1000
		a.kilo = true
		j++
	}
	a.value = v
	return j
}

// groupAt returns the length of a thousands group at j: ",583", or after a
// currency sign also ", 583" and " 583". Zero when there is none.
func groupAt(s string, j int, pound bool) int {
	if j >= len(s) || s[j] != ',' && (!pound || s[j] != ' ') {
		return 0
	}
	k := j + 1
	if pound && k < len(s) && s[k] == ' ' {
		k++
	}
	if digit(s, k) && digit(s, k+1) && digit(s, k+2) && !digit(s, k+3) {
		return k + 3 - j
	}
	return 0
}

// plainEnd says whether what follows a number without a currency sign lets it
// be money: not a time, a percentage or an ordinal.
func (a *amount) plainEnd(s string) bool {
	rest := s[a.end:]
	if rest == "" {
		return true
	}
	if rest[0] == ':' && digit(rest, 1) || rest[0] == '%' || strings.HasPrefix(rest, " %") {
		return false
	}
	n := 0
	for n < len(rest) && letter(rest[n]) {
		n++
	}
	switch rest[:n] {
	case "", "pa", "ph", "pd", "per", "p", "fte", "gbp", "pro":
		return true
	}
	return a.kilo
}

var (
	countNoun = compile(`^\s*(?:hours?|hrs?|days?|weeks?|months?|pupils?|students?|children|staff|words?|miles?|places?|x\b|th\b|st\b)`)
	rateAhead = compile(`^\s*(?:gbp\b|pounds?\b|(?:per|an?|/)\s*(?:hour|hr|annum|year)\b|p\.?a\b|p\.?h\b|hourly\b|annually\b)`)
	cashAhead = compile(`^\s*(?:gbp|pounds?)\b`)
	referral  = compile(`(?:ref(?:erence)?|number|no|id|tel|call)[.:]?\s*$`)
	// rateBefore is the label of a rate: "Hourly rate: 13.28".
	rateBefore = compile(`(?:hourly|daily) rate(?: of pay)?\W*$`)
	fteBefore  = compile(`(?:fte|actual(?: salary)?|salary)\s*(?:of|is|:)?\s*$`)
)

// bareMoney says whether a number without a currency sign is money: it has the
// size and form of a salary, or a unit of pay follows it at once.
func bareMoney(lower string, a amount) bool {
	rest := lower[a.end:min(len(lower), a.end+40)]
	lead := lower[max(0, a.start-24):a.start]
	switch {
	case a.pound || countNoun.MatchString(rest) || referral.MatchString(lead) || before(lower, a.start) == '/':
		return false
	case cashAhead.MatchString(rest):
		return a.value >= 5
	case a.grouped && a.value >= 1000 && a.value < 300_000:
		return true
	case !a.grouped && a.value >= 10_000 && a.value < 300_000 && (a.decimals == 0 || a.decimals == 2):
		return true
	case fteBefore.MatchString(lead) && a.value >= 3000 && a.value < 300_000:
		return true
	case rateBefore.MatchString(lead) && a.decimals == 2 && a.value >= 5 && a.value < 1000:
		return true
	case rateAhead.MatchString(rest):
		return a.decimals == 2 && a.value >= 5 || a.value >= 3000 || a.kilo
	}
	return a.kilo && a.value >= 8000
}

// stripped recognises an amount whose digits were lost on the way: "£25, per
// year", "£24, - £25,". Such an amount says nothing.
func stripped(lower string, a amount) bool {
	if a.value >= 1000 || a.decimals > 0 || a.kilo {
		return false
	}
	rest := lower[a.end:]
	return strings.HasPrefix(rest, ",") && (len(rest) == 1 || !digit(rest, 1))
}

// spreadMoney lets one end of a range make the other money: "£89 - 103",
// "12.65 - 12.85 per hour".
func spreadMoney(lower string, a, b *amount) {
	if a.money == b.money || b.start < a.end || !rangeGap(lower[a.end:b.start]) {
		return
	}
	lo := a.value
	if b.kilo && !a.kilo {
		lo *= 1000
	}
	ratio := b.value / max(lo, 0.01)
	if ratio < 0.5 || ratio > 8 {
		return
	}
	if a.money && !b.pound && !countNoun.MatchString(lower[b.end:]) {
		b.money = true
	}
	if b.money && !a.pound && (b.kilo && a.value >= 10 || a.decimals > 0 || a.grouped || a.value >= 1000) && before(lower, a.start) != '/' {
		a.money = true
	}
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

func digit(s string, i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func before(s string, i int) byte {
	if i <= 0 {
		return ' '
	}
	return s[i-1]
}

func letterBefore(s string, i int) bool { return letter(before(s, i)) || digit(s, i-1) }
