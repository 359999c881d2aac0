package web

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/search"
)

// What a profile is matched with: the posts nearest to home, and the newest whatever
// their place, since a post that does not say where it is may suit as well.
const (
	nearestLooked = 300
	newestLooked  = 100
	fitsPerPage   = 20
)

// fits are what a profile was matched with and what came of it.
type fits struct {
	Strong, Possible int
	// Looked is how many posts were matched, Of how many there are.
	Looked, Of int
	Cards      []fitCard
	Prev, Next string
	// Against counts what stands in the way of the rest, most first.
	Against []option
}

// fitCard is a post that fits, with the reasons in parts.
type fitCard struct {
	card
	Strong bool
	// For says why it fits, Missing what stands against it, Unsure what nobody knows.
	For, Missing, Unsure []string
	Unsaid               []unsaid
}

// unsaid is something that a post asks for and the person did not speak of, with the
// addresses of the same page once they did.
type unsaid struct{ Label, Held, Lacking string }

type fit struct {
	v *sendwatch.Vacancy
	m sendwatch.Match
}

// findFits matches a profile with the posts that may suit it.
func (s *Site) findFits(ctx context.Context, p *profile, page int) (fits, error) {
	ids, of, err := s.reach(ctx, &p.c)
	if err != nil {
		return fits{}, err
	}
	vs, err := s.o.Store.Vacancies(ctx, ids)
	if err != nil {
		return fits{}, err
	}
	out := fits{Of: of}
	var found []fit
	against := map[string]int{}
	for _, v := range vs {
		if !v.Announceable() {
			continue // the index may lag behind
		}
		m, err := s.o.Matcher.Candidate(&p.c, v)
		if err != nil {
			return fits{}, searchError(err)
		}
		out.Looked++
		switch m.Fit {
		case sendwatch.FitStrong:
			out.Strong++
		case sendwatch.FitPossible:
			out.Possible++
		default:
			against[obstacle(&m)]++
			continue
		}
		found = append(found, fit{v, m})
	}
	slices.SortFunc(found, func(a, b fit) int { return cmp.Or(bestFirst(&a.m, &b.m), strings.Compare(a.v.ID, b.v.ID)) })
	for why, n := range against {
		out.Against = append(out.Against, option{Label: why, Count: n})
	}
	slices.SortFunc(out.Against, func(a, b option) int { return cmp.Or(b.Count-a.Count, strings.Compare(a.Label, b.Label)) })
	last := max(1, (len(found)+fitsPerPage-1)/fitsPerPage)
	page = min(max(page, 1), last)
	for _, f := range found[(page-1)*fitsPerPage : min(page*fitsPerPage, len(found))] {
		out.Cards = append(out.Cards, s.fitCard(p, &f))
	}
	at := func(n int) string {
		q := p.values()
		q.Set("page", number(float64(n)))
		return candidateAddress(q)
	}
	if page > 1 {
		out.Prev = at(page - 1)
	}
	if page < last {
		out.Next = at(page + 1)
	}
	return out, nil
}

// bestFirst orders strong fits before possible ones, and within a fit by score.
func bestFirst(a, b *sendwatch.Match) int {
	ranks := []sendwatch.Fit{sendwatch.FitStrong, sendwatch.FitPossible, sendwatch.FitNo}
	return cmp.Or(slices.Index(ranks, a.Fit)-slices.Index(ranks, b.Fit), b.Score-a.Score)
}

// obstacle is what stands in the way of a post that does not fit.
func obstacle(m *sendwatch.Match) string {
	if len(m.BlockedBy) == 0 {
		return "what they ask for"
	}
	if s, ok := map[string]string{
		"distance": "the distance", "pay": "the pay", "hours": "the hours", "contract": "the contract", "setting": "the setting", "refuses": "what you will not do",
	}[m.BlockedBy[0]]; ok {
		return s
	}
	return "what kind of post they are"
}

