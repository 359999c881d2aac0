package crawler_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// The keys of the feed that TestKeysAreNotShown crawls, in its path and its query.
const (
	pathKey  = "9f1c0ffee0dd5badd00d"
	queryKey = "s3cret/4 you"
)

// TestKeysAreNotShown crawls a feed whose address holds keys while everything goes
// wrong in turn, and looks for the keys in all that comes of it.
func TestKeysAreNotShown(t *testing.T) {
	const feed = "/feeds/" + pathKey + "/items.xml?key=s3cret%2F4+you&board=1"
	items := func(s string) string { return "<items>" + s + "</items>" }
	item := func(address string) string {
		return "<item><reference>1</reference><jobTitle>Mentor</jobTitle><advertUrl>" + address + "</advertUrl></item>"
	}
	answers := map[string]http.HandlerFunc{
		"a feed":           page(items(item("https://ats.test/1"))),
		"a broken record":  page(items("<item><jobTitle>Mentor</jobTitle></item>")),
		"a broken feed":    page("<items><item>"),
		"no feed":          page("<html>" + feed),
		"a repeating feed": page(items(item("https://ats.test/1?from=" + pathKey))),
		"an RSS feed":      page(`<rss version="2.0"><channel><title>Jobs</title><item><link>/job/1</link></item></channel></rss>`),
		"failing":          func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"forbidden":        func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		"busy": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "900")
			w.WriteHeader(http.StatusTooManyRequests)
		},
		"redirected in a circle": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, feed+"&again=1", http.StatusFound) },
		"redirected elsewhere": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.test"+feed, http.StatusFound)
		},
		"badly redirected": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://%zz/"+pathKey)
			w.WriteHeader(http.StatusFound)
		},
		"in another encoding": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Encoding", pathKey) },
		"cut off": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = fmt.Fprint(w, "<items>")
		},
		"too big": page(strings.Repeat("x", 1<<20)),
	}
	for name, answer := range answers {
		for _, kind := range []string{crawler.KindBroadbean, crawler.KindJobPosting} {
			for _, robots := range []string{"", "User-agent: *\nDisallow: /feeds/\n"} {
				asked := false
				s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					switch {
					case r.URL.Path == "/robots.txt":
						_, _ = fmt.Fprint(w, robots)
					case strings.Contains(r.URL.Path, pathKey) && r.URL.Query().Get("key") == queryKey:
						asked = true
						answer(w, r)
					default:
						http.NotFound(w, r)
					}
				}))
				var log bytes.Buffer
				logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
				client := fetch.New(fetch.Options{Backoff: time.Millisecond, Now: time.Now, Log: logger})
				src := crawler.Source{ID: "board", Kind: kind, URL: s.URL, AllowPrivate: true, Discover: crawler.Discover{Feed: feed}, SecretFeed: true, MaxBytes: 100_000}
				m := newMemory()
				r, err := crawler.New(crawler.Options{Client: client, Log: logger, Now: func() time.Time { return today }}).Crawl(t.Context(), src, m, m)
				m.keep(r)
				client.Close()
				s.Close()
				if asked != (robots == "") {
					t.Fatalf("%s: asked %v", name, asked)
				}
				said := fmt.Sprint(log.String(), r.Note, err, spelled(t, r), spelled(t, m.pages))
				for _, f := range m.found {
					said += fmt.Sprint(f.Err, string(f.Raw), spelled(t, f.Posting), f.URL, f.Reference)
				}
				for _, key := range []string{pathKey, queryKey, "s3cret"} {
					if at := strings.Index(said, key); at >= 0 {
						t.Errorf("%s, %s: a key is shown: …%s…", name, kind, said[max(0, at-120):min(len(said), at+60)])
					}
				}
				if name == "a feed" && kind == crawler.KindBroadbean && robots == "" && (!r.Complete || r.Fetched != 1) {
					t.Errorf("the feed is not read: %+v, %v", r, err)
				}
			}
		}
	}
	for _, bad := range []crawler.Source{
		{Discover: crawler.Discover{Feed: "https://elsewhere.test/" + pathKey}}, {Discover: crawler.Discover{Feed: "%zz" + pathKey}}, {Discover: crawler.Discover{Sitemap: "/s"}},
	} {
		bad.ID, bad.Kind, bad.URL, bad.SecretFeed = "board", crawler.KindJobPosting, "https://jobs.test", true
		if err := bad.Check(); err == nil || strings.Contains(err.Error(), pathKey) {
			t.Errorf("the definition's mistake: %v", err)
		}
	}
}

func page(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"1"`)
		_, _ = fmt.Fprint(w, body)
	}
}

func spelled(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
