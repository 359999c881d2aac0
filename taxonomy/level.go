package taxonomy

// levels gives every token of a clause its level; an empty one where nothing is
// asked. The words of the clause beat the section it stands under.
func (r *reading) levels(s sentence) []Level {
	base := Essential
	if r.section == SectionDesirable {
		base = Desirable
	}
	out := make([]Level, s.hi-s.lo)
	for i := range out {
		out[i] = base
	}
	r.mark(s, out)
	r.context(s, out)
	r.affected(s, out)
	r.reason(s, out)
	r.letterCodes(s, out)
	if r.denies(s) {
		for i := range out {
			if out[i] != Desirable {
				out[i] = ""
			}
		}
	}
	for i := range out {
		if r.offeredBracket(s.lo + i) {
			out[i] = ""
		}
	}
	return out
}

// mark applies the words of level in the order of the text: one that stands
// before what it governs reaches to the end of the clause, one that stands
// after it reaches back to the last such word. In a bracket of its own with
// something to govern, it governs the bracket.
func (r *reading) mark(s sentence, out []Level) {
	set := func(lo, hi int, level Level) {
		for i := max(lo, s.lo); i < min(hi, s.hi); i++ {
			out[i-s.lo] = level
		}
	}
	covered := s.lo
	for _, c := range r.within(s.lo, s.hi, cuePreferBefore, cuePreferAfter, cuePreferLast, cueNeedBefore, cueNeedAfter) {
		level := Desirable
		if c.cue == cueNeedBefore || c.cue == cueNeedAfter {
			level = Essential
		}
		if c.cue == cuePreferLast && !r.last(s, c.hi) || level == Essential && r.inside(s, c, cueDenial) || r.refused(s, c) || r.namesExam(s, c) {
			continue
		}
		if open := r.bracket[c.lo]; open >= 0 {
			end := open
			for end < s.hi && r.bracket[end] == open {
				end++
			}
			if r.names(sentence{lo: open, hi: end}) {
				set(open, end, level)
				continue
			}
		}
		forward := c.cue == cuePreferBefore || c.cue == cueNeedBefore
		if !forward && !r.names(sentence{lo: covered, hi: c.lo}) {
			forward = true
		}
		if forward {
			// From the cue's own words: "aspiring" is a part of "aspiring teacher".
			set(c.lo, r.reach(s, c.hi), level)
			continue
		}
		set(covered, c.lo, level)
		covered = c.hi
	}
}

// inside says whether a cue is a part of a longer one of another kind: the
// "essential" of "not essential".
func (r *reading) inside(s sentence, c span, kind cue) bool {
	for _, d := range r.within(s.lo, s.hi, kind) {
		if d.lo <= c.lo && c.hi <= d.hi {
			return true
		}
	}
	return false
}

// refused says whether "considered" is said of what is not: "other subjects
// cannot be considered".
func (r *reading) refused(s sentence, c span) bool {
	after := c.cue == cuePreferAfter || c.cue == cuePreferLast
	return after && r.oneOf(s, c.lo-2, c.lo, "not", "cannot", "cant", "wont")
}

// namesExam says whether "essential" is the first word of an exam's name: "GCSE
// or Essential Skills Level 2".
func (r *reading) namesExam(s sentence, c span) bool {
	return r.tokens[c.lo].word == "essential" && c.lo > s.lo && r.oneOf(s, c.hi, c.hi+1, "skill") && r.oneOf(s, c.hi, c.hi+4, "level")
}

// reach says how far a word that stands before what it governs reaches: to the
// clause's end, or to a comma after a bracket, where the sentence goes on from
// before it ("preferably on the Update Service (we can help), two references").
func (r *reading) reach(s sentence, from int) int {
	for i := from + 1; i < s.hi; i++ {
		if r.tokens[i].before&gapClose != 0 && r.tokens[i].before&gapComma != 0 {
			return i
		}
	}
	return s.hi
}

// last says whether nothing but a bracket follows in the clause.
func (r *reading) last(s sentence, i int) bool {
	return i >= s.hi || r.tokens[i].before&gapOpen != 0 || concedes[r.tokens[i].word]
}

// context empties what only says what something is for or where it comes from:
// "so that pupils can …", "(whether as a parent or at work)". In a bracket it
// reaches to the bracket's end, else to the clause's.
func (r *reading) context(s sentence, out []Level) {
	for _, c := range r.within(s.lo, s.hi, cuePurpose, cueProvenance) {
		if c.cue == cuePurpose && c.lo > s.lo && r.tokens[c.lo].word == "to" && leadsToVerb[r.tokens[c.lo-1].word] {
			continue // "able to provide" is no purpose
		}
		opens := c.cue == cuePurpose && c.lo == s.lo
		if opens && !r.commaAfter(c.hi, s.hi) {
			continue // where the reason ends cannot be told
		}
		open := r.bracket[c.lo]
		for i := c.lo; i < s.hi && r.bracket[i] == open; i++ {
			aside := opens || c.cue == cueProvenance && r.inserted(c)
			if i >= c.hi && (aside && r.tokens[i].before&gapComma != 0 || r.resumes(i, s.hi)) {
				break
			}
			out[i-s.lo] = ""
		}
	}
}