// reach lists the posts that a candidate is matched with, and says how many there are
// that might be.
func (s *Site) reach(ctx context.Context, c *sendwatch.Candidate) (ids []string, of int, err error) {
	seen := map[string]bool{}
	add := func(criteria sendwatch.Criteria, sort search.Sort, most int) (total int, err error) {
		found, total, err := s.first(ctx, search.Request{Criteria: criteria, Sort: sort}, most)
		for _, id := range found {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
		return total, err
	}
	var criteria sendwatch.Criteria
	if slices.Contains(c.Refuses, string(sendwatch.EmployerAgency)) {
		criteria.Refuses = []string{string(sendwatch.EmployerAgency)}
	}
	if c.HomePostcode == "" {
		of, err = add(criteria, search.SortNewest, nearestLooked+newestLooked)
		return ids, of, err
	}
	around := criteria
	around.Near, around.WithinMiles = c.HomePostcode, anywhere
	if c.RadiusMiles != nil {
		around.WithinMiles = matcher.MarginOfRadius * *c.RadiusMiles
	}
	if of, err = add(around, search.SortDistance, nearestLooked); err != nil {
		return nil, 0, err
	}
	_, err = add(criteria, search.SortNewest, newestLooked)
	return ids, max(of, len(ids)), err
}

// first lists the ids of what a search finds first, at least so many if there are,
// in whole pages, and says how many it finds.
func (s *Site) first(ctx context.Context, r search.Request, most int) (ids []string, total int, err error) {
	r.PerPage = search.MaxPerPage
	for r.Page = 1; (r.Page-1)*r.PerPage < most; r.Page++ {
		a, err := s.o.Search.Search(ctx, r)
		if err != nil {
			return nil, 0, searchError(err)
		}
		total = a.Total
		for _, h := range a.Hits {
			ids = append(ids, h.ID)
		}
		if len(a.Hits) < r.PerPage {
			break
		}
	}
	return ids, total, nil
}

// anywhere is farther than any two places of the country are apart, in miles.
const anywhere = 1000

// fitCard puts a match into parts that a person can act on.
func (s *Site) fitCard(p *profile, f *fit) fitCard {
	out := fitCard{card: cardOf(f.v, f.m.Miles), Strong: f.m.Fit == sendwatch.FitStrong}
	for _, r := range f.m.Reasons {
		switch r.Field {
		case "unmet":
			out.Missing = append(out.Missing, r.Text)
		case "desirable":
			out.Missing = append(out.Missing, r.Text+" (only desirable)")
		case "unknown", "distance":
			// The one follows with its links, the other stands on the card.
		case "pay":
			if p.c.MinAnnualActual != nil || p.c.MinHourly != nil {
				out.For = append(out.For, r.Text)
			}
		default:
			out.For = append(out.For, r.Text)
		}
	}
	for _, doubt := range f.m.BlockedBy {
		if text := doubts[doubt]; text != "" && !out.Strong {
			out.Unsure = append(out.Unsure, text)
		}
	}
	for _, id := range f.m.Unknown {
		out.Unsaid = append(out.Unsaid, s.unsaid(p, f.v, id))
	}
	return out
}

// doubts says what a match is not certain of.
var doubts = map[string]string{
	"distance-margin":     "it is a little farther than you said",
	"distance-unknown":    "the advert does not say well enough where it is",
	"pay-unknown":         "the advert does not say enough about the pay",
	"hours-unknown":       "the advert does not say the hours",
	"contract-unknown":    "the advert does not say what contract it is",
	"refuses-unknown":     "such work may include what you will not do, and the advert does not say",
	"travel-unknown":      "the work moves between places, and you did not say that you drive",
	"requirement-unclear": "it is not clear whether willingness to train is enough",
}

func (s *Site) unsaid(p *profile, v *sendwatch.Vacancy, id string) unsaid {
	out := unsaid{Label: s.concept(id)}
	with := func(change func(url.Values)) string {
		q := p.values()
		change(q)
		return candidateAddress(q)
	}
	held := func(q url.Values) { q.Add("holds", id) }
	if c, ok := s.o.Taxonomy.Concept(id); ok && c.Kind == kindExperience {
		years := 1.0
		for i := range v.Requirements {
			if r := &v.Requirements[i]; r.ID == id && r.MinYears != nil {
				years = *r.MinYears
				out.Label += " (" + yearsText(years) + ")"
			}
		}
		held = func(q url.Values) { q.Set(id, number(years)) }
	}
	out.Held, out.Lacking = with(held), with(func(q url.Values) { q.Add("lacks", id) })
	return out
}

// candidateAddress is the builder's address for a profile, at its results.
func candidateAddress(q url.Values) string { return "/candidate?" + q.Encode() + "#fits" }
