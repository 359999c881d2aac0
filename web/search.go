package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
)

// searchView is the search page.
type searchView struct {
	Criteria  sendwatch.Criteria
	Sort      search.Sort
	Sorts     []option
	Within    []option
	Groups    []group
	Answer    Answer
	Typed     string // the words before correction, when they were corrected
	AsTyped   string // address of the same search without correction
	Cards     []card
	Summary   string
	Prev      string
	Next      string
	Alert     string
	Relax     []relaxation
	Error     string
	Filtering bool
}

type option struct {
	Value, Label string
	Chosen       bool
	Count        int
}

// group is one set of filter boxes.
type group struct {
	Name, Label string
	Options     []option
	Open        bool
}

type relaxation struct {
	URL, Text string
	Total     int
}

func (s *Site) searchPage(w http.ResponseWriter, r *http.Request) error {
	req, err := ParseRequest(r.URL.Query())
	v := searchView{Criteria: req.Criteria, Sort: req.Sort}
	status := http.StatusOK
	if err == nil {
		v.Answer, err = Find(r.Context(), s.o.Search, s.o.Store, s.o.Links.Base, req)
	}
	if err != nil {
		ue := s.publicError(r, err)
		status, v.Error = ue.status, ue.text
	} else {
		s.fill(&v, req)
	}
	v.Within = within(req.Criteria.WithinMiles)
	v.Sorts = sorts(v.Sort)
	v.Groups = s.groups(req.Criteria, v.Answer.Facets)
	return s.render(w, status, "search", view{Title: "SEND and SEMH support posts", Data: v})
}

// fill sets what is shown of an answer.
func (s *Site) fill(v *searchView, req search.Request) {
	a := v.Answer.answer
	v.Criteria, v.Sort = a.Criteria, a.Sort
	if a.Corrected {
		v.Typed = req.Criteria.Words
		typed := Values(req.Criteria, req.Sort)
		typed.Set("as_typed", "1")
		v.AsTyped = "/?" + typed.Encode()
	}
	for _, h := range v.Answer.Hits {
		v.Cards = append(v.Cards, cardOf(h.vacancy, h.Miles))
	}
	v.Summary = summary(a.Total, a.Page, a.PerPage)
	at := func(page int) string {
		q := Values(a.Criteria, req.Sort)
		q.Set("page", fmt.Sprint(page))
		return "/?" + q.Encode()
	}
	if a.Page > 1 {
		v.Prev = at(a.Page - 1)
	}
	if a.Page*a.PerPage < a.Total {
		v.Next = at(a.Page + 1)
	}
	v.Alert = "/alerts/new?" + Values(a.Criteria, "").Encode()
	for _, x := range a.Relax {
		v.Relax = append(v.Relax, relaxation{URL: "/?" + Values(x.Criteria, req.Sort).Encode(), Text: relaxText(x), Total: x.Total})
	}
	v.Filtering = len(Values(a.Criteria, "")) > 0
}

func summary(total, page, perPage int) string {
	switch {
	case total == 0:
		return "No posts found"
	case total == 1:
		return "1 post"
	case total <= perPage:
		return fmt.Sprintf("%d posts", total)
	}
	from := (page-1)*perPage + 1
	if from > total {
		return fmt.Sprintf("%d posts, but no page %d", total, page)
	}
	return fmt.Sprintf("%d posts, showing %d to %d", total, from, min(page*perPage, total))
}

func relaxText(x search.Relaxation) string {
	switch x.Part {
	case "distance":
		return "look twice as far"
	case "near":
		return "look anywhere"
	case "words":
		return "without the words"
	case "stated-pay":
		return "include posts that do not state their pay"
	case "refuses":
		return "without your exclusions"
	}
	return "any " + strings.ReplaceAll(x.Part, "-", " ")
}

func sorts(chosen search.Sort) []option {
	labels := map[search.Sort]string{
		search.SortRelevance: "Best match", search.SortNewest: "Newest", search.SortClosing: "Closing soonest",
		search.SortDistance: "Nearest", search.SortPay: "Best paid an hour",
	}
	var out []option
	for _, v := range search.Sorts() {
		out = append(out, option{Value: string(v), Label: labels[v], Chosen: v == chosen})
	}
	return out
}

func within(chosen float64) []option {
	var out []option
	for _, m := range []int{2, 5, 10, 15, 20, 30, 50} {
		out = append(out, option{Value: fmt.Sprint(m), Label: fmt.Sprintf("%d miles", m), Chosen: float64(m) == chosen || (chosen == 0 && m == 15)})
	}
	return out
}

// groups builds the filter boxes: every value that the result counts, and every
// value that is chosen already.
func (s *Site) groups(c sendwatch.Criteria, facets map[string][]search.Facet) []group {
	defs := []struct {
		name, label, facet string
		chosen             []string
	}{
		{"role", "Role", search.FacetRole, c.Roles},
		{"need", "Need", search.FacetNeed, c.Needs},
		{"setting", "Setting", search.FacetSetting, c.Settings},
		{"phase", "Phase", search.FacetPhase, c.Phases},
		{"contract", "Contract", search.FacetContract, c.Contracts},
		{"pattern", "Working pattern", search.FacetPattern, c.Patterns},
	}
	var out []group
	for _, d := range defs {
		g := group{Name: d.name, Label: d.label, Open: len(d.chosen) > 0}
		for _, f := range facets[d.facet] {
			g.Options = append(g.Options, option{Value: f.Value, Label: s.label(f.Value), Count: f.Count, Chosen: slices.Contains(d.chosen, f.Value)})
		}
		for _, id := range d.chosen {
			if !slices.ContainsFunc(g.Options, func(o option) bool { return o.Value == id }) {
				g.Options = append(g.Options, option{Value: id, Label: s.label(id), Chosen: true})
			}
		}
		if len(g.Options) > 0 {
			out = append(out, g)
		}
	}
	return append(out, refusals(c.Refuses))
}

func refusals(chosen []string) group {
	g := group{Name: "refuse", Label: "Leave out", Open: len(chosen) > 0}
	for _, o := range []option{
		{Value: "agency", Label: "Agency adverts"},
		{Value: string(sendwatch.DutyPersonalCare), Label: "Personal care"},
		{Value: string(sendwatch.DutyPhysicalIntervention), Label: "Physical intervention"},
		{Value: string(sendwatch.DutyDriving), Label: "Driving"},
	} {
		o.Chosen = slices.Contains(chosen, o.Value)
		g.Options = append(g.Options, o)
	}
	return g
}

// hidden lists an address's values as hidden form fields.
func hidden(q url.Values) []option {
	var out []option
	for k, vs := range q {
		for _, v := range vs {
			out = append(out, option{Label: k, Value: v})
		}
	}
	slices.SortFunc(out, func(a, b option) int { return strings.Compare(a.Label+"\x00"+a.Value, b.Label+"\x00"+b.Value) })
	return out
}
