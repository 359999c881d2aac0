package survey

import (
	"regexp"
	"strings"
)

// The words by which adverts, and what leads to them, are known.
var (
	// roles are words of the titles of posts.
	roles = regexp.MustCompile(`(?i)\b(?:assistants?|teachers?|teaching|tutors?|mentors?|lecturers?|managers?|officers?|workers?|leaders?|head(?:teacher)?|heads|cleaners?|cooks?|caretakers?|administrators?|supervisors?|support|nurses?|therapists?|psychologists?|practitioners?|instructors?|coach(?:es)?|hlta|senco|sendco|lsa|ta|tas|apprentices?|receptionists?|technicians?|drivers?|chefs?|graduates?|invigilators?|midday|specialists?|co-?ordinators?|directors?|engineers?|clerks?|governors?|keyworkers?|carers?|nursery|pastoral|site staff|analysts?|developers?|consultants?|associates?|secretary|bursar|librarian|counsellors?|advis[eo]rs?|escorts?)\b`)
	// posts are words of the addresses of adverts.
	posts = regexp.MustCompile(`(?i)(?:^|[/?&=_.-])(?:jobs?|vacanc(?:y|ies)|posts?|positions?|roles?|careers?|opportunit(?:y|ies)|adverts?|recruitment|jobid|vacancyid|job-details?|vacancy-details?)(?:[/?&=_.-]|$)`)
	// offers are words that stand beside a link to an advert.
	offers = regexp.MustCompile(`(?i)£ ?[0-9]|\bsalary\b|\bclos(?:es|ing)\b|\bdeadline\b|\bper (?:hour|day|annum|week)\b|\bpermanent\b|\bfull[ -]time\b|\bpart[ -]time\b|\bterm[ -]time\b|\bfixed[ -]term\b`)
	// more are the words of links that say nothing by themselves, and never of what is
	// listed: pages of a list, forms, accounts.
	more  = regexp.MustCompile(`(?i)^(?:read more|more|more (?:details|info(?:rmation)?)|(?:view |see |full |job |vacancy )*(?:details?|job|vacancy|post|advert|more)|find out more|view|learn more|continue reading)\W*$`)
	never = regexp.MustCompile(`(?i)^(?:apply(?: now| online| here)?|log ?in|sign ?in|register|save(?: job)?|share|print|next.*|prev.*|older.*|newer.*|back.*|home|contact(?: us)?|privacy.*|cookies?.*|[«»‹›<>]+|all (?:jobs|vacancies)|clear.*|search.*|jobs? alerts?|first|last|facebook|twitter|linkedin|email)\W*$`)
)

// leads are the words of links that lead to lists of adverts, the surest first.
var leads = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\b(?:current|latest|all|our|view|search|browse) (?:job )?(?:vacanc(?:y|ies)|jobs|opportunities)\b|^(?:job )?vacancies$`),
	regexp.MustCompile(`(?i)\bvacanc(?:y|ies)\b`),
	regexp.MustCompile(`(?i)^jobs$|\b(?:find|search|browse|view) (?:a )?jobs?\b|\bjob (?:search|board|opportunities|listings?)\b|\bsupport staff jobs\b`),
	regexp.MustCompile(`(?i)\bwork(?:ing)? (?:for|with|at|here)\b|\bjoin (?:us|our|the)\b|\brecruitment\b`),
	regexp.MustCompile(`(?i)\bcareers?\b|\bjobs\b|\bopportunities\b`),
}

// leading says how surely a link leads to a list of adverts: its place in leads,
// or -1.
func leading(text, path string) int {
	words := strings.NewReplacer("/", " ", "-", " ", "_", " ", ".", " ").Replace(path)
	for i, lead := range leads {
		if len(text) <= 60 && lead.MatchString(text) || lead.MatchString(strings.TrimSpace(words)) {
			return i
		}
	}
	return -1
}

// titled reports whether words may be the title of a post.
func titled(s string) bool {
	n := len(strings.Fields(s))
	return n >= 1 && n <= 20 && len(s) <= 200 && roles.MatchString(s)
}
