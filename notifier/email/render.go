package email

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	html "html/template"
	"net/mail"
	"slices"
	"strings"
	text "text/template"
	"time"

	sendwatch "github.com/sendwatch/sendwatch"
)

// Limits of a digest. Gmail cuts what is longer than 102 KB of HTML; a person
// stops reading long before.
const (
	mostEntries = 20 // in full; the rest are lines
	maxHTML     = 100_000
)

// ErrEmpty is the answer to a digest without entries: it is never sent.
var ErrEmpty = errors.New("digest has nothing to tell")

//go:embed templates
var templates embed.FS

// Options configures a Renderer.
type Options struct {
	// From is who sends, as "Sendwatch <alerts@example.org>".
	From string
	// Site is the address of the site, without a final slash.
	Site string
	// UnconfirmedDays is after how many days an unconfirmed sign-up is deleted;
	// zero does not say.
	UnconfirmedDays int
	// Label gives the name of a taxonomy id; nil, or an empty answer, shows the
	// id as words.
	Label func(id string) string
	// Now is the clock; it sets the Date header and counts days to a closing date.
	Now func() time.Time
}

// Renderer writes messages. It is safe for concurrent use.
type Renderer struct {
	o    Options
	from mail.Address
	html *html.Template
	text *text.Template
}

// NewRenderer reports a From that is not one address, a missing clock, and
// templates that do not parse.
func NewRenderer(o Options) (*Renderer, error) {
	if o.Now == nil {
		return nil, errors.New("email: a renderer needs a clock")
	}
	from, err := mail.ParseAddress(o.From)
	if err != nil {
		return nil, fmt.Errorf("email: sender %q: %w", o.From, err)
	}
	from.Name = line(from.Name, 60)
	if from.Name == "" {
		from.Name = "Sendwatch"
	}
	r := &Renderer{o: o, from: *from, html: html.New(""), text: text.New("")}
	for _, name := range []string{"head.html", "digest.html", "confirmation.html", "notice.html"} {
		source, err := templates.ReadFile("templates/" + name)
		if err != nil {
			return nil, fmt.Errorf("email: %w", err)
		}
		if _, err := r.html.New(name).Parse(inline(string(source))); err != nil {
			return nil, fmt.Errorf("email: %w", err)
		}
	}
	if r.text, err = r.text.ParseFS(templates, "templates/*.txt"); err != nil {
		return nil, fmt.Errorf("email: %w", err)
	}
	return r, nil
}

// envelopeView is what every message says of itself.
type envelopeView struct {
	Subject, Sender, From, Site string
}

func (r *Renderer) envelope(subject string) envelopeView {
	return envelopeView{Subject: subject, Sender: r.from.Name, From: r.from.Address, Site: webAddress(r.o.Site)}
}

type digestView struct {
	envelopeView
	Preheader, Intro, Closed string
	Entries                  []entryView
	Short                    []shortView
	Pauses                   []Pause
	Manage, Unsubscribe      string
}

// Digest renders d, strong fits first: the first twenty entries in full, the rest
// as a line each. It returns ErrEmpty when there is none.
func (r *Renderer) Digest(d Digest) (*Message, error) {
	if len(d.Entries) == 0 {
		return nil, ErrEmpty
	}
	entries := slices.Clone(d.Entries)
	slices.SortStableFunc(entries, byInterest)
	now := r.o.Now()

	view := digestView{
		envelopeView: r.envelope(subject(entries)),
		Preheader:    preheader(entries, now),
		Intro:        intro(entries),
		Manage:       webAddress(d.Manage),
		Unsubscribe:  webAddress(d.Unsubscribe),
	}
	if d.Closed > 0 {
		view.Closed = count(d.Closed, "post", "posts") + " that fitted closed before this message left."
	}
	for _, p := range d.Pauses {
		view.Pauses = append(view.Pauses, Pause{Asked: line(p.Asked, 400), URL: webAddress(p.URL)})
	}
	htmlPart, err := r.fit(&view, entries, now)
	if err != nil {
		return nil, err
	}
	textPart, err := r.textPart("digest.txt", view)
	if err != nil {
		return nil, err
	}
	return r.build(parts{
		id: d.MessageID, to: d.To, subject: view.Subject,
		text: textPart, html: htmlPart, unsubscribe: view.Unsubscribe,
	})
}

