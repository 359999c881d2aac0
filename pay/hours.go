package pay

import (
	"strconv"
	"strings"
)

const (
	// fullWeek is the full-time week of the NJC spine, in hours.
	fullWeek = 37.0
	// londonWeek is the full-time week of the GLPC spine, in hours.
	londonWeek = 36.0
)

// workHours is what a text says about hours.
type workHours struct {
	// options are the weekly hours on offer: one, or the fewest and the most of a
	// choice.
	options []float64
	// formula says that options come from a printed sum ("27.5/36 hours") and are
	// not stated as the hours of the post.
	formula bool
	// day is the paid hours of a working day; 0 when not stated.
	day float64
	// full is the hours of the full-time week where the text prints them.
	full float64
	// fraction is the part of full time, 0 < fraction <= 1; 0 when not stated.
	fraction float64
}

var (
	hourNoun = `(?:hours?|hrs?\.?|h\b|awr)`
	aWeek    = `(?:\s*(?:per|a|an|each|/|in a|yr)\s*(?:week|wk|wythnos)|\s*weekly|\s*p\.?/?w\b|/week|\s*week\b)`
	number   = `(\d{1,2}(?:\.\d+)?)`

	// wholeWeeks are the full-time weeks of schools and councils, in hours.
	wholeWeeks   = `(3[5-9](?:\.\d+)?|40)`
	fullTimeWeek = compile(wholeWeeks + `\s*-?\s*hour full[ -]?time (?:working )?week|full[ -]?time (?:(?:working )?week(?: is| are| being|:|=| of)*|(?:working )?hours(?: is| are| being|=| of)*)\s*` + wholeWeeks + `\s*-?\s*` + hourNoun + `|` +
		`full[ -]?time\s*\(?\s*(?:equivalent|equiv\.?|salary)?[^.\n]{0,12}\bbased (?:up)?on (?:an? )?` + wholeWeeks + `\s*-?\s*` + hourNoun + `|` +
		`\bfte\s*(?:is |of |= ?)?\(?(?:based on (?:an? )?)?` + wholeWeeks + `\s*-?\s*` + hourNoun)
	hoursOfFull = compile(number + `\s?/\s?` + wholeWeeks + `\s*` + hourNoun)
	hoursMins   = compile(`(\d{1,2})\s*` + hourNoun + `\s*(?:and |,)?\s*(\d{1,2})\s*(?:minutes?|mins?|m)\b`)
	pairOfHours = compile(number + `\s*(?:` + hourNoun + `)?\s*(or|-|to|and|/)\s*` + number + `\s*-?\s*(?:` + hourNoun + `)?` + aWeek)
	weekly      = compile(number + `\+?\s*-?\s*(?:(?:contracted |working |paid |contact )?` + hourNoun + `\s*(?:of work|work(?:ing)?|contact|paid)?` + aWeek + `|h(?:ou)?(?:rs?)?pw\b)`)
	// bracketed is hours in a pay text: "(36 hrs, 45.2/52 weeks)".
	bracketed = compile(`[(\[]\s*` + number + `\s*` + hourNoun + `(?:\s*[;)\]]|, ?\d)`)
	// clockHours is "25:30 hours per week", mixedHours "32 1/2 hours".
	clockHours    = compile(`\b(\d{1,2}):([0-5]\d)\s*` + hourNoun + aWeek)
	mixedHours    = compile(`\d [13]/[24]\s*` + hourNoun)
	mixedQuarters = strings.NewReplacer(" 1/4", ".25", " 1/2", ".5", " 2/4", ".5", " 3/4", ".75")
	// ofDay before hours makes them those of one day: "a training day of 3 hours".
	ofDay = compile(`\b(?:days?|sessions?|shifts?|breaks?|lunch) of (?:up to )?$`)
	// ofDays before a few hours makes them those of some days: "Thu, Fri: 5.5".
	ofDays   = compile(`\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri)(?:day)?s?\s*[:-]?\s*$`)
	labelled = compile(`(?:(?:(?:hours|hrs) (?:per|a|each|/) ?week|weekly hours)(?:\s*[:=|\n-]+\s*|\s+)|(?:hours(?: of work)?|hrs)\s*[:=|\n-]+\s*|part[ -]time:\s*)(?:up to )?` + number + `(?:\s*(?:(?:` + hourNoun + `)?\s*(?:per|a|/) ?week\b|p\.?w\b)|$|[\s,;(])`)
	// afterNoun is "Hours 25 per week".
	afterNoun  = compile(`\bhours?\s+` + number + `\s*(?:per|a|each|/) ?(?:week|wk)\b`)
	overDays   = compile(number + `\s*` + hourNoun + `\s*(?:over|across|worked over)\s*\w+\s*days`)
	looseHours = compile(number + `\s*` + hourNoun + `(?:\s|$|[,.;/)(])`)
	// maximumLead before hours makes them a limit, whoever left words out between.
	maximumLead = compile(`(?:maximum|max\.?)\s*(?:of\s*)?[. ]*$`)
	// timeAfter shows that a number after "Hours:" is a time of day or a span.
	timeAfter = compile(`^ ?(?:[ap]\.?m\b|min|days?|weeks?|(?:hours?|hrs?)[ -]shift|to\b|-|st\b|nd\b|rd\b|th\b|and\b|or\b|[:.]\d)`)
	// hourSpan before hours makes them the top of a span: "10-15 hours".
	hourSpan  = compile(`(?:^|[^\d.:])\d{1,2}(?:\.5|\.25|\.75)?\s?(?:-|to|or)\s?$`)
	basedLead = compile(`based (?:up)?on (?:an? )?$`)
	notWeekly = compile(`^\s*(?:per|a|an|each|every|/|p/?)\s*(?:day|annum|year|month|fortnight|night|shift|session)|^\s*(?:daily|shifts?\b|of training|block|unpaid|notice|paid lunch|lunch)|^\s*(?:per )?fortnight`)
	aDay      = compile(`^\s*(?:per|a|each|/)\s*(?:working |school )?day|^\s*daily`)
	daily     = compile(number + `\s*(?:paid |working |contracted )?` + hourNoun + `\s*(?:per|a|each|/)\s*(?:working |school )?day|` + number + `\s*-?\s*hour (?:working |paid )?day|(?:hours (?:per|a) day|daily hours)\s*[:-]?\s*` + number)

	fractionFTE = compile(`(?:^|[^\d.,£])([01]?\.\d{1,9}|1)\s*(?:of )?(?:an? )?(?:f\.?t\.?e\b|full[\s-]?time(?: equivalent)?)|\b(?:f\.?t\.?e|full[\s-]?time equivalent)\s*(?:of|is|:|=|-)*\s*([01]?\.\d{1,9})\b`)
	percentFTE  = compile(`(\d{1,3}(?:\.\d+)?)\s*%\s*(?:of (?:an? )?)?(?:f\.?t\.?e\b|full[\s-]?time)(?: (?:equivalent|hours|post|role))?\s*(?:$|[^\sa-z])`)
	bareShare   = compile(`(?:^|[\s(:])(0\.\d{1,9})(?:$|[\s,;)])`)
	factorNear  = compile(`factor|multipl|\bpaid at\b|\bof (?:the |an? )?(?:full|whole|annual)`)
)

