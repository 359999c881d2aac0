package taxonomy

import (
	"slices"
	"strings"
)

// settle takes out what a neighbour makes superfluous: the umbrella that a
// narrower concept right beside it implies, experience of no stated kind where
// a kind is stated, training that is only promised.
func (r *reading) settle(items []item) []item {
	t := r.taxonomy
	drop := make([]bool, len(items))
	for i := range items {
		for j := max(0, i-1); j <= min(len(items)-1, i+1); j++ {
			if i != j && !drop[j] && r.umbrellaOf(items[i], items[j]) {
				drop[i] = true
			}
		}
		drop[i] = drop[i] || r.ownersOf(items, i) || r.ofFamily(items, i) || r.qualifies(items, i)
		switch items[i].id(t) {
		case "exp-relevant", "exp-children", "relevant-qualification", "degree", "exp-school":
			drop[i] = drop[i] || r.outdone(items, i) || r.onlyWhere(items, i)
		case "cpd-commitment":
			for j := i + 1; j < len(items); j++ {
				if kind := items[j].kind(t); kind == "training" || kind == "knowledge" {
					drop[j] = true
				}
			}
		case "inclusion-commitment":
			for j := i + 1; j < len(items) && items[j].kind(t) == "knowledge" && items[j].head == 0 && r.link(items[j-1].hi, items[j].lo) != linkDirect; j++ {
				drop[j] = true // committed to inclusion and equality: neither is knowledge
			}
		case "exp-parents-liaison":
			drop[i] = drop[i] || r.ofTheirs(items, i)
		case "career-aspiration":
			if r.section == SectionNone {
				items[i].level = Desirable // nobody is turned away for want of it
			}
		case "flexibility":
			drop[i] = drop[i] || r.aboutHours(items, i)
		case "enthusiasm":
			drop[i] = drop[i] || r.devotedTo(items, i)
		case "initiative":
			drop[i] = drop[i] || r.tokens[items[i].lo].word == "proactive" && r.devotedTo(items, i)
		case "integrity":
			drop[i] = drop[i] || r.isProfession(items, i)
		case "positive-attitude":
			drop[i] = drop[i] || r.confidentIn(items, i) || r.describesThing(items, i) || r.withConfidence(items, i)
		case "ict":
			if c, ok := t.conceptByID["exp-ict-learning"]; ok && r.forLearning(items[i].hi) {
				items[i].concept = c
			}
		case "literacy-numeracy":
			// "Training in literacy" is of a programme, not of one's own reading.
			// "Supporting learning in literacy" is of the pupils'.
			drop[i] = drop[i] || items[i].head&(headTraining|headExperience) != 0
		case "communication":
			drop[i] = drop[i] || r.ofKindOfTraining(items[i]) || r.spoken(items, i)
		case "safeguarding-commitment":
			drop[i] = drop[i] || r.employerIs(items[i].lo)
		case "min-age":
			drop[i] = drop[i] || r.beforeUnit(items[i].hi)
		case "exp-tutoring":
			// "Teaching phonics" is of phonics.
			drop[i] = drop[i] || r.tokens[items[i].lo].word == "teaching" && i+1 < len(items) && items[i+1].lo == items[i].hi &&
				items[i+1].kind(t) != "experience" && r.link(items[i].hi, items[i+1].lo) == linkDirect
		case "exp-ta":
			drop[i] = drop[i] || r.experiencedIn(items, i)
		case "willing-to-obtain":
			drop[i] = drop[i] || r.undertakes(items, i)
			if r.trainsIn(items, i) {
				items[i].concept = t.conceptByID["cpd-commitment"]
				for j := i + 1; j < len(items) && items[j].kind(t) == "training"; j++ {
					drop[j] = true
				}
			}
			if len(items) == 1 && len(r.items) == 0 {
				if c, ok := t.conceptByID["cpd-commitment"]; ok {
					items[i].concept = c
				}
			}
		}
	}
	for i := range items {
		drop[i] = drop[i] || r.describesPlace(items[i])
		if id := items[i].id(t); id == "exp-multi-agency" || id == "professional-relationships" {
			r.dropExamples(items[i], items[i+1:], drop[i+1:])
		}
	}
	r.dropAlike(items, drop)
	out := items[:0]
	for i, it := range items {
		if !drop[i] {
			out = append(out, it)
		}
	}
	return slices.Clip(out)
}

