package meili

import (
	"context"
	"fmt"
	"strconv"
)

// The cursor is a document like any other. It has no mark, so that no search of
// ours finds or counts it, and no vacancy can have its id.
const (
	cursorID = "_cursor"
	// attrCursor is where the index stands in the change log, in decimal, because
	// the server's numbers are exact to 53 bits only.
	attrCursor = "cursor"
	// attrSettings names the settings that the index has.
	attrSettings = "settings"
	// attrRenewal names the renewal that fills the index.
	attrRenewal = "renewal"
)

// position is what the cursor's document says.
type position struct {
	// exists is false of an index that has no such document: a new one, an emptied
	// one, or none at all.
	exists   bool
	cursor   int64
	settings string
	renewal  string
}

func (x *Index) mark(cursor int64) document {
	return document{attrID: cursorID, attrCursor: strconv.FormatInt(cursor, 10), attrSettings: x.settingsHash()}
}

// Cursor is the last change of the change log that the index has seen; zero when
// there is no index, or none of our layout.
func (x *Index) Cursor(ctx context.Context) (int64, error) {
	if err := x.usable(ctx); err != nil {
		return 0, err
	}
	at, err := x.position(ctx, x.uid)
	return at.cursor, err
}

// position reads the cursor's document.
func (x *Index) position(ctx context.Context, uid string) (position, error) {
	var d struct {
		Cursor   string `json:"cursor"`
		Settings string `json:"settings"`
		Renewal  string `json:"renewal"`
	}
	err := x.ask(ctx, "read the cursor", func(ctx context.Context) error {
		return x.client.Index(uid).GetDocumentWithContext(ctx, cursorID, nil, &d)
	})
	if isCode(err, codeNoIndex) || isCode(err, codeNoDocument) {
		return position{}, nil
	}
	if err != nil {
		return position{}, err
	}
	cursor, err := strconv.ParseInt(d.Cursor, 10, 64)
	if err != nil {
		return position{}, &Error{Op: "read the cursor", Message: fmt.Sprintf("%q is no position: rebuild the index", capped(d.Cursor))}
	}
	return position{exists: true, cursor: cursor, settings: d.Settings, renewal: d.Renewal}, nil
}
