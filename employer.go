package sendwatch

// Employer is a school as the national register of schools in England has it.
// Type, Phase and Needs are in the register's own words.
type Employer struct {
	URN       string `json:"urn"`
	Name      string `json:"name"`
	Type      string `json:"type,omitempty"`
	Phase     string `json:"phase,omitempty"`
	Authority string `json:"authority,omitempty"`
	Trust     string `json:"trust,omitempty"`
	Town      string `json:"town,omitempty"`
	Postcode  string `json:"postcode,omitempty"`
	Website   string `json:"website,omitempty"`
	// LowAge and HighAge are the ages that it may take; nil when not stated.
	LowAge  *int `json:"low_age,omitempty"`
	HighAge *int `json:"high_age,omitempty"`
	// Needs are what a special school or a unit provides for; Provision says
	// whether a mainstream school has such a unit.
	Needs     []string `json:"needs,omitempty"`
	Provision string   `json:"provision,omitempty"`
}
