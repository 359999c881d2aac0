package taxonomy

import "strings"

// asks says whether a sentence asks something of the candidate, as far as its
// opening and its subject tell. Under a person specification's headings
// everything but instructions and what "we" are does; elsewhere duties and
// descriptions do not.
func (r *reading) asks(s sentence) bool {
	if r.instructs(s) || r.questionBeforeOffer(s) {
		return false
	}
	if r.section != SectionNone {
		ours := r.tokens[s.lo].word == "we" || r.tokens[s.lo].word == "our"
		return !ours || !r.opensWith(s, cueAbout) || len(r.within(s.lo, s.hi, cueAsks)) > 0
	}
	if r.opensWith(s, cueOfferOpener) && !r.turns(s) || r.pays(s) {
		return false
	}
	duty, about := r.opensWith(s, cueDuty) && !r.subjectNeeds(s) && !r.wholly(s) || r.isTask(s), r.opensWith(s, cueAbout) || r.willDo(s) || r.holderDoes(s)
	switch {
	case duty:
		return len(r.within(s.lo, s.hi, cuePreferAfter, cueNeedAfter, cueExperience, cueQualification)) > 0 &&
			!r.opensWith(s, cueAbout)
	case about && r.says(s):
		return true
	case about, s.hi-s.lo > proseWords:
		return r.saysItAsks(s) || r.requiresCheck(s)
	}
	return true
}

// requiresCheck says whether a sentence tells the reader which checks they will
// have to pass: "you will be required to join the PVG scheme".
func (r *reading) requiresCheck(s sentence) bool {
	if s.hi-s.lo < 5 || r.tokens[s.lo].word != "you" && r.tokens[s.lo].word != "youll" {
		return false
	}
	for i := s.lo + 2; i < min(s.lo+4, s.hi); i++ {
		if r.tokens[i].word == "required" {
			for j := i + 1; j < s.hi; j++ {
				if r.checkAt(s, j) {
					return true
				}
			}
		}
	}
	return false
}

// checkAt says whether a check is named at a token: "enhanced DBS".
func (r *reading) checkAt(s sentence, i int) bool {
	end, values := r.taxonomy.asked.longest(r.tokens[:s.hi], i)
	if end == i {
		return false
	}
	c := r.taxonomy.senses[values[0]].concept
	return c >= 0 && r.taxonomy.concepts[c].Kind == "check"
}

// turns says whether a sentence that opens with an offer goes on to ask:
// "training is provided, but you must have experience of autism".
func (r *reading) turns(s sentence) bool {
	for i := s.lo + 1; i < s.hi-1; i++ {
		if concedes[r.tokens[i].word] && r.bracket[i] < 0 {
			return len(r.within(s.lo, i, cueOffer)) > 0 && len(r.within(i, s.hi, cueOffer)) == 0 &&
				len(r.within(i, s.hi, cueNeedBefore, cueNeedAfter, cueAsks)) > 0
		}
	}
	return false
}

// isTask says whether a sentence is nothing but an infinitive and what it is
// done to: "to escort the pupils to the bus".
func (r *reading) isTask(s sentence) bool {
	if r.tokens[s.lo].word != "to" || s.lo+1 >= s.hi {
		return false
	}
	return !ofBeing[r.tokens[s.lo+1].word] && !r.taxonomy.asked.light[r.tokens[s.lo+1].id]
}

// subjectNeeds says whether what looks like the verb of a duty is who must have
// something: "mentors need patience", "support staff must …".
func (r *reading) subjectNeeds(s sentence) bool {
	for i := s.lo + 1; i < min(s.lo+3, s.hi); i++ {
		if w := r.tokens[i].word; (w == "need" || w == "must" || w == "should") && strings.HasSuffix(r.written(i-1), "s") || w == "must" {
			return true
		}
	}
	return false
}

// holderDoes says whether a sentence tells what the holder of a post does: "the
// ELSA will run a club". What they will need or be may be asked.
func (r *reading) holderDoes(s sentence) bool {
	switch r.tokens[s.lo].word {
	case "the", "our", "this", "each", "every":
	default:
		return false
	}
	for i := s.lo + 2; i < min(s.hi-1, s.lo+holderReach) && r.tokens[i].before&(apart|gapComma) == 0; i++ {
		if r.tokens[i].word == "will" {
			i = r.pastAdverbs(i+1, s.hi)
			return i < s.hi && !ofBeing[r.tokens[i].word]
		}
	}
	return false
}

