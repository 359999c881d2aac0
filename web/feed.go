package web

import (
	"bytes"
	"encoding/xml"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/sendwatch/sendwatch/search"
)

// feedEntries is how many posts a page of a feed has, when nobody says.
const feedEntries = 50

// kindAtom is the media type of RFC 4287.
const kindAtom = "application/atom+xml"

// atomFeed is a feed as RFC 4287 has it, in pages as RFC 5005 links them.
type atomFeed struct {
	XMLName   xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang      string      `xml:"xml:lang,attr"`
	ID        string      `xml:"id"`
	Title     string      `xml:"title"`
	Subtitle  string      `xml:"subtitle"`
	Updated   string      `xml:"updated"`
	Author    atomPerson  `xml:"author"`
	Generator string      `xml:"generator"`
	Links     []atomLink  `xml:"link"`
	Entries   []atomEntry `xml:"entry"`
}

type atomPerson struct {
	Name string `xml:"name"`
	URI  string `xml:"uri,omitempty"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

type atomTerm struct {
	Term  string `xml:"term,attr"`
	Label string `xml:"label,attr"`
}

type atomEntry struct {
	ID         string      `xml:"id"`
	Title      string      `xml:"title"`
	Updated    string      `xml:"updated"`
	Published  string      `xml:"published"`
	Author     *atomPerson `xml:"author"`
	Links      []atomLink  `xml:"link"`
	Categories []atomTerm  `xml:"category"`
	Summary    string      `xml:"summary"`
	Content    atomText    `xml:"content"`
	Rights     string      `xml:"rights,omitempty"`
}

// feed answers with the posts that a search finds, the newest first, whatever order
// the address asks for: that is what feed readers expect.
func (s *Site) feed(w http.ResponseWriter, r *http.Request) error {
	req, err := ParseRequest(r.URL.Query())
	if err != nil {
		return err
	}
	req.Sort = search.SortNewest
	if req.PerPage == 0 {
		req.PerPage = feedEntries
	}
	return s.cacheable(w, r, kindAtom, func() ([]byte, error) {
		a, err := find(r.Context(), s.o.Search, s.o.Store, s.o.Links.Base, req)
		if err != nil {
			return nil, err
		}
		b, err := xml.MarshalIndent(s.atom(&a, req), "", " ")
		if err != nil {
			return nil, err
		}
		return append([]byte(xml.Header), b...), nil
	})
}

// beginning is when a feed without entries was updated: never, but Atom wants a
// moment, and it must not be another one each time.
var beginning = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func (s *Site) atom(found *Answer, req search.Request) atomFeed {
	a, base := &found.answer, s.o.Links.Base
	q := Values(a.Criteria, "")
	if req.AsTyped {
		q.Set("as_typed", "1")
	}
	out := atomFeed{
		Lang: "en-GB", ID: s.tag("search?" + q.Encode()), Generator: "Sendwatch",
		Title: "SEND and SEMH support posts", Subtitle: posts(a.Total) + ", newest first",
		Author: atomPerson{Name: "Sendwatch", URI: base + "/"},
	}
	if len(q) > 0 {
		out.Title = clip(s.o.Asked(a.Criteria, nil), 200)
	}
	out.Links = []atomLink{{Rel: "alternate", Type: "text/html", Href: under(base, pathSearch, q)}}
	if a.PerPage != feedEntries {
		q.Set("per_page", strconv.Itoa(a.PerPage))
	}
	link := func(rel string, page int) {
		out.Links = append(out.Links, atomLink{Rel: rel, Type: kindAtom, Href: under(base, pathFeed, onPage(q, page))})
	}
	link("self", a.Page)
	link("first", 1)
	if prev, ok := before(a); ok {
		link("previous", prev)
	}
	if after(a) {
		link("next", a.Page+1)
	}
	if last := lastPage(a); last > 0 {
		link("last", last)
	}
	updated := beginning
	for i := range found.Hits {
		h := &found.Hits[i]
		if h.ChangedAt.After(updated) {
			updated = h.ChangedAt
		}
		out.Entries = append(out.Entries, s.entry(h))
	}
	out.Updated = atomTime(updated)
	return out
}

func (s *Site) entry(h *Hit) atomEntry {
	e := atomEntry{
		ID: s.tag("vacancy/" + h.ID), Title: title(h.vacancy), Updated: atomTime(h.ChangedAt), Published: atomTime(h.FirstSeen),
		Links:   []atomLink{{Rel: "alternate", Type: "text/html", Href: h.URL}},
		Summary: strings.Join(told(h), ". "), Content: atomText{Type: "html", Text: content(h)}, Rights: h.Notice,
	}
	if h.Title == "" {
		e.Title = "A post without a title"
	}
	if h.Employer != "" {
		e.Author = &atomPerson{Name: h.Employer}
	}
	for _, a := range h.Adverts {
		e.Links = append(e.Links, atomLink{Rel: "related", Type: "text/html", Href: a.URL})
	}
	if h.Role != "" {
		e.Categories = append(e.Categories, atomTerm{h.Role, s.label("role", h.Role)})
	}
	for _, need := range h.Needs {
		e.Categories = append(e.Categories, atomTerm{need, s.label("need", need)})
	}
	return e
}

// told says the most important of a post, what it really pays first.
func told(h *Hit) []string {
	c := cardOf(h.vacancy, h.Miles)
	out := []string{h.Pay}
	if c.Pay.Also != "" {
		out = append(out, c.Pay.Also)
	}
	where := strings.Join(present(h.Employer, h.Location, milesText(h.Miles)), ", ")
	switch {
	case c.Agency && c.Client != "":
		where += " (agency, for " + c.Client + ")"
	case c.Agency:
		where += " (agency)"
	}
	out = append(out, present(where, c.Hours, strings.Join(c.Marks, ", "))...)
	if h.Closes != nil {
		out = append(out, "Closes "+day(*h.Closes))
	}
	return out
}

func present(texts ...string) []string {
	var out []string
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return out
}

// entryHTML is what an entry shows. Whatever an advert wrote is escaped.
var entryHTML = template.Must(template.New("entry").Parse(
	`{{range $i, $line := .Told}}<p>{{if $i}}{{$line}}{{else}}<strong>{{$line}}</strong>{{end}}</p>{{end}}` +
		`<p><a href="{{.URL}}">What it asks for, and how the pay is worked out</a></p>{{with .Notice}}<p><small>{{.}}</small></p>{{end}}`))

func content(h *Hit) string {
	var b bytes.Buffer
	if err := entryHTML.Execute(&b, struct {
		Told        []string
		URL, Notice string
	}{told(h), h.URL, h.Notice}); err != nil {
		return ""
	}
	return b.String()
}

// tag is an id for ever (RFC 4151): it outlives addresses and page numbers.
func (s *Site) tag(of string) string {
	host := "localhost"
	if u, err := url.Parse(s.o.Links.Base); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	return "tag:" + host + ",2026:" + of
}

func atomTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }
