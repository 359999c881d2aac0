package email

import (
	"slices"
	"strings"
	"time"

	sendwatch "github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/pay"
)

// soonDays is how near a closing date must be for an entry to say so.
const soonDays = 3

// Lengths, in characters, of what strangers wrote. They keep twenty entries of
// the worst text under maxHTML.
const (
	titleLength  = 120
	nameLength   = 90
	reasonLength = 140
	whyLength    = 600
	mostReasons  = 6
)

// entryView is one vacancy as both templates show it: plain text, cut and
// folded, and checked addresses.
type entryView struct {
	Title  string
	URL    string
	Labels []labelView
	// Facts.
	Employer, Place, Hours, Closes string
	Pay                            pay.Words
	Changes                        []string
	// Reasons, in the order that people ask: why, what is in the way, what is open.
	// A possible fit is explained by its sentence alone, which holds the doubts too.
	Possible                          bool
	Why                               string
	Fits, Missing, Unknown, Desirable []string
	// Advert is the address of the advert itself, Host its host.
	Advert, Host string
	Notice       string
}

// labelView is a small word beside the title; Kind picks its colour.
type labelView struct{ Kind, Text string }

func (r *Renderer) viewEntry(e Entry, now time.Time) entryView {
	v := e.Vacancy
	out := entryView{
		Title:    titleOf(v),
		URL:      webAddress(e.URL),
		Labels:   labels(e, now),
		Employer: employer(v),
		Place:    placeOf(e),
		Hours:    r.hours(v),
		Closes:   closes(v, now),
		Pay:      viewPay(v.Pay),
		Changes:  changes(e),
		Possible: e.Fit == sendwatch.FitPossible,
		Notice:   line(v.Notice, 600), // a licence, whole
	}
	out.explain(e)
	out.Advert, out.Host = advert(v)
	return out
}

// shortView is an entry in one line.
type shortView struct {
	Title, URL, Facts string
}

func viewShort(e Entry) shortView {
	facts := lines([]string{employer(e.Vacancy), placeOf(e), viewPay(e.Vacancy.Pay).Headline}, 3, 120)
	return shortView{Title: titleOf(e.Vacancy), URL: webAddress(e.URL), Facts: strings.Join(facts, ", ")}
}

// explain sorts the reasons. The sentence says what the reasons say, and the
// doubts as well: a strong fit, which has none, is easier to read in parts.
func (v *entryView) explain(e Entry) {
	if e.Why != "" && (e.Fit != sendwatch.FitStrong || len(e.Reasons) == 0) {
		v.Why = upperFirst(line(e.Why, whyLength))
		return
	}
	for _, reason := range e.Reasons {
		text := upperFirst(reason.Text)
		switch reason.Field {
		case "unmet":
			v.Missing = append(v.Missing, text)
		case "unknown":
			v.Unknown = append(v.Unknown, text)
		case "desirable":
			v.Desirable = append(v.Desirable, text)
		default:
			v.Fits = append(v.Fits, text)
		}
	}
	for _, list := range []*[]string{&v.Fits, &v.Missing, &v.Unknown, &v.Desirable} {
		*list = lines(*list, mostReasons, reasonLength)
	}
}

func titleOf(v *sendwatch.Vacancy) string {
	if title := line(v.Title, titleLength); title != "" {
		return title
	}
	return "Untitled post"
}

// labels say in a word what is new, how well it fits and what presses.
func labels(e Entry, now time.Time) []labelView {
	var out []labelView
	add := func(kind, text string) { out = append(out, labelView{kind, text}) }
	switch {
	case e.OwnAdvert:
		add("new", "Employer's own advert")
	case slices.Contains(e.Events, sendwatch.EventNew):
		add("new", "New")
	default:
		add("changed", "Changed")
	}
	switch e.Fit {
	case sendwatch.FitStrong:
		add("strong", "Strong fit")
	case sendwatch.FitPossible:
		add("possible", "Possible fit")
	}
	if e.Vacancy.Kind == sendwatch.KindPool {
		add("pool", "Register, not one post")
	}
	if at := e.Vacancy.ClosesAt; at != nil {
		if n := daysUntil(now, *at); n >= 0 && n <= soonDays {
			add("soon", "Closes "+inDays(n))
		}
	}
	return out
}

