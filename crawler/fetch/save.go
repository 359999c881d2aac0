package fetch

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Save fetches one address into a file, for bodies that are not to be held in memory.
// The response's Body is empty; the file holds what it would have, decompressed, in
// the characters that it came in: read it through Text. The validators and the error
// are as with RoundTrip.
func (rt *RoundTripper) Save(ctx context.Context, address, etag, lastModified string, file *os.File) (*Response, error) {
	return rt.getInto(ctx, address, etag, lastModified, file)
}

// saved is the answer whose body went into a file.
func (rt *RoundTripper) saved(u *url.URL, res *http.Response, c call) (*exchange, error) {
	var ours *HostsError
	switch err := rt.save(res, c); {
	case errors.As(err, &ours):
		return nil, err
	case err != nil:
		return nil, &Error{URL: u.String(), Status: res.StatusCode, Temporary: !errors.Is(err, ErrTooBig) && !errors.Is(err, errEncoding), Err: err}
	}
	media, _, _ := strings.Cut(strings.ToLower(res.Header.Get("Content-Type")), ";")
	return &exchange{response: &Response{
		URL: u.String(), Status: res.StatusCode, Header: res.Header.Clone(), MediaType: strings.TrimSpace(media),
		ETag: res.Header.Get("ETag"), LastModified: res.Header.Get("Last-Modified"),
	}}, nil
}

// save writes a body to the call's file, from its beginning.
func (rt *RoundTripper) save(res *http.Response, c call) error {
	if err := c.into.Truncate(0); err != nil {
		return &HostsError{Op: "save a body", Err: err}
	}
	if _, err := c.into.Seek(0, io.SeekStart); err != nil {
		return &HostsError{Op: "save a body", Err: err}
	}
	if res.ContentLength > c.limit {
		return fmt.Errorf("%d bytes announced: %w", res.ContentLength, ErrTooBig)
	}
	r, err := decompressed(res)
	if err != nil {
		return err
	}
	if r, err = unpacked(r); err != nil {
		return err
	}
	n, err := io.Copy(c.into, io.LimitReader(r, c.limit+1))
	rt.bytes.Add(min(n, c.limit))
	var disk *os.PathError
	switch {
	case errors.As(err, &disk):
		return &HostsError{Op: "save a body", Err: err}
	case n > c.limit:
		return fmt.Errorf("more than %d bytes: %w", c.limit, ErrTooBig)
	case err != nil:
		return fmt.Errorf("read body: %w", err)
	}
	return nil
}

// unpacked is a body without the compression of a file, which no header names.
func unpacked(r io.Reader) (io.Reader, error) {
	in := bufio.NewReader(r)
	head, _ := in.Peek(len(gzipMagic)) // what there is of it
	if !bytes.Equal(head, gzipMagic) {
		return in, nil
	}
	zip, err := gzip.NewReader(in)
	if err != nil {
		return nil, fmt.Errorf("decompress file: %w", err)
	}
	return zip, nil
}

// declaredIn is how much of a document is looked at for its encoding.
const declaredIn = 1024

// Text reads a text that Save kept as UTF-8, by the same signs as Get's: byte order
// mark, header, declaration.
func Text(r io.Reader, contentType string) io.Reader {
	in := bufio.NewReaderSize(r, 64<<10)
	head, _ := in.Peek(declaredIn) // what there is of it
	label := ""
	if _, params, ok := strings.Cut(strings.ToLower(contentType), "charset="); ok {
		label = strings.Trim(params, `"' ;`)
	}
	if at := xmlDeclared.FindSubmatch(head); label == "" && at != nil {
		label = string(at[2])
	}
	decoder := unicode.UTF8.NewDecoder()
	if encoding, name := charset.Lookup(cmp.Or(label, "utf-8")); encoding != nil && name != "utf-8" && !bytes.HasPrefix(head, utf8BOM) {
		decoder = encoding.NewDecoder()
	}
	return transform.NewReader(in, unicode.BOMOverride(decoder))
}