// readHours reads the hours text, and the pay text for what that leaves open.
func readHours(hours, pay, contract string) workHours {
	h := hoursIn(hours, true)
	for _, other := range []string{pay, contract} {
		o := hoursIn(other, false)
		if len(h.options) == 0 && h.fraction == 0 {
			h.options, h.formula = o.options, o.formula
		}
		if h.day == 0 {
			h.day = o.day
		}
		if h.full == 0 {
			h.full = o.full
		}
		if h.fraction == 0 {
			h.fraction = o.fraction
		}
	}
	return h
}

func hoursIn(s string, own bool) workHours {
	var h workHours
	if !hasDigit(s) {
		return h
	}
	s = mixedHours.ReplaceAllStringFunc(s, func(m string) string {
		return mixedQuarters.Replace(m)
	})
	h.fraction = fractionIn(s, own)
	if !countsHours(s) {
		return h
	}
	if m := fullTimeWeek.FindStringSubmatchIndex(s); m != nil {
		h.full = firstNumber(s, m)
		s = s[:m[0]] + " ; " + s[m[1]:]
	}
	if m := hoursOfFull.FindStringSubmatchIndex(s); m != nil && inWeek(parse(s[m[2]:m[3]])) {
		h.full = parse(s[m[4]:m[5]])
		h.options, h.formula = []float64{parse(s[m[2]:m[3]])}, true
		s = s[:m[0]] + " ; " + s[m[1]:]
	}
	if m := hoursMins.FindStringSubmatchIndex(s); m != nil && aDay.MatchString(s[m[1]:]) {
		h.day = parse(s[m[2]:m[3]]) + parse(s[m[4]:m[5]])/60
		s = s[:m[0]] + " ; " + s[m[1]:]
	}
	if m := daily.FindStringSubmatchIndex(s); m != nil {
		if d := firstNumber(s, m); d >= 1 && d <= 14 {
			h.day = d
		}
	}
	if options := weeklyHours(s, own); len(options) > 0 {
		h.options, h.formula = options, false
	}
	return h
}

