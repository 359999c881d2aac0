package normalise

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// trade is a line of work that a title names and that is not support work with
// pupils.
type trade struct {
	match *pattern
	scope sendwatch.Scope
	role  string // of the taxonomy, where it has one
	what  string // for the reason
	// firm trades stay what they are whatever support work stands beside them.
	firm bool
}

// trades are looked for in folded titles, in order: who manages, nurses or
// keeps the office does so whatever else stands in the title. The neighbours
// of support work come last.
var trades = []trade{
	{compile(`\b(?:registered|service|deputy|home|business|operations|office|finance|project|care|clinical|case|branch|practice|facilities|inclusion|data|exams?|cover and|site|pharmacy|hr|team|senior|general|area|regional|assistant) managers?\b|\bmanager\b`), sendwatch.ScopeOut, "", "a manager's post", true},
	{compile(`\b(?:pa|personal assistant|secretary|assistant) to (?:the )?(?:head|principal|chief|director)\w*\b`), sendwatch.ScopeOut, "site-catering-admin", "office work", true},
	{compile(`\b(?:team|shift|service) lead(?:er)?s?\b|\bdirector\b`), sendwatch.ScopeOut, "", "a leader's post", true},
	{compile(`\b(?:pastoral|phase|year|subject|curriculum|school) lead(?:er)?s?\b|\bhead ?teacher\b|\bhead of\b|\bprincipal\b|\bdeputy\b|\bassistant head\b`), sendwatch.ScopeOut, "headteacher", "a leader's post", true},
	{compile(`\bsend?cos?\b|\balncos?\b`), sendwatch.ScopeOut, "senco", "a coordinator's post", true},
	{compile(`\b(?:teacher|lecturer|qts|ect)s?\b`), sendwatch.ScopeOut, "teacher", "a teacher's post", false},
	{compile(`\b(?:nurses?|nursing|midwife|rmn|rgn|hca|healthcare assistant|health care assistant|paramedic|doctor|gp|psychiatrist|dentist|dental|pharmac\w+|optom\w+|optic\w+|audiolog\w+|radiograph\w+|veterinary|phlebotom\w+|dieti?t?i\w+)\b`), sendwatch.ScopeOut, "nurse", "a health post", false},
	{compile(`\b(?:\w*therapists?|clinician|salt|slt|physio\w*)\b`), sendwatch.ScopeOut, "therapist-health", "a therapist's post", false},
	{compile(`\b(?:psychologists?|psychotherapist|behaviour analysts?|bcba)\b`), sendwatch.ScopeOut, "assistant-psychologist", "a psychologist's post", false},
	{compile(`\bcounsellors?\b`), sendwatch.ScopeOut, "counsellor", "a counsellor's post", false},
	{compile(`\bsocial work(?:ers?)?\b`), sendwatch.ScopeOut, "", "a social worker's post", false},
	{compile(`\b(?:admin\w*|office|admissions?|enrolment|fundrais\w+|communications|clerical|clerk|secretar\w+|reception(?:ist)?s?(?: /| and|$)|receptionists?|finance|financial|accounts?|accountant|payroll|hr|human resources|governance|procurement|marketing|data|exams?|examinations?|reprographics|it|systems|lettings|business support|personal assistant|pa|ea|executive assistant|records|compliance)\b`), sendwatch.ScopeOut, "site-catering-admin", "office work", false},
	{compile(`\b(?:driver|escort|passenger assistant|minibus)s?\b`), sendwatch.ScopeOut, "driver", "transport", false},
	{compile(`\b(?:cook|chef|catering|kitchen|cleaner|cleaning|caretaker|site|premises|estates|technician|engineer|security|warehouse|operative|librarian|library)\b`), sendwatch.ScopeOut, "", "site, kitchen or technical work", false},
	{compile(`\battendance\b`), sendwatch.ScopeOut, "attendance", "an attendance post", false},
	{compile(`\bfamil(?:y|ies) (?:\w+ ){0,3}(?:support|liaison|engagement|practitioner|worker)s?\b|\bhome[- ]school\b|\bearly help\b|\bparent support\b`), sendwatch.ScopeOut, "family-support", "work with families", false},
	{compile(`\b(?:midday|lunch ?time|mid-day|school meals?)\b`), sendwatch.ScopeOut, "midday-supervisor", "midday supervision", false},
	{compile(`\byouth (?:support )?workers?\b|\bplay ?(?:worker|leader)s?\b|\bdomestic abuse\b|\bhousing\b|\bhomeless\w*\b|\bsupported (?:living|accommodation)\b|\bdomiciliary\b|\bhome ?care\w*\b|\blive-in\b|\bstudent at uni\w*|\buniversit(?:y|ies)\b|\buni student\b|\bfoster\w*|\biapt\b|\bnhs\b|\bprobation\b`), sendwatch.ScopeOut, "", "work outside schools", false},
	{compile(`\b(?:after[- ]school|before[- ]school|breakfast club|wrap ?around|holiday club)\b`), sendwatch.ScopeAdjacent, "", "wraparound care", false},
}

