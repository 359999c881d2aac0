package normalise

import (
	"regexp"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// supportWordings name the ways of giving support on folded text.
var supportWordings = []struct {
	support sendwatch.Support
	match   *pattern
}{
	{sendwatch.SupportOneToOne, compile(`\b1:1\b|\bone (?:child|pupil|student)\b|\bindividual (?:pupil|child|student)\b|\bindividually\b`)},
	{sendwatch.SupportSmallGroup, compile(`\bsmall[- ]groups?\b|\bgroups of (?:pupils|children|students)\b|\bgroup (?:work|support|sessions)\b`)},
	{sendwatch.SupportClass, compile(`\bwhole[- ]class\b|\bacross the (?:class|curriculum)\b|\bin[- ]class (?:support|help)\b|\bclass(?:room)? (?:support|assistant)\b|\bsupport(?:ing)? the class teacher\b|\bclass of (?:\d{1,2}|\w+)\b`)},
}

// facts fills what the closed vocabularies hold beside role and needs.
func (n *Normaliser) facts(a *advert, r *sendwatch.Reading) {
	f := sendwatch.Facts{Told: map[string]string{}}
	for _, w := range supportWordings {
		if p := told(a, w.match); p != nil {
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
	driver(r, &f)
	paidBy(a, &f)
	if len(f.Told) == 0 {
		f.Told = nil
	}
	r.Facts = f
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
	noneNeeded = compile(`\bno (?:previous |prior )?(?:school |classroom )?experience (?:is )?(?:needed|necessary|required|essential)\b|\bexperience (?:is )?not (?:essential|needed|necessary|required)\b|\bno qualifications? (?:are |is )?(?:asked|needed|required|necessary)\b`)
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
	if said == nil && len(r.Requirements) < fewRequirements || !n.open(r) {
		return
	}
	f.Entry = sendwatch.EntryOpen
	if said != nil {
		f.Told["entry"] = excerpt(said.text)
	}
}

// fewRequirements is how few tell nothing of what else may be asked: job
// boards cut texts before the requirements.
const fewRequirements = 3

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
			within[*q.AnyOfGroup] = within[*q.AnyOfGroup] || beginner
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

// driver says whether the post needs somebody who drives.
func driver(r *sendwatch.Reading, f *sendwatch.Facts) {
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
}

// Names of employers, on folded text.
var (
	agencyName  = compile(`\b(?:recruit\w*|supply|staffing|agency|teaching personnel|resourcing|personnel)\b`)
	councilName = compile(`\b(?:council|borough|local authority|education authority|county of)\b`)
	trustName   = compile(`\b(?:trust|federation|mat)\b`)
	forClient   = compile(`\b(?:on behalf of|our client|partner(?:ing|ed)? (?:school|with)|client school|working (?:closely )?with)\b`)
)

// paidBy says who would employ the person, by the kind that the source gives,
// else by the employer's name, and whom an agency places people with.
func paidBy(a *advert, f *sendwatch.Facts) {
	name := fold(clean(a.posting.Employer))
	switch kind := a.posting.EmployerKind; {
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
	}
	if f.PaidBy != sendwatch.EmployerAgency {
		return
	}
	for i := range a.passages {
		if p := &a.passages[i]; forClient.on(p) {
			if name := client(p.text); name != "" {
				f.Client, f.Told["client"] = name, excerpt(p.text)
				return
			}
		}
	}
}

// namedSchool finds schools with a proper name before the word for a school.
var namedSchool = regexp.MustCompile(`\b((?:[A-Z][\w'’&-]*\.? |of |the |and ){1,6}(?:School|Academy|College|Centre|PRU))\b`)

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
	"medical": true, "all-through": true, "local": true, "we": true, "one": true, "sixth": true, "form": true, "through": true,
}
