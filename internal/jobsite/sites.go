package jobsite

import (
	"fmt"
	"html"
	"net/http"
	"strings"
	"time"
)

// national speaks the API of the national vacancy service: a hundred records a
// page (ten here, so that there are several pages), each a whole JobPosting.
func (w *World) national(mux *http.ServeMux) {
	robots(mux, "SITEMAP: /sitemap.xml\nUser-agent: *\nAllow: /\nDisallow: /private/\n")
	record := func(l listing, base string) map[string]any {
		p := w.posting(l, base+"/jobs/"+l.ref)
		p["hiringOrganization"] = map[string]any{"@type": "Organization", "name": l.Employer, "identifier": l.URN}
		p["directApply"] = false
		p["industry"] = "Education"
		delete(p, "identifier")
		return p
	}
	mux.HandleFunc("GET /api/v1/jobs.json", func(rw http.ResponseWriter, r *http.Request) {
		all := w.listed(National)
		page, n, pages := pageOf(all, r, 10)
		data := []any{}
		for _, l := range page {
			data = append(data, record(l, base(r)))
		}
		at := func(n int) any {
			if n < 1 || n > pages {
				return nil
			}
			return fmt.Sprintf("%s/api/v1/jobs.json?page=%d", base(r), n)
		}
		writeJSON(rw, map[string]any{
			"data":  data,
			"links": map[string]any{"self": at(n), "first": at(1), "last": at(pages), "prev": at(n - 1), "next": at(n + 1)},
			"meta":  map[string]any{"totalPages": pages, "count": len(all)},
		})
	})
	mux.HandleFunc("GET /api/v1/jobs/{file}", func(rw http.ResponseWriter, r *http.Request) {
		l, ok := w.find(National, strings.TrimSuffix(r.PathValue("file"), ".json"))
		if !ok {
			http.NotFound(rw, r)
			return
		}
		writeJSON(rw, record(l, base(r)))
	})
	mux.HandleFunc("GET /sitemap.xml", func(rw http.ResponseWriter, r *http.Request) { w.sitemap(rw, National, base(r)+"/jobs/") })
	w.pages(mux, "GET /jobs/{ref}", National, http.StatusNotFound, "Page not found", func(rw http.ResponseWriter, r *http.Request, l listing) {
		writePage(rw, http.StatusOK, l.Title, "", "<h1>"+html.EscapeString(l.Title)+"</h1>"+bodyHTML(l.Body)+ld(record(l, base(r))))
	})
}

// agency publishes JSON-LD behind a sitemap, with a list and a feed beside it.
func (w *World) agency(mux *http.ServeMux) {
	robots(mux, "User-agent: *\nDisallow: /private/\nSitemap: /sitemap.xml\n")
	mux.HandleFunc("GET /sitemap.xml", func(rw http.ResponseWriter, r *http.Request) { w.sitemap(rw, Agency, base(r)+"/job/") })
	mux.HandleFunc("GET /feed.rss", func(rw http.ResponseWriter, r *http.Request) {
		var items strings.Builder
		for _, l := range w.listed(Agency) {
			fmt.Fprintf(&items, "<item><title>%s</title><link>%s/job/%s</link><guid isPermaLink=\"false\">%s</guid><pubDate>%s</pubDate></item>",
				html.EscapeString(l.Title), base(r), l.ref, l.ref, w.date(l.from).Format(time.RFC1123Z))
		}
		writeXML(rw, `<rss version="2.0"><channel><title>Vacancies</title>`+items.String()+"</channel></rss>")
	})
	mux.HandleFunc("GET /jobs", func(rw http.ResponseWriter, r *http.Request) {
		w.list(rw, r, Agency, "/jobs", 20, func(l listing) string {
			return fmt.Sprintf(`<li class="job"><a href="/job/%s">%s</a> <a href="/private/apply?ref=%s" class="apply">Apply</a></li>`, l.ref, html.EscapeString(l.Title), l.ref)
		})
	})
	w.pages(mux, "GET /job/{ref}", Agency, http.StatusGone, "This vacancy has closed", func(rw http.ResponseWriter, r *http.Request, l listing) {
		p := w.posting(l, base(r)+"/job/"+l.ref)
		p["employmentType"] = "TEMPORARY"
		writePage(rw, http.StatusOK, l.Title, ld(map[string]any{"@context": "https://schema.org", "@graph": []any{p}}),
			"<main><h1>"+html.EscapeString(l.Title)+`</h1><div class="description">`+bodyHTML(l.Body)+"</div></main>")
	})
}

