package sendwatch

import "time"

// Criteria is a saved search. Every list means "any of these"; an empty list,
// string or number asks nothing. Empty criteria mean every vacancy in scope.
type Criteria struct {
	Words     string   `json:"words,omitempty"`
	Roles     []string `json:"roles,omitempty"`
	Needs     []string `json:"needs,omitempty"`
	Settings  []string `json:"settings,omitempty"`
	Phases    []string `json:"phases,omitempty"`
	Contracts []string `json:"contracts,omitempty"`
	Patterns  []string `json:"patterns,omitempty"`

	// Support, Entry, Driver and PaidBy ask the fields of Facts of these names, and
	// Kinds whether it is one post or a register. What an advert does not tell is
	// in no list.
	Support []string `json:"support,omitempty"`
	Entry   []string `json:"entry,omitempty"`
	Driver  []string `json:"driver,omitempty"`
	PaidBy  []string `json:"paid_by,omitempty"`
	Kinds   []string `json:"kinds,omitempty"`

	// Near is a postcode, sector, outcode or town. Homes are several of them;
	// a vacancy near any one is near enough.
	Near        string  `json:"near,omitempty"`
	WithinMiles float64 `json:"within_miles,omitempty"`
	Homes       []Home  `json:"homes,omitempty"`

	// MinActual is pounds a year actually paid, MinHourly pounds an hour.
	// Unknown pay passes both, unless StatedPayOnly.
	MinActual     float64 `json:"min_actual,omitempty"`
	MinHourly     float64 `json:"min_hourly,omitempty"`
	StatedPayOnly bool    `json:"stated_pay_only,omitempty"`
	Hours         Range   `json:"hours,omitzero"`

	// Refuses lists what the person will not take: "agency" or a Duty. Whoever
	// refuses driving is not shown what needs a driver either. What the advert
	// does not tell is never refused.
	Refuses []string `json:"refuses,omitempty"`
	// StrongOnly asks to be told of strong fits only.
	StrongOnly bool `json:"strong_only,omitempty"`
}

// Home is a place to search from.
type Home struct {
	Near        string  `json:"near"`
	WithinMiles float64 `json:"within_miles"`
}

// Frequency is how often a person wants to hear.
type Frequency string

// The frequencies. Daily and weekly messages leave in the morning, London time.
const (
	Instant Frequency = "instant"
	Daily   Frequency = "daily"
	Weekly  Frequency = "weekly"
)

// SubscriptionState is where a subscription stands.
type SubscriptionState string

// Only an active subscription is matched.
const (
	Unconfirmed SubscriptionState = "unconfirmed"
	Active      SubscriptionState = "active"
	Paused      SubscriptionState = "paused"
	Ended       SubscriptionState = "ended"
)

// Subscription is what a person asked to be told about. Person is an opaque id:
// the address behind it is a subscriber's, and never stands here.
type Subscription struct {
	ID        string            `json:"id"`
	Person    string            `json:"person"`
	Frequency Frequency         `json:"frequency"`
	Criteria  Criteria          `json:"criteria"`
	Candidate *Candidate        `json:"candidate,omitempty"`
	State     SubscriptionState `json:"state"`
	CreatedAt time.Time         `json:"created_at"`
	ChangedAt time.Time         `json:"changed_at"`
}
