package normalise

import (
	"github.com/sendwatch/sendwatch"
)

// poolWordings find registers that one joins without there being one post.
var poolWordings = compile(`\b(?:talent|supply|candidate|staff|cover|casual|relief) (?:pool|bank|list|register)\b|\b(?:pool|bank) of (?:casual|relief|supply|bank|temporary|teaching|support|staff|\w*assistants|tas)\b|\bregister (?:your interest|with us today|of interest)\b|\bexpressions? of interest\b|\bjoin our (?:supply|bank|pool|register|team of supply)\b|\bwe(?:'re| are) always (?:looking for|recruiting) (?:\w+ )?(?:people|staff|tas|lsas|candidates|\w*assistants)\b|\bspeculative applications?\b|\bfuture vacanc(?:y|ies)\b|\bsupply (?:teaching assistants?|tas?|staff|work)\b`)

// bankStaff finds titles of no one post.
var bankStaff = compile(`\bbank staff\b`)

// general are the marks of a text about a kind of job. Each counts once.
var general = []*pattern{
	compile(`\b(?:explore|discover|embark on|find|browse)\b[^.]{0,120}\bjobs\b`),
	compile(`\bassistant jobs\b|\bin these jobs\b|\bthese (?:roles|professionals|jobs) (?:are|typically)\b`),
	compile(`\b(?:many|most|some) (?:positions|roles|employers|posts|schools) (?:also )?(?:seek|value|require|ask|prefer|look)\b|\bentry routes\b`),
	compile(`\btypical (?:career path|experience range|skill|responsibilities|day)\b|\bcareer (?:progression|path)\b|\blateral moves\b|\badvancement to\b`),
	compile(`\bkey responsibilities and required skills for an?\b|\brole definition\b|\bjob description template\b`),
	compile(`\b(?:this|the) profession is\b|\bit is a profession\b|\bprofessionals in\b|\blaunchpad for a\b|\bcould be your perfect calling\b|\ba day in the life\b`),
	compile(`\bis a (?:\w+ (?:and \w+ )?)?(?:\w+ )?(?:professional|specialist|role) (?:who|that|within)\b|\bdepend(?:s|ent) on experience, qualifications,? and local\b`),
	compile(`\b(?:employers|schools) (?:usually|often|typically|generally|mostly|tend to|commonly)\b|\baverage (?:salary|salaries|pay|wage|earnings)\b|\bsalaries (?:depend|range|vary|start)\b`),
	compile(`\bwhat (?:is|are|does|do) an? (?:[\w/-]+ ){1,6}?(?:do\b|\?)|\bhow to become an?\b|\bjob (?:profile|description) ?(?::|guide|and salary)|\bcareer guide\b`),
	compile(`\bsuccessful candidates (?:are|typically|possess)\b|\btypically (?:involves?|includes?|work|possess)\b|\bcommon responsibilities\b`),
}

// particular finds what only one post of one employer has.
var particular = compile(`£ ?\d|\bclosing date\b|\bstart date\b|\binterviews? (?:date|will|to be)\b|\bhow to apply\b|\bapply (?:now|today|by)\b|\bhours per week\b|\bper (?:day|hour|annum)\b|\bour school\b|\bwe are (?:looking|seeking|recruiting)\b|\breports? to\b|\bsalary points\b`)

// describesRole is how many marks make a text a description of a kind of job.
const describesRole = 2

// kind tells a post from a register and from a text about a kind of job. A
// text that names an employer, or has what only one post has, describes no
// role in general.
func kind(a *advert) sendwatch.Kind {
	if clean(a.posting.Employer) == "" && a.posting.PayText == "" && !onePost(a) {
		marks, low := 0, a.title+" . "+opening(a, readBytes)
		for _, g := range general {
			if g.in(low) {
				marks++
			}
		}
		if marks >= describesRole {
			return sendwatch.KindRoleDescription
		}
	}
	if poolWordings.in(a.title) || bankStaff.in(a.title) || openingHas(a, poolWordings, 1500) {
		return sendwatch.KindPool
	}
	return sendwatch.KindVacancy
}

// onePost reports whether the text has what only one post has. Pay on average
// is nobody's.
func onePost(a *advert) bool {
	for i := range a.passages {
		if p := &a.passages[i]; particular.on(p) && !onAverage.on(p) {
			return true
		}
	}
	return false
}

var onAverage = compile(`\b(?:average|typical(?:ly)?|usually|generally|often|most|between|range[sd]?|around|depend\w*|vary|varies)\b`)

// openingHas reports whether one of the first passages, up to about the given
// length, holds a match.
func openingHas(a *advert, p *pattern, length int) bool {
	for i := range a.passages {
		if length <= 0 {
			break
		}
		if p.on(&a.passages[i]) {
			return true
		}
		length -= len(a.passages[i].low) + 1
	}
	return false
}

// opening is the folded text of the first passages, up to about the given
// length, with spaces between.
func opening(a *advert, length int) string {
	var b []byte
	for i := range a.passages {
		if len(b) >= length {
			break
		}
		b = append(b, a.passages[i].low...)
		b = append(b, ' ')
	}
	return string(b)
}
