package extract

import (
	"strings"

	"golang.org/x/net/html"

	"github.com/sendwatch/sendwatch"
)

// Documents are the documents that a record names as its own, as Ventrus's do, each
// once, at most as many as asked for.
func (r *ATSRecord) Documents(most int) []Attachment {
	z := html.NewTokenizer(strings.NewReader(r.values["documents"]))
	z.AllowCDATA(true)
	var out []Attachment
	values, field := map[string]string{}, ""
	keep := func() {
		link := &ATSRecord{values: values}
		a := Attachment{URL: link.address("url"), Title: plain(values["name"], maxLine)}
		if ext := strings.ToLower(strings.Trim(plain(values["extension"], maxLine), ". ")); a.Title != "" && ext != "" && !strings.HasSuffix(strings.ToLower(a.Title), "."+ext) {
			a.Title += "." + ext
		}
		known := func() bool {
			for _, o := range out {
				if o.URL == a.URL {
					return true
				}
			}
			return false
		}
		if a.URL != "" && len(out) < most && !known() {
			if a.Title == "" {
				a.Title = a.URL[strings.LastIndex(a.URL, "/")+1:]
			}
			out = append(out, a)
		}
		values = map[string]string{}
	}
	for {
		switch z.Next() {
		case html.ErrorToken:
			keep()
			return out
		case html.StartTagToken:
			name, _ := z.TagName()
			z.NextIsNotRawText()
			if field = local(name); field == "document" {
				keep()
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); local(name) == "document" {
				keep()
			}
			field = ""
		case html.TextToken:
			if text := string(z.Text()); field != "" && len(values[field]) <= maxAddress {
				inner, _ := strings.CutPrefix(text, "[CDATA[")
				values[field] += strings.TrimSuffix(inner, "]]")
			}
		}
	}
}

// Linked are the documents that the text of an advert links to, as those of a page.
func Linked(p *sendwatch.Posting, most int) []Attachment {
	page, err := ParsePage(p.URL, []byte(p.BodyHTML))
	if err != nil {
		return nil
	}
	return page.Attachments(p.Title, most)
}