// affected empties what a thing only acts on: "the impact of trauma on learning"
// asks nothing about learning, "how ADHD affects behaviour" nothing about
// behaviour. What stands before it must name something.
func (r *reading) affected(s sentence, out []Level) {
	for i := s.lo; i < s.hi; i++ {
		from := r.actsOn(i, s.hi)
		if from == i || !r.names(sentence{lo: s.lo, hi: from - 1}) {
			continue
		}
		for ; from < s.hi && r.tokens[from].before&(apart|gapComma) == 0 && !r.headAt(from); from++ {
			out[from-s.lo] = ""
		}
	}
}

// reason empties what is only given as the reason for what is asked after it:
// "the work can mean lifting, so you must be fit". What itself is asked stays.
func (r *reading) reason(s sentence, out []Level) {
	for i := s.lo + 2; i < s.hi-2; i++ {
		if w := r.tokens[i].word; w != "so" && w != "therefore" || r.tokens[i].before&(gapComma|gapDash) == 0 || r.tokens[i+1].word == "that" {
			continue
		}
		asked := []cue{cueNeedBefore, cueNeedAfter, cuePreferBefore, cuePreferAfter}
		if len(r.within(i, min(i+reasonReach, s.hi), asked...)) == 0 || len(r.within(s.lo, i, asked...)) > 0 {
			continue
		}
		for j := s.lo; j < i; j++ {
			out[j-s.lo] = ""
		}
	}
}

// reasonReach is within how many words after "so" a word of need follows.
const reasonReach = 6

// actsOn gives where the thing begins that a word of effect is about, or i.
func (r *reading) actsOn(i, hi int) int {
	switch r.tokens[i].word {
	case "affect", "affecting", "influence", "influencing":
		return i + 1
	case "itself", "themselves":
		if i > 0 && showing[verbStem(r.tokens[i-1].word)] && i+1 < hi && (r.tokens[i+1].word == "in" || r.tokens[i+1].word == "a" || r.tokens[i+1].word == "as") {
			return i + 2
		}
	case "impact", "effect", "effects":
		for j := i + 1; j < min(hi, i+effectReach); j++ {
			if w := r.tokens[j].word; w == "on" || w == "upon" {
				return j + 1
			}
		}
	}
	return i
}

// showing are the stems of the verbs by which a thing shows itself in another.
var showing = stems("show", "present", "manifest", "reveal", "express")

// effectReach is how many words "the impact of … on" may be.
const effectReach = 9

// headAt says whether a head word begins at a token.
func (r *reading) headAt(i int) bool {
	for _, c := range r.cues {
		if _, ok := headOfCue[c.cue]; ok && c.lo == i && c.cue != cueExperienceWeak {
			return true
		}
	}
	return false
}

// resumes says whether "and who …" goes on at a token with what the candidate is
// like: "stays calm when pupils are upset and who never gives up".
func (r *reading) resumes(i, hi int) bool {
	return r.tokens[i].word == "and" && i+1 < hi && r.tokens[i+1].word == "who"
}

// commaAfter says whether a comma stands in a stretch.
func (r *reading) commaAfter(lo, hi int) bool {
	for i := lo; i < hi; i++ {
		if r.tokens[i].before&gapComma != 0 {
			return true
		}
	}
	return false
}

// inserted says whether a provenance stands between commas, so that the clause
// goes on behind it: "experience, paid or voluntary, with children".
func (r *reading) inserted(c span) bool {
	switch r.tokens[c.hi-1].word {
	case "paid", "unpaid", "voluntary":
		return r.tokens[c.lo].before&gapComma != 0
	}
	return false
}

// leadsToVerb are the words whose "to" begins what is asked, not what for.
var leadsToVerb = map[string]bool{
	"able": true, "ability": true, "willing": true, "willingness": true, "prepared": true, "ready": true, "happy": true, "capacity": true,
	"capable": true, "confident": true, "confidence": true, "keen": true, "skill": true, "desire": true, "need": true, "required": true,
	"expected": true, "how": true, "commitment": true, "committed": true, "have": true, "comfortable": true, "competence": true, "aptitude": true,
}

// letterCodes applies the codes of printed person specifications: "(E)", "(D)".
func (r *reading) letterCodes(s sentence, out []Level) {
	for i := s.lo; i < s.hi; i++ {
		alone := r.bracket[i] == i && (i+1 >= len(r.tokens) || r.bracket[i+1] != i)
		if !alone {
			continue
		}
		var level Level
		switch r.tokens[i].word {
		case "e":
			level = Essential
		case "d":
			level = Desirable
		default:
			continue
		}
		for j := i - 1; j >= s.lo && r.bracket[j] < 0; j-- {
			out[j-s.lo] = level
		}
	}
}

// denies says whether a clause takes back what it names: "not essential". A
// clause that calls the thing desirable as well does not.
func (r *reading) denies(s sentence) bool {
	for _, c := range r.within(s.lo, s.hi, cueDenial) {
		if r.bracket[c.lo] < 0 || r.bracket[c.lo] == s.lo {
			return true
		}
	}
	return r.opensWithNo(s)
}

// opensWithNo says whether a clause is one like "no teaching qualification
// needed": "no" before, a word of need behind what is named.
func (r *reading) opensWithNo(s sentence) bool {
	if r.tokens[s.lo].word != "no" {
		return false
	}
	for _, c := range r.within(s.lo, s.hi, cueNeedAfter) {
		if c.lo-s.lo <= 6 {
			return true
		}
	}
	return false
}