// dropExamples drops what only names those that one works with: "agencies such
// as CAMHS and social care".
func (r *reading) dropExamples(people item, items []item, drop []bool) {
	if len(items) == 0 || items[0].lo < people.hi || r.link(people.hi, items[0].lo) != linkExample {
		return
	}
	for i := range items {
		if i > 0 && !r.listed(items[i-1].hi, items[i].lo) {
			return
		}
		drop[i] = true
	}
}

// dropAlike drops the other mentions of an umbrella that was dropped: in
// "children or young people with autism" both name it.
func (r *reading) dropAlike(items []item, drop []bool) {
	for i := range items {
		for j := range items {
			if drop[j] && !drop[i] && items[i].concept == items[j].concept && items[i].level == items[j].level && items[i].kind(r.taxonomy) == "experience" {
				drop[i] = true
			}
		}
	}
}

// ofKindOfTraining says whether a word is only what a training is in:
// "communication training".
func (r *reading) ofKindOfTraining(it item) bool {
	return it.hi < len(r.tokens) && r.tokens[it.hi].word == "training" && r.tokens[it.hi].before&(apart|gapComma) == 0
}

// forLearning says whether a tool is used to teach with: "tablets to support
// learning".
func (r *reading) forLearning(i int) bool {
	for end := min(len(r.tokens), i+toolReach); i+2 < end && r.tokens[i].before&apart == 0; i++ {
		if r.tokens[i].word != "to" || !furthers[r.tokens[i+1].word] {
			continue
		}
		for j := i + 2; j < min(len(r.tokens), i+5) && r.tokens[j].before&(apart|gapComma) == 0; j++ {
			if w := r.tokens[j].word; w == "learning" || w == "teaching" || w == "pupil" {
				return true
			}
		}
	}
	return false
}

// toolReach is how many words may stand between a tool and what it is for.
const toolReach = 8

// furthers are the verbs by which a tool serves learning.
var furthers = map[string]bool{"support": true, "enhance": true, "aid": true, "promote": true, "advance": true, "improve": true, "enrich": true, "extend": true}

// devotedTo says whether a quality is only the verb of what is asked next:
// "committed to inclusion", "proactive about own development".
func (r *reading) devotedTo(items []item, i int) bool {
	it := items[i]
	if it.hi >= len(r.tokens) || i+1 >= len(items) || it.hi-it.lo > 2 {
		return false
	}
	w, last := r.tokens[it.hi].word, r.tokens[it.hi-1].word
	if w != "to" && w != "about" && last != "to" && last != "about" {
		return false
	}
	next := items[i+1]
	return next.kind(r.taxonomy) != "quality" && next.lo-it.hi <= 5 && r.link(it.hi, next.lo) == linkDirect
}

// confidentIn says whether confidence is only the manner of what is asked next:
// "confident in the use of computers".
func (r *reading) confidentIn(items []item, i int) bool {
	at := items[i].hi
	if i+1 >= len(items) || at >= len(r.tokens) || items[i+1].lo-at > 5 || r.tokens[at].before&(apart|gapComma) != 0 {
		return false
	}
	switch r.tokens[at].word {
	case "in", "with", "using", "when", "user":
		return items[i+1].kind(r.taxonomy) != "quality"
	}
	next := items[i+1]
	return next.lo == at && (doers[r.tokens[next.hi-1].word] || next.hi < len(r.tokens) && doers[r.tokens[next.hi].word])
}

// ofTheirs says whether families are only those of the children that experience
// is with: "children with autism and their families".
func (r *reading) ofTheirs(items []item, i int) bool {
	at := items[i].lo
	if i == 0 || at < 2 || items[i-1].kind(r.taxonomy) != "experience" {
		return false
	}
	return r.tokens[at-1].word == "their" && r.tokens[at-2].word == "and"
}

