package taxonomy

import "slices"

// headSet is what a wording is said of: experience, knowledge and so on.
type headSet uint8

const (
	headExperience headSet = 1 << iota
	headKnowledge
	headQualification
	headTraining
	headSkill
	headInterest
)

var headOfCue = map[cue]headSet{
	cueExperience: headExperience, cueExperienceWeak: headExperience, cueKnowledge: headKnowledge,
	cueQualification: headQualification, cueTraining: headTraining,
	cueSkill: headSkill, cueInterest: headInterest,
}

// head is a head word's place and what it says.
type head struct {
	lo, hi int
	set    headSet
	either bool // "knowledge or experience": its items are alternatives
	group  int  // the group of those alternatives, once it has one
}

// heads lists the head words of a clause. A head word inside a wording that is
// no experience or knowledge ("work with others") heads nothing; neighbours
// joined by "and" or "or" are one head.
func (r *reading) heads(s sentence, hits []hit) []head {
	var out []head
	strong := false
	for _, c := range r.headCues(s) {
		set := headOfCue[c.cue]
		if c.cue == cueExperienceWeak && (strong || c.lo-s.lo > 2) || r.swallowed(c, hits) {
			continue
		}
		n := len(out)
		if n > 0 && c.lo < out[n-1].hi {
			if c.hi > out[n-1].hi && c.cue != cueExperienceWeak {
				out[n-1] = head{lo: c.lo, hi: c.hi, set: set}
			}
			continue
		}
		if n > 0 && joinsHeads(out[n-1].set, set) {
			if joined, either := r.oneHead(out[n-1].hi, c.lo); joined && (either || set != headInterest) {
				out[n-1].hi, out[n-1].set, out[n-1].either = c.hi, set|out[n-1].set, either
				continue
			}
		}
		out = append(out, head{lo: c.lo, hi: c.hi, set: set})
		strong = true
	}
	return out
}

// joinsHeads says whether two head words may be one head: experience and
// knowledge, or experience and the interest that does instead of it.
func joinsHeads(a, b headSet) bool {
	switch both := a | b; {
	case a == b:
		return false
	case both == headExperience|headKnowledge:
		return true
	}
	return a == headExperience && b == headInterest
}

// headCues lists the head words of a clause in its order. A length of time is
// one of experience, even where the word is not there: "two years in a PRU".
func (r *reading) headCues(s sentence) []span {
	out := r.within(s.lo, s.hi, cueExperience, cueExperienceWeak, cueKnowledge, cueQualification, cueTraining, cueSkill, cueInterest)
	for i := s.lo; i < s.hi; i++ {
		if _, end, ok := r.length(i, s.hi); ok {
			out = append(out, span{lo: i, hi: end, cue: cueExperience})
			i = end - 1
		}
	}
	slices.SortStableFunc(out, func(a, b span) int { return a.lo - b.lo })
	return out
}

// oneHead says whether two head words are one head: "knowledge and experience",
// "experience, or strong awareness, of", "knowledge/experience".
func (r *reading) oneHead(from, to int) (joined, either bool) {
	if from == to {
		slash := r.tokens[to].before&gapSlash != 0
		return slash, slash
	}
	if to-from > 4 {
		return false, false
	}
	for i := from; i < to; i++ {
		switch r.tokens[i].word {
		case "or":
			joined, either = true, true
		case "and":
			joined = true
		case "a", "an", "some", "strong", "good", "sound", "clear", "practical", "working", "basic", "general", "proven", "relevant", "previous",
			"genuine", "real", "keen", "of", "with", "in":
		default:
			return false, false
		}
	}
	return joined, either
}

// swallowed says whether a cue stands inside a wording that names a concept of
// another kind by itself.
func (r *reading) swallowed(c span, hits []hit) bool {
	t := r.taxonomy
	for _, h := range hits {
		if h.lo > c.lo {
			break
		}
		if c.hi > h.hi || h.hi-h.lo <= c.hi-c.lo || h.field >= 0 {
			continue
		}
		for _, v := range h.values {
			kind := t.concepts[t.senses[v].concept].Kind
			if kind != "experience" && kind != "knowledge" && t.senses[v].condition == always && kind != "qualification" && kind != "training" {
				return true
			}
		}
	}
	return false
}

// inLongerHead says whether a hit is only a part of a head word's phrase, as
// "confident" is of "confident with".
func (r *reading) inLongerHead(h hit, heads []head) bool {
	for _, g := range heads {
		if h.lo >= g.lo && h.hi <= g.hi && g.hi-g.lo > h.hi-h.lo {
			return true
		}
	}
	return false
}

// govern gives every hit its head: the one that follows it without a word
// between ("SEMH experience"), else the last one before it. A head that follows
// governs the list before it too, as far as no other head does. After a bracket
// the head before the bracket goes on.
func (r *reading) govern(hits []hit, heads []head) []*head {
	out := make([]*head, len(hits))
	for i, h := range hits {
		for j := range heads {
			g := &heads[j]
			if g.lo >= h.hi {
				break
			}
			inBracket := r.bracket[g.lo] >= 0 && r.bracket[g.lo] != r.bracket[h.lo]
			if g.lo <= h.lo && !inBracket {
				out[i] = g
			}
		}
	}
	for j := range heads {
		g := &heads[j]
		if g.set&(headSkill|headInterest) != 0 {
			continue
		}
		i, _ := slices.BinarySearchFunc(hits, g.lo, func(h hit, lo int) int {
			if h.hi <= lo {
				return -1
			}
			return 1
		})
		i--
		if i < 0 || hits[i].hi != g.lo || r.tokens[g.lo].before&(apart|gapComma) != 0 {
			continue
		}
		out[i] = g
		for i--; i >= 0 && (out[i] == nil || out[i].set == headSkill) && r.listed(hits[i].hi, hits[i+1].lo); i-- {
			out[i] = g
		}
	}
	return out
}

// listed says whether only commas, slashes and joining words stand between two
// places.
func (r *reading) listed(from, to int) bool {
	for i := from; i < to; i++ {
		switch r.tokens[i].word {
		case "and", "or", "a", "an", "the", "of", "d", "other", "similar", "related":
		default:
			return false
		}
	}
	return to-from <= 3 && (to > from || r.tokens[to].before&(gapComma|gapSlash) != 0)
}
