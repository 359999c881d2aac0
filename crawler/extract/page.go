package extract

import (
	"bytes"
	"fmt"
	"net/url"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// Page is one fetched page of HTML. Its outline tells most of what is asked of most
// pages; its elements are made out of the text when somebody asks for them, which
// takes several times as long.
type Page struct {
	address string
	base    *url.URL
	html    []byte
	outline outline
	// doc is nil until it is asked for, and err says why it could not be had whole.
	doc *goquery.Document
	err error
}

// ParsePage reads UTF-8 HTML that was fetched from an address. It keeps the text.
func ParsePage(address string, text []byte) (*Page, error) {
	base, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("page address: %w", err)
	}
	p := &Page{address: address, base: base, html: text}
	var sure bool
	if p.outline, sure = outlineOf(text); !sure {
		doc, err := p.Document()
		if err != nil {
			return nil, err
		}
		p.outline = outlineOfElements(doc)
	}
	return p, nil
}

// Document is the page as a tree of elements, the same one each time. A page that
// cannot be had whole, nested as deeply as none is, is an error, and empty.
func (p *Page) Document() (*goquery.Document, error) {
	if p.doc == nil {
		doc, err := goquery.NewDocumentFromReader(bytes.NewReader(p.html))
		if err != nil {
			doc, p.err = goquery.NewDocumentFromNode(&html.Node{Type: html.DocumentNode}), fmt.Errorf("parse page: %w", err)
		}
		p.doc = doc
	}
	return p.doc, p.err
}

// elements is Document for what finds nothing on an empty page.
func (p *Page) elements() *goquery.Document {
	doc, _ := p.Document() // p.err keeps it
	return doc
}

// Links are the addresses that the page's anchors lead to, as written.
func (p *Page) Links() []string {
	var links []string
	p.elements().Find("a[href]").EachWithBreak(func(_ int, s *goquery.Selection) bool {
		if link := address(s.AttrOr("href", "")); link != "" {
			links = append(links, link)
		}
		return len(links) < maxLinks
	})
	return links
}

// maxLinks is how many links of a page are looked at.
const maxLinks = 5_000

// Has reports whether a selector finds anything on the page.
func (p *Page) Has(selector string) bool {
	compiled, err := Selector(selector)
	return err == nil && p.elements().FindMatcher(compiled).Length() > 0
}
