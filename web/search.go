package web

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/search"
)

// searchView is the search page.
type searchView struct {
	Criteria sendwatch.Criteria
	Sorts    []option
	Within   []option
	Groups   []group
	// Chosen are the filters in use, each with the way out of it.
	Chosen  []chip
	Typed   string // the words before correction, when they were corrected
	AsTyped string // address of the same search without correction
	Cards   []card
	Summary string
	Prev    string
	Next    string
	Alert   string
	// Feed, CSV and JSON are the same search for programs.
	Feed, CSV, JSON string
	// Reach is how many posts the pages show, when that is not all of them.
	Reach int
	Relax []relaxation
	// Empty says that nothing is kept at all; Beyond, that the page lies behind the last.
	Empty, Beyond bool
	// Carried is the query that leads from a post back to the search.
	Carried string
	// Asked is the search in words, and AlertHidden the search in the fields of a form
	// that sets an alert for it.
	Asked       string
	AlertHidden []option
	Frequencies []option
	Consent     string
	// Fallback says that the site's own index has stood in for the search engine.
	Fallback bool
	Errors   []mistake
	typed    url.Values
}

// Wrong says what is wrong with a field; empty when nothing is.
func (v searchView) Wrong(field string) string { return wrong(v.Errors, field) }

// Raw is what was typed into a field: a mistake stays to be mended.
func (v searchView) Raw(field string) string { return v.typed.Get(field) }

// Mistaken reports whether a search that failed filled in a field of the filters,
// which are then shown.
func (v searchView) Mistaken() bool {
	return len(v.Errors) > 0 && cmp.Or(v.Raw("min_actual"), v.Raw("min_hourly"), v.Raw("hours_min"), v.Raw("hours_max")) != ""
}

// option is one choice of a form.
type option struct {
	Value, Label string
	Chosen       bool
	Count        int
}

type relaxation struct {
	URL, Text string
	Total     int
}

func (s *Site) searchPage(w http.ResponseWriter, r *http.Request) error {
	typed := r.URL.Query()
	req, err := ParseRequest(typed)
	v := searchView{Criteria: req.Criteria, typed: typed, Within: within(req.Criteria.WithinMiles), Sorts: sorts(req.Sort)}
	var a Answer
	if err == nil {
		a, err = Find(r.Context(), s.o.Search, s.o.Store, s.o.Links.Base, req)
	}
	if err != nil {
		ue := s.publicError(r, err)
		v.Errors = []mistake{{searchField(err), ue.text}}
		v.Groups, v.Chosen = s.groups(req.Criteria, nil, nil), s.chips(req.Criteria, req.Sort)
		return s.render(w, ue.status, "search", view{Title: "Error: the search could not be read", Data: v})
	}
	s.fill(&v, a, req)
	choices, err := s.choices(r.Context(), v.Criteria, a.Facets)
	if err != nil {
		return err
	}
	v.Groups = s.groups(v.Criteria, a.Facets, choices)
	return s.render(w, http.StatusOK, "search", view{Title: s.searchTitle(v.Criteria, a.Total), Feed: v.Feed, Data: v})
}

func (s *Site) searchTitle(c sendwatch.Criteria, total int) string {
	if len(Values(c, "")) == 0 {
		return "SEND and SEMH support posts"
	}
	return clip(s.o.Asked(c, nil), 80) + ": " + posts(total)
}

// fill sets what is shown of an answer.
func (s *Site) fill(v *searchView, found Answer, req search.Request) {
	a := found.answer
	v.Criteria = a.Criteria
	// at is the address of the same search, as it was asked, on another page.
	at := func(page int) string {
		q := Values(a.Criteria, req.Sort)
		if req.AsTyped {
			q.Set("as_typed", "1")
		}
		if req.PerPage > 0 {
			q.Set("per_page", strconv.Itoa(a.PerPage))
		}
		return address(onPage(q, page))
	}
	if a.Corrected {
		v.Typed = req.Criteria.Words
		typed := Values(req.Criteria, req.Sort)
		typed.Set("as_typed", "1")
		v.AsTyped = address(typed)
	}
	for _, h := range found.Hits {
		v.Cards = append(v.Cards, cardOf(h.vacancy, h.Miles))
	}
	divide(v.Cards, a.Sort, a.Page)
	if q := Values(a.Criteria, req.Sort); len(q) > 0 {
		v.Carried = "?" + q.Encode()
	}
	v.Asked, v.AlertHidden = s.o.Asked(a.Criteria, nil), hidden(Values(a.Criteria, ""))
	v.Frequencies, v.Consent = frequencies(sendwatch.Daily), consentWording
	v.Summary = summary(a.Total, a.Page, a.PerPage)
	last := lastPage(&a)
	v.Beyond = a.Total > 0 && a.Page > last
	if prev, ok := before(&a); ok {
		v.Prev = at(prev)
	}
	if after(&a) {
		v.Next = at(a.Page + 1)
	}
	if a.Page == last && a.Page*a.PerPage < a.Total {
		v.Reach = a.Page * a.PerPage
	}
	for to, path := range map[*string]string{&v.Feed: pathFeed, &v.CSV: pathCSV, &v.JSON: pathJSON} {
		q := Values(a.Criteria, req.Sort)
		if req.AsTyped {
			q.Set("as_typed", "1")
		}
		*to = under("", path, q)
	}
	v.Alert = "/alerts/new?" + Values(a.Criteria, "").Encode()
	for _, x := range a.Relax {
		v.Relax = append(v.Relax, relaxation{URL: address(Values(x.Criteria, req.Sort)), Text: relaxText(x), Total: x.Total})
	}
	v.Fallback = a.Fallback
	v.Empty = a.Total == 0 && len(Values(a.Criteria, "")) == 0
	v.Chosen = s.chips(a.Criteria, req.Sort)
}

