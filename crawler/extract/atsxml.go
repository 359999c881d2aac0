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

// markupRecords reads the items of a document in XML as leniently as such feeds
// need it: elements opened and closed in different cases, entities of HTML, markup
// that was not escaped, elements that are never closed. Every element below an
// item is a field; those that only hold others are looked into.
func markupRecords(body []byte, roots ...string) ([]ATSRecord, error) {
	z := html.NewTokenizer(bytes.NewReader(body))
	z.AllowCDATA(true)
	r := recordReader{body: body, roots: roots}
	for {
		kind := z.Next()
		r.end += len(z.Raw())
		switch kind {
		case html.ErrorToken:
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return nil, err
			}
			if !r.whole {
				return nil, errors.New("it is of another form, or not whole")
			}
			return r.records, nil
		case html.TextToken:
			r.text(z.Raw())
		case html.StartTagToken, html.SelfClosingTagToken:
			raw := z.Raw()
			name, _ := z.TagName()
			z.NextIsNotRawText() // "title" is an element like others here
			if err := r.start(local(name), raw, kind == html.SelfClosingTagToken); err != nil {
				return nil, err
			}
		case html.EndTagToken:
			raw := z.Raw()
			name, _ := z.TagName()
			r.close(local(name), raw)
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
	body    []byte
	roots   []string
	end     int // of the token at hand
	opened  bool
	whole   bool
	records []ATSRecord

	inItem bool
	begin  int // of the item at hand
	values map[string]string
	field  string // the element whose content is gathered
	nested int    // elements of its name inside it
	value  strings.Builder
}

func (r *recordReader) start(name string, raw []byte, empty bool) error {
	switch {
	case !r.opened:
		if r.opened = true; !slices.Contains(r.roots, name) {
			return fmt.Errorf("it begins with <%s>", cut(name, 40))
		}
	case name == "item":
		if r.finish(r.end - len(raw)); len(r.records) >= maxFeed {
			return fmt.Errorf("more than %d records", maxFeed)
		}
		r.inItem, r.begin, r.values = !empty, r.end-len(raw), map[string]string{}
	case !r.inItem:
	case r.field != "":
		if name == r.field && !empty {
			r.nested++
		}
		r.gather(string(raw))
	case empty || slices.Contains(holders, name):
	default:
		r.field, r.nested = name, 0
		r.value.Reset()
	}
	return nil
}

func (r *recordReader) close(name string, raw []byte) {
	switch {
	case name == "item":
		r.finish(r.end)
	case slices.Contains(r.roots, name):
		r.finish(r.end - len(raw))
		r.whole = true
	case r.field == "":
	case name != r.field:
		r.gather(string(raw))
	case r.nested > 0:
		r.nested--
		r.gather(string(raw))
	default:
		r.keep()
	}
}

func (r *recordReader) text(raw []byte) {
	if r.field == "" {
		return
	}
	if inner, ok := bytes.CutPrefix(raw, []byte("<![CDATA[")); ok {
		r.gather(string(bytes.TrimSuffix(inner, []byte("]]>"))))
		return
	}
	r.gather(entity.ReplaceAllStringFunc(string(raw), html.UnescapeString))
}

// entity is a whole one: in XML, "&copy=2" of an address that was not escaped is
// no sign of copyright.
var entity = regexp.MustCompile(`&#?[a-zA-Z0-9]{1,32};`)

func (r *recordReader) gather(s string) {
	if r.value.Len()+len(s) <= maxBody {
		r.value.WriteString(s)
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
func (r *recordReader) finish(end int) {
	if !r.inItem {
		return
	}
	if r.field != "" {
		r.keep()
	}
	r.records = append(r.records, ATSRecord{Raw: r.body[r.begin:end], Type: "text/xml", values: r.values})
	r.inItem = false
}
