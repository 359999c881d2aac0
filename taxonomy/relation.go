package taxonomy

import (
	"slices"
	"strings"
)

// relationReach is how many words after "relationships with" are read for whom
// they are with.
const relationReach = 12

// dealings finds where a verb of dealing with people and the people it deals with
// end, and what it names: "engage reluctant learners", "connect quickly with
// young people". The end is i where there is none.
func (r *reading) dealings(s sentence, i int) (end int, values []int32) {
	for _, c := range r.cues {
		sense, ok := r.taxonomy.dealing[c.cue]
		if !ok || c.lo != i || c.hi >= s.hi {
			continue
		}
		if verbStem(r.tokens[i].word) == "work" && len(r.within(s.lo, i, cueExperience)) > 0 {
			continue // experience of working well with pupils is experience with pupils
		}
		if end := r.people(s, c.hi, c.cue == cueRelating); end > i {
			return end, []int32{sense}
		}
	}
	return i, nil
}

// adapts is where work for pupils ends that a verb at a token makes fit for
// them: "modify, enhance and develop planned activities". It is i where there is
// none.
func (r *reading) adapts(s sentence, i int) int {
	if w := r.tokens[i].word; !fitting[verbStem(w)] || strings.HasSuffix(w, "ed") {
		return i // "the differentiated curriculum" does not say who differentiates it
	}
	for j := i + 1; j < min(s.hi, i+adaptReach) && r.tokens[j].before&apart == 0 && !otherObject[r.tokens[j].word] && r.tokens[j].word != "to"; j++ {
		if schoolwork[r.tokens[j].word] {
			return j + 1
		}
	}
	return i
}

// adaptReach is how many words a verb of adapting may be from what it adapts.
const adaptReach = 8

// fitting are the stems of verbs of making work fit for a pupil; schoolwork is
// what is made fit.
var (
	fitting    = stems("adapt", "modify", "differentiate", "tailor", "adjust", "personalise", "simplify")
	schoolwork = map[string]bool{
		"activity": true, "resource": true, "task": true, "lesson": true, "material": true, "curriculum": true, "worksheet": true, "plan": true,
	}
)

// people is where the first people named after a verb end, or -1. Only some
// verbs are said of adults as well.
func (r *reading) people(s sentence, from int, adults bool) int {
	for j := from; j < min(s.hi, from+peopleReach) && r.tokens[j].before&apart == 0 && !otherObject[r.tokens[j].word]; j++ {
		for _, p := range r.cues {
			if p.lo == j && p.hi <= s.hi && (p.cue == cuePupil || adults && p.cue == cueAdult) {
				return p.hi
			}
		}
	}
	return -1
}

// peopleReach is how many words may stand between a verb and the people.
const peopleReach = 7

// otherObject are words after which a verb deals with something else.
var otherObject = map[string]bool{"in": true, "into": true, "about": true, "for": true, "by": true, "through": true, "that": true, "which": true, "training": true}

// related tells relationships with pupils from those with adults: a wording of
// either is followed by whom it is with, and that decides.
func (r *reading) related(s sentence, h hit, concepts []int) []int {
	t := r.taxonomy
	pupils, okPupils := t.conceptByID["relationships"]
	adults, okAdults := t.conceptByID["professional-relationships"]
	if !okPupils || !okAdults || !slices.Contains(concepts, pupils) && !slices.Contains(concepts, adults) {
		return concepts
	}
	end := h.hi
	if r.namesPeople(s, h.hi) {
		for end < min(s.hi, h.hi+relationReach) && (end == h.hi || r.tokens[end].before&apart == 0) {
			end++
		}
	}
	var out []int
	if len(r.within(h.lo, end, cuePupil)) > 0 {
		out = append(out, pupils)
	}
	for _, c := range r.within(h.lo, end, cueAdult) {
		if r.tokens[c.lo].word == "professional" && !strings.HasSuffix(r.written(c.lo), "s") {
			continue // "professional boundaries" are nobody
		}
		out = include(out, adults)
	}
	if len(out) == 0 {
		return concepts
	}
	return out
}

// ofFamilies tells the parents and carers that one works with, who are many,
// from the parent or carer that one is: "experience of liaising with parents".
func (r *reading) ofFamilies(h hit, set headSet, concepts []int) []int {
	t := r.taxonomy
	liaison, ok := t.conceptByID["exp-parents-liaison"]
	if !ok || set&headExperience == 0 || h.lo > 0 && r.tokens[h.lo-1].word == "as" {
		return concepts
	}
	switch r.written(h.hi - 1) {
	case "parents", "Parents", "carers", "Carers":
	default:
		return concepts
	}
	var out []int
	for _, c := range concepts {
		if id := t.concepts[c].ID; id == "exp-parent" || id == "exp-care" {
			c = liaison
		}
		out = include(out, c)
	}
	return out
}

// namesPeople says whether the words after a relationship go on with whom it is
// with.
func (r *reading) namesPeople(s sentence, i int) bool {
	if i >= s.hi || r.tokens[i].before&apart != 0 {
		return false
	}
	switch r.tokens[i].word {
	case "with", "to", "between", "among", "amongst", "across", "and":
		return true
	}
	return len(r.within(i, min(i+1, s.hi), cuePupil, cueAdult)) > 0
}
