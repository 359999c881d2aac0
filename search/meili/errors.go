package meili

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/meilisearch/meilisearch-go"
)

// errClosed answers whoever still asks a closed index.
var errClosed = errors.New("meilisearch: the index is closed")

// errTooLarge cuts a reply that no question of ours can have.
var errTooLarge = errors.New("the reply is too large")

// Error is what went wrong between us and the server. It names the server's own
// error code, and never the key.
type Error struct {
	// Op is what was being done.
	Op string
	// Status is the HTTP status; zero when there was no answer, or when the error
	// is that of a task.
	Status int
	// Code is Meilisearch's name for the error, such as invalid_api_key.
	Code string
	// Message says what happened and, where we know, what to do.
	Message string

	temporary bool
	cause     error
}

func (e *Error) Error() string {
	s := "meilisearch: " + e.Op + ": " + e.Message
	switch {
	case e.Code != "":
		s += " (" + e.Code + ")"
	case e.Status != 0:
		s += fmt.Sprintf(" (status %d)", e.Status)
	}
	return s
}

// Unwrap gives the cause, when there is one beside the server's answer.
func (e *Error) Unwrap() error { return e.cause }

// Temporary reports whether the same call may do better later, without anybody
// changing a configuration.
func (e *Error) Temporary() bool { return e.temporary }

// Codes of the server that are told apart here.
const (
	codeNoIndex    = "index_not_found"
	codeNoDocument = "document_not_found"
	codeNoTask     = "task_not_found"
)

// isCode reports whether err is the server's error of that name.
func isCode(err error, code string) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}

// isTemporary reports whether err may pass by itself.
func isTemporary(err error) bool {
	var e *Error
	return !errors.As(err, &e) || e.temporary
}

// isUnanswered reports whether a call failed before the server said anything of
// what was asked; the error of a task is an answer.
func isUnanswered(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.temporary && (e.Status != 0 || e.Code == "")
}

// failed makes the error of a call. What the caller's own context has ended is
// the context's error.
func failed(ctx context.Context, op string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("meilisearch: %s: %w", op, ctx.Err())
	}
	var api *meilisearch.Error
	if !errors.As(err, &api) {
		return &Error{Op: op, Message: "the reply broke off: " + capped(err.Error()), temporary: !errors.Is(err, errTooLarge), cause: err}
	}
	e := &Error{Op: op, Status: api.StatusCode, Code: api.MeilisearchApiError.Code, cause: api.OriginError}
	switch {
	case api.ErrCode == meilisearch.MeilisearchTimeoutError:
		e.Message, e.temporary = "no answer in time", true
	case api.StatusCode == 0:
		e.Message, e.temporary = "the server cannot be reached", true
		if api.OriginError != nil {
			e.Message += ": " + capped(api.OriginError.Error())
		}
	case api.ErrCode == meilisearch.ErrCodeResponseUnmarshalBody:
		e.Message, e.temporary = "the reply cannot be read", true
	default:
		e.Message = say(api.StatusCode, e.Code, capped(api.MeilisearchApiError.Message))
		e.temporary = passing(api.StatusCode, e.Code)
	}
	return e
}

// passing tells what an operator must mend from what mends itself.
func passing(status int, code string) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests:
		return true
	}
	return status >= 500 && code != "unsupported_media_type"
}

// say adds to the server's message what to do about it.
func say(status int, code, message string) string {
	switch {
	case code == "invalid_api_key" || code == "missing_authorization_header":
		return message + " The key must be valid and allow " + strings.Join(rights, ", ") + " on our indexes."
	case code == "invalid_settings_ranking_rules":
		return message + fmt.Sprintf(" Meilisearch %d.%d or newer is needed.", minVersion[0], minVersion[1])
	case status >= 300 && status < 400:
		return "the server sends us elsewhere, which is not followed: configure its final address"
	case code == "" && status == http.StatusNotFound:
		return "there is no Meilisearch at this address"
	case status == http.StatusRequestEntityTooLarge:
		return message + fmt.Sprintf(" The server's --http-payload-size-limit must be %d MiB or more.", maxPayload>>20)
	case status == http.StatusServiceUnavailable:
		return "the server is too busy: " + message
	}
	return message
}

// capped keeps a message that others wrote to one short line.
func capped(s string) string {
	const most = 300
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + " …"
	}
	return s
}
