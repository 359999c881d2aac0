package extract

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch/internal/hostileserver"
)

// TestLinksOfFeeds reads the links of items in the forms that feeds have.
func TestLinksOfFeeds(t *testing.T) {
	rss := func(items string) string {
		return "<rss><channel><link>https://a.test/</link>" + items + "</channel></rss>"
	}
	atom := func(of, entries string) string {
		return `<feed xmlns="http://www.w3.org/2005/Atom" ` + of + `><link href="/home"/>` + entries + "</feed>"
	}
	for name, tt := range map[string]struct {
		body string
		want []string
	}{
		"CDATA":                  {rss("<item><link> <![CDATA[https://a.test/1?a=1&b=2]]> </link></item>"), []string{"https://a.test/1?a=1&b=2"}},
		"entities":               {rss("<item><link>https://a.test/1?a=1&amp;b=2</link></item>"), []string{"https://a.test/1?a=1&b=2"}},
		"an ampersand as it is":  {rss("<item><link>/1?a=1&copy=2</link></item>"), []string{"/1?a=1&copy=2"}},
		"in an attribute":        {rss(`<item><link href="/1"/></item><item><link href="/2"></link></item>`), []string{"/1", "/2"}},
		"in capitals":            {"<RSS><Channel><Item><Link>/1</Link></Item></Channel></RSS>", []string{"/1"}},
		"of another kind":        {rss(`<item><atom:link rel="self" href="/feed"/><link>/1</link><media:link>/2</media:link></item>`), []string{"/1"}},
		"markup in a text":       {rss("<item><description>x <br> y <b>z</description><link>/1</link></item><item><link>/2</link></item>"), []string{"/1", "/2"}},
		"an item never closed":   {rss("<item><link>/1</link><item><link>/2</link>"), []string{"/1", "/2"}},
		"a title of code":        {rss("<item><title><script></title><link>/1</link></item>"), []string{"/1"}},
		"RSS 1.0":                {`<rdf:RDF><channel><items/></channel><item rdf:about="/1"><link>/1</link></item></rdf:RDF>`, []string{"/1"}},
		"no items":               {rss(""), nil},
		"an empty feed":          {"<feed/>", nil},
		"alternate":              {atom("", `<entry><link rel="self" href="/s"/><link rel="alternate" href="/1"/><link href="/2"/></entry>`), []string{"/1"}},
		"with a prefix":          {`<a:feed><a:entry><a:link href="/1"/></a:entry></a:feed>`, []string{"/1"}},
		"of another feed":        {atom("", `<entry><source><link href="/s"/></source><link href="/1"/></entry>`), []string{"/1"}},
		"relative to the feed":   {atom(`xml:base="https://a.test/jobs/"`, `<entry><link href="1"/></entry>`), []string{"https://a.test/jobs/1"}},
		"relative to the entry":  {atom(`xml:base="https://a.test/"`, `<entry xml:base="jobs/"><link href="1"/></entry><entry><link href="2"/></entry>`), []string{"https://a.test/jobs/1", "https://a.test/2"}},
		"relative to themselves": {"<rss><channel><item><link xml:base='https://a.test/jobs/'>1</link></item></channel></rss>", []string{"https://a.test/jobs/1"}},
		"JSON":                   {`{"items": [{"external_url": "/1"}, {"url": "/2", "external_url": "/3"}, {"id": "4"}]}`, []string{"/1", "/2"}},
	} {
		if got, err := ReadFeed([]byte(tt.body)); err != nil || !slices.Equal(got.Links, tt.want) {
			t.Errorf("%s: %q, %v", name, got.Links, err)
		}
	}
}

func TestFeedsThatAreNone(t *testing.T) {
	for _, body := range []string{
		"", "Back soon.", "<urlset></urlset>", "<channel></channel>", "<rss><channel><item><link>/1</link></item></channel>", "<rss><!-- </rss>", "<rss><![CDATA[</rss>",
		"{}", `{"items": null}`, `{"items": {}}`, `{"items": [`, `[]`,
		"<rss>" + strings.Repeat("<item/>", maxFeed+1) + "</rss>", `{"items": [{}` + strings.Repeat(",{}", maxFeed) + "]}",
	} {
		if got, err := ReadFeed([]byte(body)); err == nil || len(got.Links) > 0 {
			t.Errorf("%.40q: %+v, %v", body, got, err)
		}
	}
}

// TestFeedsThatMeanHarm reads feeds of all that a body may be, which a reader of whole
// feeds would make up to two hundred times as much of.
func TestFeedsThatMeanHarm(t *testing.T) {
	if testing.Short() {
		t.Skip("memory is not itself under the race detector")
	}
	const size = 5 << 20
	again := func(before, part, after string) string { return before + strings.Repeat(part, size/len(part)) + after }
	var attributes strings.Builder
	for i := 0; attributes.Len() < size; i++ {
		_, _ = fmt.Fprintf(&attributes, " %x", i)
	}
	for name, tt := range map[string]struct {
		body string
		ok   bool
	}{
		"nested":             {again("<rss>", "<a>", "</rss>"), true},
		"nested names":       {again("<rss>", "<a:b>", "</rss>"), true},
		"nested spaces":      {again("<feed>", `<a xmlns="b">`, "</feed>"), true},
		"nested bases":       {again("<feed>", `<a xml:base="b/">`, "</feed>"), true},
		"a long base":        {again(`<feed xml:base="https://a.test/`, "b", `">`+strings.Repeat(`<entry><link href="c"/></entry>`, maxFeed)+"</feed>"), true},
		"one item's links":   {again("<rss><item>", "<link>a</link>", "</item></rss>"), true},
		"one link in pieces": {again("<rss><item><link>", "a<b>", "</link></item></rss>"), true},
		"items":              {again("<rss>", "<item/>", "</rss>"), false},
		"attributes":         {"<rss" + attributes.String() + "></rss>", false},
		"adverts that unfold": {"<rss><item><description><![CDATA[" + strings.Repeat("<b id=1><i id=1><u id=1>", 100) +
			strings.Repeat("<p>x", 20_000) + "]]></description></item></rss>", true},
		"JSON items":  {again(`{"items": [{}`, ",{}", "]}"), false},
		"nested JSON": {again(`{"items": `, "[", ""), false},
	} {
		over := hostileserver.Memory(t)
		if got, err := ReadFeed([]byte(tt.body)); (err == nil) != tt.ok || len(got.Links) > maxFeed {
			t.Errorf("%s: %d links, %v", name, len(got.Links), err)
		}
		if more := over(); more > hostileserver.MostMemory {
			t.Errorf("%s: %d MiB over base", name, more>>20)
		} else {
			t.Logf("%s: %d MiB over base", name, more>>20)
		}
	}
}

func FuzzFeed(f *testing.F) {
	f.Add([]byte(`<rss><channel><item><link href="/2">/1</link></item><item><link><![CDATA[/1]]></channel></rss>`))
	f.Add([]byte(`<feed xml:base="https://a.test/"><entry xml:base="b/"><source><link href="x"/></source><link href="1"/></entry></feed>`))
	f.Add([]byte(`{"next_url": "/2", "items": [{"url": "/1"}, {"external_url": "/2"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := ReadFeed(body)
		if err != nil && len(got.Links) > 0 {
			t.Error("half a list beside an error")
		}
		for _, link := range append(got.Links, got.Next, got.Archive) {
			if link != address(link) || len(link) > maxAddress {
				t.Errorf("%q is no address", link)
			}
		}
	})
}
