package ingest

import (
	"context"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/store"
)

// WhyAlike says by what two adverts are of one job, or what tells them apart.
func WhyAlike(a, b *sendwatch.Reading) (same bool, why string) {
	l := compareAdverts(a, b)
	return l.same, l.why
}

// Taking is a crawl that is told by hand which adverts are ready together.
type Taking struct{ *sink }

// Take begins a crawl of a source.
func (in *Ingest) Take(ctx context.Context, src crawler.Source) (*Taking, error) {
	c := &crawl{Ingest: in, src: src, every: time.Hour}
	host, err := hostOf(src)
	if err == nil {
		err = c.claim(ctx, host, true)
	}
	return &Taking{&sink{crawl: c}}, err
}

// Together takes in adverts as the keeper does that finds them ready.
func (t *Taking) Together(ctx context.Context, found []crawler.Found) error {
	batch, err := t.prepared(ctx, found)
	if err != nil {
		return err
	}
	return t.keepTogether(ctx, batch)
}

// Apart takes in adverts each in a transaction of its own, which asks one by one what
// it must know.
func (t *Taking) Apart(ctx context.Context, found []crawler.Found) error {
	batch, err := t.prepared(ctx, found)
	if err != nil {
		return err
	}
	for _, it := range batch {
		t.counts.Unchanged += it.unchanged
		t.touches = append(t.touches, it.touches...)
		for _, e := range it.entries {
			if err := t.recordAlone(ctx, e); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *Taking) prepared(ctx context.Context, found []crawler.Found) (batch []*intake, err error) {
	for _, f := range found {
		batch = append(batch, &intake{found: f})
	}
	if err := t.lookUp(ctx, batch); err != nil {
		return nil, err
	}
	for _, it := range batch {
		if err := t.prepare(ctx, it); err != nil {
			return nil, err
		}
	}
	return batch, nil
}

func (t *Taking) recordAlone(ctx context.Context, e entry) error {
	var o outcome
	err := t.Store.Write(ctx, func(tx *store.Tx) (err error) {
		t.decideNow(e)
		o, err = e.record(ctx, t.Ingest, tx)
		return err
	})
	if err == nil && o.putOff {
		t.putOff(e)
	} else if err == nil {
		t.count(o)
	}
	return err
}

// End ends the crawl, which was complete. What was put off is taken in together or
// apart.
func (t *Taking) End(ctx context.Context, listed int, apart bool) (Report, error) {
	if apart {
		for _, a := range t.later {
			a.late, a.whole = true, true
			if err := t.recordAlone(ctx, a); err != nil {
				return Report{}, err
			}
		}
		t.later = nil
	}
	return t.crawl.end(ctx, t.sink, crawler.Report{Complete: true, Listed: listed, Fetched: listed}, nil)
}
