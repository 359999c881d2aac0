package ingest

import (
	"context"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

// putTurn adds to a posting's history what has become of it, if a reader cares: that
// it came back, or which of its fields changed. That it was seen first stands in the
// posting, and that it closes is written where that is done; an advert that comes in
// closed was past its date.
func (in *Ingest) putTurn(ctx context.Context, tx *store.Tx, old, p *store.Posting) error {
	turn := sendwatch.Turn{At: in.Now(), Event: sendwatch.TurnChanged}
	switch {
	case old == nil && p.Open:
		return nil
	case old == nil:
		turn.Event, turn.Why, turn.LastSeen = sendwatch.TurnClosed, store.ClosedExpired, p.LastSeen
		return tx.PutTurn(ctx, p.Source, p.Reference, turn)
	}
	fields, err := changed(&old.Reading, &p.Reading)
	if err != nil {
		return err
	}
	if old.URL != p.URL {
		fields = append(fields, "url")
	}
	if !old.Open && p.Open {
		turn.Event = sendwatch.TurnReopened
	} else if len(fields) == 0 {
		return nil
	}
	turn.Fields, turn.LastSeen = fields, old.LastSeen
	return tx.PutTurn(ctx, p.Source, p.Reference, turn)
}
