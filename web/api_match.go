package web

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
)

// The bounds of a candidate and of what is matched at once.
const (
	maxMatched  = 200 // vacancies
	maxConcepts = 300 // values of one list of a candidate
	maxSummary  = 4000
)

// matchAsked is what POST /api/v1/match takes.
type matchAsked struct {
	Candidate *sendwatch.Candidate `json:"candidate"`
	// Vacancies are ids. Without any, the newest that Query finds are matched: a
	// search as an address holds it.
	Vacancies []string `json:"vacancies,omitempty"`
	Query     string   `json:"query,omitempty"`
}

// matched is what it answers.
type matched struct {
	// Total is how many vacancies were asked about, Considered how many of them
	// were matched.
	Total      int `json:"total"`
	Considered int `json:"considered"`
	Strong     int `json:"strong"`
	Possible   int `json:"possible"`
	No         int `json:"no"`
	// Missing are ids that no open vacancy has.
	Missing []string `json:"missing,omitempty"`
	// NotUnderstood are the candidate's ids that the taxonomy lacks; they count for
	// nothing.
	NotUnderstood []string `json:"not_understood,omitempty"`
	// Fits stand best first. What does not fit is listed where it was asked for by
	// its id.
	Fits []matchedFit `json:"fits"`
}

// matchedFit is how well one vacancy suits, and which it is.
type matchedFit struct {
	sendwatch.Match
	Title    string     `json:"title"`
	Employer string     `json:"employer"`
	Location string     `json:"location"`
	Pay      string     `json:"pay"`
	Closes   *time.Time `json:"closes_at,omitempty"`
	URL      string     `json:"url"`
}

// apiMatch matches a candidate. What it is sent leaves no trace.
func (s *Site) apiMatch(w http.ResponseWriter, r *http.Request) error {
	asked, err := readMatch(r)
	if err != nil {
		return err
	}
	if home := asked.Candidate.HomePostcode; home != "" { // also when there is nothing to match
		if _, err := s.o.Matcher.Gazetteer.Find(home); err != nil {
			return searchError(err)
		}
	}
	found, total, err := s.toMatch(r, asked)
	if err != nil {
		return err
	}
	out := matched{Total: total, NotUnderstood: s.unknownConcepts(asked.Candidate), Fits: []matchedFit{}}
	out.Missing = slices.DeleteFunc(slices.Clone(asked.Vacancies), func(id string) bool {
		return slices.ContainsFunc(found, func(v *sendwatch.Vacancy) bool { return v.ID == id || slices.Contains(v.Aliases, id) })
	})
	for _, v := range found {
		m, err := s.o.Matcher.Candidate(asked.Candidate, v)
		if err != nil {
			return searchError(err)
		}
		out.Considered++
		switch m.Fit {
		case sendwatch.FitStrong:
			out.Strong++
		case sendwatch.FitPossible:
			out.Possible++
		case sendwatch.FitNo:
			out.No++
			if len(asked.Vacancies) == 0 {
				continue
			}
		}
		out.Fits = append(out.Fits, matchedFit{
			Match: m, Title: v.Title, Employer: v.Employer, Location: v.Location, Pay: v.Pay.Say().Headline, Closes: v.ClosesAt,
			URL: s.o.Links.Base + "/vacancies/" + url.PathEscape(v.ID),
		})
	}
	slices.SortStableFunc(out.Fits, func(a, b matchedFit) int { return bestFirst(&a.Match, &b.Match) })
	return s.json(w, out)
}

