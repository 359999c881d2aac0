package extract

import (
	"bytes"
	"fmt"

	"github.com/mmcdole/gofeed"
)

// maxFeed is how many items of a feed are looked at.
const maxFeed = 10_000

// ReadFeed returns the addresses that an RSS, Atom or JSON feed links to, as
// written, in the order of the feed.
func ReadFeed(body []byte) ([]string, error) {
	feed, err := gofeed.NewParser().Parse(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("read feed: %w", err)
	}
	if len(feed.Items) > maxFeed {
		return nil, fmt.Errorf("read feed: more than %d items", maxFeed)
	}
	var links []string
	for _, item := range feed.Items {
		link := item.Link
		if link == "" && len(item.Links) > 0 {
			link = item.Links[0]
		}
		if link = address(link); link != "" {
			links = append(links, link)
		}
	}
	return links, nil
}
