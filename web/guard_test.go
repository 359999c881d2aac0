package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch"
)

// from sends a form with the headers of some browser on some page.
func (b *bench) from(target, body string, headers map[string]string) answer {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), http.MethodPost, site+target, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for k, v := range headers {
		r.Header.Set(k, v)
	}
	return b.do(r)
}

func TestCrossSite(t *testing.T) {
	elsewhere := map[string]map[string]string{
		"a browser of today":        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
		"a neighbour":               {"Sec-Fetch-Site": "same-site", "Origin": "https://other.sendwatch.example"},
		"a browser of old":          {"Origin": "https://evil.example"},
		"a sandbox":                 {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
		"the same host, plain HTTP": {"Sec-Fetch-Site": "cross-site", "Origin": "http://sendwatch.example"},
	}
	for name, headers := range elsewhere {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			sub := b.person(somebody, true)
			manage := path(b.links.Manage(sub.Person))
			for _, target := range []string{"/alerts/new", manage, path(b.links.Confirm(sub.Person)), path(b.links.Pause(sub.ID))} {
				b.from(target, asking("do", "end", "subscription", sub.ID, "sure", "yes").Encode(), headers).is(http.StatusForbidden).says("sent from another site")
			}
			b.from("/api/v1/vacancies", "", headers).is(http.StatusForbidden)
			if got := b.subscriptions(sub.Person); len(got) != 1 || got[0].State != sendwatch.Active {
				t.Errorf("refused posts did %+v", got)
			}
			// RFC 8058, section 3.1: no cookies, no context, this body.
			b.from(path(b.links.Unsubscribe(sub.Person)), "List-Unsubscribe=One-Click", headers).is(http.StatusOK)
			if got := b.subscriptions(sub.Person)[0].State; got != sendwatch.Ended {
				t.Errorf("one click left the alert %s", got)
			}
		})
	}
}

func TestOneClickMultipart(t *testing.T) {
	b := newBench(t)
	sub := b.person(somebody, true)
	body := "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n"
	b.from(path(b.links.Unsubscribe(sub.Person)), body, map[string]string{"Content-Type": "multipart/form-data; boundary=x"}).is(http.StatusOK)
	if got := b.subscriptions(sub.Person)[0].State; got != sendwatch.Ended {
		t.Errorf("one click left the alert %s", got)
	}
}

// TestOwnForms: the site's own forms pass whatever the browser says of itself.
func TestOwnForms(t *testing.T) {
	for name, headers := range map[string]map[string]string{
		"a browser of today":                 {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
		"a browser of old":                   {"Origin": site},
		"no browser":                         {},
		"plain HTTP on a page that is quiet": {"Origin": "null"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			sub := b.person(somebody, true)
			b.from(path(b.links.Pause(sub.ID)), "", headers).is(http.StatusSeeOther)
		})
	}
	b := newBench(t)
	b.from("/alerts/new", asking().Encode(), map[string]string{"Origin": "null"}).is(http.StatusForbidden)
	b.from("/alerts/new", asking().Encode(), map[string]string{"Origin": site}).is(http.StatusOK)
}

func TestBodyLimit(t *testing.T) {
	b := newBench(t)
	sub := b.person(somebody, true)
	for _, target := range []string{"/alerts/new", path(b.links.Manage(sub.Person))} {
		b.post(target, url.Values{"email": {strings.Repeat("a", maxBody)}}).is(http.StatusRequestEntityTooLarge)
	}
	b.from("/alerts/new", "email=%zz", nil).is(http.StatusBadRequest).says("could not be read")
}

func TestHeadAndMethods(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	sub := b.person(somebody, true)
	for _, target := range []string{"/", "/vacancies/v1", "/sources", "/about", "/privacy", "/alerts/new", path(b.links.Manage(sub.Person)), "/healthz", "/api/v1/vacancies", "/static/style.css"} {
		b.do(httptest.NewRequestWithContext(t.Context(), http.MethodHead, target, http.NoBody)).is(http.StatusOK)
	}
	for _, target := range []string{"/", "/sources", "/vacancies/v1"} {
		if got := b.post(target, nil).Code; got != http.StatusNotFound && got != http.StatusMethodNotAllowed {
			t.Errorf("POST %s: %d", target, got)
		}
	}
	b.get("/nowhere").is(http.StatusNotFound).says("Page not found", "Search the posts")
}

func TestHealth(t *testing.T) {
	b := newBench(t)
	if got := b.get("/healthz").is(http.StatusOK).Body.String(); got != "ok\n" {
		t.Errorf("/healthz says %q", got)
	}
}

func TestStatic(t *testing.T) {
	b := newBench(t)
	a := b.get("/about").is(http.StatusOK)
	style := a.doc.Find("link[rel=stylesheet]").AttrOr("href", "")
	css := b.get(style).is(http.StatusOK)
	if !strings.HasPrefix(css.Header().Get("Content-Type"), "text/css") || !strings.Contains(css.Header().Get("Cache-Control"), "max-age") {
		t.Errorf("the stylesheet comes as %v", css.Header())
	}
	if n := css.Body.Len(); n > 12_000 {
		t.Errorf("the stylesheet has %d bytes: it is to stay small", n)
	}
	icon := b.get(a.doc.Find("link[rel=icon]").AttrOr("href", "")).is(http.StatusOK)
	if got := icon.Header().Get("Content-Type"); got != "image/svg+xml" {
		t.Errorf("the icon comes as %q", got)
	}
	b.get("/privacy").is(http.StatusOK).says("no cookies")
	for _, page := range []string{"/", "/about", "/alerts/new"} {
		if c := b.get(page).Header().Get("Set-Cookie"); c != "" {
			t.Errorf("%s sets the cookie %q", page, c)
		}
	}
}