// employer names who hires; an agency is always called one.
func employer(v *sendwatch.Vacancy) string {
	name := line(v.Employer, nameLength)
	if v.EmployerKind != sendwatch.EmployerAgency {
		return name
	}
	if name == "" {
		return "An agency; the school is not named"
	}
	return name + " (agency)"
}

// placeOf joins the place as advertised, its postcode and the distance.
func placeOf(e Entry) string {
	v := e.Vacancy
	name := line(v.Location, nameLength)
	if v.Place != nil {
		if name == "" {
			name = line(v.Place.Name, nameLength)
		}
		if code := line(v.Place.Postcode, 10); code != "" && !strings.Contains(name, code) {
			name = strings.TrimPrefix(name+", "+code, ", ")
		}
	}
	if name == "" {
		name = "Place not stated"
	}
	if e.Miles != nil {
		name += " · " + miles(*e.Miles) + " from you"
	}
	return name
}

// town is the short place for a subject line.
func town(v *sendwatch.Vacancy) string {
	if v.Place != nil && v.Place.Name != "" {
		return line(v.Place.Name, 40)
	}
	first, _, _ := strings.Cut(v.Location, ",")
	return line(first, 40)
}

// hours says how much work it is and for how long.
func (r *Renderer) hours(v *sendwatch.Vacancy) string {
	var parts []string
	p := v.Pay
	if p.HoursPerWeek != nil {
		parts = append(parts, number(*p.HoursPerWeek)+" hours a week")
	}
	if p.WeeksPerYear != nil {
		parts = append(parts, number(*p.WeeksPerYear)+" weeks a year")
	}
	if p.TermTimeOnly != nil && *p.TermTimeOnly {
		parts = append(parts, "term time only")
	}
	if p.WorkingPattern != nil {
		pattern := *p.WorkingPattern
		if pattern == "either" {
			pattern = "full-time or part-time"
		}
		parts = append(parts, line(pattern, 40))
	}
	if p.Contract != nil {
		parts = append(parts, strings.ReplaceAll(line(*p.Contract, 40), "maternity-cover", "maternity cover"))
	}
	return upperFirst(strings.Join(parts, ", "))
}

func closes(v *sendwatch.Vacancy, now time.Time) string {
	if v.ClosesAt == nil {
		return "No closing date given"
	}
	s := "Closes " + closing(*v.ClosesAt)
	if in := inDays(daysUntil(now, *v.ClosesAt)); in != "" {
		s += " (" + in + ")"
	}
	return s
}

// changes says what changed since the person was first told.
func changes(e Entry) []string {
	var out []string
	if e.OwnAdvert {
		out = append(out, "You were told of this post through an agency; this is the employer's own advert.")
	}
	if slices.Contains(e.Events, sendwatch.EventNew) {
		return out // what is told for the first time is told as it is now
	}
	for _, event := range e.Events {
		switch kind, _, _ := strings.Cut(string(event), ":"); kind {
		case "closes":
			out = append(out, "The closing date has changed.")
		case "pay":
			out = append(out, "The pay has changed.")
		}
	}
	return lines(out, 3, 200)
}

// advert finds the best address to read the advert itself: the first sighting
// that is still open, else the first.
func advert(v *sendwatch.Vacancy) (address, host string) {
	for _, wantOpen := range []bool{true, false} {
		for _, s := range v.Sightings {
			if s.Open != wantOpen {
				continue
			}
			if address = webAddress(s.URL); address != "" {
				return address, hostOf(address)
			}
		}
	}
	return "", ""
}
