package pay

import (
	"strconv"
)

// maxPoint is the highest point that a spine of the field prints.
const maxPoint = 65

var (
	rangeSign = `\s*(?:-+|to|/|and|or|through to|&)\s*`
	pointWord = `(?:s\.?c\.?p'?s?|spinal (?:column )?points?|spine points?|scale ?points?|pay points?|points?|pts?|sp)`
	// pointMention is the word with one number or two: "SCP 5 - 6", "Points
	// 7-11", "SCP 37-SCP 39", "pt 14v -19".
	pointMention = compile(`\b` + pointWord + `\b?\s*(?:range|level)?\.?\s*[:(=]?\s*(\d{1,2})[a-z]?(?:` + rangeSign + `(?:` + pointWord + `\.?\s*)?(\d{1,2})[a-z]?)?(?:$|[^\d.,£%a-z]|[.,](?:\D|$)|plus)`)
	// unspaced is two points whose dash was lost: "G Point 35 39".
	unspaced = compile(`\bpoints?\s+(\d{1,2})\s(\d{1,2})\s`)
	// njcMention is a number right after the name of the spine: "NJC 27-33",
	// "NJC07".
	njcMention = compile(`\b(?:njc|glpc)\s*(?:pay |salary |support staff )*(?:range)?\s*:?\s*(\d{1,2})(?:` + rangeSign + `(?:njc\s*)?(\d{1,2}))?(?:$|[^\d.,/%a-z]|[.,](?:\D|$))`)
	// njcScale is "NJC Scale 13 - 15"; "NJC Scale 4" alone is a grade.
	njcScale = compile(`\b(?:njc|glpc)\s*(?:pay |salary |support staff )*scales?\s*:?\s*(\d{1,2})` + rangeSign + `(\d{1,2})(?:$|[^\d.,/%a-z]|[.,](?:\D|$))`)
	// afterGrade is points that follow a grade with nothing between: "Grade 5,
	// 12-15", "H7 19 to 23", "C1 (6 - 19)".
	afterGrade = compile(`\b(?:grade [a-z]?\d{0,2}|(?:scale|band) [a-z0-9]{1,2}|[a-z]{1,2}\d{1,2}),?\s*[(:-]?\s*(\d{1,2})\s*(?:-|to)\s*(\d{1,2})(?:$|[^\d.,/%:]|[.,](?:\D|$))`)
	// scaleRange is "Scale 5 - 7" where the grade is already named.
	scaleRange = compile(`\bscale (\d{1,2})\s*(?:-|to)\s*(\d{1,2})(?:$|[^\d.,/%:]|[.,](?:\D|$))`)
	otherGrade = compile(`\b(?:grade|band|payscale|pay scale) [a-z0-9]`)
	// gradePoint is a grade and its point in one: "D-4 £25,185".
	gradePoint = compile(`\b(?:scales?|spine|grade) ([a-z])-(\d{1,2})\b`)
)

// findPoints reads the spine points of a pay text; nil when it states none.
func findPoints(lower string) *[2]int {
	p := statedPoints(lower)
	if p != nil && p[0] == p[1] && !pointCompany.MatchString(lower) {
		return nil
	}
	return p
}

// pointCompany is what makes a lone "point 11" a spine point: a scale, a grade
// or an amount in the same text.
var pointCompany = compile(`£|\d,\d{3}|\bs\.?c\.?p|spin|scale|grade|band|njc|glpc|pay ?point|\bsp\b|\bpts?\b`)

func statedPoints(lower string) *[2]int {
	if p := union(pointMention.FindAllStringSubmatch(lower, 20)); p != nil {
		if p[0] == p[1] {
			if m := unspaced.FindStringSubmatch(lower); m != nil {
				if q := pair(m[1], m[2]); q != nil && q[0] < q[1] {
					return q
				}
			}
		}
		return p
	}
	for _, named := range []*pattern{njcMention, njcScale} {
		if p := union(named.FindAllStringSubmatch(lower, 20)); p != nil {
			return p
		}
	}
	if m := scaleRange.FindStringSubmatchIndex(lower); m != nil {
		// A scale of several steps, or beside another grade, is counted in points.
		p := pair(lower[m[2]:m[3]], lower[m[4]:m[5]])
		if p != nil && (severalPoints(p) || otherGrade.MatchString(lower[:m[0]])) {
			return p
		}
	}
	if m := gradePoint.FindStringSubmatch(lower); m != nil {
		return pair(m[2], m[2])
	}
	if m := afterGrade.FindStringSubmatch(lower); m != nil {
		if p := pair(m[1], m[2]); p != nil && p[0] < p[1] {
			return p
		}
	}
	return nil
}

// severalPoints says whether the numbers of a "scale 5 - 9" are points: scales
// are numbered to 6 or 7, and an advert offers two neighbouring ones at most.
func severalPoints(p *[2]int) bool { return p[1]-p[0] > 1 || p[0] > 7 && p[0] < p[1] }

// union takes the first mention that is a range, else the span of all single
// points.
func union(mentions [][]string) *[2]int {
	var out *[2]int
	for _, m := range mentions {
		to := m[2]
		if to == "" {
			to = m[1]
		}
		p := pair(m[1], to)
		if p == nil {
			continue
		}
		if p[0] != p[1] {
			return p
		}
		if out == nil {
			out = p
			continue
		}
		out = &[2]int{min(out[0], p[0]), max(out[1], p[1])}
	}
	return out
}

// pair is two points in order; nil when either is not a point.
func pair(from, to string) *[2]int {
	a, errA := strconv.Atoi(from)
	b, errB := strconv.Atoi(to)
	if errA != nil || errB != nil || a < 1 || b < 1 || a > maxPoint || b > maxPoint {
		return nil
	}
	return &[2]int{min(a, b), max(a, b)}
}
