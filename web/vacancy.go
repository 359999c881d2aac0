package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// card is a vacancy in a list.
type card struct {
	V      *sendwatch.Vacancy
	Pay    pay.Words
	Hours  string
	Miles  *float64
	Agency bool
}

func cardOf(v *sendwatch.Vacancy, miles *float64) card {
	return card{V: v, Pay: v.Pay.Say(), Hours: hoursText(v.Pay), Miles: miles, Agency: v.EmployerKind == sendwatch.EmployerAgency}
}

// hoursText says how much work it is: "27.5 hours a week, 39 weeks a year, part time, permanent".
func hoursText(o pay.Offer) string {
	var parts []string
	if o.HoursPerWeek != nil {
		parts = append(parts, number(*o.HoursPerWeek)+" hours a week")
	}
	switch {
	case o.WeeksPerYear != nil:
		parts = append(parts, number(*o.WeeksPerYear)+" weeks a year")
	case o.TermTimeOnly != nil && *o.TermTimeOnly:
		parts = append(parts, "term time only")
	}
	if o.WorkingPattern != nil {
		parts = append(parts, inText(*o.WorkingPattern))
	}
	if o.Contract != nil {
		parts = append(parts, inText(*o.Contract))
	}
	return upperFirst(strings.Join(parts, ", "))
}

// inText is how a contract or a working pattern reads within a sentence.
func inText(id string) string {
	if s, ok := plainLabels[id]; ok {
		return strings.ToLower(s)
	}
	return strings.ReplaceAll(id, "-", " ")
}

// vacancyView is a vacancy's own page.
type vacancyView struct {
	card
	Paragraphs           []string
	Essential, Desirable []asked
	Sightings            []sighting
	PossiblySame         []*sendwatch.Vacancy
	// Alert is the address of the form for posts like this one.
	Alert string
}

// sighting is where a vacancy is advertised. URL is empty when the address is
// none that a browser should be sent to.
type sighting struct {
	URL, Host, Source   string
	FirstSeen, LastSeen time.Time
	Open                bool
}

// asked is a requirement with the alternatives of its group, and the advert's
// words for them.
type asked struct{ Labels, Evidence []string }

func (s *Site) vacancyPage(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	v, err := s.o.Store.Vacancy(r.Context(), id)
	if err != nil {
		return err
	}
	if v.ID != id { // an alias: the vacancy lives on under another id
		http.Redirect(w, r, "/vacancies/"+url.PathEscape(v.ID), http.StatusMovedPermanently)
		return nil
	}
	page := vacancyView{
		card:      cardOf(v, nil),
		Essential: s.asked(v.Requirements, taxonomy.Essential),
		Desirable: s.asked(v.Requirements, taxonomy.Desirable),
	}
	for p := range strings.SplitSeq(v.Body, "\n") {
		if p = strings.TrimSpace(p); p != "" {
			page.Paragraphs = append(page.Paragraphs, p)
		}
	}
	for _, at := range v.Sightings {
		page.Sightings = append(page.Sightings, sightingOf(at))
	}
	if len(v.PossiblySame) > 0 {
		if page.PossiblySame, err = s.o.Store.Vacancies(r.Context(), v.PossiblySame); err != nil {
			return err
		}
	}
	if v.Scope == sendwatch.ScopeIn {
		page.Alert = "/alerts/new?" + Values(similar(v), "").Encode()
	}
	if v.State != sendwatch.VacancyOpen {
		w.Header().Set("X-Robots-Tag", "noindex") // people look for posts that are open
	}
	return s.render(w, http.StatusOK, "vacancy", view{Title: title(v), Data: page})
}

// title names a vacancy as a browser's tab or history shows it.
func title(v *sendwatch.Vacancy) string {
	if v.Employer == "" {
		return v.Title
	}
	return v.Title + ", " + v.Employer
}

func sightingOf(at sendwatch.Sighting) sighting {
	out := sighting{Source: at.Source, FirstSeen: at.FirstSeen, LastSeen: at.LastSeen, Open: at.Open}
	// What a source calls an address may be anything, such as a script.
	if u, err := url.Parse(at.URL); err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") {
		out.URL, out.Host = u.String(), u.Hostname()
	}
	return out
}

// similar are the criteria that would find posts like this one.
func similar(v *sendwatch.Vacancy) sendwatch.Criteria {
	var c sendwatch.Criteria
	if v.Role != "" {
		c.Roles = []string{v.Role}
	}
	if v.Place.Located() {
		c.Near = v.Place.Postcode
		if c.Near == "" {
			c.Near = v.Place.Name
		}
	}
	if c.Near != "" {
		c.WithinMiles = 15
	}
	return c
}

// asked gathers the requirements of a level, alternatives together.
func (s *Site) asked(reqs []taxonomy.Requirement, level taxonomy.Level) []asked {
	var out []asked
	group := map[int]int{}
	for _, r := range reqs {
		if r.Level != level {
			continue
		}
		label := s.label("concept", r.ID)
		if r.MinYears != nil {
			label += " (" + yearsText(*r.MinYears) + ")"
		}
		if r.AnyOfGroup != nil {
			if i, ok := group[*r.AnyOfGroup]; ok {
				out[i].add(label, r.Evidence)
				continue
			}
			group[*r.AnyOfGroup] = len(out)
		}
		var one asked
		one.add(label, r.Evidence)
		out = append(out, one)
	}
	return out
}

// add joins an alternative. Of words that hold one another the longest stay.
func (a *asked) add(label, evidence string) {
	a.Labels = append(a.Labels, label)
	if slices.ContainsFunc(a.Evidence, func(e string) bool { return strings.Contains(e, evidence) }) || evidence == "" {
		return
	}
	a.Evidence = append(slices.DeleteFunc(a.Evidence, func(e string) bool { return strings.Contains(evidence, e) }), evidence)
}

// yearsText writes a length of experience; below a year in months.
func yearsText(y float64) string {
	months := int(y*12 + 0.5)
	switch {
	case months == 12:
		return "1 year"
	case months == 1:
		return "1 month"
	case months < 12:
		return number(float64(months)) + " months"
	}
	return number(y) + " years"
}