// holderReach is how many words "the … will" may be.
const holderReach = 7

// pastAdverbs is where the adverbs that stand at a token end.
func (r *reading) pastAdverbs(i, hi int) int {
	for i < hi && (r.tokens[i].word == "also" || r.tokens[i].word == "then" || strings.HasSuffix(r.tokens[i].word, "ly")) {
		i++
	}
	return i
}

// afterYouWill is where a sentence that opens with "you will" goes on; -1 for
// any other.
func (r *reading) afterYouWill(s sentence) int {
	switch i := s.lo; {
	case r.tokens[i].word == "youll":
		return i + 1
	case i+1 < s.hi && r.tokens[i].word == "you" && r.tokens[i+1].word == "will":
		return i + 2
	}
	return -1
}

// willDo says whether a sentence opens with what the candidate will do in the
// post: "you will also prepare …". What one will have or be may be asked.
func (r *reading) willDo(s sentence) bool {
	i := r.afterYouWill(s)
	if i < 0 {
		return false
	}
	i = r.pastAdverbs(i, s.hi)
	return i < s.hi && !ofBeing[r.tokens[i].word]
}

// ofBeing are the verbs after "you will" that say what a person is or has.
var ofBeing = map[string]bool{
	"need": true, "have": true, "be": true, "hold": true, "possess": true, "bring": true, "demonstrate": true, "show": true,
	"enjoy": true, "understand": true, "know": true, "love": true, "thrive": true, "share": true, "want": true, "value": true, "care": true,
	"believe": true, "require": true, "undergo": true, "display": true, "already": true, "like": true, "relish": true, "see": true, "come": true,
	"own": true, "drive": true, "live": true, "speak": true,
}

// saysItAsks says whether prose has a word of asking. The "required" of an
// opening "you will be required to" asks for nothing but work, unless it is to
// hold or to have something.
func (r *reading) saysItAsks(s sentence) bool {
	end := s.lo
	for _, c := range r.cues {
		if c.lo == s.lo && c.cue == cueAbout && c.hi <= s.hi {
			end = max(end, c.hi)
		}
	}
	for i := end; i < min(end+2, s.hi); i++ {
		if owning[r.tokens[i].word] {
			end = s.lo
		}
	}
	ofPupils := len(r.within(s.lo, min(s.lo+2, s.hi), cuePupil)) > 0
	for _, c := range r.within(s.lo, s.hi, cueAsks, cuePreferBefore, cuePreferAfter, cueNeedAfter) {
		if c.hi > end && (!ofPupils || !r.pupilsNeed(c)) && !r.requiresDuty(s, c) {
			return true
		}
	}
	return false
}

// requiresDuty says whether what is required is work, not something that one
// has: "this role is required to provide personal care".
func (r *reading) requiresDuty(s sentence, c span) bool {
	if r.tokens[c.hi-1].word != "required" || c.hi+1 >= s.hi || r.tokens[c.hi].word != "to" || owning[r.tokens[c.hi+1].word] {
		return false
	}
	duties := r.within(c.hi, s.hi, cueDuty)
	return len(duties) > 0 && duties[0].lo <= c.hi+1
}

// pupilsNeed says whether a word of need, in a sentence about pupils, is of what
// they need rather than of whom: "the pupils … require personal care".
func (r *reading) pupilsNeed(c span) bool {
	switch r.tokens[c.lo].word {
	case "need", "require", "needs", "requires":
	default:
		return false
	}
	if c.hi > c.lo+1 || c.hi >= len(r.tokens) {
		return false
	}
	switch r.tokens[c.hi].word {
	case "a", "an", "someone", "staff", "adult", "people", "somebody":
		return false
	}
	return true
}

// owning are the verbs by which something that a person has is required.
var owning = map[string]bool{
	"have": true, "hold": true, "undergo": true, "possess": true, "obtain": true, "complete": true, "be": true, "show": true,
	"demonstrate": true, "pass": true, "drive": true, "travel": true, "apply": true,
}

