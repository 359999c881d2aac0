package meilitest

import (
	"slices"
	"strings"
)

// settingDef is one setting: its name, its part of the address, how it is
// changed there, and how it is read and written.
type settingDef struct {
	name, path, verb string
	code             string
	get              func(s *settings) any
	// set takes a value that is not null, and says whether it is one.
	set func(s *settings, v any) error
	// reset takes the setting back to what it is in a new index.
	reset func(s, fresh *settings)
}

var settingDefs = []settingDef{
	{
		"displayedAttributes", "displayed-attributes", "PUT", "invalid_settings_displayed_attributes",
		func(s *settings) any { return everything(s.displayed) },
		listSetting(func(s *settings, l []string) { s.displayed = unstarred(l) }),
		func(s, fresh *settings) { s.displayed = fresh.displayed },
	},
	{
		"searchableAttributes", "searchable-attributes", "PUT", "invalid_settings_searchable_attributes",
		func(s *settings) any { return everything(s.searchable) },
		listSetting(func(s *settings, l []string) { s.searchable = unstarred(l) }),
		func(s, fresh *settings) { s.searchable = fresh.searchable },
	},
	{
		"filterableAttributes", "filterable-attributes", "PUT", "invalid_settings_filterable_attributes",
		func(s *settings) any { return filterRuleViews(s.filterable) },
		setFilterable,
		func(s, fresh *settings) { s.filterable = fresh.filterable },
	},
	{
		"sortableAttributes", "sortable-attributes", "PUT", "invalid_settings_sortable_attributes",
		func(s *settings) any { return listed(s.sortable) },
		listSetting(func(s *settings, l []string) { s.sortable = sortedSet(l) }),
		func(s, fresh *settings) { s.sortable = fresh.sortable },
	},
	{
		"rankingRules", "ranking-rules", "PUT", "invalid_settings_ranking_rules",
		func(s *settings) any { return listed(s.rankingRules) },
		setRankingRules,
		func(s, fresh *settings) { s.rankingRules = fresh.rankingRules },
	},
	{
		"stopWords", "stop-words", "PUT", "invalid_settings_stop_words",
		func(s *settings) any { return listed(s.stopWords) },
		listSetting(func(s *settings, l []string) { s.stopWords = sortedSet(l) }),
		func(s, fresh *settings) { s.stopWords = fresh.stopWords },
	},
	{
		"nonSeparatorTokens", "non-separator-tokens", "PUT", "invalid_settings_non_separator_tokens",
		func(s *settings) any { return listed(s.nonSeparators) },
		listSetting(func(s *settings, l []string) { s.nonSeparators = sortedSet(l) }),
		func(s, fresh *settings) { s.nonSeparators = fresh.nonSeparators },
	},
	{
		"separatorTokens", "separator-tokens", "PUT", "invalid_settings_separator_tokens",
		func(s *settings) any { return listed(s.separators) },
		listSetting(func(s *settings, l []string) { s.separators = sortedSet(l) }),
		func(s, fresh *settings) { s.separators = fresh.separators },
	},
	{
		"dictionary", "dictionary", "PUT", "invalid_settings_dictionary",
		func(s *settings) any { return listed(s.dictionary) },
		listSetting(func(s *settings, l []string) { s.dictionary = sortedSet(l) }),
		func(s, fresh *settings) { s.dictionary = fresh.dictionary },
	},
	{
		"synonyms", "synonyms", "PUT", "invalid_settings_synonyms",
		func(s *settings) any { return s.synonyms },
		setSynonyms,
		func(s, fresh *settings) { s.synonyms = fresh.synonyms },
	},
	{
		"distinctAttribute", "distinct-attribute", "PUT", "invalid_settings_distinct_attribute",
		func(s *settings) any { return s.distinct },
		func(s *settings, v any) error {
			name, ok := v.(string)
			if !ok {
				return errKind
			}
			s.distinct = &name
			return nil
		},
		func(s, _ *settings) { s.distinct = nil },
	},
	{
		"proximityPrecision", "proximity-precision", "PUT", "invalid_settings_proximity_precision",
		func(s *settings) any { return s.proximity },
		wordSetting(func(s *settings, w string) { s.proximity = w }, "byWord", "byAttribute"),
		func(s, fresh *settings) { s.proximity = fresh.proximity },
	},
	{
		"typoTolerance", "typo-tolerance", "PATCH", "invalid_settings_typo_tolerance",
		func(s *settings) any { return s.typos },
		setTypos,
		func(s, fresh *settings) { s.typos = fresh.typos },
	},
	{
		"faceting", "faceting", "PATCH", "invalid_settings_faceting",
		func(s *settings) any {
			return map[string]any{"maxValuesPerFacet": s.maxValuesPerFacet, "sortFacetValuesBy": s.facetOrder}
		},
		setFaceting,
		func(s, fresh *settings) {
			s.maxValuesPerFacet, s.facetOrder = fresh.maxValuesPerFacet, fresh.facetOrder
		},
	},
	{
		"pagination", "pagination", "PATCH", "invalid_settings_pagination",
		func(s *settings) any { return map[string]any{"maxTotalHits": s.maxTotalHits} },
		setPagination,
		func(s, fresh *settings) { s.maxTotalHits = fresh.maxTotalHits },
	},
	{
		"embedders", "embedders", "PATCH", "invalid_settings_embedders",
		func(*settings) any { return struct{}{} },
		func(_ *settings, v any) error {
			if m, ok := v.(map[string]any); !ok || len(m) > 0 {
				return errKind // This server has no vectors.
			}
			return nil
		},
		func(_, _ *settings) {},
	},
	{
		"searchCutoffMs", "search-cutoff-ms", "PUT", "invalid_settings_search_cutoff_ms",
		func(s *settings) any { return s.cutoff },
		func(s *settings, v any) error {
			n, ok := count(v)
			if !ok {
				return errKind
			}
			s.cutoff = &n
			return nil
		},
		func(s, _ *settings) { s.cutoff = nil },
	},
	{
		"localizedAttributes", "localized-attributes", "PUT", "invalid_settings_localized_attributes", //nolint:misspell // The API spells it so.
		func(s *settings) any { return s.locales },
		func(s *settings, v any) error {
			if _, ok := v.([]any); !ok {
				return errKind
			}
			s.locales = v
			return nil
		},
		func(s, _ *settings) { s.locales = nil },
	},
	{
		"facetSearch", "facet-search", "PUT", "invalid_settings_facet_search",
		func(s *settings) any { return s.facetSearch },
		func(s *settings, v any) error {
			on, ok := v.(bool)
			if !ok {
				return errKind
			}
			s.facetSearch = on
			return nil
		},
		func(s, fresh *settings) { s.facetSearch = fresh.facetSearch },
	},
	{
		"prefixSearch", "prefix-search", "PUT", "invalid_settings_prefix_search",
		func(s *settings) any { return s.prefixSearch },
		wordSetting(func(s *settings, w string) { s.prefixSearch = w }, "indexingTime", "disabled"),
		func(s, fresh *settings) { s.prefixSearch = fresh.prefixSearch },
	},
}

