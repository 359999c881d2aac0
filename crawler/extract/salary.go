package extract

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/sendwatch/sendwatch/pay"
)

// salary reads baseSalary: numbers become a quote and a text, words stay words.
// Both results may be empty. An estimate by somebody else (estimatedSalary) is
// not what the employer offers and is left alone.
func salary(o object) (words string, quote *pay.Quote) {
	amount, ok := first(o["baseSalary"]).(object)
	if !ok {
		return spoken(plain(o["baseSalary"], maxText), "", plain(o["salaryCurrency"], maxLine))
	}
	currency := plain(amount["currency"], maxLine)
	if currency == "" {
		currency = plain(o["salaryCurrency"], maxLine)
	}
	value, ok := first(amount["value"]).(object)
	if !ok {
		// Some pages put the figures straight into the MonetaryAmount.
		value = amount
	}
	unit := unitOf(plain(value["unitText"], maxLine))
	if unit == "" {
		unit = unitOf(plain(amount["unitText"], maxLine))
	}
	low, high := number(value["minValue"]), number(value["maxValue"])
	if low == nil && high == nil {
		said := plain(value["value"], maxText)
		if low = number(value["value"]); low == nil {
			return spoken(said, unit, currency)
		}
		high = low
	}
	return quoted(low, high, unit, currency)
}

// quoted writes figures out, and as a quote where their unit is known and they
// are pounds.
func quoted(low, high *float64, unit, currency string) (string, *pay.Quote) {
	if low != nil && high != nil && *low > *high {
		low, high = high, low
	}
	sign := "£"
	if currency != "" && !strings.EqualFold(currency, "GBP") {
		sign = currency + " "
	}
	var note, words string
	switch {
	case high == nil:
		note, words = "from", "From "+sign+figure(*low)
	case low == nil:
		note, words = "up_to", "Up to "+sign+figure(*high)
	case *low == *high:
		note, words = "exact", sign+figure(*low)
	default:
		note, words = "range", sign+figure(*low)+" - "+sign+figure(*high)
	}
	if unit == "" || sign != "£" {
		return strings.TrimSpace(words + per(unit)), nil
	}
	return words + per(unit), &pay.Quote{Min: low, Max: high, Unit: unit, Basis: "unstated", Note: note}
}

// spoken is pay in words. A text that names no unit gets an hour or a day from
// the field beside it; a year is what generators write when they do not know.
func spoken(words, unit, currency string) (string, *pay.Quote) {
	if n := number(words); n != nil {
		return quoted(n, n, unit, currency)
	}
	if (unit == "hour" || unit == "day") && hasDigit.MatchString(words) && !namesUnit.MatchString(words) {
		words += per(unit)
	}
	return words, nil
}

var (
	hasDigit  = regexp.MustCompile(`[0-9]`)
	namesUnit = regexp.MustCompile(`(?i)\b(hour|hourly|hr|day|daily|week|weekly|month|monthly|year|yearly|annum|annual|annually|pa|p\.a|ph|p\.h)\b`)
)

func per(unit string) string {
	if unit == "" {
		return ""
	}
	return " per " + unit
}

// figure writes pounds without needless pence.
func figure(f float64) string {
	s := strconv.FormatFloat(f, 'f', 2, 64)
	return strings.TrimSuffix(s, ".00")
}

// mostPay is more pounds than any unit of work pays; beyond it a number is a
// reference or a telephone number.
const mostPay = 10_000_000

// number reads a positive amount: a number, or a string that is nothing else
// ("£24,000.00"). Zero is how forms write "not given".
func number(v any) *float64 {
	s := strings.TrimSpace(text(v))
	s = strings.TrimSpace(strings.TrimPrefix(s, "£"))
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
	if err != nil || !(f > 0 && f < mostPay) {
		return nil
	}
	return &f
}

// unitOf reads schema.org's unitText as it is found in the wild.
func unitOf(s string) string {
	switch s = strings.ToUpper(strings.TrimSpace(s)); {
	case s == "":
		return ""
	case strings.Contains(s, "HOUR"), s == "HR", s == "HUR":
		return "hour"
	case strings.Contains(s, "DAY"), strings.Contains(s, "DAILY"), strings.Contains(s, "DIEM"):
		return "day"
	case strings.Contains(s, "WEEK"):
		return "week"
	case strings.Contains(s, "MONTH"):
		return "month"
	case strings.Contains(s, "YEAR"), strings.Contains(s, "ANNUM"), strings.Contains(s, "ANNUAL"), s == "ANN", s == "PA":
		return "year"
	}
	return ""
}
