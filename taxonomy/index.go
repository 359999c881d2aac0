package taxonomy

// cue is a kind of word that says how a line is to be read.
type cue int32

// The cues, each a list of the data file's `language`.
const (
	cueExperience        cue = iota // what follows was done: "experience of"
	cueExperienceWeak               // the same where nothing else governs: "working with"
	cueKnowledge                    // what follows is known: "understanding of"
	cueQualification                // what follows is certified: "qualification in"
	cueTraining                     // what follows was trained: "trained in"
	cueSkill                        // what follows can be done: "ability to"
	cueInterest                     // what follows is liked: "passion for"
	cuePreferBefore                 // what follows is desirable: "ideally"
	cuePreferAfter                  // what stands before is desirable: "an advantage"
	cuePreferLast                   // the same, at the end of a sentence only: "helps"
	cueNeedBefore                   // what follows is essential: "must"
	cueNeedAfter                    // what stands before is essential: "is a must"
	cueDenial                       // nothing is asked: "not required"
	cueOffer                        // the employer gives: "training provided"
	cueOfferOpener                  // the same, at the start of a sentence: "free"
	cueInstruction                  // about the advert itself: "to apply"
	cueInstructionOpener            // the same, at the start of a sentence: "hours"
	cueDuty                         // a sentence that opens so is a duty: "assist"
	cueAbout                        // a sentence that opens so describes: "our school"
	cueAsks                         // a description that asks all the same: "looking for"
	cuePurpose                      // what follows is what for: "so that"
	cueProvenance                   // what follows is where from: "gained in"
	cuePupil                        // a pupil, as one to whom relationships are
	cueAdult                        // an adult, likewise
	cueExample                      // examples follow: "such as"
	cueRelating                     // what is done with people: "engage"
	cueMotivating                   // what is done for pupils: "inspire"
	cueCount                        // how many cues there are
	cueNone              cue = -1
)

// cueKinds names the lists of the data file.
var cueKinds = map[string]cue{
	"experience": cueExperience, "experience_weak": cueExperienceWeak, "knowledge": cueKnowledge, "qualification": cueQualification,
	"training": cueTraining, "skill": cueSkill, "interest": cueInterest,
	"prefer_before": cuePreferBefore, "prefer_after": cuePreferAfter, "prefer_last": cuePreferLast,
	"need_before": cueNeedBefore, "need_after": cueNeedAfter, "denial": cueDenial,
	"offer": cueOffer, "offer_opener": cueOfferOpener, "instruction": cueInstruction,
	"instruction_opener": cueInstructionOpener, "duty": cueDuty, "about": cueAbout, "asks": cueAsks, "example": cueExample,
	"purpose": cuePurpose, "provenance": cueProvenance, "pupil": cuePupil, "adult": cueAdult, "relating": cueRelating,
	"motivating": cueMotivating,
}

// condition says which head word a wording needs before it names a concept.
type condition uint8

const (
	always           condition = iota // the wording names the concept by itself
	underExperience                   // only where experience is spoken of
	underKnowledge                    // where knowledge is spoken of, or where nothing is
	topicOfKnowledge                  // only where knowledge is spoken of
)

// sense is one reading of a wording.
type sense struct {
	concept   int // index in Taxonomy.concepts; -1 for a wording to be ignored
	condition condition
	topic     bool // from the topics: what experience or knowledge is about
}

// index builds the lexicons.
func (t *Taxonomy) index(f *file) {
	t.acronyms = map[string]bool{}
	for _, a := range f.Acronyms {
		t.acronyms[foldWord(a)] = true
	}
	t.indexCues(f)
	t.indexConcepts(f)
	t.fields, t.fieldWords = f.Fields, newLexicon()
	for i, field := range f.Fields {
		for _, s := range field.Synonyms {
			t.fieldWords.add(s, int32(i), t.vocabulary)
		}
	}
	t.degreeData, t.degrees = f.Degrees, newLexicon()
	for i, d := range f.Degrees {
		for _, s := range d.Synonyms {
			t.degrees.add(s, int32(i), t.vocabulary)
		}
	}
	t.parts, t.headings = f.Headings, newLexicon()
	for i, h := range f.Headings {
		for _, s := range h.Synonyms {
			t.headings.add(s, int32(i), t.vocabulary)
		}
	}
	t.titles = newLexicon()
	for i, r := range f.Roles {
		for _, s := range r.Titles {
			t.titles.add(s, int32(i), t.vocabulary)
		}
	}
	t.needWords = t.labelLexicon(f.Needs, f.Ignore)
	t.setWords = t.labelLexicon(f.Settings, f.Ignore)
	t.phaseWords = t.labelLexicon(f.Phases, f.Ignore)
}

