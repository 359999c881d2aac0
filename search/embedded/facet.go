package embedded

import (
	"strings"

	bleve "github.com/blevesearch/bleve/v2/search"

	"github.com/sendwatch/sendwatch/search"
)

// fact writes a value of a dimension; cutFact reads it.
func fact(dimension, value string) string { return dimension + "=" + value }

func cutFact(term string) (dimension, value string) {
	dimension, value, _ = strings.Cut(term, "=")
	return dimension, value
}

// facets sorts the counts of all values into their dimensions. Bleve has ordered
// them by count, then by value, and so they stay.
func facets(counted *bleve.FacetResult) map[string][]search.Facet {
	out := make(map[string][]search.Facet)
	if counted == nil {
		return out
	}
	for _, t := range counted.Terms.Terms() {
		dimension, value := cutFact(t.Term)
		if len(out[dimension]) < search.MaxFacetValues {
			out[dimension] = append(out[dimension], search.Facet{Value: value, Count: t.Count})
		}
	}
	return out
}
