package taxonomy

import (
	"slices"
	"strings"
)

// hit is a wording's place and its senses.
type hit struct {
	lo, hi int
	values []int32
	field  int // index of a vocational field, or -1
}

// phrases finds the items that are named by wordings. What the grammars have
// read already is left alone.
func (r *reading) phrases(s sentence) []item {
	hits := r.hits(s)
	heads := r.heads(s, hits)
	governs := r.govern(hits, heads)
	var out []item
	provenance := -1 // a bracket that only says where experience comes from
	for i, h := range hits {
		g := governs[i]
		if h.field < 0 && r.inLongerHead(h, heads) {
			continue
		}
		from := h.lo
		if g != nil && g.lo < h.lo && h.lo-g.hi <= 12 {
			from = g.lo
		}
		if g != nil && r.sought(s, g) && !r.aspires(h) {
			continue
		}
		set, either := r.topic, false
		if g != nil {
			set, either = g.set, g.either
		}
		group := 0
		if either {
			if g.group == 0 || g.set&headInterest == 0 {
				r.groups++
				g.group = r.groups
			}
			group = g.group
		}
		concepts := r.resolve(s, h, set, i == 0)
		if g != nil && r.tells(g) {
			concepts = r.done(concepts)
		}
		if g != nil && g.set == headSkill && strings.HasPrefix(r.tokens[g.lo].word, "commit") {
			concepts = r.notOfKind(concepts, "knowledge") // one need not know what one is committed to
		}
		concepts = r.ofFamilies(h, set, r.related(s, h, concepts))
		if set&headExperience != 0 && i > 0 && r.bracket[h.lo] >= 0 && r.bracket[h.lo] != r.bracket[hits[i-1].lo] || provenance == r.bracket[h.lo] && provenance >= 0 {
			provenance = -1
			if r.onlyPlaces(concepts) {
				provenance = r.bracket[h.lo]
				continue
			}
		}
		for _, concept := range concepts {
			from := from
			if kind := r.taxonomy.concepts[concept].Kind; kind != "experience" && kind != "knowledge" && kind != "training" {
				from = h.lo
			}
			out = append(out, item{lo: h.lo, hi: h.hi, from: from, concept: concept, head: set, group: group, comes: g != nil && r.comesFrom(s, g)})
		}
	}
	out = append(out, r.atAges(s, heads)...)
	return append(out, r.interests(heads)...)
}

// sought says whether experience is what the candidate hopes to have one day:
// "looking to gain classroom experience".
func (r *reading) sought(s sentence, g *head) bool {
	return g.set&headExperience != 0 && r.acquires(s, g.lo)
}

// aspires says whether a hit names what somebody hopes to become, which those
// do who look to gain experience.
func (r *reading) aspires(h hit) bool {
	c, ok := r.taxonomy.conceptByID["career-aspiration"]
	return ok && slices.ContainsFunc(h.values, func(v int32) bool { return r.taxonomy.senses[v].concept == c })
}

// acquires says whether a verb of acquiring stands shortly before a place.
func (r *reading) acquires(s sentence, at int) bool {
	for i := max(s.lo, at-soughtReach); i < at; i++ {
		if acquiring[verbStem(r.tokens[i].word)] {
			return true
		}
	}
	return false
}

// acquiring are the stems of verbs of getting what one does not have yet.
var acquiring = map[string]bool{
	"gain": true, "acquir": true, "acquire": true, "broaden": true, "widen": true, "get": true, "getting": true, "build": true, "develop": true,
}

// soughtReach is how many words may stand between "gain" and "experience".
const soughtReach = 4

// comesFrom says whether a head word asks where people come from rather than
// for the experience itself: "from care backgrounds", "your background is in".
// A "background of working with children" is experience of it.
func (r *reading) comesFrom(s sentence, g *head) bool {
	for i := g.lo; i < g.hi; i++ {
		if r.tokens[i].word == "background" {
			return strings.HasSuffix(r.written(i), "s") || r.oneOf(s, i, g.hi, "is")
		}
	}
	return false
}

