package pay

import (
	"strings"
)

// weeksInYear is 365 days in weeks, the divisor of the NJC hourly rate
// (SLCC, "Local government pay claim 2024-25: pay rates").
const weeksInYear = 52.143

// workWeeks is what a text says about the weeks of the year.
type workWeeks struct {
	// stated is the number of weeks as the text prints it; 0 when it prints none.
	stated float64
	// worked is the number to calculate with: also what "term time plus 5 days"
	// amounts to.
	worked float64
	// allYear is set for 52 weeks and "all year round".
	allYear bool
	// termTime is set for any form of term-time working.
	termTime bool
	// share is a printed part of the year that is paid; 0 when none is printed.
	share float64
	// paid and of are the paid weeks behind share, where it is printed as such.
	paid, of float64
}

var (
	termTime = compile(`\bterm[\s-]*times?\b|\bt\.?t\.?o\b|\bsessional\b|\btymor\b|\bterm only\b`)
	notTerm  = compile(`\bterm[\s-]*time (?:factor|multiplier)|\b(?:not|outside(?: of)?|out of)(?: normal)? term[\s-]*time`)
	// whileTerm speaks of a part of the year of an all-year post.
	whileTerm = compile(`\b(?:during|in) term[\s-]*times?`)
	allYear   = compile(`\b(?:all|full|whole)[ -]year(?: round)?\b|\byear[ -]round\b|\b52(?:\.14\d?)? (?:working )?weeks?\b|weeks per year\s*[:|\n-]*\s*52\b`)
	fteYear   = compile(`\bof (?:an? |the )?$|full[ -]?time\s*[/ ]\s*$|full[ -]?time (?:equivalent|hours)[^.\n]{0,40}$|\bfte (?:salary|based|is)[^.\n]{0,30}$|\bbased on [\d.]+ hours[^.\n]{0,24}$`)

	weekNoun  = `(?:weeks?|wks?|wythnos(?:au)?)`
	plusWeeks = compile(`\b([34]\d(?:\.\d+)?)\s*-?\s*(?:term[ -]time )?` + weekNoun + `(?:\s*(?:per|a) (?:year|annum))?(\s*(?:of )?term[ -]time(?: only)?)?[\s),;:-]{0,4}(?:\+|\bplus\b|\band\b)\s*(?:an additional |a further |another )?(\d{1,2}|one|two|three|four) (?:additional |extra )?` + weekNoun)
	sumWeeks  = compile(`\b([34]\d)( ?)\+\s*(\d{1,2}) ?` + weekNoun)
	weekCount = compile(`(?:^|[^\d/.]|[^\d]/)([345]\d(?:\.\d+)?)\s*-?\s*(?:working |term[ -]time |school |teaching |academic )?` + weekNoun + `\b`)
	weekLabel = compile(`(?:` + weekNoun + ` (?:per|a|/|of the) ?(?:year|annum)|working weeks|weeks worked|weeks)(?:\s*[:=|\n-]+\s*| )([345]\d(?:\.\d+)?)`)
	// weekTotal is what the weeks before it come to: "38 weeks plus 2 days (38.4
	// weeks a year)".
	weekTotal  = compile(weekNoun + `\b[^.\n]{0,60}\b(?:plus|and|\+)\b[^.\n]{0,60}[(=]\s*([34]\d(?:\.\d+)?) ` + weekNoun + `(?: (?:per|a|each) (?:year|annum)| in total)`)
	paidLead   = compile(`paid\s*(?:for |over |weeks?:? ?)?$`)
	paidOf     = compile(`\b([345]\d(?:\.\d+)?)\s*(?:paid )?(?:` + weekNoun + `)?\s*(?:/|\bof\b|\bout of\b|\bover\b)\s*(52(?:\.\d+)?)\b`)
	paidAlone  = compile(`\bpaid (?:for |over )?([45]\d(?:\.\d+)?) ` + weekNoun + `|\b([45]\d(?:\.\d+)?) paid ` + weekNoun + `|paid weeks\s*[:=-]?\s*([45]\d(?:\.\d+)?)`)
	paidShare  = compile(`\b(?:paid (?:at )?|term[ -]time (?:only )?(?:percentage|factor|multiplier|rate)(?: of| is|:)* ?|multiplier(?: of| is|:)* ?|factor(?: of| is|:)* ?)(\d{2}(?:\.\d+)?) ?%|\b(?:term[ -]time (?:only )?(?:factor|multiplier|percentage)|multiplier|factor)(?: of| is|:|=)*\s*(0\.\d{2,8})|\bpaid (?:at )?(0\.\d{2,8}) of|(\d{2}(?:\.\d+)?) ?% of (?:the )?(?:full[ -]year|all[ -]year|annual|full[ -]time) (?:pay|salary)`)
	schoolDays = compile(`\b(19\d|20[0-5]) (?:working |school |paid )?days\b`)
	termPlus   = compile(`(?:term[\s-]*times?(?: only)?|\btto)\b[^.\n\d]{0,20}?(?:\+|\bplus\b|\band\b)\s*(?:up to |an? |an additional |a further )?(\d{1,2}|one|two|three|four|five|six|ten) (?:additional |extra |inset |training |working |staff |development )*(days?|inset|` + weekNoun + `)`)
	smallWords = map[string]float64{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
)

// readWeeks reads weeks and term time out of all texts, the hours text first.
func readWeeks(texts ...string) workWeeks {
	var w workWeeks
	for _, s := range texts {
		o := weeksIn(s)
		if w.stated == 0 {
			w.stated = o.stated
		}
		if w.worked == 0 {
			w.worked = o.worked
		}
		if w.share == 0 {
			w.share, w.paid, w.of = o.share, o.paid, o.of
		}
		w.termTime = w.termTime || o.termTime
		w.allYear = w.allYear || o.allYear
	}
	if w.termTime || w.stated > 0 && w.stated < 52 {
		// "all year round" then speaks of the full-time salary.
		w.allYear = false
	}
	if w.allYear && w.stated == 0 {
		w.stated, w.worked = weeksInYear, weeksInYear
	}
	return w
}

func weeksIn(s string) workWeeks {
	var w workWeeks
	for _, m := range allYear.FindAllStringIndex(s, 8) {
		ofYear := before(s, m[0]) == '/' && digit(s, m[0]-2)
		if !ofYear && !fteYear.MatchString(s[max(0, m[0]-60):m[0]]) {
			w.allYear = true
		}
	}
	terms := notTerm.ReplaceAllString(s, " ")
	if w.allYear {
		terms = whileTerm.ReplaceAllString(terms, " ")
	}
	w.termTime = termTime.MatchString(terms)
	if !hasDigit(s) && !w.termTime {
		return w
	}
	w.readShare(s)
	w.stated = statedWeeks(s)
	w.worked = w.stated
	if m := termPlus.FindStringSubmatch(s); m != nil && w.stated == 0 {
		n := smallNumber(m[1])
		if m[2] == "days" || m[2] == "day" || m[2] == "inset" {
			n /= 5
		}
		if n <= 8 {
			w.worked = termWeeks + n
		}
	}
	if m := schoolDays.FindStringSubmatch(s); m != nil && w.worked == 0 {
		w.worked = parse(m[1]) / 5
	}
	return w
}

// termWeeks is the 190 days on which pupils are in school, in weeks.
const termWeeks = 38

func statedWeeks(s string) float64 {
	for _, p := range []*pattern{plusWeeks, sumWeeks} {
		if m := p.FindStringSubmatch(s); m != nil {
			base, more := parse(m[1]), smallNumber(m[3])
			// "40 weeks term time plus 2 weeks" says what the 40 are made of.
			if base+more <= 53 && (strings.TrimSpace(m[2]) == "" || base <= termWeeks) {
				return base + more
			}
		}
	}
	if m := weekTotal.FindStringSubmatch(s); m != nil {
		return parse(m[1])
	}
	for _, p := range []*pattern{weekLabel, weekCount} {
		for _, m := range p.FindAllStringSubmatchIndex(s, 12) {
			v := parse(s[m[2]:m[3]])
			lead := s[max(0, m[2]-16):m[2]]
			switch {
			case v < 30 || v > 53, hoursAhead.MatchString(s[m[3]:]), paidLead.MatchString(lead), outOfLead.MatchString(lead), spanLead.MatchString(lead):
			case v == 52:
				return weeksInYear
			default:
				return v
			}
		}
	}
	return 0
}

var (
	outOfLead = compile(`(?:out of|\bof|paid weeks)\s*$`)
	// hoursAhead after a number makes it no weeks: "weeks 37 hours".
	hoursAhead = compile(`^\s*-?h(?:ou)?rs?\b`)
	// spanLead before a number of weeks makes it one end of a span.
	spanLead = compile(`\d\s*(?:-|to|or)\s*$`)
)

// readShare reads a printed rule for the paid part of the year: "45.6/52.18
// weeks", "44.6 paid weeks", "paid 86.39%". A whole number of weeks of at most
// 41 out of 52 is weeks worked, not paid.
func (w *workWeeks) readShare(s string) {
	for _, m := range paidOf.FindAllStringSubmatch(s, 6) {
		paid, of := parse(m[1]), parse(m[2])
		if paid < of && (paid > 41 || paid != float64(int(paid))) {
			w.share, w.paid, w.of = paid/of, paid, of
			return
		}
	}
	if m := paidAlone.FindStringSubmatchIndex(s); m != nil {
		if paid := firstNumber(s, m); paid < 52 {
			w.share, w.paid, w.of = paid/weeksInYear, paid, weeksInYear
			return
		}
	}
	if m := paidShare.FindStringSubmatchIndex(s); m != nil {
		v := firstNumber(s, m)
		if v > 1 {
			v /= 100
		}
		if v > 0.6 && v < 1 {
			w.share = v
		}
	}
}

func smallNumber(s string) float64 {
	if v, ok := smallWords[s]; ok {
		return v
	}
	return parse(s)
}
