package meilitest

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"slices"
)

// mediaJSON is what most bodies are; documents may also come as NDJSON or CSV.
const (
	mediaJSON   = "application/json"
	mediaNDJSON = "application/x-ndjson"
	mediaCSV    = "text/csv"
)

// media checks the content type against what is accepted.
func (c *call) media(accepted ...string) (string, error) {
	header := c.Header.Get("Content-Type")
	if header == "" {
		return "", fail("missing_content_type", "A Content-Type header is missing. Accepted are %s.", quoted(accepted))
	}
	media, _, err := mime.ParseMediaType(header)
	if err != nil || !slices.Contains(accepted, media) {
		return "", fail("invalid_content_type", "The Content-Type `%s` is invalid. Accepted are %s.", header, quoted(accepted))
	}
	return media, nil
}

// raw reads the body, decompressed, up to the size that is taken. What is larger
// is refused with a code that is the route's.
func (c *call) raw(tooLarge string) ([]byte, error) {
	body, err := decompressed(c.Header.Get("Content-Encoding"), c.Body)
	if err != nil {
		return nil, fail("bad_request", "The payload cannot be decompressed: %v.", err)
	}
	text, err := io.ReadAll(io.LimitReader(body, c.s.o.MaxPayload+1))
	switch {
	case err != nil:
		return nil, fail("bad_request", "The payload is incomplete: %v.", err)
	case int64(len(text)) > c.s.o.MaxPayload:
		return nil, fail(tooLarge, "The payload is larger than the %d bytes that are taken.", c.s.o.MaxPayload)
	}
	return text, nil
}

func decompressed(encoding string, body io.Reader) (io.Reader, error) {
	switch encoding {
	case "gzip":
		return gzip.NewReader(body)
	case "deflate":
		return zlib.NewReader(body)
	}
	return body, nil
}

// json reads a body of JSON. One that is too large is an internal error; only
// that of documents has a code of its own.
func (c *call) json() (any, error) {
	if _, err := c.media(mediaJSON); err != nil {
		return nil, err
	}
	body, err := c.raw("internal")
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, fail("missing_payload", "A json payload is missing.")
	}
	v, err := parseJSON(body)
	if err != nil {
		return nil, fail("malformed_payload", "The json payload provided is malformed: %v.", err)
	}
	return v, nil
}

// parseJSON reads one value and nothing after it. Numbers keep their text.
func parseJSON(body []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("trailing characters")
	}
	return v, nil
}
