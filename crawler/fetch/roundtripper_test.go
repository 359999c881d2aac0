package fetch_test

import (
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/sendwatch/sendwatch/crawler/fetch"
)

func TestRoundTripper(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{
		"/a": func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("If-None-Match") == `"1"` {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			http.Redirect(w, r, "/b", http.StatusFound)
		},
		"/b": text("hello"), "/gone": status(410),
	})
	rt := newClient(t, fetch.Options{}).RoundTripper(fetch.Policy{AllowPrivate: true, Port: s.port(t)})
	browser := &http.Client{Transport: rt}

	got := do(t, browser, s.URL+"/a", "")
	if got.body != "hello" || got.status != http.StatusOK || got.path != "/b" {
		t.Errorf("got %+v", got)
	}
	got = do(t, browser, s.URL+"/a", `"1"`)
	if got.body != "" || got.status != http.StatusOK || got.header.Get(fetch.NotModifiedHeader) != "1" {
		t.Errorf("not modified: got %+v", got)
	}
	res, err := browser.Get(s.URL + "/gone")
	if err == nil {
		_ = res.Body.Close()
	}
	var failed *fetch.Error
	if !errors.As(err, &failed) || failed.Status != 410 {
		t.Errorf("gone: %v", err)
	}
	if got, want := rt.Requests(), 5; got != want {
		t.Errorf("%d requests counted, want %d", got, want)
	}
	if got, want := rt.Bytes(), int64(len("hello")); got != want {
		t.Errorf("%d bytes counted, want %d", got, want)
	}
	res, err = browser.Post(s.URL+"/a", "text/plain", nil)
	if err == nil {
		_ = res.Body.Close()
		t.Error("a POST was sent")
	}
}

// answer is what a test looks at of a response.
type answer struct {
	status int
	path   string // of the address that answered
	header http.Header
	body   string
}

func do(t *testing.T, c *http.Client, address, etag string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if etag != "" {
		req.Header.Set("If-None-Match", etag)
	}
	res, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res.StatusCode, res.Request.URL.Path, res.Header, string(body)}
}

// TestOtherSuccesses: 203 is a page that a proxy has changed, and as good as any.
func TestOtherSuccesses(t *testing.T) {
	s := newSite(t, map[string]http.HandlerFunc{"/a": func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNonAuthoritativeInfo)
		_, _ = io.WriteString(w, "hello")
	}})
	rt := newClient(t, fetch.Options{}).RoundTripper(fetch.Policy{AllowPrivate: true, Port: s.port(t)})
	if got := do(t, &http.Client{Transport: rt}, s.URL+"/a", ""); got.body != "hello" || got.status != http.StatusOK {
		t.Errorf("got %+v", got)
	}
}
