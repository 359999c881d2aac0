package pay

// The units of time that an amount can be for.
const (
	perYear  = "year"
	perMonth = "month"
	perWeek  = "week"
	perDay   = "day"
	perHour  = "hour"
)

var (
	// workTime is time worked, not a unit of pay: "27.5 hours per week".
	workTime = compile(`[\d.]*\s*-?\s*\b(?:hours?|hrs?|days?|weeks?|wks)\.?\s*(?:/|p/?w\b|\b(?:per|an?|each|in an?|of the|over an?)\b)\s*(?:week|wk|day|year|annum|fortnight|month)?\b`)
	hourWeek = compile(`[\d.]+\s*-?\s*hours?\s*-?\s*(?:working )?week`)
	unitWord = compile(`(?:\b(?:per|an?|each|by the)\s+(?:calendar |working |school )?|\bper|/\s?)(hours?|hr|day|week|wk|month|annum|year|yr)\b|` +
		`^(hr|hour|day)\b|\b(hourly|daily|weekly|monthly|annually|annual|yearly|year)\b|\b(day) rate|\b(p\.?/?h|p\.?/?d|p\.?/?w|p\.?c\.?m|p\.?a)\b`)
	unitOf = map[string]string{
		"hour": perHour, "hours": perHour, "hr": perHour, "hourly": perHour, "ph": perHour, "p/h": perHour, "p.h": perHour,
		"day": perDay, "daily": perDay, "pd": perDay, "p/d": perDay, "p.d": perDay,
		"week": perWeek, "wk": perWeek, "weekly": perWeek, "pw": perWeek, "p/w": perWeek, "p.w": perWeek,
		"month": perMonth, "monthly": perMonth, "pcm": perMonth, "p.c.m": perMonth,
		"annum": perYear, "year": perYear, "yr": perYear, "annually": perYear, "annual": perYear, "yearly": perYear, "pa": perYear, "p.a": perYear,
	}
	// unitSize bounds what an amount of a unit can be, in pounds. Outside it the
	// word beside the amount is about something else ("weekly PAYE pay").
	unitSize = map[string][2]float64{
		perHour: {4, 150}, perDay: {25, 1000}, perWeek: {60, 4000}, perMonth: {100, 12_000}, perYear: {1000, 1_000_000},
	}
)

// unitIn finds the first unit of pay in a piece of text that an amount of this
// size can have; empty when there is none.
func unitIn(piece string, value float64) string {
	piece = hourWeek.ReplaceAllString(workTime.ReplaceAllString(piece, " ; "), " ; ")
	for _, m := range unitWord.FindAllStringSubmatch(piece, 8) {
		for _, word := range m[1:] {
			unit, known := unitOf[word]
			if !known {
				continue
			}
			if size := unitSize[unit]; value >= size[0] && value <= size[1] {
				return unit
			}
		}
	}
	return ""
}

// unitBySize is the unit of an amount that names none: a year's pay by its size,
// an hour's by its pence, a day's only where dayRates says that day rates are
// likely. Empty when the amount cannot be pay.
func unitBySize(value float64, pence, dayRates bool) string {
	switch {
	case value >= 1000:
		return perYear
	case value >= 7 && value <= 60 && pence:
		return perHour
	case value >= 60 && value <= 400 && dayRates:
		return perDay
	}
	return ""
}
