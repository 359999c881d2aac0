package crawler_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
	"github.com/sendwatch/sendwatch/internal/hostileserver"
)

var whole = flag.Bool("hostile", false, "let hostile feeds be as large as feeds may be, which takes some minutes")

// feedSize is how large hostile feeds are: past what one advert, or one piece of
// markup, may be, and with the whole version nearly all that a feed may be.
func feedSize() int {
	if *whole {
		return crawler.DefaultMaxFeed - 1<<20
	}
	return 5 << 20
}

// hostileFeed is a feed that is of no use, or does harm.
type hostileFeed struct {
	name, kind string
	// write serves it, about as large as it is to be.
	write func(w *bufio.Writer, size int)
	// note is in what the crawl says of it; empty where the harm is to one advert.
	note string
	// listed and unreadable are what a crawl tells of that goes on in spite of it.
	listed, unreadable int
}

const (
	oneItem    = "<item><reference>1</reference><jobTitle>Mentor</jobTitle><advertUrl>https://ats.test/1</advertUrl>"
	noMoreItem = "</item></items>"
	oneObject  = `[{"reference": "1", "jobTitle": "Mentor", "advertUrl": "https://ats.test/1", "jobAdvert": `
)

// again writes a text over and over until it is as long as it is to be.
func again(w *bufio.Writer, text string, size int) {
	for n := 0; n < size; n += len(text) {
		_, _ = w.WriteString(text)
	}
}

// around is a text over and over between two others.
func around(before, text, after string) func(*bufio.Writer, int) {
	return func(w *bufio.Writer, size int) {
		_, _ = w.WriteString(before)
		again(w, text, size)
		_, _ = w.WriteString(after)
	}
}

// numbered is a pattern with one number after another in it.
func numbered(before, pattern, after string) func(*bufio.Writer, int) {
	return func(w *bufio.Writer, size int) {
		_, _ = w.WriteString(before)
		for i, n := 0, 0; n < size; i++ {
			k, err := fmt.Fprintf(w, pattern, i)
			if err != nil {
				return // they hung up
			}
			n += k
		}
		_, _ = w.WriteString(after)
	}
}

// each writes an item for each of some adverts, with what its last element holds.
func each(adverts int, open, element string, fill func(w *bufio.Writer), shut string) func(*bufio.Writer, int) {
	return func(w *bufio.Writer, _ int) {
		_, _ = w.WriteString(open)
		for i := range adverts {
			_, _ = fmt.Fprintf(w, "<item><reference>%d</reference><jobTitle>Mentor</jobTitle><advertUrl>https://ats.test/%d</advertUrl><%s>", i, i, element)
			fill(w)
			_, _ = fmt.Fprintf(w, "</%s></item>", element)
		}
		_, _ = w.WriteString(shut)
	}
}

