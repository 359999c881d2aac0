package sendwatch

import "github.com/sendwatch/sendwatch/pay"

// EmployerKind says who advertises. Sources state it in words of their own;
// the empty kind means that nobody said.
type EmployerKind string

// The kinds of employer that Sendwatch tells apart.
const (
	EmployerUnknown EmployerKind = ""
	EmployerSchool  EmployerKind = "school"
	EmployerTrust   EmployerKind = "trust"
	EmployerCouncil EmployerKind = "council"
	EmployerAgency  EmployerKind = "agency"
	EmployerCompany EmployerKind = "company"
	EmployerCharity EmployerKind = "charity"
)

// Posting is one advertisement as one source publishes it: text as found,
// nothing understood yet. Its JSON form is what `sendwatch normalise vacancy`
// reads. Exactly one of the bodies is normally set; HTML wins over Markdown,
// Markdown over text.
type Posting struct {
	// Source is the configured source's id; Reference is the publisher's own
	// id for the advert, unique within the source; URL is where people read it.
	Source    string `json:"source,omitempty"`
	Reference string `json:"id"`
	URL       string `json:"url,omitempty"`
	// SameAs are addresses at other publishers that the advert says are its own too.
	SameAs []string `json:"same_as,omitempty"`

	Title        string       `json:"title,omitempty"`
	Employer     string       `json:"employer,omitempty"`
	EmployerKind EmployerKind `json:"employer_kind,omitempty"`
	// EmployerURN is the school's number in the national register, when the
	// source gives one.
	EmployerURN string `json:"employer_urn,omitempty"`

	Location string `json:"location,omitempty"`
	// Postcode may be whole, a sector ("RH19 1", also written "RH191") or an outcode.
	Postcode     string `json:"postcode,omitempty"`
	PostcodeArea string `json:"postcode_area,omitempty"`

	PayText      string `json:"pay_text,omitempty"`
	HoursText    string `json:"hours_text,omitempty"`
	ContractText string `json:"contract_text,omitempty"`
	DatesText    string `json:"dates_text,omitempty"`
	// StructuredPay is the page's baseSalary when it is numbers.
	StructuredPay *pay.Quote `json:"structured_pay,omitempty"`

	Nation string `json:"nation,omitempty"`
	London string `json:"london,omitempty"`

	// Published is "YYYY-MM-DD" or "YYYY-MM"; Closes is the closing moment as
	// the page states it (RFC 3339 or "YYYY-MM-DD"), both possibly empty.
	Published string `json:"published,omitempty"`
	Closes    string `json:"closes,omitempty"`

	BodyHTML     string `json:"body_html,omitempty"`
	BodyMarkdown string `json:"body_markdown,omitempty"`
	BodyText     string `json:"body_text,omitempty"`

	// Attachments are the documents that the advert links to, in its order. What
	// they say is read with the body, each under its own title.
	Attachments []Attachment `json:"attachments,omitempty"`

	// Notice is what the source asks to travel with its records, such as a licence.
	Notice string `json:"notice,omitempty"`
}

// Attachment is a document that belongs to an advert: a job description, a
// person specification, a pack.
type Attachment struct {
	URL   string `json:"url"`
	Title string `json:"title,omitempty"`
	// Markdown is what the document says; empty when it could not be read.
	Markdown string `json:"markdown,omitempty"`
	// Note says in plain words why it, or what of it, was not read.
	Note string `json:"note,omitempty"`
}
