package pay

import (
	"strings"
)

// The scales that pay can be on.
const (
	scaleNJC      = "njc"
	scaleGLPC     = "glpc"
	scaleTeacher  = "teacher-main"
	scaleUnqual   = "teacher-unqualified"
	scaleScotland = "scotland-local"
	scaleOther    = "other"
)

var (
	njcWord   = compile(`\bn\.?j\.?c(?:\b|\d)|\bnje\b|\bscp|spinal column point|\bs\.c\.p`)
	glpcWord  = compile(`\bglpc\b|greater london provincial`)
	unqualRe  = compile(`unqualified teacher|\buqt|\bunqualified (?:pay )?scale|\buq ?[1-6]\b`)
	teacherRe = compile(`\bteachers?'? (?:main|pay|salary)|\bmain (?:pay|teachers?)(?: pay)? ?(?:scale|range)|\b(?:mps|ups|mpr|upr|mpg|tps)\b|\bm[1-6] ?(?:-|to) ?(?:m?[1-6]|u|ups)|upper pay (?:scale|range)`)
	// localScale is a scale with an employer's own name: "KES Salary Scale",
	// "Thurrock Band", "Sixth Form Colleges' Support Staff Salary Spine".
	localScale = compile(`\b(?:[A-Z]{2,5}|[A-Z][a-z]+) (?:Salary|Pay) ?(?:Scale|Spine|Range)\b|\b[A-Z][a-z]{3,} Band\b|[Ss]ixth [Ff]orm [Cc]olleges?`)
	commonName = compile(`(?i)^(?:support|staff|local|government|the|this|salary|pay|teachers?|unqualified|njc|scp|main|current|associate|grade|new|national|job|full|annual|actual|starting|on|fte|classic|lsas?|slsas?|tas?|hltas?|mdas?|msas?|snas?|lsps?)\b`)
	anyLondon  = compile(`\b(inner|outer) london\b`)
)

// findScale says which scale the pay is on; empty when the text does not tell.
func findScale(t text, in Input, grade string) string {
	switch {
	case unqualRe.MatchString(t.lower):
		return scaleUnqual
	case teacherRe.MatchString(t.lower) && !strings.Contains(t.lower, "njc"):
		return scaleTeacher
	case glpcWord.MatchString(t.lower):
		return scaleGLPC
	case ownScale(t):
		return scaleOther
	case strings.EqualFold(in.Nation, "scotland"):
		if grade != "" {
			return scaleScotland
		}
		return ""
	case njcWord.MatchString(t.lower):
		if area := londonArea(t, in); (area == "inner" || area == "outer") && !strings.Contains(t.lower, "njc") {
			return scaleGLPC
		}
		return scaleNJC
	}
	return ""
}

// ownScale says whether the text names a scale of one employer, whose point
// numbers are not those of the national spine.
func ownScale(t text) bool {
	if njcWord.MatchString(t.lower) {
		return false
	}
	for _, name := range localScale.FindAllString(t.plain, 8) {
		if !commonName.MatchString(name) {
			return true
		}
	}
	return false
}

// londonArea is inner, outer or fringe, from what the source says or else from
// the text; empty outside London.
func londonArea(t text, in Input) string {
	if l := strings.ToLower(strings.TrimSpace(in.London)); l == "inner" || l == "outer" || l == "fringe" {
		return l
	}
	if m := anyLondon.FindStringSubmatch(t.lower); m != nil {
		return m[1]
	}
	return ""
}
