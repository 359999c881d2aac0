package normalise

import (
	"regexp"
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// supportWordings name the ways of giving support on folded text.
var supportWordings = []struct {
	support sendwatch.Support
	match   *pattern
}{
	{sendwatch.SupportOneToOne, compile(`\b1:1\b|\bone[- ]on[- ]one\b|\bone (?:` + described + ` ){0,3}(?:child|pupil|student|learner|boy|girl)\b|\bone at a time\b|\bnamed (?:child|pupil|student)\b|\b(?:support|help|assist|mentor|teach|work(?:ing)? (?:\w+ )?with|with|to|for)(?:ing)? individual (?:pupils?|students?|child|children|learners?)\b(?:$|[^' ]| [^n])|\b(?:(?:support|assist|mentor|look after|work(?:ing)? (?:\w+ )?with)(?:ing)?|(?:lsa|ta|assistant|1:1|support|adult|role|post|position) (?:for|to support)) an? (?:` + described + ` ){0,4}(?:pupil|child|student|learner|boy|girl)(?:$|[.,;:]| (?:with|who|in|at|and|to|through|throughout|across|during|whose|on)\b)`)},
	{sendwatch.SupportSmallGroup, compile(`\bsmall(?:er)?[- ](?:\w+ )?groups?\b|\bgroups of (?:\w+ ){0,2}(?:pupils|children|students|learners|two|three|four|five|six|eight|\d)\b|\bgroup (?:work|support|sessions?|interventions?)\b|\b(?:lead|leading|run|running|deliver|delivering) (?:an? )?(?:[\w-]+ ){0,3}groups?\b|(?:1:1|\bindividuals?|\bindividually) (?:and|or|/) (?:in )?(?:\w+ )?groups?\b`)},
	{sendwatch.SupportClass, compile(`\bwhole[- ]class(?:es)?\b|\bacross the class\b|\bin[- ]class (?:support|help)\b|\bclass(?:room)? (?:support|assistant)\b|\b(?:support|help|assist)(?:ing)? (?:the |our |an? )?class ?teachers?\b|\bwithin the classroom,? (?:helping|supporting|assisting)\b|\bclass of (?:about |around |up to )?(?:\d{1,2}|\w+)\b`)},
}

// described are the words between "one" or "a" and the pupil it counts.
const described = `(?:year \d{1,2}|ks ?\d|named|specific|particular|young|little|autistic|female|male|lovely|lively|bright|vulnerable|reception|primary|secondary|[a-z]+[- ]aged|\w+[- ]year[- ]old|eyfs)`

// adviser finds one-to-one talks that the reader is given.
var adviser = compile(`\bone[- ]on[- ]one support from\b|\b1:1 (?:\w+ )?(?:supervision|meetings?|coaching|mentoring from|consultant|contact with)|\b1:1 (?:support |help |advice )?(?:from|with) (?:your|our|a dedicated|an? (?:experienced )?consultant)`)

// facts fills what the closed vocabularies hold beside role and needs.
func (n *Normaliser) facts(a *advert, r *sendwatch.Reading) {
	f := sendwatch.Facts{Told: map[string]string{}}
	for _, w := range supportWordings {
		if p := worked(a, w.match); p != nil {
			f.Support = append(f.Support, w.support)
			f.Told["support."+string(w.support)] = excerpt(p.text)
		}
	}
	for _, d := range r.Duties {
		for _, w := range dutyWordings {
			if p := told(a, w.match); w.duty == d && p != nil {
				f.Told[string(d)] = excerpt(p.text)
			}
		}
	}
	n.entry(a, r, &f)
	driver(a, r, &f)
	paidBy(a, &f)
	if len(f.Told) == 0 {
		f.Told = nil
	}
	r.Facts = f
}

// worked finds the first passage that tells how support is given, and does not
// tell what the reader has done before or is given.
func worked(a *advert, match *pattern) *passage {
	if match.on(a.headline) {
		return a.headline
	}
	for i := range a.passages {
		p := &a.passages[i]
		if p.part != taxonomy.PartOffer && p.part != taxonomy.PartApply && match.on(p) &&
			!negated.on(p) && !expertise.on(p) && !adviser.on(p) {
			return p
		}
	}
	return nil
}

// told finds the first passage that tells of the work and holds a match.
func told(a *advert, match *pattern) *passage {
	if match.on(a.headline) {
		return a.headline
	}
	for i := range a.passages {
		p := &a.passages[i]
		if p.part != taxonomy.PartOffer && p.part != taxonomy.PartApply && match.on(p) && !negated.on(p) {
			return p
		}
	}
	return nil
}

// quoteBytes is how much of a passage is kept as evidence.
const quoteBytes = 160

// excerpt is a passage as evidence, cut at a word.
func excerpt(text string) string {
	if len(text) <= quoteBytes {
		return text
	}
	cut := strings.ToValidUTF8(text[:quoteBytes], "")
	if at := strings.LastIndexByte(cut, ' '); at > 0 {
		cut = cut[:at]
	}
	return cut + " …"
}

var (
	apprentice = compile(`\bapprentice(?:ship)?s?\b`)
	// noneNeeded finds that people without experience are wanted.
	noneNeeded = compile(`\b(?:no|without) (?:previous |prior )?(?:\w+ )?experience (?:is |at all )?(?:needed|necessary|required|essential)\b|\bexperience (?:\w+ ){0,6}(?:is |are )?(?:\w+ (?:but|and) )?(?:not|n't|never) (?:\w+ )?(?:essential|needed|necessary|required|a must)\b|\b(?:don't|do not|needn't|need not) (?:need|have to have|have)(?: any)? (?:previous |prior )?(?:\w+ )?experience\b|\bno experience\?|\bno qualifications? (?:are |is |or experience )?(?:asked|needed|required|necessary)\b`)
)

// entry says how somebody new to the work gets in.
func (n *Normaliser) entry(a *advert, r *sendwatch.Reading, f *sendwatch.Facts) {
	if apprentice.in(a.title) || apprentice.in(fold(a.posting.ContractText)) {
		f.Entry, f.Told["entry"] = sendwatch.EntryApprenticeship, excerpt(r.Title)
		return
	}
	if r.Scope == sendwatch.ScopeOut || r.Kind == sendwatch.KindRoleDescription {
		return
	}
	said := told(a, noneNeeded)
	if said == nil && (len(r.Requirements) < fewRequirements || cutShort(a)) || !n.open(r) {
		return
	}
	f.Entry = sendwatch.EntryOpen
	if said != nil {
		f.Told["entry"] = excerpt(said.text)
	}
}

// fewRequirements is how few tell nothing of what else may be asked.
const fewRequirements = 3

// cutShort reports whether a job board cut the text, which is mostly before
// the requirements.
func cutShort(a *advert) bool {
	end := strings.TrimRight(a.body, " \n")
	return strings.HasSuffix(end, more) || strings.HasSuffix(end, "...") || strings.HasSuffix(end, "…")
}

// beginners is the highest level of qualification that is asked of beginners.
const beginners = 2

// open reports whether nothing essential asks for experience or for more than
// Level 2. Of alternatives one that does not is enough.
func (n *Normaliser) open(r *sendwatch.Reading) bool {
	within := map[int]bool{} // of each group, whether a beginner can meet it
	for i := range r.Requirements {
		q := &r.Requirements[i]
		if q.Level != taxonomy.Essential {
			continue
		}
		c, ok := n.taxonomy.Concept(q.ID)
		beginner := !ok || c.Kind != "experience" && (c.Kind != "qualification" || c.Level != nil && *c.Level <= beginners)
		switch {
		case q.AnyOfGroup != nil:
			// Who is new to the work holds no certificate of training either.
			within[*q.AnyOfGroup] = within[*q.AnyOfGroup] || beginner && (!ok || c.Kind != "training")
		case !beginner:
			return false
		}
	}
	for _, beginner := range within {
		if !beginner {
			return false
		}
	}
	return true
}

// driver says whether the post needs somebody who drives: by what is asked, by
// the work, or by a line of few words.
func driver(a *advert, r *sendwatch.Reading, f *sendwatch.Facts) {
	for i := range r.Requirements {
		q := &r.Requirements[i]
		if q.ID != "driving-licence" && q.ID != "own-vehicle" && q.ID != "minibus-d1" {
			continue
		}
		if q.Level == taxonomy.Essential && q.AnyOfGroup == nil {
			f.Driver, f.Told["driver"] = sendwatch.DriverNeeded, q.Evidence
			return
		}
		if f.Driver == "" {
			f.Driver, f.Told["driver"] = sendwatch.DriverPreferred, q.Evidence
		}
	}
	if told := f.Told[string(sendwatch.DutyDriving)]; f.Driver == "" && slices.Contains(r.Duties, sendwatch.DutyDriving) && told != "" {
		f.Driver, f.Told["driver"] = sendwatch.DriverNeeded, told
		if carHelps.in(fold(told)) {
			f.Driver = sendwatch.DriverPreferred
		}
		return
	}
	if f.Driver == "" {
		f.Driver, f.Told["driver"] = driverLine(a)
	}
	if f.Driver == "" {
		delete(f.Told, "driver")
	}
}

// driverLine looks for driving outside what is read as requirements: in the
// title, in a run-in line such as "Driving licence required", in a sentence
// that says what a car is to the post.
func driverLine(a *advert) (sendwatch.Driver, string) {
	look := func(p *passage) (sendwatch.Driver, string) {
		switch {
		case !drives.on(p) || notDriving.on(p):
			return "", ""
		case carHelps.on(p):
			return sendwatch.DriverPreferred, excerpt(p.text)
		case carNeeded.on(p):
			return sendwatch.DriverNeeded, excerpt(p.text)
		}
		return "", ""
	}
	if d, told := look(a.headline); d != "" {
		return d, told
	}
	if inTitle.on(a.headline) && !notDriving.on(a.headline) {
		return sendwatch.DriverNeeded, excerpt(a.headline.text)
	}
	for i := range a.passages {
		if p := &a.passages[i]; p.part != taxonomy.PartOffer {
			if d, told := look(p); d != "" {
				return d, told
			}
		}
	}
	return "", ""
}

// What a line says of driving, on folded text.
var (
	inTitle    = compile(`[/(,+-] ?(?:\w+ )?drivers?\b`)
	drives     = compile(`\b(?:drivers?|drive|driving|licen[cs]e|car|vehicle|minibus)\b`)
	carHelps   = compile(`\b(?:drivers?|driving|(?:driving )?licen[cs]e|car|vehicle)\b[^.;]{0,60}\b(?:useful|helpful|help|advantage|advantageous|desirable|preferred|preferable|beneficial|benefit|bonus|ideal|ideally)\b|\b(?:ideally|preferably|prefer|desirable:?|useful:?)\b[^.;]{0,30}\b(?:a driver|driver|drive|licen[cs]e|car|vehicle)\b`)
	carNeeded  = compile(`\b(?:drivers?|driving|(?:driving )?licen[cs]e|car|vehicle)\b[^.;]{0,50}\b(?:essential|required|needed|necessary|a must|must)\b|\b(?:must|need to|needs to|have to|required to|essential that you|essential to) (?:\w+ ){0,4}(?:drive|a driver|driving licen[cs]e|driver's licen[cs]e|licen[cs]e|car|own vehicle)\b|\bdrivers? only\b|(?:^|[.;,] )(?:full |clean |valid |current |uk )+(?:driving )?licen[cs]e(?:$|[.;,])`)
	notDriving = compile(`\b(?:no|not|n't|without)\b[^.;]{0,20}\b(?:drive|driving|drivers?|car|licen[cs]e)\b|\bdriv(?:er|ing)s? (?:licen[cs]e )?(?:is |are )?not\b|\bcar park\w*|\bkey driver|\bparking\b`)
)

// Names of employers, on folded text.
var (
	agencyName  = compile(`\b(?:recruit\w*|supply|staffing|agency|teaching personnel|resourcing|personnel|tuition|tutors?|talent|consult\w*)\b`)
	councilName = compile(`\b(?:council|borough|local authority|education authority|county of)\b`)
	trustName   = compile(`\b(?:trust|federation|mat)\b`)
	placeName   = compile(`\b(?:schools?|academy|college|nursery|pru|pupil referral)\b`)
	charityName = compile(`\b(?:charity|charitable|foundation|barnardo'?s|society)\b`)
	forClient   = compile(`\b(?:on behalf of|our client|partner(?:ing|ed)? (?:school|with)|client school|working (?:closely )?with)\b`)
)

// paidBy says who would employ the person, by the kind that the source gives,
// else by the employer's name, and whom an agency places people with. A board
// of agencies also carries what schools post there themselves.
func paidBy(a *advert, f *sendwatch.Facts) {
	name := fold(clean(a.posting.Employer))
	switch kind := a.posting.EmployerKind; {
	case kind == sendwatch.EmployerAgency && !agencyName.in(name) && councilName.in(name):
		f.PaidBy = sendwatch.EmployerCouncil
	case kind == sendwatch.EmployerAgency && !agencyName.in(name) && placeName.in(name):
		f.PaidBy = sendwatch.EmployerSchool
	case kind != sendwatch.EmployerUnknown:
		f.PaidBy = kind
	case name == "":
	case agencyName.in(name):
		f.PaidBy = sendwatch.EmployerAgency
	case councilName.in(name):
		f.PaidBy = sendwatch.EmployerCouncil
	case trustName.in(name):
		f.PaidBy = sendwatch.EmployerTrust
	case schoolName.in(name):
		f.PaidBy = sendwatch.EmployerSchool
	case charityName.in(name):
		f.PaidBy = sendwatch.EmployerCharity
	}
	if f.PaidBy != sendwatch.EmployerAgency {
		return
	}
	for i := range a.passages {
		p := &a.passages[i]
		name := ""
		switch {
		case p.part == taxonomy.PartOffer:
		case forClient.on(p):
			name = client(p.text)
		case schooled.on(p) && !expertise.on(p):
			name = workplace(p.text)
		}
		if name != "" {
			f.Client, f.Told["client"] = name, excerpt(p.text)
			return
		}
	}
}

// schooled finds the passages that may name a school.
var schooled = compile(`\b(?:school|academy|college|pru)\b`)

// workplaces find a school as the place of the work: "at Holly Bank School",
// "School: Holly Bank School", "Holly Bank School is a ...".
var workplaces = []*regexp.Regexp{
	regexp.MustCompile(`(?:\b(?:[Aa]t|[Jj]oin(?:ing)?|[Ff]or|[Ii]n)|\b(?:[Ss]chool|[Cc]lient|[Ll]ocation|[Ss]etting|SCHOOL|CLIENT|LOCATION) ?[:-]|\b[Tt]he (?:school|setting|client) is) (?:the )?(` + schoolsName + `)`),
	regexp.MustCompile(`^(` + schoolsName + `),? (?:is|are|has|have|needs?|seeks?|wishes|which|who|where|an?|[a-z]+(?:s|ed)) `),
}

// workplace finds the name of the school that a sentence places the work in, or
// "".
func workplace(text string) string {
	for _, w := range workplaces {
		if m := w.FindStringSubmatch(text); m != nil {
			if name := client(m[1]); name != "" {
				return name
			}
		}
	}
	return ""
}

// schoolsName is a proper name before the word for a school.
const schoolsName = `(?:[A-Z][\w'’&-]*\.? |of |the |and ){1,6}(?:School|Academy|College|Centre|PRU)`

// namedSchool finds schools with a proper name.
var namedSchool = regexp.MustCompile(`\b(` + schoolsName + `)\b`)

// client finds the name of a school in a sentence, or "".
func client(text string) string {
	for _, m := range namedSchool.FindAllString(text, namesEach) {
		words := strings.Fields(m)
		for len(words) > 0 && (noName[strings.ToLower(words[0])] && !strings.EqualFold(words[0], "st") || words[0] == "A") {
			words = words[1:]
		}
		for _, w := range words[:max(0, len(words)-1)] {
			if !noName[strings.ToLower(w)] {
				return strings.Join(words, " ")
			}
		}
	}
	return ""
}

// namesEach is how many names of one sentence are looked at.
const namesEach = 4

// noName are the words that stand before "School" without naming one.
var noName = map[string]bool{
	"sen": true, "send": true, "semh": true, "special": true, "specialist": true, "primary": true, "secondary": true, "the": true,
	"our": true, "an": true, "a": true, "outstanding": true, "independent": true, "mainstream": true, "high": true, "junior": true,
	"infant": true, "nursery": true, "catholic": true, "church": true, "of": true, "and": true, "england": true, "needs": true,
	"educational": true, "autism": true, "good": true, "lovely": true, "fantastic": true, "multi": true, "alternative": true,
	"provision": true, "trust": true, "this": true, "asd": true, "academy": true, "free": true, "grammar": true, "day": true,
	"national": true, "every": true, "each": true, "is": true, "in": true, "at": true, "for": true, "join": true, "your": true,
	"medical": true, "all-through": true, "local": true, "we": true, "one": true, "sixth": true, "form": true, "through": true,
}
