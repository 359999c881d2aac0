package extract

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// outline is what a page's tokens tell before they are made into elements: the
// scripts of its JSON-LD, and whether its words and links may be of a kind that
// somebody looks for among its elements. It may say that in vain, but misses none.
type outline struct {
	jsonLD []string
	// notice says that a notice may be among the words, and papers that a link may
	// lead to a document, going by what is written in it.
	notice, papers bool
}

// outliner goes through a page's tokens once.
type outliner struct {
	outline
	*html.Tokenizer
	// next is of which kind a text is that comes next.
	next textKind
	// said is the page's text, folded.
	said []byte
	// name is where tag writes.
	name []byte
	// foreign is the SVG or MathML element that is open, and nested how many of its name
	// are. What is text elsewhere may be markup in there, and the other way round; unsure
	// says that it matters.
	foreign string
	nested  int
	unsure  bool
}

// textKind tells texts by the element they are in.
type textKind int

const (
	ordinary textKind = iota
	// literal is text that holds no markup, whatever stands in it, as a title's.
	literal
	// unread is a script's or a style's, and data that of a script of JSON-LD.
	unread
	data
)

// outlineOf is a page's outline. It is not sure where only the tree of elements shows
// what is text and what is markup.
func outlineOf(page []byte) (o outline, sure bool) {
	r := outliner{Tokenizer: html.NewTokenizer(bytes.NewReader(page)), said: make([]byte, 0, len(page)/2)}
	for !r.unsure {
		switch r.Next() {
		case html.ErrorToken:
			r.notice = mayNotice(r.said)
			return r.outline, true
		case html.TextToken:
			r.text()
		case html.StartTagToken:
			r.startTag()
		case html.SelfClosingTagToken:
			if tag := r.startTag(); isForeign(tag) {
				r.leave(tag)
			}
		case html.EndTagToken:
			r.next = ordinary
			if tag := r.tag(); r.foreign != "" && isForeign(tag) {
				r.leave(tag)
			}
		case html.CommentToken:
			r.unsure = r.foreign != "" && bytes.HasPrefix(r.Raw(), []byte("<![CDATA["))
		}
	}
	return outline{}, false
}

// outlineOfElements is the outline of a page that had to be made into elements.
func outlineOfElements(doc *goquery.Document) outline {
	o := outline{notice: true, papers: true}
	doc.Find("script").Each(func(_ int, s *goquery.Selection) {
		if isJSONLD([]byte(s.AttrOr("type", ""))) {
			o.jsonLD = append(o.jsonLD, s.Text())
		}
	})
	return o
}

func (r *outliner) text() {
	if r.next != ordinary && r.foreign != "" {
		r.unsure = bytes.ContainsRune(r.Raw(), '<')
	}
	switch r.next {
	case unread:
	case data:
		r.jsonLD = append(r.jsonLD, string(r.Text()))
	default:
		said := r.Raw()
		if bytes.IndexByte(said, '&') >= 0 {
			said = r.Text()
		}
		r.said = fold(r.said, said)
	}
	r.next = ordinary
}

// startTag reads what matters of a tag, and returns its name.
func (r *outliner) startTag() []byte {
	tag := r.tag()
	r.next = ordinary
	switch string(tag) {
	case "script":
		r.next = unread
		if kind, ok := r.attribute("type"); ok && isJSONLD(kind) {
			r.next = data
		}
		r.unsure = r.foreign != ""
	case "style":
		r.next = unread
	case "title", "textarea", "iframe", "noembed", "noframes", "noscript", "xmp", "plaintext":
		r.next = literal
	case "svg", "math":
		r.enter(tag)
	case "foreignobject", "desc", "annotation-xml", "mi", "mo", "mn", "ms", "mtext":
		r.unsure = r.foreign != ""
	case "a":
		if r.papers {
			break
		}
		if href, ok := r.attribute("href"); ok {
			r.papers = mayLeadToPaper(href)
		}
	}
	return tag
}

// tag is a tag's name in small letters, until the next is asked for. The tokenizer's
// own is a new slice for every tag.
func (r *outliner) tag() []byte {
	r.name = r.name[:0]
	for _, b := range bytes.TrimPrefix(r.Raw()[1:], []byte("/")) {
		switch {
		case 'A' <= b && b <= 'Z':
			b += 'a' - 'A'
		case b <= ' ' || b == '/' || b == '>':
			return r.name
		}
		r.name = append(r.name, b)
	}
	return r.name
}

// attribute returns a tag's attribute: of one that is written twice, the first.
func (r *outliner) attribute(name string) (value []byte, ok bool) {
	for _, more := r.TagName(); more; {
		var key []byte
		if key, value, more = r.TagAttr(); string(key) == name {
			return value, true
		}
	}
	return nil, false
}

func isForeign(tag []byte) bool { return string(tag) == "svg" || string(tag) == "math" }

// enter notes that a foreign element begins, and leave that one ends.
func (r *outliner) enter(tag []byte) {
	r.unsure = r.foreign != "" && r.foreign != string(tag)
	r.foreign = string(tag)
	r.nested++
}

func (r *outliner) leave(tag []byte) {
	r.unsure = r.unsure || r.foreign != string(tag)
	if r.nested--; r.nested == 0 {
		r.foreign = ""
	}
}

// isJSONLD understands a script's type, parameters and all.
func isJSONLD(kind []byte) bool {
	kind, _, _ = bytes.Cut(kind, []byte(";"))
	return strings.EqualFold(string(bytes.TrimSpace(kind)), "application/ld+json")
}

// fold appends a text in small letters with one space for all that stand together,
// as far as words of English need it.
func fold(to, text []byte) []byte {
	to = slices.Grow(to, len(text)) // a folded text is no longer than the text
	for i := 0; i < len(text); {
		b, size := text[i], 1
		if b < utf8.RuneSelf {
			b = small[b]
		} else {
			var r rune
			if r, size = utf8.DecodeRune(text[i:]); unicode.IsSpace(r) {
				b = ' '
			} else {
				to = append(to, text[i:i+size-1]...)
				b = text[i+size-1]
			}
		}
		if b != ' ' || len(to) == 0 || to[len(to)-1] != ' ' {
			to = append(to, b)
		}
		i += size
	}
	return to
}

// small are the bytes of ASCII as they are folded.
var small = func() (t [utf8.RuneSelf]byte) {
	for b := range t {
		switch c := byte(b); {
		case 'A' <= c && c <= 'Z':
			t[b] = c + 'a' - 'A'
		case '\t' <= c && c <= '\r':
			t[b] = ' '
		default:
			t[b] = c
		}
	}
	return t
}()
