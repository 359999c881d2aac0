package meilitest

import (
	"slices"
)

// search is one search as it is asked.
type search struct {
	q                    *string
	offset, limit        int
	page, hitsPerPage    *int
	retrieve, crop       []string
	cropLength           int
	cropMarker           string
	highlight            []string
	preTag, postTag      string
	positions            bool
	filter               any
	sort                 []string
	distinct             *string
	facets               []string
	strategy             string
	on                   []string
	score, scoreDetails  bool
	threshold            *float64
	locales              []string
	vectors, performance bool
	// The fields of the other routes that search.
	uid                   *string
	federationOptions     any
	federated             bool
	facetName, facetQuery *string
	exhaustive            bool
}

func newSearch() *search {
	return &search{limit: 20, cropLength: 10, cropMarker: "…", preTag: "<em>", postTag: "</em>", strategy: "last"}
}

// fields are those of a search's body.
func (r *search) fields() map[string]field {
	f := map[string]field{
		"q": optionalString("invalid_search_q", &r.q), "offset": countField("invalid_search_offset", &r.offset),
		"limit": countField("invalid_search_limit", &r.limit), "page": optionalCount("invalid_search_page", &r.page),
		"hitsPerPage":           optionalCount("invalid_search_hits_per_page", &r.hitsPerPage),
		"attributesToRetrieve":  stringsField("invalid_search_attributes_to_retrieve", &r.retrieve),
		"attributesToCrop":      stringsField("invalid_search_attributes_to_crop", &r.crop),
		"cropLength":            countField("invalid_search_crop_length", &r.cropLength),
		"cropMarker":            stringField("invalid_search_crop_marker", &r.cropMarker),
		"attributesToHighlight": stringsField("invalid_search_attributes_to_highlight", &r.highlight),
		"highlightPreTag":       stringField("invalid_search_highlight_pre_tag", &r.preTag),
		"highlightPostTag":      stringField("invalid_search_highlight_post_tag", &r.postTag),
		"showMatchesPosition":   boolField("invalid_search_show_matches_position", &r.positions),
		"filter":                anyField(&r.filter), "sort": stringsField("invalid_search_sort", &r.sort),
		"distinct": optionalString("invalid_search_distinct", &r.distinct), "facets": stringsField("invalid_search_facets", &r.facets),
		"matchingStrategy":        oneOf("invalid_search_matching_strategy", &r.strategy, "last", "all", "frequency"),
		"attributesToSearchOn":    stringsField("invalid_search_attributes_to_search_on", &r.on),
		"showRankingScore":        boolField("invalid_search_show_ranking_score", &r.score),
		"showRankingScoreDetails": boolField("invalid_search_show_ranking_score_details", &r.scoreDetails),
		"rankingScoreThreshold":   scoreField("invalid_search_ranking_score_threshold", &r.threshold),
		"locales":                 localesField(&r.locales),
		"retrieveVectors":         boolField("invalid_search_retrieve_vectors", &r.vectors),
		"showPerformanceDetails":  boolField("invalid_search_show_performance_details", &r.performance),
		"hybrid":                  absent("invalid_search_hybrid_query"), "vector": absent("missing_search_hybrid"),
		"media": absent("invalid_search_media"), "useNetwork": absent("invalid_search_use_network"),
		"personalize": absent("invalid_search_personalize"), //nolint:misspell // The API spells it so.
	}
	return f
}

// localesField takes codes of languages, of two letters or three.
func localesField(to *[]string) field {
	f := stringsField("invalid_search_locales", to)
	return field{f.code, func(v any) bool {
		return f.read(v) && !slices.ContainsFunc(*to, func(l string) bool { return len(l) < 2 || len(l) > 3 })
	}, "an array of languages"}
}

// queryOfSearch reads a search from an address: names as in a body, lists with
// commas.
func queryOfSearch(c *call, r *search) error {
	var q string
	var filter string
	page, perPage := -1, -1
	params := map[string]param{
		"q": textParam("invalid_search_q", &q), "offset": countParam("invalid_search_offset", &r.offset),
		"limit": countParam("invalid_search_limit", &r.limit), "page": countParam("invalid_search_page", &page),
		"hitsPerPage":           countParam("invalid_search_hits_per_page", &perPage),
		"attributesToRetrieve":  plainList("invalid_search_attributes_to_retrieve", &r.retrieve),
		"attributesToCrop":      plainList("invalid_search_attributes_to_crop", &r.crop),
		"cropLength":            countParam("invalid_search_crop_length", &r.cropLength),
		"cropMarker":            textParam("invalid_search_crop_marker", &r.cropMarker),
		"attributesToHighlight": plainList("invalid_search_attributes_to_highlight", &r.highlight),
		"highlightPreTag":       textParam("invalid_search_highlight_pre_tag", &r.preTag),
		"highlightPostTag":      textParam("invalid_search_highlight_post_tag", &r.postTag),
		"showMatchesPosition":   boolParam("invalid_search_show_matches_position", &r.positions),
		"filter":                textParam("invalid_search_filter", &filter), "sort": sortParam(&r.sort),
		"facets": plainList("invalid_search_facets", &r.facets), "attributesToSearchOn": plainList("invalid_search_attributes_to_search_on", &r.on),
		"matchingStrategy": {"invalid_search_matching_strategy", func(s string) bool {
			r.strategy = s
			return slices.Contains([]string{"last", "all", "frequency"}, s)
		}},
		"distinct":                {"invalid_search_distinct", func(s string) bool { r.distinct = &s; return true }},
		"showRankingScore":        boolParam("invalid_search_show_ranking_score", &r.score),
		"showRankingScoreDetails": boolParam("invalid_search_show_ranking_score_details", &r.scoreDetails),
		"rankingScoreThreshold": {"invalid_search_ranking_score_threshold", func(s string) bool {
			f, ok := filterNumber(s)
			r.threshold = &f
			return ok && f >= 0 && f <= 1
		}},
		"locales": plainList("invalid_search_locales", &r.locales), "retrieveVectors": boolParam("invalid_search_retrieve_vectors", &r.vectors),
	}
	if err := decodeQuery(c.query, params); err != nil {
		return err
	}
	if c.query.Has("q") {
		r.q = &q
	}
	if page >= 0 {
		r.page = &page
	}
	if perPage >= 0 {
		r.hitsPerPage = &perPage
	}
	if filter != "" {
		r.filter = filter
		if v, err := parseJSON([]byte(filter)); err == nil {
			if array, ok := v.([]any); ok {
				r.filter = array
			}
		}
	}
	return nil
}

// plainList reads names separated by commas, a star among them as it is.
func plainList(code string, to *[]string) param {
	return param{code, func(s string) bool { *to = splitCommas(s); return true }}
}

func splitCommas(s string) []string {
	var list []string
	for part := range commaParts(s) {
		list = append(list, part)
	}
	return list
}

// sortParam reads a list in which a geographic point has a comma of its own.
func sortParam(to *[]string) param {
	return param{"invalid_search_sort", func(s string) bool { *to = splitCommas(s); return true }}
}

// commaParts cuts at commas that are not inside parentheses.
func commaParts(s string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		start, depth := 0, 0
		for i := range len(s) {
			switch s[i] {
			case '(':
				depth++
			case ')':
				depth--
			case ',':
				if depth == 0 {
					if !yield(s[start:i]) {
						return
					}
					start = i + 1
				}
			}
		}
		yield(s[start:])
	}
}
