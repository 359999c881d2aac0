package crawler

import (
	"context"

	"github.com/sendwatch/sendwatch"
)

// Item is one advert that a page names. Reference is empty on a list whose
// items are pages of their own: only the page itself tells it.
type Item struct {
	URL       string `json:"url"`
	Reference string `json:"reference,omitempty"`
	// Modified is when the list says that the item last changed, as it says it, and
	// Asked when the item was last asked for while the list said so (RFC 3339).
	// Both are empty where the list does not say, or the item was not settled.
	Modified string `json:"modified,omitempty"`
	Asked    string `json:"asked,omitempty"`
}

// Page is what is remembered of one fetched address. A list names the adverts on
// it and the address of the next list page; a posting's own page names the
// postings it carries, normally one. URL is the key it is remembered under: the
// address, and in its fragment the version of the rules it was read by, so that a
// changed source definition reads everything again.
type Page struct {
	URL          string
	ETag         string
	LastModified string
	Items        []Item
	Next         string
}

// Known is what earlier crawls remembered.
type Known interface {
	// Pages returns what is remembered of those of the pages with these keys of
	// which anything is.
	Pages(ctx context.Context, source string, keys []string) (map[string]Page, error)
	// Unlisted returns the adverts to be asked for at their own pages by a crawl whose
	// lists name only part of what is live, because no list has named them for long.
	Unlisted(ctx context.Context, source string) ([]Item, error)
}

// State is what became of one listed item.
type State int

// The states of a listed item.
const (
	// Read: the item was fetched and understood.
	Read State = iota + 1
	// NotModified: the item is as it was when it was last read.
	NotModified
	// Gone: the item is closed by its own word: 404, 410, a closed notice, or a
	// validThrough that has passed.
	Gone
	// Unreadable: the item could not be fetched or not be understood.
	Unreadable
)

// String returns the state's name.
func (s State) String() string {
	switch s {
	case Read:
		return "read"
	case NotModified:
		return "not-modified"
	case Gone:
		return "gone"
	case Unreadable:
		return "unreadable"
	}
	return "unknown"
}

// Found is what a crawl has to say of one listed item.
type Found struct {
	State     State
	Reference string
	URL       string
	// Posting is set when the item was Read.
	Posting *sendwatch.Posting
	// Page holds the validators to commit together with this item. Its URL is
	// empty when there are none to commit.
	Page Page
	// Unlisted says that no list named the item and that it was asked for at its own
	// page all the same.
	Unlisted bool
	// Absent says of an Unreadable one that its page answered, and not with an advert.
	Absent bool
	// Raw is what was fetched (a page as UTF-8, or an API record) and RawType its
	// media type; both are kept with what was Read and quarantined with what was
	// Unreadable.
	Raw     []byte
	RawType string
	// Attachments are the documents that the page of what was Read links to, and
	// Documents the validators of those that came, to commit with the item.
	Attachments []Attachment
	Documents   []Page
	// Err says why an item is Unreadable. When it is (or wraps) a *fetch.Error
	// the item was not fetched at all and there is nothing to quarantine.
	Err error
}

// Sink takes what a crawl finds, one item at a time.
type Sink interface {
	// Found takes an item over, to be stored in the order in which items are told,
	// now or a little later. An error, which may be an earlier item's, ends the
	// crawl, as incomplete. One item is told at a time.
	Found(ctx context.Context, f Found) error
}

// Report is what became of a crawl.
type Report struct {
	// Listed counts the distinct adverts the lists named; Fetched those that were
	// fetched anew, NotModified those that were unchanged, Quarantined those that
	// could not be read.
	Listed      int
	Fetched     int
	NotModified int
	Quarantined int
	// Requests counts HTTP requests, robots.txt, redirects and retries included;
	// Bytes is what their bodies held after decoding.
	Requests int
	Bytes    int64
	// Complete reports that every list was read to its end and every item
	// answered. Note says in plain words why it is not.
	Complete bool
	Note     string
	// Partial reports that the lists name only part of what is live by their
	// nature, as a feed does: nothing follows from what they leave out. That is asked
	// for at its own page after a while (see Known).
	Partial bool
	// Lists are the list pages whose every item the sink took: their validators may
	// be committed when all of it is stored.
	Lists []Page
}
