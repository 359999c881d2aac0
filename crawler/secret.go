package crawler

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strings"
)

// hidden stands for what is not to be shown.
const hidden = "…"

// The least lengths of a part of an address that may be a key by itself: shorter ones
// are words that stand elsewhere too.
const (
	leastValue   = 6
	leastSegment = 16
)

// secretsOf are the parts of a feed's address that may be, or hold, its key: all of
// it behind the host, and by themselves the values of its query and the long parts
// of its path. The longest come first, so that what is replaced leaves no rest.
func secretsOf(feed string) []string {
	u, err := url.Parse(feed)
	if err != nil {
		return []string{feed}
	}
	out := []string{strings.TrimPrefix(u.RequestURI(), "/"), strings.TrimPrefix(feed, "/")}
	for _, values := range u.Query() {
		for _, v := range values {
			if len(v) >= leastValue {
				out = append(out, v, url.QueryEscape(v), url.PathEscape(v))
			}
		}
	}
	for part := range strings.SplitSeq(u.EscapedPath(), "/") {
		if len(part) >= leastSegment {
			out = append(out, part)
			if plain, err := url.PathUnescape(part); err == nil {
				out = append(out, plain)
			}
		}
	}
	out = slices.DeleteFunc(out, func(s string) bool { return s == "" })
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	return slices.Compact(out)
}

// shown is a text as it may be shown: without the key of the feed's address.
func (p *plan) shown(s string) string {
	for _, secret := range p.secrets {
		s = strings.ReplaceAll(s, secret, hidden)
	}
	return s
}

// maxBytes caps one answer of the site; zero leaves it to the client.
func (p *plan) maxBytes() int64 {
	if p.system {
		return cmp.Or(p.MaxBytes, DefaultMaxFeed)
	}
	return p.MaxBytes
}

// errRepeats means that a record tells the key of the feed it stands in.
var errRepeats = errors.New("its address repeats the key of the feed")

// concealed is an error in other words.
type concealed struct {
	words string
	err   error
}

func (c *concealed) Error() string { return c.words }
func (c *concealed) Unwrap() error { return c.err }
