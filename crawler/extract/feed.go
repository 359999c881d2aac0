package extract

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
)

// maxFeed is how many items of a feed are looked at.
const maxFeed = 10_000

// Feed is one document of an RSS, Atom or JSON feed.
type Feed struct {
	// Links are the addresses that its items link to, in their order: as written, or
	// where the feed says to what they are relative (xml:base) as that makes them.
	Links []string
	// Next is the address of its next page, and Archive that of the document before it
	// (RFC 5005, sections 3 and 4; next_url of a JSON feed). Both are as written.
	Next    string
	Archive string
	// Complete reports that it says to hold everything there is (RFC 5005, section 2).
	Complete bool
}

// ReadFeed reads a document of a feed. Only its links are wanted, and a reader of
// whole feeds makes hundreds of times as much of one that means harm: elements nested
// without end, addresses that lengthen each other, text that is parsed for pictures.
// So it goes through the tokens and keeps none. A document that breaks off is an error.
func ReadFeed(body []byte) (Feed, error) {
	read := readMarkupFeed
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		read = readJSONFeed
	}
	feed, err := read(body)
	if err != nil {
		return Feed{}, fmt.Errorf("read feed: %w", err)
	}
	return feed, nil
}

// errManyItems means that a feed has more items than are looked at.
var errManyItems = fmt.Errorf("more than %d items", maxFeed)

// readJSONFeed reads a document of a JSON feed (jsonfeed.org, version 1.1).
func readJSONFeed(body []byte) (feed Feed, err error) {
	var doc struct {
		Next  string    `json:"next_url"`
		Items jsonItems `json:"items"`
	}
	switch err := json.Unmarshal(body, &doc); {
	case err != nil:
		return Feed{}, fmt.Errorf("it is broken: %w", err)
	case doc.Items == nil:
		return Feed{}, errors.New("it has no items")
	}
	for _, item := range doc.Items {
		feed.enter(cmp.Or(item.URL, item.External))
	}
	feed.Next = address(doc.Next)
	return feed, nil
}

// jsonItems are the items of a JSON feed. They are read one after another, so that too
// many are not read.
type jsonItems []jsonItem

type jsonItem struct {
	URL      string `json:"url"`
	External string `json:"external_url"`
}

// UnmarshalJSON reads a list; null is none.
func (l *jsonItems) UnmarshalJSON(list []byte) error {
	d := json.NewDecoder(bytes.NewReader(list))
	switch open, err := d.Token(); {
	case err != nil || open == nil:
		return err
	case open != json.Delim('['):
		return errors.New("its items are no list")
	}
	*l = jsonItems{}
	for d.More() {
		if len(*l) == maxFeed {
			return errManyItems
		}
		var item jsonItem
		if err := d.Decode(&item); err != nil {
			return err
		}
		*l = append(*l, item)
	}
	return nil
}

// enter adds the link of an item, if it is one.
func (f *Feed) enter(link string) {
	if link = address(link); link != "" {
		f.Links = append(f.Links, link)
	}
}