// coverManager finds who arranges cover: the taxonomy's cover supervisor under
// a bigger name, and no manager of people.
var coverManager = compile(`\bcover (?:supervis(?:or|ion) )?managers?\b`)

// forestSchool finds a way of working outdoors, which is no school to lead.
var forestSchool = compile(`\b(?:forest|beach) schools?\b`)

// homes finds children's homes and what only they have.
var homes = compile(`\b(?:children'?s|young people'?s|secure|residential) (?:residential )?(?:care )?homes?\b|\bresidential (?:child ?care|children|care setting|support worker|worker|setting|environments?)\b|\bour homes\b|\bhome environment\b|\bresidential (?:\w+ )?workers?\b|\b(?:residential short|short)[- ]breaks? homes?\b|\b(?:crisis|emergency|solo) placements?\b|\b(?:children|young people) in (?:local authority|residential) care\b`)

// nights finds the shifts of homes, which people work elsewhere too.
var nights = compile(`\bsleep[- ]?ins?\b|\bwaking nights?\b`)

// young finds that it is children who live in a home.
var young = compile(`\bchild(?:ren|care)?\b|\byoung people\b`)

// schooling finds the words of schools.
var schooling = compile(`\b(?:pupils?|students?|classrooms?|class teachers?|schools?|nurser(?:y|ies)|academy|lessons?|sen?d?cos?|curriculum|key stage|ks[1-5]|education(?:al)? setting|alternative provision|pru)\b`)

// schoolName finds employers that call themselves a school.
var schoolName = compile(`\b(?:schools?|ysgol|academy|academies|primary|infants?|juniors?|high|grammar|sixth form|college|nursery|pru|pupil referral|learning trust|(?:education|college|schools?) (?:trust|group)|academies trust)\b`)

// adults finds care for grown people.
var adults = compile(`\b(?:adults|adult (?:learners?|education|students)|prisons?|hmp|elderly|older people|service users|tenants|residents|dementia|care home|supported living|supported accommodation|nursing home|customers|nhs|disabled students' allowance|(?:to|at|in|across|for) universities|university students|on campus|homeless\w*|hostels?|tenanc(?:y|ies)|(?:in|at) (?:their|his|her|the child's|the client's) own homes?|domiciliary|home ?care)\b`)

// teachers finds, beyond the asking for QTS, that the advert is for a teacher.
var teachers = compile(`\b(?:asked us for|looking for|seeking|recruiting(?: for)?|appoint|as|join us as|require|hire|need) (?:an? |our )?(?:[\w-]+ ){0,5}teacher(?:s)?\b`)

// training finds QTS as somewhere that a post leads to.
var training = compile(`\b(?:leading to|towards?|route to|train(?:ing)?|career|future|aspiring|before|progress)\b`)

// judgement is what decides scope, gathered once.
type judgement struct {
	a         *advert
	titleRole string
	trade     *trade
	bodies    []roleMention
	needs     []string
	setting   string
	// How many passages speak of schools, of children's homes, of adults.
	schools, homes, adults int
	nights                 int
	young                  bool
	graduate               bool
}

// judge decides role, scope, needs, setting and phases of the advert.
func (n *Normaliser) judge(a *advert, r *sendwatch.Reading) {
	tell := telling(a)
	r.Needs = n.needs(a)
	r.Setting = setting(a, tell)
	r.Phases = n.phases(a, tell)
	if furtherEducation(a, r) {
		r.Setting = "college"
	}
	j := n.weigh(a, r)
	r.Scope, r.Role, r.ScopeReason = n.decide(&j, r)
	if r.Role == "speech-language-ta" && !slices.Contains(r.Needs, "slcn") {
		// The work itself says what the pupils have.
		has := map[string]bool{"slcn": true}
		for _, id := range r.Needs {
			has[id] = true
		}
		r.Needs = n.inOrder(has)
	}
	if r.Scope != sendwatch.ScopeOut && j.graduate && n.graduatePost(r) && !n.postFirst(&j, r) {
		r.Role = "grad-sen-ta"
	}
}