// aboutHours says whether flexibility is only that of the hours named next:
// "to work flexibly, including some evenings".
func (r *reading) aboutHours(items []item, i int) bool {
	if i+1 >= len(items) || items[i+1].id(r.taxonomy) != "flexible-hours" {
		return false
	}
	between := sentence{lo: items[i].lo, hi: items[i+1].lo}
	return r.oneOf(between, between.lo, between.hi, "including", "include", "over", "about", "with")
}

// withConfidence says whether confidence is only the manner of what was asked
// before it: "can use a computer with confidence".
func (r *reading) withConfidence(items []item, i int) bool {
	at := items[i].lo
	if i == 0 || r.tokens[at].word != "confidence" || r.tokens[at-1].word != "with" {
		return false
	}
	return items[i-1].hi >= at-2 && items[i-1].kind(r.taxonomy) != "quality"
}

// doers are the words for a person who does what stands before them: "a
// confident BSL user".
var doers = map[string]bool{"user": true, "driver": true, "swimmer": true, "speaker": true, "signer": true, "reader": true, "writer": true, "singer": true}

// spoken says whether communicating is only done in what is asked next: "to
// communicate in Welsh", "communicating through Makaton".
func (r *reading) spoken(items []item, i int) bool {
	at := items[i].hi
	if i+1 >= len(items) || at >= len(r.tokens) || r.tokens[at].before&(apart|gapComma) != 0 {
		return false
	}
	if w := r.tokens[at].word; w != "in" && w != "through" && w != "using" && w != "by" && w != "via" {
		return false
	}
	next := items[i+1]
	return next.lo-at <= 3 && next.kind(r.taxonomy) != "quality" && strings.HasPrefix(r.tokens[items[i].lo].word, "communicat")
}

// beforeUnit says whether a number is one of a length of time: "at least 18
// months" is no age.
func (r *reading) beforeUnit(i int) bool {
	if i >= len(r.tokens) {
		return false
	}
	_, ok := yearsIn[r.tokens[i].word]
	return ok && (i+1 >= len(r.tokens) || r.tokens[i+1].word != "old" && r.tokens[i+1].word != "of")
}

// ownersOf says whether children are named only as those who have what stands
// next: "pupils who have EHCPs", "children with attachment difficulties".
func (r *reading) ownersOf(items []item, i int) bool {
	if items[i].id(r.taxonomy) != "exp-children" {
		return false
	}
	if i > 0 && items[i-1].kind(r.taxonomy) == "experience" && items[i-1].id(r.taxonomy) != "exp-relevant" && items[i].lo-items[i-1].hi <= 3 &&
		items[i].lo > items[i-1].hi && r.link(items[i-1].hi, items[i].lo) == linkDirect && r.oneOf(sentence{lo: items[i-1].hi, hi: items[i].lo}, items[i-1].hi, items[i].lo, "of", "for") {
		return true
	}
	if i+1 >= len(items) {
		return false
	}
	next, hi := items[i+1], r.pastAges(items[i].hi)
	if hi > items[i].hi && next.lo < hi && i+2 < len(items) {
		next = items[i+2] // "pupils aged 5 to 11 with autism"
	}
	if next.id(r.taxonomy) == "exp-relevant" || next.lo <= hi || next.lo-hi > 4 || r.parted(hi, next.lo) {
		return false
	}
	w := r.tokens[hi].word
	return w == "with" || w == "who" && r.oneOf(sentence{lo: hi, hi: next.lo}, hi, next.lo, "have", "has", "are", "may", "can", "struggle", "experience", "display", "present", "need")
}

// ofFamily says whether a need is only that of one's own child: "parent of a
// child with autism", "lived experience of neurodiversity".
func (r *reading) ofFamily(items []item, i int) bool {
	for j := max(0, i-2); j < i; j++ {
		had := &items[j]
		if had.id(r.taxonomy) != "exp-parent" || items[i].kind(r.taxonomy) != "experience" && items[i].kind(r.taxonomy) != "knowledge" {
			continue
		}
		if items[i].lo-had.hi <= relativeReach && r.link(had.hi, items[i].lo) == linkDirect && items[i].lo >= had.hi &&
			r.oneOf(sentence{lo: had.hi, hi: items[i].lo}, had.hi, items[i].lo, "of", "with", "who", "whose", "for") {
			return true
		}
	}
	return false
}

