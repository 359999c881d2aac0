package normalise

import (
	"strconv"
	"strings"

	"github.com/sendwatch/sendwatch/taxonomy"
)

// phaseWordings name the phases on folded text.
var phaseWordings = []wording{
	{"early-years", compile(`\beyfs\b|\bnursery\b|\bearly years\b|\breception (?:class|pupils|children|year)\b|\bfoundation stage\b|\b(?:in|from) (?:our )?reception(?:$|[.,;:)]| (?:to|and (?:year|key|ks)|who|class|with|or year)\b)`)},
	{"primary", compile(`\bks ?[12]\b|\bkey stages? (?:1|2|one|two)\b|\bprimar(?:y|ies)\b|\binfants?\b|\bjuniors?\b|\byears? (?:[1-6])\b|\bprep school\b|\bysgol gynradd\b|\bp[1-7]\b|\ball[- ]through\b`)},
	{"secondary", compile(`\bks ?[34]\b|\bkey stages? (?:3|4|three|four)\b|\bsecondary\b|\bpost-primary\b|\byears? (?:7|8|9|10|11)\b|\bgcse (?:groups?|classes|students)\b|\bcomprehensive (?:\w+ )?(?:school|academy)\b|\ball[- ]through\b|\bysgol (?:uwchradd|gyfun)\b|\bs[1-6] (?:pupils|classes|and s)\b`)},
	{"post-16", compile(`\bpost[- ]?16\b|\bsixth[- ]form\b|\bks ?5\b|\bkey stage 5\b|\byears? 1[23]\b|\b16-19\b|\b19-25\b`)},
}

// notPhase finds "primary" and "secondary" where they mean first and second.
var notPhase = compile(`\b(?:primary|secondary) (?:supported|contacts?|reason|mission|purpose|functions?|roles?|aims?|focus|responsibilit\w+|goals?|objectives?|dut(?:y|ies)|contact|concern|carers?|point|care)\b`)

// stages are the words that a span of phases begins or ends with, and the ages
// from when to when each is.
var stages = []struct {
	match    *pattern
	from, to int
}{
	{compile(`^(?:nursery|pre-?school|early years|eyfs|foundation stage)$`), 3, 5},
	{compile(`^(?:reception|year r)$`), 4, 5},
	{compile(`^(?:infants?|key stage (?:1|one)|ks ?1)$`), 5, 7},
	{compile(`^(?:juniors?|key stage (?:2|two)|ks ?2)$`), 7, 11},
	{compile(`^primary$`), 5, 11},
	{compile(`^(?:key stage (?:3|three)|ks ?3)$`), 11, 14},
	{compile(`^(?:key stage (?:4|four)|ks ?4)$`), 14, 16},
	{compile(`^secondary$`), 11, 16},
	{compile(`^(?:key stage (?:5|five)|ks ?5|sixth[- ]form|post[- ]?16|college)$`), 16, 19},
}

const stage = `(?:nursery|pre-?school|early years|eyfs|foundation stage|reception|year r|infants?|juniors?|primary|secondary|sixth[- ]form|post[- ]?16|college|key stage \w+|ks ?[1-5]|years? \d{1,2})`

// stageSpan finds a span of stages: "nursery to sixth form", "Years 7 to 13".
var stageSpan = compile(`\b(` + stage + `)(?: (?:class|age|pupils|children))? ?(?:-|to|through to|right through to|all the way to|up to|until|and) ?(?:the end of |our )?(` + stage + `|\d{1,2})\b`)

// between gives the ages that a stage is from and to.
func between(word string) (from, to int, ok bool) {
	for _, s := range stages {
		if s.match.in(word) {
			return s.from, s.to, true
		}
	}
	digits := strings.TrimPrefix(strings.TrimPrefix(word, "years "), "year ")
	if year, err := strconv.Atoi(digits); err == nil && year >= 1 && year <= 14 {
		// Year 1 begins at five.
		return year + 4, year + 5, true
	}
	return 0, 0, false
}

// staged adds the phases of the spans of stages that a text names.
func staged(low string, has map[string]bool) {
	for _, m := range stageSpan.re.FindAllStringSubmatch(low, spansEach) {
		from, _, ok := between(m[1])
		_, to, ok2 := between(m[2])
		if !ok || !ok2 || from >= to {
			continue
		}
		for _, p := range phaseAges {
			if min(to, p.to)-max(from, p.from) >= 1 && (p.id != "early-years" || from <= 4) {
				has[p.id] = true
			}
		}
	}
}

