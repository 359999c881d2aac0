package fetch

import (
	"math"
	"net/http"
	"net/url"
	"testing"
	"time"
	"unicode/utf8"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "0": 0, " 120 ": 2 * time.Minute, "-1": 0, "soon": 0, "1.5": 0,
		"Mon, 02 Nov 2026 09:05:00 GMT": 5 * time.Minute, "Mon, 02 Nov 2026 08:00:00 GMT": 0,
		"99999999999999999": math.MaxInt64 / time.Second * time.Second,
	} {
		if got := retryAfter(http.Header{"Retry-After": {value}}, now); got != want {
			t.Errorf("retryAfter(%q) = %v, want %v", value, got, want)
		}
	}
	// A host whose clock is an hour slow means a minute all the same.
	slow := http.Header{"Date": {"Mon, 02 Nov 2026 08:00:00 GMT"}, "Retry-After": {"Mon, 02 Nov 2026 08:01:00 GMT"}}
	if got := retryAfter(slow, now); got != time.Minute {
		t.Errorf("by the host's own clock: %v, want 1m", got)
	}
}

func FuzzRobots(f *testing.F) {
	for _, seed := range []string{
		"", "User-agent: *\nDisallow: /a*b$\nCrawl-delay: 1e400\n", "Sitemap: http://[::1\n", "Disallow: /\n\x00:\n:\n", "user-agent:\nallow:\n",
	} {
		f.Add([]byte(seed), "/jobs?page=2")
	}
	f.Fuzz(func(t *testing.T, body []byte, path string) {
		u, err := url.Parse("https://jobs.test" + path)
		if err != nil {
			return
		}
		robots := parseRobots(body, "https://jobs.test", "Sendwatch")
		robots.Allows(u)
		if robots.CrawlDelay() < 0 {
			t.Errorf("negative delay %v", robots.CrawlDelay())
		}
	})
}

func FuzzToUTF8(f *testing.F) {
	f.Add([]byte("Caf\xe9"), "text/html; charset=windows-1252")
	f.Add([]byte(`<?xml version="1.0" encoding="utf-16"?>`), "text/xml")
	f.Add([]byte("\xff\xfe\x00"), "")
	f.Add([]byte("<meta charset=hz-gb-2312>~{"), "text/html")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		text, media, _ := toUTF8(body, contentType)
		if isText(media) && !utf8.Valid(text) {
			t.Errorf("not UTF-8: %q", text)
		}
	})
}