// postFirst reports whether a title names a narrow post before the career that
// it may lead to, and nothing asks for a degree: "Wellbeing Assistant -
// Aspiring Counsellor".
func (n *Normaliser) postFirst(j *judgement, r *sendwatch.Reading) bool {
	at := careers.first(j.a.title)
	if at == nil || !n.isSupport(j.titleRole) || n.rank(j.titleRole) > 0 || wantsDegree(r) || openingHas(j.a, toGraduates, readBytes) {
		return false
	}
	return n.titleRole(j.a.title[:at[0]]) == j.titleRole
}

// careers finds, in titles, the career that a post leads to.
var careers = compile(`\b(?:aspiring|future)\b`)

// toGraduates finds questions that speak to graduates.
var toGraduates = compile(`\b(?:are you|calling all) (?:an? )?(?:\w+ ){0,3}graduates?(?:$|[?.,]| (?:hoping|looking|who|with|wanting|keen|considering|seeking|interested)\b)`)

// wantsDegree reports whether a degree must be had.
func wantsDegree(r *sendwatch.Reading) bool {
	return slices.ContainsFunc(r.Requirements, func(q taxonomy.Requirement) bool {
		return q.Level == taxonomy.Essential && (q.ID == "degree" || strings.HasPrefix(q.ID, "degree-"))
	})
}

// weigh gathers what decides scope.
func (n *Normaliser) weigh(a *advert, r *sendwatch.Reading) judgement {
	j := judgement{a: a, needs: r.Needs, setting: r.Setting, titleRole: n.titleRole(a.title), graduate: graduates.in(a.title), bodies: n.bodyRoles(a)}
	if j.graduate && !n.isSupport(j.titleRole) {
		// "Aspiring counsellor": the career ahead, not the post.
		j.titleRole = ""
	}
	if trading := forestSchool.replace(coverManager.replace(a.title, "cover supervisor"), "outdoor session"); !j.graduate {
		for i := range trades {
			if trades[i].match.in(trading) {
				j.trade = &trades[i]
				break
			}
		}
	}
	for i := range a.passages {
		p := &a.passages[i]
		if homes.on(p) {
			j.homes++
		} else if nights.on(p) {
			j.nights++
		}
		if adults.on(p) {
			j.adults++
		}
		j.young = j.young || young.on(p)
	}
	if homes.in(a.title) {
		j.homes += 2
	}
	if adults.in(fold(a.posting.Employer)) {
		j.adults += 2
	}
	if j.homes > 0 {
		// Night shifts alone are as well those of somebody's own home.
		j.homes += j.nights
	}
	// Of schools only as many mentions matter as there are of homes, or a few.
	for i := 0; i < len(a.passages) && j.schools <= max(j.homes, 2); i++ {
		if schooling.on(&a.passages[i]) {
			j.schools++
		}
	}
	if schooling.in(a.title) || schoolName.in(fold(a.posting.Employer)) || a.posting.EmployerKind == sendwatch.EmployerSchool || a.posting.EmployerKind == sendwatch.EmployerTrust {
		j.schools += 2
	}
	return j
}

