package main

import (
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// siteProgram is the name under which this binary serves the site of BenchmarkCrawl:
//
//	sendwatch-site 20000 127.0.0.1:0
//
// It prints its address when it is ready and serves until it is killed. It is a
// process of its own so that every crawler meets the same server.
const siteProgram = "sendwatch-site"

// serveSite is that program.
func serveSite(args []string) int {
	err := func() error {
		if len(args) != 2 {
			return fmt.Errorf("usage: %s PAGES ADDRESS", siteProgram)
		}
		n, err := strconv.Atoi(args[0])
		if err != nil {
			return err
		}
		ln, err := net.Listen("tcp", args[1])
		if err != nil {
			return err
		}
		base := "http://" + ln.Addr().String()
		site := newLinkedSite(base, n)
		fmt.Println(base)
		srv := &http.Server{Handler: site, ReadHeaderTimeout: time.Minute}
		return srv.Serve(ln)
	}()
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// linkedSite is a site of adverts, each page of some 10.6 KB with a JobPosting in
// JSON-LD and links to two others, so that all are reached from the first. Its
// pages are made beforehand, and have validators.
type linkedSite struct {
	pages   [][]byte
	sitemap []byte
}

func newLinkedSite(base string, n int) *linkedSite {
	s := &linkedSite{pages: make([][]byte, n)}
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for i := range n {
		s.pages[i] = linkedPage(i, n)
		fmt.Fprintf(&b, "<url><loc>%s/job/%d</loc></url>", base, i)
	}
	b.WriteString("</urlset>")
	s.sitemap = []byte(b.String())
	return s
}

// linkedTitle is the title of a page, for a crawler to be checked by.
func linkedTitle(i int) string { return fmt.Sprintf("SEN Teaching Assistant %d", i) }

// ServeHTTP answers with robots.txt, the sitemap and the adverts.
func (s *linkedSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/robots.txt":
		_, _ = w.Write([]byte("User-agent: *\nDisallow: /admin/\nDisallow: /*?sort=\nAllow: /job/\n"))
	case "/sitemap.xml":
		w.Header().Set("Content-Type", "application/xml")
		_, _ = w.Write(s.sitemap)
	default:
		i, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/job/"))
		if err != nil || i < 0 || i >= len(s.pages) {
			http.NotFound(w, r)
			return
		}
		etag := `"` + strconv.Itoa(i) + `"`
		h := w.Header()
		h.Set("ETag", etag)
		h.Set("Content-Type", "text/html; charset=utf-8")
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		h.Set("Content-Length", strconv.Itoa(len(s.pages[i])))
		_, _ = w.Write(s.pages[i])
	}
}

// linkedWords are what the adverts' sentences are made of.
var linkedWords = strings.Fields(`We are looking for a calm and patient assistant to support pupils with social
	emotional and mental health needs in our small friendly school You will work with teachers therapists families and each other
	plan activities keep records follow care plans help at lunch times lead a reading group and join training Experience of autism
	speech or behaviour support is welcome not essential good English and maths are needed The post is term time only hours from
	half past eight to four on five days week pay depends on what you bring`)

// linkedText is an advert's text: sentences that differ from page to page.
func linkedText(i, sentences int) []string {
	r := rand.New(rand.NewPCG(7, uint64(i)))
	out := make([]string, sentences)
	for k := range out {
		words := make([]string, 9+r.IntN(8))
		for j := range words {
			words[j] = linkedWords[r.IntN(len(linkedWords))]
		}
		out[k] = strings.Join(words, " ") + "."
	}
	return out
}

// linkedPage writes one page as job boards do: navigation, the advert, links to
// others, the advert once more as data.
func linkedPage(i, n int) []byte {
	text := linkedText(i, 41)
	title := html.EscapeString(linkedTitle(i))
	posting, err := json.Marshal(map[string]any{
		"@context": "https://schema.org", "@type": "JobPosting", "title": linkedTitle(i),
		"description": "<p>" + strings.Join(text, "</p><p>") + "</p>",
		"datePosted":  "2026-11-02", "validThrough": "2099-12-31", "employmentType": "PART_TIME",
		"identifier":         map[string]string{"@type": "PropertyValue", "value": fmt.Sprint("ref-", i)},
		"hiringOrganization": map[string]string{"@type": "Organization", "name": fmt.Sprintf("Oakfield Trust %d", i%200)},
		"jobLocation": map[string]any{"@type": "Place", "address": map[string]string{"@type": "PostalAddress",
			"addressLocality": []string{"Leeds", "Harrogate", "York", "Bath", "Bristol"}[i%5], "addressCountry": "GB"}},
		"baseSalary": map[string]any{"@type": "MonetaryAmount", "currency": "GBP",
			"value": map[string]any{"@type": "QuantitativeValue", "minValue": 22000 + i%5000, "maxValue": 24000 + i%5000, "unitText": "YEAR"}},
	})
	if err != nil {
		panic(err) // maps of texts and numbers always marshal
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>%s</title><link rel="stylesheet" href="/site.css">
<script type="application/ld+json">%s</script></head><body><header><nav><ul>`, title, posting)
	for _, name := range []string{"Home", "Jobs", "Schools", "Advice", "About us", "Contact", "Sign in", "Register"} {
		fmt.Fprintf(&b, `<li class="nav-item"><a class="nav-link" href="/#%s">%[1]s</a></li>`, name)
	}
	fmt.Fprintf(&b, `</ul></nav></header><main><article class="vacancy"><h1 class="vacancy-title">%s</h1><dl class="facts">`, title)
	for k := range 6 {
		fmt.Fprintf(&b, `<dt>Fact %d</dt><dd>%s</dd>`, k, text[k])
	}
	b.WriteString(`</dl><div class="body">`)
	for _, sentence := range text {
		fmt.Fprintf(&b, "<p>%s</p>\n", sentence)
	}
	b.WriteString(`</div></article><aside><h2>More jobs</h2><ul>`)
	for _, k := range []int{2*i + 1, 2*i + 2} {
		if k < n {
			fmt.Fprintf(&b, `<li><a href="/job/%d">%s</a></li>`, k, html.EscapeString(linkedTitle(k)))
		}
	}
	b.WriteString(`</ul></aside></main><footer><p>Adverts are published as we receive them from schools.</p></footer></body></html>`)
	return []byte(b.String())
}
