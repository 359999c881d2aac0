package embedded

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/mapping"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/sendwatch/sendwatch/search"
)

// generation is raised when what stands in a field changes and the table does
// not show it, so that old indexes are not read with new eyes.
const generation = 5

// The fields of a document. Bleve pays for each field, each term of it, and most
// for each term that no other document has: so there are few fields, numbers
// are one term each, and bigrams are none.
const (
	// fieldFacet holds what the dimensions count and the filter asks, and
	// fieldFact what only the filter asks: both as fact writes it.
	fieldFacet = "facet"
	fieldFact  = "fact"

	// fieldTerm holds the stems and groups of everything a search looks in.
	fieldTerm = "term"
	// fieldPrints holds the bigrams: see prints.go.
	fieldPrints = "prints"

	// Numbers that ranges are asked of, one sortable term each. An unknown number
	// is no number at all.
	fieldActual = "actual" // the most it pays a year, pounds
	fieldHourly = "hourly" // the most it pays an hour, pounds
	fieldHours  = "hours"  // hours a week

	// Order fields: one term each, as orderly writes it.
	fieldNewest = "newest"
	fieldCloses = "closes"
	fieldPay    = "pay"
	fieldYear   = "year"

	// fieldPoint is the exact place, as "latitude,longitude".
	fieldPoint = "point"

	// Ranking fields: the terms at each level but the last, which is where the
	// terms of fieldTerm stand that are in none of them.
	fieldTitle      = "title"
	fieldName       = "name"
	fieldThroughout = "throughout"

	// fieldWord holds the surface words, for the vocabulary.
	fieldWord = "word"
)

// The dimensions of facts that are no facets.
const (
	factScope = "scope"
	factMark  = "mark" // what is simply so or not: see the marks
	factCell  = "cell" // the square of the map it lies in: see near.go
)

// The marks.
const (
	markOpen      = "open"
	markAgency    = "agency"
	markLocated   = "located"
	markPayStated = "pay-stated"
)

// How a field is kept. No field keeps positions: quoted phrases are asked of
// the prints.
const (
	// exact finds by term: nothing here asks how often a term stands where.
	exact = index.IndexField | index.SkipFreqNorm
	// counted can also be read back for each document, for orders.
	counted = exact | index.DocValues
	// kept is counted, and returned with a hit.
	kept = counted | index.StoreField
	// aside is found by nothing, and read of what was found.
	aside = index.StoreField
)

// schema says how each field is kept.
var schema = map[string]index.FieldIndexingOptions{
	fieldFacet: exact, fieldFact: exact,
	fieldTerm: exact, fieldTitle: exact, fieldName: exact, fieldThroughout: exact,
	fieldPrints: aside, fieldWord: exact,
	fieldActual: exact, fieldHourly: exact, fieldHours: exact,
	fieldNewest: counted, fieldCloses: counted, fieldPay: counted, fieldYear: counted,
	fieldPoint: kept,
}

// levels are the ranking fields, by level.
var levels = map[search.Level]string{
	search.InTitle: fieldTitle, search.InName: fieldName, search.Throughout: fieldThroughout,
}

// schemaHash names the schema. fmt prints a map in the order of its keys.
func schemaHash() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %v", generation, cellsADegree, schema))
	return hex.EncodeToString(sum[:6])
}

// newMapping is empty on purpose: documents come with their fields made, and
// nothing is ever indexed that the schema does not name.
func newMapping() mapping.IndexMapping {
	m := bleve.NewIndexMapping()
	m.DefaultMapping.Dynamic = false
	m.IndexDynamic, m.StoreDynamic, m.DocValuesDynamic = false, false, false
	return m
}
