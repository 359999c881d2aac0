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

// maxParts is how many places of one line are looked at as a notice's beginning.
const maxParts = 20

// The words of notices. A notice begins its sentence and is about "this" advert, so
// that "we may close this vacancy early" and "a role filled with variety" are none.
const (
	polite  = `(?:(?:we(?:'re| are) )?sorry[,!.]? +(?:but +)?|unfortunately,? +|please note:?(?: that)? +|important:? +)*`
	advert  = `(?:job|vacancy|post|posting|position|role|advert|advertisement|listing|opportunity)`
	subject = `(?:this|the) ` + advert + `(?: ` + advert + `)?(?: (?:that )?you(?:'re| are| were| have| requested| tried)? ?[a-z ]{0,30}?)?`
	became  = `(?:has|is|was|have|are|were)(?: now| already| been| since)*`
	over    = `(?:closed|expired|ended|withdrawn|removed|archived|cancelled)`
	stop    = `(?: *[.!,;:)–-]| +(?:and|on|to|for|since|at)\b| *$)`
	onDay   = ` +(?:on|at) [0-9a-z]`
)

var notice = regexp.MustCompile(`(?i)^` + polite + `(?:` + strings.Join([]string{
	subject + ` ` + became + ` ` + over + stop,
	subject + ` ` + became + ` filled *(?:[.!,;]|$)`,
	subject + ` (?:closed|expired|ended)` + onDay,
	subject + ` is (?:now )?no longer (?:available|open|live|active|advertised|being advertised|accepting|taking)\b`,
	subject + ` is(?:n't| not) (?:available|open|live|active|advertised) any (?:more|longer)\b`,
	subject + ` no longer exists\b`,
	`(?:applications|recruitment|the closing date|the (?:application )?deadline) (?:for|to) (?:this|the) ` + advert + ` (?:` + became + ` (?:passed|` + over + `)` + stop + `|closed` + onDay + `)`,
	`(?:applications|the closing date|the (?:application )?deadline) ` + became + ` (?:closed|passed) *[.!]?$`,
	`we are no longer (?:accepting|taking) applications\b`,
	`we are not (?:accepting|taking) applications .{0,40}\bany (?:more|longer)\b`,
	`you can no longer apply (?:for|to) (?:this|the) ` + advert + `\b`,
	`no longer accepting applications *[.!]?$`,
}, `|`) + `)`)

// badge is a notice of two words, which lists put beside other adverts as well. It
// counts beside the page's own heading.
var badge = regexp.MustCompile(`(?i)^(?:` + advert + `|applications) (?:closed|expired|filled|withdrawn)[.!]?$`)

// mayNotice reports whether a notice may be in a folded text: every one has one of a
// few words, and nearly no page has. A page has a thousand words, so they are gone
// through once.
func mayNotice(folded []byte) bool {
	for i, b := range folded {
		if b == ' ' && tells(folded[:i], folded[i+1:]) {
			return true
		}
	}
	return false
}

// tells reports whether a word that every notice has one of follows after what comes
// before it and a space.
func tells(before, text []byte) bool {
	if len(text) == 0 {
		return false
	}
	next := func(word string) bool { return len(text) >= len(word) && string(text[:len(word)]) == word }
	last := func(word string) bool {
		return len(before) >= len(word) && string(before[len(before)-len(word):]) == word
	}
	switch text[0] {
	case 'a':
		return next("archived")
	case 'c':
		return next("closed") || next("cancelled")
	case 'e':
		return next("ended") || next("expired")
	case 'f':
		return next("filled")
	case 'l':
		return next("longer") && (last("no") || last("any"))
	case 'm':
		return next("more") && last("any")
	case 'p':
		return next("passed")
	case 'r':
		return next("removed")
	case 'w':
		return next("withdrawn")
	}
	return false
}

// Closed returns the words in which a page says that its own advert is over, "" when
// it does not. The error is that of a page that cannot be looked through for them.
func Closed(p *Page) (words string, err error) {
	if !p.outline.notice {
		return "", nil
	}
	doc, err := p.Document()
	return noticeIn(doc.Nodes), err
}

// noticeIn is the first notice among elements.
func noticeIn(roots []*html.Node) string {
	var r noticeReader
	for _, root := range roots {
		r.read(root)
	}
	r.end(nil)
	return r.found
}

// noticeReader goes through a page line by line.
type noticeReader struct {
	line   []byte
	folded []byte // line, as far as telling needs it
	parts  []int  // where in line the text of another element begins
	found  string
}

func (r *noticeReader) read(n *html.Node) {
	for c := range n.ChildNodes() {
		switch {
		case r.found != "":
			return
		case c.Type == html.TextNode:
			if len(r.parts) < maxParts {
				r.parts = append(r.parts, len(r.line))
			}
			if len(r.line) <= 4*maxNotice {
				r.line = append(r.line, cut(c.Data, 8*maxNotice)...)
			}
		case c.Type != html.ElementNode || !shown(c):
		case slices.Contains(within, c.Data):
			r.read(c)
		default:
			r.end(c.Parent)
			r.read(c)
			r.end(c)
		}
	}
}

// end judges the line that the element block ends.
func (r *noticeReader) end(block *html.Node) {
	defer func() { r.line, r.parts = r.line[:0], r.parts[:0] }()
	if r.folded = fold(r.folded[:0], r.line); r.found != "" || !mayNotice(r.folded) {
		return
	}
	text, begins := string(r.line), slices.Clone(r.parts)
	line := strings.ReplaceAll(squash(text), "’", "'")
	if len(line) > maxNotice {
		return
	}
	if badge.MatchString(line) && block != nil && besideHeading(block) {
		r.found = line
		return
	}
	for _, at := range sentence.FindAllStringIndex(text, -1) {
		begins = append(begins, at[1])
	}
	for _, begin := range begins {
		if begin > len(text) || !opens(squash(text[:begin])) {
			continue
		}
		if rest := strings.ReplaceAll(squash(text[begin:]), "’", "'"); notice.MatchString(rest) {
			r.found = rest
			return
		}
	}
}

// sentence is where one ends and the next begins.
var sentence = regexp.MustCompile(`[.!?]\s+`)

// opens reports whether a notice may follow these words: they end a sentence, or
// are one word of warning.
func opens(before string) bool {
	if before == "" || strings.ContainsAny(before[len(before)-1:], ".:!?") {
		return true
	}
	return !strings.Contains(before, " ") && !conditional[strings.ToLower(before)]
}

// conditional are words after which a notice says only what may be.
var conditional = map[string]bool{"if": true, "when": true, "once": true, "after": true, "until": true, "unless": true, "where": true, "before": true, "that": true}

// besideHeading reports whether an element is the page's heading, holds it, or
// stands beside it.
func besideHeading(n *html.Node) bool {
	if n.Data == "h1" {
		return true
	}
	for _, at := range []*html.Node{n, n.Parent} {
		if at == nil {
			return false
		}
		for c := range at.ChildNodes() {
			if c.Data == "h1" && c.Type == html.ElementNode {
				return true
			}
		}
	}
	return false
}

// aside are the elements whose text is not what the page says of its advert.
var aside = []string{"script", "style", "template", "noscript", "nav", "aside", "footer", "a", "button", "option"}

// shown reports whether an element by itself is shown and part of the page's own
// content.
func shown(n *html.Node) bool {
	if slices.Contains(aside, n.Data) {
		return false
	}
	for _, a := range n.Attr {
		if a.Key == "hidden" || (a.Key == "style" && strings.Contains(strings.ReplaceAll(a.Val, " ", ""), "display:none")) {
			return false
		}
	}
	return true
}
