package taxonomy

import "slices"

// relationReach is how many words after "relationships with" are read for whom
// they are with.
const relationReach = 12

// relates finds where a verb of dealing with people and the people it deals with
// end: "engage reluctant learners", "connect quickly with young people".
func (r *reading) relates(s sentence, i int) int {
	for _, c := range r.cues {
		if c.cue != cueRelating || c.lo != i || c.hi >= s.hi {
			continue
		}
		for j := c.hi; j < min(s.hi, c.hi+peopleReach) && r.tokens[j].before&apart == 0 && !otherObject[r.tokens[j].word]; j++ {
			for _, p := range r.cues {
				if (p.cue == cuePupil || p.cue == cueAdult) && p.lo == j && p.hi <= s.hi {
					return p.hi
				}
			}
		}
	}
	return i
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
	if len(r.within(h.lo, end, cueAdult)) > 0 {
		out = append(out, adults)
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
