package extract

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// maxSitemap is how many addresses one sitemap may hold (sitemaps.org).
const maxSitemap = 50_000

// Entry is one address of a sitemap. Modified is zero when it is not stated.
type Entry struct {
	URL      string
	Modified time.Time
}

// Sitemap is what a sitemap names: pages, or as an index further sitemaps.
type Sitemap struct {
	Pages    []Entry
	Sitemaps []Entry
}

// ReadSitemap reads a sitemap or an index of them (sitemaps.org, protocol 0.9),
// as XML or as plain text with an address a line. Addresses are as written.
// Anything else, and a document that breaks off, is an error: half a list must
// not pass for a whole one.
func ReadSitemap(body []byte) (Sitemap, error) {
	body = bytes.TrimSpace(body)
	if len(body) > 0 && body[0] != '<' {
		return textSitemap(body)
	}
	d := xml.NewDecoder(bytes.NewReader(body))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	// Bodies reach us as UTF-8, whatever their declaration still says.
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var r sitemapReader
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Sitemap{}, fmt.Errorf("read sitemap: %w", err)
		}
		if err := r.take(token); err != nil {
			return Sitemap{}, fmt.Errorf("read sitemap: %w", err)
		}
	}
	if !r.closed {
		return Sitemap{}, errors.New("read sitemap: neither a urlset nor a sitemapindex, or not whole")
	}
	return r.found, nil
}

// sitemapReader follows the tokens of a sitemap.
type sitemapReader struct {
	found  Sitemap
	root   string
	closed bool
	entry  Entry
	field  *strings.Builder
}

func (r *sitemapReader) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		return r.open(strings.ToLower(t.Name.Local))
	case xml.CharData:
		if r.field != nil && r.field.Len()+len(t) <= maxAddress {
			r.field.Write(t)
		}
	case xml.EndElement:
		return r.close(strings.ToLower(t.Name.Local))
	}
	return nil
}

func (r *sitemapReader) open(name string) error {
	if r.root == "" {
		r.root = name
		if name != "urlset" && name != "sitemapindex" {
			return fmt.Errorf("it begins with <%s>", cut(name, 40))
		}
		return nil
	}
	switch name {
	case "url", "sitemap":
		r.entry = Entry{}
	case "loc", "lastmod":
		r.field = &strings.Builder{}
	}
	return nil
}

func (r *sitemapReader) close(name string) error {
	switch name {
	case "loc":
		// An image's or a video's loc follows the page's own.
		if r.field != nil && r.entry.URL == "" {
			r.entry.URL = strings.TrimSpace(r.field.String())
		}
		r.field = nil
	case "lastmod":
		if r.field != nil {
			r.entry.Modified = lastModified(r.field.String())
		}
		r.field = nil
	case "url", "sitemap":
		if r.entry.URL == "" {
			return nil
		}
		if len(r.found.Pages)+len(r.found.Sitemaps) >= maxSitemap {
			return fmt.Errorf("more than %d addresses", maxSitemap)
		}
		if name == "url" {
			r.found.Pages = append(r.found.Pages, r.entry)
		} else {
			r.found.Sitemaps = append(r.found.Sitemaps, r.entry)
		}
		r.entry = Entry{}
	case r.root:
		r.closed = true
	}
	return nil
}

// lastModified reads a W3C date and time.
func lastModified(s string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", time.DateOnly, "2006-01"} {
		if t, err := time.Parse(layout, strings.TrimSpace(s)); err == nil {
			return t
		}
	}
	return time.Time{}
}

func textSitemap(body []byte) (Sitemap, error) {
	var found Sitemap
	for line := range strings.Lines(string(body)) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if !strings.HasPrefix(line, "http://") && !strings.HasPrefix(line, "https://") || len(line) > maxAddress {
			return Sitemap{}, errors.New("read sitemap: a line is no address")
		}
		if len(found.Pages) >= maxSitemap {
			return Sitemap{}, fmt.Errorf("read sitemap: more than %d addresses", maxSitemap)
		}
		found.Pages = append(found.Pages, Entry{URL: line})
	}
	if len(found.Pages) == 0 {
		return Sitemap{}, errors.New("read sitemap: it is empty")
	}
	return found, nil
}
