package fetch_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch/crawler/fetch"
)

func squeeze(t *testing.T, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func raw(contentType, encoding string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = nil
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		}
		if encoding != "" {
			w.Header().Set("Content-Encoding", encoding)
		}
		_, _ = w.Write(body)
	}
}

func TestBodies(t *testing.T) {
	bomb := squeeze(t, make([]byte, 50<<20))
	page := strings.Repeat("<p>hello</p>", 1000)
	tests := []struct {
		name    string
		page    http.HandlerFunc
		want    string
		wantErr error
	}{
		{"plain", raw("text/html", "", []byte(page)), page, nil},
		{"gzip", raw("text/html", "gzip", squeeze(t, []byte(page))), page, nil},
		{"gzip file", raw("application/gzip", "", squeeze(t, []byte(page))), page, nil},
		{"gzip file, gzipped", raw("application/x-gzip", "gzip", squeeze(t, squeeze(t, []byte(page)))), page, nil},
		{"bomb", raw("text/html", "gzip", bomb), "", fetch.ErrTooBig},
		{"bomb in a file", raw("application/gzip", "", bomb), "", fetch.ErrTooBig},
		{"bomb in a bomb", raw("text/html", "gzip", squeeze(t, bomb)), "", fetch.ErrTooBig},
		{"too big", raw("text/html", "", make([]byte, 1<<20+1)), "", fetch.ErrTooBig},
		{"just fits", raw("text/plain", "", bytes.Repeat([]byte("x"), 1<<20)), strings.Repeat("x", 1<<20), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t, map[string]http.HandlerFunc{"/map.xml.gz": tt.page})
			c := newClient(t, fetch.Options{MaxBody: 1 << 20})
			got, err := get(t, c, s.URL+"/map.xml.gz")
			if !errors.Is(err, tt.wantErr) {
				t.Fatalf("error %v, want %v", err, tt.wantErr)
			}
			if tt.wantErr == nil && string(got.Body) != tt.want {
				t.Errorf("%d bytes, want %d", len(got.Body), len(tt.want))
			}
		})
	}
}