// council has no structured data: a list of several pages and a table of facts.
func (w *World) council(mux *http.ServeMux) {
	robots(mux, "User-agent: *\nDisallow: /private/\nCrawl-delay: 0\n")
	mux.HandleFunc("GET /vacancies", func(rw http.ResponseWriter, r *http.Request) {
		w.list(rw, r, Council, "/vacancies", 8, func(l listing) string {
			return fmt.Sprintf(`<li class="vacancy-card"><h3><a class="title" href="/vacancy/%s">%s</a></h3><p>%s</p></li>`, l.ref, html.EscapeString(l.Title), html.EscapeString(l.Employer))
		})
	})
	w.pages(mux, "GET /vacancy/{ref}", Council, http.StatusNotFound, "Not found", func(rw http.ResponseWriter, _ *http.Request, l listing) {
		closes := ""
		if t, ok := w.closes(l); ok {
			closes = t.Format("02/01/2006")
		}
		var rows strings.Builder
		for _, f := range [][2]string{
			{"Advertiser", l.Employer}, {"Location", join(l.Town, l.Region, l.Postcode)}, {"Salary", l.Pay}, {"Hours", l.Hours},
			{"Contract", l.Contract}, {"Posted", w.date(l.from).Format("02/01/2006")}, {"Closing date", closes},
		} {
			if f[1] != "" {
				fmt.Fprintf(&rows, "<tr><th>%s</th><td>%s</td></tr>", f[0], html.EscapeString(f[1]))
			}
		}
		writePage(rw, http.StatusOK, l.Title, "", `<article><h1 class="vacancy-title">`+html.EscapeString(l.Title)+`</h1><table class="facts">`+
			rows.String()+`</table><div class="body">`+bodyHTML(l.Body)+"</div></article>")
	})
}

// school is a small site: one page that links its vacancies, prose behind them.
func (w *World) school(mux *http.ServeMux) {
	robots(mux, "User-agent: *\nDisallow: /private/\n")
	mux.HandleFunc("GET /join-us", func(rw http.ResponseWriter, r *http.Request) {
		var items strings.Builder
		for _, l := range w.listed(School) {
			fmt.Fprintf(&items, `<p><a class="post" href="/join-us/%s">%s</a></p>`, l.ref, html.EscapeString(l.Title))
		}
		writePage(rw, http.StatusOK, "Join us", "", "<h1>Join our team</h1>"+items.String())
	})
	w.pages(mux, "GET /join-us/{ref}", School, http.StatusNotFound, "This page has moved", func(rw http.ResponseWriter, _ *http.Request, l listing) {
		facts := ""
		for _, f := range [][2]string{{"Salary", l.Pay}, {"Hours", l.Hours}, {"Contract", l.Contract}} {
			if f[1] != "" {
				facts += "<dt>" + f[0] + "</dt><dd>" + html.EscapeString(f[1]) + "</dd>"
			}
		}
		if t, ok := w.closes(l); ok {
			facts += "<dt>Closing date</dt><dd>" + t.Format("2 January 2006") + "</dd>"
		}
		writePage(rw, http.StatusOK, l.Title, "", `<h1>`+html.EscapeString(l.Title)+`</h1><address class="school">`+html.EscapeString(l.Employer)+
			`</address><p class="where">`+html.EscapeString(join(l.Town, l.Postcode))+`</p><dl class="facts">`+facts+`</dl><div class="content">`+bodyHTML(l.Body)+"</div>"+papers(l))
	})
	mux.HandleFunc("GET /papers/{file}", func(rw http.ResponseWriter, r *http.Request) {
		b, err := paperFiles.ReadFile("papers/" + r.PathValue("file"))
		if err != nil {
			writePage(rw, http.StatusNotFound, "Not found", "", "<h1>This page has moved</h1>")
			return
		}
		media := "application/pdf"
		if strings.HasSuffix(r.URL.Path, ".docx") {
			media = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
		}
		rw.Header().Set("Content-Type", media)
		_, _ = rw.Write(b) // the visitor has gone when this fails
	})
}

// papers are the links to a listing's documents.
func papers(l listing) string {
	var b strings.Builder
	for _, p := range l.Papers {
		fmt.Fprintf(&b, `<p><a href="/papers/%s">%s</a></p>`, p.File, html.EscapeString(p.Title))
	}
	return b.String()
}

// pages serves each live advert of a site at pattern, which names its {ref}. An
// address without one answers with status and a heading.
func (w *World) pages(mux *http.ServeMux, pattern, site string, status int, heading string, write func(http.ResponseWriter, *http.Request, listing)) {
	mux.HandleFunc(pattern, func(rw http.ResponseWriter, r *http.Request) {
		l, ok := w.find(site, r.PathValue("ref"))
		if !ok {
			writePage(rw, status, http.StatusText(status), "", "<h1>"+heading+"</h1>")
			return
		}
		write(rw, r, l)
	})
}

// list writes a list page with a link to the next one.
func (w *World) list(rw http.ResponseWriter, r *http.Request, site, path string, per int, item func(listing) string) {
	all := w.listed(site)
	page, n, pages := pageOf(all, r, per)
	var items strings.Builder
	for _, l := range page {
		items.WriteString(item(l))
	}
	next := ""
	if n < pages {
		next = fmt.Sprintf(`<a class="next" rel="next" href="%s?page=%d">Next</a>`, path, n+1)
	}
	writePage(rw, http.StatusOK, "Vacancies", "", fmt.Sprintf(`<h1>%d vacancies</h1><ul class="results">%s</ul><nav>%s</nav>`, len(all), items.String(), next))
}

func (w *World) sitemap(rw http.ResponseWriter, site, prefix string) {
	var urls strings.Builder
	for _, l := range w.listed(site) {
		fmt.Fprintf(&urls, "<url><loc>%s%s</loc><lastmod>%s</lastmod></url>", prefix, l.ref, w.date(max(l.from, l.amended)).Format("2006-01-02"))
	}
	writeXML(rw, `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`+urls.String()+"</urlset>")
}

func join(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, ", ")
}
