package notifier

// Links makes the signed addresses that emails carry.
type Links struct {
	// Key signs; at least 32 bytes.
	Key []byte
	// Base is the site's address, without a final slash.
	Base string
}

// Purpose says what a token lets its holder do.
type Purpose string

// The purposes. A token signed for one is worth nothing for another.
const (
	PurposeConfirm     Purpose = "confirm"     // id is a person
	PurposeManage      Purpose = "manage"      // id is a person
	PurposeUnsubscribe Purpose = "unsubscribe" // id is a person
	PurposePause       Purpose = "pause"       // id is a subscription
)

// Confirm is the page where a person confirms by POST.
func (l Links) Confirm(person string) string { return "" }

// Manage is the person's page.
func (l Links) Manage(person string) string { return "" }

// Unsubscribe takes a one-click POST and shows a page on GET.
func (l Links) Unsubscribe(person string) string { return "" }

// Pause is the page where one subscription is paused.
func (l Links) Pause(subscription string) string { return "" }

// Vacancy is the vacancy's page.
func (l Links) Vacancy(id string) string { return "" }

// Verify gives the id of a token signed for purpose, or ErrBadToken.
func (l Links) Verify(purpose Purpose, token string) (string, error) { return "", ErrBadToken }
