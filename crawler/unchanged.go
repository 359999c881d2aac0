package crawler

import (
	"hash/fnv"
	"time"
)

// A page of which a list says that it has not changed is asked for all the same
// when that was last done so long ago: lists err. The spread keeps a site's pages
// from falling due on one day.
const (
	recheckDays   = 3
	recheckSpread = 4
)

// unchanged reports whether every list that names an item says by its date that it
// is as it was when it was last asked for. That a page is remembered too is for the
// caller to see.
func (c *crawl) unchanged(t *target, lists []*list) bool {
	for _, at := range t.named {
		if !since(lists[at.list].page.Items[at.item], c.now()) {
			return false
		}
	}
	return len(t.named) > 0
}

// since reports whether an item was asked for after its list's date, and lately. A
// date without a time is over when its day is, everywhere.
func since(item Item, now time.Time) bool {
	modified, err := time.Parse(time.RFC3339, item.Modified)
	if err != nil {
		return false
	}
	asked, err := time.Parse(time.RFC3339, item.Asked)
	if err != nil {
		return false
	}
	if modified.Equal(modified.Truncate(24 * time.Hour)) {
		modified = modified.Add(36 * time.Hour)
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(item.URL)) // a hash takes everything
	days := recheckDays + int(h.Sum32()%recheckSpread)
	return asked.After(modified) && now.Before(asked.AddDate(0, 0, days))
}