// hits finds the longest wordings of a clause, left to right.
func (r *reading) hits(s sentence) []hit {
	t := r.taxonomy
	var out []hit
	tokens := r.tokens[:s.hi]
	for i := s.lo; i < s.hi; {
		if r.taken(i, i+1) {
			i++
			continue
		}
		end, values := t.asked.longest(tokens, i)
		if end == i+1 && t.lowerAcronym(r.text, tokens[i]) {
			end = i
		}
		if inner := r.beyond(s, i, end); inner > i {
			i = inner
			end, values = t.asked.longest(tokens, i)
		}
		h := hit{lo: i, hi: end, values: values, field: -1}
		if e, fields := t.fieldWords.longest(tokens, i); e > i && e >= end && len(fields) > 0 {
			h.hi, h.field = e, int(fields[0])
			if e > end {
				h.values = nil
			}
		}
		if h.hi == i {
			h.hi, h.values = r.dealings(s, i)
		}
		if h.hi <= i+1 && h.field < 0 {
			if end := r.adapts(s, i); end > i && len(t.adapting) > 0 {
				h.hi, h.values = end, t.adapting
			}
		}
		switch {
		case h.hi == i:
			i++
		case r.taken(h.hi-1, h.hi):
			i++
		case slices.ContainsFunc(h.values, func(v int32) bool { return t.senses[v].concept < 0 }):
			i = h.hi
		default:
			out = append(out, h)
			i = h.hi
		}
	}
	return out
}

// beyond gives where a longer wording begins inside one that opens with a head
// word, or i: "able to lift and move pupils" is of moving them, "working with
// children in care" of children in care.
func (r *reading) beyond(s sentence, i, end int) int {
	if end <= i+1 || !r.opensHead(i, end) {
		return i
	}
	for j := i + 1; j < end; j++ {
		if e, _ := r.taxonomy.asked.longest(r.tokens[:s.hi], j); e > end {
			return j
		}
	}
	return i
}

// opensHead says whether a word of experience, or of being able or willing,
// begins at a token and leaves room before an end.
func (r *reading) opensHead(i, end int) bool {
	for _, c := range r.cues {
		if c.lo == i && c.hi < end && headOfCue[c.cue] == headExperience {
			return true
		}
	}
	switch r.tokens[i].word {
	case "able", "ability", "can", "willing", "willingness", "prepared":
		return true
	}
	return false
}

// resolve chooses the concepts that a hit names under its head.
func (r *reading) resolve(s sentence, h hit, set headSet, first bool) []int {
	t := r.taxonomy
	if set&headQualification != 0 && h.field >= 0 && r.introduced(s, h) {
		if id := t.fields[h.field].at(r.statedLevel(s)); id != "" {
			return []int{t.conceptByID[id]}
		}
	}
	var experience, knowledge, loose, other []int
	for _, v := range h.values {
		sense := t.senses[v]
		switch kind := t.concepts[sense.concept].Kind; {
		case kind == "experience":
			experience = include(experience, sense.concept)
			if sense.condition == always {
				loose = include(loose, sense.concept)
			}
		case kind == "knowledge" && sense.condition != topicOfKnowledge:
			knowledge = include(knowledge, sense.concept)
			loose = include(loose, sense.concept)
		case sense.condition == topicOfKnowledge:
			knowledge = include(knowledge, sense.concept)
		default:
			other = include(other, sense.concept)
		}
	}
	switch {
	case set&headInterest != 0 && set&headExperience != 0:
		return firstOf(experience, loose)
	case set&headInterest != 0:
		return r.besidesInterest(other)
	case set&headExperience != 0 && set&headKnowledge != 0:
		if both := slices.Concat(experience, knowledge); len(both) > 0 {
			return both
		}
		return other
	case set&headExperience != 0:
		return firstOf(experience, other, loose)
	case set&headKnowledge != 0:
		return firstOf(knowledge, other)
	case set&headTraining != 0 && h.field >= 0 && t.fields[h.field].Unstated == "sen-qual" && len(r.ofKind(other, "training", "qualification")) == 0:
		return []int{t.conceptByID["sen-qual"]}
	case set&headTraining != 0:
		return firstOf(r.ofKind(other, "training", "qualification"), knowledge, other)
	case set == 0 && r.section != SectionNone && len(other) == 0 && len(loose) == 0 && (first && h.lo-s.lo < 2 && r.isTopic(h) || r.aboutPupils(s)):
		return experience
	}
	return firstOf(other, loose)
}

// tells says whether a head word asks for experience and nothing else. To be
// confident managing behaviour is to be able to.
func (r *reading) tells(g *head) bool {
	if g.set&(headExperience|headKnowledge|headInterest) != headExperience {
		return false
	}
	switch r.tokens[g.lo].word {
	case "confident", "confidence", "comfortable":
		return false
	}
	return true
}

