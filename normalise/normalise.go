package normalise

import (
	"strings"
	"unicode"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/document"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/taxonomy"
	"github.com/sendwatch/sendwatch/terms"
)

// Rules is the version of the reading rules. It goes up whenever the same
// posting would be read otherwise, so that stored readings can be renewed.
const Rules = 4

// Options are what a Normaliser reads with. All are needed.
type Options struct {
	Pay       *pay.Tables
	Taxonomy  *taxonomy.Taxonomy
	Gazetteer *place.Gazetteer
	Terms     *terms.Analyser
}

// Normaliser reads postings. It is safe for concurrent use.
type Normaliser struct {
	pay       *pay.Tables
	taxonomy  *taxonomy.Taxonomy
	gazetteer *place.Gazetteer
	terms     *terms.Analyser
}

// New returns a Normaliser that reads with o.
func New(o Options) *Normaliser {
	return &Normaliser{pay: o.Pay, taxonomy: o.Taxonomy, gazetteer: o.Gazetteer, terms: o.Terms}
}

// advert is a posting taken apart, as the rules look at it.
type advert struct {
	posting  *sendwatch.Posting
	title    string   // folded
	headline *passage // the title, for the rules that look at it as at the body
	body     string   // plain text, as written
	passages []passage
	notes    []string // plain sentences on what is odd
}

// note adds something odd that people should know, once.
func (a *advert) note(s string) {
	for _, n := range a.notes {
		if n == s {
			return
		}
	}
	a.notes = append(a.notes, s)
}

// Read understands one posting. Any text gives a reading; what the text does
// not tell stays empty.
func (n *Normaliser) Read(p *sendwatch.Posting) sendwatch.Reading {
	own := body(p)
	d := attached(own, p.Attachments)
	a := &advert{posting: p, notes: []string{}, title: fold(clean(p.Title)), body: d.Text(), passages: passages(n.taxonomy, d)}
	a.headline = alone(clean(p.Title))

	r := sendwatch.Reading{
		Title:        clean(p.Title),
		Employer:     clean(p.Employer),
		EmployerKind: p.EmployerKind,
		EmployerURN:  strings.TrimSpace(p.EmployerURN),
		Location:     clean(p.Location),
		Published:    p.Published,
		Notice:       p.Notice,
		Body:         a.body,
		Rules:        Rules,
	}
	r.Place = n.place(a)
	r.Requirements, r.Choices = n.requirements(a)
	r.Kind = kind(a)
	n.judge(a, &r)
	r.Duties = duties(a)
	n.facts(a, &r)
	r.Pay = n.offer(a)
	r.ClosesAt = closes(a, &r.Pay)
	r.Terms = n.terms.Document(r.Title, r.Employer, r.Location, r.Body)
	bare := a.body
	if len(p.Attachments) > 0 {
		bare = own.Text()
	}
	r.Fingerprint = fingerprint(&r, bare)
	payNotes(a, &r)
	attachmentNotes(a)
	r.Notes = a.notes
	return r
}

// body reads the posting's body, whichever form it has.
func body(p *sendwatch.Posting) document.Document {
	switch {
	case p.BodyHTML != "":
		return document.FromHTML(p.BodyHTML)
	case p.BodyMarkdown != "":
		return document.FromMarkdown(p.BodyMarkdown)
	}
	return document.FromText(p.BodyText)
}

// fieldBytes is how much of a short field is kept: titles and names run to a
// few dozen letters, and only damage makes them longer.
const fieldBytes = 500

// clean makes one line of a field, without markup or damage, and without what would
// turn the direction of the text that it is shown in.
func clean(s string) string {
	if len(s) > fieldBytes {
		s = s[:fieldBytes]
	}
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
	if !strings.ContainsFunc(s, unseen) {
		return s
	}
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unseen(r) {
			return -1
		}
		return r
	}, s)), " ")
}

// unseen reports whether a character has nothing to read and acts on what stands
// around it: a control character, or a mark of direction.
func unseen(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
}
