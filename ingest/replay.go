package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/store"
)

// Replayed is what became of a source's quarantine. Its JSON form is what
// `sendwatch quarantine replay --json` prints.
type Replayed struct {
	Source string `json:"source"`
	// Read counts entries that can be read now and have left the quarantine, Still
	// those that cannot.
	Read  int `json:"read"`
	Still int `json:"still"`
	// Past counts entries that the site does not list any more, or that were read
	// since: they are left as they are. Lost counts those of which nothing was kept.
	Past int `json:"past"`
	Lost int `json:"lost"`
	// New, Changed, Unchanged and Reopened count the adverts that came of what was
	// read; an advert that is closed by now is none of them.
	New       int `json:"new"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Reopened  int `json:"reopened"`
}

// replayPage is how many entries are looked at before the next are asked for.
const replayPage = 100

// Replay reads a source's quarantine again by today's rules, without a request, and
// takes in what can be read now by the way that a crawl takes. It holds the source
// as a crawl does, and returns store.ErrLeased (wrapped) while another does; when the
// source is due next stays as it was. It may be interrupted at any moment and
// repeated: an entry leaves the quarantine after what it holds is stored.
func (in *Ingest) Replay(ctx context.Context, src crawler.Source) (Replayed, error) {
	out := Replayed{Source: src.ID}
	if in.Rereader == nil {
		return out, errors.New("replay: nothing here can read what was kept")
	}
	host, err := hostOf(src)
	if err != nil {
		return out, fmt.Errorf("replay %s: %w", src.ID, err)
	}
	unlock, err := in.hosts.lock(ctx, host)
	if err != nil {
		return out, fmt.Errorf("replay %s: %w", src.ID, err)
	}
	defer unlock()
	c := &crawl{Ingest: in, src: src}
	if err := c.claim(ctx, host, true); err != nil {
		return out, fmt.Errorf("replay %s: %w", src.ID, err)
	}
	err = c.replay(ctx, &out)
	ending, cancel := outlasting(ctx, goodbye)
	defer cancel()
	if err = errors.Join(err, c.Store.ReleaseLease(ending, c.host), c.Store.ReleaseLease(ending, c.lease)); err != nil {
		return out, fmt.Errorf("replay %s: %w", src.ID, err)
	}
	in.Log.LogAttrs(ctx, slog.LevelInfo, "replayed", slog.String("source", src.ID), slog.Int("read", out.Read), slog.Int("still", out.Still), slog.Int("new", out.New))
	return out, nil
}

// replay goes through the entries under leases that it keeps.
func (c *crawl) replay(ctx context.Context, out *Replayed) error {
	ctx, lost := context.WithCancelCause(ctx)
	defer lost(nil)
	stop := c.keepLeases(ctx, lost)
	defer stop()
	var last *store.Quarantined
	for {
		list, err := c.Store.QuarantineList(ctx, c.src.ID, last, replayPage)
		if err != nil {
			return err
		}
		for i := range list {
			if err := c.replayEntry(ctx, list[i], out); err != nil {
				return errors.Join(err, context.Cause(ctx))
			}
		}
		if len(list) < replayPage {
			return nil
		}
		last = &list[len(list)-1]
	}
}

// replayEntry reads one entry, and lets go of it once what it holds is stored.
func (c *crawl) replayEntry(ctx context.Context, q store.Quarantined, out *Replayed) error {
	switch {
	case !q.Listed:
		out.Past++
		return nil
	case q.Size == 0:
		out.Lost++
		return nil
	}
	q, err := c.Store.QuarantinedWhole(ctx, q)
	if errors.Is(err, store.ErrNotFound) {
		return nil // an entry of the same page has brought it in
	}
	if err != nil {
		return err
	}
	s := &replaySink{sink: c.newSink(ctx)}
	defer s.abandon()
	err = c.Rereader.Reread(ctx, c.src, known{c.Store, c.Now}, s, crawler.Kept{URL: q.URL, Raw: q.Raw, RawType: q.RawType})
	if err = errors.Join(err, s.drain()); err == nil {
		err = errors.Join(s.flush(ctx), s.recordPutOff(ctx, false))
	}
	if err != nil {
		return err
	}
	if s.unread != nil {
		out.Still++
		return c.Store.StillQuarantined(ctx, q, s.unread.Error())
	}
	// What was taken in may have left by that already. What was extracted and could
	// not be normalised was quarantined anew, maybe by the reference that it has now.
	if _, err := c.Store.DropQuarantined(ctx, q); err != nil {
		return err
	}
	if s.unreadable > 0 {
		out.Still++
		return nil
	}
	out.Read++
	out.New += s.counts.New
	out.Changed += s.counts.Changed
	out.Unchanged += s.counts.Unchanged
	out.Reopened += s.counts.Reopened
	return nil
}

// replaySink is a sink that is told of one entry: what cannot be read stays where
// it is.
type replaySink struct {
	*sink
	unread error
}

// Found implements crawler.Sink.
func (s *replaySink) Found(ctx context.Context, f crawler.Found) error {
	if f.State != crawler.Unreadable {
		return s.sink.Found(ctx, f)
	}
	if s.unread = f.Err; s.unread == nil {
		s.unread = errors.New("it cannot be read")
	}
	return nil
}
