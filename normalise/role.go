package normalise

import (
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch/document"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// titleWordings are posts named by turns of phrase that a list of titles
// cannot hold, on folded text. They are looked for where the taxonomy's titles
// are, after them.
var titleWordings = []wording{
	{"communication-support", compile(`\b(?:sign(?:ing)?(?: language)?|bsl|deaf|hearing|brail(?:le|list)|visual impairment|vi) (?:\w+ ){0,3}(?:assistant|ta|worker|mentor|partner)s?\b`)},
	{"cover-supervisor", compile(`\b(?:learning|lesson|cover) supervisors?\b`)},
	{"pupil-support-assistant", compile(`\b(?:asn|additional support needs|support for learning|pupil support|special needs|classroom) auxiliar(?:y|ies)\b|\b(?:asn|additional support needs) (?:\w+ )?(?:assistants?|workers?)\b`)},
	{"speech-language-ta", compile(`\b(?:speech|language|communication and interaction|interaction and communication)\b[\w ,/]{0,40}\b(?:support |teaching |learning )?(?:assistant|ta)s?\b`)},
	{"semh-ta", compile(`\b(?:semh|sebd|mental health|social,? emotional and mental health|emotional (?:support|wellbeing)|wellbeing) (?:and \w+ )?(?:(?:support|teaching|learning|classroom|education|school|specialist|inclusion|pupil|student) )*(?:assistant|practitioner|mentor|partner|ta|coach|support|support worker)s?\b`)},
	{"nurture-practitioner", compile(`\bnurture (?:(?:group|room|base|class|hub|provision|and \w+) )*(?:practitioner|assistant|mentor|worker|ta|support|lead|leader)s?\b|\b(?:thrive|boxall) (?:\w+ )?(?:practitioner|assistant|mentor|ta)s?\b`)},
	{"behaviour-support", compile(`\b(?:behavioural?|engagement|reintegration|re-engagement|reset|de-escalation) (?:(?:and|support|learning|inclusion|intervention|pastoral|specialist|teaching|wellbeing|engagement|behaviour|welfare|attendance|for|room|recovery) )*(?:assistant|worker|practitioner|officer|ta|supervisor)s?\b`)},
	{"classroom-assistant", compile(`\bclassroom assistants?[ (-]{1,4}(?:additional |asen|sn\b|sen\b|special )`)},
	{"behaviour-mentor", compile(`\b(?:behaviour|engagement)(?:al)? (?:and \w+ )?(?:support )?(?:mentor|coach)s?\b`)},
	{"sen-ta", compile(`\b(?:sen|send|ehcp?|autism|asd|asc|pmld|sld|mld|aln|special (?:educational )?needs|inclusion|inclusive|additional needs|1:1) (?:(?:support|teaching|learning|classroom|education|school|pupil|student|intervention|specialist) )*(?:assistant|practitioner|ta|coach|partner)s?\b|\bintervention specialist\b|\b(?:resourced?|enhanced|specialist) (?:resourced?|base|provision|unit|centre) (?:(?:support|teaching|learning) )*(?:assistant|practitioner|ta)s?\b`)},
	{"sen-support-worker", compile(`\b(?:sen|send|special (?:educational )?needs|school|education|classroom) support workers?\b`)},
	{"hcea", compile(`\bpersonal care (?:(?:and|/) (?:\w+ ){0,2})?assistants?\b|\bcare and education assistants?\b|\bhealth and (?:personal |social )?care assistants?\b`)},
	{"lsa", compile(`\b(?:learning|learner|additional learning|study|student learning) (?:and )?(?:support )?(?:assistant|partner|practitioner|supporter|facilitator)s?\b|\blsas?\b|\blearn(?:ing|er) support (?:officer|worker|tutor)s?\b|\b(?:in-class|classroom) support assistants?\b`)},
	{"ta", compile(`\bteaching (?:and learning )?(?:support )?assistants?\b|\btas?\b(?:'s)?|\bclassroom (?:support )?assistants?\b|\blearning support\b|\bclassroom support$`)},
	{"pastoral-support", compile(`\bpastoral (?:(?:and|support|care|behaviour|inclusion|wellbeing|welfare|attendance|learning|student|year) )*(?:assistant|mentor|worker|officer|practitioner|coordinator|manager)s?\b`)},
	{"eyp", compile(`\b(?:early years|nursery|pre-?school|foundation stage) (?:(?:and|sen|send|support|inclusion|1:1|education|special needs) )*(?:assistant|practitioner|educator|nurse|worker|ta|key ?person)s?\b`)},
	{"therapeutic-ta", compile(`\btherapy assistants?\b|\btherapeutic (?:(?:and|learning|teaching|support|education|care|classroom) )*(?:assistant|mentor|practitioner|worker|coach)s?\b`)},
	{"residential-worker", compile(`\bresidential (?:(?:child|children'?s?|care|childcare|support|youth|social|young people'?s?|senior|project|bank) )*(?:worker|assistant|practitioner|workers)\b|\bchildren'?s (?:residential|home)s? (?:\w+ ){0,2}(?:worker|assistant|practitioner)s?\b`)},
}

// tutors finds tutors of no named kind. Those who support pupils
// out of school are told from teachers by the body.
var tutors = compile(`\btutors?\b`)

// sendTitle and semhTitle find the words that make a teaching assistant one
// for SEND or for SEMH.
var (
	sendTitle = compile(`\b(?:sen|send|special (?:educational )?needs|special education\w*|special school|autis\w+|asd|asc|pmld|sld|mld|complex needs|additional (?:\w+ )?needs|1:1|resource base|specialist send|ehcp)\b`)
	semhTitle = compile(`\b(?:semh|sebd|ebd|mental health|social,? emotional)\b`)
)

// graduates finds titles that look for somebody at the start of another
// career. What the work is, the body says.
var graduates = compile(`\b(?:graduates?|aspiring|post-?grad\w*)\b|\bfuture (?:educational|clinical|child|forensic|psycholog\w*|teachers?|\w*therap\w*|social work\w*|counsell\w*|speech|occupational)\b|\bpsychology (?:assistant|student)s?\b`)

// roleMention is a role that a text names, and how strongly.
type roleMention struct {
	id     string
	weight int
	at     int
}

// titleRole gives the role that a title names, or "".
func (n *Normaliser) titleRole(title string) string {
	var found []taxonomy.Mention
	for _, m := range n.taxonomy.FindRoles(title) {
		if before := title[:m.Start]; !strings.HasSuffix(before, "relief ") && !strings.HasSuffix(before, "bank ") && !strings.HasSuffix(before, "aspiring ") {
			found = append(found, m)
		}
	}
	best := ""
	for _, m := range found {
		if best == "" || n.rank(m.ID) < n.rank(best) {
			best = m.ID
		}
	}
	for _, w := range titleWordings {
		if m := w.match.first(title); m != nil && !strings.HasSuffix(title[:m[0]], "relief ") &&
			(best == "" || n.narrower(w.id, best)) {
			best = w.id
		}
	}
	if best == "" && tutors.in(title) {
		return "ap-tutor"
	}
	return refine(best, title)
}

// rank orders the roles that one title names: support roles before the rest,
// narrow ones before plain teaching assistants.
func (n *Normaliser) rank(id string) int {
	r, ok := n.taxonomy.Role(id)
	switch {
	case !ok:
		return 9
	case id == "ta":
		return 2
	case r.Scope == "in":
		return 0
	case r.Scope == "conditional":
		return 1
	}
	return 3
}

// narrower reports whether id says more than had of the same kind of work.
func (n *Normaliser) narrower(id, had string) bool {
	if id == had || had != "ta" && n.rank(had) < 3 {
		return false
	}
	return slices.Contains(n.taxonomy.Ancestors(id), had) || n.rank(id) < n.rank(had)
}

// refine makes a plain teaching assistant the one that the words beside it say.
func refine(id, title string) string {
	switch {
	case id == "ta" && semhTitle.in(title):
		return "semh-ta"
	case id == "ta-level-4-role" && sendTitle.in(title) && !strings.Contains(title, "level"):
		return "sen-ta"
	case id == "ta" && sendTitle.in(title):
		return "sen-ta"
	case id == "sen-ta" && semhTitle.in(title):
		return "semh-ta"
	}
	return id
}

// wanted finds, just before a role, that it is the one this advert is about.
var wanted = compile(`\b(?:as an?|as our|for an?|become an?|looking (?:for|to)|seeking|seek|appoint|recruit\w*|hiring|role(?: of|:)?|post(?: of|:)?|position(?: of|:)?|this|require|needs?|want|join \w+ as|job title:?)\b[^.;]{0,70}$`)

// beside finds, just before a role, that it is a colleague of the post.
var beside = compile(`\b(?:alongside|with (?:the |our |other |class )?|by (?:the |our )?|from (?:the |our )?|assist(?:ing)?(?: the)?|support(?:ing)? (?:the |our )|and other|including|between|led by|direction of(?: the)?|guidance of(?: the)?|report(?:s|ing)? to(?: the)?|experience as an?|worked as an?)[ \w,]{0,30}$`)

// ahead finds, just before a role, that it is the career a post leads to.
var ahead = compile(`\b(?:aspiring|future|becom(?:e|ing) an?|career as an?|careers? in|train(?:ing)? as an?|aspir(?:e|ations?) to (?:be|become) an?)\b[\w ,/-]{0,40}$`)

// formerly finds passages on what the reader may have been before.
var formerly = compile(`\b(?:worked as|working as|employed as|backgrounds?|experience (?:\w+ ){0,3}(?:as|in roles|from)|come from|applicants who|ideal for (?:an? |any )?(?:experienced )?|(?:welcome|encourage)s? applications from|applications from)\b`)

// formerAs finds, just before a role, that the reader may have been it.
var formerAs = compile(`\b(?:experienced?|worked|working|employed|previously|formerly|backgrounds?) (?:\w+ ){0,2}as an? (?:[\w/-]+ ){0,3}$`)

// reached finds, just before a role, that it is whom to ask about the post.
var reached = compile(`\b(?:contact|ring|call|phone|telephone|e-?mail|speak (?:to|with)|talk to|chat (?:to|with)|write to|addressed to)\b[^.;]{0,40}$`)

// denied finds, just before a role, that the post is not it.
var denied = compile(`\b(?:not|n't|no|without|rather than|instead of|nor)\b[\w ,']{0,40}$`)

// bodyRoles gives the roles that the body names as the post, heaviest first.
func (n *Normaliser) bodyRoles(a *advert) []roleMention {
	weights := map[string]*roleMention{}
	at := 0
	for i := range a.passages {
		p := &a.passages[i]
		at += len(p.low)
		if p.part == taxonomy.PartOffer || p.part == taxonomy.PartRequirements && p.kind != document.Heading && at > 2000 {
			continue
		}
		told := formerly.on(p)
		for _, m := range n.rolesOf(p) {
			if told && !n.isSupport(m.ID) {
				continue
			}
			before := p.low[max(0, m.Start-90):m.Start]
			if !n.isSupport(m.ID) && (ahead.in(before) || denied.in(before) || reached.in(before)) {
				continue
			}
			if formerAs.in(before) || m.ID == "driver" && !wanted.in(before) {
				continue
			}
			weight := 1
			switch {
			case wanted.in(before) || m.Start < 3 && i < 3:
				weight = 4
			case beside.in(before):
				continue
			case p.kind == document.Heading:
				weight = 2
			}
			if at < 600 {
				weight++
			}
			id := m.ID
			if n.isSupport(id) {
				// "SEN/SEMH Teaching Assistant": what stands close before it.
				id = refine(id, p.low[max(0, m.Start-30):min(len(p.low), m.End+10)])
			}
			if w := weights[id]; w != nil {
				w.weight += weight
			} else {
				weights[id] = &roleMention{id: id, weight: weight, at: at + m.Start}
			}
		}
	}
	out := make([]roleMention, 0, len(weights))
	for _, w := range weights {
		out = append(out, *w)
	}
	slices.SortFunc(out, func(x, y roleMention) int {
		if x.weight != y.weight {
			return y.weight - x.weight
		}
		return x.at - y.at
	})
	return out
}

// rolesEach is how often one wording is looked for in one passage.
const rolesEach = 4

// rolesOf gives the roles that a passage names, by the taxonomy's titles and by
// the wordings above where no title is.
func (n *Normaliser) rolesOf(p *passage) []taxonomy.Mention {
	found := n.taxonomy.FindRoles(p.low)
	for _, w := range titleWordings {
		if !w.match.on(p) {
			continue
		}
		for _, m := range w.match.re.FindAllStringIndex(p.low, rolesEach) {
			if !overlaps(found, m[0], m[1]) {
				found = append(found, taxonomy.Mention{ID: w.id, Start: m[0], End: m[1]})
			}
		}
	}
	return found
}

func overlaps(found []taxonomy.Mention, start, end int) bool {
	for _, f := range found {
		if start < f.End && f.Start < end {
			return true
		}
	}
	return false
}

// isSupport reports whether a role is support work with pupils.
func (n *Normaliser) isSupport(id string) bool {
	r, ok := n.taxonomy.Role(id)
	return ok && (r.Scope == "in" || r.Scope == "conditional")
}
