package taxonomy

import (
	"slices"
	"strings"
)

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
		} else if end := r.perfect(i, s.hi); end > i {
			out = append(out, span{lo: i, hi: end, cue: cueExperience})
		}
	}
	slices.SortStableFunc(out, func(a, b span) int { return a.lo - b.lo })
	return out
}

// perfect finds where a verb ends that says what somebody has done, which is
// experience of it: "has delivered", "having previously led". Verbs of learning
// and owning say something else.
func (r *reading) perfect(i, hi int) int {
	switch r.tokens[i].word {
	case "have", "has", "having", "youve", "whove":
	default:
		return i
	}
	if i > 1 && r.tokens[i-1].word == "who" && r.ends(i-1, cuePupil) {
		return i // what pupils have done
	}
	for j := i + 1; j < min(hi, i+3) && r.tokens[j].before&(apart|gapComma) == 0; j++ {
		w := r.tokens[j].word
		if irregular[w] || strings.HasSuffix(w, "ed") && len(w) > 4 && !acquired[w] {
			return j + 1
		}
		if !strings.HasSuffix(w, "ly") {
			break
		}
	}
	return i
}

// ends says whether a cue of a kind ends right before a token.
func (r *reading) ends(i int, kind cue) bool {
	for _, c := range r.cues {
		if c.cue == kind && c.hi == i {
			return true
		}
	}
	return false
}

// irregular are participles of what is done at work that do not end in -ed;
// acquired are those in -ed that are no experience.
var (
	irregular = map[string]bool{
		"led": true, "taught": true, "run": true, "built": true, "dealt": true, "done": true, "written": true, "overseen": true,
		"brought": true, "spent": true, "looked": true, "cared": true,
	}
	acquired = map[string]bool{
		"trained": true, "qualified": true, "completed": true, "achieved": true, "gained": true, "obtained": true, "attained": true,
		"demonstrated": true, "passed": true, "required": true, "lived": true, "attended": true, "received": true, "committed": true,
		"detailed": true, "varied": true, "graduated": true, "studied": true, "finished": true, "continued": true, "advanced": true,
		"proven": true, "shared": true, "related": true, "applied": true, "registered": true, "acquired": true, "limited": true, "succeed": true,
		"enhanced": true, "need": true, "accredited": true, "recognised": true, "specialised": true, "experienced": true,
	}
)

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
		if i < 0 || !r.kindOf(hits[i].hi, g.lo) {
			continue
		}
		out[i] = g
		for i--; i >= 0 && (out[i] == nil || out[i].set == headSkill) && r.listed(hits[i].hi, hits[i+1].lo); i-- {
			out[i] = g
		}
	}
	return out
}

// kindOf says whether what ends at one place says of which kind the head word at
// the other is: "autism experience", "autism-specific training".
func (r *reading) kindOf(from, head int) bool {
	for i := from; i <= head; i++ {
		if r.tokens[i].before&(apart|gapComma) != 0 || i < head && !kindly[r.tokens[i].word] {
			return false
		}
	}
	return head-from <= 1
}

// kindly are the words that may stand between a subject and its head word.
var kindly = map[string]bool{
	"specific": true, "related": true, "focused": true, "focussed": true, "based": true, "awareness": true, "relevant": true, "specialist": true,
	"classroom": true, "work": true, "support": true, "type": true,
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
