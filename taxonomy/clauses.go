package taxonomy

// clauses splits a sentence at "but" and "although" where both sides ask for
// something, or where one side offers or takes back what the other does not.
func (r *reading) clauses(s sentence) []sentence {
	if at := r.condition(s); at > s.lo {
		return append([]sentence{{s.lo, at}}, r.clauses(sentence{at, s.hi})...)
	}
	for i := s.lo + 1; i < s.hi-1; i++ {
		left, right := sentence{s.lo, i}, sentence{i + 1, s.hi}
		strong := r.tokens[i].before&(gapDash|gapColon) != 0 || r.tokens[i].before&gapComma != 0 && r.tokens[i].word == "just"
		switch dashed := strong && len(r.within(s.lo, i, cueDenial)) > 0; {
		case r.bracket[i] >= 0, concedes[r.tokens[i].word] && r.insideWording(s, i, i+1):
			continue
		case dashed && !concedes[r.tokens[i].word]:
			right.lo = i // "no experience needed - just bring patience"
		case !concedes[r.tokens[i].word]:
			continue
		}
		offers := len(r.within(right.lo, s.hi, cueOffer)) > 0 && len(r.within(s.lo, i, cueOffer)) == 0
		if r.names(right) && (r.names(left) || len(r.within(s.lo, i, cueDenial, cueOffer)) > 0) || r.names(left) && offers {
			return append([]sentence{left}, r.clauses(right)...)
		}
	}
	return []sentence{s}
}

// condition is where the condition ends that a sentence opens with, where an
// offer follows it, or the sentence's start: "if you have worked with children,
// this is a chance to …".
func (r *reading) condition(s sentence) int {
	if w := r.tokens[s.lo].word; w != "if" && w != "whether" {
		return s.lo
	}
	for _, c := range r.within(s.lo, s.hi, cueOffer) {
		for i := c.lo; i > s.lo; i-- {
			if r.tokens[i].before&(gapComma|gapDash) != 0 && r.bracket[i] < 0 && len(r.within(s.lo, i, cueOffer)) == 0 {
				return i
			}
		}
	}
	return s.lo
}

// concedes are the words that set one half of a sentence against the other.
var concedes = map[string]bool{"but": true, "although": true, "though": true, "however": true}

// names says whether a stretch has any wording of a concept.
func (r *reading) names(s sentence) bool {
	for i := s.lo; i < s.hi; i++ {
		end, values := r.taxonomy.asked.longest(r.tokens[:s.hi], i)
		if end > i && r.taxonomy.senses[values[0]].concept >= 0 && (end > i+1 || !r.taxonomy.lowerAcronym(r.text, r.tokens[i])) {
			return true
		}
	}
	return false
}
