package crawler_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
	"github.com/sendwatch/sendwatch/internal/hostileserver"
)

// TestPagesThatUnfoldUnderAnotherName has adverts whose pages would unfold as they are
// parsed, and which their host does not call HTML.
func TestPagesThatUnfoldUnderAnotherName(t *testing.T) {
	var page strings.Builder
	page.WriteString("<h1>Mentor</h1><p>")
	for i := range 400 {
		_, _ = fmt.Fprintf(&page, "<b id=%d>", i)
	}
	page.WriteString(strings.Repeat("<p>x", 10_000))
	for _, media := range []string{"text/plain", "application/octet-stream", "application/xml"} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/jobs":
				w.Header().Set("Content-Type", "text/html")
				_, _ = io.WriteString(w, "<a class=job href=/job/1>Mentor</a>")
			case "/job/1":
				w.Header().Set("Content-Type", media)
				_, _ = io.WriteString(w, page.String())
			default:
				http.NotFound(w, r)
			}
		}))
		src := crawler.Source{
			ID: "board", Kind: crawler.KindHTML, URL: s.URL, AllowPrivate: true,
			Discover: crawler.Discover{Listing: "/jobs", Item: "a.job"}, Fields: map[string]string{"title": "h1", "body": "p"},
		}
		over := hostileserver.Memory(t)
		m := newMemory()
		r, err := crawl(t, src, m)
		if err != nil || r.Quarantined != 1 || len(m.found) != 1 || !strings.Contains(m.found[0].Err.Error(), "never closed") {
			t.Errorf("%s: %+v, %v", media, r, err)
		}
		tried, err := newCrawler(t, fetch.Options{}).Try(t.Context(), s.URL+"/job/1", crawler.TryOptions{AllowPrivate: true})
		if err != nil || !strings.Contains(strings.Join(tried.Notes, "\n"), "never closed") {
			t.Errorf("%s: %q, %v", media, tried.Notes, err)
		}
		if more := over(); more > hostileserver.MostMemory/4 {
			t.Errorf("%s: %d MiB over base", media, more>>20)
		}
		s.Close()
	}
}
