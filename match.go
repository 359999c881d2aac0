package sendwatch

// Fit is how well a vacancy suits a subscription.
type Fit string

// The fits, best first. Strong and possible fits are told.
const (
	FitStrong   Fit = "strong"
	FitPossible Fit = "possible"
	FitNo       Fit = "no"
)

// Match is the answer for one subscription (or candidate) and one vacancy.
// Its JSON form is what `sendwatch match` prints.
type Match struct {
	Profile string `json:"profile"`
	Vacancy string `json:"vacancy"`
	Fit     Fit    `json:"fit"`
	// Score is 0 to 100, for ranking within a fit.
	Score int `json:"score"`
	// Met, Unmet and Unknown are concept ids in the order of the vacancy's requirements.
	Met     []string `json:"met"`
	Unmet   []string `json:"unmet"`
	Unknown []string `json:"unknown"`
	// BlockedBy names what stands in the way: on a "no" the constraints that
	// are clearly broken, on a "possible" the doubts.
	BlockedBy []string `json:"blocked_by"`
	// Why is one sentence a person would say.
	Why string `json:"why"`
	// Reasons are the same in parts, for an email or a page.
	Reasons []Reason `json:"reasons,omitempty"`
	// Miles is the distance from the nearest home, nil when it cannot be told.
	Miles *float64 `json:"miles,omitempty"`
}

// Reason is one part of why a vacancy fits or does not. Field is one of
// words, role, need, setting, phase, contract, pattern, support, entry, driver,
// paid-by, distance, pay, hours, met, unmet, unknown, desirable.
type Reason struct {
	Field string `json:"field"`
	Text  string `json:"text"`
}
