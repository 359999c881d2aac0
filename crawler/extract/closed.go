package extract

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// maxNotice is the length of the longest line that is taken for a notice; in
// anything longer the same words are about something else.
const maxNotice = 160

// notice is a whole line that says the advert it stands on is over. It must begin
// the line and be about "this" advert, so that "we may close this vacancy early"
// and "a role filled with variety" are none.
var notice = regexp.MustCompile(`(?i)^(?:sorry[,!.]? +|unfortunately,? +|please note:? +)*` +
	`(?:` +
	`(?:this|the) (?:job|vacancy|post|posting|position|role|advert|advertisement|listing|opportunity)(?: (?:post|posting|advert|advertisement|listing|vacancy|opportunity))?(?: you (?:are|were) looking for)? ` +
	`(?:(?:has|is|was)(?: now| already| been)* (?:closed|expired|ended|withdrawn)(?: *[.!,;:)–-]| +(?:and|on|to|for|since)\b|$)` +
	`|(?:has|is)(?: now| already| been)* filled *(?:[.!,;]|$)` +
	`|is (?:now )?no longer (?:available|open|live|active|advertised|being advertised|accepting|taking)\b` +
	`|no longer exists\b)` +
	`|(?:applications|the closing date) (?:for|to) this (?:job|vacancy|post|position|role) (?:are|have|has|is)(?: now)? (?:closed|passed)\b` +
	`|we are no longer (?:accepting|taking) applications\b` +
	`|no longer accepting applications *[.!]?$` +
	`)`)

// Closed reports whether a page says that its own advert is over, and in which
// words.
func Closed(p *Page) (words string, closed bool) {
	for _, root := range p.doc.Nodes {
		for n := range root.Descendants() {
			if n.Type != html.TextNode || len(n.Data) > 4*maxNotice {
				continue
			}
			line := squash(n.Data)
			if len(line) <= maxNotice && notice.MatchString(line) && visible(n.Parent) {
				return line, true
			}
		}
	}
	return "", false
}

// aside are the elements whose text is not what the page says of its advert.
var aside = []string{"script", "style", "template", "noscript", "nav", "aside", "footer", "a", "button", "option"}

// visible reports whether an element is shown and part of the page's own content.
func visible(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n.Type != html.ElementNode {
			continue
		}
		if slices.Contains(aside, n.Data) {
			return false
		}
		for _, a := range n.Attr {
			if a.Key == "hidden" || (a.Key == "style" && strings.Contains(strings.ReplaceAll(a.Val, " ", ""), "display:none")) {
				return false
			}
		}
	}
	return true
}
