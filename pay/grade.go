package pay

import (
	"strings"
)

var (
	// gradeName is a grade with its word: "Grade 3", "GRADE : H5", "Band C",
	// "Scale 6", "Scale SO1", "Grade 5/6".
	gradeName = compile(`(?i)\b((?:pay ?scale |salary )?(?:grade|gradd|band|scale point|scale|level|range|payscale|pay group)s?)\b\s*(?:\([a-z ]{1,30}\)\s*)?[:/|-]*\s*` +
		`(?:(range|grade|band|scale)\s*:?\s*)?((?:NJC|NJE)?\s?(?:[A-Z]{1,3}\d{1,2}[A-Za-z]?|\d{1,2}[A-Za-z]?|[A-Z]{1,2}\d?|PO[A-Z]))(?:(\s?[/&-]\s?|\sor\s|\sto\s)(?:(?:grade|band|scale)\s)?([A-Z]{1,3}\d{1,2}[a-z]?|\d{1,2}[a-z]?|[A-Z]))?(?:$|[^A-Za-z0-9.%]|\.(?:\D|$))`)
	// gradeBefore is a code with its word, or its points, after it: "A1-B1
	// scale", "G Point 35".
	gradeBefore = compile(`\b([A-Z]\d{1,2}(?:\s?-\s?[A-Z]\d{1,2})?) (?:scale|grade|band)\b|(?:^|[\s:])([B-Z]) (?:[Pp]oints?|[Pp]ts?|SCP) ?\d`)
	// gradeCode is a code that stands alone: "FC4", "SO1", "H5 or H6", "LPAT 1/2".
	gradeCode = compile(`(?m)(?:^|[\s:(|,/-])((?:[A-Z]{1,5}[ -]?0?\d{1,2}[A-Za-z]?(?:/\d{1,2})?)(?:\s?-\s?[A-Z]{0,4}\d{1,2}|\s(?:or|to)\s[A-Z]{1,4}\d{1,2})?)(?:$|[\s,:;).+-])`)
	notGrade  = compile(`^(?:SCP|NJC|GLPC|NJE|SP|PT|PTS|GBP|FTE|KS|TA|YEAR|PAYE|HLTA|EYFS|Y|AT|FOR|OF|TO|AND|ON|UPS|MPS|M|U|SEN|TLR|UQT|APRIL|SEPT?|MAY|JUNE|JULY|COVID|POINT|SCALE|GRADE|BAND)[ -]?\d`)
	localCode = compile(`\b([A-Z])-\d{1,2}\b`)
	// qualification before "level" makes it no grade.
	qualification = compile(`(?:[ns]vq|qualif\w*|diploma|assistant|\bta|hlta|requires?d?)\W*$`)
	lowerEnd      = compile(`^[a-z]`)
)

// findGrade reads the name of the grade, as printed; empty when there is none.
func findGrade(t text, points *[2]int, agency bool) string {
	if m := gradePoint.FindStringSubmatch(t.lower); m != nil {
		if c := localCode.FindStringSubmatch(t.plain); c != nil {
			return c[1]
		}
	}
	best := ""
	for _, m := range gradeName.FindAllStringSubmatchIndex(t.plain, 12) {
		name := gradeFrom(t, m, points)
		switch {
		case name == "":
		case best == "":
			best = name
		case strings.EqualFold(firstField(name), firstField(best)) && !strings.Contains(best, "/") && !strings.EqualFold(name, best) && lastField(name) != lastField(best):
			return best + "/" + lastField(name)
		}
	}
	if best != "" {
		return best
	}
	if m := gradeBefore.FindStringSubmatch(t.plain); m != nil {
		return m[1] + m[2]
	}
	if agency {
		// An agency's codes are references, not grades.
		return ""
	}
	for _, m := range gradeCode.FindAllStringSubmatch(t.plain, 12) {
		if !notGrade.MatchString(m[1]) {
			return m[1]
		}
	}
	return ""
}

// gradeFrom turns one match of gradeName into a name; empty when the words turn
// out to be points or plain prose.
func gradeFrom(t text, m []int, points *[2]int) string {
	word, code := t.plain[m[2]:m[3]], strings.TrimSpace(t.plain[m[6]:m[7]])
	if m[4] >= 0 {
		// "Pay range Grade 4", "Scale Band 6": the nearer word is the name.
		word = t.plain[m[4]:m[5]]
	}
	sign, second := "", ""
	if m[8] >= 0 {
		sign, second = t.plain[m[8]:m[9]], t.plain[m[10]:m[11]]
	}
	lowWord := strings.TrimSuffix(strings.ToLower(word), "s")
	low := lowWord + " " + strings.ToLower(code)
	switch {
	case strings.EqualFold(code, "TA"), lowerEnd.MatchString(code), strings.HasPrefix(strings.ToUpper(code), "SCP"), strings.HasPrefix(code, "NJC"), strings.HasPrefix(code, "SP") && len(code) > 1:
		return ""
	case strings.HasSuffix(lowWord, "scale point") && code[0] >= '0' && code[0] <= '9', strings.HasSuffix(lowWord, "range") && points != nil:
		return ""
	case lowWord == "level" && (!strings.Contains(t.lower, "£") || qualification.MatchString(t.lower[max(0, m[2]-20):m[2]])):
		return ""
	case strings.HasSuffix(lowWord, "scale") && isRangeOfPoints(low+sign+second):
		return ""
	case strings.HasSuffix(lowWord, "scale") && localScale.MatchString(t.plain[:m[3]]) && second != "":
		return ""
	}
	word = strings.TrimPrefix(strings.TrimPrefix(word, "Salary "), "salary ")
	if i := strings.Index(strings.ToLower(word), "scale "); i >= 0 && !strings.HasSuffix(lowWord, "point") {
		word = word[i+len("scale "):]
	}
	name := word + " " + code
	if strings.HasSuffix(lowWord, "point") && len(code) > 1 {
		name = code
	}
	if second != "" && (!strings.Contains(sign, "-") || gradeSpan(code, second)) {
		name += joinedGrade(sign, second)
	}
	return name
}

// joinedGrade is the second of two grades with its sign or word as printed, and
// without a "grade" of its own: "/6", " - C6", " or 8".
func joinedGrade(sign, code string) string {
	if sign = strings.ToLower(strings.TrimSpace(sign)); sign != "/" {
		sign = " " + sign + " "
	}
	return sign + code
}

// gradeSpan says whether "C3-C6" or "5-6" spans grades: letters on both sides, or
// neighbouring single numbers.
func gradeSpan(code, end string) bool {
	if letter(code[0]) {
		return end != "" && letter(end[0])
	}
	return len(code) == 1 && len(end) == 1 && end[0] == code[0]+1
}

// isRangeOfPoints says whether "scale N - M" names points rather than a grade.
func isRangeOfPoints(s string) bool {
	m := scaleRange.FindStringSubmatch(s)
	if m == nil {
		return false
	}
	p := pair(m[1], m[2])
	return p != nil && severalPoints(p)
}

func firstField(s string) string { f, _, _ := strings.Cut(s, " "); return f }

func lastField(s string) string { return s[strings.LastIndex(s, " ")+1:] }
