package sendwatch

import "time"

// Event is what a row of the change log says happened.
type Event string

// The events of the change log.
const (
	VacancyCreated      Event = "vacancy-created"
	VacancyChanged      Event = "vacancy-changed"
	VacancyClosedEvent  Event = "vacancy-closed"
	VacancyReopened     Event = "vacancy-reopened"
	VacancyUnited       Event = "vacancy-united" // Vacancy became an alias of an older one
	SubscriptionCreated Event = "subscription-created"
	SubscriptionChanged Event = "subscription-changed" // edited or un-paused
	SubscriptionPaused  Event = "subscription-paused"
	SubscriptionErased  Event = "subscription-erased"
)

// Cause is why it happened. Renormalising and operators tell nobody anything.
type Cause string

// The causes of a change. What a crawl found and what a copy added may make a
// vacancy new to somebody; only what a crawl found changed is told as a change.
const (
	CauseCrawl Cause = "crawl"
	// CauseCopy: a copy or a re-post joined or left, so that the vacancy reads
	// otherwise although nobody changed an advert.
	CauseCopy        Cause = "copy"
	CauseRenormalise Cause = "renormalise"
	CauseOperator    Cause = "operator"
	CausePerson      Cause = "person"
)

// Change is one row of the change log. It carries no state: readers load what
// is true now.
type Change struct {
	Seq          int64
	Event        Event
	Vacancy      string // vacancy id, for vacancy events
	Subscription string // subscription id, for subscription events
	Fields       []string
	Cause        Cause
	At           time.Time
}
