package sendwatch

import (
	"time"

	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// Kind is what a text is: one job, a register to join, or a description of a
// role that belongs to no employer.
type Kind string

// The kinds of text. A role description is never announced or counted.
const (
	KindVacancy         Kind = "vacancy"
	KindPool            Kind = "pool"
	KindRoleDescription Kind = "role-description"
)

// Scope says whether a vacancy is what Sendwatch is for.
type Scope string

// The scopes: SEMH/SEND teaching-assistant work, its neighbours, and the rest.
const (
	ScopeIn       Scope = "in"
	ScopeAdjacent Scope = "adjacent"
	ScopeOut      Scope = "out"
)

// Duty names a part of the work that a person may refuse or that needs a
// licence. Duties are not requirements.
type Duty string

// The duties that readings look for.
const (
	DutyPersonalCare         Duty = "personal-care"
	DutyPhysicalIntervention Duty = "physical-intervention"
	DutyOneToOne             Duty = "one-to-one"
	DutyDriving              Duty = "driving"
)

// Reading is what normalise understood of one posting. Its JSON form is what
// `sendwatch normalise vacancy` prints.
type Reading struct {
	Title        string       `json:"title"`
	Employer     string       `json:"employer,omitempty"`
	EmployerKind EmployerKind `json:"employer_kind,omitempty"`
	EmployerURN  string       `json:"employer_urn,omitempty"`
	Location     string       `json:"location,omitempty"`
	// School is the employer as the national register has it; nil unless it was
	// found there.
	School *Employer `json:"school,omitempty"`

	Kind        Kind   `json:"kind"`
	Scope       Scope  `json:"scope"`
	ScopeReason string `json:"scope_reason"`

	// Role, Needs, Setting and Phases are ids of the taxonomy; Role and Setting
	// may be empty when the text does not tell.
	Role    string   `json:"role"`
	Needs   []string `json:"needs"`
	Setting string   `json:"setting"`
	Phases  []string `json:"phases"`
	Duties  []Duty   `json:"duties,omitempty"`
	Facts

	Requirements []taxonomy.Requirement `json:"requirements"`
	// Choices refine groups of Requirements whose alternatives are several
	// things together.
	Choices []taxonomy.Choice `json:"choices,omitempty"`
	Pay     pay.Offer         `json:"pay"`
	Place   *place.Place      `json:"place"`
	Notes   []string          `json:"notes"`

	Published string `json:"published,omitempty"`
	// ClosesAt is the moment the advert closes, in UTC; a date without a time
	// closes at the end of that day in Europe/London.
	ClosesAt *time.Time `json:"closes_at,omitempty"`

	// Body is the advert's text, blocks separated by newlines, without markup.
	Body string `json:"-"`
	// Terms are the sorted terms of everything a search looks in: title,
	// employer, place and body.
	Terms []string `json:"-"`
	// Notice is what the sources ask to travel with their records, of all of them.
	Notice string `json:"notice,omitempty"`
	// Fingerprint is a look-up key: equal for adverts of equal text from one
	// employer for one place. It is never a vacancy's id. Empty when the text
	// is too thin to tell adverts apart.
	Fingerprint string `json:"-"`
	// Rules is the version of the reading rules that made this reading.
	Rules int `json:"-"`
}