// says reports whether a sentence that speaks to the reader says what the
// reader is like: "you'll be clear, organised and creative".
func (r *reading) says(s sentence) bool {
	i := r.afterYouWill(s)
	if i < 0 {
		return false
	}
	if i >= s.hi || r.tokens[i].word != "be" {
		return false
	}
	for i++; i < s.hi && (r.tokens[i].word == "a" || r.tokens[i].word == "an" || r.taxonomy.asked.light[r.tokens[i].id]); i++ {
	}
	if i >= s.hi {
		return false
	}
	end, values := r.taxonomy.asked.longest(r.tokens[:s.hi], i)
	if end == i || r.taxonomy.senses[values[0]].concept < 0 {
		return false
	}
	kind := r.taxonomy.concepts[r.taxonomy.senses[values[0]].concept].Kind
	return kind == "quality" || kind == "skill" && end == i+1
}

// proseWords is the length in words from which a sentence outside a person
// specification counts as prose: it must say that it asks.
const proseWords = 16

// instructs says whether a sentence is about the advert itself: its fields, how
// to apply, how criteria are assessed.
func (r *reading) instructs(s sentence) bool {
	if r.opensWith(s, cueInstructionOpener) {
		return !r.considers(s)
	}
	for _, c := range r.within(s.lo, s.hi, cueInstruction) {
		if !r.insideWording(s, c.lo, c.hi) && !r.isMethod(s, c.lo) && !r.available(s, c.lo) {
			return !r.considers(s)
		}
	}
	return false
}

// isMethod says whether the last cell of a line begins at a token and names how
// a criterion is assessed: "… / Application form". What stands before it is asked.
func (r *reading) isMethod(s sentence, at int) bool {
	if at == s.lo || r.tokens[at].before&gapSlash == 0 {
		return false
	}
	for i := at; i < s.hi; i++ {
		if !methods[r.tokens[i].word] {
			return false
		}
	}
	return true
}

// available says whether days of the week are those that the candidate must be
// there: "available full time, Monday to Friday".
func (r *reading) available(s sentence, at int) bool {
	return r.tokens[at].word == "monday" && r.oneOf(s, s.lo, at, "available", "availability", "commit")
}

// methods are the words by which a specification says how it is assessed.
var methods = map[string]bool{
	"application": true, "form": true, "interview": true, "reference": true, "certificate": true, "letter": true, "cv": true, "task": true,
	"test": true, "observation": true, "panel": true, "and": true, "or": true, "a": true, "i": true, "r": true, "c": true, "presentation": true,
}

// considers says whether a sentence about applications lets those in who do not
// have the thing yet: "applications will be considered if working towards it".
func (r *reading) considers(s sentence) bool {
	return r.oneOf(s, s.lo, s.hi, "considered", "accepted", "welcome", "welcomed") && r.oneOf(s, s.lo, s.hi, "toward", "towards")
}

// insideWording says whether some words are only a part of a concept's wording:
// the "but" of "firm but fair", the hours of "flexible working hours".
func (r *reading) insideWording(s sentence, lo, hi int) bool {
	for i := max(s.lo, lo-wordingReach); i <= lo; i++ {
		end, values := r.taxonomy.asked.longest(r.tokens[:s.hi], i)
		if end >= hi && (i < lo || end > hi) && r.taxonomy.senses[values[0]].concept >= 0 {
			return true
		}
	}
	return false
}

// wordingReach is how many words before some others a wording of theirs may
// begin.
const wordingReach = 3

// pays says whether a sentence is about money.
func (r *reading) pays(s sentence) bool {
	from := r.tokens[s.lo].start
	if s.lo > 0 {
		from = r.tokens[s.lo-1].end
	}
	for _, c := range r.text[from:r.tokens[s.hi-1].end] {
		if c == '£' {
			return true
		}
	}
	return false
}

// opensWith says whether a sentence begins with a cue of a kind, after any
// numbering and joining words.
func (r *reading) opensWith(s sentence, kind cue) bool {
	i := s.lo
	for i < s.hi-1 && (isNumber(r.tokens[i].word) || joining[r.tokens[i].word]) {
		i++
	}
	for _, c := range r.cues {
		if c.lo == i && c.cue == kind && c.hi <= s.hi {
			return true
		}
	}
	return false
}