func TestDamagedCompressionIsAnError(t *testing.T) {
	whole := squeeze(t, []byte(strings.Repeat("hello ", 1000)))
	for name, page := range map[string]http.HandlerFunc{
		"cut":       raw("text/html", "gzip", whole[:len(whole)/2]),
		"not gzip":  raw("text/html", "gzip", []byte("hello")),
		"unoffered": raw("text/html", "br", []byte("hello")),
	} {
		s := newSite(t, map[string]http.HandlerFunc{"/a": page})
		got, err := get(t, newClient(t, fetch.Options{}), s.URL+"/a")
		var failed *fetch.Error
		if !errors.As(err, &failed) {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
}

func TestCharsets(t *testing.T) {
	const want = "Café – £40,000"
	const latin = "Caf\xe9 \x96 \xa340,000" // Windows-1252
	long := strings.Repeat("a", 2000)
	tests := []struct {
		name, contentType, body, want string
	}{
		{"header", "text/html; charset=windows-1252", latin, want},
		{"header wins over meta", "text/html; charset=utf-8", `<meta charset="windows-1252">` + want, `<meta charset="windows-1252">` + want},
		{"meta", "text/html", `<meta charset="windows-1252">` + latin, `<meta charset="windows-1252">` + want},
		{"http-equiv", "text/html", `<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">` + latin, `<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">` + want},
		{"byte order mark", "text/html; charset=windows-1252", "\ufeff" + want, want},
		{"utf-16", "text/html", "\xff\xfeh\x00i\x00", "hi"},
		{"nothing said, UTF-8", "text/html", want, want},
		{"nothing said, UTF-8 only late", "text/html", long + want, long + want},
		{"nothing said, Windows", "text/html", latin, want},
		{"a lie", "text/html; charset=utf-8", "Caf\xe9", "Caf\ufffd"},
		{"no type", "", "<html>" + want, "<html>" + want},
		{"xml declaration", "application/xml", `<?xml version="1.0" encoding="ISO-8859-1"?><a>Caf` + "\xe9</a>", `<?xml version="1.0"?><a>Café</a>`},
		{"xml in UTF-8", "text/xml", `<?xml version="1.0" encoding="UTF-8"?><a>Café</a>`, `<?xml version="1.0"?><a>Café</a>`},
		{"json", "application/json", "\ufeff" + `{"a":"Café"}`, `{"a":"Café"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t, map[string]http.HandlerFunc{"/a": raw(tt.contentType, "", []byte(tt.body))})
			got, err := get(t, newClient(t, fetch.Options{}), s.URL+"/a")
			if err != nil {
				t.Fatal(err)
			}
			if string(got.Body) != tt.want {
				t.Errorf("body %q, want %q", got.Body, tt.want)
			}
			if ct := got.Header.Get("Content-Type"); !strings.HasSuffix(ct, "; charset=utf-8") {
				t.Errorf("content type %q", ct)
			}
		})
	}
}

func TestPrivateAddressesAreRefused(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/a": text("SECRET")})
	_, port, _ := strings.Cut(strings.TrimPrefix(s.URL, "http://"), ":")
	c := newClient(t, fetch.Options{})
	for _, host := range []string{
		"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1", "192.168.1.1",
		"169.254.169.254", "100.64.0.1", "[64:ff9b::7f00:1]", "[fd00::1]", "0.0.0.0",
	} {
		_, err := c.Get(t.Context(), fetch.Request{URL: fmt.Sprintf("http://%s:%s/a", host, port)})
		var failed *fetch.Error
		if !errors.As(err, &failed) {
			t.Errorf("%s: %v", host, err)
			continue
		}
		if !errors.Is(err, fetch.ErrPrivate) && !strings.Contains(err.Error(), "unreachable") && !strings.Contains(err.Error(), "cannot assign") {
			t.Errorf("%s: %v", host, err)
		}
	}
	if len(s.seen) != 0 {
		t.Errorf("the site was reached %d times", len(s.seen))
	}
}

func TestRedirects(t *testing.T) {
	elsewhere := newSite(t, map[string]http.HandlerFunc{"/a": text("SECRET")})
	to := func(where string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, where, http.StatusFound) }
	}
	pages := map[string]http.HandlerFunc{
		"/robots.txt": text("User-agent: *\nDisallow: /private\n"),
		"/0":          to("/1"), "/1": to("/2"), "/2": to("/3"), "/3": to("/4"), "/4": to("/5"), "/5": text("arrived"), "/long": to("/0"),
		"/loop": to("/loop"), "/in": to("/private/x"), "/port": to(elsewhere.URL + "/a"),
		"/file": to("file:///etc/passwd"), "/nowhere": status(302),
	}
	s := newSite(t, pages)
	c := newClient(t, fetch.Options{})
	for path, want := range map[string]error{
		"/0": nil, "/long": fetch.ErrRedirects, "/loop": fetch.ErrRedirects, "/in": fetch.ErrRobots, "/port": fetch.ErrPort,
		"/file": errAny, "/nowhere": errAny,
	} {
		got, err := get(t, c, s.URL+path)
		switch {
		case want == nil && (err != nil || string(got.Body) != "arrived" || got.URL != s.URL+"/5"):
			t.Errorf("%s: got %+v, %v", path, got, err)
		case want != nil && err == nil:
			t.Errorf("%s: no error", path)
		case want != nil && !errors.Is(want, errAny) && !errors.Is(err, want):
			t.Errorf("%s: error %v, want %v", path, err, want)
		}
	}
	if len(elsewhere.seen) != 0 {
		t.Error("another port was reached")
	}
}

var errAny = errors.New("any error")

func TestRedirectOffSite(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/a": func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, strings.Replace("http://"+r.Host, "127.0.0.1", "localhost", 1)+"/b", http.StatusFound)
	}})
	rt := newClient(t, fetch.Options{}).RoundTripper(fetch.Policy{AllowPrivate: true, Port: s.port(t), Site: strings.TrimPrefix(s.URL, "http://")})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/a", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := rt.RoundTrip(req)
	if err == nil {
		_ = res.Body.Close()
	}
	if !errors.Is(err, fetch.ErrOffSite) {
		t.Errorf("error %v", err)
	}
}

func TestSameSite(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"jobs.test", "www.jobs.test", true}, {"WWW.Jobs.Test", "jobs.test", true}, {"jobs.test:81", "jobs.test", false},
		{"jobs.test", "evil-jobs.test", false}, {"a.jobs.test", "jobs.test", false},
	} {
		if got := fetch.SameSite(tt.a, tt.b); got != tt.want {
			t.Errorf("SameSite(%q, %q) = %v", tt.a, tt.b, got)
		}
	}
}

func TestLoopbackOnly(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/a": text("hello")})
	c := newClient(t, fetch.Options{LoopbackOnly: true})
	if _, err := get(t, c, s.URL+"/a"); err != nil {
		t.Errorf("loopback: %v", err)
	}
	for _, r := range []fetch.Request{
		{URL: "http://192.0.2.1/", AllowPrivate: true}, {URL: "http://10.1.2.3/", AllowPrivate: true}, {URL: "http://1.1.1.1/"},
	} {
		if _, err := c.Get(t.Context(), r); !errors.Is(err, fetch.ErrNotLoopback) {
			t.Errorf("%s: error %v", r.URL, err)
		}
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	c := newClient(t, fetch.Options{})
	for _, address := range []string{"", "ftp://jobs.test/", "file:///etc/passwd", "http://", "http://jobs.test:22/%zz", "/jobs", "javascript:alert(1)"} {
		_, err := c.Get(t.Context(), fetch.Request{URL: address})
		var failed *fetch.Error
		if !errors.As(err, &failed) || failed.Temporary {
			t.Errorf("%q: error %v", address, err)
		}
	}
}

func TestProxyFromEnvironmentIsIgnored(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:9")
	t.Setenv("http_proxy", "http://127.0.0.1:9")
	c := newClient(t, fetch.Options{})
	// A proxy would be dialled instead of the address, and would be private too;
	// the address named in the refusal tells which of them was dialled.
	_, err := c.Get(t.Context(), fetch.Request{URL: "http://10.255.0.1/"})
	if err == nil || !strings.Contains(err.Error(), "10.255.0.1") || strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("error %v", err)
	}
}
