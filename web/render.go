package web

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"
)

// view is what every page is rendered from.
type view struct {
	Title  string
	Notice string
	Data   any
}

// message is a page that only says something.
type message struct {
	Text string
	// Next is where to go from here, when there is somewhere.
	Next, NextText string
}

// parse builds each page's template from the layout and the page.
func (s *Site) parse() error {
	s.pages = map[string]*template.Template{}
	names, err := assets.ReadDir("templates")
	if err != nil {
		return err
	}
	for _, f := range names {
		name := strings.TrimSuffix(f.Name(), ".html")
		if name == "layout" {
			continue
		}
		t, err := template.New("layout.html").Funcs(s.funcs()).ParseFS(assets, "templates/layout.html", "templates/"+f.Name())
		if err != nil {
			return fmt.Errorf("page %s: %w", name, err)
		}
		s.pages[name] = t
	}
	return nil
}

func (s *Site) funcs() template.FuncMap {
	return template.FuncMap{
		"label": s.label,
		"day":   day,
		"ago":   func(t time.Time) string { return ago(s.o.Now().Sub(t)) },
		"miles": milesText,
		"words": func(id string) string { return strings.ReplaceAll(id, "-", " ") },
	}
}

// render writes a page whole or not at all.
func (s *Site) render(w http.ResponseWriter, status int, name string, v view) error {
	t, ok := s.pages[name]
	if !ok {
		return fmt.Errorf("no page is called %q", name)
	}
	v.Notice = s.o.Notice
	var b bytes.Buffer
	if err := t.Execute(&b, v); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err := b.WriteTo(w)
	return err
}

func (s *Site) static(name, title string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, _ *http.Request) error {
		return s.render(w, http.StatusOK, name, view{Title: title})
	}
}

// label is what a taxonomy id is called.
func (s *Site) label(id string) string {
	t := s.o.Taxonomy
	if r, ok := t.Role(id); ok {
		return r.Label
	}
	if c, ok := t.Concept(id); ok {
		return c.Label
	}
	if l, ok := t.Need(id); ok {
		return l.Label
	}
	if l, ok := t.Setting(id); ok {
		return l.Label
	}
	if l, ok := t.Phase(id); ok {
		return l.Label
	}
	return upperFirst(strings.ReplaceAll(id, "-", " "))
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// day writes a moment as people in the UK read dates.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(london()).Format("2 January 2006")
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

// london is where the site's readers are. The zone is built into the binary.
func london() *time.Location {
	loc, err := time.LoadLocation("Europe/London")
	if err != nil {
		return time.UTC
	}
	return loc
}