// toMatch reads the vacancies that are asked about, and says how many there are.
func (s *Site) toMatch(r *http.Request, asked *matchAsked) ([]*sendwatch.Vacancy, int, error) {
	ctx := r.Context()
	ids, total := asked.Vacancies, len(asked.Vacancies)
	if len(ids) == 0 {
		q, err := url.ParseQuery(strings.TrimPrefix(asked.Query, "?"))
		if err != nil {
			return nil, 0, badRequest("query cannot be read: write a search as in the address of GET %s, such as q=autism&near=Leeds.", pathAPI)
		}
		req, err := ParseRequest(q)
		if err != nil {
			return nil, 0, err
		}
		if req.Sort == "" {
			req.Sort = search.SortNewest
		}
		if ids, total, err = s.first(ctx, req, maxMatched); err != nil {
			return nil, 0, err
		}
	}
	vs, err := s.o.Store.Vacancies(ctx, ids)
	if err != nil {
		return nil, 0, err
	}
	vs = slices.DeleteFunc(vs, func(v *sendwatch.Vacancy) bool { return !v.Announceable() })
	at := make(map[string]int, len(ids))
	for i, id := range ids {
		at[id] = i
	}
	slices.SortFunc(vs, func(a, b *sendwatch.Vacancy) int { return cmp.Compare(at[a.ID], at[b.ID]) })
	return vs, total, nil
}

// readMatch reads a body, and refuses one that is none of ours in words.
func readMatch(r *http.Request) (*matchAsked, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, errType
	}
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, formError(err)
	}
	if !utf8.Valid(b) {
		return nil, badRequest("The body is not UTF-8.")
	}
	var out matchAsked
	if err := json.Unmarshal(b, &out); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return nil, badRequest("%s should not be a JSON %s; /api/openapi.json says what it is.", clip(wrong.Field, 80), wrong.Value)
		}
		return nil, badRequest("The body is not JSON that can be read.")
	}
	return &out, out.check()
}

// check refuses what is too much, and numbers that none of us would mean.
func (m *matchAsked) check() error {
	c := m.Candidate
	switch {
	case c == nil:
		return badRequest("candidate is missing: say what the person holds and wants.")
	case len(m.Vacancies) > 0 && m.Query != "":
		return badRequest("Name vacancies or give a query, not both.")
	case len(m.Vacancies) > maxMatched:
		return badRequest("vacancies names more than %d; please ask in parts.", maxMatched)
	case utf8.RuneCountInString(c.Summary) > maxSummary:
		return badRequest("candidate.summary is longer than %d characters.", maxSummary)
	case utf8.RuneCountInString(c.HomePostcode) > maxWords, len(c.ID) > maxID:
		return badRequest("candidate.home_postcode or candidate.id is too long.")
	case len(c.Experience) > maxConcepts:
		return badRequest("candidate.experience has more than %d entries.", maxConcepts)
	}
	for _, list := range []struct {
		name string
		of   []string
	}{
		{"vacancies", m.Vacancies},
		{"holds", c.Holds},
		{"not_said", c.NotSaid},
		{"working_towards", c.WorkingTowards},
		{"degree_subjects", c.DegreeSubjects},
		{"contracts", c.Contracts},
		{"settings_wanted", c.SettingsWanted},
		{"settings_refused", c.SettingsRefused},
		{"needs_wanted", c.NeedsWanted},
		{"phases_wanted", c.PhasesWanted},
		{"refuses", c.Refuses},
	} {
		if len(list.of) > maxConcepts {
			return badRequest("%s has more than %d values.", list.name, maxConcepts)
		}
		if slices.ContainsFunc(list.of, func(id string) bool { return len(id) > maxID }) {
			return badRequest("A value of %s is longer than %d bytes, and none of ours.", list.name, maxID)
		}
	}
	numbers := []*float64{c.RadiusMiles, c.MinAnnualActual, c.MinHourly, c.Hours.Min, c.Hours.Max}
	for i := range c.Experience {
		if len(c.Experience[i].ID) > maxID {
			return badRequest("A value of experience is longer than %d bytes, and none of ours.", maxID)
		}
		numbers = append(numbers, &c.Experience[i].Years)
	}
	if slices.ContainsFunc(numbers, func(x *float64) bool { return x != nil && (*x < 0 || *x > maxNumber) }) {
		return badRequest("A number of the candidate is below 0 or above %d.", int(maxNumber))
	}
	return nil
}

// unknownConcepts are the ids of a candidate that the taxonomy lacks.
func (s *Site) unknownConcepts(c *sendwatch.Candidate) []string {
	ids := slices.Concat(c.Holds, c.NotSaid, c.WorkingTowards)
	for _, e := range c.Experience {
		ids = append(ids, e.ID)
	}
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id string) bool {
		_, known := s.o.Taxonomy.Concept(id)
		return known
	})
}
