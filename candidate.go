package sendwatch

// Candidate is what a person holds, wants and refuses. Concepts are ids of the
// taxonomy. Holds is complete, unless NotSaid lists a concept: what is not said
// is unknown, never met and never unmet.
type Candidate struct {
	ID             string       `json:"id,omitempty"`
	Summary        string       `json:"summary,omitempty"`
	Holds          []string     `json:"holds,omitempty"`
	NotSaid        []string     `json:"not_said,omitempty"`
	WorkingTowards []string     `json:"working_towards,omitempty"`
	DegreeSubjects []string     `json:"degree_subjects,omitempty"`
	Experience     []Experience `json:"experience,omitempty"`

	// HomePostcode may be a sector; RadiusMiles nil means anywhere.
	HomePostcode string   `json:"home_postcode,omitempty"`
	RadiusMiles  *float64 `json:"radius_miles,omitempty"`

	// MinAnnualActual is pounds a year actually paid; MinHourly pounds an hour.
	MinAnnualActual *float64 `json:"min_annual_actual,omitempty"`
	MinHourly       *float64 `json:"min_hourly,omitempty"`
	Hours           Range    `json:"hours,omitzero"`

	// Contracts empty means any. The wanted lists only rank; the refused block.
	Contracts       []string `json:"contracts,omitempty"`
	SettingsWanted  []string `json:"settings_wanted,omitempty"`
	SettingsRefused []string `json:"settings_refused,omitempty"`
	NeedsWanted     []string `json:"needs_wanted,omitempty"`
	PhasesWanted    []string `json:"phases_wanted,omitempty"`
	Refuses         []string `json:"refuses,omitempty"`
	Drives          bool     `json:"drives,omitempty"`
}

// Experience is one stretch of work and its length in years.
type Experience struct {
	ID    string  `json:"id"`
	Years float64 `json:"years"`
}

// Range is a pair of bounds; nil means open.
type Range struct {
	Min *float64 `json:"min"`
	Max *float64 `json:"max"`
}