// countsHours says whether a text has a word for hours, or a label of them, at
// all: most pay texts have none, and looking for their patterns is dear.
func countsHours(s string) bool {
	for _, word := range []string{"hour", "hr", "awr", "part time:", "part-time:"} {
		if strings.Contains(s, word) {
			return true
		}
	}
	for i := range len(s) {
		if s[i] == 'h' && (digit(s, i-1) || before(s, i) == ' ' || before(s, i) == '-') && (i+1 == len(s) || !letter(s[i+1]) || s[i+1] == 'p') {
			return true
		}
	}
	return false
}

// weeklyHours finds the hours of a week: those labelled so, else in a text about
// hours the first bare "33 hours" that is not for another time.
func weeklyHours(s string, own bool) []float64 {
	for _, p := range []*pattern{hoursMins, clockHours} {
		m := p.FindStringSubmatchIndex(s)
		if m == nil || notWeekly.MatchString(s[m[1]:]) {
			continue
		}
		whole, mins := parse(s[m[2]:m[3]]), parse(s[m[4]:m[5]])
		if whole >= 1 && whole < 48 && mins < 60 {
			return []float64{whole + mins/60}
		}
	}
	if m := pairOfHours.FindStringSubmatchIndex(s); m != nil {
		a, b, sign := parse(s[m[2]:m[3]]), parse(s[m[6]:m[7]]), s[m[4]:m[5]]
		dash := sign == "-" && before(s, m[4]) == ' ' && s[min(m[5], len(s)-1)] != ' '
		if a > b && sign != "-" && sign != "to" {
			a, b = b, a
		}
		if inWeek(a) && inWeek(b) && a < b && !dash && !digit(s, m[2]-1) && before(s, m[2]) != ':' && before(s, m[2]) != '.' {
			return []float64{a, b}
		}
	}
	basis := 0.0
	patterns := []*pattern{weekly, labelled, afterNoun, overDays, bracketed}
	if own {
		patterns[len(patterns)-1] = looseHours
	}
	for _, p := range patterns {
		found := p.FindAllStringSubmatchIndex(s, 20)
		if p == bracketed && len(found) > 1 {
			// Each of several amounts has hours of its own.
			break
		}
		for _, m := range found {
			v := parse(s[m[2]:m[3]])
			lead := s[max(0, m[2]-24):m[2]]
			switch {
			case !inWeek(v), digit(s, m[2]-1), before(s, m[2]) == '/', before(s, m[2]) == '.', before(s, m[2]) == ':':
			case p == labelled && timeAfter.MatchString(s[m[3]:]):
			case maximumLead.MatchString(lead), p == looseHours && hourSpan.MatchString(lead):
				return nil
			case basedLead.MatchString(lead):
				// The hours that a full-time salary is for, unless no others follow.
				basis = v
			case p == looseHours && (notWeekly.MatchString(strings.TrimLeft(s[m[1]-1:], ")(")) || ofDay.MatchString(lead) || v <= 10 && ofDays.MatchString(lead)):
			default:
				return []float64{v}
			}
		}
	}
	if basis > 0 {
		return []float64{basis}
	}
	return nil
}

func inWeek(v float64) bool { return v >= 1 && v <= 60 }

// fractionIn reads the part of full time. A bare decimal counts only in a text
// about hours, and never where it is called a factor.
func fractionIn(s string, own bool) float64 {
	if m := percentFTE.FindStringSubmatch(s); m != nil {
		if f := parse(m[1]) / 100; f >= 0.05 && f <= 1 {
			return f
		}
	}
	if m := fractionFTE.FindStringSubmatch(s); m != nil {
		v := m[1]
		if v == "" {
			v = m[2]
		}
		if f := parse(v); f > 0 && f <= 1 {
			return f
		}
	}
	if !own {
		return 0
	}
	if m := bareShare.FindStringSubmatchIndex(s); m != nil {
		around := s[max(0, m[0]-30):min(len(s), m[1]+20)]
		if f := parse(s[m[2]:m[3]]); f > 0 && f < 1 && !factorNear.MatchString(around) {
			return f
		}
	}
	return 0
}

// firstNumber is the first submatch that took part.
func firstNumber(s string, m []int) float64 {
	for i := 2; i+1 < len(m); i += 2 {
		if m[i] >= 0 {
			return parse(s[m[i]:m[i+1]])
		}
	}
	return 0
}

// parse reads a number that a pattern has matched; 0 when it is out of range.
func parse(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0
	}
	return v
}
