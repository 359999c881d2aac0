package ingest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
	"github.com/sendwatch/sendwatch/document"
	"github.com/sendwatch/sendwatch/ingest"
)

// papers reads documents that say what they are: their text, or an error.
type papers struct{ read int }

func (p *papers) Read(_ context.Context, _ document.Format, data []byte) (document.Document, error) {
	p.read++
	if bytes.HasPrefix(data, []byte("scan")) {
		return document.Document{}, fmt.Errorf("read: %w", document.ErrScanned)
	}
	return document.FromText(string(data)), nil
}

// withPapers is a bench whose only advert links to the given documents.
func withPapers(t *testing.T, attached *[]crawler.Attachment) (*bench, *papers) {
	t.Helper()
	b := newBench(t)
	p := &papers{}
	b.opts.Documents = p
	b.opts.Crawler = crawlerFunc(func(ctx context.Context, src crawler.Source, _ crawler.Known, sink crawler.Sink) (crawler.Report, error) {
		url := src.URL + "/job/a"
		f := crawler.Found{State: crawler.Read, Reference: "a", URL: url, Raw: []byte("<h1>Mentor</h1>"), RawType: "text/html",
			Posting: &sendwatch.Posting{Reference: "a", URL: url, Title: "Mentor", Employer: "Oak School", BodyText: "Come."}, Attachments: *attached}
		for _, a := range *attached {
			f.Documents = append(f.Documents, crawler.Page{URL: a.URL + "#rules=1&for=a", ETag: `"1"`, Items: []crawler.Item{{URL: url}}})
		}
		return crawler.Report{Listed: 1, Fetched: 1, Complete: true}, sink.Found(ctx, f)
	})
	b.Ingest = ingest.New(b.opts)
	return b, p
}

// content is the advert as it is kept.
func (b *bench) content() *sendwatch.Posting {
	b.t.Helper()
	ps, err := b.store.Postings(b.t.Context(), b.open()[0].ID)
	if err != nil || len(ps) != 1 {
		b.t.Fatalf("%d postings, %v", len(ps), err)
	}
	return ps[0].Content
}

func TestAttachmentsAreReadAndKept(t *testing.T) {
	jd := crawler.Attachment{URL: "https://oak.example/jd.pdf", Title: "Job description", MediaType: "application/pdf", Body: []byte("You will help.")}
	scan := crawler.Attachment{URL: "https://oak.example/ps.pdf", Title: "Person specification", MediaType: "application/pdf", Body: []byte("scan")}
	attached := []crawler.Attachment{jd, scan}
	b, p := withPapers(t, &attached)
	if r := b.crawl("oak"); r.New != 1 || !r.Healthy {
		t.Fatalf("first crawl: %+v", r)
	}
	want := []sendwatch.Attachment{
		{URL: jd.URL, Title: "Job description", Markdown: "You will help.\n"},
		{URL: scan.URL, Title: "Person specification", Note: "It is a scan: pictures of pages, which are not read."},
	}
	if diff := cmp.Diff(want, b.content().Attachments); diff != "" {
		t.Errorf("attachments (-want +got):\n%s", diff)
	}
	if page, err := b.store.Page(t.Context(), "oak", jd.URL+"#rules=1&for=a"); err != nil || page.ETag != `"1"` {
		t.Errorf("validators of the document: %+v, %v", page, err)
	}
	raw, kind, err := b.store.Raw(t.Context(), "oak", "a")
	if err != nil || !strings.HasPrefix(kind, "multipart/related;") || !bytes.Contains(raw, []byte("<h1>Mentor</h1>")) || !bytes.Contains(raw, jd.Body) {
		t.Errorf("kept as %s: %q, %v", kind, raw, err)
	}

	// The same again, the documents unchanged or out of reach: nothing is lost.
	attached = []crawler.Attachment{{URL: jd.URL, Title: jd.Title, NotModified: true}, {URL: scan.URL, Title: scan.Title, Err: &fetch.Error{URL: scan.URL, Err: errors.New("down")}}}
	read := p.read
	b.crawl("oak")
	if got := b.content().Attachments; got[0].Markdown != "You will help.\n" || p.read != read {
		t.Errorf("after a crawl without news: %+v", got)
	}
	if raw, _, err = b.store.Raw(t.Context(), "oak", "a"); err != nil || !bytes.Contains(raw, jd.Body) {
		t.Errorf("the document is not kept any more: %q, %v", raw, err)
	}
	// A new version.
	attached = []crawler.Attachment{{URL: jd.URL, Title: jd.Title, MediaType: jd.MediaType, Body: []byte("You will lead.")}}
	if r := b.crawl("oak"); r.Changed != 1 || b.content().Attachments[0].Markdown != "You will lead.\n" {
		t.Errorf("after a change: %+v, %+v", r, b.content().Attachments)
	}
}

func TestAttachmentThatWasForgottenIsAskedForWhole(t *testing.T) {
	jd := crawler.Attachment{URL: "https://oak.example/jd.pdf", Title: "Job description", NotModified: true}
	attached := []crawler.Attachment{jd}
	b, _ := withPapers(t, &attached)
	b.crawl("oak")
	if got := b.content().Attachments; len(got) != 1 || got[0].Note == "" {
		t.Errorf("attachments: %+v", got)
	}
	if page, err := b.store.Page(t.Context(), "oak", jd.URL+"#rules=1&for=a"); err != nil || page.ETag != "" {
		t.Errorf("validators of what was not kept: %+v, %v", page, err)
	}
	b.pass(time.Hour)
}
