package taxonomy

import "strings"

// placeReach is how many adjectives may stand between a quality and the place
// or the people that they all describe.
const placeReach = 6

// describesPlace says whether a quality is said of where the post is, not of
// the candidate: "join a friendly, hard-working and dedicated team".
func (r *reading) describesPlace(it item) bool {
	word := it.hi-it.lo == 1 || it.hi-it.lo == 2 && r.tokens[it.lo].word == "hard"
	if !word || it.kind(r.taxonomy) != "quality" || it.head&headInterest != 0 {
		return false
	}
	for i := it.hi; i < min(len(r.tokens), it.hi+placeReach); i++ {
		tok := r.tokens[i]
		if tok.before&apart != 0 || leadsOn[tok.word] {
			return false
		}
		if places[tok.word] {
			return i+1 >= len(r.tokens) || r.tokens[i+1].before&apart != 0 || !ofTeam[r.tokens[i+1].word]
		}
	}
	return false
}

// Words by which describesPlace tells a place from a person.
var (
	places = map[string]bool{
		"team": true, "school": true, "staff": true, "environment": true, "community": true, "department": true, "atmosphere": true,
		"academy": true, "college": true, "trust": true, "workplace": true, "culture": true, "setting": true, "agency": true, "colleague": true,
		"colleagues": true,
	}
	ofTeam = map[string]bool{
		"player": true, "member": true, "worker": true, "work": true, "working": true, "spirit": true, "leader": true, "focused": true,
		"orientated": true, "oriented": true, "practitioner": true, "assistant": true, "professional": true, "mentor": true, "based": true,
		"support": true, "players": true, "members": true, "workers": true,
	}
	leadsOn = map[string]bool{
		"to": true, "with": true, "in": true, "who": true, "for": true, "of": true, "at": true, "as": true, "that": true, "when": true,
		"on": true, "towards": true, "within": true, "or": true, "be": true, "is": true, "are": true, "can": true, "will": true, "from": true,
	}
)

// onlyWhere says whether a school is only where other experience is from, as in
// "experience of challenging behaviour in an educational setting".
func (r *reading) onlyWhere(items []item, i int) bool {
	it := items[i]
	if i == 0 || it.id(r.taxonomy) != "exp-school" {
		return false
	}
	had := items[i-1]
	switch id := had.id(r.taxonomy); {
	case had.kind(r.taxonomy) != "experience", id == "exp-children", id == "exp-relevant", id == "exp-ta", had.hi > it.lo, r.parted(had.hi, it.lo):
		return false
	case had.hi == it.lo && r.tokens[it.lo].word != "in" && r.tokens[it.lo].word != "within":
		return r.tokens[it.lo].before&gapSlash == 0 // "therapeutic education"
	}
	from := had.hi
	for from < it.hi && r.tokens[from].word != "in" && r.tokens[from].word != "within" {
		if w := r.tokens[from].word; w == "and" || w == "or" {
			return false
		}
		from++
	}
	return from < it.hi && from-had.hi <= 2 && it.lo-from <= 3
}

// employerIs says whether a commitment is the employer's own: "Ashby Trust is
// committed to promoting the welfare of children". Of the candidate it is asked.
func (r *reading) employerIs(at int) bool {
	for i := at; i > max(0, at-commitmentReach) && r.tokens[i].before&gapBreak == 0; i-- {
		switch r.tokens[i].word {
		case "committed", "dedicated":
		default:
			continue
		}
		for j := i - 1; j >= max(0, i-3); j-- {
			switch r.tokens[j].word {
			case "is", "are", "remain":
				return j > 0 && !ofCandidate[r.tokens[j-1].word]
			}
			if r.tokens[j].before&gapBreak != 0 {
				break
			}
		}
		return false
	}
	return false
}

// commitmentReach is how many words a commitment may reach back from what it is
// to.
const commitmentReach = 10

// ofCandidate are the words for whoever applies, as the subject of "is".
var ofCandidate = map[string]bool{
	"you": true, "who": true, "they": true, "candidate": true, "applicant": true, "person": true, "someone": true, "staff": true,
	"individual": true, "postholder": true, "holder": true, "must": true, "should": true, "people": true, "that": true,
}

// qualifies says whether an adjective that names a need by itself only says how
// great the next one is: "complex mental health needs", "severe autism".
func (r *reading) qualifies(items []item, i int) bool {
	it := items[i]
	if it.hi-it.lo != 1 || i+1 >= len(items) || items[i+1].lo != it.hi || items[i+1].kind(r.taxonomy) != it.kind(r.taxonomy) {
		return false
	}
	switch r.tokens[it.lo].word {
	case "complex", "severe", "profound", "vulnerable", "disadvantaged", "significant":
		return r.tokens[it.hi].before&(apart|gapComma|gapSlash) == 0
	}
	return false
}

// describesThing says whether "positive" is said of a thing, not of the
// candidate: "encourage positive play".
func (r *reading) describesThing(items []item, i int) bool {
	it := items[i]
	if it.hi-it.lo != 1 || r.tokens[it.lo].word != "positive" || it.hi >= len(r.tokens) {
		return false
	}
	next := r.tokens[it.hi]
	if next.before&(apart|gapComma|gapSlash) != 0 || leadsOn[next.word] || i+1 < len(items) && items[i+1].lo == it.hi {
		return false
	}
	switch next.word {
	case "and", "but", "yet", "person", "people", "individual", "candidate", "member", "nature", "energy", "personality":
		return false
	}
	return true
}

// isProfession says whether "professional" is a noun: "other professionals", "a
// compassionate professional to join us".
func (r *reading) isProfession(items []item, i int) bool {
	it := items[i]
	if it.hi-it.lo != 1 || r.tokens[it.lo].word != "professional" {
		return false
	}
	if strings.HasSuffix(r.written(it.lo), "s") {
		return true
	}
	if i+1 < len(items) && items[i+1].lo == it.hi && r.tokens[it.hi].before&(apart|gapComma|gapSlash) == 0 && r.tokens[it.hi].word == "confidentiality" {
		return true // it is the confidentiality that is professional
	}
	described := i > 0 && items[i-1].hi == it.lo && r.tokens[it.lo].before&(gapComma|gapSlash) == 0
	return described || it.hi < len(r.tokens) && r.tokens[it.hi].before&apart == 0 && r.oneOf(sentence{lo: it.hi, hi: it.hi + 1}, it.hi, it.hi+1, "to", "who", "working", "looking")
}
