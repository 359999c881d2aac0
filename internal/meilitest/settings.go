package meilitest

import (
	"maps"
	"slices"
)

// settings are an index's settings. Lists that are sets are kept sorted.
type settings struct {
	// displayed and searchable are nil for everything.
	displayed, searchable []string
	filterable            []filterRule
	sortable              []string
	rankingRules          []string
	stopWords             []string
	separators            []string
	nonSeparators         []string
	dictionary            []string
	synonyms              map[string][]string
	distinct              *string
	proximity             string
	typos                 typoSettings
	maxValuesPerFacet     int
	facetOrder            map[string]string
	maxTotalHits          int
	cutoff                *int
	locales               any
	facetSearch           bool
	prefixSearch          string
}

type typoSettings struct {
	Enabled             bool      `json:"enabled"`
	MinWordSize         typoSizes `json:"minWordSizeForTypos"`
	DisableOnWords      []string  `json:"disableOnWords"`
	DisableOnAttributes []string  `json:"disableOnAttributes"`
	DisableOnNumbers    bool      `json:"disableOnNumbers"`
}

type typoSizes struct {
	OneTypo  int `json:"oneTypo"`
	TwoTypos int `json:"twoTypos"`
}

// defaultRules are the ranking rules of version 1.50; before that a single rule
// "attribute" stood where attributeRank does, and "wordPosition" was a part of it.
var defaultRules = []string{"words", "typo", "proximity", "attributeRank", "sort", "wordPosition", "exactness"}

func defaultSettings() settings {
	return settings{
		rankingRules: slices.Clone(defaultRules), synonyms: map[string][]string{}, proximity: "byWord",
		typos: typoSettings{
			Enabled: true, MinWordSize: typoSizes{OneTypo: 5, TwoTypos: 9}, DisableOnWords: []string{}, DisableOnAttributes: []string{},
		},
		maxValuesPerFacet: 100, facetOrder: map[string]string{"*": "alpha"}, maxTotalHits: 1000,
		facetSearch: true, prefixSearch: "indexingTime",
	}
}

// clone is a copy that can be changed without the first one noticing.
func (s *settings) clone() settings {
	c := *s
	c.facetOrder = maps.Clone(s.facetOrder)
	return c
}

// view is all settings as they are told.
func (s *settings) view() map[string]any {
	v := map[string]any{}
	for _, def := range settingDefs {
		v[def.name] = def.get(s)
	}
	return v
}

func listed(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func everything(list []string) []string {
	if list == nil {
		return []string{"*"}
	}
	return list
}

func sortedSet(list []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(list)))
}
