package web

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed/atom"
	"golang.org/x/net/html"

	"github.com/sendwatch/sendwatch"
)

// atomOf reads a feed as feed readers do, and checks what RFC 4287 demands of every
// feed and of every entry.
func (a answer) atomOf() *atom.Feed {
	a.t.Helper()
	if got := a.Header().Get("Content-Type"); got != kindAtom {
		a.t.Errorf("the feed is a %s", got)
	}
	f, err := (&atom.Parser{}).Parse(strings.NewReader(a.Body.String()))
	if err != nil {
		a.t.Fatalf("%v\n%s", err, a.Body.String())
	}
	if f.ID == "" || f.Title == "" || f.UpdatedParsed == nil || len(f.Authors) == 0 || linkOf(f.Links, "self") == "" || linkOf(f.Links, "alternate") == "" {
		a.t.Errorf("the feed lacks something: %+v", f)
	}
	seen := map[string]bool{}
	for _, e := range f.Entries {
		if e.ID == "" || e.Title == "" || e.UpdatedParsed == nil || e.PublishedParsed == nil || linkOf(e.Links, "alternate") == "" || e.Content == nil || e.Content.Type != "html" || e.Summary == "" {
			a.t.Errorf("the entry lacks something: %+v", e)
		}
		if seen[e.ID] {
			a.t.Errorf("%s stands twice", e.ID)
		}
		seen[e.ID] = true
	}
	return f
}

func linkOf(links []*atom.Link, rel string) string {
	for _, l := range links {
		if l.Rel == rel {
			return l.Href
		}
	}
	return ""
}

func TestFeed(t *testing.T) {
	b := newBench(t)
	postings := adverts()
	postings[0].Notice = "Contains public sector information."
	b.advertise(postings, func(v *sendwatch.Vacancy) { v.ChangedAt = v.FirstSeen })
	f := b.get(pathFeed + "?q=teching&near=RG41&within=5&sort=pay").is(http.StatusOK).atomOf()
	if len(f.Entries) != 1 || f.ID != "tag:sendwatch.example,2026:search?near=RG41&q=teaching&within=5" || !strings.Contains(f.Title, "teaching") {
		t.Fatalf("the feed %q, %q has %d entries", f.ID, f.Title, len(f.Entries))
	}
	if got := linkOf(f.Links, "alternate"); got != site+"/?near=RG41&q=teaching&within=5" {
		t.Errorf("the search for people is %s", got)
	}
	e := f.Entries[0]
	if e.ID != "tag:sendwatch.example,2026:vacancy/v1" || e.Title != larch+", Larch Bank School" || linkOf(e.Links, "alternate") != site+"/vacancies/v1" ||
		linkOf(e.Links, "related") != "https://jobs.larchbank.example/posts/1?from=board" || e.Rights != "Contains public sector information." ||
		len(e.Authors) != 1 || e.Authors[0].Name != "Larch Bank School" || len(e.Categories) != 2 || e.Categories[1].Term != "semh" {
		t.Errorf("the entry is %+v", e)
	}
	if !e.UpdatedParsed.Equal(*e.PublishedParsed) || !f.UpdatedParsed.Equal(*e.UpdatedParsed) {
		t.Errorf("published %v, updated %v, the feed %v", e.PublishedParsed, e.UpdatedParsed, f.UpdatedParsed)
	}
	order := []string{"£18,450 a year, actually paid", "Larch Bank School, Wokingham", "32.5 hours a week", "Closes 4 December 2026", site + "/vacancies/v1", "Contains public sector information."}
	at := -1
	for _, want := range order {
		next := strings.Index(e.Content.Value, want)
		if next <= at {
			t.Errorf("%q stands at %d in\n%s", want, next, e.Content.Value)
		}
		at = next
	}
	if !strings.HasPrefix(e.Content.Value, "<p><strong>£18,450 a year, actually paid") {
		t.Errorf("what it really pays does not come first: %s", e.Content.Value)
	}

	// A feed is in the order of its entries' age, whatever the search sorts by.
	f = b.get(pathFeed + "?sort=pay").is(http.StatusOK).atomOf()
	var ids []string
	for _, e := range f.Entries {
		ids = append(ids, strings.TrimPrefix(e.ID, "tag:sendwatch.example,2026:vacancy/"))
	}
	if !slices.Equal(ids, []string{"v1", "v2", "v3", "v4"}) {
		t.Errorf("the feed holds %v", ids)
	}
	b.change("v3", func(v *sendwatch.Vacancy) { v.Title = "SEN Mentor" })
	b.index()
	again := b.get(pathFeed).is(http.StatusOK).atomOf()
	if again.Entries[2].ID != f.Entries[2].ID || !again.Entries[2].UpdatedParsed.Equal(b.now) || !again.UpdatedParsed.Equal(b.now) {
		t.Errorf("the changed one: %s at %v, the feed at %v", again.Entries[2].ID, again.Entries[2].UpdatedParsed, again.UpdatedParsed)
	}
}

