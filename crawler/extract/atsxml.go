package extract

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// scanMarkup reads the items of a document in XML as leniently as such feeds
// need it: elements opened and closed in different cases, entities of HTML, markup
// that was not escaped, elements that are never closed. Every element below an
// item is a field; those that only hold others are looked into.
func scanMarkup(feed io.Reader, yield func(ATSRecord) error, roots ...string) error {
	z := html.NewTokenizer(feed)
	z.SetMaxBuf(maxPiece)
	z.AllowCDATA(true)
	r := recordReader{roots: roots, yield: yield}
	for {
		kind := z.Next()
		// A start tag's name is folded where it stands, so that what stood is kept first.
		raw := z.Raw()
		switch kind {
		case html.ErrorToken:
			switch err := z.Err(); {
			case errors.Is(err, html.ErrBufferExceeded):
				return fmt.Errorf("one piece of it has more than %d bytes", maxPiece)
			case !errors.Is(err, io.EOF):
				return err
			case !r.whole:
				return errors.New("it is of another form, or not whole")
			}
			return nil
		case html.TextToken:
			r.keepRaw(raw)
			r.text(raw)
		case html.StartTagToken, html.SelfClosingTagToken:
			raw := bytes.Clone(raw)
			name, more := z.TagName()
			for n := 0; more; n++ {
				if n == maxAttributes {
					return fmt.Errorf("an element of it has more than %d attributes", maxAttributes)
				}
				_, _, more = z.TagAttr()
			}
			z.NextIsNotRawText() // "title" is an element like others here
			if err := r.start(local(name), raw, kind == html.SelfClosingTagToken); err != nil {
				return err
			}
		case html.EndTagToken:
			raw := bytes.Clone(raw)
			name, _ := z.TagName()
			if err := r.close(local(name), raw); err != nil {
				return err
			}
		default:
			r.keepRaw(raw)
		}
	}
}

// local is an element's name without its prefix; the tokenizer gives it in small
// letters.
func local(name []byte) string {
	_, after, ok := strings.Cut(string(name), ":")
	if ok {
		return after
	}
	return string(name)
}

// holders are the elements below an item that only hold others.
var holders = []string{"content", "vacancy"}

// recordReader follows the tokens of a feed.
type recordReader struct {
	yield  func(ATSRecord) error
	roots  []string
	opened bool
	whole  bool

	inItem bool
	raw    []byte // the item at hand as it stands, up to a record's length
	length int    // of all of it
	values map[string]string
	field  string // the element whose content is gathered
	nested int    // elements of its name inside it
	value  strings.Builder
}

// keepRaw keeps what stands in an item.
func (r *recordReader) keepRaw(raw []byte) {
	if !r.inItem {
		return
	}
	if r.length += len(raw); r.length <= maxRecord {
		r.raw = append(r.raw, raw...)
	}
}

func (r *recordReader) start(name string, raw []byte, empty bool) error {
	if r.opened && name == "item" {
		if err := r.finish(); err != nil {
			return err
		}
		r.inItem, r.raw, r.length, r.values = !empty, nil, 0, map[string]string{}
		r.keepRaw(raw)
		return nil
	}
	r.keepRaw(raw)
	switch {
	case !r.opened:
		if r.opened = true; !slices.Contains(r.roots, name) {
			return fmt.Errorf("it begins with <%s>", cut(name, 40))
		}
	case !r.inItem:
	case r.field != "":
		if name == r.field && !empty {
			r.nested++
		}
		r.gather(raw)
	case empty || slices.Contains(holders, name):
	default:
		r.field, r.nested = name, 0
		r.value.Reset()
	}
	return nil
}

func (r *recordReader) close(name string, raw []byte) error {
	switch {
	case name == "item":
		r.keepRaw(raw)
		return r.finish()
	case slices.Contains(r.roots, name):
		r.whole = true
		return r.finish()
	}
	r.keepRaw(raw)
	switch {
	case r.field == "":
	case name != r.field:
		r.gather(raw)
	case r.nested > 0:
		r.nested--
		r.gather(raw)
	default:
		r.keep()
	}
	return nil
}

func (r *recordReader) text(raw []byte) {
	if r.field == "" {
		return
	}
	if inner, ok := bytes.CutPrefix(raw, []byte("<![CDATA[")); ok {
		r.gather(bytes.TrimSuffix(inner, []byte("]]>")))
		return
	}
	r.gather(entity.ReplaceAllFunc(raw, unescape))
}

// entity is a whole one: in XML, "&copy=2" of an address that was not escaped is
// no sign of copyright.
var entity = regexp.MustCompile(`&#?[a-zA-Z0-9]{1,32};`)

func unescape(entity []byte) []byte { return []byte(html.UnescapeString(string(entity))) }

func (r *recordReader) gather(text []byte) {
	if r.value.Len()+len(text) <= maxBody {
		r.value.Write(text)
	}
}

// keep ends a field; of several of one name the first that says something counts.
func (r *recordReader) keep() {
	if r.values[r.field] == "" {
		r.values[r.field] = strings.TrimSpace(r.value.String())
	}
	r.field = ""
}

// finish ends an item, and a field of it that was not closed.
func (r *recordReader) finish() error {
	if !r.inItem {
		return nil
	}
	if r.field != "" {
		r.keep()
	}
	r.inItem = false
	record := ATSRecord{Raw: r.raw, Type: "text/xml", values: r.values}
	if r.length > maxRecord {
		record.broken = fmt.Errorf("more than %d bytes", maxRecord)
	}
	return r.yield(record)
}
