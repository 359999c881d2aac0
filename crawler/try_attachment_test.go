package crawler_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// tried are the documents that a trial of an address finds, each with how it went.
func tried(t *testing.T, d *desk, path string) string {
	t.Helper()
	got, err := newCrawler(t, fetch.Options{}).Try(t.Context(), d.URL+path, crawler.TryOptions{AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, a := range got.Attachments {
		how := fmt.Sprintf("%d bytes", len(a.Body))
		switch {
		case errors.Is(a.Err, crawler.ErrElsewhere):
			how = "elsewhere"
		case a.Err != nil:
			how = "not fetched"
		}
		fmt.Fprintf(&out, "%s: %s\n", a.Title, how)
	}
	return out.String()
}

func TestTryAttachments(t *testing.T) {
	const posting = `<script type="application/ld+json">{"@type": "JobPosting", "title": "Learning Mentor", "description": "Help."}</script>`
	d := newDesk(t, map[string]string{
		"/list":  `<a href=/job/1>1</a><a href=/job/2>2</a><a href=/job/3>3</a><a href=/job/4>4</a>`,
		"/job/1": `<main><h1>Learning Mentor</h1><p>Help.</p><a href="/mentor-learning.pdf">Learning mentor</a><a href="/page.pdf?x">Job description</a></main>`,
		"/job/2": `<main><h1>Two</h1><p>Help.</p><a href="/mentor-learning.pdf">Job description</a><a href="/gone.pdf">Person specification</a></main>`,
		"/job/3": `<main><h1>Three</h1><p>Help.</p><a href="http://files.example.org/jd.pdf">Job description</a></main>`,
		"/job/4": `<main><h1>Four</h1><p>Help.</p><a href="/four.pdf">Job description</a></main>`,
		"/post":  posting + `<a href="/mentor-learning.pdf">Learning mentor</a>`, "/many": posting,
		"/mentor-learning.pdf": "%PDF", "/page.pdf": "%PDF-1.7", "/four.pdf": "%PDF",
	})
	for i := range 8 {
		d.pages["/many"] += fmt.Sprintf(`<a href="/four.pdf?%d">Job description %d</a>`, i, i)
	}
	for path, want := range map[string]string{
		"/list": "Learning mentor: 4 bytes\nJob description: 8 bytes\nPerson specification: not fetched\nJob description: elsewhere\n",
		"/post": "Learning mentor: 4 bytes\n", "/job/4": "Job description: 4 bytes\n",
		"/many": "Job description 0: 4 bytes\nJob description 1: 4 bytes\nJob description 2: 4 bytes\nJob description 3: 4 bytes\nJob description 4: 4 bytes\n",
	} {
		if got := tried(t, d, path); got != want {
			t.Errorf("%s finds\n%s\nwant\n%s", path, got, want)
		}
	}
	if d.asked["/four.pdf"] != 6 {
		t.Errorf("pages with one document and with eight have %d fetched", d.asked["/four.pdf"])
	}
}
