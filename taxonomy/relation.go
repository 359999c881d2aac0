package taxonomy

import "slices"

// relationReach is how many words after "relationships with" are read for whom
// they are with.
const relationReach = 12

// related tells relationships with pupils from those with adults: a wording of
// either is followed by whom it is with, and that decides.
func (r *reading) related(s sentence, h hit, concepts []int) []int {
	t := r.taxonomy
	pupils, okPupils := t.conceptByID["relationships"]
	adults, okAdults := t.conceptByID["professional-relationships"]
	if !okPupils || !okAdults || !slices.Contains(concepts, pupils) && !slices.Contains(concepts, adults) {
		return concepts
	}
	i := h.hi
	if i >= s.hi || r.tokens[i].before&apart != 0 {
		return concepts
	}
	switch r.tokens[i].word {
	case "with", "to", "between", "among", "amongst", "across", "and":
	default:
		if len(r.within(i, min(i+1, s.hi), cuePupil, cueAdult)) == 0 {
			return concepts
		}
	}
	end := i
	for end < min(s.hi, i+relationReach) && (end == i || r.tokens[end].before&apart == 0) {
		end++
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
