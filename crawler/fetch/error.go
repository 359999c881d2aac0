package fetch

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Why a request was refused or a response thrown away. An *Error wraps one of
// them when it applies.
var (
	// ErrRobots means that the site's robots.txt refuses the address, or could
	// not be had, which counts as refusing.
	ErrRobots = errors.New("refused by robots.txt")
	// ErrPrivate means that the host resolved to an address that is not public.
	ErrPrivate = errors.New("not a public address")
	// ErrNotLoopback means that only loopback may be fetched, because the contact
	// in the configuration is a placeholder.
	ErrNotLoopback = errors.New("not a loopback address, and the contact address is a placeholder")
	// ErrPort means a port that is neither 80, 443 nor the one in the source's URL.
	ErrPort = errors.New("port not allowed")
	// ErrTooBig means that the decoded body passed the cap. Nothing of it is kept.
	ErrTooBig = errors.New("response too big")
	// ErrOffSite means a redirect that leaves the site.
	ErrOffSite = errors.New("it leaves the site")
	// ErrRedirects means more redirects than are followed.
	ErrRedirects = errors.New("too many redirects")
	// ErrBusy means that the host asked for, or is booked for, a longer wait than
	// a crawl may spend.
	ErrBusy = errors.New("host is not free soon enough")
)

// Error is what went wrong with one address.
type Error struct {
	URL string
	// Status is the HTTP status, or 0 when there was no response.
	Status int
	// Temporary reports that the same request may succeed later.
	Temporary bool
	// RetryAfter is how long the host asked to be left alone; 0 when it did not say.
	RetryAfter time.Duration
	// Err is the cause, nil when the status says all.
	Err error
}

// Error names the address, the status and the cause.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "fetch %s", e.URL)
	if e.Status != 0 {
		fmt.Fprintf(&b, ": %d %s", e.Status, http.StatusText(e.Status))
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, " (retry after %v)", e.RetryAfter)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// HostsError means that what keeps robots.txt and the pace failed. It says nothing
// about the site.
type HostsError struct {
	Op  string
	Err error
}

// Error names the operation and the cause.
func (e *HostsError) Error() string { return e.Op + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *HostsError) Unwrap() error { return e.Err }
