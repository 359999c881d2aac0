package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/sendwatch/sendwatch/crawler/extract"
	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// The national service's list is the truth about what is live. It is long, has no
// filter by time, and one new vacancy moves every page of it; but the service's
// sitemap says when each vacancy's page last changed. So the whole list is read once
// a day, and between two such readings the sitemap says which vacancies to ask for.
//
// Nothing rests on the sitemap alone. What it leaves out is asked for by itself before
// it counts as missing, what is new stands at the head of the list and is read
// there, and what escapes both is found within a day. Where the sitemap does not come,
// makes no sense, or speaks of much, the whole list is read at once.
const (
	// nationalSitemap names the page of every live vacancy.
	nationalSitemap = "/sitemap.xml"
	// nationalRecord is where one vacancy's record stands.
	nationalRecord = "/api/v1/jobs/%s.json"
	// wholeEvery is how often the whole list is read at least, so that a source
	// that is crawled hourly reads it at the same hour every day.
	wholeEvery = 23*time.Hour + 30*time.Minute
	// fewestSingles is how many vacancies may always be asked for one by one, and
	// fewestMissing how many the sitemap may leave out; beyond that no more than one
	// in twenty, so that a list that is cut off is seen to be.
	fewestSingles = 20
	fewestMissing = 3
	singlesShare  = 20
)

// isVacancy is the path of a vacancy's page.
var isVacancy = regexp.MustCompile(`^/jobs/[^/]+$`)

// errDisagree means that list, sitemap and records of the service contradict each
// other, so that only the whole list tells.
var errDisagree = errors.New("the service's sitemap and records disagree")

// national is a reading of the service under way.
type national struct {
	*crawl
	// page is the sitemap as it is to be remembered, and before what was remembered:
	// an item a vacancy, by its reference, which is empty for one that the sitemap
	// names and the list does not. One more item is the list itself, with the moment
	// at which the whole of it was last asked for.
	page   Page
	before map[string]Item
	whole  time.Time
	// named are the vacancies that the sitemap names, by reference, in its order.
	named map[string]Item
	order []string
}

// readNational reads what changed at the national service, or the whole of it.
func (c *crawl) readNational(ctx context.Context) error {
	n := &national{crawl: c, before: map[string]Item{}, named: map[string]Item{}}
	asked := c.now().UTC()
	found, err := n.sitemap(ctx)
	if err != nil {
		return err
	}
	if found && asked.Sub(n.whole) < wholeEvery && !asked.Before(n.whole) {
		err := n.readChanges(ctx, asked)
		if !errors.Is(err, errDisagree) {
			return err
		}
		c.log.Debug("the whole list is read", "why", err)
	}
	if err := c.readRecords(ctx); err != nil || !found {
		return err
	}
	n.whole = asked
	n.remember(asked)
	return nil
}

// sitemap reads the sitemap, and what is remembered of it. It reports false when
// there is none to go by: that is no fault, since the list says all.
func (n *national) sitemap(ctx context.Context) (found bool, err error) {
	address := n.resolve(n.site, nationalSitemap)
	got, known, err := n.visit(ctx, address)
	var failed *fetch.Error
	if errors.As(err, &failed) {
		if n.giveUp(failed) {
			return false, errStop
		}
		n.log.Debug("no sitemap to go by", "error", failed)
		return false, nil
	}
	if err != nil {
		return false, err
	}
	list := n.resolve(n.site, apiPath)
	for _, item := range known.Items {
		if item.URL == list {
			n.whole, _ = time.Parse(time.RFC3339, item.Asked) // the zero time is long ago
			continue
		}
		n.before[slug(item.URL)] = item
	}
	n.page = Page{URL: n.key(address), ETag: got.etag, LastModified: got.lastModified}
	if got.notModified {
		for _, item := range known.Items {
			if item.Modified != "" {
				n.name(item.URL, item.Modified)
			}
		}
		return true, nil
	}
	read, err := extract.ReadSitemap(got.body)
	if err != nil {
		n.log.Debug("no sitemap to go by", "error", err)
		return false, nil
	}
	for _, e := range read.Pages {
		if u := n.resolve(n.site, e.URL); u != "" && !e.Modified.IsZero() {
			n.name(u, e.Modified.UTC().Format(time.RFC3339))
		}
	}
	return len(n.named) > 0, nil
}

// name enters a vacancy that the sitemap names, with what is remembered of it.
func (n *national) name(address, modified string) {
	u, err := url.Parse(address)
	if err != nil || !isVacancy.MatchString(u.Path) {
		return
	}
	id := slug(address)
	if _, twice := n.named[id]; twice {
		return
	}
	item := Item{URL: address, Modified: modified}
	if was, ok := n.before[id]; ok {
		item.URL, item.Reference = was.URL, was.Reference
		if was.Modified == modified {
			item.Asked = was.Asked
		}
	}
	n.named[id] = item
	n.order = append(n.order, id)
}

