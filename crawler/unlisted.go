package crawler

import (
	"context"
	"errors"
	"fmt"
)

// askUnlisted asks for adverts that a partial list no longer names at their own
// pages. What their pages say is told like the rest, but they are not listed, and a
// page that does not answer leaves the crawl as complete as it was.
func (c *crawl) askUnlisted(ctx context.Context) error {
	items, err := c.known.Unlisted(ctx, c.ID)
	if err != nil {
		return fmt.Errorf("unlisted adverts: %w", err)
	}
	asked := make(map[string]bool, len(items)+len(c.seen))
	for _, address := range c.seen {
		asked[address] = true
	}
	var targets []*target
	for _, item := range items {
		address := c.resolve(c.site, item.URL)
		if _, told := c.seen[item.Reference]; told || address == "" || asked[address] {
			continue
		}
		asked[address] = true
		targets = append(targets, &target{address: address})
	}
	c.unlisted = true
	c.row.Store(0)
	if err := c.readItems(ctx, targets, nil); err != nil && !errors.Is(err, errStop) {
		return err
	}
	return nil
}
