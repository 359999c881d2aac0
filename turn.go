package sendwatch

import (
	"strings"
	"time"
)

// Turn is one turn in the life of an advert at a source.
type Turn struct {
	At    time.Time `json:"at"`
	Event TurnEvent `json:"event"`
	// Why says why it was closed: gone (its page says so), missing (from the lists),
	// expired (its closing date has passed), unwatched (nobody looks any more).
	Why string `json:"why,omitempty"`
	// Fields are what changed of it, as a reading's JSON form names them.
	Fields []string `json:"fields,omitempty"`
	// LastSeen is when it had been seen last.
	LastSeen time.Time `json:"last_seen"`
}

// TurnEvent is what happened to an advert.
type TurnEvent string

// The turns of an advert's life.
const (
	TurnChanged  TurnEvent = "changed"
	TurnClosed   TurnEvent = "closed"
	TurnReopened TurnEvent = "reopened"
)

// whyClosed says in words why an advert was closed.
var whyClosed = map[string]string{
	"gone":      "its page said so or was gone",
	"missing":   "it was no longer listed",
	"expired":   "its closing date had passed",
	"unwatched": "its source is no longer read",
}

// fieldNames are what people call a reading's fields, where it is something else.
var fieldNames = map[string]string{"closes_at": "closing date", "url": "address", "needs": "pupils' needs", "offer": "hours or contract", "phases": "ages"}

// Say says a turn in words, without its date.
func (t Turn) Say() string {
	names := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		if names[i] = fieldNames[f]; names[i] == "" {
			names[i] = f
		}
	}
	changed := strings.Join(names, ", ")
	switch {
	case t.Event == TurnClosed && whyClosed[t.Why] != "":
		return "closed: " + whyClosed[t.Why]
	case t.Event == TurnClosed:
		return "closed"
	case t.Event == TurnReopened && changed == "":
		return "back as it was"
	case t.Event == TurnReopened:
		return "back, with changes: " + changed
	}
	return "changed: " + changed
}