// relativeReach is how many words may stand between a relative and the need.
const relativeReach = 7

// experiencedIn says whether a role only carries the need that its holder is
// experienced in: "an experienced SEND teaching assistant".
func (r *reading) experiencedIn(items []item, i int) bool {
	if i == 0 || items[i-1].kind(r.taxonomy) != "experience" || items[i-1].hi != items[i].lo {
		return false
	}
	from := items[i].from
	return r.tokens[from].word == "experienced"
}

// umbrellaOf says whether b is a narrower kind of a, at the same level, and the
// two are one phrase ("children with autism"), not members of a list.
func (r *reading) umbrellaOf(a, b item) bool {
	t := r.taxonomy
	if a.group > 0 && a.group == b.group || a.level != b.level || !t.closure[b.id(t)][a.id(t)] || t.closure[a.id(t)][b.id(t)] {
		return false
	}
	if b.id(t) == "exp-age-group" && r.oneOf(sentence{lo: a.hi, hi: b.lo + 1}, a.hi, b.lo+1, "of") {
		return false // "caring for children of that age": who, and how old
	}
	if a.lo < b.hi && b.lo < a.hi {
		return true
	}
	if a.kind(t) == "licence" && !r.oneOf(sentence{lo: a.lo, hi: a.hi}, a.lo, a.hi, "drive") {
		return false // "a licence with D1 entitlement" names both, "able to drive the minibus" one
	}
	first, second := a, b
	if b.lo < a.lo {
		first, second = b, a
	}
	return r.link(first.hi, second.lo) == linkDirect
}

// outdone says whether a general concept stands beside a kind of it that is
// stated in the same clause and is no alternative to it.
func (r *reading) outdone(items []item, i int) bool {
	t := r.taxonomy
	a := items[i]
	for j, b := range items {
		if j == i || b.level != a.level || b.concept == a.concept {
			continue
		}
		narrower := t.closure[b.id(t)][a.id(t)]
		if a.id(t) == "exp-relevant" {
			narrower = b.kind(t) == "experience" || b.head&headExperience != 0
		}
		if !narrower || b.id(t) == "exp-age-group" {
			continue
		}
		lo, hi := min(a.hi, b.hi), max(a.lo, b.lo)
		listed := a.kind(t) == "experience" && a.id(t) != "exp-relevant" && r.coordinated(lo, hi)
		if !r.alternatives(lo, hi) && !listed {
			return true
		}
	}
	return false
}

// alternatives says whether an "or" or an example word stands between.
func (r *reading) alternatives(lo, hi int) bool {
	for i := lo; i <= hi && i < len(r.tokens); i++ {
		if r.joinsOr(i) || i > lo && r.tokens[i].before&gapSlash != 0 {
			return true
		}
	}
	return len(r.within(lo, hi, cueExample)) > 0
}

// joinsOr says whether a token is an "or" that joins alternatives; "or
// equivalent" and "or above" join nothing.
func (r *reading) joinsOr(i int) bool {
	if r.tokens[i].word != "or" {
		return false
	}
	if i+3 < len(r.tokens) && r.tokens[i+1].word == "level" && r.tokens[i+3].word == "equivalent" {
		return false // "or Level 2 equivalent"
	}
	if i+2 < len(r.tokens) && r.tokens[i+1].word == "equivalent" && r.tokens[i+2].word == "experience" {
		return true
	}
	return i+1 >= len(r.tokens) || !notAlternative[r.tokens[i+1].word]
}

// notAlternative are words after "or" that name no alternative of their own.
var notAlternative = map[string]bool{"equivalent": true, "above": true, "higher": true, "over": true, "more": true, "better": true}

// coordinated says whether an "and" or a comma stands between.
func (r *reading) coordinated(lo, hi int) bool {
	for i := lo; i <= hi && i < len(r.tokens); i++ {
		if r.tokens[i].word == "and" || r.tokens[i].word == "including" || r.tokens[i].before&gapComma != 0 {
			return true
		}
	}
	return false
}