// errKind refuses a value of the wrong kind; the setting gives it its code.
var errKind = fail("", "it is not a value of this setting")

func listSetting(put func(*settings, []string)) func(*settings, any) error {
	return func(s *settings, v any) error {
		list, ok := stringList(v)
		if !ok {
			return errKind
		}
		put(s, list)
		return nil
	}
}

func wordSetting(put func(*settings, string), words ...string) func(*settings, any) error {
	return func(s *settings, v any) error {
		w, ok := v.(string)
		if !ok || !slices.Contains(words, w) {
			return errKind
		}
		put(s, w)
		return nil
	}
}

// unstarred makes a list with a star in it stand for everything.
func unstarred(list []string) []string {
	if slices.Contains(list, "*") {
		return nil
	}
	return list
}

var ruleNames = []string{"words", "typo", "proximity", "attribute", "attributeRank", "wordPosition", "sort", "exactness"}

// setRankingRules takes rules by name and `field:asc`. The rule "attribute" is
// not used together with the two that it is made of.
func setRankingRules(s *settings, v any) error {
	list, ok := stringList(v)
	if !ok {
		return errKind
	}
	for _, rule := range list {
		if !slices.Contains(ruleNames, rule) && !customRule(rule) {
			return fail("", "`%s` ranking rule is invalid", rule)
		}
	}
	split := slices.Contains(list, "attributeRank") || slices.Contains(list, "wordPosition")
	if split && slices.Contains(list, "attribute") {
		return fail("", "`attribute` is used together with `attributeRank` or `wordPosition`")
	}
	s.rankingRules = list
	return nil
}

