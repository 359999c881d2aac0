package meili

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/meilisearch/meilisearch-go"

	"github.com/sendwatch/sendwatch/search"
)

// generation is raised when what stands in an attribute changes and the layout
// does not show it, so that old documents are not read with new eyes.
const generation = 2

// The attributes of a document. Those of the dimensions have the names of the
// facets.
const (
	attrID = "id"

	// What only the filter asks.
	attrScope = "scope"
	attrMark  = "mark"  // what is simply so or not: see the marks
	attrTerm  = "term"  // the tokens of stems and groups
	attrPrint = "print" // the prints of bigrams
	attrPoint = "point"

	// Numbers that ranges are asked of, absent when unknown. Hours are asked from
	// below and from above, and each has a number rounded its way.
	attrActual    = "actual"
	attrHourly    = "hourly"
	attrHours     = "hours"
	attrHoursMost = "hours_most"

	// What the orders compare, absent when unknown: milliseconds of Unix time, and
	// the hourly and the yearly figure as sortable writes them.
	attrSeen      = "seen"
	attrCloses    = "closes"
	attrPayOrder  = "pay_order"
	attrYearOrder = "year_order"

	// attrWord holds the surface words, for the vocabulary.
	attrWord = "word"

	// attrGeo is the server's own name for a place.
	attrGeo = "_geo"

	// What people read who ask the server themselves.
	attrTitle    = "title"
	attrEmployer = "employer"
	attrClient   = "client"
	attrLocation = "location"
	attrClosesOn = "closes_on"
	attrPay      = "pay"
	attrURL      = "url"
)

// attrLevels hold the tokens that rank, one attribute for each search.Level.
var attrLevels = [search.Levels]string{"level_title", "level_name", "level_throughout", "level_mentioned"}

// The marks.
const (
	markOpen      = "open"
	markAgency    = "agency"
	markLocated   = "located"
	markPayStated = "pay-stated"
	// markVacancy is on every vacancy, and not on the cursor.
	markVacancy = "vacancy"
)

const (
	// maxTotal is how far the server counts hits exactly. It bounds what one page
	// may skip; nothing is reserved for it.
	maxTotal = 1_000_000
	// maxValues is above the number of different words and of different places,
	// which the server is asked to list all of.
	maxValues = 1_000_000
	// cutoff is after how many milliseconds the server would answer with what it
	// has ordered so far. Half an order is none: the caller's own patience ends
	// first.
	cutoff = 60_000
)

// layout is what decides how documents are written and found. Its hash is part
// of the index's uid.
type layout struct {
	Generation int
	Settings   meilisearch.Settings
	Filterable []any
}

// newLayout is the layout without synonyms, which change nothing that is stored.
func newLayout() layout {
	readable := []string{attrTitle, attrEmployer, attrClient, attrLocation, attrPay}
	return layout{
		Generation: generation,
		Settings: meilisearch.Settings{
			// The server gives each searchable attribute its place in this list as
			// the cost of finding a word there, and attributeRank orders by the sum
			// of the least costs of all words: with the levels in front, that is the
			// specification of search.SortRelevance. What follows the sort only
			// serves people who ask without one. The server's own rule "attribute"
			// would also weigh where in an attribute a word stands.
			SearchableAttributes: append(append([]string{}, attrLevels[:]...), readable...),
			RankingRules:         []string{"words", "attributeRank", "sort", "wordPosition", "exactness"},
			DisplayedAttributes: append([]string{
				attrID, attrTitle, attrEmployer, attrClient, attrLocation, attrPay, attrClosesOn, attrURL,
				attrScope, attrActual, attrHourly, attrHours, attrSeen, attrCloses,
				attrPoint, attrGeo, attrCursor, attrSettings,
				attrLevels[search.InTitle], attrLevels[search.InName], attrLevels[search.Throughout],
			}, search.Facets()...),
			SortableAttributes: []string{attrID, attrSeen, attrCloses, attrPayOrder, attrYearOrder, attrHourly, attrActual, attrGeo},
			TypoTolerance: &meilisearch.TypoTolerance{
				Enabled:             false,
				MinWordSizeForTypos: meilisearch.MinWordSizeForTypos{OneTypo: 5, TwoTypos: 9},
				DisableOnWords:      []string{}, DisableOnAttributes: []string{},
			},
			Pagination: &meilisearch.Pagination{MaxTotalHits: maxTotal},
			Faceting: &meilisearch.Faceting{
				MaxValuesPerFacet: maxValues,
				SortFacetValuesBy: map[string]meilisearch.SortFacetType{"*": meilisearch.SortFacetTypeAlpha},
			},
			SearchCutoffMs: cutoff,
			// Pairs of neighbouring words are most of what indexing a text costs, and
			// the levels' words stand in no order that means anything.
			ProximityPrecision: meilisearch.ByAttribute,
			PrefixSearch:       ptr("disabled"),
		},
		Filterable: []any{
			attrGeo,
			rule(false, append([]string{attrScope, attrMark, attrTerm, attrPrint, attrPoint, attrPayOrder, attrYearOrder, attrWord}, search.Facets()...)...),
			rule(true, attrActual, attrHourly, attrHours, attrHoursMost, attrSeen, attrCloses),
		},
	}
}

// rule makes attributes filterable by what is equal and, where asked, by what is
// less and more. None of them is searched for values: that would keep a
// dictionary of each.
func rule(comparison bool, attributes ...string) meilisearch.AttributeRule {
	return meilisearch.AttributeRule{
		AttributePatterns: attributes,
		Features: meilisearch.AttributeFeatures{
			Filter: meilisearch.FilterFeatures{Equality: true, Comparison: comparison},
		},
	}
}

// hashDigits is how long a hash is.
const hashDigits = 12

// hash names what v says. JSON writes maps in the order of their keys.
func hash(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("meili: %T cannot be written as JSON: %v", v, err)) // settings are plain data
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:hashDigits/2])
}

func ptr[T any](v T) *T { return &v }
