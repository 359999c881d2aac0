package meilitest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// apiError is an error as the API tells it, in a reply or in a failed task.
type apiError struct {
	code    string
	message string
	// inBatch says that one of several searches is wrong: the status is 400 then,
	// whatever it is for one alone.
	inBatch bool
}

func fail(code, format string, args ...any) *apiError {
	return &apiError{code: code, message: fmt.Sprintf(format, args...)}
}

func (e *apiError) Error() string { return e.code + ": " + e.message }

// statuses holds the codes whose status is not 400.
var statuses = map[string]int{
	"api_key_already_exists": http.StatusConflict, "api_key_not_found": http.StatusNotFound,
	"document_not_found": http.StatusNotFound, "index_already_exists": http.StatusConflict,
	"index_not_found": http.StatusNotFound, "internal": http.StatusInternalServerError,
	"database_size_limit_reached": http.StatusInternalServerError,
	"invalid_api_key":             http.StatusForbidden, "missing_authorization_header": http.StatusUnauthorized,
	"missing_master_key": http.StatusUnauthorized, "invalid_content_type": http.StatusUnsupportedMediaType,
	"missing_content_type": http.StatusUnsupportedMediaType, "payload_too_large": http.StatusRequestEntityTooLarge,
	"task_not_found": http.StatusNotFound, "too_many_search_requests": http.StatusServiceUnavailable,
	"no_space_left_on_device": http.StatusUnprocessableEntity, "io_error": http.StatusUnprocessableEntity,
	"too_many_open_files": http.StatusUnprocessableEntity,
}

// kinds holds the codes whose type is not invalid_request.
var kinds = map[string]string{
	"internal": "internal", "database_size_limit_reached": "internal", "invalid_api_key": "auth",
	"missing_authorization_header": "auth", "missing_master_key": "auth", "too_many_search_requests": "system",
	"no_space_left_on_device": "system", "io_error": "system", "too_many_open_files": "system",
}

func (e *apiError) status() int {
	if status, ok := statuses[e.code]; ok && !e.inBatch {
		return status
	}
	return http.StatusBadRequest
}

// MarshalJSON gives the four fields of every error.
func (e *apiError) MarshalJSON() ([]byte, error) {
	kind, ok := kinds[e.code]
	if !ok {
		kind = "invalid_request"
	}
	return json.Marshal(struct {
		Message string `json:"message"`
		Code    string `json:"code"`
		Type    string `json:"type"`
		Link    string `json:"link"`
	}{e.message, e.code, kind, "https://docs.meilisearch.com/errors#" + e.code})
}

func noIndex(uid string) *apiError { return fail("index_not_found", "Index `%s` not found.", uid) }

// quoted lists names as messages do: `a`, `b`.
func quoted(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return "`" + strings.Join(names, "`, `") + "`"
}
