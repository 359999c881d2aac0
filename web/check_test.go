package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// checkHeaders holds every answer to the site's headers, and those behind signed
// links to more.
func checkHeaders(t *testing.T, r *http.Request, h http.Header) {
	t.Helper()
	want := map[string]string{
		"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
		"X-Content-Type-Options":  "nosniff",
		"X-Frame-Options":         "DENY",
		"Referrer-Policy":         "same-origin",
	}
	if r.URL.Path == "/candidate" || slices.ContainsFunc([]string{"/alerts/", "/reports/", "/sign-in/", "/sign-out", "/operator"}, func(p string) bool { return strings.HasPrefix(r.URL.Path, p) }) {
		want["Cache-Control"], want["X-Robots-Tag"] = "no-store", "noindex, nofollow"
		if strings.HasPrefix(r.URL.Path, "/sign-in/") || strings.HasPrefix(r.URL.Path, "/alerts/") && r.URL.Path != "/alerts/new" {
			want["Referrer-Policy"] = "no-referrer"
		}
	}
	for name, value := range want {
		if got := h.Get(name); got != value {
			t.Errorf("%s %s: %s is %q, want %q", r.Method, r.URL.Path, name, got, value)
		}
	}
}

// checkPage holds every page to what makes it safe and usable: no scripts, no
// styles of its own, links that lead somewhere honest, one heading at the top and
// none skipped, a label for every field.
func checkPage(t *testing.T, path string, doc *goquery.Document) {
	t.Helper()
	if n := doc.Find("script, style, iframe, object, embed, [style], base").Length(); n > 0 {
		t.Errorf("%s: %d elements that the policy forbids", path, n)
	}
	ids := map[string]bool{}
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, a := range s.Nodes[0].Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"):
				t.Errorf("%s: an attribute %s", path, a.Key)
			case a.Key == "href" || a.Key == "action" || a.Key == "src":
				u, err := url.Parse(a.Val)
				if err != nil || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" || strings.Contains(a.Val, "ZgotmplZ") {
					t.Errorf("%s: the address %q", path, a.Val)
				}
			case a.Key == "id" && ids[a.Val]:
				t.Errorf("%s: the id %q stands twice", path, a.Val)
			case a.Key == "id":
				ids[a.Val] = true
			}
		}
	})
	doc.Find("[aria-describedby]").Each(func(_ int, s *goquery.Selection) {
		for id := range strings.FieldsSeq(s.AttrOr("aria-describedby", "")) {
			if !ids[id] {
				t.Errorf("%s: described by %q, which is not there", path, id)
			}
		}
	})
	doc.Find(`a[href^="#"]`).Each(func(_ int, s *goquery.Selection) {
		if id := s.AttrOr("href", "")[1:]; !ids[id] {
			t.Errorf("%s: a link to #%s, which is not there", path, id)
		}
	})
	level := 0
	doc.Find("h1, h2, h3, h4, h5, h6").Each(func(_ int, s *goquery.Selection) {
		this := int(goquery.NodeName(s)[1] - '0')
		if this > level+1 || level == 0 && this != 1 {
			t.Errorf("%s: the heading %q of level %d follows level %d", path, s.Text(), this, level)
		}
		if strings.TrimSpace(s.Text()) == "" {
			t.Errorf("%s: an empty heading", path)
		}
		level = this
	})
	if n := doc.Find("h1").Length(); n != 1 {
		t.Errorf("%s: %d headings of level 1", path, n)
	}
	doc.Find("input:not([type=hidden]), select, textarea").Each(func(_ int, s *goquery.Selection) {
		label := s.ParentsFiltered("label").Text()
		if id, ok := s.Attr("id"); ok {
			label += doc.Find(`label[for="` + id + `"]`).Text()
		}
		if strings.TrimSpace(label) == "" {
			t.Errorf("%s: the field %q has no label", path, s.AttrOr("name", ""))
		}
	})
	doc.Find("a, button").Each(func(_ int, s *goquery.Selection) {
		if strings.TrimSpace(s.Text()) == "" {
			t.Errorf("%s: a link or button without words, to %q", path, s.AttrOr("href", ""))
		}
	})
	for _, landmark := range []string{"html[lang]", "main#main", "header nav[aria-label]", "footer", `a.skip[href="#main"]`, "title"} {
		if doc.Find(landmark).Length() != 1 {
			t.Errorf("%s: %d of %s, want 1", path, doc.Find(landmark).Length(), landmark)
		}
	}
}
