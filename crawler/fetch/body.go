package fetch

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// errEncoding means that the host sent a compression we did not offer.
var errEncoding = errors.New("content encoding not supported")

// gzipMagic begins every gzip stream and no text: a ".gz" sitemap is recognised
// by it whatever its type says.
var gzipMagic = []byte{0x1f, 0x8b, 0x08}

// decompressed is a body without the compression that its header names.
func decompressed(res *http.Response) (io.Reader, error) {
	switch encoding := strings.ToLower(strings.TrimSpace(res.Header.Get("Content-Encoding"))); encoding {
	case "", "identity":
		return res.Body, nil
	case "gzip", "x-gzip":
		zip, err := gzip.NewReader(res.Body)
		if err != nil {
			return nil, fmt.Errorf("decompress: %w", err)
		}
		return zip, nil
	default:
		return nil, fmt.Errorf("%q: %w", encoding, errEncoding)
	}
}

// decode reads a body and undoes its compression, counting decoded bytes: a body
// past limit is ErrTooBig, or with cut its first limit bytes.
func decode(res *http.Response, limit int64, cut bool) ([]byte, error) {
	if !cut && res.ContentLength > limit {
		return nil, fmt.Errorf("%d bytes announced: %w", res.ContentLength, ErrTooBig)
	}
	r, err := decompressed(res)
	if err != nil {
		return nil, err
	}
	body, err := readCapped(r, res.ContentLength, limit, cut)
	if err != nil || !bytes.HasPrefix(body, gzipMagic) {
		return body, err
	}
	zip, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("decompress file: %w", err)
	}
	return readCapped(zip, unannounced, limit, cut)
}

// unannounced is the length of what comes without a word of its length, as in
// http.Response, and mostAhead how much room is made for what is announced: a host
// may announce what it never sends.
const (
	unannounced = -1
	mostAhead   = 256 << 10
)

func readCapped(r io.Reader, announced, limit int64, cut bool) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(int(max(0, min(announced, limit, mostAhead))) + bytes.MinRead)
	_, err := b.ReadFrom(io.LimitReader(r, limit+1))
	body := b.Bytes()
	if int64(len(body)) > limit {
		if cut {
			return body[:limit], nil
		}
		return nil, fmt.Errorf("more than %d bytes: %w", limit, ErrTooBig)
	}
	if err != nil {
		return nil, fmt.Errorf("read body: %w", err)
	}
	return body, nil
}

var utf8BOM = []byte("\ufeff")

// xmlDeclared finds the encoding in an XML declaration.
var xmlDeclared = regexp.MustCompile(`^\s*<\?xml[^>]*?(\s+encoding\s*=\s*["']([A-Za-z0-9._:-]+)["'])`)

// toUTF8 decodes text by its header, byte order mark or declaration, and returns
// it with its media type and the content type that is now true. What is not text
// is returned as it came.
func toUTF8(body []byte, contentType string) (text []byte, media, nowType string) {
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		media, _, _ = strings.Cut(contentType, ";")
		media = strings.ToLower(strings.TrimSpace(media))
		params = nil
	}
	if media == "" {
		media, _, _ = strings.Cut(http.DetectContentType(body), ";")
	}
	if !isText(media) {
		return body, media, media
	}
	switch {
	case strings.HasSuffix(media, "json"):
		// RFC 8259: JSON between systems is UTF-8.
	case strings.HasSuffix(media, "xml") && media != "application/xhtml+xml":
		body = decodeXML(body, params["charset"])
	default:
		body = decodeHTML(body, contentType)
	}
	body = bytes.TrimPrefix(body, utf8BOM)
	if !utf8.Valid(body) {
		body = bytes.ToValidUTF8(body, []byte("\ufffd"))
	}
	return body, media, media + "; charset=utf-8"
}

func isText(media string) bool {
	return strings.HasPrefix(media, "text/") || strings.HasSuffix(media, "xml") || strings.HasSuffix(media, "json") ||
		strings.HasSuffix(media, "javascript")
}

// decodeHTML follows the HTML standard's order: byte order mark, header, meta.
// Where nothing is said, what is valid UTF-8 is UTF-8; the standard's look at
// the first 1,024 bytes would take a page whose first pound sign comes later for
// Windows-1252.
func decodeHTML(body []byte, contentType string) []byte {
	encoding, name, certain := charset.DetermineEncoding(body, contentType)
	if name == "utf-8" || (!certain && utf8.Valid(body)) {
		return body
	}
	text, err := encoding.NewDecoder().Bytes(body)
	if err != nil {
		return body
	}
	return text
}

// decodeXML takes the header's word, then the declaration's, and strikes the
// declaration's encoding, which is no longer true.
func decodeXML(body []byte, label string) []byte {
	head := body[:min(len(body), 1024)]
	if bytes.HasPrefix(head, []byte("\xfe\xff")) || bytes.HasPrefix(head, []byte("\xff\xfe")) {
		return decodeHTML(body, "")
	}
	at := xmlDeclared.FindSubmatchIndex(head)
	if label == "" && at != nil {
		label = string(head[at[4]:at[5]])
	}
	if at != nil {
		body = append(bytes.Clone(body[:at[2]]), body[at[3]:]...)
	}
	if encoding, name := charset.Lookup(label); encoding != nil && name != "utf-8" {
		if text, err := encoding.NewDecoder().Bytes(body); err == nil {
			return text
		}
	}
	return body
}
