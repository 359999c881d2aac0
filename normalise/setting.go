package normalise

import (
	"strconv"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// settingWordings name the settings on folded text, most telling first: where
// two are named equally often the first is meant.
var settingWordings = []wording{
	{"ap-pru", compile(`\bprus?\b|\bpupil referral (?:unit|service)s?\b|\balternative provision\b|\bshort[- ]stay school\b|\bap academy\b`)},
	{"residential-special", compile(`\bresidential special school\b|\bresidential school\b|\bclassroom and residential\b|\b(?:38|52)-week\b`)},
	{"hospital-school", compile(`\bhospital school\b|\bmedical tuition\b|\bhome and hospital\b`)},
	{"resource-base", compile(`\bresourced? (?:base|provision|unit)\b|\bspecialist resource\b|\b(?:sen|send|semh|autism|asd|specialist|nurture|language|hearing) (?:resource )?(?:base|unit|hub)\b|\b(?:arp|erp)\b|\badditionally resourced\b|\bprimary support base\b`)},
	{"various", compile(`\bvarious schools\b|\brange of schools\b|\bnumber of schools\b|\b(?:special|specialist|sen|send) (?:schools )?and mainstream\b|\bmainstream (?:schools )?and (?:special|specialist|sen|send)\b|\bschools (?:across|throughout|in and around)\b|\bprimary and (?:secondary|specialist)(?: \w+)? schools\b|\broles (?:\w+ ){0,6}in (?:primary|secondary) schools\b|\bcover(?: supervision)? in secondary schools\b`)},
	{"special-school", compile(`\bspecial(?:ist|ised)?(?:,? \w+){0,3} (?:schools?|academy|academies|provision|education provider|educational setting|settings?)\b|\b(?:sen|send|semh|autism|asd|sld|pmld|mld) (?:\w+ )?(?:schools?|academy|setting)\b|\bspecial educational needs (?:\(?send?\)? )?schools?\b|\bschools? for (?:\w+ ){0,4}with\b|\bspecial school\b`)},
	{"college", compile(`\bfurther education\b|\bfe college\b|\bsixth[- ]form college\b|\bspecialist college\b|\bcollege of\b`)},
	{"nursery", compile(`\bnursery (?:school|setting|class|rooms?)?\b|\bpre-?school\b|\bchildren's centre\b`)},
	{"mainstream", compile(`\bmainstream\b|\b(?:primary|secondary|infant|junior|high|grammar|comprehensive|independent|prep|preparatory|through|community) (?:\w+ )?(?:schools?|academy|college)\b|\bacademy\b|\bchurch of england\b|\bc of e\b|\bcofe\b|\bindependent school\b|\blarge school\b|\bsixth form\b`)},
}

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
		if inMainstream.on(p) && !specialToo.on(p) {
			score[len(score)-1] += weight
			return
		}
		for i := range settingWordings {
			if settingWordings[i].match.on(p) {
				score[i] += weight
			}
		}
	}
	count(alone(clean(a.posting.Employer)), 4)
	count(a.headline, 3)
	for _, p := range scope {
		count(p, 1)
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
	case best >= 0:
		return settingWordings[best].id
	case score[main] > 0, employer == sendwatch.EmployerSchool:
		return settingWordings[main].id
	}
	return ""
}

// phaseWordings name the phases on folded text.
var phaseWordings = []wording{
	{"early-years", compile(`\beyfs\b|\bnursery\b|\bearly years\b|\breception (?:class|pupils|children|year)\b|\bfoundation stage\b|\bin reception\b`)},
	{"primary", compile(`\bks ?[12]\b|\bkey stages? (?:1|2|one|two)\b|\bprimary\b|\binfants?\b|\bjuniors?\b|\byears? (?:[1-6])\b|\bprep school\b`)},
	{"secondary", compile(`\bks ?[34]\b|\bkey stages? (?:3|4|three|four)\b|\bsecondary\b|\bpost-primary\b|\byears? (?:7|8|9|10|11)\b|\bgcse (?:groups?|classes|students)\b|\bcomprehensive\b`)},
	{"post-16", compile(`\bpost[- ]?16\b|\bsixth[- ]form\b|\bks ?5\b|\bkey stage 5\b|\byears? 1[23]\b|\b16-19\b|\b19-25\b`)},
}