func TestFeedOfNothing(t *testing.T) {
	b := newBench(t)
	first := b.get(pathFeed + "?q=nothing").is(http.StatusOK)
	if f := first.atomOf(); len(f.Entries) != 0 {
		t.Errorf("%d entries", len(f.Entries))
	}
	b.now = b.now.AddDate(0, 0, 1)
	if again := b.get(pathFeed + "?q=nothing"); again.Body.String() != first.Body.String() {
		t.Error("an empty feed changes by itself")
	}
	b.get(pathFeed + "?near=Nowherton").is(http.StatusBadRequest).says("Unknown place")
}

// TestFeedPages: rel=next leads through all of a search, as RFC 5005 has it.
func TestFeedPages(t *testing.T) {
	b := newBench(t)
	b.advertise(manyAdverts(45))
	next, seen, pages := pathFeed+"?q=posts&per_page=20", map[string]bool{}, 0
	for ; next != ""; pages++ {
		if pages > 5 {
			t.Fatal("there is no end to the pages")
		}
		f := b.get(next).is(http.StatusOK).atomOf()
		for _, e := range f.Entries {
			seen[e.ID] = true
		}
		if (linkOf(f.Links, "previous") == "") != (pages == 0) || linkOf(f.Links, "first") == "" || !strings.Contains(linkOf(f.Links, "last"), "page=3") {
			t.Errorf("page %d is linked %v", pages, f.Links)
		}
		next = strings.TrimPrefix(linkOf(f.Links, "next"), site)
	}
	if len(seen) != 45 || pages != 3 {
		t.Errorf("%d posts on %d pages", len(seen), pages)
	}
}

// TestFeedIsDiscovered: the search page names the feed of its search.
func TestFeedIsDiscovered(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	a := b.get("/?q=autism&sort=pay").is(http.StatusOK)
	href, _ := a.doc.Find(`head link[rel=alternate][type="application/atom+xml"]`).Attr("href")
	if len(b.get(href).is(http.StatusOK).atomOf().Entries) != len(a.titles()) {
		t.Errorf("the feed %q holds another search", href)
	}
	if b.get("/about").doc.Find("link[rel=alternate]").Length() > 0 {
		t.Error("a page that is no search has a feed")
	}
	for _, words := range []string{"CSV", "JSON", "as a feed"} {
		b.get(a.link(words)).is(http.StatusOK)
	}
}

// TestFeedHostile: whatever an advert writes, the feed is XML, and what readers
// show of an entry is text.
func TestFeedHostile(t *testing.T) {
	b := newBench(t)
	p := adverts()[0]
	const evil = "]]></title><script>alert(1)</script>&bad;\x00\x1b\ufffe<img src=x onerror=alert(1)>"
	p.Notice = evil
	p.URL = "javascript:alert(1)"
	b.advertise([]sendwatch.Posting{p}, func(v *sendwatch.Vacancy) {
		v.Title, v.Employer, v.Location, v.Role, v.Needs = evil, evil, evil, evil, []string{evil}
	})
	a := b.get(pathFeed).is(http.StatusOK)
	d := xml.NewDecoder(strings.NewReader(a.Body.String()))
	for {
		tok, err := d.Token()
		if tok == nil {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := tok.(xml.StartElement); ok && s.Name.Local == "script" {
			t.Error("an advert writes elements of the feed")
		}
	}
	f := a.atomOf()
	if len(f.Entries) != 1 || linkOf(f.Entries[0].Links, "related") != "" {
		t.Fatalf("the entries are %+v", f.Entries)
	}
	doc, err := html.Parse(strings.NewReader(f.Entries[0].Content.Value))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && !slices.Contains([]string{"html", "head", "body", "p", "strong", "small", "a"}, n.Data) {
			t.Errorf("an advert writes <%s> into its entry", n.Data)
		}
		for _, attribute := range n.Attr {
			if u, err := url.Parse(attribute.Val); attribute.Key != "href" || err != nil || u.Scheme != "https" {
				t.Errorf("an advert writes %s=%q into its entry", attribute.Key, attribute.Val)
			}
		}
	}
}
