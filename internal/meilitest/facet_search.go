package meilitest

import (
	"net/http"
	"slices"
	"strings"
)

// facetHit is a value of a field that was looked for.
type facetHit struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// facetSearch looks for values of one field among the documents of a search.
func facetSearch(c *call) (int, any, error) {
	body, err := c.json()
	if err != nil {
		return 0, nil, err
	}
	r := newSearch()
	all := r.fields()
	fields := map[string]field{
		"facetName":            optionalString("invalid_facet_search_facet_name", &r.facetName),
		"facetQuery":           optionalString("invalid_facet_search_query", &r.facetQuery),
		"exhaustiveFacetCount": boolField("invalid_facet_search_exhaustive_facet_count", &r.exhaustive),
	}
	for _, name := range []string{"q", "filter", "matchingStrategy", "attributesToSearchOn", "rankingScoreThreshold", "locales", "hybrid", "vector", "media", "useNetwork"} {
		fields[name] = all[name]
	}
	// Whatever else is given is taken and not looked at.
	object, _ := body.(map[string]any)
	for name := range object {
		if _, ok := fields[name]; !ok {
			fields[name] = ignored
		}
	}
	if err := decode(body, fields); err != nil {
		return 0, nil, err
	}
	if r.facetName == nil {
		return 0, nil, fail("missing_facet_search_facet_name", "Missing field `facetName`.")
	}
	c.s.mu.RLock()
	defer c.s.mu.RUnlock()
	x, err := c.index()
	if err != nil {
		return 0, nil, err
	}
	hits, err := c.s.facetHits(x, r)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]any{"facetHits": hits, "facetQuery": r.facetQuery, "processingTimeMs": 0}, nil
}

func (s *Server) facetHits(x *index, r *search) ([]facetHit, error) {
	if !x.settings.facetSearch {
		return nil, fail("facet_search_disabled", "The facet search is disabled for this index.")
	}
	if a, ok := x.settings.filtering(*r.facetName); !ok || !a.facetSearch {
		return nil, fail("invalid_facet_search_facet_name", "Attribute `%s` is not facet-searchable. Filterable are: %s.",
			*r.facetName, quoted(x.settings.filterablePatterns()))
	}
	found, err := s.find(x, r)
	if err != nil {
		return nil, err
	}
	counts := countValues(*r.facetName, found.docs())
	counts = slices.DeleteFunc(counts, func(f facetCount) bool { return f.text == "" || !x.settings.fitsFacet(f.text, r.facetQuery) })
	order, ok := x.settings.facetOrder[*r.facetName]
	if !ok {
		order = x.settings.facetOrder["*"]
	}
	counts.sort(order)
	hits := []facetHit{}
	for _, f := range counts[:min(len(counts), x.settings.maxValuesPerFacet)] {
		hits = append(hits, facetHit{f.value, f.count})
	}
	return hits, nil
}

// fitsFacet says whether a value is looked for: each word of the query must be
// in it in order, the last one as a prefix, with the usual tolerance of typing
// mistakes.
func (s *settings) fitsFacet(value string, query *string) bool {
	if text(query) == "" {
		return true
	}
	asked, words := foldWord(strings.TrimSpace(*query)), foldWord(value)
	if strings.HasPrefix(words, asked) {
		return true
	}
	most := s.tolerance(asked)
	return most > 0 && distance(asked, words, true, most) <= most
}