// decide gives scope, role and the reason, a sentence for people.
func (n *Normaliser) decide(j *judgement, r *sendwatch.Reading) (sendwatch.Scope, string, string) {
	if teaches(j, r) {
		return n.retitled(j, "teacher", sendwatch.ScopeOut, "the body asks for a teacher")
	}
	if c := calling(j.a); c != nil && !j.graduate {
		return n.retitled(j, c.role, sendwatch.ScopeOut, c.what)
	}
	if n.isSupport(j.titleRole) && n.atDesk(j) {
		return n.retitled(j, "site-catering-admin", sendwatch.ScopeOut, "the body tells of office work only")
	}
	if j.trade != nil && !n.supportFirst(j) {
		if j.trade.scope == sendwatch.ScopeOut && !j.trade.firm && j.homes > 1 && j.trade.role == "" && j.young && n.isResidential(j) {
			return sendwatch.ScopeAdjacent, "residential-worker", "care in a children's home, not work in a school"
		}
		return j.trade.scope, j.trade.role, "the title names " + j.trade.what
	}
	role, from := n.postRole(j)
	if role == "" {
		return n.unnamed(j)
	}
	known, _ := n.taxonomy.Role(role)
	if n.isSupport(role) && !n.inSchool(j, from) {
		return n.unnamed(j)
	}
	switch {
	case role == "residential-worker":
		if r.Setting == "residential-special" || j.young && j.homes > 0 && j.adults <= j.homes+1 {
			return sendwatch.ScopeAdjacent, role, "care in a children's home, not work in a school"
		}
		return sendwatch.ScopeOut, role, "residential care, not work in a school"
	case known == nil || known.Scope == "out":
		if j.titleRole != role && j.titleRole != "" {
			j.a.note(fmt.Sprintf("The title reads like %s, the text like %s.", n.roleLabel(j.titleRole), n.roleLabel(role)))
		}
		return sendwatch.ScopeOut, role, fmt.Sprintf("%s is not support work with pupils", n.roleLabel(role))
	case j.homes > 1 && j.homes >= j.schools && r.Setting != "special-school" && (j.nights > 0 || !schoolTitle.in(j.a.title)) || openingHas(j.a, evenings, 3000):
		return sendwatch.ScopeAdjacent, "residential-worker", "care outside the school day, in a residential setting"
	case j.adults > 1 && j.schools <= 1 && j.adults > j.schools:
		return sendwatch.ScopeOut, role, "the work is with adults"
	}
	if from == "body" && j.titleRole == "" {
		j.a.note(fmt.Sprintf("The title does not name the post; the text describes %s.", n.roleLabel(role)))
	}
	if j.trade != nil && j.trade.role == "attendance" {
		return sendwatch.ScopeAdjacent, role, "pastoral work with attendance"
	}
	if known.Scope == "in" {
		return sendwatch.ScopeIn, role, fmt.Sprintf("%s is support work with SEND or SEMH pupils", n.roleLabel(role))
	}
	return n.conditional(j, role)
}

// schoolTitle finds the words of titles that only schools and their agencies
// use.
var schoolTitle = compile(`\b(?:teaching|education|educational|learning|school|classroom|pupil|student|learner|curriculum|early years|nursery|pre-?school|1:1|sen|send|semh|special educational|ta|lsa|hlta|elsa|mentor|pastoral|cover|behaviour|nurture|inclusion|inclusive|speech|communication|literacy|graduates?|aspiring)\b`)

// inSchool reports whether the post is one in a school rather than in care or
// health: its title says so, or its text does more than once.
func (n *Normaliser) inSchool(j *judgement, from string) bool {
	if from == "title" && schoolTitle.in(j.a.title) {
		return true
	}
	return j.schools > 1 || j.schools == 1 && (j.setting != "" || len(j.a.passages) < fewPassages)
}

// fewPassages is how few passages make a teaser, of which one word must do.
const fewPassages = 8

// evenings finds residential shifts after school.
var evenings = compile(`\((?:residential)\)|\bresidential care teams?\b`)

// conditional decides for a role that is in scope only where SEND or SEMH is
// named as the work.
func (n *Normaliser) conditional(j *judgement, role string) (sendwatch.Scope, string, string) {
	label := n.roleLabel(role)
	if specialist(j.setting) {
		return sendwatch.ScopeIn, role, fmt.Sprintf("%s in a setting for SEND or SEMH pupils", label)
	}
	if role == "ap-tutor" && (j.setting == "college" || n.namedWork(j) == "") {
		return sendwatch.ScopeOut, "teacher", "the work is teaching, and no SEND or SEMH support is named"
	}
	if role == "cover-supervisor" {
		return sendwatch.ScopeAdjacent, role, "cover supervision in a mainstream school"
	}
	if what := n.namedWork(j); what != "" {
		return sendwatch.ScopeIn, role, fmt.Sprintf("%s whose work names %s", label, what)
	}
	return sendwatch.ScopeAdjacent, role, fmt.Sprintf("%s without SEND or SEMH named as the work", label)
}

// stock finds mentions of SEND that every school's advert has.
var stock = compile(`\b(?:polic(?:y|ies)|including (?:those|pupils|students|children) with|all (?:pupils|students|children)[^.]{0,40}(?:including|regardless)|equal opportunities|ofsted|inclusive (?:school|ethos)|supported by|outside agencies|safeguarding)\b`)

// namedTwice is the weight from which a need is the work: named once as the
// pupils', or twice in what is asked of the candidate.
const namedTwice = 2