func customRule(rule string) bool {
	name, ok := strings.CutSuffix(rule, ":asc")
	if !ok {
		name, ok = strings.CutSuffix(rule, ":desc")
	}
	return ok && !strings.HasPrefix(name, "_geo")
}

func setSynonyms(s *settings, v any) error {
	object, ok := v.(map[string]any)
	if !ok {
		return errKind
	}
	synonyms := make(map[string][]string, len(object))
	for word, list := range object {
		if synonyms[word], ok = stringList(list); !ok {
			return errKind
		}
	}
	s.synonyms = synonyms
	return nil
}

// part sets the fields of a setting that is an object: one that is absent
// stays, and one that is null goes back to its default.
func part(v any, code string, fields map[string]func(v any) bool) error {
	read := map[string]field{}
	for name, f := range fields {
		read[name] = field{code, f, "another kind of value"}
	}
	return decodeAs(v, read, code, "")
}

func setTypos(s *settings, v any) error {
	const code = "invalid_settings_typo_tolerance"
	fresh := defaultSettings().typos
	next := s.typos
	flag := func(to *bool, fallback bool) func(any) bool {
		return func(v any) bool {
			on, ok := v.(bool)
			*to = on
			if v == nil {
				*to = fallback
			}
			return ok || v == nil
		}
	}
	set := func(to *[]string) func(any) bool {
		return func(v any) bool {
			list, ok := stringList(v)
			*to = listed(sortedSet(list))
			return ok || v == nil
		}
	}
	size := func(to *int, fallback int) func(any) bool {
		return func(v any) bool {
			n, ok := count(v)
			*to = n
			if v == nil {
				*to = fallback
			}
			return ok && n <= 255 || v == nil
		}
	}
	err := part(v, code, map[string]func(any) bool{
		"enabled": flag(&next.Enabled, true), "disableOnNumbers": flag(&next.DisableOnNumbers, false),
		"disableOnWords": set(&next.DisableOnWords), "disableOnAttributes": set(&next.DisableOnAttributes),
		"minWordSizeForTypos": func(v any) bool {
			if v == nil {
				next.MinWordSize = fresh.MinWordSize
				return true
			}
			return part(v, code, map[string]func(any) bool{
				"oneTypo":  size(&next.MinWordSize.OneTypo, fresh.MinWordSize.OneTypo),
				"twoTypos": size(&next.MinWordSize.TwoTypos, fresh.MinWordSize.TwoTypos),
			}) == nil && next.MinWordSize.OneTypo <= next.MinWordSize.TwoTypos
		},
	})
	if err != nil {
		return err
	}
	s.typos = next
	return nil
}

func setFaceting(s *settings, v any) error {
	const code = "invalid_settings_faceting"
	fresh := defaultSettings()
	order, limit := s.facetOrder, s.maxValuesPerFacet
	err := part(v, code, map[string]func(any) bool{
		"maxValuesPerFacet": func(v any) bool {
			n, ok := count(v)
			limit = n
			if v == nil {
				limit = fresh.maxValuesPerFacet
			}
			return ok || v == nil
		},
		"sortFacetValuesBy": func(v any) bool {
			// The orders are replaced, not added to.
			order = defaultSettings().facetOrder
			if v == nil {
				return true
			}
			object, ok := v.(map[string]any)
			for name, by := range object {
				word, isText := by.(string)
				ok = ok && isText && (word == "alpha" || word == "count")
				order[name] = word
			}
			return ok
		},
	})
	if err != nil {
		return err
	}
	s.maxValuesPerFacet, s.facetOrder = limit, order
	return nil
}

func setPagination(s *settings, v any) error {
	limit := s.maxTotalHits
	err := part(v, "invalid_settings_pagination", map[string]func(any) bool{
		"maxTotalHits": func(v any) bool {
			n, ok := count(v)
			limit = n
			if v == nil {
				limit = defaultSettings().maxTotalHits
			}
			return ok && n > 0 || v == nil
		},
	})
	if err != nil {
		return err
	}
	s.maxTotalHits = limit
	return nil
}
