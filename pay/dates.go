package pay

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// period is when a post starts and ends and when its advert closes: YYYY-MM-DD,
// YYYY-MM where only a month is printed, "asap" for a start; empty when not said.
type period struct{ start, end, closes string }

// mention is one date of a text, as printed.
type mention struct {
	value      string
	start, end int
	clock      bool
}

var (
	monthNames = `(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|` +
		`ionawr|chwefror|mawrth|ebrill|mai|mehefin|gorffennaf|awst|medi|hydref|tachwedd|rhagfyr)`
	// figureDate is 2026-03-05, with or without a time, or 5/3/26.
	figureDate = compile(`\b(?:(\d{4})-(\d{2})-(\d{2})(t\d{2}:\d{2})?|(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4}|\d{2})\b)`)
	// wordDate is a day of a month, before or after its name, or the month alone.
	wordDate = compile(`\b(?:(\d{1,2}) ?(?:st|nd|rd|th)?,? (?:of )?)?` + monthNames + `(?: (\d{1,2})(?:st|nd|rd|th)?)?,? (\d{4})\b`)

	soon        = compile(`\basap\b|\ba\.s\.a\.p|\bas soon as (?:is |reasonably )?(?:possible|practicable)\b|\bearliest (?:possible |available )?(?:opportunity|convenience)|\b(?:required|needed|available|commenc\w+) immediate(?:ly)?\b|\bimmediate(?:ly)? start|\bstart(?:s|ing)?(?: date)?:? ?\W{0,3}immediate|^\s*immediate(?:ly)?\b`)
	closesCue   = compile(`clos(?:ing|es?)\b|deadline|apply (?:by|before)|advert(?:isement)? end|extended (?:to|until) (?:\w+day,? )?(?:the )?$|applications? (?:must |should |to )?(?:be )?(?:received |submitted |returned )?(?:by|before|no later than)|\breturn(?:ed)? by|dyddiad cau|\bexpir(?:es?|y)\b|(?:^|\n|\s)by (?:\w+day )?(?:the )?$|no later than`)
	startCue    = compile(`\bstart|\bcommenc|\brequired\b|\bbegin|\bfrom\b|\bavailable from|\bto start|\bdyddiad dechrau|no earlier than|\bneeded for`)
	endCue      = compile(`\buntil\b|\btill\b|\bend(?:s|ing)? ?(?:date|on)?\b|\bup to and including|\bfinish|\bterm(?: contract)?(?: -| to)+ (?:to )?|\bto (?:the )?$|\bthrough to\b|\bending\b`)
	ignoredCue  = compile(`posted|listed|publish|interview|shortlist|review|dated|advertised|term starts|updated|\bpay award|induction|\bsince\b`)
	noClosing   = compile(`no closing date`)
	monthBefore = compile(monthNames + `\s*(?:/|\bor\b|-|&)\s*$`)
	// toDate joins two dates to a span; afterDate is a label that follows its date.
	toDate    = compile(`^\s*(?:-+|to|until|till|through to)\s*(?:\w+day,?\s*)?(?:the )?$`)
	afterDate = compile(`^\s*(?:at [\d.:]+ ?(?:am|pm|noon)? ?)?(?:\([^()]{0,24}\)\s*)?(?:is |as )?(?:the |our )?(closing|deadline|start|end date)`)
	// orMonth is a second month offered beside the first.
	orMonth = compile(`^\s*(?:/|\bor\b|,)\s*$`)
)

// readDates reads the contract text and the dates text.
func readDates(contract, dates string) period {
	var p period
	p.readFrom(dates, true)
	p.readFrom(contract, false)
	if p.start == "" && (soon.MatchString(dates) || soon.MatchString(contract)) {
		p.start = "asap"
	}
	return p
}

// readFrom gives each date of a text the meaning of the nearest words: those
// before it, else those right after it. The second date of a span goes with the
// first.
func (p *period) readFrom(s string, own bool) {
	if !hasDigit(s) {
		return
	}
	found := findDates(s)
	says := ""
	for i, d := range found {
		from, to := 0, len(s)
		if i > 0 {
			from = found[i-1].end
		}
		if i+1 < len(found) {
			to = found[i+1].start
		}
		lead, rest := s[max(from, d.start-110):d.start], s[d.end:to]
		span := i+1 < len(found) && toDate.MatchString(rest)
		if i > 0 && toDate.MatchString(lead) {
			says = secondOf(says)
		} else if says = meaning(lead); says == "" {
			says = trailing(rest, span)
		}
		alternative := i+1 < len(found) && orMonth.MatchString(rest) || i > 0 && orMonth.MatchString(lead) || monthBefore.MatchString(lead)
		alone := own && len(found) == 1 && strings.TrimSpace(lead) == ""
		p.take(d, says, lead, alternative, alone)
	}
}

