package extract

import (
	"bytes"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/PuerkitoBio/goquery"
)

// Attachment is a link from an advert's page to a document of that advert.
type Attachment struct {
	URL string
	// Title is the link's words, or where they say nothing the file's name.
	Title string
}

// Words, folded, by which the papers of a post are linked, and by which others are.
var (
	paper    = regexp.MustCompile(`\b(?:job|role|post) (?:description|profile|spec(?:ification)?|details|pack|advert(?:isement)?|information)s?\b|\bpersonn?(?:el)? spec(?:ification)?s?\b|\b(?:jd|jd ps|jdps)\b|\b(?:application|applicants?|candidates?|recruitment|information|vacancy) (?:information )?(?:pack|booklet|brochure|details|information|brief|guide)\b|\b(?:further|full|more) (?:details|particulars|information)\b|\bparticulars\b`)
	notPaper = regexp.MustCompile(`\bapplication form\b|\bform\b|\bpolic(?:y|ies)\b|\bprivacy\b|\bprospectus\b|\bnewsletter\b|\bmonitoring\b|\bstatement\b|\bterm dates\b|\bmenu\b|\bofsted\b|\breport\b|\bnotice\b|\bhandbook\b|\breferences?\b|\bkcsie\b|\bkeeping children safe\b|\bterms and conditions\b|\bgdpr\b`)
)

// Attachments are the documents of the post that a page links to, each once, at
// most as many as asked for. A link to a PDF or Word file counts when its words
// or the file's name speak of a job description, a person specification or a
// pack, or name the post; a link without an extension only when its words do.
func (p *Page) Attachments(title string, most int) []Attachment {
	if !p.outline.papers && !download.MatchString(p.base.RequestURI()) {
		return nil
	}
	var out []Attachment
	seen := map[string]bool{}
	p.elements().Find("a[href]").EachWithBreak(func(i int, s *goquery.Selection) bool {
		link, err := p.base.Parse(strings.TrimSpace(s.AttrOr("href", "")))
		if err != nil || link.Scheme != "http" && link.Scheme != "https" || len(link.String()) > maxAddress {
			return i < maxLinks
		}
		if !mayAttach(link) {
			return i < maxLinks
		}
		link.Fragment, link.RawFragment = "", ""
		a := Attachment{URL: link.String(), Title: cut(squash(s.Text()), maxLine)}
		if a.Title == "" {
			a.Title = cut(squash(s.AttrOr("title", s.AttrOr("aria-label", ""))), maxLine)
		}
		if seen[a.URL] || !attached(link, a.Title, title) || s.Closest("nav, header, footer, aside").Length() > 0 {
			return i < maxLinks
		}
		seen[a.URL] = true
		if words(a.Title) == "" {
			a.Title = path.Base(link.Path)
		}
		out = append(out, a)
		return len(out) < most && i < maxLinks
	})
	return out
}

// mayAttach reports whether an address may be a paper's, whatever its link says.
func mayAttach(link *url.URL) bool {
	switch strings.ToLower(path.Ext(path.Base(link.Path))) {
	case ".pdf", ".docx":
		return true
	case "", ".aspx", ".ashx", ".php":
		return download.MatchString(link.RequestURI())
	}
	return false
}

// paperParts are what the addresses of papers, as written, have one of in small
// letters. Where an octet is escaped it may be any.
var paperParts = [][]byte{
	[]byte(".pdf"), []byte(".docx"), []byte("download"), []byte("attachment"), []byte("document"), []byte("/file"), []byte("/media"), []byte("/asset"),
	[]byte("getfile"), []byte("filestream"), []byte("%"),
}

// mayLeadToPaper is mayAttach for an address as written on a page whose own address
// adds nothing to it.
func mayLeadToPaper(href []byte) bool {
	href = bytes.ToLower(href)
	return slices.ContainsFunc(paperParts, func(part []byte) bool { return bytes.Contains(href, part) })
}

// attached reports whether a link, which may be a paper's, leads to one of the post.
func attached(link *url.URL, text, title string) bool {
	name := path.Base(link.Path)
	text = words(text)
	file := words(strings.TrimSuffix(name, path.Ext(name)))
	if notPaper.MatchString(text) && !paper.MatchString(text) || text == "" && notPaper.MatchString(file) {
		return false
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".pdf", ".docx":
		return paper.MatchString(text) || paper.MatchString(file) || names(text+" "+file, title)
	}
	// A download by number. Words such as "more information" lead to pages.
	return papers.MatchString(text)
}

// papers are the words of paper that pages do not go by, and download what
// addresses of files hold.
var (
	papers   = regexp.MustCompile(`\b(?:job|role|post) (?:description|profile|spec(?:ification)?|pack)s?\b|\bpersonn?(?:el)? spec(?:ification)?s?\b|\b(?:application|applicants?|candidates?|recruitment|information) (?:information )?(?:pack|booklet|brochure)\b`)
	download = regexp.MustCompile(`(?i)download|attachment|document|/files?\b|/media\b|/asset|getfile|filestream`)
)

// names reports whether words hold those of a post's title, small words aside.
func names(text, title string) bool {
	found, wanted := 0, 0
	has := map[string]bool{}
	for w := range strings.FieldsSeq(text) {
		has[w] = true
	}
	for w := range strings.FieldsSeq(words(title)) {
		if len(w) <= 3 {
			continue
		}
		wanted++
		if has[w] {
			found++
		}
	}
	return found >= 2 && found*3 >= wanted*2
}

// words are the words of a text in small letters, one space between them.
func words(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}
