package crawler

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/crawler/extract"
	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// DefaultMaxFeed caps the feed of an applicant tracking system, which carries every
// live advert whole in one document, when the source does not say.
const DefaultMaxFeed = 64 << 20

// readFeed reads the feed of an applicant tracking system. It goes by way of a file,
// so that only one advert of it is held in memory: once to see that it is whole, and
// once to tell of its adverts.
func (c *crawl) readFeed(ctx context.Context) (err error) {
	file, err := os.CreateTemp("", "sendwatch-feed-*")
	if err != nil {
		return fmt.Errorf("feed: %w", err)
	}
	// Where the system lets go of the name of a file in use, a kill leaves nothing.
	removed := os.Remove(file.Name()) == nil
	defer func() {
		if err = errors.Join(err, file.Close()); !removed {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	address := c.resolve(c.site, c.Discover.Feed)
	key := c.key(address)
	known, err := c.knownPage(ctx, key)
	if err != nil {
		return err
	}
	if len(known.Items) == 0 {
		known.ETag, known.LastModified = "", ""
	}
	c.visited.Add(1)
	got, err := c.robots.Save(ctx, address, known.ETag, known.LastModified, file)
	if err != nil {
		return c.failedFeed(ctx, address, err)
	}
	if got.NotModified {
		if err := c.tellKnown(ctx, known, Found{State: NotModified}); err != nil {
			return err
		}
		known.URL, known.ETag, known.LastModified = key, got.ETag, got.LastModified
		c.report.Lists = append(c.report.Lists, known)
		return nil
	}
	media := got.Header.Get("Content-Type")
	if err := c.scanFeed(ctx, file, media, nil); ctx.Err() != nil {
		return ctx.Err()
	} else if err != nil {
		c.spoil("the list %s could not be read: %v", c.shown(address), err)
		return errStop
	}
	remember, whole, n := Page{URL: key, ETag: got.ETag, LastModified: got.LastModified}, true, 0
	err = c.scanFeed(ctx, file, media, func(r extract.ATSRecord) error {
		n++
		f := c.record(record{r.Raw, r.Type, r.Posting}, fmt.Sprintf("%s#record-%d", c.shown(address), n))
		settled, err := c.tellRecord(ctx, f, &r, &remember)
		whole = whole && settled
		return err
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil && whole && len(remember.Items) > 0 && (remember.ETag != "" || remember.LastModified != "") {
		c.report.Lists = append(c.report.Lists, remember)
	}
	return err
}

// scanFeed goes through the feed from its beginning; without a yield to check it.
func (c *crawl) scanFeed(ctx context.Context, file *os.File, media string, yield func(extract.ATSRecord) error) error {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("feed: %w", err)
	}
	return extract.ScanATS(c.Kind, fetch.Text(untilEnd{ctx, file}, media), yield)
}

// untilEnd reads until its context ends.
type untilEnd struct {
	ctx context.Context
	r   io.Reader
}

func (u untilEnd) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}

// failedFeed says why a feed did not come.
func (c *crawl) failedFeed(ctx context.Context, address string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var failed *fetch.Error
	if err = c.judge(c.shown(address), err); !errors.As(err, &failed) {
		return err
	}
	if !c.giveUp(failed) {
		c.spoil("a list failed: %v", failed)
	}
	return errStop
}

// tellRecord tells of one record of a feed, with the documents that it names or
// links to, and enters it with what is remembered of the feed. It reports false for
// one that is to be read again, however the feed's validators stand.
func (c *crawl) tellRecord(ctx context.Context, f Found, r *extract.ATSRecord, remember *Page) (settled bool, err error) {
	settled = f.State == Read || f.State == Gone
	if f.State == Read {
		if c.attachments {
			if settled, err = c.attachNamed(ctx, r, &f); err != nil {
				return false, err
			}
		}
		remember.Items = append(remember.Items, Item{URL: f.URL, Reference: f.Reference})
	}
	return settled, c.tell(ctx, f)
}

// attachNamed fetches the documents of a record: those that it names as its own,
// wherever they stand, and those that its text links to where the site, or the
// advert's, keeps such.
func (c *crawl) attachNamed(ctx context.Context, r *extract.ATSRecord, f *Found) (whole bool, err error) {
	named := r.Documents(maxAttachments)
	for _, link := range linkedIn(f.Posting) {
		twice := slices.ContainsFunc(named, func(a extract.Attachment) bool { return a.URL == link.URL })
		if u, err := url.Parse(link.URL); err == nil && !twice && len(named) < maxAttachments && c.keepsFor(u, f.URL) {
			named = append(named, link)
		}
	}
	return c.attachAll(ctx, named, f)
}

// linkedIn are the documents that the text of an advert links to; of one that would
// unfold as it is parsed, none.
func linkedIn(p *sendwatch.Posting) []extract.Attachment {
	if fetch.CheckMarkup([]byte(p.BodyHTML)) != nil {
		return nil
	}
	return extract.Linked(p, maxAttachments)
}

// keepsFor reports whether the site, or the one that an advert stands at, may keep
// its documents at an address.
func (c *crawl) keepsFor(u *url.URL, advert string) bool {
	if c.keeps(u) {
		return true
	}
	at, err := url.Parse(advert)
	return err == nil && sameOwner(u, at)
}
