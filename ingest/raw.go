package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"
	"strings"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/store"
)

// rawBundle is the media type under which a page is kept with its documents: as
// a browser saves a page with its pictures (RFC 2557).
const rawBundle = "multipart/related"

// rawMost is how many bytes of documents are kept of one advert.
const rawMost = 24 << 20

// bundle is what was fetched for an advert: its page alone, or with the
// documents that it links to. One that has not changed is taken from the bundle
// of the crawl before.
func (s *sink) bundle(ctx context.Context, f crawler.Found, reference string, briefs []store.PostingBrief) (raw []byte, rawType string, err error) {
	if len(f.Attachments) == 0 || s.Documents == nil {
		return f.Raw, f.RawType, nil
	}
	var kept map[string]part
	for i := range f.Attachments {
		if a := &f.Attachments[i]; kept == nil && len(briefs) > 0 && (a.NotModified || a.Err != nil) {
			if kept, err = s.keptParts(ctx, reference); err != nil {
				return nil, "", err
			}
		}
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	add := func(location, media string, body []byte) error {
		header := textproto.MIMEHeader{"Content-Type": {media}, "Content-Location": {location}}
		p, err := w.CreatePart(header)
		if err == nil {
			_, err = p.Write(body)
		}
		return err
	}
	if err := add(f.URL, f.RawType, f.Raw); err != nil {
		return nil, "", fmt.Errorf("raw of %s: %w", reference, err)
	}
	for i := range f.Attachments {
		a := &f.Attachments[i]
		p := part{a.MediaType, a.Body}
		if a.NotModified || a.Err != nil {
			p = kept[a.URL]
		}
		if len(p.body) == 0 || b.Len()+len(p.body) > rawMost {
			continue
		}
		if err := add(a.URL, p.media, p.body); err != nil {
			return nil, "", fmt.Errorf("raw of %s: %w", reference, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, "", fmt.Errorf("raw of %s: %w", reference, err)
	}
	return b.Bytes(), mime.FormatMediaType(rawBundle, map[string]string{"boundary": w.Boundary()}), nil
}

// part is one document of a bundle.
type part struct {
	media string
	body  []byte
}

// keptParts are the documents that are kept of a posting, by address.
func (s *sink) keptParts(ctx context.Context, reference string) (map[string]part, error) {
	raw, rawType, err := s.Store.Raw(ctx, s.src.ID, reference)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := map[string]part{}
	media, params, err := mime.ParseMediaType(rawType)
	if err != nil || !strings.EqualFold(media, rawBundle) {
		return out, nil //nolint:nilerr // a page that was kept alone has no documents
	}
	r := multipart.NewReader(bytes.NewReader(raw), params["boundary"])
	for {
		p, err := r.NextRawPart()
		if err != nil {
			return out, nil //nolint:nilerr // the end, or a bundle that is cut short: what is whole is kept
		}
		body, err := io.ReadAll(p)
		if err == nil {
			out[p.Header.Get("Content-Location")] = part{p.Header.Get("Content-Type"), body}
		}
	}
}
