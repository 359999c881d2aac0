package normalise

import (
	"regexp"
	"strings"

	"github.com/sendwatch/sendwatch/document"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// candidate finds the wordings that turn a sentence to whoever might apply.
// Outside the requirements only such sentences ask for anything.
var candidate = compile(`\b(?:you(?:'ll| will| must| should| would| are| have| need| can|'re|'ve)|we(?:'re| are)? (?:look|seek|need|want|require|ask for|ask that|hope|expect|would (?:love|like))\w*|(?:is|are|would be)(?: also| very| most)? (?:useful|helpful|welcomed?|valued|valuable|needed)|experience (?:of|with|in|as|working|supporting)|are you|do you|have you|if you|(?:successful|ideal|right) (?:candidate|applicant|person)s?|candidates?|applicants?|appl(?:y|icants)|post-?holder|someone|somebody|seeks|your (?:background|abilit(?:y|ies)|patience|empathy|resilience|calm\w*|enthusiasm|skills?)|recruiting|person who|individuals?|graduates?|they possess|must|required|paramount|imperative|essential|desirable|advantage\w*|benefi\w+|prefer\w*|ideally|ideal for|suit\w*|perfect for|seeking|looking for|calls for|(?:subject to|enhanced|dbs|references|right to work|safeguarding))\b`)

// given finds the wordings of what the employer gives.
var given = compile(`\b(?:we (?:offer|provide|will (?:provide|support|train|help|give)|can offer|also offer)|you(?:'ll| will) (?:receive|be given|get|gain|benefit|have access|be (?:supported|trained|mentored|able to))|training (?:is |will be )?(?:provided|given|available)|free training|opportunit(?:y|ies) to (?:gain|learn|train|develop|shadow)|in return|benefits include|(?:will|can|would) (?:give|offer) you (?:\w+ ){0,4}experience)\b`)

// demands finds the wordings that ask for something wherever they stand, also
// among duties or offers.
var demands = compile(`\b(?:we(?:'re| are)? (?:\w+ ){0,2}(?:look(?:ing)? for|seek(?:ing)?) \w|(?:successful|ideal|right|perfect) (?:candidate|applicant|person|teaching assistant)s? (?:will|should|must|would|needs?)(?: to| also| ideally| need to)* (?:have|hold|possess|demonstrate|bring|show|be (?:an?|able|\w+(?:ed|ive|ful|ent|ous|ant|ic|al))\b)|(?:you|candidates|applicants) (?:must|should|will need|need to|need)(?: to)?(?: also| ideally)? (?:have|be|hold|possess|demonstrate|show)\b|(?:is|are|would be|will be) (?:essential|desirable|an advantage|advantageous|preferred|a must)\b|(?:is|are|will be) (?:key|vital|crucial)(?:$|[.!]| (?:in|for|to) (?:this|the) (?:role|post|position|job)\b)|\b(?:role|post|position|job) (?:calls for|(?:would |will )?suits?)\b|we(?:'re| are) after (?:an?|someone|somebody|people)\b|(?:ideal|perfect|suit(?:s|ed|able)?|right) (?:for|to)? ?(?:someone|somebody|anyone|an? (?:person|individual|candidate)) (?:with|who (?:has|is)|experienced)\b|essential that|we (?:need|want|require) (?:an?|someone|somebody|people)\b|we (?:would |particularly |also |actively )*welcome (?:\w+ )?(?:applications|applicants|candidates|people|individuals|interest)\b|you(?:'ll| will) have (?:\w+ ){0,6}(?:experience|knowledge|understanding|skills|degree|qualifications?|passion|ability)\b)`)

// gains finds where a sentence goes on from whom it wants to what they will
// gain: "a dedicated graduate wanting to gain experience".
var gains = compile(`\b(?:(?:looking|wanting|hoping|wishing|keen|eager|who wants?) to )?(?:gain|build|get)(?:ing)? (?:\w+ ){0,4}experience\b`)

// untilGains is the part of a passage before it tells of the gain; the passage
// itself where it tells of none.
func untilGains(p *passage) *passage {
	if !gains.on(p) {
		return p
	}
	low := strings.ToLower(p.text)
	at := gains.first(low)
	if at == nil || len(low) != len(p.text) {
		return p
	}
	return p.cut(p.text[:at[0]])
}

// cut is a passage with only a part of its text.
func (p *passage) cut(text string) *passage {
	part := *p
	part.text, part.low = text, fold(text)
	part.trace = traceOf(part.low)
	return &part
}

// turns finds where a sentence on what is given goes on to what is asked:
// "Training is given, but we expect you to have …".
var turns = compile(`[,;] (?:but|though|although|however,?) (?:we|you|applicants|candidates)\b`)

// supplied finds help that somebody will be given.
var supplied = compile(`\b(?:training|support|guidance|induction) (?:and \w+ )?(?:is|are|will be|can be) (?:\w+ )?(?:provided|given|available|offered)\b`)

// sinceGiven is the part of a passage behind what it gives, where it goes on to
// ask; the passage itself where it does not.
func sinceGiven(p *passage) *passage {
	if !turns.on(p) {
		return p
	}
	low := strings.ToLower(p.text)
	at := turns.first(low)
	if at == nil || len(low) != len(p.text) || !given.in(low[:at[0]]) && !supplied.in(low[:at[0]]) {
		return p
	}
	return p.cut(strings.TrimSpace(p.text[at[0]+1:]))
}

// otherwise finds, after a question, that the answer may be no: "If not, we
// will train you."
var otherwise = compile(`^(?:if not|if you (?:aren't|are not|haven't|have not|don't|do not)|don't worry|no problem|not to worry)\b`)

// requirements reads what the whole advert asks of the candidate, one entry
// for each concept. Where a thing is said twice the stronger level wins.
func (n *Normaliser) requirements(a *advert) ([]taxonomy.Requirement, []taxonomy.Choice) {
	c := collector{found: []taxonomy.Requirement{}, at: map[string]int{}}
	for _, r := range n.taxonomy.Requirements(taxonomy.SectionNone, demanding(a.posting.Title)) {
		c.add(r)
	}
	for i := range a.passages {
		p := &a.passages[i]
		if p.part != taxonomy.PartRequirements {
			p = sinceGiven(untilGains(p))
		}
		if !asks(p) || question.on(p) && i+1 < len(a.passages) && otherwise.on(&a.passages[i+1]) {
			continue
		}
		c.line(n.asked(p))
	}
	return c.found, c.standing()
}

// checks finds statements on what is checked before somebody starts.
var checks = compile(`\bdbs\b|\bdisclosure\b|\bbarred list\b|\bright to work\b|\breferences\b|\baccess ?ni\b|\bpvg\b`)

// statement finds the statements on checks and safeguarding that adverts end
// with. Where they follow the desirable criteria without a heading between,
// what they ask is asked of everybody all the same.
var statement = compile(`\b(?:appointments?|offers?|posts?|roles?|positions?|candidates?|applicants?|staff|everyone|you)\b[^.]{0,60}\b(?:subject to|required to|must|will be (?:required|asked|subject)|will need|need to|undergo)\b[^.]{0,80}\b(?:dbs|disclosure|barred|references?|right to work|access ?ni|pvg)\b|\b(?:dbs|disclosure|barred list|references?|right to work|access ?ni|pvg)\b[^.]{0,60}\b(?:is|are|will be|must be) (?:\w+ )?(?:required|needed|carried out|sought|obtained|taken up|essential|requested)\b|\bcommitted to safeguarding\b|\bexpects? (?:all|every)\b`)

// keyed finds statements that something of the reader's will matter: "Your
// patience will be vital".
var keyed = compile(`\byour (?:abilit(?:y|ies)|skills?|experience|patience|empathy|resilience|enthusiasm|calm\w*|understanding|knowledge) (?:[\w,'-]+ ){0,12}(?:is|are|will be|would be) (?:key|vital|crucial|essential)\b`)

// asked reads one passage, and leaves out what the place it stands in makes
// unlikely.
func (n *Normaliser) asked(p *passage) taxonomy.Asked {
	section := p.section
	if section == taxonomy.SectionDesirable && statement.on(p) {
		section = taxonomy.SectionNone
	}
	if section == taxonomy.SectionNone && keyed.on(p) {
		section = taxonomy.SectionEssential
	}
	asked := n.taxonomy.Read(section, p.text)
	found := asked.Requirements
	if p.topic == "experience" && !hasDone.on(p) {
		// "Experience: supporting children one to one".
		with := n.taxonomy.Requirements(p.section, "Experience of "+p.text)
		for i := range with {
			if !strings.Contains(p.text, with[i].Evidence) {
				with[i].Evidence = p.text
			}
		}
		if len(with) > 0 {
			found = with
		}
	}
	if p.part == taxonomy.PartRequirements {
		asked.Requirements = found
		return asked
	}
	kept := found[:0]
	for _, r := range found {
		c, ok := n.taxonomy.Concept(r.ID)
		switch {
		case !ok:
		case p.part != "" && p.part != taxonomy.PartAbout && !demanded(p) && c.Kind != "check" && r.ID != "safeguarding-commitment":
			// A statement on safeguarding asks for checks, not for knowledge.
		case c.Kind == "experience" && !hasDone.on(p):
			// Running text tells of the work; only words of experience ask for it.
		case c.Kind == "knowledge" && !knows.on(p) && !hasDone.on(p):
		default:
			kept = append(kept, r)
		}
	}
	asked.Requirements = kept
	return asked
}

// Words by which running text asks for experience and for knowledge.
var (
	hasDone = compile(`\bexperienced?\b|\bworked\b|\bbackgrounds?\b|\btrack record\b|\bhistory of\b|\byears?'? (?:of )?work`)
	knows   = compile(`\bknow(?:ledge|s|ing)?\b|\bunderstand\w*\b|\baware(?:ness)?\b|\bfamiliar\w*\b|\bexpertise\b`)
)

// does finds sentences on what the reader will do, and its verb.
var does = compile(`^(?:[^.]{0,80}, )?you(?:'ll| will| would| may)(?: also| then| often| be asked to| be expected to)* ([a-z]+)(?: ([a-z-]+))?`)

// somebody finds sentences on what the reader will be like rather than do.
var somebody = compile(`\byou(?:'ll| will) be an? (?:[\w-]+,? ){1,6}(?:who (?:is|has|can|loves?|understands?)|with (?:an?|strong|excellent|good))\b`)

// duty reports whether a sentence says what the reader will do, rather than
// what the reader must have or be.
func duty(low string) bool {
	m := does.groups(low)
	if m == nil || somebody.in(low) {
		return false
	}
	switch m[1] {
	case "have", "need", "ideally", "bring", "hold", "possess", "show", "demonstrate", "require", "must", "preferably", "understand", "know", "not":
		return false
	case "be":
		return strings.HasSuffix(m[2], "ing") || m[2] == "part" || m[2] == "based" || m[2] == "given" || m[2] == "the" || m[2] == "responsible" || m[2] == "joining" || m[2] == "instrumental" || m[2] == "key" || m[2] == "central" || m[2] == "at" || m[2] == "an"
	}
	return true
}

// asks reports whether a passage stands where candidates are asked for things.
func asks(p *passage) bool {
	if p.kind == document.Heading {
		return false
	}
	switch p.part {
	case taxonomy.PartRequirements:
		return true
	case taxonomy.PartOffer, taxonomy.PartDuties:
		// Only the closing statement on checks strays in here, and what is asked
		// outright.
		return checks.on(p) || demanded(p)
	case taxonomy.PartApply:
		return true
	}
	return (candidate.on(p) || demands.on(p)) && !given.on(p) && !duty(p.low)
}

// demanded reports whether a text among duties or offers asks outright.
func demanded(p *passage) bool {
	return (p.part == taxonomy.PartDuties || p.part == taxonomy.PartOffer) && (demands.on(p) || keyed.on(p)) && !given.on(p)
}

// graduateTitle finds titles that ask for a degree.
var graduateTitle = regexp.MustCompile(`(?i)\bgraduates?\b`)

// demanding gives of a title what it asks for, or nothing. Only a degree is
// asked for by titles; levels and grades in them are the post's own.
func demanding(title string) string {
	if title == "" || !graduateTitle.MatchString(title) {
		return ""
	}
	return clean(title) + " required"
}