// wholly reports whether "complete" opens a sentence as an adjective: "complete
// understanding of".
func (r *reading) wholly(s sentence) bool {
	if r.tokens[s.lo].word != "complete" {
		return false
	}
	for _, c := range r.cues {
		if c.lo == s.lo+1 && (c.cue == cueKnowledge || c.cue == cueExperience) {
			return true
		}
	}
	return false
}

// joining words stand before a sentence's real opening.
var joining = map[string]bool{"and": true, "or": true, "also": true, "then": true, "additionally": true, "furthermore": true}

// questionBeforeOffer says whether a sentence asks what the next one offers:
// "Are you Thrive trained? If not, we can train you."
func (r *reading) questionBeforeOffer(s sentence) bool {
	if s.hi >= len(r.tokens) || !r.endsWithQuestion(s) {
		return false
	}
	end := s.hi + 1
	for end < len(r.tokens) && r.tokens[end].before&gapBreak == 0 {
		end++
	}
	return len(r.within(s.hi, end, cueOffer)) > 0
}

func (r *reading) endsWithQuestion(s sentence) bool {
	next := len(r.text)
	if s.hi < len(r.tokens) {
		next = r.tokens[s.hi].start
	}
	for _, c := range r.text[r.tokens[s.hi-1].end:next] {
		if c == '?' {
			return true
		}
	}
	return false
}

// offered says whether a clause promises the candidate something. An offer in a
// bracket speaks for the bracket only.
func (r *reading) offered(s sentence) bool {
	for _, c := range r.within(s.lo, s.hi, cueOffer) {
		if r.bracket[c.lo] < 0 && !r.brought(s, c) && !r.attends(s, c) {
			return true
		}
	}
	return false
}

// brought says whether experience that often is an advert's offer is the
// candidate's here: "you'll bring hands-on experience".
func (r *reading) brought(s sentence, c span) bool {
	if acquiring[r.tokens[c.lo].word] || r.acquires(s, c.lo) {
		return r.hopes(s, c.lo)
	}
	if r.tokens[c.hi-1].word != "experience" {
		return false
	}
	return r.section != SectionNone || len(r.within(s.lo, c.lo, cueAsks, cuePreferBefore, cueNeedBefore)) > 0
}

// attends says whether what often is an offer is what the candidate must be
// willing to go to: "willingness to attend all paid training sessions".
func (r *reading) attends(s sentence, c span) bool {
	if !r.oneOf(s, c.lo-attendReach, c.lo, "attend", "undertake", "complete", "undergo", "participate", "join") {
		return false
	}
	return r.oneOf(s, s.lo, c.lo, "willing", "willingness", "prepared", "able", "ability", "happy", "commitment", "committed", "must", "ready")
}

// attendReach is how many words may stand between "attend" and what is attended.
const attendReach = 4

// hopes says whether somebody is said to hope for something: "a graduate looking
// to gain hands-on experience". What they hope for is no offer and not asked.
func (r *reading) hopes(s sentence, at int) bool {
	return r.oneOf(s, at-soughtReach, at, "looking", "hoping", "wanting", "want", "keen", "wish", "wishing", "eager", "seeking")
}

// taught says whether a bracket right after a training offers it: "safer
// handling (we can train you)". What is no training stays asked.
func (r *reading) taught(s sentence, it item) bool {
	if it.kind(r.taxonomy) != "training" || r.oneOf(s, s.lo, it.lo, "willing", "willingness", "prepared") {
		return false
	}
	for i := it.hi; i < min(it.hi+2, s.hi); i++ {
		if r.bracket[i] == i && r.bracket[it.lo] != i {
			return r.offeredBracket(i)
		}
	}
	return false
}

// offeredBracket says whether a token stands in a bracket that makes an offer.
func (r *reading) offeredBracket(i int) bool {
	open := r.bracket[i]
	if open < 0 {
		return false
	}
	for _, c := range r.cues {
		if c.cue == cueOffer && r.bracket[c.lo] == open {
			return true
		}
	}
	return false
}