// fit fills the view with as many entries in full as stay under maxHTML, the rest
// as lines, and gives the HTML part. Text is cut so short that more than one try
// is rare.
func (r *Renderer) fit(view *digestView, entries []Entry, now time.Time) ([]byte, error) {
	for n := min(len(entries), mostEntries); ; n = n * 3 / 4 {
		view.Entries, view.Short = view.Entries[:0], view.Short[:0]
		for _, e := range entries[:n] {
			view.Entries = append(view.Entries, r.viewEntry(e, now))
		}
		for _, e := range entries[n:] {
			view.Short = append(view.Short, viewShort(e))
		}
		part, err := r.htmlPart("digest.html", *view)
		if err != nil || len(part) <= maxHTML || n == 0 {
			return part, err
		}
	}
}

type confirmationView struct {
	envelopeView
	Asked     []askedView
	URL, Days string
}

type askedView struct{ What, Often string }

// Confirmation renders c.
func (r *Renderer) Confirmation(c Confirmation) (*Message, error) {
	view := confirmationView{
		envelopeView: r.envelope("Please confirm your " + r.from.Name + " alerts"),
		URL:          webAddress(c.URL),
	}
	for _, a := range c.Asked {
		view.Asked = append(view.Asked, askedView{What: line(a.What, 400), Often: often(a.Frequency)})
	}
	if view.URL == "" {
		return nil, errors.New("email: a confirmation needs a link")
	}
	if r.o.UnconfirmedDays > 0 {
		view.Days = count(r.o.UnconfirmedDays, "day", "days")
	}
	htmlPart, err := r.htmlPart("confirmation.html", view)
	if err != nil {
		return nil, err
	}
	textPart, err := r.textPart("confirmation.txt", view)
	if err != nil {
		return nil, err
	}
	return r.build(parts{id: c.MessageID, to: c.To, subject: view.Subject, text: textPart, html: htmlPart})
}

func (r *Renderer) htmlPart(name string, view any) ([]byte, error) {
	var b bytes.Buffer
	if err := r.html.ExecuteTemplate(&b, name, view); err != nil {
		return nil, fmt.Errorf("email: render %s: %w", name, err)
	}
	return b.Bytes(), nil
}

func (r *Renderer) textPart(name string, view any) ([]byte, error) {
	var b bytes.Buffer
	if err := r.text.ExecuteTemplate(&b, name, view); err != nil {
		return nil, fmt.Errorf("email: render %s: %w", name, err)
	}
	return b.Bytes(), nil
}

// byInterest orders strong before possible, new before changed, then by score,
// then by what closes first.
func byInterest(a, b Entry) int {
	rank := func(e Entry) int {
		n := 0
		if e.Fit != sendwatch.FitStrong {
			n += 2
		}
		if !slices.Contains(e.Events, sendwatch.EventNew) {
			n++
		}
		return n
	}
	closesAt := func(e Entry) int64 {
		if e.Vacancy.ClosesAt == nil {
			return 1 << 62
		}
		return e.Vacancy.ClosesAt.Unix()
	}
	return cmp.Or(
		cmp.Compare(rank(a), rank(b)),
		cmp.Compare(b.Score, a.Score),
		cmp.Compare(closesAt(a), closesAt(b)),
		strings.Compare(a.Vacancy.ID, b.Vacancy.ID),
	)
}

// intro counts what follows.
func intro(entries []Entry) string {
	strong := 0
	for _, e := range entries {
		if e.Fit == sendwatch.FitStrong {
			strong++
		}
	}
	switch possible := len(entries) - strong; {
	case possible == 0:
		return count(strong, "post that is a strong fit.", "posts that are strong fits.")
	case strong == 0:
		return count(possible, "post that may fit.", "posts that may fit.")
	default:
		return count(strong, "strong fit", "strong fits") + " first, then " + count(possible, "possible one.", "possible ones.")
	}
}

// preheader is the line that mail programs show beside the subject: pay,
// distance and closing date of the first entry.
func preheader(entries []Entry, now time.Time) string {
	e := entries[0]
	parts := []string{viewPay(e.Vacancy.Pay).Headline, placeOf(e), closes(e.Vacancy, now)}
	return line(strings.Join(parts, ". "), 200)
}

func often(f sendwatch.Frequency) string {
	switch f {
	case sendwatch.Daily:
		return "Every morning, when there is something new."
	case sendwatch.Weekly:
		return "Every Monday morning, when there is something new."
	default:
		return "As soon as there is something new."
	}
}