// spansEach is how many spans of one passage are looked at.
const spansEach = 4

// passing finds the phases that pupils come from or go on to, and the phases
// that the reader has worked in: they are not the phase of the work.
var passing = compile(`\b(?:progress(?:es|ing|ion)?|go(?:es|ing)?|on) (?:on )?(?:to|into|onto) (?:\w+ ){0,4}?` + level + `\b|\b(?:ready|readiness|prepar\w+|transition\w*|transfer\w*|mov(?:e|es|ed|ing)|step(?:s|ping)? up|destinations?|(?:come|comes|came|coming|joined|joins|arrived?|arrives)|left|leaving|since|before|after) (?:\w+ ){0,3}?(?:for|to|into|onto|from|in|at|their|his|her|leaving|between|towards) (?:\w+ ){0,4}?` + level + `(?:(?: to| and| or|/) (?:\w+ )?` + level + `)?(?: (?:school|schools|academy|phase|education|life|transition))?\b|\b(?:feeder|partner|neighbouring|receiving|other) (?:\w+ )?` + level + ` schools?\b|\b` + level + ` (?:transition|transfer|readiness|destinations?)\b|\b(?:left|leaving|finished|finishing|missed|since) (?:\w+ )?` + level + `\b`)

// levels finds the words that any phase is told by, so that most passages are
// not looked through.
var levels = compile(`\b(?:nursery|pre-?school|early years|eyfs|foundation stage|reception|year|years|infants?|juniors?|primary|primaries|secondary|comprehensive|sixth|post|college|key stages?|ks ?[1-5]|gcse|16-19|19-25|all[- ]through|prep|ysgol|high|p[1-7]|s[1-6])\b`)

const level = `(?:nursery|reception|infants?|juniors?|primary|secondary|high school|college|sixth[- ]form|post[- ]?16|further education|key stage \w+|ks ?[1-5]|years? \d{1,2})`

// ages finds the spans of ages that a school or post is for.
var ages = []*pattern{
	compile(`\b(?:aged?|age range:?|ages|between(?: the ages of)?|from|pupils|students|children|people|learners)(?: are)?(?: aged)? (\d{1,2})(?:\.5)?(?: years)?(?: old)? ?(?:-|to|and|until) ?(\d{1,2})\b`),
	compile(`\b(\d{1,2}) ?(?:-|to) ?(\d{1,2})\)?(?:'?s\b| (?:\w+ )?(?:school|academy|comprehensive|college|year[- ]olds?|years)\b)`),
	compile(`(?:\(|^)(\d{1,2}) ?(?:-|to) ?(\d{1,2})(?:\)|$)`),
}

// phaseAges are the ages at which each phase begins and ends.
var phaseAges = []struct {
	id       string
	from, to int
}{{"early-years", 0, 5}, {"primary", 5, 11}, {"secondary", 11, 16}, {"post-16", 16, 25}}

// phases gives the ids of the phases that the work is in, youngest first.
func (n *Normaliser) phases(a *advert, scope []*passage) []string {
	has := map[string]bool{}
	look := func(p *passage) {
		low := p.low
		if levels.on(p) {
			low = passing.replace(notPhase.replace(low, ""), "")
			for _, w := range phaseWordings {
				if !has[w.id] && w.match.hintedOn(p) && w.match.in(low) {
					has[w.id] = true
				}
			}
			staged(low, has)
		}
		if low = inDigits(low); !strings.ContainsAny(low, digits) {
			return
		}
		for _, span := range ages {
			if m := span.groups(low); m != nil {
				spanned(m[1], m[2], has)
			}
		}
	}
	look(a.headline)
	look(alone(clean(a.posting.Employer)))
	for _, p := range scope {
		look(p)
	}
	if len(has) == 0 {
		for i := range a.passages {
			if p := &a.passages[i]; p.part == taxonomy.PartRequirements && !expertise.on(p) || p.part == "" {
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

// digits are what ages are written in.
const digits = "0123456789"

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

// spanned adds the phases that a span of ages reaches into by two years.
func spanned(from, to string, has map[string]bool) {
	lo, err := strconv.Atoi(from)
	hi, err2 := strconv.Atoi(to)
	if err != nil || err2 != nil || lo >= hi || hi > 25 {
		return
	}
	for _, p := range phaseAges {
		if min(hi, p.to)-max(lo, p.from) >= 2 {
			has[p.id] = true
		}
	}
}