// divide marks where, in an order by something, those begin that do not state it.
func divide(cards []card, sort search.Sort, page int) {
	var known func(*sendwatch.Vacancy) bool
	var text string
	switch sort {
	case search.SortPay:
		text = "These do not say enough to tell what they pay an hour"
		known = func(v *sendwatch.Vacancy) bool { _, ok := search.HourlyFigure(v); return ok }
	case search.SortActual:
		text = "These do not say enough to tell what they actually pay a year"
		known = func(v *sendwatch.Vacancy) bool { _, ok := search.ActualFigure(v); return ok }
	case search.SortClosing:
		text = "These do not say when they close"
		known = func(v *sendwatch.Vacancy) bool { return v.ClosesAt != nil }
	default:
		return
	}
	for i := range cards {
		if !known(cards[i].V) {
			if i > 0 || page == 1 {
				cards[i].Divider = text
			}
			return
		}
	}
}

// searchField is the field of the search form that a mistake is about; the form when
// none is.
func searchField(err error) string {
	var fe fieldError
	if errors.As(err, &fe) && slices.Contains([]string{"q", "near", "sort", "min_actual", "min_hourly", "hours_min", "hours_max"}, fe.field) {
		return fe.field
	}
	return "search"
}

// address is the search page's address for values.
func address(q url.Values) string {
	if len(q) == 0 {
		return "/"
	}
	return "/?" + q.Encode()
}

func posts(n int) string {
	if n == 1 {
		return "1 post"
	}
	return strconv.Itoa(n) + " posts"
}

func summary(total, page, perPage int) string {
	from := (page-1)*perPage + 1
	switch {
	case total == 0:
		return "No posts found"
	case from > total:
		return fmt.Sprintf("%s, but no page %d", posts(total), page)
	case total <= perPage:
		return posts(total)
	}
	return fmt.Sprintf("%s, showing %d to %d", posts(total), from, min(page*perPage, total))
}

func relaxText(x search.Relaxation) string {
	switch x.Part {
	case "distance":
		return "Look within " + number(x.Criteria.WithinMiles) + " miles"
	case "near":
		return "Look anywhere"
	case "words":
		return "Leave out the words"
	case "stated-pay":
		return "Include posts that do not state their pay"
	case "refuses":
		return "Include what you left out"
	case "pay":
		return "Any pay"
	case "hours":
		return "Any hours"
	case "pattern":
		return "Any working pattern"
	case "support":
		return "Any way of giving support"
	case "entry":
		return "With experience or without"
	case "driver":
		return "Whatever is said of driving"
	case "paid-by":
		return "Whoever pays"
	case "kind":
		return "Single posts and registers"
	}
	return "Any " + strings.ReplaceAll(x.Part, "-", " ")
}

// sorts offers the orders. The first serves both who types words and who does
// not: without words the best match is the newest.
func sorts(chosen search.Sort) []option {
	labels := map[search.Sort]string{
		search.SortRelevance: "Best match", search.SortNewest: "Newest", search.SortClosing: "Closing soonest",
		search.SortDistance: "Nearest", search.SortPay: "Best paid an hour", search.SortActual: "Best paid a year",
	}
	chosen = cmp.Or(chosen, search.SortRelevance)
	var out []option
	for _, v := range search.Sorts() {
		out = append(out, option{Value: string(v), Label: labels[v], Chosen: v == chosen})
	}
	return out
}

// within offers distances, and the one that is asked even when it is none of
// those commonly offered.
func within(chosen float64) []option {
	chosen = cmp.Or(chosen, matcher.DefaultMiles)
	offered := []float64{2, 5, 10, 15, 20, 30, 50}
	if !slices.Contains(offered, chosen) {
		offered = append(offered, chosen)
		slices.Sort(offered)
	}
	var out []option
	for _, m := range offered {
		out = append(out, option{Value: number(m), Label: number(m) + " miles", Chosen: m == chosen})
	}
	return out
}

// hidden lists an address's values as hidden form fields.
func hidden(q url.Values) []option {
	var out []option
	for k, vs := range q {
		for _, v := range vs {
			out = append(out, option{Label: k, Value: v})
		}
	}
	slices.SortFunc(out, func(a, b option) int {
		return cmp.Or(strings.Compare(a.Label, b.Label), strings.Compare(a.Value, b.Value))
	})
	return out
}