// namedWork gives the label of a need that the advert names as the work, or
// "". One mention in passing is not enough.
func (n *Normaliser) namedWork(j *judgement) string {
	named, first := 0, ""
	count := func(p *passage, weight int) {
		has := map[string]bool{}
		n.needsIn(p, has)
		delete(has, "eal")
		if len(has) == 0 {
			return
		}
		named += weight
		for _, l := range n.taxonomy.Needs() {
			if has[l.ID] && first == "" {
				first = l.Label
			}
		}
	}
	count(j.a.headline, 2)
	for i := range j.a.passages {
		p := &j.a.passages[i]
		if p.part == taxonomy.PartOffer || p.part == taxonomy.PartApply || stock.on(p) {
			continue
		}
		weight := 2
		if p.part == taxonomy.PartRequirements || expertise.on(p) {
			weight = 1
		}
		if count(p, weight); named >= namedTwice {
			return first
		}
	}
	return ""
}

// retitled notes that the title does not say what the post is.
func (n *Normaliser) retitled(j *judgement, role string, scope sendwatch.Scope, why string) (sendwatch.Scope, string, string) {
	if n.isSupport(j.titleRole) {
		j.a.note(fmt.Sprintf("The title reads like %s, but %s.", n.roleLabel(j.titleRole), why))
	}
	return scope, role, why
}

// supportFirst reports whether a title that names another trade names support
// work with pupils as the post itself: "SEND Learning Support Assistant /
// Midday Assistant", "Teaching Assistant (Specialist Teacher team)".
func (n *Normaliser) supportFirst(j *judgement) bool {
	if j.trade.firm && j.trade.role != "senco" || !n.isSupport(j.titleRole) {
		return false
	}
	if j.trade.role == "midday-supervisor" {
		// A contracted part as an assistant makes the post one.
		return true
	}
	at := j.trade.match.first(j.a.title)
	if j.trade.role == "teacher" && at != nil && bothWanted.in(j.a.title[at[1]:]) {
		// Posts of both kinds in one advert: the assistants' are ours.
		return true
	}
	if at == nil {
		return false
	}
	for _, m := range n.rolesOf(j.a.headline) {
		if n.isSupport(m.ID) && (m.Start <= at[0] && m.End >= at[1] || m.Start < at[0] && strings.ContainsAny(j.a.title[m.End:max(m.End, at[0])], "/(,-") || m.Start > at[0] && j.trade.role == "senco" && strings.ContainsAny(j.a.title[at[1]:max(at[1], m.Start)], "/(,-") || m.ID == "pastoral-support" && j.trade.role == "attendance") {
			return true
		}
	}
	return false
}

// bothWanted finds, after a teacher in a title, assistants in the plural.
var bothWanted = compile(`^s?(?: x ?\d)?(?:,|/| /| and| \+) (?:[\w/-]+ ){0,3}(?:assistants|tas|lsas|mentors)\b`)

// postRole gives the role of the post, and whether title or body told.
func (n *Normaliser) postRole(j *judgement) (role, from string) {
	out, support := 0, 0
	top, outside := "", ""
	for _, b := range j.bodies {
		if n.isSupport(b.id) {
			if support += b.weight; top == "" {
				top = b.id
			}
		} else {
			if out += b.weight; outside == "" {
				outside = b.id
			}
		}
	}
	if j.titleRole != "" {
		// A body that never names support work, and another post twice, is
		// about the other.
		if n.isSupport(j.titleRole) && support == 0 && out >= 6 {
			return outside, "body"
		}
		return j.titleRole, "title"
	}
	switch {
	case support >= 2 && support >= out:
		return n.narrowest(j.bodies, top), "body"
	case out >= 4:
		return outside, "body"
	}
	return "", ""
}

// narrowest gives the narrowest role under top that the body names at least
// half as strongly.
func (n *Normaliser) narrowest(bodies []roleMention, top string) string {
	best := top
	weight := 0
	for _, b := range bodies {
		if b.id == top {
			weight = b.weight
		}
		for _, up := range n.taxonomy.Ancestors(b.id) {
			if up == best && b.id != best && b.weight*3 >= weight {
				best = b.id
			}
		}
	}
	return best
}

