package crawler

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// silentFor is how long an item must have failed, in every crawl, before it spoils
// crawls no more: over a day, so that a source that is crawled daily has asked for
// it three times.
const silentFor = 36 * time.Hour

// silence is what is remembered of the items of a source that do not answer.
//
// One page that fails for weeks must not keep every other advert of its site open.
// What a crawl concludes rests on its lists, which came whole, and on the pages that
// answered; an item that failed is told of as listed and is never concluded on
// itself. A failure spoils a crawl because it may be the sign of a site in trouble,
// and one that is alone in it for days is no such sign: few fail, everything else
// went well, and those few are the same as before.
type silence struct {
	known Page     // items that failed in the last crawl that came to its end, with the moment each began to
	now   []string // addresses of those that failed in this one
}

// silenceKey is what it is remembered under.
func (c *crawl) silenceKey() string { return c.key(c.site.String()) + "&silent" }

// recallSilence reads what is remembered.
func (c *crawl) recallSilence(ctx context.Context) (err error) {
	if c.silence.known, err = c.knownPage(ctx, c.silenceKey()); err != nil {
		return fmt.Errorf("known silent items: %w", err)
	}
	return nil
}

// judgeSilence decides whether the items that failed spoil a crawl that is otherwise
// well, and remembers them.
func (c *crawl) judgeSilence() {
	well := c.notes.none()
	if well && (len(c.silence.now) > 0 || len(c.silence.known.Items) > 0) {
		c.report.Lists = append(c.report.Lists, c.rememberSilence())
	}
	n := len(c.unanswered)
	few := n <= failingMost && n*failingShare <= c.report.Listed
	switch {
	case n == 0:
	case well && few && c.allSilent():
		c.silent = fmt.Sprintf("%d items have not answered for days and are left as they are, such as: %v", n, c.unanswered[0])
		if n == 1 {
			c.silent = fmt.Sprintf("an item has not answered for days and is left as it is: %v", c.unanswered[0])
		}
	case n == 1:
		c.spoil("an item failed: %v", c.unanswered[0])
	default:
		c.spoil("%d items failed, the first with: %v", n, c.unanswered[0])
	}
}

// allSilent reports whether all that failed have failed for long.
func (c *crawl) allSilent() bool {
	for _, address := range c.silence.now {
		since, ok := c.silentSince(address)
		if !ok || c.now().Sub(since) < silentFor {
			return false
		}
	}
	return true
}

// silentSince is when an item began to fail, if it did in the last crawl.
func (c *crawl) silentSince(address string) (time.Time, bool) {
	i := slices.IndexFunc(c.silence.known.Items, func(item Item) bool { return item.URL == address })
	if i < 0 {
		return time.Time{}, false
	}
	since, err := time.Parse(time.RFC3339, c.silence.known.Items[i].Asked)
	return since, err == nil
}

// rememberSilence is what to remember: those that failed now, since when they do. One
// that answered is forgotten, and begins anew should it fail again.
func (c *crawl) rememberSilence() Page {
	page := Page{URL: c.silenceKey()}
	for _, address := range c.silence.now {
		since, ok := c.silentSince(address)
		if !ok {
			since = c.now()
		}
		page.Items = append(page.Items, Item{URL: address, Asked: since.UTC().Format(time.RFC3339)})
	}
	return page
}
