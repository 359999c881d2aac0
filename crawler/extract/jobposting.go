package extract

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"sync"

	"github.com/sendwatch/sendwatch"
)

// ErrNoPosting means that a page or a record carries no JobPosting.
var ErrNoPosting = errors.New("no JobPosting found")

// ErrNoTitle means that what was found has no title, so that it cannot be told
// from anything else.
var ErrNoTitle = errors.New("no title")

// syntaxes are the ways in which pages carry structured data, the one that is kept
// best first.
var syntaxes = []func(*Page) []object{jsonLD, microdata, rdfa}

// JobPostings reads the postings of a page that carries schema.org JobPosting: its
// JSON-LD, or where that has none its microdata, or else its RDFa. Objects without
// a title are passed over unless there is nothing else, and what is stated twice is
// one. The only posting of a page stands at the page's address; several stand at
// their own, or at a fragment of it.
func JobPostings(p *Page) ([]sendwatch.Posting, error) {
	why := ErrNoPosting
	for _, syntax := range syntaxes {
		var postings []sendwatch.Posting
		for _, o := range syntax(p) {
			why = ErrNoTitle
			if posting := fromObject(o); posting.Title != "" {
				postings = merge(postings, posting)
			}
		}
		for i := range postings {
			postings[i].SameAs = elsewhere(append(postings[i].SameAs, postings[i].URL), p.base)
		}
		switch len(postings) {
		case 0:
			continue
		case 1:
			postings[0].URL = p.address
			if postings[0].Reference == "" {
				postings[0].Reference = Reference(p.address)
			}
		default:
			addressAll(postings, p.base)
		}
		return postings, nil
	}
	return nil, cmp.Or(p.err, why)
}

// merge adds a posting unless the page has stated it before: the same in all, or
// the same reference under the same title, of which the fuller is kept.
func merge(postings []sendwatch.Posting, p sendwatch.Posting) []sendwatch.Posting {
	for i := range postings {
		old := &postings[i]
		if old.Title != p.Title || old.Reference != p.Reference || old.URL != p.URL {
			continue
		}
		if p.Reference == "" && p.URL == "" && !reflect.DeepEqual(*old, p) {
			continue
		}
		if len(p.BodyHTML)+len(p.BodyText) > len(old.BodyHTML)+len(old.BodyText) {
			*old = p
		}
		return postings
	}
	return append(postings, p)
}

// addressAll gives each of several postings on one page an address and a
// reference of its own.
func addressAll(postings []sendwatch.Posting, base *url.URL) {
	for i := range postings {
		p := &postings[i]
		own, err := base.Parse(p.URL)
		if p.URL == "" || err != nil || own.Host != base.Host {
			here := *base
			here.Fragment = fmt.Sprintf("posting-%d", i+1)
			own = &here
		}
		p.URL = own.String()
		if p.Reference == "" {
			p.Reference = Reference(p.URL)
		}
	}
}

// fromObject maps a JobPosting object. Reference and URL are as the object states
// them, both possibly empty.
func fromObject(o object) sendwatch.Posting {
	p := sendwatch.Posting{
		Title:     plain(o["title"], maxLine),
		URL:       address(o["url"]),
		HoursText: plain(o["workHours"], maxText),
		Published: Day(plain(o["datePosted"], maxLine)),
		Closes:    Moment(plain(o["validThrough"], maxLine)),
	}
	if p.Title == "" {
		p.Title = plain(o["name"], maxLine)
	}
	p.Employer = plain(o["hiringOrganization"], maxLine)
	p.EmployerURN = namedURN(o["hiringOrganization"])
	p.Reference = identifier(o["identifier"], p.Employer)
	p.SameAs = sameAs(o)
	p.Location, p.Postcode = location(o)
	p.PayText, p.StructuredPay = salary(o)
	p.ContractText = employmentType(o["employmentType"])
	p.DatesText = startDate(o)
	setBody(&p, o)
	return p
}

// identifier reads a string, a number or a PropertyValue. Some boards put the
// employer's name there, which identifies no advert.
func identifier(v any, employer string) string {
	switch t := v.(type) {
	case []any:
		for _, e := range t {
			if id := identifier(e, employer); id != "" {
				return id
			}
		}
		return ""
	case object:
		v = t["value"]
	}
	id := plain(v, maxLine)
	if strings.EqualFold(id, employer) {
		return ""
	}
	return id
}

// namedURN is the school's number in the national register, when the employer
// carries an identifier that says it is one.
func namedURN(v any) string {
	o, ok := first(v).(object)
	if !ok {
		return ""
	}
	id, ok := first(o["identifier"]).(object)
	if !ok {
		return ""
	}
	name := plain(id["name"], maxLine) + " " + plain(id["propertyID"], maxLine)
	if value := plain(id["value"], maxLine); strings.Contains(strings.ToUpper(name), "URN") && isURN.MatchString(value) {
		return value
	}
	return ""
}

// isURN is the form of the register's unique reference numbers: six digits.
var isURN = regexp.MustCompile(`^[0-9]{6}$`)

// employmentType says in words what schema.org's tokens mean; words stay words.
func employmentType(v any) string {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	var words []string
	for _, e := range list {
		for part := range strings.SplitSeq(plain(e, maxLine), ",") {
			part = strings.TrimSpace(part)
			token := strings.ToUpper(strings.NewReplacer(" ", "_", "-", "_").Replace(part))
			if word, ok := employmentTypes[token[strings.LastIndex(token, "/")+1:]]; ok {
				part = word
			}
			if part != "" && len(words) < 10 {
				words = append(words, part)
			}
		}
	}
	return strings.Join(words, ", ")
}

// employmentTypes are the tokens of Google's JobPosting guidance. OTHER says
// nothing.
var employmentTypes = map[string]string{
	"FULL_TIME": "Full time", "PART_TIME": "Part time", "TEMPORARY": "Temporary", "CONTRACTOR": "Contract",
	"INTERN": "Internship", "VOLUNTEER": "Volunteer", "PER_DIEM": "Per diem", "OTHER": "",
	"FULLTIME": "Full time", "PARTTIME": "Part time",
}

func startDate(o object) string {
	if start := plain(o["jobStartDate"], maxLine); start != "" {
		return "Start date: " + start
	}
	if strings.EqualFold(plain(o["jobImmediateStart"], maxLine), "true") {
		return "Immediate start"
	}
	return ""
}

// sections are the properties that some sites keep apart from the description,
// and the headings they are given.
var sections = []struct{ property, heading string }{
	{"responsibilities", "Responsibilities"},
	{"qualifications", "Qualifications"},
	{"educationRequirements", "Education"},
	{"experienceRequirements", "Experience"},
	{"skills", "Skills"},
	{"jobBenefits", "Benefits"},
}

// setBody keeps the description as the markup or the text that it is, followed by
// the sections it does not already contain.
func setBody(p *sendwatch.Posting, o object) {
	body, isHTML := prose(o["description"])
	plainBody := sync.OnceValue(func() string { return squash(stripTags(body)) })
	for _, s := range sections {
		text, textHTML := prose(o[s.property])
		content := squash(stripTags(text))
		if content == "" || strings.Contains(plainBody(), content) {
			continue
		}
		if !isHTML {
			body, isHTML = paragraphs(body), true
		}
		if !textHTML {
			text = paragraphs(text)
		}
		body += "\n<h3>" + s.heading + "</h3>\n" + text
	}
	if isHTML {
		p.BodyHTML = body
	} else {
		p.BodyText = body
	}
}
