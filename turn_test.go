package sendwatch_test

import (
	"testing"

	"github.com/sendwatch/sendwatch"
)

func TestTurnsInWords(t *testing.T) {
	for want, turn := range map[string]sendwatch.Turn{
		"closed: it was no longer listed":          {Event: sendwatch.TurnClosed, Why: "missing"},
		"closed":                                   {Event: sendwatch.TurnClosed, Why: "by a newer program"},
		"back as it was":                           {Event: sendwatch.TurnReopened},
		"back, with changes: closing date":         {Event: sendwatch.TurnReopened, Fields: []string{"closes_at"}},
		"changed: pay, hours or contract, address": {Event: sendwatch.TurnChanged, Fields: []string{"pay", "offer", "url"}},
	} {
		if got := turn.Say(); got != want {
			t.Errorf("%+v says %q, want %q", turn, got, want)
		}
	}
}
