package meilitest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
)

// reply is a whole reply before it is sent: a part of it must be known to be
// cut off.
type reply struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *reply) Header() http.Header { return r.header }

func (r *reply) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

func (r *reply) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(p)
}

func (r *reply) code() int {
	if r.status == 0 {
		return http.StatusOK
	}
	return r.status
}

// send sends the reply, compressed for who takes it so.
func (r *reply) send(w http.ResponseWriter, accepts string) {
	for name, values := range r.header {
		w.Header()[name] = values
	}
	body := r.body.Bytes()
	if len(body) > 0 && strings.Contains(accepts, "gzip") {
		body = gzipped(body)
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Vary", "accept-encoding")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(r.code())
	_, _ = w.Write(body) // Nobody is left to be told.
}

func gzipped(body []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(body) // A buffer takes everything.
	_ = z.Close()
	return b.Bytes()
}

func (r *reply) fail(err error) { writeError(r, err) }

// writeJSON answers with a value; a nil one answers without a body.
func writeJSON(w http.ResponseWriter, status int, v any) {
	if v == nil {
		w.WriteHeader(status)
		return
	}
	body, err := json.Marshal(v)
	if err != nil {
		writeError(w, fail("internal", "the reply is not JSON: %v", err))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // A reply cannot fail.
}

func writeError(w http.ResponseWriter, err error) {
	var e *apiError
	if !errors.As(err, &e) {
		e = fail("internal", "%v", err)
	}
	writeJSON(w, e.status(), e)
}