func (t *Taxonomy) labelLexicon(labels []labelData, ignore []string) *lexicon {
	l := newLexicon()
	for i, label := range labels {
		for _, s := range label.Synonyms {
			l.add(s, int32(i), t.vocabulary)
		}
	}
	for _, s := range ignore {
		l.add(s, -1, t.vocabulary)
	}
	return l
}

func (t *Taxonomy) indexCues(f *file) {
	t.cues = newLexicon()
	for name, list := range f.Language {
		for _, s := range list {
			t.cues.add(s, int32(cueKinds[name]), t.vocabulary)
		}
	}
}

func (t *Taxonomy) indexConcepts(f *file) {
	t.asked = newLexicon()
	t.asked.light = map[uint32]bool{}
	for _, w := range f.Light {
		t.asked.light[t.vocabularyID(foldWord(w))] = true
	}
	numbers := map[sense]int32{}
	number := func(s sense) int32 {
		n, ok := numbers[s]
		if !ok {
			n = int32(len(t.senses))
			numbers[s] = n
			t.senses = append(t.senses, s)
		}
		return n
	}
	store := func(wording string, s sense) {
		// What is known is named by nouns: "communicating with children" is a
		// subject, "communicate with children" a skill.
		if s.concept >= 0 && f.Concepts[s.concept].Kind == "knowledge" {
			t.asked.add(wording, number(s), t.vocabulary)
			return
		}
		t.asked.addForms(wording, number(s), t.vocabulary)
	}
	t.places, t.doing = map[int]bool{}, map[int]int{}
	for i, c := range f.Concepts {
		if of, ok := t.conceptByID[c.ExperienceOf]; ok {
			t.doing[of] = i
		}
		if c.Provenance {
			t.places[i] = true
		}
		for _, s := range c.Synonyms {
			condition := t.conditionOf(c.Kind, s)
			if c.StandsAlone {
				condition = always
			}
			store(s, sense{concept: i, condition: condition})
		}
	}
	t.dealing = map[cue]int32{}
	for verb, id := range map[cue]string{cueRelating: "relationships", cueMotivating: "mentoring-skills"} {
		if c, ok := t.conceptByID[id]; ok {
			t.dealing[verb] = number(sense{concept: c, condition: always})
		}
	}
	if c, ok := t.conceptByID["differentiation"]; ok {
		t.adapting = []int32{number(sense{concept: c, condition: always})}
	}
	for _, topic := range f.Topics {
		for _, s := range topic.Synonyms {
			if topic.Experience != "" {
				store(s, sense{concept: t.conceptByID[topic.Experience], condition: underExperience, topic: true})
			}
			if topic.Knowledge != "" {
				store(s, sense{concept: t.conceptByID[topic.Knowledge], condition: topicOfKnowledge, topic: true})
			}
		}
	}
	for _, s := range f.Ignore {
		store(s, sense{concept: -1})
	}
}

// conditionOf decides what a wording of a concept needs beside it. A wording of
// an experience that says so itself ("school experience") needs nothing.
func (t *Taxonomy) conditionOf(kind, wording string) condition {
	head := cueNone
	switch kind {
	case "experience":
		head = cueExperience
	case "knowledge":
		head = cueKnowledge
	default:
		return always
	}
	tokens := tokenise(wording, t.vocabulary)
	said := false
	for i := range tokens {
		t.cues.walk(tokens, i, func(_ int, values []int32) {
			for _, v := range values {
				said = said || cue(v) == head || head == cueExperience && cue(v) == cueExperienceWeak
			}
		})
	}
	switch {
	case said:
		return always
	case kind == "experience":
		return underExperience
	}
	return underKnowledge
}