// unnamed decides for an advert whose post no title of the taxonomy names.
func (n *Normaliser) unnamed(j *judgement) (sendwatch.Scope, string, string) {
	switch {
	case j.setting == "residential-special" && nightly.in(j.a.title):
		return sendwatch.ScopeAdjacent, "residential-worker", "care outside the school day, in a residential school"
	case j.homes > 0 && j.young && j.homes >= j.adults:
		return sendwatch.ScopeAdjacent, "residential-worker", "care in a children's home, not work in a school"
	case j.graduate && (j.schools > 0 || psychology.in(j.a.title) && !assisting.in(j.a.title)) && j.adults < 2:
		return sendwatch.ScopeIn, "grad-sen-ta", "a graduate post of the kind that places people with SEND pupils"
	case !supporting.in(j.a.title) || j.adults > 1 || j.schools == 0:
	case !n.withPupils(j) && !besidePupils.in(j.a.title):
	case specialist(j.setting), len(j.needs) > 0 && (j.schools > 2 || j.schools > 1 && j.setting != "" && n.withPupils(j) || besidePupils.in(j.a.title)) && n.namedWork(j) != "":
		return sendwatch.ScopeIn, n.kindred(j), "support work with SEND or SEMH pupils under another title"
	case besidePupils.in(j.a.title) && j.schools > 1:
		return sendwatch.ScopeAdjacent, "", "support work with pupils under another title, without SEND or SEMH named as the work"
	}
	return sendwatch.ScopeOut, "", "nothing names support work with pupils"
}

// specialist reports whether a setting is for SEND or SEMH pupils.
func specialist(setting string) bool {
	switch setting {
	case "special-school", "ap-pru", "resource-base", "residential-special", "hospital-school":
		return true
	}
	return false
}

// withPupils reports whether the body tells of work beside pupils.
func (n *Normaliser) withPupils(j *judgement) bool {
	for i := range j.a.passages {
		if p := &j.a.passages[i]; p.part != taxonomy.PartOffer && p.part != taxonomy.PartApply && amongPupils.on(p) && !expertise.on(p) {
			return true
		}
	}
	return false
}

// kindred gives the role that support work under an unknown title is nearest
// to.
func (n *Normaliser) kindred(j *judgement) string {
	switch {
	case mentoring.in(j.a.title):
		return "learning-mentor"
	case slices.Contains(j.needs, "semh") && !slices.Contains(j.needs, "send"):
		return "semh-ta"
	}
	return "sen-ta"
}

var (
	psychology = compile(`\b(?:educational psycholog|psycholog|child|therapist|counsell)\w*`)
	assisting  = compile(`\bassistants?\b`)
	supporting = compile(`\b(?:support|assistant|mentor|coach|practitioner|helper|partner|worker|keyworker|facilitator|session leader|companion)s?\b`)
	nightly    = compile(`\b(?:nights?|waking|evenings?|care|boarding|house ?(?:parent|mother|father|master|mistress))\b`)
	mentoring  = compile(`\b(?:mentor|coach)(?:s|ing|es)?\b`)
	// besidePupils finds titles of work with pupils rather than with papers.
	besidePupils = compile(`\b(?:inclusion|inclusive|behaviour|pastoral|wellbeing|well-being|student|pupil|learner|engagement|intervention|nurture|mentor|key ?worker|education|educational|classroom|early years|(?:complex|special|additional|medical|sensory) needs|autis\w+|sen|send|semh|mld|sld|pmld|hearing|visual|deaf|sensory|therap(?:y|eutic))\b`)
	// amongPupils finds sentences on work beside pupils.
	amongPupils = compile(`\b(?:support|supporting|mentor|mentoring|work|working|works|help|helping|assist|assisting|supervis\w+|coach|coaching|encourag\w+|guid(?:e|ing)|teach(?:es|ing)?|look(?:ing)? after|collect|accompany\w*|be an? 1:1 for|alongside|with) (?:[\w,'-]+ ){0,6}?(?:pupils?|students?|children|child|young (?:people|person)|learners?|teenagers|them|boys?|girls?|year-old)\b`)
)

// isResidential reports whether the heaviest role of the body, or the title,
// is work in a children's home.
func (n *Normaliser) isResidential(j *judgement) bool {
	return j.titleRole == "residential-worker" || len(j.bodies) > 0 && j.bodies[0].id == "residential-worker"
}

// graduatePost reports whether a post in scope is one of those that graduates
// are looked for.
func (n *Normaliser) graduatePost(r *sendwatch.Reading) bool {
	if r.Scope != sendwatch.ScopeIn {
		return false
	}
	switch r.Role {
	case "ta", "sen-ta", "semh-ta", "lsa", "grad-sen-ta", "learning-mentor", "sen-support-worker", "assistant-psychologist", "":
		return true
	}
	return false
}

// roleLabel is what a reason calls a role.
func (n *Normaliser) roleLabel(id string) string {
	if r, ok := n.taxonomy.Role(id); ok {
		return "“" + r.Label + "”"
	}
	return "another post"
}