// done gives the experience of what concepts name, where there is one.
func (r *reading) done(concepts []int) []int {
	out := concepts[:0:0]
	for _, c := range concepts {
		if exp, ok := r.taxonomy.doing[c]; ok {
			c = exp
		}
		out = include(out, c)
	}
	return out
}

// introduced says whether a field stands where a list of fields puts it: after
// "in", after a comma or a joining word, or right before the head word.
func (r *reading) introduced(s sentence, h hit) bool {
	if r.tokens[h.lo].before&(gapComma|gapSlash|gapOpen) != 0 || len(r.within(h.hi, min(h.hi+1, s.hi), cueQualification)) > 0 {
		return true
	}
	if h.lo == s.lo {
		return false
	}
	switch r.tokens[h.lo-1].word {
	case "in", "as", "of", "or", "and", "eg", "g", "example", "a", "an", "relevant", "related", "child", "recognised", "accredited",
		"appropriate", "suitable", "formal":
		return true
	case "to":
		return h.lo > s.lo+1 && r.tokens[h.lo-2].word == "relevant"
	}
	return false
}

// include adds a concept that is not there yet: a wording may stand both among
// a concept's own and among a topic's.
func include(concepts []int, c int) []int {
	if slices.Contains(concepts, c) {
		return concepts
	}
	return append(concepts, c)
}

func firstOf(lists ...[]int) []int {
	for _, l := range lists {
		if len(l) > 0 {
			return l
		}
	}
	return nil
}

// besidesInterest keeps what an interest does not swallow: a passion for
// working in a team is teamwork as well, a passion for autism is no knowledge.
func (r *reading) besidesInterest(concepts []int) []int {
	var out []int
	for _, c := range concepts {
		switch concept := r.taxonomy.concepts[c]; {
		case concept.Kind == "quality", concept.Kind == "check", concept.ID == "teamwork", concept.ID == "career-aspiration":
			out = append(out, c)
		}
	}
	return out
}

// aboutPupils says whether a clause is a bare line of an experience list:
// "children with complex needs and challenging behaviour".
func (r *reading) aboutPupils(s sentence) bool {
	for _, c := range r.within(s.lo, min(s.lo+3, s.hi), cuePupil) {
		if c.lo == s.lo && c.hi < s.hi {
			w := r.tokens[c.hi].word
			return w == "with" || w == "who"
		}
	}
	return false
}

// ofKind keeps the concepts of some kinds.
func (r *reading) ofKind(concepts []int, kinds ...string) []int {
	var out []int
	for _, c := range concepts {
		if slices.Contains(kinds, r.taxonomy.concepts[c].Kind) {
			out = append(out, c)
		}
	}
	return out
}

// notOfKind leaves out the concepts of a kind.
func (r *reading) notOfKind(concepts []int, kind string) []int {
	out := concepts[:0:0]
	for _, c := range concepts {
		if r.taxonomy.concepts[c].Kind != kind {
			out = append(out, c)
		}
	}
	return out
}

// isTopic says whether a hit is a topic's wording.
func (r *reading) isTopic(h hit) bool {
	return slices.ContainsFunc(h.values, func(v int32) bool { return r.taxonomy.senses[v].topic })
}

// onlyPlaces says whether concepts name nothing but where experience is gained.
func (r *reading) onlyPlaces(concepts []int) bool {
	for _, c := range concepts {
		if !r.taxonomy.places[c] {
			return false
		}
	}
	return len(concepts) > 0
}

// ours are the words after "interested in" by which the employer speaks of the
// application: "we are interested in hearing from people who …".
var ours = map[string]bool{"hearing": true, "receiving": true, "recruiting": true, "meeting": true}

// interests gives the enthusiasm that the words of interest themselves ask.
func (r *reading) interests(heads []head) []item {
	concept, ok := r.taxonomy.conceptByID["enthusiasm"]
	if !ok {
		return nil
	}
	var out []item
	for _, h := range heads {
		if h.set&headInterest != 0 && (h.hi >= len(r.tokens) || !ours[r.tokens[h.hi].word]) {
			out = append(out, item{lo: h.lo, hi: h.hi, from: h.lo, concept: concept, head: h.set, group: h.group})
		}
	}
	return out
}
