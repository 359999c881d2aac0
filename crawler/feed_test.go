package crawler_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// bulk writes feeds of a size: n adverts with so many bytes of text.
var bulk = map[string]func(w io.Writer, n int, text string){
	crawler.KindBroadbean: func(w io.Writer, n int, text string) {
		_, _ = io.WriteString(w, "<items>")
		for i := range n {
			_, _ = fmt.Fprintf(w, "<item><reference>%d</reference><jobTitle>Mentor</jobTitle><advertUrl>https://ats.test/%d</advertUrl><jobAdvert><![CDATA[%s]]></jobAdvert></item>\n", i, i, text)
		}
		_, _ = io.WriteString(w, "</items>")
	},
	crawler.KindFusion: func(w io.Writer, n int, text string) {
		_, _ = io.WriteString(w, "[")
		for i := range n {
			_, _ = fmt.Fprintf(w, `%s{"reference": "%d", "jobTitle": "Mentor", "advertUrl": "https://ats.test/%d", "jobAdvert": "%s"}`, strings.Repeat(",", min(i, 1)), i, i, text)
		}
		_, _ = io.WriteString(w, "]")
	},
}

func feedSource(t *testing.T, kind string, write func(io.Writer)) crawler.Source {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/feed" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/octet-stream")
		write(w)
	}))
	t.Cleanup(s.Close)
	return crawler.Source{ID: "board", Kind: kind, URL: s.URL, AllowPrivate: true, Discover: crawler.Discover{Feed: "/feed"}}
}

// TestLargeFeeds reads feeds of several times the size of any page, and holds that
// they are never in memory as a whole.
func TestLargeFeeds(t *testing.T) {
	const adverts, size = 1000, 7000
	for kind, write := range bulk {
		src := feedSource(t, kind, func(w io.Writer) { write(w, adverts, strings.Repeat("Kind. ", size/6)) })
		base, most, read := heap(), uint64(0), 0
		sink := sinkFunc(func(_ context.Context, f crawler.Found) error {
			if read++; read%250 == 1 {
				most = max(most, heap())
			}
			if f.State != crawler.Read || len(f.Posting.BodyHTML) < size-10 {
				t.Fatalf("%s: %v, %d bytes, %v", kind, f.State, len(f.Raw), f.Err)
			}
			return nil
		})
		r, err := newCrawler(t, fetch.Options{}).Crawl(t.Context(), src, newMemory(), sink)
		if err != nil || !r.Complete || read != adverts || r.Bytes < adverts*size {
			t.Errorf("%s: %d read, %+v, %v", kind, read, r, err)
		}
		if over := int64(most) - int64(base); over > adverts*size/3 {
			t.Errorf("%s: %d bytes in memory for a feed of %d", kind, over, r.Bytes)
		}
	}
}

// heap is what is in use after a collection.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestFeedsAreCapped(t *testing.T) {
	for kind, write := range bulk {
		text := strings.Repeat("x", 1000)
		src := feedSource(t, kind, func(w io.Writer) { write(w, 100, text) })
		for most, note := range map[int64]string{0: "", 50_000: "too big", 200_000: ""} {
			src.MaxBytes = most
			r, err := crawl(t, src, newMemory())
			if err != nil || !strings.Contains(r.Note, note) || r.Complete != (note == "") || r.Complete != (r.Listed == 100) {
				t.Errorf("%s, at most %d bytes: %+v, %v", kind, most, r, err)
			}
		}
		// One advert without an end costs itself.
		long := feedSource(t, kind, func(w io.Writer) {
			var b strings.Builder
			write(&b, 2, text)
			feed := b.String()
			_, _ = io.WriteString(w, strings.Replace(feed, text, strings.Repeat("<b>y</b> ", 400_000), 1))
		})
		m := newMemory()
		r, err := crawl(t, long, m)
		if err != nil || !r.Complete || r.Listed != 2 || r.Quarantined != 1 || len(m.found[0].Raw) > 2<<20 {
			t.Errorf("%s: %+v, %v", kind, r, err)
		}
	}
}

// TestFeedsInOtherEncodings reads the words of feeds that are not in UTF-8.
func TestFeedsInOtherEncodings(t *testing.T) {
	for name, feed := range map[string]string{
		"declared":  "<?xml version=\"1.0\" encoding=\"windows-1252\"?><items><item><reference>1</reference><advertUrl>https://ats.test/1</advertUrl><jobTitle>Mentor \xa313 caf\xe9</jobTitle></item></items>",
		"a mark":    "\xef\xbb\xbf<items><item><reference>1</reference><advertUrl>https://ats.test/1</advertUrl><jobTitle>Mentor £13 café</jobTitle></item></items>",
		"undamaged": "<items><item><reference>1</reference><advertUrl>https://ats.test/1</advertUrl><jobTitle>Mentor £13 café</jobTitle></item></items>",
	} {
		m := newMemory()
		r, err := crawl(t, feedSource(t, crawler.KindBroadbean, func(w io.Writer) { _, _ = io.WriteString(w, feed) }), m)
		if err != nil || !r.Complete || len(m.found) != 1 || m.found[0].Posting.Title != "Mentor £13 café" {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

// TestDocumentsOfFeeds fetches what records name as their documents, and what their
// text links to.
func TestDocumentsOfFeeds(t *testing.T) {
	d := newDesk(t, map[string]string{"/jd.pdf": "%PDF", "/pack/7.pdf": "%PDF-1.7", "/spec.docx": "PK"})
	d.pages["/feed"] = `<rss><channel><item><link>` + d.URL + `/v/1</link><a10:content><Vacancy><VacancyID>1</VacancyID><Vacancy_title>Mentor</Vacancy_title>
<Advert_text><![CDATA[<p>Read the <a href="/spec.docx">person specification</a>, and <a href="http://files.test/other.pdf">job description</a>.</p>]]></Advert_text>
<Documents><document><name>Job description</name><extension>.pdf</extension><size>4</size><url>` + d.URL + `/jd.pdf</url></document>
<document><name><![CDATA[Candidate pack]]></name><url>` + d.URL + `/pack/7.pdf</url></document><document><name>Nowhere</name><url>javascript:x</url></document>
<document><name>Again</name><url>` + d.URL + `/jd.pdf</url></document></Documents></Vacancy></a10:content></item></channel></rss>`
	src := crawler.Source{ID: "board", Kind: crawler.KindVentrus, URL: d.URL, AllowPrivate: true, Discover: crawler.Discover{Feed: "/feed"}}
	m := newMemory()
	for day := range 2 {
		if day == 1 {
			d.pages["/feed"] += "<!-- another day -->"
		}
		r, err := crawl(t, src, m)
		if err != nil || !r.Complete || len(m.found) != 1 {
			t.Fatalf("%+v, %v", r, err)
		}
		var got []string
		for _, a := range m.found[0].Attachments {
			if a.Err != nil || a.NotModified != (day == 1) {
				t.Errorf("day %d: %s: %v, not modified %v", day, a.URL, a.Err, a.NotModified)
			}
			got = append(got, a.Title)
		}
		if strings.Join(got, ", ") != "Job description.pdf, Candidate pack, person specification" {
			t.Errorf("day %d: %q", day, got)
		}
	}
	for _, path := range []string{"/jd.pdf", "/pack/7.pdf", "/spec.docx"} {
		if d.asked[path] != 1 {
			t.Errorf("%s was asked for %d times", path, d.asked[path])
		}
	}
}
