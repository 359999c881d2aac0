package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/notifier"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/store"
)

// userError is a mistake that the person who asked can mend: its text is shown.
type userError struct {
	status int
	text   string
}

func (e userError) Error() string { return e.text }

// statusClosed is nginx's number for a visitor who left before the answer; it
// is only ever seen in a log.
const statusClosed = 499

var (
	errNotFound = userError{http.StatusNotFound, "There is no such page. The address may be incomplete, or what it showed is gone."}
	errLink     = userError{http.StatusNotFound, "This link is not valid. Your mail program may have cut it short: copy the whole address from the message."}
	errGone     = userError{http.StatusNotFound, "This link has ended: the alert was not confirmed in time, or it was stopped or erased since. You can set a new one from any search."}
	errTooLarge = userError{http.StatusRequestEntityTooLarge, "That form was larger than any of ours. Please go back and try again."}
	errCross    = userError{http.StatusForbidden, "That form was sent from another site, so nothing was changed. Open the page here and press the button again."}
	errTooFar   = userError{http.StatusBadRequest, fmt.Sprintf("The pages of a search end after the first %d posts. Narrow the search, or download all of it.", search.MaxReach)}
	errTooLong  = userError{http.StatusRequestURITooLong, "That address is longer than any of ours. Please ask for less at once."}
	errTooMany  = userError{http.StatusTooManyRequests, "That was more than this site answers in a minute. Please wait a moment, then go on where you were."}
	errMethod   = userError{http.StatusMethodNotAllowed, "This address does not take that method; the header Allow names those it takes."}
	errType     = userError{http.StatusUnsupportedMediaType, "Send JSON, with Content-Type: application/json."}
	errBody     = userError{http.StatusRequestEntityTooLarge, fmt.Sprintf("The body is larger than %d bytes. Please ask for less at once.", maxBody)}
	errReadOnly = userError{http.StatusMethodNotAllowed, "This page can be read and takes no form. Please go back and open it again."}
	errServer   = userError{http.StatusInternalServerError, "Something went wrong on our side, and it is noted. Please try again in a minute."}
)

// fieldError is a mistake in one field of a form.
type fieldError struct {
	error
	field string
}

func (e fieldError) Unwrap() error { return e.error }

func badRequest(format string, args ...any) error {
	return userError{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

// heading is what an error page is called.
func (e userError) heading() string {
	switch e.status {
	case http.StatusNotFound:
		return "Page not found"
	case http.StatusGone:
		return "No longer shown"
	case http.StatusMethodNotAllowed:
		return "That cannot be done here"
	case http.StatusServiceUnavailable:
		return "Not at the moment"
	case http.StatusForbidden:
		return "Not allowed"
	case http.StatusTooManyRequests:
		return "Please slow down"
	case http.StatusInternalServerError:
		return "Something went wrong"
	}
	return "That did not work"
}

// nowhere answers for what no route takes: a page that only the method missed says
// so.
func (s *Site) nowhere(w http.ResponseWriter, r *http.Request) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return errNotFound
	}
	get := r.Clone(r.Context())
	get.Method = http.MethodGet
	if _, pattern := s.mux.Handler(get); pattern == "/" {
		return errNotFound
	}
	w.Header().Set("Allow", "GET, HEAD")
	return errReadOnly
}

// page registers a handler whose errors become pages.
func (s *Site) page(pattern string, h handler) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

// handler answers a request, or returns an error before it wrote anything.
type handler func(http.ResponseWriter, *http.Request) error

func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	ue := s.publicError(r, err)
	v := view{Title: ue.heading(), Data: message{Text: ue.text, Next: "/", NextText: "Search the posts"}}
	if rerr := s.render(w, ue.status, "message", v); rerr != nil {
		s.o.Log.Error("render error page", "error", rerr)
	}
}

// publicError is what a visitor may know of an error; the rest goes to the log,
// which names the route and never the address: addresses hold tokens.
func (s *Site) publicError(r *http.Request, err error) userError {
	var ue userError
	switch {
	case errors.As(err, &ue):
		return ue
	case errors.Is(err, store.ErrNotFound):
		return errNotFound
	case errors.Is(err, notifier.ErrBadToken):
		return errLink
	case errors.Is(err, context.Canceled) && r.Context().Err() != nil:
		return userError{statusClosed, "The request was cancelled."}
	}
	s.o.Log.Error("request failed", "method", r.Method, "route", r.Pattern, "error", err)
	return errServer
}

// formError is what a form that could not be read means.
func formError(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return errTooLarge
	}
	return badRequest("The form could not be read; please go back and try again.")
}

// searchError makes what a person can mend into a userError.
func searchError(err error) error {
	switch {
	case errors.Is(err, search.ErrNoHome):
		return fieldError{badRequest("To put the nearest first, say where from: fill in “Near” (near)."), "near"}
	case errors.Is(err, search.ErrTooFar):
		return errTooFar
	case errors.Is(err, search.ErrBadQuery):
		_, what, _ := strings.Cut(err.Error(), search.ErrBadQuery.Error()+": ")
		return badRequest("%s.", upperFirst(what))
	case errors.Is(err, place.ErrUnknown):
		return fieldError{badRequest("%s.", upperFirst(unknownPlace(err))), "near"}
	case errors.Is(err, matcher.ErrUnknown):
		return badRequest("%s.", upperFirst(err.Error()))
	}
	return err
}

// gone makes of what is no longer there the end of a link.
func gone(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return errGone
	}
	return err
}

// unknownPlace is what is wrong with a place, without who noticed it.
func unknownPlace(err error) string {
	s := err.Error()
	return s[max(0, strings.Index(s, place.ErrUnknown.Error())):]
}
