package pay

// Input is everything an advert says that bears on pay. Its JSON form is what
// `sendwatch normalise pay` reads.
type Input struct {
	PayText      string `json:"pay_text"`
	HoursText    string `json:"hours_text"`
	ContractText string `json:"contract_text"`
	DatesText    string `json:"dates_text"`
	// Published is "YYYY-MM" or "YYYY-MM-DD"; empty when not known.
	Published string `json:"published"`
	Nation    string `json:"nation"`
	London    string `json:"london"`
	Employer  string `json:"employer"`
	// EmployerKind is school, trust, council, agency, company, charity or empty.
	EmployerKind string `json:"employer_kind"`
	// Structured is the page's own baseSalary, where it is numbers.
	Structured *Quote `json:"structured,omitempty"`
}

// Quote is an amount as it was printed: pounds for each unit of time.
type Quote struct {
	Min *float64 `json:"min"`
	Max *float64 `json:"max"`
	// Unit is year, month, week, day or hour.
	Unit string `json:"unit"`
	// Basis is fte, actual or unstated.
	Basis string `json:"basis"`
	// Note is exact, range, from or up_to.
	Note string `json:"note"`
}

// Allowance is money beside the pay: sen, fringe, and so on, in pounds a year.
type Allowance struct {
	Kind string   `json:"kind"`
	Min  *float64 `json:"min"`
	Max  *float64 `json:"max"`
}

// Figure is a comparable amount and how it was reached: stated, derived or assumed.
type Figure struct {
	Min *float64 `json:"min"`
	Max *float64 `json:"max"`
	How string   `json:"how"`
}

// Comparable holds the figures that let two adverts be compared. A nil figure
// means that there is not enough to say.
type Comparable struct {
	FullTimeAnnual *Figure `json:"full_time_annual"`
	ActualAnnual   *Figure `json:"actual_annual"`
	Monthly        *Figure `json:"monthly"`
	Hourly         *Figure `json:"hourly"`
	Daily          *Figure `json:"daily"`
}

// Offer is what an advert pays, for how much work and for how long. Its JSON
// form is what `sendwatch normalise pay` prints.
type Offer struct {
	// Scale is njc, glpc, teacher-main, teacher-unqualified, scotland-local,
	// other or nil.
	Scale *string `json:"scale"`
	// SCP is the spine points from and to, both ends included, or nil.
	SCP        *[2]int     `json:"scp"`
	Grade      *string     `json:"grade"`
	Quoted     []Quote     `json:"quoted"`
	Allowances []Allowance `json:"allowances"`

	HoursPerWeek *float64 `json:"hours_per_week"`
	WeeksPerYear *float64 `json:"weeks_per_year"`
	TermTimeOnly *bool    `json:"term_time_only"`
	FTE          *float64 `json:"fte"`

	// Contract is permanent, fixed-term, temporary, casual, temp-to-perm,
	// maternity-cover, apprenticeship or nil.
	Contract *string `json:"contract"`
	// WorkingPattern is full-time, part-time, either or nil.
	WorkingPattern *string `json:"working_pattern"`

	// Start is "YYYY-MM-DD", "YYYY-MM", "asap" or nil; Closes and End are dates.
	Start  *string `json:"start"`
	Closes *string `json:"closes"`
	End    *string `json:"end"`

	UnknownPay bool       `json:"unknown_pay"`
	Comparable Comparable `json:"comparable"`
	// Award is the pay award the amounts belong to, as "2026-27", or nil.
	Award   *string  `json:"award"`
	Working []string `json:"working"`
	Flags   []string `json:"flags"`
}
