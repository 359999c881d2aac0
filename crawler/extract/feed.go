package extract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html"
)

// maxFeed is how many items of a feed are looked at.
const maxFeed = 10_000

// Feed is one document of an RSS, Atom or JSON feed.
type Feed struct {
	// Links are the addresses that its items link to, as written, in their order.
	Links []string
	// Next is the address of its next page, and Archive that of the document before it
	// (RFC 5005, sections 3 and 4; next_url of a JSON feed). Both are as written.
	Next    string
	Archive string
	// Complete reports that it says to hold everything there is (RFC 5005, section 2).
	Complete bool
}

// ReadFeed reads a document of a feed.
func ReadFeed(body []byte) (Feed, error) {
	parsed, err := gofeed.NewParser().Parse(bytes.NewReader(body))
	if err != nil {
		return Feed{}, fmt.Errorf("read feed: %w", err)
	}
	if len(parsed.Items) > maxFeed {
		return Feed{}, fmt.Errorf("read feed: more than %d items", maxFeed)
	}
	var feed Feed
	for _, item := range parsed.Items {
		link := item.Link
		if link == "" && len(item.Links) > 0 {
			link = item.Links[0]
		}
		if link = address(link); link != "" {
			feed.Links = append(feed.Links, link)
		}
	}
	if parsed.FeedType == "json" {
		var about struct {
			Next string `json:"next_url"`
		}
		if json.Unmarshal(body, &about) == nil {
			feed.Next = address(about.Next)
		}
		return feed, nil
	}
	feed.history(body)
	return feed, nil
}

// history reads what a feed says of its other documents: links and marks of the feed
// itself, not of its items.
func (f *Feed) history(body []byte) {
	z := html.NewTokenizer(bytes.NewReader(body))
	z.AllowCDATA(true)
	prefix, inside := "", 0
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken && kind != html.EndTagToken {
			continue
		}
		raw, more := z.TagName()
		name := string(raw)
		z.NextIsNotRawText()
		switch item := local([]byte(name)) == "item" || local([]byte(name)) == "entry"; {
		case item && kind == html.StartTagToken:
			inside++
		case item && kind == html.EndTagToken:
			inside = max(inside-1, 0)
		}
		if kind == html.EndTagToken || inside > 0 {
			continue
		}
		values := map[string]string{}
		for more {
			var key, value []byte
			key, value, more = z.TagAttr()
			values[string(key)] = string(value)
			if strings.TrimSpace(string(value)) == feedHistory {
				_, prefix, _ = strings.Cut(string(key), ":")
			}
		}
		switch {
		case local([]byte(name)) == "complete" && prefix != "" && name == prefix+":complete", name == "complete" && values["xmlns"] == feedHistory:
			f.Complete = true
		case local([]byte(name)) == "link":
			f.follow(values["rel"], address(values["href"]))
		}
	}
}

// feedHistory is the namespace of RFC 5005.
const feedHistory = "http://purl.org/syndication/history/1.0"

// follow enters a link to another document of the feed.
func (f *Feed) follow(rel, to string) {
	switch strings.ToLower(strings.TrimSpace(rel)) {
	case "next":
		if f.Next == "" {
			f.Next = to
		}
	case "prev-archive":
		if f.Archive == "" {
			f.Archive = to
		}
	}
}