// slug is the last part of a vacancy's address, by which the service knows it.
func slug(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return path.Base(u.Path)
}

// readChanges reads the head of the list, and by themselves the vacancies that
// changed or that the sitemap leaves out.
func (n *national) readChanges(ctx context.Context, asked time.Time) error {
	var changed, missing []string
	for _, id := range n.order {
		switch item := n.named[id]; {
		case since(item, n.now()):
		case item.Asked != "":
			// A date without a time does not say whether it was asked for since.
			return fmt.Errorf("%s may have changed again on the day it says: %w", id, errDisagree)
		default:
			changed = append(changed, id)
		}
	}
	for id, item := range n.before {
		if _, ok := n.named[id]; !ok && item.Reference != "" {
			missing = append(missing, id)
		}
	}
	slices.Sort(missing)
	share := len(n.before) / singlesShare
	if len(changed)+len(missing) > max(fewestSingles, share) || len(missing) > max(fewestMissing, share) {
		return fmt.Errorf("%d vacancies changed, %d are missing: %w", len(changed), len(missing), errDisagree)
	}
	if err := n.head(ctx); err != nil {
		return err
	}
	for _, id := range append(changed, missing...) {
		if err := n.single(ctx, id); err != nil {
			return err
		}
	}
	for _, id := range n.order {
		item := n.named[id]
		if _, told := n.seen[item.Reference]; told || item.Reference == "" {
			continue
		}
		if err := n.tell(ctx, Found{State: NotModified, URL: item.URL, Reference: item.Reference}); err != nil {
			return err
		}
	}
	n.remember(asked)
	return nil
}

// head reads the list's first pages, the newest vacancies, for as long as they
// hold any that nothing is known of.
func (n *national) head(ctx context.Context) error {
	asked := map[string]bool{}
	for next := n.resolve(n.site, apiPath); next != "" && !asked[next]; {
		asked[next] = true
		fresh := n.unknown()
		var err error
		if next, err = n.recordList(ctx, next); err != nil {
			return err
		}
		if n.unknown() == fresh {
			return nil
		}
	}
	return nil
}

// unknown counts the vacancies told of that were not remembered.
func (n *national) unknown() (count int) {
	for id, settled := range n.settled {
		if settled && n.before[id].Reference == "" {
			count++
		}
	}
	return count
}

// single asks for one vacancy's record. One that the sitemap leaves out and that is
// not there is missing, like one that left the list.
func (n *national) single(ctx context.Context, id string) error {
	if n.settled[id] {
		return nil
	}
	_, named := n.named[id]
	address := n.resolve(n.site, fmt.Sprintf(nationalRecord, url.PathEscape(id)))
	got, _, err := n.visit(ctx, address)
	var failed *fetch.Error
	switch {
	case errors.As(err, &failed) && (failed.Status == http.StatusNotFound || failed.Status == http.StatusGone):
		if named {
			return fmt.Errorf("no record of %s: %w", id, errDisagree)
		}
		return nil
	case errors.As(err, &failed):
		item := n.before[id]
		if item.Reference == "" {
			item = Item{URL: address, Reference: id}
		}
		return n.itemFailed(ctx, address, Page{Items: []Item{item}}, failed)
	case err != nil:
		return err
	}
	f := n.record(apiRecord(got.body), address)
	// The record of a vacancy that is over still answers; only the list leaves it out.
	if f.State == Read && extract.Past(f.Posting.Closes, n.now()) {
		f.State, f.Posting = Gone, nil
	}
	return n.tell(ctx, f)
}

// remember keeps the sitemap with what became of its vacancies: asked for when the
// reading began, unless they could not be settled. Those that the sitemap leaves out
// are remembered too, without a date.
func (n *national) remember(asked time.Time) {
	if len(n.unanswered) > 0 || !n.notes.none() {
		return
	}
	at := asked.Format(time.RFC3339)
	n.page.Items = []Item{{URL: n.resolve(n.site, apiPath), Asked: n.whole.UTC().Format(time.RFC3339)}}
	for _, id := range n.order {
		item := n.named[id]
		switch told, ok := n.seen[id]; {
		case n.settled[id]:
			item.URL, item.Reference, item.Asked = told, id, at
		case ok: // unreadable, or over: to be asked for again
			item.Asked = ""
		default: // named by the sitemap alone
			item.Reference, item.Asked = "", at
		}
		n.page.Items = append(n.page.Items, item)
	}
	for id, settled := range n.settled {
		if _, ok := n.named[id]; settled && !ok {
			n.page.Items = append(n.page.Items, Item{URL: n.seen[id], Reference: id})
		}
	}
	slices.SortFunc(n.page.Items[1:], func(a, b Item) int { return strings.Compare(a.URL, b.URL) })
	n.report.Lists = append(n.report.Lists, n.page)
}
