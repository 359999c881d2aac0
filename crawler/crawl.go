package crawler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/sendwatch/sendwatch/crawler/extract"
	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// When failing items spoil a crawl: more than these many, and more than one in
// ten of those listed.
const (
	failingMost  = 5
	failingShare = 10
)

// failingRow is how many requests in a row may fail before the site is left alone.
const failingRow = 10

// crawl is one crawl under way.
type crawl struct {
	*plan
	known   Known
	sink    Sink
	robots  *fetch.RoundTripper
	visitor *visitor
	log     *slog.Logger
	now     func() time.Time

	client      *fetch.Client
	attachments bool
	shared      map[string]shared // documents by address
	sharedBytes int
	hosts       map[string]*fetch.RoundTripper // that fetch documents

	report  Report
	notes   notes
	seen    map[string]string // reference to address, of what was reported
	settled map[string]bool   // references of those that are known to be as they are now
	failing int               // items that did not answer, or not readably
	strange int               // pages that came and held no posting
	// unlisted says that what no list named is asked for now.
	unlisted bool
	// unanswered are items that may answer later, or that robots.txt refuses. One
	// is enough to conclude nothing from the crawl, unless it has been so for days.
	unanswered []*fetch.Error
	silence    silence
	silent     string // what to say of such

	// Pages are asked for while others are read, so two may count at once.
	visited atomic.Int64 // pages asked for
	row     atomic.Int64 // failures since the last answer
}

// errStop ends a crawl early for a reason that is already noted.
var errStop = errors.New("crawl stopped")

// all reads the lists and their items. Its error is errStop, the context's, or
// one of known and sink.
func (c *crawl) all(ctx context.Context) error {
	switch {
	case c.Kind == KindTeachingVacancies:
		return c.readNational(ctx)
	case c.system:
		return c.readFeed(ctx)
	}
	targets, lists, err := c.discover(ctx)
	if err != nil && !errors.Is(err, errStop) {
		return err
	}
	if err := c.readItems(ctx, targets, lists); err != nil {
		return err
	}
	if err == nil && c.report.Partial {
		err = c.askUnlisted(ctx)
	}
	return err
}

// list is a list page whose items are not all stored yet.
type list struct {
	page Page
	open int
	done bool
}

// commit moves the lists whose every item is stored to the report.
func (c *crawl) commit(lists []*list) {
	for _, l := range lists {
		if l.open == 0 && !l.done {
			l.done = true
			c.report.Lists = append(c.report.Lists, l.page)
		}
	}
}

// finish completes the report after err ended the crawl, or nil.
func (c *crawl) finish(ctx context.Context, err error) (Report, error) {
	switch {
	case ctx.Err() != nil:
		c.spoil("the crawl was stopped: %v", context.Cause(ctx))
		if errors.Is(err, ctx.Err()) {
			err = nil
		}
	case errors.Is(err, errStop):
		err = nil
	case err != nil:
		c.spoil("the crawl broke off: %v", err)
	}
	if n := c.failing; n > failingMost && n*failingShare > c.report.Listed {
		c.spoil("%d of %d items could not be read", n, c.report.Listed)
		if c.Discover.Match == "" && c.strange*2 > n {
			c.spoil("most of them hold no posting: should discover.match say which addresses do?")
		}
	}
	c.judgeSilence()
	c.report.Complete = c.notes.none()
	if c.silent != "" && c.report.Complete {
		c.notes.add(c.shown(c.silent))
	}
	if c.report.Partial && c.report.Complete {
		c.notes.add("a feed names only the latest adverts: what it leaves out closes when its own page says so")
	}
	c.report.Note = c.notes.String()
	return c.report, err
}

// spoil makes the crawl incomplete and keeps the reason, once.
func (c *crawl) spoil(format string, args ...any) {
	if note := c.shown(fmt.Sprintf(format, args...)); c.notes.add(note) {
		c.log.Warn("crawl is incomplete", "why", note)
	}
}