// notPhase finds "primary" and "secondary" where they mean first and second.
var notPhase = compile(`\b(?:primary|secondary) (?:mission|purpose|functions?|roles?|aims?|focus|responsibilit\w+|goals?|objectives?|dut(?:y|ies)|contact|concern|carers?|point|care)\b`)

// yearSpan finds a span of school years.
var yearSpan = compile(`\byears? (\d{1,2}) ?(?:-|to|and) ?(\d{1,2})\b`)

// ages finds the spans of ages that a school or post is for.
var ages = []*pattern{
	compile(`\b(?:aged?|ages|between(?: the ages of)?|from|pupils|students|children|people)(?: aged)? (\d{1,2})(?:\.5)?(?: years)?(?: old)? ?(?:-|to|and|until) ?(\d{1,2})\b`),
	compile(`\b(\d{1,2}) ?(?:-|to) ?(\d{1,2}) (?:school|academy|year[- ]olds?|years)\b`),
}

// phaseAges are the ages at which each phase begins and ends.
var phaseAges = []struct {
	id       string
	from, to int
}{{"early-years", 0, 4}, {"primary", 5, 11}, {"secondary", 11, 16}, {"post-16", 16, 25}}

// phases gives the ids of the phases that the work is in, youngest first.
func (n *Normaliser) phases(a *advert, scope []*passage) []string {
	has := map[string]bool{}
	look := func(p *passage) {
		low := notPhase.replace(p.low, "")
		for _, w := range phaseWordings {
			if !has[w.id] && w.match.hintedOn(p) && w.match.in(low) {
				has[w.id] = true
			}
		}
		low = inDigits(low)
		for _, span := range ages {
			if m := span.groups(low); m != nil {
				spanned(m[1], m[2], 0, has)
			}
		}
		if m := yearSpan.groups(low); m != nil {
			// Year 1 begins at five.
			spanned(m[1], m[2], 4, has)
		}
	}
	look(a.headline)
	look(alone(clean(a.posting.Employer)))
	for _, p := range scope {
		look(p)
	}
	if len(has) == 0 {
		for i := range a.passages {
			if p := &a.passages[i]; p.part == taxonomy.PartRequirements || p.part == "" {
				look(p)
			}
		}
	}
	out := []string{}
	for _, l := range n.taxonomy.Phases() {
		if has[l.ID] {
			out = append(out, l.ID)
		}
	}
	return out
}

// written are the ages that adverts write out.
var written = compile(`\b(?:two|three|four|five|seven|eleven|sixteen|eighteen|nineteen|twenty-five)\b`)

var numbers = map[string]string{"two": "2", "three": "3", "four": "4", "five": "5", "seven": "7", "eleven": "11",
	"sixteen": "16", "eighteen": "18", "nineteen": "19", "twenty-five": "25"}

// inDigits writes the ages of a text in digits.
func inDigits(low string) string {
	if !written.in(low) {
		return low
	}
	return written.re.ReplaceAllStringFunc(low, func(w string) string { return numbers[w] })
}

// spanned adds the phases that a span of years, counted from the age add,
// reaches into by two years.
func spanned(from, to string, add int, has map[string]bool) {
	lo, err := strconv.Atoi(from)
	hi, err2 := strconv.Atoi(to)
	if err != nil || err2 != nil || lo >= hi || hi > 25 {
		return
	}
	lo, hi = lo+add, hi+add
	for _, p := range phaseAges {
		if min(hi, p.to)-max(lo, p.from) >= 2 {
			has[p.id] = true
		}
	}
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
