package normalise

import (
	"strings"

	"github.com/sendwatch/sendwatch/document"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// wording is a way of naming something that a list of fixed forms cannot hold.
type wording struct {
	id    string
	match *pattern
}

// needWordings are the needs named by turns of phrase, on folded text. They
// add to the forms that the taxonomy lists.
var needWordings = []wording{
	{"semh", compile(`\bsemh\b|\bsebd\b|\bebd\b|social,? (?:and )?emotional,?(?: and| or|/)? ?mental[- ]health|social,? emotional,? (?:and|or) behaviour|emotional(?:,| and| or|/)? (?:social |mental health )?(?:and |or )?(?:behavioural? )?(?:needs|difficulties|challenges)|behavioural? (?:and emotional |or emotional |and social )?(?:needs|difficulties|challenges|issues|problems)|behaviours? that challenges?|challenging behaviour|behaviour and mental health|emotional(?:ly)? (?:dysregulat|vulnerab)\w*|struggle with (?:self-)?regulation|difficult\w* (?:with|in|around) (?:(?:their )?emotional |self-)regulation|(?:struggl\w+ to|difficulty|difficulties) regulat\w+|emotional health|emotional,? (?:and |or )?behavioural,?(?: and| or) mental[- ]health`)},
	{"send", compile(`\bspecial (?:educational )?needs\b|\bspecial education\b|\badditional (?:\w+ ){0,2}needs\b|\behcps?\b|\behc plans?\b|\beducation,? health,? and care plans?\b|\blearning (?:difficulties|difficulty)\b|\bsen(?:d)? (?:schools?|pupils?|students?|children|needs|support|provision|setting|learners?|department|environment|teaching|ta|tas|lsa)\b|\bspecialist (?:sen|send)\b|\bhigh[- ]needs\b`)},
	{"asd", compile(`\bautis\w+|\basperger\w*|\basd\b|\basc\b`)},
	{"adhd", compile(`\badhd\b`)},
	{"slcn", compile(`\bslcn\b|\bspeech,? (?:and )?language(?:,? and communication|,? communication)? (?:needs|difficulties|delay\w*|disorders?)|\b(?:complex )?communication (?:(?:and|or) \w+ )?(?:needs|difficulties|differences|challenges)\b|\bspeaks? (?:very )?little\b|\bnot (?:yet )?(?:talking|speaking|verbal)\b|\b(?:do|does) not (?:use words|speak|talk)\b|\b(?:don't|doesn't) (?:yet )?(?:use words|speak|talk)\b|\bnon-?verbal (?:pupils?|students?|children|child|learners?)|\b(?:being|and|or) non-?verbal\b|\b(?:are|is) non-?verbal\b|\bpre-?verbal\b`)},
	{"complex", compile(`\bcomplex (?:\w+ ){0,3}needs\b|\bcomplex (?:learning )?(?:difficulties|disabilities)\b`)},
	{"mld", compile(`\bmoderate(?:,| or| and|/| to|, or)* (?:(?:to|or|and) )?(?:severe|profound|complex)\b[\w ,/]{0,30}\blearning (?:difficult|disab|needs)`)},
	{"hi", compile(`\bhearing (?:bases?|units?|provisions?|resource bases?|support bases?)\b`)},
	{"sld", compile(`\bsevere(?:,| or| and|/)? ?(?:to )?(?:or |and )?(?:profound |complex )?(?:and multiple )?(?:learning|difficult)`)},
	{"pmld", compile(`\bprofound(?:,| or| and|/)? ?(?:and |or )?(?:multiple |severe |complex )?(?:learning|difficult)`)},
	{"mental-health", compile(`\bmental health (?:issues|difficulties|problems|conditions|challenges|and behavioural needs)\b|\b(?:attachment|trauma|anxiety), mental health\b|(?:^| - |/)mental health(?: - |/|$)|\bpoor mental health\b|\banxious (?:pupils?|students?|children|child|young people|learners?|teenagers?)\b|\b(?:who|pupils|students|children|learners|many|most|some|all) (?:are|is|can be|may be|feel|become) (?:\w+ ){0,2}anxious\b`)},
	{"trauma", compile(`\b(?:experienced|experiencing|including|suffered|past|emotional|childhood|history of) (?:\w+ ){0,2}traumas?\b|\btraumas?(?:tised)?(?:,| and| or) \w+|(?:\band|[+/]) ?traumas?(?:$|[ ,.;)])|\btrauma[- ]related (?:behaviours?|needs|difficulties)\b|\b(?:experienced|experiencing|witnessed|suffered|survived) (?:\w+ ){0,2}(?:loss|bereavement|abuse|neglect|domestic (?:violence|abuse)|exploitation)\b|\b(?:difficult|adverse|distressing|painful|chaotic) (?:early |life |childhood |past )(?:experiences?|li(?:fe|ves)|starts?|years|events)|\btrauma[- ](?:informed|aware),?(?: and| or)? attachment[- ](?:aware|informed|focused|based|friendly)|\battachment[- ](?:aware|informed|focused|based|friendly),?(?: and| or)? trauma[- ](?:informed|aware)`)},
	{"attachment", compile(`(?:,|\band) attachment(?:$|[.;)])|\b(?:complex )?attachment(?:,| and| or) \w+|\battachment (?:needs|difficulties|disorders?)|\btrauma[- ](?:informed|aware),?(?: and| or)? attachment[- ](?:aware|informed|focused|based|friendly)|\battachment[- ](?:aware|informed|focused|based|friendly),?(?: and| or)? trauma[- ](?:informed|aware)`)},
	{"pd", compile(`\bphysical(?:ly)? disab\w+|(?:\b(?:with|have|has|having|complex|severe|significant|sensory|medical|learning)(?: and| or|/|,)?|,) physical needs\b|\buse (?:a )?(?:wheelchair|walking frame|hoist)s?\b|\b(?:needs?|requires?|needing|requiring) (?:\w+,? ){0,2}(?:moving and handling|manual handling|hoisting)\b`)},
	{"medical", compile(`\bmedical (?:(?:and|or) (?:\w+ ){1,2})?(?:needs|conditions|procedures)\b|\b(?:treated|treatment) for (?:cancer|leukaemia|\w+ (?:illness|disease|disorder))|\bwith (?:an? )?(?:serious|chronic|long-term|life-limiting) illness\w*|\b(?:too ill|too unwell|seriously ill|hospitalised)\b|\bgastrostomy\b|\btracheostomy\b|\b(?:tube|peg)[- ]fe(?:d|eding)\b|\bepilep\w+`)},
}

// capitals are forms that are words or Roman numerals unless written large.
var capitals = compile(`^(?:add|hi|pd|vi|lac|aces|send|sen|pda|dcd)$`)

// upperSEN finds the general abbreviations as they are written when they do
// not mean to post something.
var upperSEN = compile(`\b(?:SEND?|SEN/D|ALN|ASN)\b`)

// nearby finds what makes a named condition something else than a need of the
// pupils: a way of working, a colleague, a building.
var (
	notNeedAfter  = compile(`^(?:[- ](?:informed|aware|trained|friendly|sensitive|theory|based|responsive|awareness|practice|specialists?|practitioners?|therap\w*|and language therap\w*|communication skills?|accessible|access|tolerance)|s? (?:staff|therap|lead|team|service|awareness|training|workshop|first aid|professional|practitioner)\w*)`)
	notNeedBefore = compile(`(?:no|without|social|job|career|well|be|detail and|upward|(?:approach|attitude) to(?:wards)?) $`)
)

// expertise finds sentences on what the reader knows or has done; conditions
// named there are not the pupils'.
var expertise = compile(`\b(?:experienced? (?:of|in|with|working|supporting)|(?:have|your|previous|prior|some|any) (?:\w+ )?experience|knowledge (?:of|and)|understanding of|awareness of|familiar(?:ity)? with|trained in|training (?:in|on|around|such)|cpd|courses?|worked (?:in|with)|background in|(?:months|years|year|month)'? (?:of )?work(?:ing)? with|interest in (?:working|supporting))\b`)

// studied finds subjects of study, which are not the pupils' needs either.
var studied = compile(`\b(?:nvq|svq|hnc|hnd|diploma|certificate|qualifications?|degree)(?: \w+)? in\b`)

// needs gives the ids of what the pupils have, in the taxonomy's order.
func (n *Normaliser) needs(a *advert) []string {
	has := map[string]bool{}
	n.needsIn(a.headline, has)
	var spare []*passage
	for i := range a.passages {
		p := &a.passages[i]
		switch {
		case saysNeeds(p):
			n.needsIn(besidesKnown(p), has)
		case p.part != taxonomy.PartOffer && p.part != taxonomy.PartApply && aboutReader(p):
			spare = append(spare, p)
		}
	}
	if len(has) == 0 {
		// An advert that names the pupils' needs only in what it asks still
		// names them.
		for _, p := range spare {
			n.needsIn(p, has)
		}
	}
	n.resolve(a, has)
	return n.inOrder(has)
}

// inOrder lists needs in the taxonomy's order.
func (n *Normaliser) inOrder(has map[string]bool) []string {
	out := []string{}
	for _, l := range n.taxonomy.Needs() {
		if has[l.ID] {
			out = append(out, l.ID)
		}
	}
	return out
}

// saysNeeds reports whether a passage stands where the pupils' needs are named.
func saysNeeds(p *passage) bool {
	switch {
	case p.part == taxonomy.PartOffer && p.kind == document.Paragraph && meets.on(p):
		return true
	case p.part == taxonomy.PartOffer || p.part == taxonomy.PartApply, aboutReader(p):
		return false
	}
	return !given.on(p) || meets.on(p)
}

// aboutReader reports whether a passage speaks of the reader rather than of the
// pupils: what is asked, known or done before.
func aboutReader(p *passage) bool {
	switch {
	case p.kind == document.Heading:
		return false
	case p.part == taxonomy.PartRequirements:
		return p.kind != document.Paragraph || expertise.on(p) || !pupilsAre.on(p)
	}
	return (expertise.on(p) || studied.on(p) || question.on(p)) && (!pupilsAre.on(p) || mustHave.on(p))
}

// known finds what a sentence wants the reader to know of.
var known = compile(`\b(?:knowledge|understanding|awareness) (?:and \w+ )?of\b[^.;]*`)

// besidesKnown is a passage without what it wants the reader to know of, where
// that is not said of pupils; the passage itself where it wants nothing.
func besidesKnown(p *passage) *passage {
	if !expertise.on(p) || p.kind == document.Heading || !known.on(p) {
		return p
	}
	low := strings.ToLower(p.text)
	at := known.first(low)
	if at == nil || len(low) != len(p.text) || pupilsAre.in(low[at[0]:at[1]]) {
		return p
	}
	return alone(p.text[:at[0]] + p.text[at[1]:])
}

// mustHave finds sentences on what the candidate will have done.
var mustHave = compile(`\b(?:candidates?|applicants?|you)(?:'ll)? (?:will |must |should |would )(?:\w+ ){0,2}(?:have|need)\b|\b(?:expect|ask|like|want|need|require|prefer) (?:you|candidates|applicants) to (?:\w+ )?have\b`)

// question finds sentences that ask the reader something.
var question = compile(`^(?:do|are|have|would|could|can) you\b.*\?$`)

// meets finds, among what the employer offers, who the pupils are all the same.
var meets = compile(`\b(?:pupils|students|children|young people) (?:\w+ ){0,5}(?:with|who have)\b`)

// pupilsAre finds sentences that say what the pupils have whatever else they
// say.
var pupilsAre = compile(`\b(?:pupils?|students?|children|young people|learners?|child|school|academy|provision|unit|base) (?:\w+ ){0,4}(?:with|have|has|has a|who|for|caters?|supports?|educates?)\b`)

// needsIn adds the needs that one passage names.
func (n *Normaliser) needsIn(p *passage, has map[string]bool) {
	for _, m := range n.taxonomy.FindNeeds(p.text) {
		if m.End <= len(p.text) && !has[m.ID] && named(p.text, m) {
			has[m.ID] = true
		}
	}
	for _, w := range needWordings {
		if has[w.id] || !w.match.hintedOn(p) {
			continue
		}
		look := p.low
		switch w.id {
		case "mental-health":
			look = semhPhrase.replace(look, "semh")
		case "send":
			look = attitude.replace(particularLD.replace(look, "ld"), "ethos")
		case several:
			look = particularly.replace(look, "needs")
		}
		if w.match.in(look) {
			has[w.id] = true
		}
	}
	if !has["send"] {
		if upperSEN.in(p.text) && upperSEN.in(colleagues.replace(noSEN.replace(p.text, ""), "")) {
			has["send"] = true
		}
	}
}

// Phrases that hold the words of another need: they are set aside before it is
// looked for. Colleagues are named after the pupils they work for.
var (
	semhPhrase   = compile(`social,? (?:and )?emotional,?(?: and| or|/)? ?mental[- ]health`)
	particularLD = compile(`\b(?:severe|profound|moderate|specific|multiple|complex)(?:[,/ ]+(?:and |or |to )?(?:severe|profound|moderate|specific|multiple|complex))* learning (?:difficult|disabilit|need)\w*`)
	// particularly finds complex needs of a named kind: they are of that kind,
	// not of several.
	particularly = compile(`\bcomplex (?:(?:health|healthcare|medical|nursing|care|personal|physical|sensory|behavioural?|emotional|social|mental|communication)(?:,|/| and| or)? ?)+needs\b`)
	attitude     = compile(`\b(?:approach|attitude) to(?:wards)? (?:sen|send|special (?:educational )?needs|additional needs)\b`)
	noSEN        = compile(`\b(?:[Nn]o|[Ww]ithout|[Nn]ot an?) SEND?\b`)
	colleagues   = compile(`\bSEND? (?:staff|teams?|leaders?|lead|code|polic\w+|governors?|training|panel)\b`)
)

// named reports whether a mention is a need of somebody, by what stands
// around it.
func named(text string, m taxonomy.Mention) bool {
	form := fold(text[m.Start:m.End])
	if capitals.in(form) && form == text[m.Start:m.End] {
		return false
	}
	before, after := fold(text[max(0, m.Start-20):m.Start]), fold(text[m.End:min(len(text), m.End+30)])
	return !notNeedAfter.in(after) && !notNeedBefore.in(before) && !bareForm[form]
}

// bareForm lists forms that mean a need only within the wordings above.
var bareForm = map[string]bool{
	"trauma": true, "attachment": true, "mobility": true, "anxiety": false, "speech and language": true,
	"non-verbal": true, "communication needs": false, "wheelchair": true, "blind": false, "medical needs": false,
	"social communication": false, "emotional difficulties": false, "looked after": true,
}
