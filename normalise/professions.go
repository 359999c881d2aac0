package normalise

import (
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// profession is a calling that one must be registered or qualified for. An
// advert that asks for it is for that calling, whatever its title says.
type profession struct {
	match *pattern
	role  string // of the taxonomy, where it has one
	what  string // for the reason
}

// professions are looked for in order, on folded text.
var professions = []profession{
	{compile(`\b(?:registered|qualified) (?:\w+ ){0,2}nurses?\b|\bnmc\b|\bnursing (?:qualification|degree|registration)\b`), "nurse", "the body asks for a nurse"},
	{compile(`\b(?:qualified|registered|accredited) (?:\w+ ){0,2}(?:counsellor|psychotherapist|(?:play|art|music|drama) ?therapist|therapist)s?\b|\b(?:bacp|ukcp|bapt|ptuk)\b`), "counsellor", "the body asks for a counsellor or therapist"},
	{compile(`\bhcpc\b|\b(?:qualified|registered|experienced) (?:\w+ ){0,2}(?:speech and language|occupational) therapist\b`), "therapist-health", "the body asks for a registered therapist"},
	{compile(`\bbcba\b|\b(?:chartered|registered|qualified) (?:\w+ ){0,2}psychologist\b`), "assistant-psychologist", "the body asks for a psychologist or behaviour analyst"},
	{compile(`\bsocial work england\b|\b(?:qualified|registered) social worker\b`), "", "the body asks for a social worker"},
}

var (
	// seeks finds, just before a calling, that the reader must have it.
	seeks = compile(`\b(?:you(?:'ll| will| must| should)? (?:also )?(?:be|hold|have|need|are)|must (?:be|hold|have)|looking for|seek(?:ing|s)?|require[sd]?|recruit\w*|appoint|need(?:s|ed)?|hold(?:ing)?|essential:?)\b[^.;]{0,60}$`)
	// colleague finds, just before a calling, that somebody else has it.
	colleague = compile(`\b(?:with|by|from|alongside|under|supervis\w+|guidance|led|our|including|aspiring|becom\w+|future)\b[^.;]{0,40}$`)
	// notNecessary finds that a calling helps and no more.
	notNecessary = compile(`\b(?:desirable|advantage\w*|preferred|preferable|preferably|beneficial|ideally|welcome|welcomed|bonus|not)\b`)
	// alternative finds, just after a calling, that another would do.
	alternative = compile(`^[^.;,]{0,25} or\b`)
)

// calling gives the profession that the body asks for, or nil.
func calling(a *advert) *profession {
	for i := range professions {
		if asksToBe(a, professions[i].match) {
			return &professions[i]
		}
	}
	return nil
}

// asksToBe reports whether the reader must be what match finds.
func asksToBe(a *advert, match *pattern) bool {
	for i := range a.passages {
		p := &a.passages[i]
		if p.part == taxonomy.PartOffer || p.section == taxonomy.SectionDesirable || !match.on(p) {
			continue
		}
		for _, m := range match.re.FindAllStringIndex(p.low, rolesEach) {
			before := p.low[max(0, m[0]-90):m[0]]
			asked := p.part == taxonomy.PartRequirements || seeks.in(before) || i == 0 && m[0] == 0
			if asked && !colleague.in(before) && !notNecessary.on(p) && !alternative.in(p.low[m[1]:]) {
				return true
			}
		}
	}
	return false
}

// qualifiedTeacher finds QTS where it is not read as a requirement.
var qualifiedTeacher = compile(`\bqualified teacher(?: status)?\b|\bqts\b`)

// teacherly finds what is said only of teachers' posts.
var teacherly = compile(`\b(?:mps|ups|main (?:pay )?(?:scale|range)|upper pay|m1|ects?|early career teachers?|plan(?:ning)?,? (?:and )?(?:teach|deliver)\w*|class teacher (?:for|of|role|post|position)|teacher of|teaching (?:post|position|commitment|allowance))\b`)

// teaches reports whether the body asks for a teacher: QTS without another way
// in, or QTS among others and the words of a teacher's post.
func teaches(j *judgement, r *sendwatch.Reading) bool {
	asked, alone := false, false
	for i := range r.Requirements {
		q := &r.Requirements[i]
		if q.ID == "qts" && q.Level == taxonomy.Essential && !training.in(fold(q.Evidence)) {
			asked, alone = true, q.AnyOfGroup == nil
		}
	}
	if !asked && !asksToBe(j.a, qualifiedTeacher) {
		return false
	}
	if j.titleRole == "" || j.titleRole == "teacher" || j.titleRole == "ap-tutor" {
		return true
	}
	marks := 0
	for i := range j.a.passages {
		p := &j.a.passages[i]
		for _, m := range teachers.each(p.low, 3) {
			rest := p.low[m[1]:]
			if !strings.HasPrefix(rest, "'s") && !strings.HasPrefix(rest, " assistant") && !strings.HasPrefix(rest, " training") {
				return true
			}
		}
		if p.part != taxonomy.PartOffer && teacherly.on(p) {
			marks++
		}
	}
	return marks > 1 || alone && marks > 0
}

// deskWork finds tasks of offices, each told apart by its words.
var deskWork = compile(`\b(?:front office|reception desk|front desk|school office|main office|switchboard|phones?|telephone|calls|visitors|typing|letters|filing|invoic\w+|data entry|photocopying|minutes|diar(?:y|ies)|spreadsheets?|correspondence|stock|stationery|post|sims|arbor|bromcom|admissions|records)\b`) //nolint:misspell // Arbor is a system that schools keep their pupils' records in

// deskTasks is how many such tasks make a post office work where nothing tells
// of work with pupils.
const deskTasks = 4

// atDesk reports whether the body tells of office work only.
func (n *Normaliser) atDesk(j *judgement) bool {
	has := map[string]bool{}
	for i := range j.a.passages {
		p := &j.a.passages[i]
		if p.part == taxonomy.PartOffer || p.part == taxonomy.PartApply {
			continue
		}
		for _, m := range deskWork.each(p.low, 8) {
			has[p.low[m[0]:m[1]]] = true
		}
	}
	return len(has) >= deskTasks && !n.withPupils(j)
}
