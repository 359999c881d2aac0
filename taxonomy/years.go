package taxonomy

import (
	"math"
	"slices"
	"strconv"
)

// numbers are the numbers that adverts write out.
var numbers = map[string]float64{
	"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
	"eight": 8, "nine": 9, "ten": 10, "twelve": 12, "eighteen": 18, "twenty": 20,
}

// yearsIn is the length of the units in years.
var yearsIn = map[string]float64{
	"year": 1, "yr": 1, "month": 1.0 / 12, "mth": 1.0 / 12, "week": 1 / weeksAYear, "term": 1.0 / 3,
}

// weeksAYear turns weeks into years; six weeks are 0.12 of one.
const weeksAYear = 52.0

// notExperience are words before a length of time that make it something else:
// an age, or how far back a check reaches.
var notExperience = map[string]bool{
	"last": true, "past": true, "previous": true, "aged": true, "age": true, "over": true, "within": true,
	"for": false, "year": true, "every": true, "per": true,
}

// attachYears reads the length of experience asked in a clause and gives it to
// the experience it is said of: the items after it, up to the next "to include"
// or length, else the last ones before it.
func (r *reading) attachYears(s sentence, items []item) {
	for i := s.lo; i < s.hi; i++ {
		years, end, ok := r.length(i, s.hi)
		if !ok {
			continue
		}
		if !r.give(s, items, i, end, years) && r.ofExperience(end, s.hi) {
			r.loneYears(s, i, end, years)
		}
		i = end - 1
	}
}

// Words between a number and its unit: which year it is, and what joins it to
// another number.
var (
	kindsOfYear   = []string{"academic", "full", "school", "calendar", "whole"}
	jointsOfYears = []string{"to", "or", "more", "plus"}
)

// length reads "two years", "18 months", "1 to 2 academic years" at a token.
func (r *reading) length(i, hi int) (years float64, end int, ok bool) {
	n, ok := number(r.tokens[i].word)
	if !ok || i > 0 && notExperience[r.tokens[i-1].word] || r.ofAge(i) {
		return 0, 0, false
	}
	for j := i + 1; j < hi && j <= i+4; j++ {
		w := r.tokens[j].word
		if unit, ok := yearsIn[w]; ok {
			if j+1 < hi && (r.tokens[j+1].word == "old" || r.tokens[j+1].word == "of" && j+2 < hi && r.tokens[j+2].word == "age") {
				return 0, 0, false
			}
			return math.Round(n*unit*100) / 100, j + 1, true
		}
		_, isNumber := number(w)
		article := r.tokens[i].word == "a" || r.tokens[i].word == "an"
		kind, joint := slices.Contains(kindsOfYear, w), slices.Contains(jointsOfYears, w)
		if !kind && (article || !isNumber && !joint) {
			return 0, 0, false // "a school or 12 months" is no length from its first word
		}
	}
	return 0, 0, false
}

func number(w string) (float64, bool) {
	if n, ok := numbers[w]; ok {
		return n, true
	}
	if !isNumber(w) || len(w) > 2 {
		return 0, false
	}
	n, err := strconv.Atoi(w)
	return float64(n), err == nil && n > 0
}

// give gives a length to the experience items it is said of.
func (r *reading) give(s sentence, items []item, lo, hi int, years float64) bool {
	given := false
	end := s.hi
	for i := hi; i < s.hi; i++ {
		if w := r.tokens[i].word; w == "include" || w == "including" {
			end = i
			break
		}
		if _, _, ok := r.length(i, s.hi); ok {
			end = i
			break
		}
	}
	for i := range items {
		if items[i].lo >= hi-1 && items[i].lo < end && items[i].kind(r.taxonomy) == "experience" && items[i].years == nil {
			items[i].years, given = &years, true
		}
	}
	if given {
		return true
	}
	for i := len(items) - 1; i >= 0; i-- {
		if items[i].hi <= lo && items[i].kind(r.taxonomy) == "experience" && items[i].years == nil {
			items[i].years = &years
			return true
		}
	}
	return false
}

// ofExperience says whether a length is said of experience in so many words.
func (r *reading) ofExperience(from, hi int) bool {
	return len(r.within(from, min(hi, from+4), cueExperience)) > 0
}

// loneYears asks for relevant experience of a length where the line says no
// more: "at least two years' experience".
func (r *reading) loneYears(s sentence, lo, hi int, years float64) {
	concept, ok := r.taxonomy.conceptByID["exp-relevant"]
	level := r.levels(s)[lo-s.lo]
	if !ok || level == "" {
		return
	}
	end := min(hi+1, s.hi)
	r.items = append(r.items, item{lo: lo, hi: end, from: lo, concept: concept, level: level, years: &years})
}
