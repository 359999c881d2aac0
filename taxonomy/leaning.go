package taxonomy

import "strings"

// Leaning says what a line of a list is likely to be by itself: something asked
// (a quality, a skill, an experience, a qualification), a piece of work, or
// something given. It is "" where the line does not tell. A list is judged by
// the leaning of its lines together, since each of them may mislead: "Building
// trust" is a duty in one list and a quality in the next.
func (t *Taxonomy) Leaning(line string) Part {
	r := &reading{taxonomy: t, section: SectionNone, text: capText(line)}
	r.tokens = tokenise(r.text, t.vocabulary)
	r.markBrackets()
	r.markCues()
	all := r.sentences()
	if len(all) == 0 {
		return ""
	}
	s := all[0]
	switch {
	case r.offered(s), r.pays(s), strings.HasPrefix(r.text, "£"):
		return PartOffer
	case r.instructs(s):
		return ""
	case r.opensAsking(s):
		return PartRequirements
	case r.opensWith(s, cueOfferOpener):
		return PartOffer
	case r.opensWith(s, cueDuty), r.opensWithGerund(s):
		return PartDuties
	}
	return ""
}

// opensAsking says whether a line opens as criteria do: with a head word
// ("experience of", "able to"), a verb of having or being, or a quality, after
// articles and adjectives.
func (r *reading) opensAsking(s sentence) bool {
	if possesses[r.tokens[s.lo].word] {
		return true
	}
	for _, it := range r.qualifications(s) {
		if it.lo < s.lo+adjectives {
			return true
		}
	}
	for i := s.lo; i < min(s.lo+adjectives, s.hi); i++ {
		for _, c := range r.cues {
			if c.lo == i && c.hi <= s.hi && asksBy[c.cue] {
				return true
			}
		}
		if r.qualityAt(s, i) {
			return true
		}
		if r.tokens[i].before&apart != 0 && i > s.lo || !r.describes(i) {
			return false
		}
	}
	return false
}

// adjectives is how many words may stand before the first that tells.
const adjectives = 5

// asksBy are the cues that criteria open with.
var asksBy = map[cue]bool{
	cueExperience: true, cueKnowledge: true, cueQualification: true, cueSkill: true, cueInterest: true, cueNeedBefore: true,
}

// possesses are the verbs of what a person has or is, as they stand at the start
// of a line that completes "someone who" or "you".
var possesses = map[string]bool{
	"has": true, "have": true, "having": true, "hold": true, "holds": true, "possess": true, "possesses": true, "is": true, "are": true,
	"can": true, "must": true, "should": true, "understand": true, "understands": true, "enjoy": true, "enjoys": true,
	"demonstrate": true, "demonstrates": true, "show": true, "shows": true, "bring": true, "brings": true, "evidence": true,
	"minimum": true, "someone": true, "somebody": true, "want": true, "wants": true, "value": true, "values": true, "think": true,
	"thinks": true, "love": true, "loves": true, "believe": true, "believes": true, "know": true, "knows": true,
}

// qualityAt says whether a wording of a quality, a skill or something certified
// begins at a token.
func (r *reading) qualityAt(s sentence, i int) bool {
	end, values := r.taxonomy.asked.longest(r.tokens[:s.hi], i)
	if end == i {
		return false
	}
	c := r.taxonomy.senses[values[0]].concept
	if c < 0 {
		return false
	}
	switch r.taxonomy.concepts[c].Kind {
	case "quality", "qualification", "licence", "check":
		return true
	}
	return false
}

// describes says whether a token is an article, an adjective or a joining word,
// as far as its form tells.
func (r *reading) describes(i int) bool {
	word := r.tokens[i].word
	if r.taxonomy.asked.light[r.tokens[i].id] && r.tokens[i].id != 0 || joining[word] || word == "a" || word == "an" || word == "be" {
		return true
	}
	for _, ending := range []string{"ed", "ive", "ful", "able", "ible", "ous", "ent", "ant", "ic", "al", "ly", "en", "ary"} {
		if len(word) > len(ending)+2 && strings.HasSuffix(word, ending) {
			return true
		}
	}
	return false
}

// opensWithGerund says whether a line begins with a verb in -ing that has an
// object or an adverb: "Moving around the classroom".
func (r *reading) opensWithGerund(s sentence) bool {
	word := r.tokens[s.lo].word
	return len(word) > 5 && strings.HasSuffix(word, "ing") && !adjectival[word] && s.hi-s.lo > 2
}

// adjectival are the words in -ing that name a quality, or a thing.
var adjectival = map[string]bool{
	"willing": true, "outstanding": true, "caring": true, "understanding": true, "training": true, "loving": true, "nurturing": true,
	"welcoming": true, "engaging": true, "inspiring": true, "driving": true, "teaching": true, "nursing": true, "counselling": true,
	"parking": true, "nothing": true, "anything": true, "something": true, "everything": true, "during": true, "wellbeing": true,
	"ongoing": true, "underpinning": true, "speaking": true, "morning": true, "evening": true,
}
