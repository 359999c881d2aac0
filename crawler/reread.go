package crawler

import (
	"context"

	"github.com/sendwatch/sendwatch"
)

// Kept is what was fetched of one advert and could not be read then: a page, or a
// record of a list.
type Kept struct {
	URL     string
	Raw     []byte
	RawType string
}

// Reread reads what was kept by the source's rules of today, and tells the sink as
// a crawl would, without a request. Documents that a page links to are therefore
// left for the next crawl, and so nothing is remembered by which that would spare
// the page. The error says that the source's definition is wrong, or that known or
// sink failed.
func (c *Crawler) Reread(ctx context.Context, src Source, known Known, sink Sink, kept Kept) error {
	p, err := newPlan(src)
	if err != nil {
		return err
	}
	run := &crawl{plan: p, known: known, sink: sink, log: c.log.With("source", src.ID), now: c.now, seen: map[string]string{}, settled: map[string]bool{}}
	if p.reread != nil {
		record := record{raw: kept.Raw, media: kept.RawType}
		record.read = func() (sendwatch.Posting, error) { return p.reread(kept.Raw) }
		return run.tell(ctx, run.record(record, kept.URL))
	}
	page, err := run.knownPage(ctx, run.key(kept.URL))
	if err != nil {
		return err
	}
	_, err = run.itemRead(ctx, kept.URL, page, &visit{address: kept.URL, media: kept.RawType, body: kept.Raw})
	return err
}
