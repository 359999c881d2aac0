package normalise

import (
	"regexp"
	"slices"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/document"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// settingWordings name the settings on folded text, most telling first: where
// two are named equally often the first is meant.
var settingWordings = []wording{
	{"ap-pru", compile(`\bprus?\b|\bpupil referral (?:unit|service)s?\b|\balternative (?:education )?provi(?:sion|der)s?\b|\bshort[- ]stay school\b|\bap (?:academy|free school|school|setting|provision)\b`)},
	{"residential-special", compile(`\bresidential special school\b|\bresidential school\b|\bclassroom and residential\b|\b(?:38|52)-week\b`)},
	{"hospital-school", compile(`\bhospital school\b|\bmedical tuition\b|\bhome and hospital\b`)},
	{"resource-base", compile(`\bresourced? (?:base|provision|unit)\b|\bspecialist resource\b|\b(?:sen|send|semh|autism|asd|specialist|nurture|language|hearing) (?:resource )?(?:base|unit|hub)\b|\b(?:arp|erp)\b|\binclusion (?:base|unit|hub|centre)\b|\badditionally resourced\b|\bspecialist teaching (?:facility|facilities|class(?:es)?|base|unit|centre)\b|\bspecialist (?:facility|class(?:es)?)\b|\blearning (?:support )?base\b|\bopportunity class\b|\bprimary support base\b`)},
	{"various", compile(`\b(?:service|post|role|team|work) is peripatetic\b|\bperipatetic (?:service|post|role|team|basis)\b|\bvarious schools\b|\brange of schools\b|\bnumber of schools\b|\b(?:special|specialist|sen|send) (?:schools )?and mainstream\b|\bmainstream (?:schools )?and (?:special|specialist|sen|send)\b|\bschools (?:across|throughout|in and around)\b|\bprimary and (?:secondary|specialist)(?: \w+)? schools\b|\broles (?:\w+ ){0,6}in (?:primary|secondary) schools\b|\bcover(?: supervision)? in secondary schools\b`)},
	{"special-school", compile(`\bindependent (?:semh|autism|asd|asc|send|sen)\b|\bysgol arbennig\b|\b(?:hydrotherapy|rebound therapy)\b|\bspecial(?:ist|ised)?(?:,? [\w-]+){0,3} (?:schools?|academy|academies|provision|education provider|education(?:al)? (?:setting|environment|centre)|settings?)\b|\b(?:sen|send|semh|autism|asd|sld|pmld|mld) (?:\w+ )?(?:schools?|academy|setting)\b|\bspecial educational needs (?:\(?send?\)? )?schools?\b|\bschools? for (?:\w+ ){0,4}with\b|\bspecialist (?:primary|secondary|infants?|juniors?)\b|\b(?:an?|our) (?:[\w-]+ ){0,3}provision for (?:\w+ ){1,4}(?:with|who have)\b|\bspecial school\b`)},
	{"college", compile(`\bfurther education\b|\bfe college\b|\bsixth[- ]form college\b|\bspecialist college\b|\bcollege of\b|\bcollege and university\b|\bsixth[- ]form centre\b|\b(?:we are|at our|our) (?:\w+ ){0,2}college\b|\bcollege\b[^.]{0,50}\b(?:sixth[- ]form|16-19|post-16|adult) (?:students|learners)\b`)},
	{"nursery", compile(`\bnursery (?:school|setting|class|rooms?)?\b|\bpre-?school\b|\bchildren's centre\b`)},
	{"mainstream", compile(`\bmainstream\b|\bysgol (?:gynradd|uwchradd|gyfun)\b|\b(?:primary|secondary|infant|junior|high|grammar|comprehensive|independent|prep|preparatory|through|community) (?:\w+ )?(?:schools?|academy|college)\b|\b\d{1,2}-\d{1,2} (?:\w+ ){0,2}(?:school|academy|comprehensive)\b|\bcomprehensive$|\b(?:catholic|cofe|ce|rc|community|church) (?:primary|infants?|juniors?|high)\b|\bprimary$|(?:^(?:an? )?|\b(?:form[- ]entry|welcoming|busy|inclusive|local|large|small|outstanding|friendly) )(?:\w+ )?primary in\b|\b(?:an?|our|this|form[- ]entry) (?:[\w-]+ ){0,3}(?:primary|infants|juniors)(?:$|[.,;:)!]| (?:in|near|on|where|with|serving|based|just)\b)|\bacademy\b(?:$|[^:])|\bchurch of england\b|\bc of e\b|\bcofe\b|\bindependent school\b|\blarge school\b|\bsixth form\b`)},
}

// residential is where settingWordings has the residential special schools.
const residential = 1

// inMainstream finds that the schools named beside it are mainstream ones.
var inMainstream = compile(`\bmainstream (?:\w+ )?schools?\b`)

// specialToo finds that special schools are named as well.
var specialToo = compile(`\b(?:special|specialist|sen|send|semh) schools?\b`)

// setting gives the id of where the work is done, or "". The employer's name
// and the title count more than a mention in passing; what is asked of the
// candidate does not count.
func setting(a *advert, scope []*passage) string {
	score := make([]int, len(settingWordings))
	count := func(p *passage, weight int) {
		if elsewhere.on(p) {
			return
		}
		if ordinary.on(p) && calledPrimary.MatchString(p.text) {
			score[len(score)-1] += weight
		}
		if inMainstream.on(p) && !specialToo.on(p) {
			score[len(score)-1] += weight
			return
		}
		for i := range settingWordings {
			if settingWordings[i].match.on(p) {
				score[i] += weight
				if settingWordings[i].id == "residential-special" {
					// "A residential special school" is no special school as well.
					return
				}
			}
		}
	}
	count(alone(clean(a.posting.Employer)), 4)
	count(a.headline, 3)
	for _, p := range scope {
		count(p, 1)
	}
	if slices.Max(score) == 0 {
		// Some adverts say what the school is among what it offers, or with whom
		// it looks for.
		for i := range a.passages {
			if p := &a.passages[i]; p.part == taxonomy.PartOffer && p.kind == document.Paragraph && meets.on(p) ||
				p.part == taxonomy.PartRequirements && p.kind == document.Paragraph && demands.on(p) {
				count(p, 1)
			}
		}
	}
	if id := chosen(score, a.posting.EmployerKind); id != "" || a.posting.EmployerKind != sendwatch.EmployerAgency {
		return id
	}
	for i := range a.passages {
		if p := &a.passages[i]; p.part != taxonomy.PartOffer && severalSchools.on(p) {
			return "various"
		}
	}
	return ""
}

// ordinary and calledPrimary find schools that leave the word out: "Crieff Road
// Primary".
var (
	ordinary      = compile(`\b(?:primary|infants?|juniors?|high)\b`)
	calledPrimary = regexp.MustCompile(`\b[A-Z][\w'’.]+ (?:Primary|Infants?|Juniors?|High)(?:$|[.,;:)]| [a-z])`)
)

// elsewhere finds settings that some pupils go to, or come from, while the post
// is not in them.
var elsewhere = compile(`\b(?:off-?site|elsewhere|educated (?:at|in)|referred (?:to|from)|referrals? to|placements? (?:at|in)|attend(?:s|ing)?|liais\w+ with|visits? to|return(?:s|ing)? to|(?:re)?integrat\w+|transition\w*|mov(?:e|es|ing) (?:on |back )?to|(?:come|comes|came|coming) (?:to us )?from|care academy|training academy)\b`)

// furtherEducation makes a college of an employer of that name whose learners
// are all over sixteen: many a secondary school is called a college too.
func furtherEducation(a *advert, r *sendwatch.Reading) bool {
	return (r.Setting == "" || r.Setting == "mainstream") && slices.Equal(r.Phases, []string{"post-16"}) && college.in(fold(a.posting.Employer))
}

var college = compile(`\bcollege\b`)

// severalSchools finds that an agency places people in more than one school.
var severalSchools = compile(`\b(?:in|across|to|into|for) (?:\w+ ){0,3}schools\b`)

// chosen picks the setting of the highest score. A mainstream school is the
// rule and is said by every school's name, so that another setting named at
// all is the answer, unless it is named once and "mainstream" more.
func chosen(score []int, employer sendwatch.EmployerKind) string {
	best, main := -1, len(settingWordings)-1
	for i := range score[:main] {
		if score[i] > 0 && (best < 0 || score[i] > score[best]) {
			best = i
		}
	}
	switch {
	case best >= 0 && settingWordings[best].id == "special-school" && score[residential] > 0:
		return settingWordings[residential].id
	case best >= 0:
		return settingWordings[best].id
	case score[main] > 0, employer == sendwatch.EmployerSchool:
		return settingWordings[main].id
	}
	return ""
}

// telling picks the passages that say where and what the work is: not what is
// asked of the candidate, not what the employer offers.
func telling(a *advert) []*passage {
	var out []*passage
	for i := range a.passages {
		p := &a.passages[i]
		switch p.part {
		case taxonomy.PartRequirements, taxonomy.PartOffer, taxonomy.PartApply:
			continue
		}
		if expertise.on(p) && !pupilsAre.on(p) {
			continue
		}
		out = append(out, p)
	}
	return out
}
