package sendwatch

import "time"

// AlertEvent names what is told about a vacancy: EventNew, or "closes:<date>"
// or "pay:<figures>" for what changed afterwards.
type AlertEvent string

// EventNew is always told first.
const EventNew AlertEvent = "new"

// Alert is one thing owed to one person: the ledger's row. Its key is person,
// vacancy and event; several subscriptions of one person add reasons to one row.
type Alert struct {
	Person        string     `json:"person"`
	Vacancy       string     `json:"vacancy"`
	Event         AlertEvent `json:"event"`
	Fit           Fit        `json:"fit"`
	Score         int        `json:"score"`
	Reasons       []Reason   `json:"reasons"`
	Why           string     `json:"why"`
	Miles         *float64   `json:"miles,omitempty"`
	Subscriptions []string   `json:"subscriptions"`
	// DueAt is when it may be told: the earliest of its subscriptions' hours.
	DueAt time.Time `json:"due_at"`
}

// Digest is one message to one person: its alerts and Message-ID are frozen
// when it is first claimed, so that a retry sends the same message.
type Digest struct {
	ID        string
	Person    string
	MessageID string
	Alerts    []Alert
	Attempts  int
	// Token fences the lease under which this claim may report back.
	Token string
	At    time.Time
}
