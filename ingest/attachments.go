package ingest

import (
	"context"
	"errors"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
	"github.com/sendwatch/sendwatch/document"
	"github.com/sendwatch/sendwatch/store"
)

// attachmentText is how much text of one document is kept, in bytes. The longest
// job packs hold well under it.
const attachmentText = 200_000

// Documents reads the documents that adverts link to. They are strangers' files:
// an implementation reads PDF and Word files where they can harm nothing.
type Documents interface {
	// Read reads a document of a format. Its error wraps one of package
	// document's, or is the context's.
	Read(ctx context.Context, format document.Format, data []byte) (document.Document, error)
}

// attachments reads what an advert links to. A document that cannot be had keeps
// what was read of it before, else it is noted; neither harms its advert. The
// error is the store's or the context's.
func (s *sink) attachments(ctx context.Context, f *crawler.Found, reference string, briefs []store.PostingBrief) ([]sendwatch.Attachment, error) {
	if s.Documents == nil || len(f.Attachments) == 0 {
		return nil, nil
	}
	before, err := s.attachedBefore(ctx, reference, briefs)
	if err != nil {
		return nil, err
	}
	out := make([]sendwatch.Attachment, 0, len(f.Attachments))
	for i := range f.Attachments {
		a := &f.Attachments[i]
		old, known := before[a.URL]
		old.Title = a.Title
		switch {
		case known && (a.NotModified || a.Err != nil):
			out = append(out, old)
			continue
		case a.NotModified:
			if err := s.forget(ctx, f, a.URL); err != nil {
				return nil, err
			}
		}
		read, err := s.attachment(ctx, a)
		if err != nil {
			return nil, err
		}
		out = append(out, read)
	}
	return out, nil
}

// forget has a document asked for whole by the next crawl: its validators are
// kept and what it said is not.
func (s *sink) forget(ctx context.Context, f *crawler.Found, address string) error {
	f.Page = crawler.Page{}
	f.Documents = slices.DeleteFunc(slices.Clone(f.Documents), func(p crawler.Page) bool { return strings.HasPrefix(p.URL, address+"#") })
	return errors.Join(s.Store.ForgetPage(ctx, s.src.ID, address), s.Store.ForgetPage(ctx, s.src.ID, f.URL))
}

// attachedBefore are the documents of a posting as they were last read, by
// address.
func (s *sink) attachedBefore(ctx context.Context, reference string, briefs []store.PostingBrief) (map[string]sendwatch.Attachment, error) {
	out := map[string]sendwatch.Attachment{}
	if len(briefs) == 0 {
		return out, nil
	}
	postings, err := s.Store.Postings(ctx, briefs[0].Vacancy)
	if err != nil {
		return nil, err
	}
	for _, p := range postings {
		if p.Source != s.src.ID || p.Reference != reference {
			continue
		}
		for _, a := range p.Content.Attachments {
			if a.Markdown != "" {
				out[a.URL] = a
			}
		}
	}
	return out, nil
}

// attachment reads one document, and logs why it was not read.
func (s *sink) attachment(ctx context.Context, a *crawler.Attachment) (sendwatch.Attachment, error) {
	read, why, err := readAttachment(ctx, s.Documents, a)
	if why != nil {
		s.Log.InfoContext(ctx, "attachment not read", "source", s.src.ID, "url", a.URL, "error", why)
	}
	return read, err
}

// ReadAttachment reads a document that was fetched. One that was not, or that
// cannot be read, has a note instead of text; the error is the context's.
func ReadAttachment(ctx context.Context, documents Documents, a *crawler.Attachment) (sendwatch.Attachment, error) {
	read, _, err := readAttachment(ctx, documents, a)
	return read, err
}

// readAttachment also gives the reader's own words for why it has no text.
func readAttachment(ctx context.Context, documents Documents, a *crawler.Attachment) (out sendwatch.Attachment, why, err error) {
	out = sendwatch.Attachment{URL: a.URL, Title: a.Title}
	if a.Err != nil || a.NotModified {
		out.Note = unfetched(a.Err)
		return out, nil, nil //nolint:nilerr // a document that cannot be had is noted, and harms nothing
	}
	format := document.Detect(nameOf(a.URL), a.MediaType, a.Body)
	d, why := documents.Read(ctx, format, a.Body)
	if ctx.Err() != nil {
		return out, nil, ctx.Err()
	}
	if why != nil {
		out.Note = unread(why)
		return out, why, nil
	}
	out.Markdown = d.Markdown()
	if len(out.Markdown) > attachmentText {
		out.Markdown = out.Markdown[:attachmentText]
		d.Notes = append(d.Notes, "Only its beginning is kept.")
	}
	for i, note := range d.Notes {
		if i > 0 {
			out.Note += " "
		}
		out.Note += note
	}
	return out, nil, nil
}

// nameOf is the name of the file at an address.
func nameOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return path.Base(u.Path)
}

// unfetched says in plain words why a document could not be had. It does not say
// what changes from one crawl to the next, since an advert would seem to.
func unfetched(err error) string {
	switch {
	case errors.Is(err, crawler.ErrElsewhere):
		return "It is on another site."
	case errors.Is(err, fetch.ErrRobots):
		return "The site asks for it not to be fetched."
	case errors.Is(err, fetch.ErrTooBig):
		return "It is too large to be fetched."
	}
	return "It could not be fetched."
}

// unread says in plain words why a document could not be read.
func unread(err error) string {
	for _, reason := range []struct {
		err  error
		text string
	}{
		{document.ErrScanned, "It is a scan: pictures of pages, which are not read."},
		{document.ErrEncrypted, "It asks for a password."},
		{document.ErrTooLarge, "It is too large to be read."},
		{document.ErrTimeout, "It took too long to read."},
		{document.ErrFormat, "It is in a format that is not read."},
		{document.ErrNoText, "It holds no text."},
	} {
		if errors.Is(err, reason.err) {
			return reason.text
		}
	}
	return "It is damaged."
}
