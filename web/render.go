package web

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
)

// view is what every page is rendered from.
type view struct {
	Title string
	Data  any
	// Feed is the address of the page's feed, when it has one.
	Feed string
	// Notice and Style are the site's, set by render.
	Notice, Style string
}

// message is a page that only says something.
type message struct {
	Text string
	// Next is where to go from here, when there is somewhere.
	Next, NextText string
}

// parse builds each page's template from the layout, what pages have in common, and
// the page.
func (s *Site) parse() error {
	s.pages = map[string]*template.Template{}
	names, err := assets.ReadDir("templates")
	if err != nil {
		return err
	}
	for _, f := range names {
		name := strings.TrimSuffix(f.Name(), ".html")
		if name == "layout" || name == "parts" {
			continue
		}
		t, err := template.New("layout.html").Funcs(s.funcs()).ParseFS(assets, "templates/layout.html", "templates/parts.html", "templates/"+f.Name())
		if err != nil {
			return fmt.Errorf("page %s: %w", name, err)
		}
		s.pages[name] = t
	}
	return nil
}

func (s *Site) funcs() template.FuncMap {
	return template.FuncMap{
		"label":   s.label,
		"day":     day,
		"starts":  startText,
		"ago":     func(t time.Time) string { return ago(s.o.Now().Sub(t)) },
		"miles":   milesText,
		"moment":  moment,
		"counted": counted,
	}
}

// render writes a page whole or not at all.
func (s *Site) render(w http.ResponseWriter, status int, name string, v view) error {
	t, ok := s.pages[name]
	if !ok {
		return fmt.Errorf("no page is called %q", name)
	}
	v.Notice, v.Style = s.o.Notice, s.style
	var b bytes.Buffer
	if err := t.Execute(&b, v); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // the reader has gone when this fails
	return nil
}

func (s *Site) static(name, title string) handler {
	return func(w http.ResponseWriter, _ *http.Request) error {
		return s.render(w, http.StatusOK, name, view{Title: title})
	}
}

// label is what an id of a dimension is called: role, need, setting, phase,
// contract, pattern, support, entry, driver, paid_by, kind, duty, or concept for
// what is asked of a candidate. An id that nobody knows is read as words.
func (s *Site) label(dimension, id string) string {
	t := s.o.Taxonomy
	switch dimension {
	case "role":
		if r, ok := t.Role(id); ok {
			return r.Label
		}
	case "concept":
		if c, ok := t.Concept(id); ok {
			return c.Label
		}
	case "need":
		if l, ok := t.Need(id); ok {
			return l.Label
		}
	case "setting":
		if l, ok := t.Setting(id); ok {
			return l.Label
		}
	case "phase":
		if l, ok := t.Phase(id); ok {
			return l.Label
		}
	case search.FacetSupport:
		return sendwatch.Support(id).Label()
	case search.FacetEntry:
		return sendwatch.Entry(id).Label()
	case search.FacetDriver:
		return sendwatch.Driver(id).Label()
	case search.FacetPaidBy:
		return sendwatch.EmployerKind(id).PaysLabel()
	case search.FacetKind:
		return sendwatch.Kind(id).Label()
	}
	if s, ok := plainLabels[id]; ok {
		return s
	}
	return upperFirst(strings.ReplaceAll(id, "-", " "))
}

// plainLabels are the ids that do not read well as words.
var plainLabels = map[string]string{
	"agency":       "Agency adverts",
	"driving":      "Driving, or a driver is needed",
	"either":       "Full or part time",
	"one-to-one":   "One-to-one work",
	"temp-to-perm": "Temporary, then permanent",
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// day writes a moment as people in the UK read dates.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(london()).Format("2 January 2006")
}

// moment writes a day and an hour, for those who run the site.
func moment(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.In(london()).Format("2 Jan 2006, 15:04")
}

// ago writes an age in the largest unit that fits.
func ago(d time.Duration) string {
	n, unit := int(d.Hours()/24), "day"
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		n, unit = int(d.Minutes()), "minute"
	case d < 48*time.Hour:
		n, unit = int(d.Hours()), "hour"
	}
	if n != 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s ago", n, unit)
}

func milesText(m *float64) string {
	switch {
	case m == nil:
		return ""
	case *m < 1:
		return "under a mile away"
	case *m < 1.5:
		return "1 mile away"
	}
	return fmt.Sprintf("%.0f miles away", *m)
}

// startText says when a post starts: the offer's "asap", "2027-01" or
// "2027-01-05".
func startText(start string) string {
	if start == "asap" {
		return "as soon as possible"
	}
	for from, to := range map[string]string{time.DateOnly: "2 January 2006", "2006-01": "January 2006"} {
		if t, err := time.Parse(from, start); err == nil {
			return t.Format(to)
		}
	}
	return start
}

// london is where the site's readers are. The program carries the zone with it.
var london = sync.OnceValue(func() *time.Location {
	loc, err := time.LoadLocation("Europe/London")
	if err != nil {
		return time.UTC
	}
	return loc
})
