package embedded

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/mapping"
	index "github.com/blevesearch/bleve_index_api"
)

// generation is raised when what stands in a field changes and the table does
// not show it, so that old indexes are not read with new eyes.
const generation = 1

// The fields of a document.
const (
	// Filter fields: exact terms.
	fieldTerm     = "term" // of everything a search looks in; it ranks as well
	fieldRole     = "role" // the role and its ancestors
	fieldNeed     = "need"
	fieldSetting  = "setting"
	fieldPhase    = "phase"
	fieldContract = "contract"
	fieldPattern  = "pattern"
	fieldKind     = "kind"
	fieldScope    = "scope"
	fieldDuty     = "duty"
	fieldMark     = "mark" // what is simply so or not: see the marks
	fieldCell     = "cell" // the square of the map it lies in: see near.go

	// Numbers that ranges are asked of. An unknown number is no number at all.
	fieldActual = "actual" // the most it pays a year, pounds
	fieldHourly = "hourly" // the most it pays an hour, pounds
	fieldHours  = "hours"  // hours a week

	// fieldFacet holds the values of all dimensions, each as facetTerm writes it:
	// to read one field of a hit costs a third of reading seven.
	fieldFacet = "facet"

	// Order fields: one sortable term each, absent when unknown.
	fieldSeen   = "seen"
	fieldCloses = "closes"
	fieldPay    = "pay"

	// fieldPoint is the exact place, as "latitude,longitude".
	fieldPoint = "point"

	// Ranking fields.
	fieldTitle = "title" // terms of the title
	fieldWhere = "where" // terms of employer and place

	// fieldWord holds the surface words, for the vocabulary.
	fieldWord = "word"
)

// The marks.
const (
	markOpen        = "open"
	markAgency      = "agency"
	markLocated     = "located"
	markActualKnown = "actual-known"
	markHourlyKnown = "hourly-known"
	markPayStated   = "pay-stated"
)

// How a field is kept. No field keeps positions: quoted phrases are asked as
// the bigrams among the terms.
const (
	// exact finds by term, and neither counts nor weighs it.
	exact = index.IndexField | index.SkipFreqNorm
	// counted can also be read back for each document, for facets and orders.
	counted = exact | index.DocValues
	// weighed knows how often a term stands in how long a text.
	weighed = index.IndexField
	// kept is counted, and returned with a hit.
	kept = counted | index.StoreField
)

// schema says how each field is kept.
var schema = map[string]index.FieldIndexingOptions{
	fieldWord: exact, fieldCell: exact, fieldDuty: exact,
	fieldKind: exact, fieldScope: exact, fieldMark: exact,
	fieldActual: exact, fieldHourly: exact, fieldHours: exact,

	fieldRole: exact, fieldNeed: exact, fieldSetting: exact, fieldPhase: exact,
	fieldContract: exact, fieldPattern: exact,

	fieldFacet: counted, fieldSeen: counted, fieldCloses: counted, fieldPay: counted,

	fieldPoint: kept,

	fieldTitle: weighed, fieldWhere: weighed, fieldTerm: weighed,
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
