package extract

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// feedItems are the elements that a feed in XML may begin with, and what its items are
// called: RSS 0.9 to 2.0, RSS 1.0 in RDF, and Atom.
var feedItems = map[string]string{"rss": "item", "rdf": "item", "feed": "entry"}

// feedHistory is the namespace of RFC 5005.
const feedHistory = "http://purl.org/syndication/history/1.0"

// readMarkupFeed reads a document of a feed in XML, as leniently as such feeds need it.
func readMarkupFeed(body []byte) (Feed, error) {
	r := feedReader{Tokenizer: html.NewTokenizer(bytes.NewReader(body))}
	r.AllowCDATA(true)
	for {
		var err error
		switch kind := r.Next(); kind {
		case html.ErrorToken:
			if !r.whole {
				return Feed{}, errors.New("it is no feed, or not whole")
			}
			return r.feed, nil
		case html.TextToken:
			r.said(r.Raw())
		case html.StartTagToken, html.SelfClosingTagToken:
			err = r.start(kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			name, _ := r.TagName()
			r.end(string(name))
		}
		if err != nil {
			return Feed{}, err
		}
	}
}

// feedReader follows the tokens of a feed.
type feedReader struct {
	*html.Tokenizer
	feed  Feed
	root  string // the element it begins with
	whole bool   // that ended
	items int
	// history is the prefix of what RFC 5005 adds.
	history string

	inItem bool
	// source is said of the feed that an item was taken from: its links are not the item's.
	inSource bool
	link     string // of the item at hand
	// words are gathered of a link, href is its attribute and linkBase its base.
	words          *strings.Builder
	href, linkBase string
	// base and itemBase are what the addresses of the feed, and of the item at hand, are
	// relative to.
	base, itemBase string
}

// attributes are those of the tag at hand.
func (r *feedReader) attributes(more bool) (map[string]string, error) {
	values := map[string]string{}
	for more {
		if len(values) == maxAttributes {
			return nil, fmt.Errorf("an element of it has more than %d attributes", maxAttributes)
		}
		var key, value []byte
		key, value, more = r.TagAttr()
		values[string(key)] = string(value)
	}
	return values, nil
}

func (r *feedReader) start(empty bool) error {
	raw, more := r.TagName()
	name := string(raw)
	r.NextIsNotRawText() // "title" is an element like others here
	values, err := r.attributes(more)
	if err != nil {
		return err
	}
	kind := local([]byte(name))
	switch {
	case r.root == "":
		if feedItems[kind] == "" {
			return fmt.Errorf("it begins with <%s>", cut(name, 40))
		}
		r.root, r.whole = kind, empty
		r.base = rebased("", values["xml:base"])
		r.noteHistory(values)
	case kind == feedItems[r.root]:
		r.finish()
		if r.items++; r.items > maxFeed {
			return errManyItems
		}
		r.inItem, r.itemBase = !empty, rebased(r.base, values["xml:base"])
	case r.inItem:
		r.ofItem(name, kind, values, empty)
	default:
		r.noteHistory(values)
		r.aboutFeed(name, kind, values)
	}
	return nil
}

// ofItem reads an element of an item.
func (r *feedReader) ofItem(name, kind string, values map[string]string, empty bool) {
	base := rebased(r.itemBase, values["xml:base"])
	switch {
	case kind == "source":
		r.inSource = !empty
	case kind != "link" || r.inSource:
	case r.root == "feed":
		rel := strings.ToLower(strings.TrimSpace(cmp.Or(values["rel"], "alternate")))
		if href := resolved(base, values["href"]); r.link == "" && rel == "alternate" {
			r.link = href
		}
	case name == "link" && empty: // of several the last counts
		r.link = cmp.Or(resolved(base, values["href"]), r.link)
	case name == "link":
		r.words, r.href, r.linkBase = &strings.Builder{}, resolved(base, values["href"]), base
	}
}

// aboutFeed reads what an element says of the feed itself.
func (r *feedReader) aboutFeed(name, kind string, values map[string]string) {
	switch {
	case kind == "complete" && r.history != "" && name == r.history+":complete", name == "complete" && values["xmlns"] == feedHistory:
		r.feed.Complete = true
	case kind == "link":
		r.feed.follow(values["rel"], address(values["href"]))
	}
}

func (r *feedReader) noteHistory(values map[string]string) {
	for key, value := range values {
		if strings.TrimSpace(value) == feedHistory {
			_, r.history, _ = strings.Cut(key, ":")
		}
	}
}

// said gathers the words of a link.
func (r *feedReader) said(raw []byte) {
	if r.words == nil || r.words.Len() > maxAddress {
		return
	}
	if inner, ok := bytes.CutPrefix(raw, []byte("<![CDATA[")); ok {
		r.words.Write(bytes.TrimSuffix(inner, []byte("]]>")))
		return
	}
	r.words.Write(entity.ReplaceAllFunc(raw[:min(len(raw), 2*maxAddress)], unescape))
}

func (r *feedReader) end(name string) {
	switch kind := local([]byte(name)); {
	case kind == r.root && r.root != "":
		r.finish()
		r.whole = true
	case kind == feedItems[r.root]:
		r.finish()
	case kind == "source":
		r.inSource = false
	case name == "link" && r.words != nil:
		r.link = cmp.Or(resolved(r.linkBase, r.words.String()), r.href, r.link)
		r.words = nil
	}
}

// finish ends the item at hand, if there is one.
func (r *feedReader) finish() {
	if r.inItem {
		r.feed.enter(r.link)
	}
	r.inItem, r.inSource, r.link, r.words = false, false, "", nil
}

// rebased is what addresses are relative to in an element with an xml:base, inside one
// that has another. One that is no address, or too long, changes nothing.
func rebased(base, own string) string {
	if own == "" {
		return base
	}
	return cmp.Or(address(resolved(base, own)), base)
}

// resolved is an address as a base makes it, or as it is written.
func resolved(base, link string) string {
	link = strings.TrimSpace(link)
	if base == "" || link == "" || len(link) > maxAddress {
		return link
	}
	b, err := url.Parse(base)
	if err != nil {
		return link
	}
	u, err := b.Parse(link)
	if err != nil {
		return link
	}
	return u.String()
}

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