// take keeps a date as what it says to be; the first of each kind wins.
func (p *period) take(d mention, says, lead string, alternative, alone bool) {
	switch says {
	case "closes":
		if p.closes == "" && len(d.value) == 10 && !noClosing.MatchString(lead) {
			p.closes = d.value
		}
	case "end":
		if p.end == "" {
			p.end = d.value
		}
	case "start":
		asap := soon.MatchString(lead) && len(d.value) < 10
		if p.start == "" && !alternative && !asap {
			p.start = d.value
		}
	case "":
		// A moment that stands alone is what a page gives as its expiry.
		if d.clock && alone {
			p.closes = d.value
		}
	}
}

// secondOf is the meaning of the second date of a span: the end of a post that
// starts with the first.
func secondOf(first string) string {
	if first == "start" {
		return "end"
	}
	return "ignored"
}

// trailing is the meaning of a date by what follows it: "5 March 2026 (noon) is
// the closing date", "September 2026 start", or the other end of a span.
func trailing(rest string, span bool) string {
	m := afterDate.FindStringSubmatch(rest)
	switch {
	case m != nil && m[1] == "start":
		return "start"
	case m != nil && m[1] == "end date":
		return "end"
	case m != nil:
		return "closes"
	case span:
		return "start"
	}
	return ""
}

// meaning is closes, start, end, ignored or empty: the cue nearest the date.
func meaning(lead string) string {
	best, at := "", -1
	for _, cue := range []struct {
		name  string
		words *pattern
		// whole cues hold words of the others ("term starts", "advert end date"),
		// and so count by where they end.
		whole int
	}{{"ignored", ignoredCue, 1}, {"closes", closesCue, 1}, {"start", startCue, 0}, {"end", endCue, 0}} {
		all := cue.words.FindAllStringIndex(lead, -1)
		if len(all) == 0 {
			continue
		}
		if last := all[len(all)-1]; last[cue.whole] > at {
			best, at = cue.name, last[cue.whole]
		}
	}
	return best
}

// maxDates bounds the work on a text that is nothing but dates.
const maxDates = 24

// findDates finds the dates of a text, in order. The two patterns are kept apart
// because Go matches a small one several times faster.
func findDates(s string) []mention {
	var out []mention
	for _, m := range figureDate.FindAllStringSubmatchIndex(s, maxDates) {
		get := submatches(s, m)
		v := isoDay(get(7), get(6), get(5))
		if get(1) != "" {
			v = isoDay(get(1), get(2), get(3))
		}
		if v != "" {
			out = append(out, mention{value: v, start: m[0], end: m[1], clock: get(4) != ""})
		}
	}
	for _, m := range wordDate.FindAllStringSubmatchIndex(s, maxDates) {
		get := submatches(s, m)
		if v := wordDay(get(1), get(2), get(3), get(4)); v != "" {
			out = append(out, mention{value: v, start: m[0], end: m[1]})
		}
	}
	slices.SortFunc(out, func(a, b mention) int { return a.start - b.start })
	return out
}

// wordDay is the date of a month's name with a day before it, after it, or none;
// a month without a day counts only in this century.
func wordDay(before, name, after, year string) string {
	month := monthNumber(name)
	switch {
	case before != "" && after != "":
		return ""
	case before+after != "":
		return isoDay(year, month, before+after)
	case strings.HasPrefix(year, "20"):
		return year + "-" + month
	}
	return ""
}

// submatches gives the text of a match's groups, empty for one that took no part.
func submatches(s string, m []int) func(int) string {
	return func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return s[m[2*i]:m[2*i+1]]
	}
}

// isoDay checks a day of the calendar; empty when there is no such day.
func isoDay(year, month, day string) string {
	y, errY := strconv.Atoi(year)
	m, errM := strconv.Atoi(month)
	d, errD := strconv.Atoi(day)
	if errY != nil || errM != nil || errD != nil {
		return ""
	}
	if y < 100 {
		y += 2000
	}
	v := fmt.Sprintf("%04d-%02d-%02d", y, m, d)
	if _, err := time.Parse(time.DateOnly, v); err != nil {
		return ""
	}
	return v
}

// monthNumber is the number of an English or Welsh month, after its first three
// letters.
func monthNumber(name string) string {
	const english, welsh = "janfebmaraprmayjunjulaugsepoctnovdec", "ionchwmawebrmaimehgorawsmedhydtacrha"
	at := strings.Index(english, name[:3])
	if at < 0 {
		at = strings.Index(welsh, name[:3])
	}
	return fmt.Sprintf("%02d", at/3+1)
}
