package jobsite

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// writePage writes a whole HTML page.
func writePage(rw http.ResponseWriter, status int, title, head, body string) {
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.WriteHeader(status)
	_, _ = fmt.Fprintf(rw, `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>%s</title>%s</head><body>%s</body></html>`,
		html.EscapeString(title), head, body)
}

// bodyHTML writes an advert's Markdown as a content manager would.
func bodyHTML(md string) string {
	var b strings.Builder
	inList := false
	endList := func() {
		if inList {
			b.WriteString("</ul>")
			inList = false
		}
	}
	for _, line := range strings.Split(md, "\n") {
		line = strings.TrimSpace(line)
		text := html.EscapeString(line)
		switch {
		case line == "":
			endList()
		case strings.HasPrefix(line, "## "):
			endList()
			b.WriteString("<h3>" + text[3:] + "</h3>")
		case strings.HasPrefix(line, "- "):
			if !inList {
				b.WriteString("<ul>")
				inList = true
			}
			b.WriteString("<li>" + text[2:] + "</li>")
		default:
			endList()
			b.WriteString("<p>" + text + "</p>")
		}
	}
	endList()
	return b.String()
}

// posting is the JobPosting of a listing, without what its site adds.
func (w *World) posting(l listing, base string) map[string]any {
	p := map[string]any{
		"@context": "https://schema.org", "@type": "JobPosting",
		"title": l.Title, "datePosted": w.date(l.from).Format("2006-01-02"),
		"description": bodyHTML(l.Body), "url": base,
		"identifier":         map[string]any{"@type": "PropertyValue", "name": l.Employer, "value": l.ref},
		"hiringOrganization": map[string]any{"@type": "Organization", "name": l.Employer},
		"jobLocation": map[string]any{"@type": "Place", "address": map[string]any{
			"@type": "PostalAddress", "addressLocality": l.Town, "addressRegion": l.Region, "postalCode": l.Postcode, "addressCountry": "GB"}},
	}
	if l.Pay != "" {
		p["baseSalary"] = map[string]any{"@type": "MonetaryAmount", "currency": "GBP",
			"value": map[string]any{"@type": "QuantitativeValue", "value": l.Pay, "unitText": "YEAR"}}
	}
	if t, ok := w.closes(l); ok {
		p["validThrough"] = t.Format("2006-01-02") + "T23:59:00Z"
	}
	return p
}

func ld(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps of strings always marshal
	}
	return `<script type="application/ld+json">` + string(b) + `</script>`
}

func writeJSON(rw http.ResponseWriter, v any) {
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(rw).Encode(v) // the visitor has gone when this fails
}

func writeXML(rw http.ResponseWriter, body string) {
	rw.Header().Set("Content-Type", "application/xml")
	_, _ = fmt.Fprint(rw, `<?xml version="1.0" encoding="UTF-8"?>`+body)
}

// pageOf cuts the page that a request asks for out of a list.
func pageOf(list []listing, r *http.Request, per int) (page []listing, n, pages int) {
	n, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil || n < 1 {
		n = 1
	}
	pages = max(1, (len(list)+per-1)/per)
	from := min((n-1)*per, len(list))
	return list[from:min(from+per, len(list))], n, pages
}

// base is the address under which a site was asked.
func base(r *http.Request) string { return (&url.URL{Scheme: "http", Host: r.Host}).String() }
