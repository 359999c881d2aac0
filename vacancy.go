package sendwatch

import "time"

// VacancyState is where a vacancy stands in its life.
type VacancyState string

// A vacancy is open while at least one of its postings is. It is removed when its
// adverts were asked away: nothing of it is shown, told or counted.
const (
	VacancyOpen    VacancyState = "open"
	VacancyClosed  VacancyState = "closed"
	VacancyRemoved VacancyState = "removed"
)

// Vacancy is a job: the merged readings of its postings under an id minted once.
type Vacancy struct {
	ID string `json:"id"`
	Reading

	State     VacancyState `json:"state"`
	FirstSeen time.Time    `json:"first_seen"`
	LastSeen  time.Time    `json:"last_seen"`
	ChangedAt time.Time    `json:"changed_at"`
	ClosedAt  *time.Time   `json:"closed_at,omitempty"`

	Sightings []Sighting `json:"sightings"`
	// Aliases are ids that once named this vacancy before two proved to be one.
	Aliases []string `json:"aliases,omitempty"`
	// PossiblySame names vacancies that may be the same job advertised by
	// somebody else. The link is direct, shown, and never merged.
	PossiblySame []string `json:"possibly_same,omitempty"`
}

// Sighting says that a vacancy was seen at a source.
type Sighting struct {
	Source    string    `json:"source"`
	Reference string    `json:"reference"`
	URL       string    `json:"url"`
	FirstSeen time.Time `json:"first_seen"`
	LastSeen  time.Time `json:"last_seen"`
	Open      bool      `json:"open"`
	// History is what became of it after FirstSeen, oldest first. It is read only
	// where it is asked for.
	History []Turn `json:"history,omitempty"`
}

// Announceable reports whether the vacancy may be shown and told of at all.
func (v *Vacancy) Announceable() bool {
	return v.State == VacancyOpen && v.Kind != KindRoleDescription
}