// visit asks for one page and returns what is remembered of it with the answer.
func (c *crawl) visit(ctx context.Context, address string) (*visit, Page, error) {
	known, err := c.knownPage(ctx, c.key(address))
	if err != nil {
		return nil, Page{}, err
	}
	got, err := c.request(ctx, address, known, c.visitor.get)
	return got, known, err
}

func (c *crawl) knownPage(ctx context.Context, key string) (Page, error) {
	known, err := c.known.Pages(ctx, c.ID, []string{key})
	if err != nil {
		return Page{}, fmt.Errorf("known page %s: %w", key, err)
	}
	return known[key], nil
}

// request has a page asked for within the crawl's bound, conditionally when it is
// remembered. An error that is not a *fetch.Error ends the crawl.
func (c *crawl) request(ctx context.Context, address string, known Page, ask func(context.Context, string, Page) (*visit, error)) (*visit, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if c.visited.Add(1) > int64(c.MaxPages) {
		if c.unlisted { // the rest waits for the next crawl
			return nil, errStop
		}
		c.spoil("more than %d pages: the rest was not asked for (max_pages)", c.MaxPages)
		return nil, errStop
	}
	got, err := ask(ctx, address, known)
	if err == nil {
		c.row.Store(0)
		return got, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return nil, c.judge(address, err)
}

// judge turns what a visit failed with into a *fetch.Error, the page's own
// failure, or into one that ends the crawl.
func (c *crawl) judge(address string, err error) error {
	var failed *fetch.Error
	if !errors.As(err, &failed) {
		if isStorage(err) {
			return err
		}
		// colly's own refusals and a page's panic are the page's failure too.
		return &fetch.Error{URL: c.shown(address), Err: errors.New(c.shown(err.Error()))}
	}
	if failed.Status != 404 && failed.Status != 410 {
		c.row.Add(1)
	}
	return failed
}

// isStorage reports whether a failure is neither the site's nor the page's: what
// keeps robots.txt and the pace failed.
func isStorage(err error) bool {
	var storage *fetch.HostsError
	return errors.As(err, &storage)
}

// giveUp reports whether the site should be left alone now, and notes why unless
// only unlisted adverts are left to ask for.
func (c *crawl) giveUp(failed *fetch.Error) bool {
	row := c.row.Load()
	pleads, fails := failed.Temporary && failed.RetryAfter > 0, row >= failingRow
	switch {
	case c.unlisted:
	case pleads:
		c.spoil("the host asks to be left alone for %v", failed.RetryAfter.Round(time.Second))
	case fails:
		c.spoil("the site failed %d times in a row, last with: %v", row, failed)
	}
	return pleads || fails
}

// tell reports one item, once.
func (c *crawl) tell(ctx context.Context, f Found) error {
	f.Reference = c.free(f)
	if _, ok := c.seen[f.Reference]; ok {
		return nil
	}
	c.seen[f.Reference] = f.URL
	f.Unlisted = c.unlisted
	if !f.Unlisted {
		c.report.Listed++
	}
	c.settled[f.Reference] = f.State == Read || f.State == NotModified
	switch f.State {
	case Read, Gone:
		c.report.Fetched++
	case NotModified:
		c.report.NotModified++
	case Unreadable:
		if f.Unlisted { // a page of which nothing is promised
			var failed *fetch.Error
			f.Absent = !errors.As(f.Err, &failed) || !unanswered(failed)
			break
		}
		c.failing++
		if errors.Is(f.Err, extract.ErrNoPosting) {
			c.strange++
		}
		if f.Raw != nil {
			c.report.Fetched++
			c.report.Quarantined++
		}
	}
	if err := c.sink.Found(ctx, f); err != nil {
		return fmt.Errorf("store %s: %w", f.URL, err)
	}
	return nil
}

// free is the reference to tell an item under. Where two adverts share what was
// taken for a reference, the second goes by its address, which is no one else's.
func (c *crawl) free(f Found) string {
	if at, ok := c.seen[f.Reference]; ok && at != f.URL {
		return extract.WholeReference(f.URL)
	}
	return f.Reference
}