// hostileMarkup are the hostile feeds of the systems that send XML.
var hostileMarkup = []hostileFeed{
	{name: "tiny records", kind: crawler.KindBroadbean, write: around("<items>", "<item></item>", "</items>"), note: "more than 10000 records"},
	{name: "records of nothing", kind: crawler.KindBroadbean, write: func(w *bufio.Writer, size int) {
		_, _ = w.WriteString("<items>")
		for range 1000 {
			around("<item>", "<a>b</a>", "</item>")(w, size/4000)
		}
		_, _ = w.WriteString("</items>")
	}, note: "1000 of 1000 items", listed: 1000, unreadable: 1000},
	{name: "an entity that multiplies", kind: crawler.KindBroadbean, write: func(w *bufio.Writer, _ int) {
		_, _ = w.WriteString(`<?xml version="1.0"?><!DOCTYPE items [<!ENTITY a0 "ha">`)
		for i := range 9 {
			_, _ = fmt.Fprintf(w, `<!ENTITY a%d "%s">`, i+1, strings.Repeat(fmt.Sprintf("&a%d;", i), 10))
		}
		around("]><items>"+oneItem+"<jobAdvert>", "&a9;", "</jobAdvert>"+noMoreItem)(w, 1<<20)
	}, listed: 1},
	{name: "an entity of a file", kind: crawler.KindVentrus, write: around(`<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel>`+oneItem+"<jobAdvert>", "&x;",
		"</jobAdvert></item></channel></rss>"), note: "one piece"},
	{name: "characters by number", kind: crawler.KindBroadbean, write: around("<items>"+oneItem+"<jobAdvert>", "&#1114111;", "</jobAdvert>"+noMoreItem), note: "one piece"},
	{name: "deep XML", kind: crawler.KindBroadbean, write: around("<items>"+oneItem, "<a>", noMoreItem), listed: 1, unreadable: 1},
	{name: "deep XML without an end", kind: crawler.KindVentrus, write: around("<rss><channel><item>", "<content>", ""), note: "not whole"},
	{name: "an element of attributes", kind: crawler.KindBroadbean, write: func(w *bufio.Writer, size int) {
		numbered("<items><item><a ", "%x ", ">")(w, 3<<20)
		around("", "<a b>", noMoreItem)(w, size-3<<20)
	}, note: "more than 1000 attributes"},
	{name: "one long text", kind: crawler.KindBroadbean, write: around("<items>"+oneItem+"<jobAdvert><![CDATA[", "x", "]]></jobAdvert>"+noMoreItem), note: "one piece"},
	{name: "one long comment", kind: crawler.KindVacancyPoster, write: around("<rss><channel><!--", "x", "--></channel></rss>"), note: "one piece"},
	{name: "adverts that multiply", kind: crawler.KindBroadbean, write: each(3, "<items>", "jobAdvert", func(w *bufio.Writer) {
		numbered("<![CDATA[<p>", "<b id=%d>", "")(w, 4000)
		around("", "<p>x", "]]>")(w, 40_000)
	}, "</items>"), listed: 3},
	{name: "one document in pieces", kind: crawler.KindVentrus, write: each(3, "<rss><channel>", "documents", func(w *bufio.Writer) {
		again(w, "<url>a", 490_000)
	}, "</channel></rss>"), listed: 3},
}

// hostileObjects are the hostile feeds of the system that sends JSON.
var hostileObjects = []hostileFeed{
	{name: "tiny values", write: around("[0", ",0", "]"), note: "more than 10000 records"},
	{name: "nothing but space", write: around("", "\n", ""), note: "no list"},
	{name: "one long string", write: around(oneObject+`"`, "x", `"}]`), listed: 1, unreadable: 1},
	{name: "one long number", write: around(oneObject, "1", `}]`), listed: 1, unreadable: 1},
	{name: "one string of escapes", write: func(w *bufio.Writer, _ int) { around(oneObject+`"`, `\u0000`, `"}]`)(w, 2<<20-1000) }, listed: 1},
	{name: "deep JSON", write: func(w *bufio.Writer, size int) {
		again(w, "[", size/2)
		again(w, "]", size/2)
	}, listed: 1, unreadable: 1},
	{name: "deep JSON in one record", write: func(w *bufio.Writer, _ int) {
		again(w, "[", 1<<20)
		again(w, "]", 1<<20)
	}, note: "broken"},
	{name: "deep JSON without an end", write: around(oneObject, `{"a":`, ""), note: "breaks off"},
	{name: "many keys", write: func(w *bufio.Writer, _ int) { numbered("[{", `"%x":0,`, `"a":0}]`)(w, 2<<20-1000) }, listed: 1, unreadable: 1},
	{name: "many values", write: func(w *bufio.Writer, _ int) { around(`[{"reference":[0`, ",{}", "]}]")(w, 2<<20-1000) }, listed: 1, unreadable: 1},
}

