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

	res := mustDo(t, browser, s.URL+"/a", "")
	if body, _ := io.ReadAll(res.Body); string(body) != "hello" || res.StatusCode != 200 || res.Request.URL.Path != "/b" {
		t.Errorf("got %d %q from %s", res.StatusCode, body, res.Request.URL)
	}
	res = mustDo(t, browser, s.URL+"/a", `"1"`)
	if body, _ := io.ReadAll(res.Body); len(body) != 0 || res.StatusCode != 200 || res.Header.Get(fetch.NotModifiedHeader) != "1" {
		t.Errorf("not modified: got %d %q %v", res.StatusCode, body, res.Header)
	}
	res, err := browser.Get(s.URL + "/gone") //nolint:noctx // the error is what is looked at
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
	res, err = browser.Post(s.URL+"/a", "text/plain", nil) //nolint:noctx // as above
	if err == nil {
		_ = res.Body.Close()
		t.Error("a POST was sent")
	}
}

func mustDo(t *testing.T, c *http.Client, address, etag string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
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
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}
