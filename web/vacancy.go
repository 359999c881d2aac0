package web

import (
	"net/http"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// card is a vacancy in a list.
type card struct {
	V         *sendwatch.Vacancy
	Pay       pay.Words
	Hours     string
	Miles     *float64
	Agency    bool
	Essential int
}

func cardOf(v *sendwatch.Vacancy, miles *float64) card {
	c := card{V: v, Pay: v.Pay.Say(), Hours: hoursText(v.Pay), Miles: miles, Agency: v.EmployerKind == sendwatch.EmployerAgency}
	for _, r := range v.Requirements {
		if r.Level == taxonomy.Essential {
			c.Essential++
		}
	}
	return c
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
	for _, s := range []*string{o.WorkingPattern, o.Contract} {
		if s != nil {
			parts = append(parts, strings.ReplaceAll(*s, "-", " "))
		}
	}
	return strings.Join(parts, ", ")
}

// vacancyView is a vacancy's own page.
type vacancyView struct {
	card
	Paragraphs           []string
	Essential, Desirable []asked
	Duties               []string
	PossiblySame         []*sendwatch.Vacancy
	Alert                string
}

// asked is a requirement with the alternatives of its group.
type asked struct {
	Labels   []string
	Evidence string
	Years    string
}

func (s *Site) vacancyPage(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	v, err := s.o.Store.Vacancy(r.Context(), id)
	if err != nil {
		return err
	}
	if v.ID != id { // an alias: the vacancy lives on under another id
		http.Redirect(w, r, "/vacancies/"+v.ID, http.StatusMovedPermanently)
		return nil
	}
	page := vacancyView{card: cardOf(v, nil)}
	for _, p := range strings.Split(v.Body, "\n") {
		if p = strings.TrimSpace(p); p != "" {
			page.Paragraphs = append(page.Paragraphs, p)
		}
	}
	page.Essential = s.asked(v.Requirements, taxonomy.Essential)
	page.Desirable = s.asked(v.Requirements, taxonomy.Desirable)
	if len(v.PossiblySame) > 0 {
		if page.PossiblySame, err = s.o.Store.Vacancies(r.Context(), v.PossiblySame); err != nil {
			return err
		}
	}
	if v.Scope == sendwatch.ScopeIn {
		page.Alert = "/alerts/new?" + Values(similar(v), "").Encode()
	}
	return s.render(w, http.StatusOK, "vacancy", view{Title: v.Title, Data: page})
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
		if r.AnyOfGroup != nil {
			if i, ok := group[*r.AnyOfGroup]; ok {
				out[i].Labels = append(out[i].Labels, s.label(r.ID))
				continue
			}
			group[*r.AnyOfGroup] = len(out)
		}
		a := asked{Labels: []string{s.label(r.ID)}, Evidence: r.Evidence}
		if r.MinYears != nil {
			a.Years = yearsText(*r.MinYears)
		}
		out = append(out, a)
	}
	return out
}

func yearsText(y float64) string {
	switch {
	case y == 1:
		return "1 year"
	case y < 1:
		return number(float64(int(y*12+0.5))) + " months"
	}
	return number(y) + " years"
}