// TestHostileFeeds reads feeds of applicant tracking systems that are of no use or do
// harm. Each crawl ends by itself, in little memory, says what was wrong and leaves
// nothing behind.
func TestHostileFeeds(t *testing.T) {
	if testing.Short() {
		t.Skip("memory is not itself under the race detector")
	}
	feeds := slices.Clone(hostileMarkup)
	for _, f := range hostileObjects {
		f.kind = crawler.KindFusion
		feeds = append(feeds, f)
	}
	for _, tt := range feeds {
		t.Run(tt.name, func(t *testing.T) {
			src := feedSource(t, tt.kind, func(w io.Writer) {
				out := bufio.NewWriterSize(w, 64<<10)
				tt.write(out, feedSize())
				_ = out.Flush()
			})
			r := endureFeed(t, src, fetch.Options{})
			if !strings.Contains(r.Note, tt.note) || r.Complete != (tt.note == "") || r.Listed != tt.listed || r.Quarantined != tt.unreadable {
				t.Errorf("report %+v", r)
			}
		})
	}
}

// TestHostileServersOfFeeds asks every kind of hostile host for a feed.
func TestHostileServersOfFeeds(t *testing.T) {
	o := fetch.Options{Timeout: 500 * time.Millisecond, HeaderTimeout: 200 * time.Millisecond}
	if *whole {
		o = fetch.Options{}
	}
	s := hostileserver.New(t)
	for _, tt := range hostileserver.Cases() {
		t.Run(tt.Name, func(t *testing.T) {
			src := crawler.Source{
				ID: "board", Kind: crawler.KindBroadbean, URL: s.URL, AllowPrivate: true, Discover: crawler.Discover{Feed: tt.Path}, MaxBytes: int64(feedSize()),
			}
			r := endureFeed(t, src, o)
			if r.Complete || r.Note == "" || r.Listed > 0 {
				t.Errorf("report %+v", r)
			}
			if tt.Path == "/drip" && r.Requests != 2 {
				t.Errorf("a host that was too slow was asked again: %d requests", r.Requests)
			}
		})
	}
}

// endureFeed crawls a feed and checks that the crawl ended within its limits and left
// neither a file nor a goroutine.
func endureFeed(t *testing.T, src crawler.Source, o fetch.Options) crawler.Report {
	t.Helper()
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	before := goleak.IgnoreCurrent()
	o.Backoff, o.Now = time.Millisecond, time.Now
	client := fetch.New(o)
	c := crawler.New(crawler.Options{Client: client, Now: time.Now, Attachments: true})
	over := hostileserver.Memory(t)
	start := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	r, err := c.Crawl(ctx, src, newMemory(), sinkFunc(func(context.Context, crawler.Found) error { return nil }))
	took, more := time.Since(start), over()
	if err != nil || ctx.Err() != nil {
		t.Errorf("error %v, %v", err, ctx.Err())
	}
	if more > hostileserver.MostMemory {
		t.Errorf("%d MiB over base", more>>20)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	client.Close()
	goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction("net/http.(*Server).Serve"), goleak.IgnoreAnyFunction("net/http.(*conn).serve"))
	t.Logf("%v, %.1f MiB over base, listed %d, %s", took.Round(10*time.Millisecond), float64(more)/(1<<20), r.Listed, r.Note)
	return r
}

// TestFeedsEndAtOnce stops a crawl among the adverts of a feed.
func TestFeedsEndAtOnce(t *testing.T) {
	for kind, write := range bulk {
		src := feedSource(t, kind, func(w io.Writer) { write(w, 1000, strings.Repeat("Kind. ", 1000)) })
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		read := 0
		r, err := newCrawler(t, fetch.Options{}).Crawl(ctx, src, newMemory(), sinkFunc(func(context.Context, crawler.Found) error {
			read++
			cancel()
			return nil
		}))
		if err != nil || r.Complete || read > 100 || !strings.Contains(r.Note, "stopped") {
			t.Errorf("%s: %d read, %+v, %v", kind, read, r, err)
		}
	}
}

// TestFeedsInFiles reads a feed that was compressed as a file.
func TestFeedsInFiles(t *testing.T) {
	for kind, write := range bulk {
		src := feedSource(t, kind, func(w io.Writer) {
			zip := gzip.NewWriter(w)
			write(zip, 10, "Kind.")
			_ = zip.Close()
		})
		if r, err := crawl(t, src, newMemory()); err != nil || !r.Complete || r.Listed != 10 {
			t.Errorf("%s: %+v, %v", kind, r, err)
		}
	}
}
