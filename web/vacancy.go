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
	// Client is the school behind an agency.
	Client string
	// Lead is the amount that is paid, and Rest what it is; without an amount Lead says so.
	Lead, Rest string
	// Divider stands above the first card of those whose order is not known.
	Divider string
	// Marks are the facts that let people in or keep them out.
	Marks []string
}

func cardOf(v *sendwatch.Vacancy, miles *float64) card {
	c := card{V: v, Pay: v.Pay.Say(), Hours: hoursText(v.Pay), Miles: miles}
	c.Lead, c.Rest = amount(c.Pay.Headline)
	c.Agency = v.EmployerKind == sendwatch.EmployerAgency || v.PaidBy == sendwatch.EmployerAgency
	if c.Agency {
		c.Client = v.Client
	}
	if v.Entry != "" {
		c.Marks = append(c.Marks, v.Entry.Label())
	}
	if v.Driver == sendwatch.DriverNeeded {
		c.Marks = append(c.Marks, v.Driver.Label())
	}
	return c
}

// amount parts a headline such as "£12.85 an hour (as stated)" after the amount.
func amount(headline string) (lead, rest string) {
	if !strings.HasPrefix(strings.TrimPrefix(strings.TrimPrefix(headline, "from "), "up to "), "£") {
		return headline, ""
	}
	for _, unit := range []string{" a ", " an "} {
		if lead, rest, ok := strings.Cut(headline, unit); ok {
			return lead, strings.TrimSpace(unit) + " " + rest
		}
	}
	return headline, ""
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
	// Figures are the pay in comparable terms, beside what leads.
	Figures []figure
	// Back is the search that led here, and From the place that it looked near; both may
	// be empty. Similar is a search for open posts like this one.
	Back, From, Similar string
	// Sayings are the facts of the work, each with the words that tell it.
	Sayings              []sendwatch.Saying
	Essential, Desirable []sendwatch.Asking
	Advert               []line
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
	History             []sendwatch.Turn
}

// line is a line of the advert. Document is set on those that name the attached
// document that the lines below them stand in.
type line struct{ Text, Document string }

func (s *Site) vacancyPage(w http.ResponseWriter, r *http.Request) error {
	v, err := s.vacancy(r)
	if err != nil {
		return err
	}
	if v.ID != r.PathValue("id") { // an alias: the vacancy lives on under another id
		http.Redirect(w, r, "/vacancies/"+url.PathEscape(v.ID), http.StatusMovedPermanently)
		return nil
	}
	page := vacancyView{
		card:      cardOf(v, nil),
		Sayings:   v.Say(),
		Essential: s.asks(v, taxonomy.Essential),
		Desirable: s.asks(v, taxonomy.Desirable),
		Advert:    advertLines(v.Body),
	}
	sightings, err := s.o.Store.Sightings(r.Context(), v.ID)
	if err != nil {
		return err
	}
	for _, at := range sightings {
		page.Sightings = append(page.Sightings, sightingOf(at))
	}
	if len(v.PossiblySame) > 0 {
		neighbours, err := s.o.Store.Vacancies(r.Context(), v.PossiblySame)
		if err != nil {
			return err
		}
		page.PossiblySame = slices.DeleteFunc(neighbours, func(n *sendwatch.Vacancy) bool { return !n.Announceable() })
	}
	if v.Scope == sendwatch.ScopeIn {
		like := Values(similar(v), "")
		page.Alert, page.Similar = "/alerts/new?"+like.Encode(), address(like)
	}
	page.Figures = figures(&v.Pay, page.Lead, page.Pay.Headline)
	s.cameFrom(&page, r.URL.Query())
	if v.State != sendwatch.VacancyOpen {
		w.Header().Set("X-Robots-Tag", "noindex") // people look for posts that are open
	}
	return s.render(w, http.StatusOK, "vacancy", view{Title: title(v), Data: page})
}

// vacancy is the vacancy whose id, or former id, stands in a request's path, unless
// it is to be shown no longer.
func (s *Site) vacancy(r *http.Request) (*sendwatch.Vacancy, error) {
	v, err := s.o.Store.Vacancy(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	if v.State == sendwatch.VacancyRemoved {
		return nil, errRemoved
	}
	return v, nil
}

// asks lists what a vacancy asks for at a level. Words that only say the same again are
// no evidence worth reading.
func (s *Site) asks(v *sendwatch.Vacancy, level taxonomy.Level) []sendwatch.Asking {
	out := v.Asks(level, s.concept)
	for i := range out {
		a := &out[i]
		a.Evidence = slices.DeleteFunc(a.Evidence, func(e sendwatch.Evidence) bool {
			return e.Document == "" && len(a.Alternatives) == 1 && strings.EqualFold(e.Text, a.Alternatives[0])
		})
	}
	return out
}

// concept is what a thing asked of a candidate is called.
func (s *Site) concept(id string) string { return s.label("concept", id) }

// advertLines are the lines of an advert's text that say something.
func advertLines(body string) []line {
	var out []line
	for text := range strings.SplitSeq(body, "\n") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		name, _ := strings.CutPrefix(text, sendwatch.AttachedHeading)
		if name == text {
			name = ""
		}
		out = append(out, line{Text: text, Document: name})
	}
	return out
}

// title names a vacancy as a browser's tab or history shows it.
func title(v *sendwatch.Vacancy) string {
	if v.Employer == "" {
		return v.Title
	}
	return v.Title + ", " + v.Employer
}

func sightingOf(at sendwatch.Sighting) sighting {
	out := sighting{Source: at.Source, FirstSeen: at.FirstSeen, LastSeen: at.LastSeen, Open: at.Open, History: at.History}
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
