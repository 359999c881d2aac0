package crawler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/sendwatch/sendwatch/crawler/fetch"
)

const (
	// mostAhead is how many pages may have come that are not taken apart yet.
	mostAhead = 4
	// knownTogether is how many pages are looked up at once.
	knownTogether = 100
)

// answer is what became of asking for an item's page.
type answer struct {
	*target
	// known is what is remembered of the page. When the lists say that it is as it
	// was, it was not asked for.
	known     Page
	unchanged bool
	asked     string
	got       *visit
	// err is why it did not come. With last, it ends the crawl.
	err  error
	last bool
}

// readItems asks for the items' pages, one after the other, while those that came
// are read and told, in the same order.
func (c *crawl) readItems(ctx context.Context, targets []*target, lists []*list) error {
	asking, enough := context.WithCancel(ctx)
	answers := make(chan answer, mostAhead)
	var asker sync.WaitGroup
	asker.Go(func() {
		defer close(answers)
		c.askAll(asking, targets, lists, answers)
	})
	defer asker.Wait()
	defer enough()
	for a := range answers {
		if err := ctx.Err(); err != nil {
			return err // what came meanwhile is asked for again
		}
		if err := c.answered(ctx, a, lists); err != nil {
			return err
		}
		for _, at := range a.named {
			lists[at.list].open--
		}
		c.commit(lists)
	}
	return ctx.Err()
}

// askAll asks for pages until there are no more, or no use in asking.
func (c *crawl) askAll(ctx context.Context, targets []*target, lists []*list, answers chan<- answer) {
	for some := range slices.Chunk(targets, knownTogether) {
		known, err := c.remembered(ctx, some)
		for _, t := range some {
			a := answer{target: t, err: err, last: true}
			if err == nil {
				a = c.ask(ctx, t, known[c.key(t.address)], lists)
			}
			select {
			case answers <- a:
			case <-ctx.Done():
				return
			}
			if a.last {
				return
			}
		}
	}
}

// remembered looks up what is known of the pages of items.
func (c *crawl) remembered(ctx context.Context, targets []*target) (map[string]Page, error) {
	keys := make([]string, len(targets))
	for i, t := range targets {
		keys[i] = c.key(t.address)
	}
	known, err := c.known.Pages(ctx, c.ID, keys)
	if err != nil {
		return nil, fmt.Errorf("%d known pages from %s: %w", len(keys), targets[0].address, err)
	}
	return known, nil
}

// ask asks for an item's page, unless the lists say that it has not changed since.
func (c *crawl) ask(ctx context.Context, t *target, known Page, lists []*list) answer {
	a := answer{target: t, known: known, asked: c.now().UTC().Format(time.RFC3339)}
	if len(known.Items) > 0 && c.unchanged(t, lists) {
		a.unchanged = true
		return a
	}
	a.got, a.err = c.request(ctx, t.address, known, c.page)
	var failed *fetch.Error
	if errors.As(a.err, &failed) {
		a.last = c.giveUp(failed)
	} else {
		a.last = a.err != nil
	}
	return a
}

// answered tells what became of an item, and enters it with its lists.
func (c *crawl) answered(ctx context.Context, a answer, lists []*list) error {
	if a.unchanged {
		return c.tellKnown(ctx, a.known, Found{State: NotModified})
	}
	settled, err := c.item(ctx, a)
	for _, at := range a.named {
		item := &lists[at.list].page.Items[at.item]
		if item.Asked = a.asked; !settled || item.Modified == "" {
			item.Modified, item.Asked = "", ""
		}
	}
	return err
}
