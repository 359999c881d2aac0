package crawler

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/sendwatch/sendwatch/crawler/extract"
	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// Limits of the documents that adverts link to.
const (
	// maxAttachments is how many documents of one advert are fetched.
	maxAttachments = 5
	// maxAttachment is how large one may be, in bytes.
	maxAttachment = 10 << 20
	// maxShared is how many bytes of documents one crawl remembers, since many
	// adverts link to the same pack.
	maxShared = 32 << 20
)

// documentHosts are hosts where the makers of school web sites keep their
// customers' files. Others are not asked, unless they belong to the site.
var documentHosts = []string{"files.schudio.com", "primarysite-prod-sorted.s3.amazonaws.com", "resources.finalsite.net"}

// Attachment is a document that an advert links to.
type Attachment struct {
	URL string
	// Title is what the page calls it.
	Title     string
	MediaType string
	Body      []byte
	// NotModified reports that it is as it was when it was last read.
	NotModified bool
	// Err says why it was not fetched.
	Err error
}

// attach fetches the documents that an advert's page links to, and returns the
// validators to commit with the advert. It reports false when one may be had
// later: the page is then not to be remembered, so that the next crawl asks
// again. Only the end of the context and failing storage are errors: a document
// never harms its advert.
func (c *crawl) attach(ctx context.Context, page *extract.Page, f *Found) (whole bool, err error) {
	links := slices.DeleteFunc(page.Attachments(f.Posting.Title, maxAttachments), func(link extract.Attachment) bool {
		u, err := url.Parse(link.URL)
		return err != nil || !c.keeps(u)
	})
	return c.attachAll(ctx, links, f)
}

// attachAll fetches the documents of an advert, as attach says.
func (c *crawl) attachAll(ctx context.Context, links []extract.Attachment, f *Found) (whole bool, err error) {
	whole = true
	if len(links) == 0 {
		return true, nil
	}
	said, err := json.Marshal(f.Posting)
	if err != nil {
		return false, fmt.Errorf("attachments of %s: %w", f.URL, err)
	}
	of := Item{URL: f.URL, Reference: digest(string(said))}
	for _, link := range links {
		u, err := url.Parse(link.URL)
		if err != nil || c.visited.Load() >= int64(c.MaxPages) {
			continue
		}
		a := Attachment{URL: link.URL, Title: link.Title}
		remember, err := c.attachment(ctx, u, of, &a)
		if err != nil {
			return false, err
		}
		var failed *fetch.Error
		if errors.As(a.Err, &failed) && failed.Temporary {
			whole = false
		}
		if a.Err == nil && !a.NotModified && !isDocument(u, a.MediaType) {
			continue // a page after all
		}
		f.Attachments = append(f.Attachments, a)
		if remember.URL != "" {
			f.Documents = append(f.Documents, remember)
		}
	}
	return whole, nil
}

// keeps reports whether the site may keep its documents at an address: on its
// own host, on another of the same domain, or where such sites do.
func (c *crawl) keeps(u *url.URL) bool {
	if c.own(u) {
		return true
	}
	host := strings.ToLower(u.Hostname())
	for _, known := range documentHosts {
		if host == known {
			return u.Port() == ""
		}
	}
	return sameOwner(u, c.site)
}

// sameOwner reports whether an address belongs to the domain of another.
func sameOwner(u, of *url.URL) bool {
	own, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(of.Hostname()))
	if err != nil {
		return false
	}
	theirs, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(u.Hostname()))
	return err == nil && own == theirs && u.Port() == ""
}

// isDocument tells documents from pages that stand where one was promised.
func isDocument(u *url.URL, media string) bool {
	if strings.HasSuffix(media, "html") {
		switch strings.ToLower(path.Ext(u.Path)) {
		case ".pdf", ".docx":
			return true // broken, and to be said so
		}
		return false
	}
	return true
}

// attachment fetches one document, or finds it among those of this crawl. What
// is remembered of it goes by its advert too, since each keeps its own reading:
// an item with the advert's address, and as its reference the digest of what the
// advert said. A document whose host gives no validators is asked for again when
// that has changed.
func (c *crawl) attachment(ctx context.Context, u *url.URL, of Item, a *Attachment) (Page, error) {
	key := c.key(a.URL) + "&for=" + digest(of.URL)
	known, err := c.knownPage(ctx, key)
	if err != nil {
		return Page{}, err
	}
	same := len(known.Items) == 1 && known.Items[0] == of
	if c.system && same {
		// A feed of hundreds of adverts is read whole whenever one of them changes.
		a.NotModified = true
		return Page{}, nil
	}
	if known.ETag == "" && known.LastModified == "" {
		if same {
			a.NotModified = true
			return Page{}, nil
		}
		if s, ok := c.shared[a.URL]; ok {
			a.MediaType, a.Body = s.media, s.body
			return Page{URL: key, ETag: s.etag, LastModified: s.lastModified, Items: []Item{of}}, nil
		}
	}
	c.visited.Add(1)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.URL, http.NoBody)
	if err != nil {
		a.Err = &fetch.Error{URL: a.URL, Err: err}
		return Page{}, nil
	}
	set(req.Header, "If-None-Match", known.ETag)
	set(req.Header, "If-Modified-Since", known.LastModified)
	res, err := c.documents(u).RoundTrip(req)
	if err != nil {
		if ctx.Err() != nil {
			return Page{}, ctx.Err()
		}
		a.Err = c.judge(a.URL, err)
		if isStorage(a.Err) {
			return Page{}, a.Err
		}
		return Page{}, nil
	}
	defer func() { _ = res.Body.Close() }()
	remember := Page{URL: key, ETag: res.Header.Get("ETag"), LastModified: res.Header.Get("Last-Modified"), Items: []Item{of}}
	if res.Header.Get(fetch.NotModifiedHeader) != "" {
		a.NotModified = true
		remember.ETag, remember.LastModified = cmp.Or(remember.ETag, known.ETag), cmp.Or(remember.LastModified, known.LastModified)
		return remember, nil
	}
	a.MediaType, _, _ = strings.Cut(res.Header.Get("Content-Type"), ";")
	if a.Body, err = io.ReadAll(res.Body); err != nil {
		a.Err = &fetch.Error{URL: a.URL, Err: err}
		return Page{}, nil
	}
	c.share(a.URL, shared{a.MediaType, a.Body, remember.ETag, remember.LastModified})
	return remember, nil
}

// shared is a document that this crawl has fetched.
type shared struct {
	media              string
	body               []byte
	etag, lastModified string
}

// share remembers a document for the other adverts of this crawl.
func (c *crawl) share(address string, s shared) {
	if c.sharedBytes+len(s.body) > maxShared {
		return
	}
	c.sharedBytes += len(s.body)
	c.shared[address] = s
}

// documents is what fetches documents from a host. Only the site's own host may
// be at a private address, and only where the source allows it.
func (c *crawl) documents(u *url.URL) *fetch.RoundTripper {
	host := strings.ToLower(u.Host)
	rt := c.hosts[host]
	if rt == nil {
		rt = c.client.RoundTripper(fetch.Policy{
			AllowPrivate: c.AllowPrivate && c.own(u), Delay: c.Delay, Port: u.Port(), Site: u.Host, MaxBody: maxAttachment,
		})
		c.hosts[host] = rt
	}
	return rt
}

// digest is a short name of an address.
func digest(address string) string {
	sum := sha256.Sum256([]byte(address))
	return hex.EncodeToString(sum[:6])
}
